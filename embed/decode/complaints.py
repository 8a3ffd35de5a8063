"""What libtiff reports while it decodes: Pillow reads on after errors, and lets them go to standard error.

    with heard() as said: image.load()  ->  said: complaints of this thread, in their order; nothing is written anywhere

libtiff has one handler of errors for the whole process, and calls it in the thread that decodes. Ours is set where this
is imported, and finds the list of its thread. Pillow takes the handler of warnings away: of those nothing is known.
Where libtiff can't be reached (built into Pillow's own library), nothing is heard, and nothing breaks.
"""

import ctypes
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from PIL import _imaging

MOST = 1 << 16
"""Complaints kept of one picture: a fax has at most one for each of its lines."""

LONGEST = 300
CODECS = re.compile(r"(Decode|Decompress|Strip|Tile|Scanline|JPEGLib|JPEGPre)|^(LZW|Fax|ZIP|LERC|tempfile)")
"""Parts of libtiff that speak about pixels; the others speak about tags, which Pillow reads by itself."""

OF_TAGS = re.compile(r'\btags?\b|\bfields?\b|TIFFtag|"\w+"')
NOT_BUILT_IN = re.compile(r"not configured|is not implemented|^Sorry, ")
"""What libtiff says about sound data that it does not unpack."""

_Handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One error that libtiff reported: the part of libtiff that reported it, and its sentence."""

    part: str
    words: str

    @property
    def is_unsupported(self) -> bool:
        """Whether the decoder says that it lacks support for this kind of file."""
        return bool(NOT_BUILT_IN.search(self.words))

    @property
    def is_damage(self) -> bool:
        """Whether libtiff speaks of the pixels' data; an error in a tag costs no pixel."""
        is_theirs = CODECS.search(self.part) and not OF_TAGS.search(self.words)
        return bool(is_theirs) and not self.is_unsupported


class _Ear(threading.local):
    """The list that a thread's complaints go to, None = nobody listens."""

    said: list[Complaint] | None = None


_EAR = _Ear()


@contextmanager
def heard() -> Iterator[list[Complaint]]:
    """Collect the complaints of this thread's decoders; an outer listener gets them, too."""
    before, complaints = _EAR.said, list[Complaint]()
    _EAR.said = complaints
    try:
        yield complaints
    finally:
        _EAR.said = before
        if before is not None:
            before.extend(complaints[: MOST - len(before)])


def is_unsupported(complaints: Iterable[Complaint]) -> bool:
    """Return whether one of the complaints says that the kind of file is not supported."""
    return any(complaint.is_unsupported for complaint in complaints)


def is_damaged(complaints: Iterable[Complaint]) -> bool:
    """Return whether one of the complaints says that the file is damaged."""
    return any(complaint.is_damage for complaint in complaints)


def _note(part: bytes | None, form: bytes, values: int) -> None:
    """Note a complaint; libtiff calls this with printf's arguments."""
    if _EAR.said is None or len(_EAR.said) >= MOST:
        return
    words = ctypes.create_string_buffer(LONGEST)
    _LIBC.vsnprintf(words, ctypes.c_size_t(LONGEST), ctypes.c_char_p(form), ctypes.c_void_p(values))
    _EAR.said.append(Complaint((part or b"").decode(errors="replace"), words.value.decode(errors="replace")))


_LIBC = ctypes.CDLL(None)
_HANDLER = _Handler(_note)
"""Kept for as long as the process lives, because libtiff keeps its address."""

with suppress(AttributeError, OSError):
    _set_handler = ctypes.CDLL(_imaging.__file__).TIFFSetErrorHandler  # of the very library that Pillow is linked to
    _set_handler.argtypes, _set_handler.restype = [_Handler], ctypes.c_void_p
    _set_handler(_HANDLER)
