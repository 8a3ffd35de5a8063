"""What the outbox has done on Telegram (`core.chat_port.Acting`): posts and authors here, messages of ours in sending.

react     a reaction, or none            restrict, on_author, tell   what is done to authors (authors.py)
delete    deleteMessage                  repost     what was removed, posted again by its file id

Every refusal becomes an answer here, with the right that it is about; what may pass raises RetryLater.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from cachetools import TTLCache
from telegram import (
    ChatMember,
    ChatMemberOwner,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode, ReactionEmoji
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.fronts.telegram import authors, sending
from bot.fronts.telegram.api import (
    BAN,
    DELETE,
    SEND,
    Bot,
    done,
    is_our_fault,
    kept,
    lacking,
    later,
    ours,
    own_standing,
    says,
)
from bot.fronts.telegram.chat import CAN
from bot.fronts.telegram.pictures import Hint, read_hint
from bot.fronts.telegram.recent import Written
from bot.fronts.telegram.render import CAPTION, TEXT, escaped, seen, unmentioned
from bot.fronts.telegram.sending import Place, Receipt, send, write_alone
from core.chat import DONE, GONE, Carried, Community, Said
from core.chat_port import Acting, Measure, Outgoing, Removal, Removed
from core.errors import Refused, RetryLater, Unscannable
from core.messages import Answer
from core.ports import Fetcher
from core.telling import said
from core.types import ActState, ImageEvent, Intent, Platform, Space
from core.wording import Words

MOST_PLACES, STILL_S = 1_000, 5.0
"""A place where we could write a moment ago is not asked about again."""

NO_ORIGINAL = Carried(state=ActState.UNSUPPORTED, sentence="no-original")
WITHOUT_CAPTION = frozenset({"sticker", "video_note"})
CAN_BE_VEILED = frozenset({"photo", "video", "animation"})
IN_ALBUMS = {"photo": InputMediaPhoto, "video": InputMediaVideo, "document": InputMediaDocument}


class TelegramActing(Acting):
    """Acts through one bot. `fetcher` fetches images behind links, once it is connected."""

    name = Platform.TELEGRAM.value
    keeps_posts = False
    can = CAN
    fetcher: Fetcher | None = None

    def __init__(self, bot: Bot, most_bytes: int) -> None:
        self._bot = bot
        self._most = most_bytes
        self.written = Written()
        self._writable: TTLCache[str, Carried] = TTLCache(MOST_PLACES, STILL_S)
        self._readers: TTLCache[tuple[str, str], bool] = TTLCache(MOST_PLACES, STILL_S)

    async def fetch(self, event: ImageEvent) -> bytes:
        """See `Acting`. A link may die between being asked for and being used, so there is a second one."""
        hint = read_hint(event.hint)
        if hint.kind == "link":
            if self.fetcher is None:
                raise RetryLater("not-running")
            try:
                return await self.fetcher.fetch(hint.seen)
            except Refused as error:
                raise error.of_image from error
        data = await self._download(hint.whole) or await self._download(hint.whole)
        if data is None:
            raise Unscannable("gone", "The image is gone.")
        return data

    async def preview(self, event: ImageEvent, *, is_all: bool) -> bytes | None:  # noqa: ARG002
        """The cover or the thumbnail: whoever sends a video may choose it."""
        hint = read_hint(event.hint)
        if not hint.whole or hint.seen == hint.whole:
            return None
        with suppress(Unscannable):
            return await self._download(hint.seen)
        return None

    async def _download(self, file_id: str) -> bytes | None:
        """The bytes, None if the link is dead."""
        try:
            file = await self._bot.get_file(file_id)
        except TelegramError as error:
            raise _unavailable(error) from None
        self._check(file.file_size or 0)
        try:
            data = bytes(await file.download_as_bytearray())
        except (InvalidToken, BadRequest, Forbidden):  # what PTB makes of 404, and of a link that was never ours
            return None
        except TelegramError as error:
            raise later(error) from None
        self._check(len(data))
        return data

    def _check(self, size: int) -> None:
        if size > self._most:
            raise Unscannable("too-large", f"The file is larger than {self._most >> 20} MB.")

    async def show(self, address: str, message: Outgoing, receipt: str) -> Carried:
        return await done(sending.show(self._bot, address, message, receipt), SEND)

    async def reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:
        """Below the post, which must still be there; below a question even if that is gone."""
        is_question = event.intent is Intent.QUERY
        number = event.revision or int(below) if is_question else int(below)
        return await done(self._reply(event, number, message, is_needed=not is_question), SEND)

    async def _reply(self, event: ImageEvent, below: int, message: Outgoing, *, is_needed: bool) -> Carried:
        place = Place.at(event.space, event.thread)
        sent = await send(self._bot, place, message.answer, below, is_needed=is_needed)
        return Carried(state=ActState.DONE, receipt=str(sent.message))

    async def may_read(self, address: str, community: Community) -> bool:
        """A private chat has the number of its person, which no group has."""
        if not address.isdecimal():
            return True
        key = (community.id, address)
        if key not in self._readers:
            member = await kept(self._bot.get_chat_member(int(community.id), int(address)))
            is_staff = member is not None and member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
            self._readers[key] = is_staff
        is_reader: bool = self._readers[key]
        return is_reader

    async def can_write(self, address: str, community: Community) -> Carried:  # noqa: ARG002
        if address in self._writable:
            return DONE
        carried = await done(self._type(Place.of(address)), SEND)
        if carried.state is ActState.DONE:
            self._writable[address] = carried
        return carried

    async def _type(self, place: Place) -> Carried:
        """Telegram refuses to show that we type where we may not write; channels know no typing."""
        try:
            await self._bot.send_chat_action(place.chat, ChatAction.TYPING, message_thread_id=place.thread)
        except BadRequest as error:
            if not is_our_fault(error):
                raise
            me = await own_standing(self._bot, place.chat)
            if me is None or getattr(me, "can_post_messages", None) is False:
                return Carried(state=ActState.FORBIDDEN, sentence=f"no-permission|{SEND}")
        return DONE

    async def warn(self, space: Space, warning: Answer) -> bool:
        """The owner, or else another administrator; if the bot may write to none of them, the chat itself."""
        chat = await kept(self._bot.get_chat(int(space.channel)))
        staff = await kept(self._bot.get_chat_administrators(int(space.channel))) or ()
        for one in sorted(staff, key=lambda one: not isinstance(one, ChatMemberOwner)):
            title = (chat.title or "") if chat else ""
            if not one.user.is_bot and await write_alone(self._bot, one.user.id, warning, heading=title):
                return True
        return await kept(send(self._bot, Place(int(space.channel)), warning)) is not None

    async def withdraw(self, receipt: str) -> Carried:
        return await done(sending.take_away(self._bot, Receipt.of(receipt)), SEND)

    async def react(self, event: ImageEvent, message: str, on: bool) -> Carried:
        mark = ReactionEmoji.EYES if on else []
        acting = self._bot.set_message_reaction(_chat(event), int(message), mark)
        return await self._in_its_chat(event, acting, SEND)

    async def delete(self, event: ImageEvent, message: str, removal: Removal) -> Carried:
        return await self._in_its_chat(event, _delete(self._bot, event, message, removal), DELETE)

    async def erase(self, event: ImageEvent, message: str) -> Carried:
        return await self._in_its_chat(event, _erase(self._bot, event, message), DELETE)

    async def restrict(
        self,
        event: ImageEvent,
        until: datetime | None,
        reason: Said,  # noqa: ARG002
        language: str,  # noqa: ARG002
        before: str,
    ) -> Carried:
        """Telegram takes no reason."""
        acting = authors.restrict(self._bot, event, until) if until else authors.release(self._bot, event, before)
        return await self._in_its_chat(event, acting, BAN)

    async def on_author(self, event: ImageEvent, measure: Measure) -> Carried:
        """Telegram takes no reason."""
        return await self._in_its_chat(event, authors.take(self._bot, event, measure, self.written), BAN)

    async def tell(self, event: ImageEvent, message: Outgoing, aloud: Answer | None) -> Carried:
        return await self._in_its_chat(event, authors.tell(self._bot, event, message, aloud), SEND)

    async def repost(self, removed: Removed) -> Carried:
        return await self._in_its_chat(removed.event, _repost(self._bot, removed), SEND)

    async def _in_its_chat(self, event: ImageEvent, acting: Awaitable[object], right: str) -> Carried:
        return await done(_unless_moved(event.space, acting), right)


async def _unless_moved(space: Space, acting: Awaitable[object]) -> object:
    """Messages of a group that has moved can't be reached any more, as soon as we know of the move."""
    try:
        return await acting
    except ChatMigrated:
        if space.community == space.channel:
            raise
        return GONE


def _unavailable(error: TelegramError) -> Exception:
    """Bots can't download above 20 MB; a file that Telegram does not know is gone."""
    if says(error, "too big"):
        return Unscannable("too-large", "Telegram gives bots no file above 20 MB.")
    if isinstance(error, BadRequest) and is_our_fault(error):
        return ours(error)
    if isinstance(error, Forbidden):
        return Unscannable("no-access", "The bot may not have the file.")
    return Unscannable("gone", "The image is gone.") if isinstance(error, BadRequest) else later(error)


async def _delete(bot: Bot, event: ImageEvent, message: str, removal: Removal) -> Carried:
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
    me = await own_standing(bot, _chat(event))
    if me is None or lacking(me, [DELETE]):
        return Carried(state=ActState.FORBIDDEN, sentence=f"no-permission|{DELETE}")
    return Carried(state=ActState.UNSUPPORTED, sentence="too-old")


async def _erase(bot: Bot, event: ImageEvent, message: str) -> None:
    """Delete a message of ours; one that is gone already is as it should be."""
    try:
        await bot.delete_message(_chat(event), int(message))
    except BadRequest as error:
        if is_our_fault(error) and not says(error, "can't be deleted"):
            raise


async def _repost(bot: Bot, removed: Removed) -> Carried:
    """Post it again, an album as one: a deleted file stays good for the bot that has seen it."""
    if removed.album and (together := await _album(bot, removed)):
        return together
    event, hint, ways = removed.event, read_hint(removed.event.hint), _ways(bot)
    if hint.kind not in ways or not hint.whole:
        return NO_ORIGINAL
    how, below = _words(removed, removed.text, may_have_caption=hint.kind not in WITHOUT_CAPTION)
    sent = await ways[hint.kind](_chat(event), hint.whole, **how, **_veil(hint))
    return Carried(state=ActState.DONE, receipt=await _below(bot, event, sent.message_id, below))


async def _album(bot: Bot, removed: Removed) -> Carried | None:
    """The whole album; None where it can't be one: then a file that is no good any more costs itself alone."""
    hints = [read_hint(post.hint) for post in removed.album]
    if any(hint.kind not in IN_ALBUMS for hint in hints):
        return None
    media = [IN_ALBUMS[hint.kind](hint.whole, **_veil(hint)) for hint in hints]
    how, below = _words(removed, "\n".join(filter(None, (post.text for post in removed.album))))
    try:
        sent = await bot.send_media_group(_chat(removed.event), media, **how)
    except BadRequest as error:
        if not says(error, "file"):
            raise
        return None
    new = {old.message: message.message_id for old, message in zip(removed.album, sent, strict=True)}
    own = await _below(bot, removed.event, new.pop(removed.event.message), below)
    return Carried(state=ActState.DONE, receipt="/".join([own, *(f"{old}={number}" for old, number in new.items())]))


def _words(removed: Removed, text: str, *, may_have_caption: bool = True) -> tuple[dict[str, Any], list[str]]:
    """Who wrote it, and what: as its caption, or where there is none, or not enough of it, as messages below."""
    above, pieces = escaped(said(Words.of(removed.language), removed.above)), _pieces(text)
    caption, how = "\n\n".join([above, *pieces]), _in_its_topic(removed.event)
    if may_have_caption and seen(caption) <= CAPTION:
        return how | {"caption": caption, "parse_mode": ParseMode.HTML}, []
    return how, [above, *pieces]


def _pieces(text: str) -> list[str]:
    """A text in as many messages as it needs: with its mentions broken it is longer than it was."""
    if seen(words := unmentioned(text)) <= TEXT:
        return [words] if text.strip() else []
    half = len(text) // 2
    return [*_pieces(text[:half]), *_pieces(text[half:])]


def _veil(hint: Hint) -> dict[str, bool]:
    """What hides a file again that its author hid."""
    return {"has_spoiler": True} if hint.is_veiled and hint.kind in CAN_BE_VEILED else {}


async def _below(bot: Bot, event: ImageEvent, message: int, parts: Sequence[str]) -> str:
    """The author in one message and the text in another: together they may be too long for one. The receipt of all."""
    numbers, below = [message], ReplyParameters(message)
    for words in parts:
        written = await bot.send_message(
            _chat(event), words, ParseMode.HTML, reply_parameters=below, **_in_its_topic(event)
        )
        numbers.append(written.message_id)
    return "+".join(map(str, numbers))


def _ways(bot: Bot) -> Mapping[str, Callable[..., Awaitable[Message]]]:
    return {
        "photo": bot.send_photo,
        "document": bot.send_document,
        "animation": bot.send_animation,
        "video": bot.send_video,
        "sticker": bot.send_sticker,
        "video_note": bot.send_video_note,
    }


def _chat(event: ImageEvent) -> int:
    return int(event.space.channel)


def _in_its_topic(event: ImageEvent) -> dict[str, Any]:
    return {"message_thread_id": int(event.thread) if event.thread else None}
