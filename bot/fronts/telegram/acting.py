"""What the outbox has done on Telegram (`core.chat_port.Acting`): posts in posts, cards and answers in shown.

Every refusal becomes an answer here, with the right that it is about; what may pass raises RetryLater.
"""

from collections.abc import Awaitable
from datetime import datetime

from cachetools import TTLCache
from telegram import ChatMember, ChatMemberOwner
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.fronts.telegram import posts, shown
from bot.fronts.telegram.api import BAN, DELETE, SEND, Bot, done, is_our_fault, kept, later, ours, says
from bot.fronts.telegram.links import fetched
from bot.fronts.telegram.pictures import read_hint
from bot.fronts.telegram.sending import Place, send, write_alone
from core.chat import Carried, Community, Said
from core.chat_port import Outgoing, Removal, Removed
from core.errors import RetryLater, Unscannable
from core.messages import Answer
from core.ports import Fetcher
from core.types import ActState, ImageEvent, Intent, Platform, Space

DONE = Carried(state=ActState.DONE)
MOST_PLACES, STILL_S = 1_000, 5.0
"""A place where we could write a moment ago is not asked about again."""


class TelegramActing:
    """Acts through one bot. `fetcher` fetches images behind links, once it is connected."""

    name = Platform.TELEGRAM.value
    keeps_posts = False
    fetcher: Fetcher | None = None

    def __init__(self, bot: Bot, most_bytes: int) -> None:
        self._bot = bot
        self._most = most_bytes
        self._writable: TTLCache[str, Carried] = TTLCache(MOST_PLACES, STILL_S)

    async def fetch(self, event: ImageEvent) -> bytes:
        """See `Acting`. A link may die between being asked for and being used, so there is a second one."""
        hint = read_hint(event.hint)
        if hint.kind == "link":
            if self.fetcher is None:
                raise RetryLater("not-running")
            return await fetched(self.fetcher, hint.seen)
        data = await self._download(hint.seen) or await self._download(hint.seen)
        if data is None:
            raise Unscannable("gone", "The image is gone.")
        return data

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
        return await done(shown.show(self._bot, address, message, receipt), SEND)

    async def reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:
        """Below the post, which must still be there; below a question even if that is gone."""
        is_question = event.intent is Intent.QUERY
        number = event.revision or int(below) if is_question else int(below)
        return await done(self._reply(event, number, message, is_needed=not is_question), SEND)

    async def _reply(self, event: ImageEvent, below: int, message: Outgoing, *, is_needed: bool) -> Carried:
        place = Place(int(event.space.channel), int(event.thread) if event.thread else None)
        sent = await send(self._bot, place, message.answer, below, is_needed=is_needed)
        return Carried(state=ActState.DONE, receipt=str(sent.message))

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
            me = await self._bot.get_chat_member(place.chat, posts.own_id(self._bot))
            if me.status in (ChatMember.LEFT, ChatMember.BANNED) or getattr(me, "can_post_messages", None) is False:
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
        return await done(shown.withdraw(self._bot, receipt), SEND)

    async def react(self, event: ImageEvent, message: str, on: bool) -> Carried:
        return await self._in_its_chat(event, posts.react(self._bot, event, message, on=on), SEND)

    async def delete(self, event: ImageEvent, message: str, removal: Removal) -> Carried:
        return await self._in_its_chat(event, posts.delete(self._bot, event, message, removal), DELETE)

    async def erase(self, event: ImageEvent, message: str) -> Carried:
        return await self._in_its_chat(event, posts.erase(self._bot, event, message), DELETE)

    async def restrict(
        self,
        event: ImageEvent,
        until: datetime | None,
        reason: Said,  # noqa: ARG002
        language: str,  # noqa: ARG002
        before: str,
    ) -> Carried:
        """Telegram takes no reason."""
        acting = posts.restrict(self._bot, event, until) if until else posts.release(self._bot, event, before)
        return await self._in_its_chat(event, acting, BAN)

    async def repost(self, removed: Removed) -> Carried:
        return await self._in_its_chat(removed.event, posts.repost(self._bot, removed), SEND)

    async def _in_its_chat(self, event: ImageEvent, acting: Awaitable[Carried], right: str) -> Carried:
        return await done(_unless_moved(event.space, acting), right)


async def _unless_moved(space: Space, acting: Awaitable[Carried]) -> Carried:
    """Messages of a group that has moved can't be reached any more, as soon as we know of the move."""
    try:
        return await acting
    except ChatMigrated:
        if space.community == space.channel:
            raise
        return posts.GONE


def _unavailable(error: TelegramError) -> Exception:
    """Bots can't download above 20 MB; a file that Telegram does not know, or does not give us, is gone."""
    if says(error, "too big"):
        return Unscannable("too-large", "Telegram gives bots no file above 20 MB.")
    if isinstance(error, BadRequest) and is_our_fault(error):
        return ours(error)
    return Unscannable("gone", "The image is gone.") if isinstance(error, BadRequest | Forbidden) else later(error)
