"""Discord as a connector: its front for the outbox, and the connection that receives.

Discord(settings)     what `bot.fronts.connectors` is given: run, invite_link, doctor

client        the connection: which event goes where       acting     what the outbox has done to posts and authors
reader        intake in order, cursors, what was missed    posts      what it has written
questions     messages that ask                            access     a client for both: downloads, channels
interactions  commands, menus, buttons                     render     answers and cards as Discord shows them
chat          what handlers/chat asks of Discord           doctor     token, intent, permissions
"""

import asyncio
import logging
import time

import discord

from bot.clock import now
from bot.fronts.discord.access import Files
from bot.fronts.discord.acting import DiscordActing
from bot.fronts.discord.client import Bot
from bot.fronts.discord.doctor import Check, examine, logged_in
from bot.fronts.discord.rights import NEEDED
from bot.fronts.discord.wire import UNREACHABLE, point_at, speak_plainly
from bot.services import Services
from bot.settings import Settings
from core.backoff import GATEWAY, Pauses
from core.errors import EnvironmentTrouble, RetryLater
from core.walls import alone
from handlers.chat.acts import ChatFront
from handlers.parts import Why

WRONG_TOKEN = 4004
NO_CONTENT = (
    "Discord does not let this bot read messages, so posted images are not looked at; search and reports work. "
    "Switch on Message Content Intent in the Developer Portal (Bot > Privileged Gateway Intents) and start it again."
)
log = logging.getLogger(__name__)


class Discord:
    """The whole of Discord for `bot.serve`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.acting = DiscordActing()
        self.front = ChatFront(self.acting, now, settings.keep_evidence)
        point_at(settings.discord_url)
        speak_plainly()

    async def run(self, services: Services) -> None:
        """Connect and receive until cancelled; raises EnvironmentTrouble for a token that is not accepted."""
        pauses, may_read = Pauses(GATEWAY), True
        async with Files(self._settings) as files:
            while True:
                began = time.monotonic()
                try:
                    with alone():
                        may_read = may_read and await self._may_read()
                        await self._connected(services, files, may_read)
                except discord.PrivilegedIntentsRequired:
                    may_read = False
                    log.warning(NO_CONTENT)
                except (RetryLater, *UNREACHABLE, discord.HTTPException, discord.GatewayNotFound) as error:
                    log.warning("Discord can't be reached (%s); it is tried again.", error or type(error).__name__)
                except discord.ConnectionClosed as error:
                    _check_token(error)
                    log.warning("Discord closed the connection (%s); it is opened again.", error.code)
                services.parts.fails(self.front.name, Why.UNREACHABLE)
                await asyncio.sleep(pauses.after(time.monotonic() - began))

    async def _may_read(self) -> bool:
        """Whether the application was granted the message content intent."""
        async with logged_in(self._settings) as client:
            flags = client.application_flags
            may_read = flags.gateway_message_content or flags.gateway_message_content_limited
        if not may_read:
            log.warning(NO_CONTENT)
        return may_read

    async def _connected(self, services: Services, files: Files, may_read: bool) -> None:
        """One client, from its login until it is closed. It ends with its reader: posts would be missed."""
        bot = Bot(self._settings, services, self.acting, files, may_read=may_read)
        async with bot, asyncio.TaskGroup() as group:
            reading = group.create_task(bot.reader.run(), name="discord-reader")
            await bot.start(self._settings.discord_token.get_secret_value())
            reading.cancel()

    async def invite_link(self) -> str:
        """Where a server's owner adds the bot, with the permissions it needs and no others."""
        async with logged_in(self._settings) as client:
            assert client.application_id, "known after the login"
            scopes = ("bot", "applications.commands")
            return discord.utils.oauth_url(client.application_id, permissions=NEEDED, scopes=scopes)

    async def doctor(self, services: Services) -> list[Check]:
        """What lacks, and where to click."""
        return await examine(self._settings, services)


def _check_token(error: discord.ConnectionClosed) -> None:
    if error.code == WRONG_TOKEN:
        raise EnvironmentTrouble("Discord does not accept the token: set RESIGHT_DISCORD_TOKEN again.") from None
