"""The data folder: made once, held by one process at a time."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import EnvironmentTrouble


@contextmanager
def held(home: Path, min_free_mb: int = 0) -> Iterator[Path]:
    """Make the folder and hold it; raises EnvironmentTrouble if it can't be used or another process has it."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise EnvironmentTrouble(f"The data folder '{home}' can't be used: {error.strerror}.") from None
    try:
        _claim(handle, home)
        _check_space(home, min_free_mb)
        yield home
    finally:
        os.close(handle)


def _claim(handle: int, home: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        other = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
        raise EnvironmentTrouble(
            f"Another resight process ({other}) uses the data folder '{home}': stop it, "
            "or use its page and API instead."
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)


def database_of(home: Path) -> Path:
    """The database of a data folder; raises EnvironmentTrouble where there is none, which makes no folder."""
    path = home / "resight.db"
    if not path.exists():
        raise EnvironmentTrouble(
            f"There is no catalogue in '{home.absolute()}': say where it is with --home or RESIGHT_HOME; "
            "`resight add` or `resight run` makes a new one."
        )
    return path


def has_room(home: Path, min_free_mb: int) -> bool:
    """Whether there is disk space left to store something new."""
    return shutil.disk_usage(home).free >= min_free_mb << 20


def _check_space(home: Path, min_free_mb: int) -> None:
    if not has_room(home, min_free_mb):
        raise EnvironmentTrouble(
            f"The disk of '{home}' has less than {min_free_mb} MB free: free some space, or lower RESIGHT_MIN_FREE_MB."
        )
