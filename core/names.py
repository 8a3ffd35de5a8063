"""Makes names from outside (of files, in tables, by strangers) into text that can be stored and shown.

written("caf\\udce9.png")  -> "caf%E9.png"     what is no UTF-8, and what would move a terminal's cursor
visible("\\x1b[31mred")    -> "%1B[31mred"     the same for whole texts, whose line ends and tabs stay
as_word("!a:example.org") -> "k5xq..."       what some platform calls a room, as a part of a name that people write
"""

import re
from base64 import b32encode
from hashlib import sha256

LONGEST_WORD = 24
WORD = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
UNSEEN_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
UNKEPT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Control characters that a text can't keep: all but those that separate lines or words."""


def written(name: str) -> str:
    """Return the name on one line, with each byte that can't be written as % and two digits, as in addresses."""
    return UNSEEN.sub(_escaped, name)


def visible(text: str) -> str:
    """Return the text without anything that would steer a terminal."""
    return UNSEEN_IN_TEXT.sub(_escaped, text)


def is_written(name: str) -> bool:
    """Return whether a name can be used unchanged."""
    return not UNSEEN.search(name)


def is_kept(text: str) -> bool:
    """Return whether a text has only characters that a database, JSON and a page can hold."""
    return not UNKEPT.search(text)


def as_word(name: str) -> str:
    """Return a number of a platform as it is; for what is longer, or has other signs, a word that stands for it."""
    if len(name) <= LONGEST_WORD and WORD.fullmatch(name):
        return name
    return b32encode(sha256(name.encode(errors="replace")).digest())[:16].decode().lower()


def _escaped(match: re.Match[str]) -> str:
    text = match.group()
    code = "surrogateescape" if "\udc80" <= text <= "\udcff" else "replace"
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", code))
