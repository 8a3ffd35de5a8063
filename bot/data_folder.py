"""The data folder: made once, held by one process at a time, and nobody's but its owner's.

held           make it, hold it, and take away what others may do there, whoever made it and however
keep_private   call it first: whatever this process and its children write from now on is for its owner only
"""

import fcntl
import logging
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import EnvironmentTrouble

OURS = ("resight.db", "resight.db-wal", "resight.db-shm", "lock", "token", "vectors", "matrix")
OTHERS = stat.S_IRWXG | stat.S_IRWXO

log = logging.getLogger(__name__)


def keep_private() -> None:
    """Exports, evidence and reports show what people posted as well as the data folder does."""
    os.umask(OTHERS)


@contextmanager
def held(home: Path, min_free_mb: int = 0) -> Iterator[Path]:
    """Make the folder and hold it; raises EnvironmentTrouble if it can't be used or another process has it."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise EnvironmentTrouble(f"The data folder '{home}' can't be used: {error.strerror}.") from None
    folder = os.open(home, os.O_RDONLY)
    try:
        _claim(handle, folder, home)
        _close_to_others(home)
        _check_space(home, min_free_mb)
        yield home
    finally:
        os.close(folder)
        os.close(handle)


def _close_to_others(home: Path) -> None:
    """Take their rights away; a folder that everybody shares, as /tmp, keeps its own, and only our files lose them."""
    for path in (home, *(home / name for name in OURS)):
        try:
            mode = path.stat().st_mode
            if mode & OTHERS and not mode & stat.S_ISVTX:
                path.chmod(stat.S_IMODE(mode) & ~OTHERS)
        except FileNotFoundError:
            continue
        except OSError as error:  # another owner's, or a file system without rights
            log.warning("Others may read '%s': its rights can't be changed (%s).", path, error.strerror)


def _claim(handle: int, folder: int, home: Path) -> None:
    """Lock the file, and the folder: a file can be deleted by somebody who takes it for a stale one."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _lock_folder(folder)
    except OSError:
        other = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
        raise EnvironmentTrouble(
            f"Another resight process ({other}) uses the data folder '{home}': stop it, "
            "or use its page and API instead."
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)


def _lock_folder(folder: int) -> None:
    """Raise BlockingIOError if somebody has it; there are file systems on which no folder can be locked."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError as error:
        log.debug("The folder itself can't be locked (%s); its file is.", error.strerror)


def database_of(home: Path) -> Path:
    """The database of a data folder; raises EnvironmentTrouble where there is none, which makes no folder."""
    path = home / "resight.db"
    if not path.exists():
        raise EnvironmentTrouble(
            f"There is no catalogue in '{home.absolute()}': say where it is with --home or RESIGHT_HOME; "
            "`resight add` or `resight run` makes a new one."
        )
    return path


def has_room(home: Path, min_free_mb: int, more: int = 0) -> bool:
    """Return whether the disk has room for something new of `more` bytes (0 = of unknown size)."""
    return shutil.disk_usage(home).free - more >= min_free_mb << 20


def _check_space(home: Path, min_free_mb: int) -> None:
    if not has_room(home, min_free_mb):
        raise EnvironmentTrouble(
            f"The disk of '{home}' has less than {min_free_mb} MB free: free some space, or lower RESIGHT_MIN_FREE_MB."
        )
