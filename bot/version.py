"""The version, in one place; a test compares it with pyproject.toml."""

VERSION = "0.2.0.dev0"
