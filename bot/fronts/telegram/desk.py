"""Who answers what on Telegram: every update ends in one of the modules beside this one.

    post in a group            --> handlers.intake        button            --> buttons
    image in private           --> search        added to a group  --> greeting
    command                    --> EVERYBODY here, STAFF in staff
    group is a supergroup now  --> the communities' move

Here is decided who may ask. Errors end here, too: the person reads a sentence, the log has the rest.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence

from telegram import Message, Update
from telegram.constants import ChatType

from bot.fronts.telegram import buttons, greeting, search
from bot.fronts.telegram.api import Bot
from bot.fronts.telegram.events import counts, events_of, pictures, space_of
from bot.fronts.telegram.links import links_of
from bot.fronts.telegram.staff import IN_PRIVATE, STAFF
from bot.fronts.telegram.talk import Ask, Talk, Unclear, command_of
from core.chat import Said
from core.errors import ResightError
from core.telling import trouble
from core.types import ImageEvent, Mode, Platform
from handlers.intake import accept

type Answering = Callable[[Talk, Ask], Awaitable[Said | None]]

EVERYBODY: dict[str, Answering] = {
    "start": greeting.start,
    "help": greeting.explain,
    "search": search.search,
    "find": search.find,
    "report": search.report,
}
log = logging.getLogger(__name__)


class Desk:
    """Takes one update after the other. What `is_post` says need only be looked at, many in one go."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    @property
    def bot(self) -> Bot:
        return self._talk.bot

    def notice(self, update: Update) -> None:
        """See it pass by, before its turn comes: an album arrives in pieces."""
        self._talk.memory.notice(update)

    def is_post(self, message: Message) -> bool:
        """Whether nobody asks us anything with it."""
        if message.chat.type == ChatType.PRIVATE or message.migrate_to_chat_id or message.migrate_from_chat_id:
            return False
        try:
            return self._ask(message) is None
        except Exception:  # `handle` meets it again, and tells
            return False

    async def accept(self, messages: Sequence[Message]) -> None:
        """Have the images of posts looked at; raises RetryLater."""
        events = [event for message in messages for event in await self._events(message)]
        if events:
            await accept(self._talk.services, events)

    async def handle(self, update: Update) -> None:
        """Answer an update; raises RetryLater if it holds a post that can't be accepted now."""
        message = None if update.callback_query else update.effective_message
        if message and message.chat.type != ChatType.PRIVATE:
            await self.accept([message])
        try:
            if update.callback_query:
                await buttons.pressed(self._talk, update.callback_query)
            elif update.my_chat_member:
                await greeting.greet(self._talk, update.my_chat_member)
            elif message:
                await self._answered(message)
        except Exception:  # the last wall before the worker: the other updates still have their turn
            log.exception("update %d failed", update.update_id)

    async def close(self) -> None:
        await greeting.hush_all(self._talk)

    async def _events(self, message: Message) -> list[ImageEvent]:
        """Images of a watched chat; one odd message must not hold up the others."""
        talk = self._talk
        try:
            links = links_of(message) if talk.settings.follow_links else []
            shown = counts(message, talk.me.id, talk.settings.include_bots) and (pictures(message) or links)
        except Exception:  # a bug of ours: the log has it, and the chat goes on
            log.exception("message %d in chat %d can't be understood", message.message_id, message.chat.id)
            return []
        if not shown or (await talk.services.policies.for_space(space_of(message))).mode is Mode.OFF:
            return []
        return events_of(message, by_staff=await talk.excuses(message), links=links)

    def _ask(self, message: Message) -> Ask | None:
        """What somebody asks with a message, in whatever way; an edit asks nothing."""
        if message.edit_date:
            return None
        ask = command_of(message, self._talk.me)
        if ask:
            return ask if ask.name in EVERYBODY or ask.name in STAFF else None
        return Ask(message, "search") if search.is_asked(self._talk, message) else None

    async def _answered(self, message: Message) -> None:
        """Whatever happens, the person reads something."""
        words = await self._talk.words(message)
        try:
            if answer := await self._answer(message):
                await self._talk.say(message, answer)
            return
        except Unclear as unclear:
            sentence = Said(key="said.unknown", values={"usage": words(f"telegram.usage.{unclear}")})
        except ResightError as error:
            sentence = Said(key="said.sorry", values={"why": trouble(words, error)})
        except Exception:  # a bug of ours is told as one
            log.exception("message %d in chat %d failed", message.message_id, message.chat.id)
            sentence = Said(key="problem.internal")
        await self._talk.say(message, sentence)

    async def _answer(self, message: Message) -> Said | None:
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            await self._moved(message)
            return None
        ask = self._ask(message)
        if ask:
            greeting.hush(self._talk, message.chat.id)
            return await (EVERYBODY[ask.name](self._talk, ask) if ask.name in EVERYBODY else self._staff(ask))
        if message.chat.type == ChatType.PRIVATE:
            return await search.private(self._talk, message)
        return None

    async def _staff(self, ask: Ask) -> Said | None:
        """Only for the staff of the chat where it is asked; what works in private checks by itself."""
        if ask.message.chat.type == ChatType.PRIVATE:
            if ask.name not in IN_PRIVATE:
                return Said(key="said.not-here")
        elif not await self._talk.is_staff(ask.message):
            return Said(key="said.staff-only")
        return await STAFF[ask.name](self._talk, ask)

    async def _moved(self, message: Message) -> None:
        """A group has a new id. Telegram says so in the old chat and in the new one; once is enough."""
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        if old not in self._talk.moved:
            await self._talk.services.communities.move(Platform.TELEGRAM, str(old), str(new))
            self._talk.moved.keep(old, new)
