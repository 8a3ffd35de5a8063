"""What the outbox has done on Discord (`core.chat_port.Acting`): posts and authors in acts, messages of ours in posts.

Every refusal becomes an answer here, with the permission that it is about; what was refused lately is not asked again.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.fronts.discord import acts, posts
from bot.fronts.discord.access import Access
from bot.fronts.discord.addresses import target_of
from bot.fronts.discord.rights import NEEDS, first_lacking
from bot.fronts.discord.wire import Refusals, outcome_of
from core.chat import Carried, Community, Said
from core.chat_port import Outgoing, Removal, Removed
from core.errors import RetryLater
from core.messages import Answer
from core.types import Act, ImageEvent, Intent, Platform, Space

type Do = Callable[[Access], Awaitable[Carried]]


class DiscordActing:
    """Acts through `access`: before the client has logged in there is none, and everything is to be tried later."""

    name = Platform.DISCORD.value
    keeps_posts = True

    def __init__(self) -> None:
        self.refusals = Refusals()
        self.access: Access | None = None

    def _there(self) -> Access:
        if self.access is None or self.access.client.is_closed():
            raise RetryLater("unreachable")
        return self.access

    async def fetch(self, event: ImageEvent) -> bytes:
        return await self._there().fetch(event)

    async def show(self, address: str, message: Outgoing, receipt: str) -> Carried:
        of_channel = self._there().rights_at(address)[0] if address.isdecimal() else ""
        community = of_channel or (message.community if address.isdecimal() else "")
        return await self._asked(
            lambda access: posts.show(access, address, message, receipt), Act.CARD, community, address
        )

    async def reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:
        act = Act.ANSWER if event.intent is Intent.QUERY else Act.REPLY
        channel, in_thread = str(target_of(event).channel or ""), bool(event.thread)
        return await self._asked(
            lambda access: posts.reply(access, event, below, message),
            act,
            event.space.community,
            channel,
            in_thread=in_thread,
        )

    async def can_write(self, address: str, community: Community) -> Carried:
        access = self._there()
        return await outcome_of(posts.can_write(access, address), lambda: "", self._is_in(community.id))

    async def warn(self, space: Space, warning: Answer) -> bool:
        return await posts.warn(self._there(), space, warning)

    async def withdraw(self, receipt: str) -> Carried:
        """A message of one's own needs no permission."""
        return await outcome_of(posts.withdraw(self._there(), receipt), lambda: "")

    async def react(self, event: ImageEvent, message: str, on: bool) -> Carried:
        return await self._on_post(lambda access: acts.react(access, event, message, on), Act.FLAG, event)

    async def delete(self, event: ImageEvent, message: str, removal: Removal) -> Carried:
        return await self._on_post(lambda access: acts.delete(access, event, message, removal), Act.REMOVE, event)

    async def erase(self, event: ImageEvent, message: str) -> Carried:
        is_there = self._is_in(event.space.community)
        return await outcome_of(acts.erase(self._there(), event, message), lambda: "", is_there)

    async def restrict(
        self,
        event: ImageEvent,
        until: datetime | None,
        reason: Said,
        language: str,
        before: str,  # noqa: ARG002
    ) -> Carried:
        act = Act.TIMEOUT if until else Act.RELEASE
        return await self._asked(
            lambda access: acts.restrict(access, event, until, reason, language), act, event.space.community, ""
        )

    async def repost(self, removed: Removed) -> Carried:
        return await self._on_post(lambda access: acts.repost(access, removed), Act.RESTORE, removed.event)

    def _is_in(self, community: str) -> Callable[[], bool]:
        """Whether the bot is in that server, as a question for later; of no server nothing is known."""

        def is_in() -> bool:
            return not community.isdecimal() or self._there().client.get_guild(int(community)) is not None

        return is_in

    async def _on_post(self, do: Do, act: Act, event: ImageEvent) -> Carried:
        channel = event.thread or event.space.channel
        return await self._asked(do, act, event.space.community, channel, in_thread=bool(event.thread))

    async def _asked(self, do: Do, act: Act, community: str, channel: str, *, in_thread: bool = False) -> Carried:
        """Do it, unless it is known to be forbidden there. Threads have a permission of their own for writing."""
        access = self._there()
        if refused := self.refusals.of(community, channel, act):
            return refused
        thread = "_in_threads" if in_thread else ""
        needed = [f"{need}{thread}" if need == "send_messages" else need for need in NEEDS[act]]

        def lacking() -> str:
            return first_lacking(access.rights_at(channel)[1] if channel.isdecimal() else None, needed)

        carried = await outcome_of(do(access), lacking, self._is_in(community))
        self.refusals.note(community, channel, act, carried)
        return carried
