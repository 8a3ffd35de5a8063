"""What is kept of the login on Matrix, in the data folder, for its owner only.

    matrix/login.json     homeserver, user, device, its public key, token      matrix/keys.db     its keys (`keys`)

It is read by commands that ask no homeserver: `backup`, `restore`, `forget`.
"""

import json
import os
import secrets
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from core.errors import EnvironmentTrouble
from store.sql.db import written_anew

FOLDER, FILE, STORE = "matrix", "login.json", "keys.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who the bot is on a homeserver, and the key others know its device by; without a token it was never signed in."""

    homeserver: str
    user: str = ""
    device: str = ""
    token: str = ""
    name: str = ""
    key: str = ""


def folder_of(home: Path) -> Path:
    """Where what belongs to the login is kept."""
    return home / FOLDER


def private(folder: Path, *files: str) -> None:
    """Make the folder and empty files where they lack; all are their owner's only, however they were copied here."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for file in (folder / name for name in files):
        file.touch(mode=0o600)
        file.chmod(0o600)


def forget_person(home: Path, person: str) -> bool:
    """Delete the list of a person's devices and the keys of their messages; return whether the file was written anew.

    A file that could not be written anew may hold traces of deleted rows. The session with each device stays and names
    nobody: without that session the device's later messages could not be read.
    """
    file = folder_of(home) / STORE
    if not file.exists() or not file.stat().st_size:
        return True
    try:
        with closing(sqlite3.connect(file, timeout=30)) as connection, connection:
            for pragma in ("secure_delete", "foreign_keys"):  # the latter: what hangs on a deleted key goes with it
                connection.execute(f"PRAGMA {pragma}=ON")
            _forget(connection, person)
        return written_anew(file)
    except sqlite3.DatabaseError as error:
        raise EnvironmentTrouble(f"'{file}' can't be changed ({error}).") from None


def _forget(connection: sqlite3.Connection, person: str) -> None:
    devices = "SELECT id FROM devicekeys WHERE user_id = ?"
    theirs = f"SELECT key FROM keys WHERE device_id IN ({devices})"
    connection.execute(f"DELETE FROM megolminboundsessions WHERE sender_key IN ({theirs})", (person,))
    connection.execute(f"DELETE FROM keys WHERE device_id IN ({devices})", (person,))
    connection.execute("DELETE FROM devicekeys WHERE user_id = ?", (person,))


def read(folder: Path, wanted: Login) -> Login:
    """The login of before, if it is of the same account; else a new device of the wanted one."""
    try:
        kept = Login(**json.loads((folder / FILE).read_text()))
    except FileNotFoundError:
        kept = None
    except (OSError, ValueError, TypeError) as error:
        raise EnvironmentTrouble(f"'{folder / FILE}' can't be read ({error}): restore it from a backup.") from None
    if kept is None or (kept.homeserver, kept.name) != (wanted.homeserver, wanted.name):
        return replace(wanted, device=f"RESIGHT{secrets.token_hex(4).upper()}")
    return replace(kept, token=wanted.token or kept.token)


def write(folder: Path, login: Login) -> None:
    """Whole or not at all, and for its owner only."""
    try:
        private(folder)
        partial = folder / f"{FILE}.partial"
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(login), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / FILE)
    except OSError as error:
        raise EnvironmentTrouble(f"The login can't be kept in '{folder}': {error.strerror}.") from None
