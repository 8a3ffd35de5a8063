"""Telegram as a connector: its front for the outbox, and the loop that receives.

TelegramActing   what the outbox has done (acting)      Worker   hands what was received (loop) to the conversation
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import User
from telegram.error import InvalidToken, TelegramError

from bot.clock import now
from bot.fronts.telegram import doctor, menu
from bot.fronts.telegram.acting import TelegramActing
from bot.fronts.telegram.api import Api, asked_to_wait, later
from bot.fronts.telegram.conversation import Conversation
from bot.fronts.telegram.loop import WRONG_TOKEN, receive
from bot.fronts.worker import Worker
from bot.services import Services
from bot.settings import Settings
from core.backoff import BOT_API, Pauses
from core.errors import EnvironmentTrouble
from core.walls import alone
from handlers.chat.acts import ChatFront
from handlers.parts import Why

log = logging.getLogger(__name__)


class Telegram:
    """The connector: `front` sends, `run` receives."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._api = Api(settings)
        self._runs = False
        self._acting = TelegramActing(self._api.bot, settings.max_image_mb << 20)
        self.front = ChatFront(self._acting, now, settings.keep_evidence)

    async def run(self, services: Services) -> None:
        """Receive until cancelled; raises EnvironmentTrouble if the token is not accepted, or a port is taken."""
        self._runs, self._acting.fetcher = True, services.fetcher
        try:
            await self._api.open()
            with alone():
                await self._serve(services, await self._signed_in(services))
        finally:
            self._runs = False
            await self._api.close()

    async def _serve(self, services: Services, me: User) -> None:
        worker = Worker(services, self.front.name, self._conversation(services, me))
        async with asyncio.TaskGroup() as group:
            group.create_task(menu.announce(self._api.bot))
            group.create_task(worker.run())
            group.create_task(receive(self._api, self._settings, services, worker.bell))

    def _conversation(self, services: Services, me: User) -> Conversation:
        return Conversation(self._api.bot, services, self._settings, me, self._acting.written)

    async def _signed_in(self, services: Services) -> User:
        """Who we are, asked until Telegram answers."""
        pauses = Pauses(BOT_API)
        while True:
            try:
                me = await self._api.bot.get_me()
                services.parts.works(self.front.name)
                return me
            except InvalidToken:
                raise EnvironmentTrouble(WRONG_TOKEN) from None
            except TelegramError as error:
                pause = pauses.after(asked=asked_to_wait(error))
                log.warning("Telegram does not answer (%s); asking again in %.0f s.", error.message, pause)
                services.parts.fails(self.front.name, Why.UNREACHABLE)
            await asyncio.sleep(pause)

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
