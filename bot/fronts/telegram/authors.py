"""What is done to authors on Telegram: time-out, quarantine, kick, ban, and what lifts them; a word to them.

restrict, release   no right to send anything until a time, or all rights again
take                a quarantine is a time-out without an end; a kick is a ban that is lifted at once
tell                in private, who ever began a chat with the bot; anybody else in the group

Who posts as a channel has no rights to take: that channel is barred from the chat, until that is taken back.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched

from telegram import ChatMember, ChatMemberRestricted, ChatPermissions
from telegram.error import BadRequest, Forbidden

from bot.fronts.telegram.api import DELETE, Bot, is_our_fault, says
from bot.fronts.telegram.recent import Written
from bot.fronts.telegram.sending import Place, patiently, send
from core.chat import DONE, Carried
from core.chat_port import NOT_ALONE, Measure, Outgoing
from core.messages import Answer
from core.types import Act, ActState, ImageEvent

ADMINISTRATOR = Carried(state=ActState.FORBIDDEN, sentence="is-admin")
MYSELF = Carried(state=ActState.UNSUPPORTED, sentence="is-me")
NOBODY = Carried(state=ActState.UNSUPPORTED, sentence="no-timeout-here")
NO_WAY = Carried(state=ActState.UNSUPPORTED, sentence="no-way-to-author")
LEFT = Carried(state=ActState.UNSUPPORTED, sentence="left")
NOT_OURS = {
    Act.QUARANTINE: Carried(state=ActState.DONE, sentence="quarantined-before"),
    Act.BAN: Carried(state=ActState.DONE, sentence="banned-before"),
}
"""What others had done before: it stays when ours is taken back, and so has no receipt."""

FOREVER = 0
AS_CHANNEL, AS_PERSON = "channel", "person"
"""The receipts of barring a channel, and of banning somebody."""

AT_ONCE, HOUR = 100, 60
"""Messages that Telegram deletes with one request; minutes."""


@dataclass(frozen=True, slots=True)
class _Author:
    """Somebody, or a channel, in a chat, and what is done to them."""

    bot: Bot
    chat: int
    id: int
    measure: Measure
    written: Written

    @property
    def is_channel(self) -> bool:
        return self.id < 0


async def restrict(bot: Bot, event: ImageEvent, until: datetime | None) -> Carried:
    """Bar the author from posting, None = for ever; who is barred for longer already is left as administrators want."""
    author, chat = int(event.author or 0), int(event.space.channel)
    if refused := await _refused(bot, event):
        return refused
    if author < 0:
        await bot.ban_chat_sender_chat(chat, author)
        return Carried(state=ActState.DONE, receipt=AS_CHANNEL)
    member = await bot.get_chat_member(chat, author)
    if member.status == ChatMember.BANNED or _is_barred_beyond(member, until):
        return DONE
    await bot.restrict_chat_member(chat, author, ChatPermissions.no_permissions(), until)
    return Carried(state=ActState.DONE, receipt=str(int(until.timestamp()) if until else FOREVER))


async def _refused(bot: Bot, event: ImageEvent) -> Carried | None:
    """Whom nothing can be done to: us; who writes in the name of the chat or of its channel; nobody in private."""
    author = int(event.author or 0)
    if _is_me(bot, author):
        return MYSELF
    if author == int(event.space.channel) or (author < 0 and await _is_its_channel(bot, event, author)):
        return ADMINISTRATOR
    return None if author and event.space.community else NOBODY


def _is_me(bot: Bot, author: int) -> bool:
    """Whether the author is the bot, whose number its token begins with."""
    return bot.token.partition(":")[0] == str(author)


async def _is_its_channel(bot: Bot, event: ImageEvent, author: int) -> bool:
    """Whether that channel is the one whose discussion the group is: its posts are forwarded into the group."""
    return (await bot.get_chat(int(event.space.channel))).linked_chat_id == author


def _is_barred_beyond(member: ChatMember, until: datetime | None) -> bool:
    """The library reads "forever" as the beginning of time."""
    if not isinstance(member, ChatMemberRestricted) or member.can_send_messages:
        return False
    is_for_ever = int(member.until_date.timestamp()) == FOREVER
    return is_for_ever or (until is not None and member.until_date > until)


async def release(bot: Bot, event: ImageEvent, before: str) -> Carried:
    """Lift what that receipt says, if it still is as we left it; Telegram then gives what the group gives everybody."""
    author, chat = int(event.author or 0), int(event.space.channel)
    if before == AS_CHANNEL:
        await bot.unban_chat_sender_chat(chat, author)
    if not before.isdecimal():
        return DONE
    member = await bot.get_chat_member(chat, author)
    if isinstance(member, ChatMemberRestricted) and int(member.until_date.timestamp()) == int(before):
        await bot.restrict_chat_member(chat, author, ChatPermissions.all_permissions())
    return DONE


async def take(bot: Bot, event: ImageEvent, measure: Measure, written: Written) -> Carried:
    """Do it, or say why not; `written` knows what the author wrote lately."""
    if measure.act is Act.QUARANTINE:
        carried = await restrict(bot, event, None)
        if carried.state is not ActState.DONE or carried.receipt:
            return carried
        return NOT_OURS[Act.QUARANTINE] if measure.tries == 1 else replace(carried, receipt=str(FOREVER))
    if measure.act is Act.UNQUARANTINE:
        return await release(bot, event, measure.before)
    if refused := await _refused(bot, event):
        return refused
    author = _Author(bot, int(event.space.channel), int(event.author), measure, written)
    return await WAYS[measure.act](author)


async def _ban(author: _Author) -> Carried:
    """Who has left, too; then what they wrote goes, as far as Telegram lets us."""
    if author.is_channel:
        await author.bot.ban_chat_sender_chat(author.chat, author.id)
        return await _purged(author, AS_CHANNEL)
    member = await author.bot.get_chat_member(author.chat, author.id)
    if member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR):
        return ADMINISTRATOR
    if member.status == ChatMember.BANNED and author.measure.tries == 1:
        return NOT_OURS[Act.BAN]
    await author.bot.ban_chat_member(author.chat, author.id, revoke_messages=bool(author.measure.purge))
    return await _purged(author, AS_PERSON)


async def _purged(author: _Author, receipt: str) -> Carried:
    """Bots can't ask what somebody wrote: only what passed by since the start of this one is known."""
    back = author.measure.purge
    numbers = author.written.by(author.chat, author.id, back)
    try:
        for some in batched(numbers, AT_ONCE):
            await author.bot.delete_messages(author.chat, some)
    except (BadRequest, Forbidden) as error:
        if isinstance(error, BadRequest) and is_our_fault(error) and not says(error, "can't be deleted"):
            raise
        return Carried(state=ActState.DONE, sentence=f"not-purged|{DELETE}", receipt=receipt)
    return Carried(state=ActState.DONE, sentence=_how_purged(len(numbers), back, author.written), receipt=receipt)


def _how_purged(count: int, back: timedelta, written: Written) -> str:
    """What went, and how far back nothing could go: what was written before is still there."""
    if not back:
        return ""
    minutes = int(written.reach.total_seconds() // 60)
    since = f"{minutes // 60} h" if minutes >= HOUR else f"{minutes} min"
    return f"purged|{count}" if written.reach >= back else f"purged-since|{count}|{since}"


async def _unban(author: _Author) -> Carried:
    if author.measure.before == AS_CHANNEL:
        await author.bot.unban_chat_sender_chat(author.chat, author.id)
    elif author.measure.before:
        await _lift(author)
    else:
        return NOT_OURS[Act.BAN]
    return DONE


async def _lift(author: _Author) -> None:
    """A small group keeps no list of whom it banned: there is nothing to lift."""
    try:
        await author.bot.unban_chat_member(author.chat, author.id, only_if_banned=True)
    except BadRequest as error:
        if not says(error, "supergroup"):
            raise


async def _kick(author: _Author) -> Carried:
    """Where the second half is refused, that is told: they can't come back by themselves then."""
    if author.is_channel:
        return NO_WAY
    member = await author.bot.get_chat_member(author.chat, author.id)
    if member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR):
        return ADMINISTRATOR
    if author.measure.tries == 1 and member.status in (ChatMember.LEFT, ChatMember.BANNED):
        return LEFT
    await author.bot.ban_chat_member(author.chat, author.id)
    try:
        await _lift(author)
    except (BadRequest, Forbidden):
        return Carried(state=ActState.DONE, sentence="kick-is-ban")
    return DONE


async def tell(bot: Bot, event: ImageEvent, message: Outgoing, aloud: Answer | None) -> Carried:
    """A channel, and who writes in the group's own name, can't be told anything."""
    author = int(event.author or 0)
    if _is_me(bot, author):
        return MYSELF
    if author <= 0 or not event.space.community:
        return NO_WAY
    if await _told_alone(bot, author, message.answer):
        return DONE
    if aloud is None:
        return NOT_ALONE
    sent = await send(bot, Place.at(event.space, event.thread), aloud)
    return Carried(state=ActState.DONE, receipt=str(sent.message))


async def _told_alone(bot: Bot, person: int, answer: Answer) -> bool:
    """False for who never began a chat with the bot, or has ended it."""
    try:
        await patiently(bot, Place(person), answer)
    except (BadRequest, Forbidden) as error:
        if isinstance(error, BadRequest) and is_our_fault(error):
            raise
        return False
    return True


WAYS: Mapping[Act, Callable[[_Author], Awaitable[Carried]]] = {Act.BAN: _ban, Act.UNBAN: _unban, Act.KICK: _kick}
