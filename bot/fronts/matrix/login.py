"""One login for ever: the device is chosen once, and its id and token are kept in the data folder (`folder`).

The device's name is written down before the homeserver hears of it: a crash in between leaves no second device. A token
that holds no longer is replaced by a new one of the same device, if there is a password.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.fronts.matrix.folder import Login, folder_of, read, write
from bot.fronts.matrix.wire import NotGiven, SignedOut, Wire, kept, text_of, trouble
from bot.settings import Settings
from core.errors import EnvironmentTrouble, RetryLater

DEVICE_NAME = "Resight"
WRONG = (
    "The homeserver does not accept the login: check RESIGHT_MATRIX_USER and RESIGHT_MATRIX_PASSWORD, "
    "or RESIGHT_MATRIX_TOKEN."
)


async def signed_in(wire: Wire, settings: Settings) -> Login:
    """The kept login, or a new one; raises EnvironmentTrouble where none is accepted, and RetryLater."""
    wanted = _wanted(settings)
    kept = read(folder_of(settings.home), wanted)
    if kept.token:
        try:
            return _noted(folder_of(settings.home), await _known(wire, kept))
        except SignedOut:
            if not settings.matrix_password.get_secret_value():
                raise EnvironmentTrouble(WRONG) from None
    write(folder_of(settings.home), kept)
    return _noted(folder_of(settings.home), await _new(wire, kept, settings.matrix_password.get_secret_value()))


@asynccontextmanager
async def signed_in_to_look(wire: Wire, settings: Settings) -> AsyncIterator[Login]:
    """The login for a moment; one that is new is ended again: who looks often leaves no device each time."""
    is_new = not read(folder_of(settings.home), _wanted(settings)).token
    login = await signed_in(wire, settings)
    try:
        yield login
    finally:
        if is_new:
            write(folder_of(settings.home), replace(login, token=""))
            await kept(wire.ask("POST", "/logout", {}))


def _noted(folder: Path, login: Login) -> Login:
    """Also the one of a token that was given: by it the device's keys are told from another's, and backed up."""
    write(folder, login)
    return login


def _wanted(settings: Settings) -> Login:
    token = settings.matrix_token.get_secret_value().strip()
    return Login(homeserver=settings.matrix_url.rstrip("/"), name=settings.matrix_user.strip(), token=token)


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
    return _of(login, text_of(who, "user_id"), text_of(who, "device_id"))


def _of(login: Login, user: str, device: str) -> Login:
    """The login of who the homeserver says we are; raises RetryLater for an answer that says nothing."""
    if not user:
        raise RetryLater("unreachable")
    device = device or login.device
    is_same = (user, device) == (login.user, login.device)
    return replace(login, user=user, device=device, key=login.key if is_same else "")


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
    wire.token = text_of(said, "access_token")
    if not wire.token:
        raise RetryLater("unreachable")
    return replace(_of(login, text_of(said, "user_id"), text_of(said, "device_id")), token=wire.token)
