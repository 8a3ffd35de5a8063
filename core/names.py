"""Names that nobody chose for us: of files, in tables, from strangers; as text that can be kept and shown.

written("caf\\udce9.png")  -> "caf%E9.png"     what is no UTF-8, and what would move a terminal's cursor
visible("\\x1b[31mred")    -> "%1B[31mred"     the same for whole texts, whose line ends and tabs stay
"""

import re

UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
UNSEEN_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
UNKEPT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Of all control characters those that separate lines or words are fine in a text."""


def written(name: str) -> str:
    """The name on one line, as addresses write what they can't hold: each such byte as % and two digits."""
    return UNSEEN.sub(_escaped, name)


def visible(text: str) -> str:
    """A text that does to a terminal what it says and nothing else."""
    return UNSEEN_IN_TEXT.sub(_escaped, text)


def is_written(name: str) -> bool:
    """Whether it may be a name as it stands."""
    return not UNSEEN.search(name)


def is_kept(text: str) -> bool:
    """Whether a text has only characters that a database, JSON and a page can hold."""
    return not UNKEPT.search(text)


def _escaped(found: re.Match[str]) -> str:
    one = found.group()
    code = "surrogateescape" if "\udc80" <= one <= "\udcff" else "replace"
    return "".join(f"%{byte:02X}" for byte in one.encode("utf-8", code))
