"""What is done on Telegram to a post and to its author, and how it is taken back.

react     a reaction, or none            restrict   no right to send anything until a time, or all rights again
delete    deleteMessage                  repost     what was removed, posted again by its file id

Who posts as a channel has no rights to take: that channel is barred from the chat, until that is taken back.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from telegram import ChatMember, ChatMemberRestricted, ChatPermissions, Message, ReplyParameters
from telegram.constants import ParseMode, ReactionEmoji
from telegram.error import BadRequest

from bot.fronts.telegram.api import DELETE, Bot, says
from bot.fronts.telegram.pictures import read_hint
from bot.fronts.telegram.render import CAPTION, TEXT, escaped, seen, unmentioned
from core.chat import Carried
from core.chat_port import Removal, Removed
from core.telling import said
from core.types import ActState, ImageEvent
from core.wording import Words

DONE = Carried(state=ActState.DONE)
GONE = Carried(state=ActState.GONE, sentence="gone")
NO_ORIGINAL = Carried(state=ActState.UNSUPPORTED, sentence="no-original")
ADMINISTRATOR = Carried(state=ActState.FORBIDDEN, sentence="is-admin")
NOBODY = Carried(state=ActState.UNSUPPORTED, sentence="no-timeout-here")
FOREVER = 0
AS_CHANNEL = "channel"
"""The receipt of barring a channel."""

WITHOUT_CAPTION = frozenset({"sticker", "video_note"})
CAN_BE_VEILED = frozenset({"photo", "video", "animation"})


async def react(bot: Bot, event: ImageEvent, message: str, *, on: bool) -> Carried:
    """Mark a message, or take the mark away."""
    await bot.set_message_reaction(_chat(event), int(message), ReactionEmoji.EYES if on else [])
    return DONE


async def delete(bot: Bot, event: ImageEvent, message: str, removal: Removal) -> Carried:
    """Delete a message; what an earlier try deleted is deleted."""
    try:
        await bot.delete_message(_chat(event), int(message))
    except BadRequest as error:
        return await _not_deleted(bot, event, removal, error)
    return DONE


async def _not_deleted(bot: Bot, event: ImageEvent, removal: Removal, error: BadRequest) -> Carried:
    """Telegram has one sentence for a missing right and for a message above 48 hours old."""
    if says(error, "not found"):
        return DONE if removal.tries > 1 else GONE
    if not says(error, "can't be deleted"):
        raise error
    me = await bot.get_chat_member(_chat(event), own_id(bot))
    if getattr(me, "can_delete_messages", False):
        return Carried(state=ActState.UNSUPPORTED, sentence="too-old")
    return Carried(state=ActState.FORBIDDEN, sentence=f"no-permission|{DELETE}")


async def erase(bot: Bot, event: ImageEvent, message: str) -> Carried:
    """Delete a message of ours; one that is gone already is as it should be."""
    with contextlib.suppress(BadRequest):
        await bot.delete_message(_chat(event), int(message))
    return DONE


async def restrict(bot: Bot, event: ImageEvent, until: datetime) -> Carried:
    """Bar the author from posting; whom the administrators barred for longer already is left as they want it."""
    author, chat = int(event.author or 0), _chat(event)
    if author == chat:  # an anonymous administrator; in a channel it is the channel
        return ADMINISTRATOR
    if not author or not event.space.community:
        return NOBODY
    if author < 0:
        await bot.ban_chat_sender_chat(chat, author)
        return Carried(state=ActState.DONE, receipt=AS_CHANNEL)
    member = await bot.get_chat_member(chat, author)
    if member.status == ChatMember.BANNED or _is_barred_beyond(member, until):
        return DONE
    await bot.restrict_chat_member(chat, author, ChatPermissions.no_permissions(), until)
    return Carried(state=ActState.DONE, receipt=str(int(until.timestamp())))


def _is_barred_beyond(member: ChatMember, until: datetime) -> bool:
    """The library reads "forever" as the beginning of time."""
    if not isinstance(member, ChatMemberRestricted) or member.can_send_messages:
        return False
    return int(member.until_date.timestamp()) == FOREVER or member.until_date > until


async def release(bot: Bot, event: ImageEvent, before: str) -> Carried:
    """Lift what that receipt says, if it still is as we left it; Telegram then gives what the group gives everybody."""
    author, chat = int(event.author or 0), _chat(event)
    if before == AS_CHANNEL:
        await bot.unban_chat_sender_chat(chat, author)
    if not before.isdecimal():
        return DONE
    member = await bot.get_chat_member(chat, author)
    if isinstance(member, ChatMemberRestricted) and int(member.until_date.timestamp()) == int(before):
        await bot.restrict_chat_member(chat, author, ChatPermissions.all_permissions())
    return DONE


async def repost(bot: Bot, removed: Removed) -> Carried:
    """Post it again: a deleted file stays good for the bot that has seen it.

    Its author and its text are the caption; where there is none, or not enough of it, they are a message below.
    """
    event, hint, ways = removed.event, read_hint(removed.event.hint), _ways(bot)
    if hint.kind not in ways or not hint.whole:
        return NO_ORIGINAL
    above = escaped(said(Words.of(removed.language), removed.above))
    words = "\n\n".join(part for part in (above, unmentioned(removed.text)) if part)
    more: dict[str, Any] = {"message_thread_id": _thread(event)}
    if hint.is_veiled and hint.kind in CAN_BE_VEILED:
        more["has_spoiler"] = True
    if hint.kind in WITHOUT_CAPTION or seen(words) > CAPTION:
        sent = await ways[hint.kind](_chat(event), hint.whole, **more)
        return await _below(bot, sent, above, removed.text)
    sent = await ways[hint.kind](_chat(event), hint.whole, caption=words, parse_mode=ParseMode.HTML, **more)
    return Carried(state=ActState.DONE, receipt=str(sent.message_id))


async def _below(bot: Bot, sent: Message, above: str, text: str) -> Carried:
    """The author in one message and the text in another: together they may be too long for one."""
    numbers = [sent.message_id]
    for words in (above, *_pieces(text)):
        below = ReplyParameters(sent.message_id)
        thread = sent.message_thread_id if sent.is_topic_message else None
        written = await bot.send_message(
            sent.chat.id, words, ParseMode.HTML, reply_parameters=below, message_thread_id=thread
        )
        numbers.append(written.message_id)
    return Carried(state=ActState.DONE, receipt="+".join(map(str, numbers)))


def _pieces(text: str) -> list[str]:
    """A text in as many messages as it needs: with its mentions broken it is longer than it was."""
    if seen(words := unmentioned(text)) <= TEXT:
        return [words] if text.strip() else []
    half = len(text) // 2
    return [*_pieces(text[:half]), *_pieces(text[half:])]


def _ways(bot: Bot) -> Mapping[str, Callable[..., Awaitable[Message]]]:
    return {
        "photo": bot.send_photo,
        "document": bot.send_document,
        "animation": bot.send_animation,
        "video": bot.send_video,
        "sticker": bot.send_sticker,
        "video_note": bot.send_video_note,
    }


def own_id(bot: Bot) -> int:
    """A token begins with the bot's id."""
    return int(bot.token.partition(":")[0])


def _chat(event: ImageEvent) -> int:
    return int(event.space.channel)


def _thread(event: ImageEvent) -> int | None:
    return int(event.thread) if event.thread else None
