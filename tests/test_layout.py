"""The dependency direction is a promise, so the folder names keep their meaning."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT: dict[str, set[str]] = {
    "core": set(),
    "embed": {"core"},
    "store": {"core"},
    "handlers": {"core"},
    "web": {"core", "handlers"},
    "lab": {"core", "handlers"},
    "bot": {"core", "embed", "store", "handlers", "web", "lab"},
}


SCRIPT = "# /// script"
"""How a program begins that `uv run` starts with dependencies of its own: it assembles, as `bot` does."""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_folders_only_import_what_they_may(folder: str) -> None:
    """Each folder knows its allowed neighbours only, and nobody knows bot."""
    found = (ROOT / folder).rglob("*.py")
    files = [path for path in found if not path.read_text(encoding="utf-8").startswith(SCRIPT)]

    assert files, f"{folder}/ of the map is empty"
    for path in files:
        ours = set(imports(path)) & set(MAY_IMPORT) - {folder}
        assert ours <= MAY_IMPORT[folder], f"{path.relative_to(ROOT)} imports {ours - MAY_IMPORT[folder]}"


def test_package_files_are_empty() -> None:
    """Nothing hides in an __init__.py: every name is imported from the file that defines it."""
    full = [path for folder in MAY_IMPORT for path in (ROOT / folder).rglob("__init__.py") if path.read_text().strip()]

    assert full == []
