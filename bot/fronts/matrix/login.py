"""One login for ever: the device is chosen once, and its id and token are kept in the data folder, for its owner only.

    matrix/login.json     homeserver, user, device, token          matrix/keys.db     the device's keys (`keys`)

The device's name is written down before the homeserver hears of it: a crash in between leaves no second device. A token
that holds no longer is replaced by a new one of the same device, if there is a password.
"""

import json
import os
import secrets
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bot.fronts.matrix.wire import NotGiven, SignedOut, Wire, trouble
from bot.settings import Settings
from core.errors import EnvironmentTrouble

FOLDER, FILE, STORE, DEVICE_NAME = "matrix", "login.json", "keys.db", "Resight"
WRONG = (
    "The homeserver does not accept the login: check RESIGHT_MATRIX_USER and RESIGHT_MATRIX_PASSWORD, "
    "or RESIGHT_MATRIX_TOKEN."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who the bot is on a homeserver; without a token it was never signed in."""

    homeserver: str
    user: str = ""
    device: str = ""
    token: str = ""
    name: str = ""


def folder_of(home: Path) -> Path:
    """Where what belongs to the login is kept."""
    return home / FOLDER


def forget_person(home: Path, person: str) -> int:
    """Delete who somebody's devices are, and the keys of what they wrote; how many devices there were.

    What is left of the connection to a device names nobody then. It stays: without it they could not be read any more.
    """
    file = folder_of(home) / STORE
    if not file.exists():
        return 0
    try:
        with closing(sqlite3.connect(file, timeout=30)) as connection, connection:
            return _forget(connection, person)
    except sqlite3.DatabaseError as error:
        raise EnvironmentTrouble(f"'{file}' can't be changed ({error}).") from None


def _forget(connection: sqlite3.Connection, person: str) -> int:
    devices = "SELECT id FROM devicekeys WHERE user_id = ?"
    theirs = f"SELECT key FROM keys WHERE device_id IN ({devices})"
    connection.execute(f"DELETE FROM megolminboundsessions WHERE sender_key IN ({theirs})", (person,))
    for table in ("keys", "devicetruststate"):
        connection.execute(f"DELETE FROM {table} WHERE device_id IN ({devices})", (person,))
    return connection.execute("DELETE FROM devicekeys WHERE user_id = ?", (person,)).rowcount


async def signed_in(wire: Wire, settings: Settings) -> Login:
    """The kept login, or a new one; raises EnvironmentTrouble where none is accepted, and RetryLater."""
    wanted = _wanted(settings)
    kept = _read(folder_of(settings.home), wanted)
    if kept.token:
        try:
            return await _known(wire, kept)
        except SignedOut:
            if not settings.matrix_password.get_secret_value():
                raise EnvironmentTrouble(WRONG) from None
    _write(folder_of(settings.home), kept)
    login = await _new(wire, kept, settings.matrix_password.get_secret_value())
    _write(folder_of(settings.home), login)
    return login


def _wanted(settings: Settings) -> Login:
    token = settings.matrix_token.get_secret_value().strip()
    return Login(homeserver=settings.matrix_url.rstrip("/"), name=settings.matrix_user.strip(), token=token)


def _read(folder: Path, wanted: Login) -> Login:
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


def _write(folder: Path, login: Login) -> None:
    """Whole or not at all, and for its owner only."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = folder / f"{FILE}.partial"
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(login), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / FILE)
    except OSError as error:
        raise EnvironmentTrouble(f"The login can't be kept in '{folder}': {error.strerror}.") from None


async def _known(wire: Wire, login: Login) -> Login:
    """The login with what the homeserver says whose token it is; raises SignedOut."""
    wire.token = login.token
    try:
        who = await wire.ask("GET", "/account/whoami")
    except SignedOut:
        wire.token = ""
        raise
    except NotGiven as error:
        raise trouble(error, "does not say who we are") from None
    return replace(login, user=str(who["user_id"]), device=str(who.get("device_id") or login.device))


async def _new(wire: Wire, login: Login, password: str) -> Login:
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": login.name},
        "password": password,
        "device_id": login.device,
        "initial_device_display_name": DEVICE_NAME,
    }
    try:
        said = await wire.ask("POST", "/login", body)
    except NotGiven as error:
        if error.is_refusal:
            raise EnvironmentTrouble(WRONG) from None
        raise trouble(error, "refuses the login") from None
    wire.token = str(said["access_token"])
    return replace(login, user=str(said["user_id"]), device=str(said["device_id"]), token=wire.token)
