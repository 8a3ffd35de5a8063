"""Receiving from Telegram without losing anything: an update is stored before Telegram may forget it.

    poll      getUpdates --> store (commit) --> the next getUpdates confirms       the worker does the rest
    webhook   POST --> secret --> store (commit) --> 200

The library's own updater confirms updates before anybody has seen them, so it is not used. An offset is sent only
to confirm what was stored just now: after a quiet week Telegram counts anew, perhaps from a lower number.
"""

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from aiohttp import web
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.fronts.telegram.api import Api, asked_to_wait
from bot.settings import Settings
from core.backoff import BOT_API, Pauses, jittered
from core.errors import EnvironmentTrouble, ResightError
from core.types import Platform
from handlers.bell import Bell
from handlers.needs import HasParts, HasUpdates
from handlers.parts import Why

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
)
WAIT_S = 25
CONFLICT_PAUSE_S = 15.0
MOST_BYTES = 1 << 20
MOST_NUMBER = 1 << 63
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

WRONG_TOKEN = "Telegram does not accept the token: copy it from @BotFather again to RESIGHT_TELEGRAM_TOKEN."
SECOND_BOT = "Another program receives with this token: stop it, or get a token of its own from @BotFather."
HOOKED = "A webhook is set for this bot: set RESIGHT_TELEGRAM_WEBHOOK, or open {base}/bot<token>/deleteWebhook once."
log = logging.getLogger(__name__)


class ReceiveNeeds(HasUpdates, HasParts, Protocol):
    """What stores updates, and tells whether they come."""


async def receive(api: Api, settings: Settings, services: ReceiveNeeds, bell: Bell) -> None:
    """Store updates until cancelled, and ring for the worker; raises EnvironmentTrouble."""
    if not settings.telegram_webhook:
        await _Poll(api, services, bell).run()
    async with _hooked(api, settings, services, bell):
        await asyncio.Event().wait()


class _Poll:
    """The poll, and what it does when Telegram does not answer: growing pauses, and one sentence an outage."""

    def __init__(self, api: Api, services: ReceiveNeeds, bell: Bell) -> None:
        self._api, self._services, self._bell = api, services, bell
        self._stored: int | None = None
        self._pauses = Pauses(BOT_API)
        self._told = ""

    async def run(self) -> None:
        while True:
            try:
                await self._some()
                self._services.parts.works(Platform.TELEGRAM)
                self._pauses.forget()
                self._told = ""
            except Conflict as error:
                self._fails(Why.HOOKED if _is_hooked(error) else Why.SECOND_PROGRAM)
                self._tell(HOOKED.format(base=self._api.base) if _is_hooked(error) else SECOND_BOT)
                await asyncio.sleep(jittered(CONFLICT_PAUSE_S))
            except InvalidToken:
                self._fails(Why.UNREACHABLE)
                await self._check_token()
                await self._wait("Telegram does not know getUpdates")
            except TelegramError as error:
                self._fails(Why.UNREACHABLE)
                await self._wait(str(error), asked_to_wait(error))
            except ResightError as error:  # it was received, and can't be stored: that is told as the disk's trouble
                await self._wait(str(error))

    async def _some(self) -> None:
        """What there is, stored; the next call confirms it. After an outage an empty answer comes at once, too."""
        wait = 0 if self._told else WAIT_S
        answer = await self._api.updates(self._stored and self._stored + 1, KINDS, wait)
        updates = [one for one in answer if _is_numbered(one)]
        if len(updates) < len(answer):  # they can neither be stored nor confirmed, and must not hide the others
            log.error("Telegram sent %d updates without a number; they are left out.", len(answer) - len(updates))
        if updates and await store(self._services, updates):
            self._bell.ring()
        self._stored = max((one["update_id"] for one in updates), default=None)

    async def _check_token(self) -> None:
        """PTB says InvalidToken for any 404, so a second method is asked."""
        try:
            await self._api.bot.get_me()
        except InvalidToken:
            raise EnvironmentTrouble(WRONG_TOKEN) from None
        except TelegramError:
            return

    async def _wait(self, why: str, asked: float = 0.0) -> None:
        self._tell(f"Telegram gives no updates ({why}); trying again.")
        await asyncio.sleep(self._pauses.after(asked=asked))

    def _fails(self, why: Why) -> None:
        self._services.parts.fails(Platform.TELEGRAM, why)

    def _tell(self, sentence: str) -> None:
        if sentence != self._told:
            log.warning("%s", sentence)
        self._told = sentence


def _is_hooked(error: Conflict) -> bool:
    return "webhook" in error.message.lower()


def _is_numbered(update: object) -> bool:
    """Whether it has a number that can be stored and confirmed."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return isinstance(number, int) and 0 <= number < MOST_NUMBER


async def store(services: HasUpdates, updates: list[dict[str, Any]]) -> int:
    """Commit raw updates; the number of new ones."""
    raw = {one["update_id"]: json.dumps(one).encode() for one in updates}  # escaped: half a surrogate pair is no UTF-8
    return await services.updates.store(Platform.TELEGRAM, raw)


@asynccontextmanager
async def _hooked(api: Api, settings: Settings, services: ReceiveNeeds, bell: Bell) -> AsyncIterator[None]:
    """A web server for the webhook, and Telegram told of it; afterwards polls work again."""
    secret = secrets.token_urlsafe(32)
    runner = web.AppRunner(hook(services, bell, secret), access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    try:
        await _listen(runner, settings)
        await _announce(api, settings.telegram_webhook, secret, services)
        yield
    finally:
        await runner.cleanup()
        await _take_back(api)


def hook(services: HasUpdates, bell: Bell, secret: str) -> web.Application:
    """The application behind the webhook; whatever its path, the secret tells that it is Telegram who calls."""

    async def received(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
            raise web.HTTPForbidden
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            raise web.HTTPBadRequest from None
        if not _is_numbered(update):
            raise web.HTTPBadRequest
        try:
            if await store(services, [update]):
                bell.ring()
        except ResightError as error:  # Telegram keeps it and calls again
            log.warning("An update was not stored: %s", error)
            raise web.HTTPServiceUnavailable from None
        return web.Response()

    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_post("/{path:.*}", received)
    return app


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    port = settings.telegram_webhook_port
    try:
        await web.TCPSite(runner, settings.host, port).start()
    except OSError as error:
        raise EnvironmentTrouble(
            f"Port {port} on {settings.host} can't be opened ({error.strerror}): "
            "stop what uses it, or set RESIGHT_TELEGRAM_WEBHOOK_PORT."
        ) from None


async def _announce(api: Api, url: str, secret: str, services: HasParts) -> None:
    """Tell Telegram where to send updates, until it has heard; raises EnvironmentTrouble for an address it refuses."""
    pauses = Pauses(BOT_API)
    while True:
        try:
            await api.bot.set_webhook(url, secret_token=secret, allowed_updates=KINDS)
            services.parts.works(Platform.TELEGRAM)
            return
        except BadRequest as error:
            raise EnvironmentTrouble(f"RESIGHT_TELEGRAM_WEBHOOK is not usable: {error.message}.") from None
        except TelegramError as error:
            pause = pauses.after(asked=asked_to_wait(error))
            log.warning("Telegram does not take the webhook (%s); trying again in %.0f s.", error.message, pause)
            services.parts.fails(Platform.TELEGRAM, Why.UNREACHABLE)
        await asyncio.sleep(pause)


async def _take_back(api: Api) -> None:
    """Without us nobody listens there; Telegram keeps the updates for whoever comes next."""
    try:
        async with asyncio.timeout(5):
            await api.bot.delete_webhook()
    except (TelegramError, TimeoutError) as error:
        log.warning("The webhook is still set: %s", error)
