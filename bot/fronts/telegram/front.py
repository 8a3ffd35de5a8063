"""Telegram as a front: what the outbox and the screening ask of it, and the connector that `bot.serve` runs.

TelegramFront    fetch by file id, acts on posts (posts), cards, answers and alerts (notes)
Telegram         the front, and the loop that receives (loop) for those who answer (worker, conversation)
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from telegram import User
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.fronts.telegram import doctor, menu
from bot.fronts.telegram.api import SEND, Api, Bot, done, later, says
from bot.fronts.telegram.conversation import Conversation
from bot.fronts.telegram.links import fetched
from bot.fronts.telegram.loop import WRONG_TOKEN, receive
from bot.fronts.telegram.notes import answer, tell_moderators, tell_subscriber, withdraw
from bot.fronts.telegram.pictures import read_hint
from bot.fronts.telegram.posts import carry_out
from bot.fronts.telegram.worker import Worker
from bot.settings import Settings
from core.cases import Case
from core.chat import Alert, Carried, Order
from core.errors import EnvironmentTrouble, RetryLater, Unscannable
from core.ports import Fetcher
from core.types import Act, ImageEvent, Platform
from core.walls import alone, jittered
from handlers.chat.cards import kept_until
from handlers.parts import Why
from handlers.services import Services

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
log = logging.getLogger(__name__)


class TelegramFront:
    """`core.ports.Front` over the Bot API."""

    name = Platform.TELEGRAM.value
    keeps_posts = False

    fetcher: Fetcher | None = None
    """How images behind links are fetched, once it is connected."""

    def __init__(self, bot: Bot, most_bytes: int, keep_evidence: timedelta) -> None:
        self._bot = bot
        self._most = most_bytes
        self._keep = keep_evidence

    async def fetch(self, event: ImageEvent) -> bytes:
        """See `core.ports.Front`. A link may die between being asked for and being used, so there is a second one."""
        hint = read_hint(event.hint)
        if hint.kind == "link":
            return await self._linked(hint.seen)
        file_id = hint.seen
        data = await self._download(file_id) or await self._download(file_id)
        if data is None:
            raise Unscannable("gone", "The image is gone.")
        return data

    async def _linked(self, url: str) -> bytes:
        if self.fetcher is None:
            raise RetryLater("not-running")
        return await fetched(self.fetcher, url)

    async def _download(self, file_id: str) -> bytes | None:
        """The bytes, None if the link is dead."""
        try:
            file = await self._bot.get_file(file_id)
        except TelegramError as error:
            raise _unavailable(error) from None
        self._check(file.file_size or 0)
        try:
            data = bytes(await file.download_as_bytearray())
        except (InvalidToken, BadRequest):  # what PTB makes of 404
            return None
        except TelegramError as error:
            raise later(error) from None
        self._check(len(data))
        return data

    def _check(self, size: int) -> None:
        if size > self._most:
            raise Unscannable("too-large", f"The file is larger than {self._most >> 20} MB.")

    async def carry_out(self, order: Order) -> Carried:
        """See `core.ports.Front`."""
        match order.action.act:
            case Act.CARD:
                until = kept_until(order.case, self._keep, datetime.now(UTC))
                return await done(tell_moderators(self._bot, order, until), SEND)
            case Act.ANSWER:
                return await done(answer(self._bot, order), SEND)
            case _:
                return await carry_out(self._bot, order)

    async def alert(self, alert: Alert, case: Case, picture: bytes | None) -> Carried:
        """See `core.ports.Front`."""
        return await done(tell_subscriber(self._bot, alert, case, picture), SEND)

    async def withdraw(self, alert: Alert) -> Carried:
        """See `core.ports.Front`."""
        return await done(withdraw(self._bot, alert), SEND)


def _unavailable(error: TelegramError) -> Exception:
    """Bots can't download above 20 MB; a file that Telegram does not know is gone."""
    if says(error, "too big"):
        return Unscannable("too-large", "Telegram gives bots no file above 20 MB.")
    return Unscannable("gone", "The image is gone.") if isinstance(error, BadRequest) else later(error)


class Telegram:
    """The connector: `front` sends, `run` receives."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._api = Api(settings)
        self._runs = False
        self.front = TelegramFront(self._api.bot, settings.max_image_mb << 20, settings.keep_evidence)

    async def run(self, services: Services) -> None:
        """Receive until cancelled; raises EnvironmentTrouble if the token is not accepted, or a port is taken."""
        self._runs, self.front.fetcher = True, services.fetcher
        try:
            await self._api.open()
            with alone():
                await self._serve(services, await self._signed_in(services))
        finally:
            self._runs = False
            await self._api.close()

    async def _serve(self, services: Services, me: User) -> None:
        worker = Worker(services, Conversation(self._api.bot, services, self._settings, me))
        async with asyncio.TaskGroup() as group:
            group.create_task(menu.announce(self._api.bot))
            group.create_task(worker.run())
            group.create_task(receive(self._api, self._settings, services, worker.bell))

    async def _signed_in(self, services: Services) -> User:
        """Who we are, asked until Telegram answers."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                me = await self._api.bot.get_me()
                services.parts.works(self.front.name)
                return me
            except InvalidToken:
                raise EnvironmentTrouble(WRONG_TOKEN) from None
            except TelegramError as error:
                log.warning("Telegram does not answer (%s); asking again in %.0f s.", error.message, pause)
                services.parts.fails(self.front.name, Why.UNREACHABLE)
            await asyncio.sleep(jittered(pause))
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def invite_link(self) -> str:
        """Where a group's owner adds the bot, with the rights it needs; raises RetryLater or EnvironmentTrouble."""
        try:
            async with self._reaching():
                return doctor.link_for(await self._api.bot.get_me())
        except InvalidToken:
            raise EnvironmentTrouble(WRONG_TOKEN) from None
        except TelegramError as error:
            raise later(error) from None

    async def doctor(self, services: Services) -> list[tuple[str, str, str]]:
        """What lacks, and where to click: name, state (ok, warning, bad) and a sentence."""
        async with self._reaching():
            return await doctor.examined(self._api.bot, services, self._settings)

    @asynccontextmanager
    async def _reaching(self) -> AsyncIterator[None]:
        """Connections for a while; those of `run` stay open."""
        await self._api.open()
        try:
            yield
        finally:
            if not self._runs:
                await self._api.close()
