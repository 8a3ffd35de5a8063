"""Files that somebody else may have named: a device has no end, and of a pipe nobody may ever write to the other side.

read_file   at most so many bytes and one more; a pipe that stays silent is an OSError
bytes_of    all of its bytes; what is wrong with it is a sentence
"""

import os
import select
import stat
from errno import ETIMEDOUT
from pathlib import Path

from core.errors import Unscannable
from core.names import written

SILENT_S = 30.0
"""How long a pipe may say nothing."""

PIECE = 1 << 20


def read_file(path: Path, limit: int, silent_s: float = SILENT_S) -> bytes:
    """The first `limit` bytes of a file and one more, if there are so many; raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # else opening a pipe waits for its writer
    with os.fdopen(handle, "rb", buffering=0) as file:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(path)
        got = bytearray()
        while len(got) <= limit:
            if not stat.S_ISREG(mode):
                _await(handle, silent_s)
            piece = file.read(min(PIECE, limit + 1 - len(got)))
            if not piece:  # None: another reader was faster
                break
            got += piece
    return bytes(got)


def bytes_of(path: Path, limit: int) -> bytes:
    """Return a file's bytes; raises Unscannable with the reason in words, also for more than `limit` bytes."""
    name = f"'{written(str(path))}'"
    try:
        data = read_file(path, limit)
    except FileNotFoundError:
        raise Unscannable("missing-file", f"There is no file {name}.") from None
    except IsADirectoryError:
        raise Unscannable("unreadable-file", f"{name} is a folder.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise Unscannable("unreadable-file", f"{name} can't be read: {why}.") from None
    if len(data) > limit:
        raise Unscannable("too-large", f"The file is larger than {limit >> 20} MB.")
    return data


def _await(handle: int, silent_s: float) -> None:
    """Until there is something to read, or the end."""
    line = select.poll()
    line.register(handle, select.POLLIN)
    if not line.poll(silent_s * 1_000):
        raise OSError(ETIMEDOUT, f"nothing came out of it for {silent_s:.0f} s")
