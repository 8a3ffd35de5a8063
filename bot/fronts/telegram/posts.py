"""What is done to a post on Telegram and how it is taken back. Which message stands for the post, the case tells.

flag       a reaction                    remove    deleteMessage
reply      a reply that names the image  timeout   no right to send anything until a time
restore    the reaction and our reply go; what we removed is posted again by its file id
release    all rights again, if they are still as we left them

Receipts: REPLY and RESTORE the number of our message ("12+13" where it took two), TIMEOUT until when.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from telegram import ChatMember, ChatMemberRestricted, ChatPermissions, Message, ReplyParameters
from telegram.constants import ParseMode, ReactionEmoji
from telegram.error import BadRequest, ChatMigrated

from bot.fronts.telegram.api import BAN, DELETE, SEND, Bot, done, says
from bot.fronts.telegram.pictures import read_hint
from bot.fronts.telegram.render import escaped
from core.chat import Carried, Order
from core.telling import found, one_line
from core.types import Act, ActState, Outcome
from core.wording import Words
from handlers.chat.cards import title_of
from handlers.post_state import before

DONE = Carried(state=ActState.DONE)
GONE = Carried(state=ActState.GONE, sentence="gone")
FOREVER = 0
NAME = 60

type Doing = Callable[[Bot, Order], Awaitable[Carried]]


async def carry_out(bot: Bot, order: Order) -> Carried:
    """Do one act to the post; raises RetryLater."""
    act, right = ON_POSTS[order.action.act]
    return await done(_in_its_chat(act, bot, order), right)


async def _in_its_chat(act: Doing, bot: Bot, order: Order) -> Carried:
    """Messages of a group that has moved can't be reached any more, as soon as we know of the move."""
    space = order.about.event.space
    try:
        return await act(bot, order)
    except ChatMigrated:
        if space.community == space.channel:
            raise
        return GONE


async def flag(bot: Bot, order: Order) -> Carried:
    await bot.set_message_reaction(_chat(order), int(before(order).main), ReactionEmoji.EYES)
    return DONE


async def reply(bot: Bot, order: Order) -> Carried:
    """Name the image that the post shows, in public: an image matches, a person does not."""
    best = order.about.verdict.best
    if best is None:
        return Carried(state=ActState.UNSUPPORTED, sentence="not-possible")
    is_sure = order.about.verdict.outcome is Outcome.MATCH
    text = found(Words.of(order.community.language), best, title_of(best.reference), is_sure=is_sure)
    sent = await bot.send_message(
        _chat(order),
        escaped(text),
        ParseMode.HTML,
        message_thread_id=_thread(order),
        reply_parameters=ReplyParameters(int(before(order).main)),
    )
    return Carried(state=ActState.DONE, receipt=str(sent.message_id))


async def remove(bot: Bot, order: Order) -> Carried:
    """Delete the post, or what was posted in its place. What an earlier try deleted is deleted."""
    main, *others = before(order).messages
    try:
        await bot.delete_message(_chat(order), int(main))
    except BadRequest as error:
        return await _not_deleted(bot, order, error)
    await _forget(bot, order, others)
    return DONE


async def _not_deleted(bot: Bot, order: Order, error: BadRequest) -> Carried:
    """Telegram has one sentence for a missing right and for a message above 48 hours old."""
    if says(error, "not found"):
        return DONE if order.action.attempts > 1 else GONE
    if not says(error, "can't be deleted"):
        raise error
    me = await bot.get_chat_member(_chat(order), own_id(bot))
    if getattr(me, "can_delete_messages", False):
        return Carried(state=ActState.UNSUPPORTED, sentence="too-old")
    return Carried(state=ActState.FORBIDDEN, sentence=f"no-permission|{DELETE}")


async def timeout(bot: Bot, order: Order) -> Carried:
    """Bar the author from posting; whom the administrators barred for longer already is left as they want it."""
    author, until = int(order.about.event.author or 0), datetime.now(UTC) + order.policy.timeout
    if author == _chat(order) or not order.about.event.space.community:
        return _no_timeout(is_admin=author < 0)
    if author < 0:
        return _no_timeout(is_admin=False)
    member = await bot.get_chat_member(_chat(order), author)
    if member.status == ChatMember.BANNED or _is_barred_beyond(member, until):
        return DONE
    await bot.restrict_chat_member(_chat(order), author, ChatPermissions.no_permissions(), until)
    return Carried(state=ActState.DONE, receipt=str(int(until.timestamp())))


def _no_timeout(*, is_admin: bool) -> Carried:
    """An anonymous administrator writes as the group; other chats and private ones have nobody to bar."""
    if is_admin:
        return Carried(state=ActState.FORBIDDEN, sentence="is-admin")
    return Carried(state=ActState.UNSUPPORTED, sentence="no-timeout-here")


def _is_barred_beyond(member: ChatMember, until: datetime) -> bool:
    """The library reads "forever" as the beginning of time."""
    if not isinstance(member, ChatMemberRestricted) or member.can_send_messages:
        return False
    return int(member.until_date.timestamp()) == FOREVER or member.until_date > until


async def release(bot: Bot, order: Order) -> Carried:
    """All rights again: Telegram then leaves what the group's own defaults give to everybody."""
    until = order.case.receipt(Act.TIMEOUT)
    if not until:
        return DONE
    author = int(order.about.event.author)
    member = await bot.get_chat_member(_chat(order), author)
    if not isinstance(member, ChatMemberRestricted) or int(member.until_date.timestamp()) != int(until):
        return DONE
    await bot.restrict_chat_member(_chat(order), author, ChatPermissions.all_permissions())
    return DONE


async def restore(bot: Bot, order: Order) -> Carried:
    """The post as it was before we touched it."""
    post = before(order)
    await _forget(bot, order, [post.reply] if post.reply else [])
    if post.removed:
        return await _post_again(bot, order)
    if post.flagged:
        await bot.set_message_reaction(_chat(order), int(post.main), [])
    return DONE


async def _post_again(bot: Bot, order: Order) -> Carried:
    """A deleted file stays good for the bot that has seen it. Stickers and round films have no caption."""
    event, chat = order.about.event, _chat(order)
    hint, ways = read_hint(event.hint), _ways(bot)
    if hint.kind not in ways or not hint.whole:
        return Carried(state=ActState.UNSUPPORTED, sentence="no-original")
    author = one_line(event.author_name or event.author, NAME)
    words = escaped(Words.of(order.community.language)("telegram.restored", name=author))
    said: dict[str, Any] = {"message_thread_id": _thread(order), "parse_mode": ParseMode.HTML}
    if hint.kind in WITHOUT_CAPTION:
        sent = await ways[hint.kind](chat, hint.whole, message_thread_id=_thread(order))
        below = await bot.send_message(chat, words, reply_parameters=ReplyParameters(sent.message_id), **said)
        return Carried(state=ActState.DONE, receipt=f"{sent.message_id}+{below.message_id}")
    sent = await ways[hint.kind](chat, hint.whole, caption=words, **said)
    return Carried(state=ActState.DONE, receipt=str(sent.message_id))


def _ways(bot: Bot) -> Mapping[str, Callable[..., Awaitable[Message]]]:
    return {
        "photo": bot.send_photo,
        "document": bot.send_document,
        "animation": bot.send_animation,
        "video": bot.send_video,
        "sticker": bot.send_sticker,
        "video_note": bot.send_video_note,
    }


async def _forget(bot: Bot, order: Order, messages: Sequence[str]) -> None:
    """Delete messages of ours; one that is gone already is as it should be."""
    for message in messages:
        with contextlib.suppress(BadRequest):
            await bot.delete_message(_chat(order), int(message))


def own_id(bot: Bot) -> int:
    """A token begins with the bot's id."""
    return int(bot.token.partition(":")[0])


def _chat(order: Order) -> int:
    return int(order.about.event.space.channel)


def _thread(order: Order) -> int | None:
    return int(order.about.event.thread) if order.about.event.thread else None


WITHOUT_CAPTION = frozenset({"sticker", "video_note"})

ON_POSTS: Mapping[Act, tuple[Doing, str]] = {
    Act.FLAG: (flag, SEND),
    Act.REPLY: (reply, SEND),
    Act.REMOVE: (remove, DELETE),
    Act.TIMEOUT: (timeout, BAN),
    Act.RELEASE: (release, BAN),
    Act.RESTORE: (restore, SEND),
}
"""Each act with the right that it needs."""
