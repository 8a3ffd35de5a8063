"""What the bot says where it was added, once.

It waits a little: whoever sets the bot up at once needs no greeting, and a promotion often follows the invitation.
"""

import asyncio
import contextlib

from telegram import ChatMember, ChatMemberUpdated, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.fronts.telegram.api import Bot
from bot.fronts.telegram.received import person_of
from bot.fronts.telegram.sending import Place, send
from core.chat import Said
from core.errors import ResightError
from core.messages import Answer
from core.types import Platform
from core.walls import watched
from handlers.chat.context import Connection

GREET_AFTER_S = 3.0
PRESENT = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER, ChatMember.RESTRICTED)


class Greetings:
    """What will be said in new groups, unless somebody there speaks first."""

    def __init__(self, bot: Bot, me: User, connection: Connection) -> None:
        self._bot, self._me, self._connection = bot, me, connection
        self._waiting: dict[int, asyncio.Task[None]] = {}

    def changed(self, change: ChatMemberUpdated) -> None:
        """Greet in a while where we were added, and not where we were removed meanwhile."""
        was, is_there = (one.status in PRESENT for one in (change.old_chat_member, change.new_chat_member))
        if was != is_there:
            self.hush(change.chat.id)
        if is_there and not was and change.chat.type != ChatType.PRIVATE:
            name = f"the greeting in chat {change.chat.id}"
            greeting = watched(asyncio.create_task(self._greet(change), name=name))
            self._waiting[change.chat.id] = greeting
            greeting.add_done_callback(lambda done: self._over(change.chat.id, done))

    def hush(self, chat: int) -> None:
        """Nobody there needs a greeting any more."""
        if greeting := self._waiting.pop(chat, None):
            greeting.cancel()

    async def close(self) -> None:
        """End all that wait."""
        waiting = list(self._waiting.values())
        for greeting in waiting:
            greeting.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def _over(self, chat: int, greeting: asyncio.Task[None]) -> None:
        if self._waiting.get(chat) is greeting:
            del self._waiting[chat]

    async def _greet(self, change: ChatMemberUpdated) -> None:
        """In a channel, which is no place for it, it goes to who added us. If it can't be said, nobody waits for it."""
        await asyncio.sleep(GREET_AFTER_S)
        chat, user = change.chat, change.from_user
        with contextlib.suppress(TelegramError, ResightError):
            if not await self._is_known(chat.id):
                hello = Said(key="telegram.hello", more=await self._lacking(chat.id))
                greeting = Answer(said=hello, language=self._connection.speaks(person_of(user)))
                await send(self._bot, Place(user.id if chat.type == ChatType.CHANNEL else chat.id), greeting)

    async def _is_known(self, chat: int) -> bool:
        """Set up already, or where the cards of another community go."""
        known = await self._connection.services.communities.all(Platform.TELEGRAM)
        return any(str(chat) in (one.id, one.log.partition("/")[0]) for one in known)

    async def _lacking(self, chat: int) -> tuple[Said, ...]:
        member = await self._bot.get_chat_member(chat, self._me.id)
        if member.status == ChatMember.ADMINISTRATOR:
            return ()
        can_see = self._me.can_read_all_group_messages
        return (Said(key="telegram.hello-admin" if can_see else "telegram.hello-privacy"),)
