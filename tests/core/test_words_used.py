"""Every sentence that the code asks for is there."""

import re
from collections.abc import Iterator

import pytest

from core.root import ROOT
from core.wording import LANGUAGES, Words

FOLDERS = ("bot", "core", "handlers", "lab", "web")
ASKED = re.compile(
    r"""(?:words|\bt)\(\s*["']([a-z_]+(?:\.[a-z_0-9-]+)+)["']\s*[,)]"""  # words("card.sure"), also in templates
    r"""|key="([a-z_]+(?:\.[a-z_0-9-]+)+)\""""  # Said(key="said.added")
    r"""|(?:Refuse|known)\("([a-z_]+(?:\.[a-z_0-9-]+)+)\""""
)
EXAMPLES = {"chat.similarity"}
"""In docstrings."""


def asked() -> Iterator[tuple[str, str]]:
    """Each key that is written out in the code, with its file."""
    for folder in FOLDERS:
        for path in [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.html")]:
            for keys in ASKED.findall(path.read_text(encoding="utf-8")):
                yield from ((key, str(path.relative_to(ROOT))) for key in keys if key and key not in EXAMPLES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_is_asked_for_is_there(language: str) -> None:
    """A missing one would be met by a person, in the middle of a conversation."""
    words, those = Words.of(language), list(asked())
    missing = sorted({(key, path) for key, path in those if not words.has(key)})

    assert len(those) > 300
    assert missing == []
