"""The libraries that parse strangers' bytes are new enough, locked by hash, and installed as wheels."""

from importlib.metadata import version

import pytest

from tests.test_packaging import locked, read

LEAST = {
    "aiohttp": (3, 14),  # request smuggling and header checks of 3.9 to 3.13
    "av": (15,),  # FFmpeg 7.1
    "jinja2": (3, 1, 6),  # CVE-2025-27516
    "numpy": (2, 2),
    "opencv-python-headless": (5,),  # libwebp after CVE-2023-4863
    "orjson": (3, 11),
    "pillow": (12,),  # CVE-2023-4863, and what came in 11.3 to 12.3
    "python-telegram-bot": (22, 8),
    "yarl": (1, 18),
}


def number(text: str) -> tuple[int, ...]:
    """The leading numbers of a version."""
    parts = []
    for part in text.split("."):
        if not part.isdigit():
            break
        parts.append(int(part))
    return tuple(parts)


@pytest.mark.parametrize("name", LEAST)
def test_what_parses_strangers_bytes_is_new_enough(name: str) -> None:
    """As installed here; and the lock pins exactly one version of it, with its hashes."""
    assert number(version(name)) >= LEAST[name]
    assert len(locked("requirements/dev.txt")[name]) >= 1


def test_only_wheels_are_installed() -> None:
    """No package's own build script runs, but that of the one for which nobody makes a wheel (an extra needs it)."""
    assert read("Makefile").count("--no-binary") == read("Makefile").count("--no-binary atomicwrites")
    assert "--no-deps --only-binary :all: --require-hashes" in read("Makefile")
