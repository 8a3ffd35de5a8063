"""What the outbox has done on Discord (`core.chat_port.Acting`): to posts and authors here, messages of ours in posts.

react     our reaction comes and goes
delete    a post goes; before, its pictures are attached to the card, hidden: Discord keeps none
repost    what was removed is posted again, by us, from those copies
restrict, on_author, tell   what is done to authors (authors.py)

Every refusal becomes an answer here, with the permission that it is about; what was refused lately is not asked again.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime

import discord

from bot.fronts.discord import authors, posts
from bot.fronts.discord.access import Access
from bot.fronts.discord.addresses import target_of
from bot.fronts.discord.authors import reason_of
from bot.fronts.discord.commands import CAN
from bot.fronts.discord.rights import NEEDS, first_lacking
from bot.fronts.discord.wire import Refusals, answers, asking, may_have_worked, outcome_of
from core.cases import Profile
from core.chat import DONE, Carried, Community, Said
from core.chat_port import Measure, Outgoing, Removal, Removed
from core.errors import RetryLater
from core.messages import Answer
from core.types import Act, ActState, ImageEvent, Intent, Platform, Space
from core.wording import Words

type Do = Callable[[Access], Awaitable[Carried]]
MARK = "⚠️"
NUMBER = re.compile(r"[0-9]{1,20}")


class DiscordActing:
    """Acts through `access`: before the client has logged in there is none, and everything is to be tried later."""

    name = Platform.DISCORD.value
    keeps_posts = True
    can = CAN

    def __init__(self) -> None:
        self.refusals = Refusals()
        self.access: Access | None = None

    def _there(self) -> Access:
        if self.access is None or self.access.client.is_closed():
            raise RetryLater("unreachable")
        return self.access

    async def fetch(self, event: ImageEvent) -> bytes:
        return await self._there().fetch(event)

    async def kept(self, event: ImageEvent, receipt: str) -> bytes | None:  # noqa: ARG002
        with asking():
            return await posts.kept(self._there(), receipt)

    async def profile(self, event: ImageEvent) -> Profile:
        """An account's number says when it was made; when it joined is known while it is a member."""
        access = self._there()
        guild = access.client.get_guild(int(event.space.community)) if event.space.community.isdecimal() else None
        if not NUMBER.fullmatch(event.author):
            return Profile()
        member = await access.member(guild, int(event.author)) if guild else None
        made_at = discord.utils.snowflake_time(int(event.author))
        return Profile(made_at=made_at, joined_at=member.joined_at if member else None)

    async def preview(self, event: ImageEvent, *, is_all: bool) -> bytes | None:
        """Discord makes it of the first frame."""
        return await self._there().preview(event) if is_all else None

    async def show(self, address: str, message: Outgoing, receipt: str) -> Carried:
        of_channel = self._there().rights_at(address)[0] if address.isdecimal() else ""
        community = of_channel or (message.community if address.isdecimal() else "")
        return await self._asked(
            lambda access: posts.show(access, address, message, receipt), Act.CARD, community, address
        )

    async def reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:
        act = Act.ANSWER if event.intent is Intent.QUERY else Act.REPLY
        channel = str(target_of(event).channel or "")
        return await self._asked(
            lambda access: posts.reply(access, event, below, message),
            act,
            event.space.community,
            channel,
            in_thread=bool(event.thread),
        )

    async def may_read(self, address: str, community: Community) -> bool:
        return await posts.may_read(self._there(), address, community.id)

    async def can_write(self, address: str, community: Community) -> Carried:
        return await self._own(posts.can_write(self._there(), address), community.id)

    async def warn(self, space: Space, warning: Answer) -> bool:
        return await posts.warn(self._there(), space, warning)

    async def withdraw(self, receipt: str) -> Carried:
        return await self._own(posts.withdraw(self._there(), receipt))

    async def react(self, event: ImageEvent, message: str, on: bool) -> Carried:
        return await self._on_post(lambda access: _react(access, event, message, on), Act.FLAG, event)

    async def delete(self, event: ImageEvent, message: str, removal: Removal) -> Carried:
        return await self._on_post(lambda access: _delete(access, event, message, removal), Act.REMOVE, event)

    async def erase(self, event: ImageEvent, message: str) -> Carried:
        erased = await self._own(posts.erase(self._there(), event, message), event.space.community)
        return DONE if erased.state is ActState.GONE else erased

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
            lambda access: authors.restrict(access, event, until, reason, language), act, event.space.community, ""
        )

    async def on_author(self, event: ImageEvent, measure: Measure) -> Carried:
        return await self._asked(
            lambda access: authors.take(access, event, measure), measure.act, event.space.community, ""
        )

    async def tell(self, event: ImageEvent, message: Outgoing, aloud: Answer | None) -> Carried:  # noqa: ARG002
        return await self._own(authors.tell(self._there(), event, message), event.space.community)

    async def repost(self, removed: Removed) -> Carried:
        return await self._on_post(lambda access: posts.repost(access, removed), Act.RESTORE, removed.event)

    async def _own(self, doing: Awaitable[Carried], community: str = "") -> Carried:
        """A message of one's own needs no permission."""
        return await outcome_of(doing, lambda: "", self._is_in(community))

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


async def _react(access: Access, event: ImageEvent, message: str, on: bool) -> Carried:
    """What is gone already need not be taken back."""
    post = access.place_of(event).get_partial_message(int(message))
    try:
        await (post.add_reaction(MARK) if on else post.remove_reaction(MARK, discord.Object(access.me)))
    except discord.NotFound:
        if on:
            raise
    return DONE


async def _delete(access: Access, event: ImageEvent, message: str, removal: Removal) -> Carried:
    """Keep the pictures, then delete. A post that is gone after a try that may have worked was removed by us."""
    kept = await (posts.keep_apart if removal.apart else posts.keep)(access, removal)
    why = reason_of(Words.of(removal.language), removal.reason)
    with answers() as met:
        try:
            await access.client.http.delete_message(access.place_of(event).id, int(message), reason=why)
        except discord.NotFound:
            if removal.tries == 1 and not removal.again and not may_have_worked(met):
                raise
    return kept
