"""Everything the bot says, in two languages, from `core/words/*.toml`.

    words = Words.of("zh"); words("chat.similarity", percent=93)

A key that is missing in a language raises KeyError: a test compares the files, so users never see one.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "zh")


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language, by dotted key."""

    language: str
    sentences: Mapping[str, str]

    @staticmethod
    @cache
    def of(language: str) -> "Words":
        """Return the words of `language`, English for any language that we do not speak."""
        language = language if language in LANGUAGES else "en"
        text = (files("core") / "words" / f"{language}.toml").read_text(encoding="utf-8")
        return Words(language, dict(_flat(tomllib.loads(text))))

    def __call__(self, key: str, /, **values: object) -> str:
        return self.sentences[key].format(**values) if values else self.sentences[key]

    def has(self, key: str) -> bool:
        """Return whether there is a sentence of this key."""
        return key in self.sentences


def negotiate(accept_language: str) -> str:
    """Return the language of ours that a browser's Accept-Language header prefers."""
    for part in accept_language.lower().split(","):
        tag = part.split(";")[0].strip().split("-")[0]
        if tag in LANGUAGES:
            return tag
    return "en"
