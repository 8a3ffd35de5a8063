"""Discord: a front for the outbox, and the connection that receives.

Discord(settings)     what `bot.fronts.connectors` is given: run, invite_link, doctor
DiscordFront          `core.ports.Front`, over the client while there is one

client        the connection: which event goes where       access     a client for the acts: fetch, channels
reader        intake in order, cursors, what was missed    acts       what is done to posts
questions     messages that ask                            posts      cards, answers, alerts
interactions  commands, menus, buttons                     doctor     token, intent, permissions
chat          what handlers/chat asks of Discord           wire       errors, refusals, base address
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import discord

from bot.fronts.discord import posts
from bot.fronts.discord.access import Access
from bot.fronts.discord.acts import ACTS
from bot.fronts.discord.addresses import target_of
from bot.fronts.discord.client import Bot
from bot.fronts.discord.doctor import Check, examine, logged_in
from bot.fronts.discord.downloads import Files
from bot.fronts.discord.rights import NEEDED, NEEDS, first_lacking
from bot.fronts.discord.wire import UNREACHABLE, Refusals, outcome_of, point_at, speak_plainly
from bot.settings import Settings
from core.cases import Case
from core.chat import Alert, Carried, Community, Order, Said
from core.errors import EnvironmentTrouble, RetryLater
from core.messages import Answer
from core.types import Act, ImageEvent, Platform, Space
from core.walls import alone, jittered
from handlers.parts import Why
from handlers.services import Services

WRONG_TOKEN = 4004
PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0)
"""Between two connections, growing: Discord counts them, and a thousand a day cost the token."""

LONG_S = 600.0
NO_CONTENT = (
    "Discord does not let this bot read messages, so posted images are not looked at; search and reports work. "
    "Switch on Message Content Intent in the Developer Portal (Bot > Privileged Gateway Intents) and start it again."
)
DO = {**ACTS, Act.CARD: posts.card, Act.ANSWER: posts.answer}
log = logging.getLogger(__name__)


class DiscordFront:
    """`core.ports.Front`. Before the client has logged in, everything is to be tried later."""

    name = Platform.DISCORD.value
    keeps_posts = True

    def __init__(self) -> None:
        self.refusals = Refusals()
        self.access: Access | None = None

    def _access(self) -> Access:
        if self.access is None or self.access.client.is_closed():
            raise RetryLater("unreachable")
        return self.access

    async def fetch(self, event: ImageEvent) -> bytes:
        return await self._access().fetch(event)

    async def carry_out(self, order: Order) -> Carried:
        access, act, channel = self._access(), order.action.act, _channel_of(order)
        return await self._ask(DO[act], (access, order), order.community.id, channel, act, _needs(act, order))

    async def alert(self, alert: Alert, case: Case, picture: bytes | None) -> Carried:
        access, channel = self._access(), alert.subscription.channel
        community = access.rights_at(channel)[0] if channel.isdecimal() else ""
        given = (access, alert, case, picture)
        return await self._ask(posts.alert, given, community, channel, Act.CARD, NEEDS[Act.CARD])

    async def withdraw(self, alert: Alert) -> Carried:
        """See `core.ports.Front`; a message of one's own needs no permission."""
        return await outcome_of(posts.withdraw(self._access(), alert), lambda: "")

    async def can_show(self, community: Community) -> Carried:
        """See `core.ports.Front`."""
        return await outcome_of(posts.can_write(self._access(), community), lambda: "")

    async def warn(self, space: Space, warning: Said, language: str) -> bool:
        """See `core.ports.Front`."""
        return await posts.warn(self._access(), space, Answer(said=warning, language=language))

    async def _ask(
        self,
        do: Callable[..., Awaitable[Carried]],
        given: tuple[Any, ...],
        community: str,
        channel: str,
        act: Act,
        needed: Sequence[str],
    ) -> Carried:
        """Do it, unless it is known to be forbidden there."""
        if refused := self.refusals.of(community, channel, act):
            return refused

        def lacking() -> str:
            return first_lacking(self._access().rights_at(channel)[1] if channel.isdecimal() else None, needed)

        carried = await outcome_of(do(*given), lacking)
        self.refusals.note(community, channel, act, carried)
        return carried


def _channel_of(order: Order) -> str:
    """Where the act is carried out, "" for what is about the whole server."""
    event = order.about.event
    match order.action.act:
        case Act.CARD:
            return order.community.log
        case Act.ANSWER:
            return str(target_of(order.about).channel or "")
        case Act.TIMEOUT | Act.RELEASE:
            return ""
    return event.thread or event.space.channel


def _needs(act: Act, order: Order) -> Sequence[str]:
    """Threads have a permission of their own for writing."""
    in_thread = bool(order.about.event.thread) and act is not Act.CARD
    return [f"{need}_in_threads" if in_thread and need == "send_messages" else need for need in NEEDS[act]]


class Discord:
    """The whole of Discord for `bot.serve`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.front = DiscordFront()
        point_at(settings.discord_url)
        speak_plainly()

    async def run(self, services: Services) -> None:
        """Connect and receive until cancelled; raises EnvironmentTrouble for a token that is not accepted."""
        failures, may_read = 0, True
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
                failures = 0 if time.monotonic() - began > LONG_S else failures + 1
                await asyncio.sleep(jittered(PAUSES[min(failures, len(PAUSES) - 1)]))

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
        bot = Bot(self._settings, services, self.front.refusals, may_read=may_read)
        async with bot, self._at_hand(bot, files), asyncio.TaskGroup() as group:
            reading = group.create_task(bot.reader.run(), name="discord-reader")
            await bot.start(self._settings.discord_token.get_secret_value())
            reading.cancel()

    @asynccontextmanager
    async def _at_hand(self, bot: Bot, files: Files) -> AsyncIterator[None]:
        """The front acts through this client, once it has logged in."""

        def give() -> None:
            self.front.access = Access(bot, files, self._settings.keep_evidence)

        bot.on_login = give
        try:
            yield
        finally:
            self.front.access = None

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
