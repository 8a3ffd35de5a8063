"""What all who answer on Telegram share: whose language, who is staff, what passed by, and how something is said.

Ask       a command with its words and options     command_of(message, me) -> Ask
Staff     who runs a chat: asked of Telegram, remembered for a minute
Memory    the newest albums and names; bounded, and no harm is done if a restart forgets them
Talk      all of it, with the services
"""

import asyncio
import html
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from telegram import Chat, InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.fronts.telegram.api import Bot, kept
from bot.fronts.telegram.cards import BECOMES_A_LINK, JOINER
from bot.fronts.telegram.events import thread_of
from bot.fronts.telegram.notes import NO_PREVIEW, Place, replying
from bot.settings import Settings
from core.chat import Community, Said
from core.telling import said, with_texts
from core.types import Platform
from core.wording import Words
from handlers.brakes import Allowance
from handlers.services import Services

A_MINUTE = timedelta(minutes=1)
REMEMBERED_S, FRESH_S = 60.0, 5.0
MOST_CHATS, MOST_ALBUMS, MOST_NAMES = 2_000, 1_000, 10_000
SAY_TRIES = 3
ALBUM_PAUSE_S, NEW = 1.0, timedelta(seconds=10)
"""The pictures of an album come one by one; this long after the first all are there."""

NAMED_BY_STRANGERS = ("name", "why", "title")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ask:
    """A command: its name, the words after it, and those of them that are `key=value`."""

    message: Message
    name: str
    words: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    def word(self, number: int) -> str:
        """A word by its place, "" if there is none."""
        return self.words[number] if number < len(self.words) else ""

    def rest(self, number: int) -> "Ask":
        """The command that the words from there on are: "references add x" is "add x"."""
        return Ask(self.message, self.word(number), self.words[number + 1 :], self.options)


class Unclear(Exception):
    """The command can't be understood; its usage is what helps."""


def command_of(message: Message, me: User) -> Ask | None:
    """The command of a text or a caption, if it is for us."""
    first, *others = (message.text or message.caption or "").split() or [""]
    name, _, whom = first.removeprefix("/").partition("@")
    if not first.startswith("/") or whom.lower() not in ("", (me.username or "").lower()):
        return None
    options = dict(word.split("=", 1) for word in others if "=" in word)
    return Ask(message, name.lower(), tuple(word for word in others if "=" not in word), options)


class Bounded[Key, Value](OrderedDict[Key, Value]):
    """A dict that forgets what was put in first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: Key, value: Value) -> None:
        self[key] = value
        while len(self) > self._most:
            self.popitem(last=False)


class Staff:
    """The administrators of a chat, as Telegram says."""

    def __init__(self, bot: Bot, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot, self._clock = bot, clock
        self._known: Bounded[int, tuple[float, frozenset[int]]] = Bounded(MOST_CHATS)

    async def of(self, chat: int, at_most: float = REMEMBERED_S) -> frozenset[int]:
        """Their ids, known for `at_most` seconds at most; nobody where we are not let in. Raises RetryLater."""
        at, known = self._known.get(chat, (-at_most, frozenset[int]()))
        if self._clock() - at < at_most and chat in self._known:
            return known
        found = await kept(self._bot.get_chat_administrators(chat))
        ids = frozenset(one.user.id for one in found or ())
        self._known.keep(chat, (self._clock(), ids))
        return ids

    async def has(self, chat: int, user: int) -> bool:
        """Whether they are; who was just promoted is believed after a few seconds."""
        return user in await self.of(chat) or user in await self.of(chat, FRESH_S)


class Memory:
    """What passed by."""

    def __init__(self) -> None:
        self._albums: Bounded[tuple[int, str], dict[int, Message]] = Bounded(MOST_ALBUMS)
        self._names: Bounded[str, User] = Bounded(MOST_NAMES)

    def notice(self, update: Update) -> None:
        message = None if update.callback_query else update.effective_message
        user = update.effective_user
        if user and user.username:
            self._names.keep(user.username.lower(), user)
        if message and message.media_group_id:
            key = (message.chat.id, message.media_group_id)
            self._albums.keep(key, {**self._albums.get(key, {}), message.message_id: message})

    def album(self, message: Message) -> list[Message]:
        """All pictures of its album that passed by, in order; of no album, it alone."""
        known = self._albums.get((message.chat.id, message.media_group_id or ""), {})
        return [one for _, one in sorted({message.message_id: message, **known}.items())]

    def person(self, name: str) -> User | None:
        """Whoever has that user name and wrote something of late."""
        return self._names.get(name.lower())


class Talk:
    """The bot in conversation.

    awaited    who said that an image follows, in which chat: until when, and the album that it began
    slowed     who was told to slow down, until when
    moved      groups that are supergroups now
    greetings  what will be said in a new group, unless somebody there speaks first
    """

    def __init__(self, bot: Bot, services: Services, settings: Settings, me: User) -> None:
        self.bot, self.services, self.settings, self.me = bot, services, settings, me
        self.staff = Staff(bot)
        self.memory = Memory()
        self.allowance = Allowance(settings.asks_a_minute, A_MINUTE, services.clock)
        self.awaited: Bounded[tuple[int, str], tuple[float, str]] = Bounded(MOST_NAMES)
        self.slowed: Bounded[str, float] = Bounded(MOST_NAMES)
        self.moved: Bounded[int, int] = Bounded(MOST_CHATS)
        self.greetings: dict[int, asyncio.Task[None]] = {}

    async def community(self, chat: Chat | int) -> Community:
        number = chat if isinstance(chat, int) else chat.id
        return await self.services.communities.get(Platform.TELEGRAM, str(number))

    async def language(self, chat: Chat, user: User | None) -> str:
        """The community's, where one was chosen, else the person's."""
        chosen = "" if chat.type == ChatType.PRIVATE else (await self.community(chat)).language
        return chosen or language_of(user)

    async def words(self, message: Message) -> Words:
        return Words.of(await self.language(message.chat, message.from_user))

    async def is_staff(self, message: Message) -> bool:
        """Administrators, also in the group's own name. In a channel nobody else can write."""
        chat, user = message.chat, message.from_user
        if message.sender_chat:
            return message.sender_chat.id == chat.id
        return user is not None and await self.staff.has(chat.id, user.id)

    async def excuses(self, message: Message) -> bool:
        """Whether its author's posts are not looked at. In a channel that would excuse all of them, so it is nobody."""
        return message.chat.type != ChatType.CHANNEL and await self.is_staff(message)

    async def album(self, message: Message) -> list[Message]:
        """The whole album of a message, also of one that has only begun to arrive."""
        if message.media_group_id and datetime.now(UTC) - message.date < NEW:
            await asyncio.sleep(ALBUM_PAUSE_S)
        return self.memory.album(message)

    async def say(self, message: Message, sentence: Said, keys: InlineKeyboardMarkup | None = None) -> None:
        """A sentence in reply."""
        await self.write(message, plain(await self.words(message), sentence), keys)

    async def write(self, message: Message, text: str, keys: InlineKeyboardMarkup | None = None) -> None:
        """HTML in reply; if Telegram does not answer it is tried again, because silence is the worst answer."""
        for wait in range(1, SAY_TRIES + 1):
            try:
                await self._send(message, text, keys)
                return
            except TelegramError as error:
                if isinstance(error, BadRequest) or not isinstance(error, NetworkError) or wait == SAY_TRIES:
                    log.warning("an answer in chat %d was not sent: %s", message.chat.id, error.message)
                    return
            await asyncio.sleep(wait)

    async def _send(self, message: Message, text: str, keys: InlineKeyboardMarkup | None) -> None:
        await self.bot.send_message(
            message.chat.id,
            text,
            ParseMode.HTML,
            reply_parameters=replying(message.message_id),
            message_thread_id=place_of(message).thread,
            reply_markup=keys,
            link_preview_options=NO_PREVIEW,
        )


def plain(words: Words, sentence: Said) -> str:
    """The sentence as HTML; names in it become no mention. Commands in it stay what they are, to be copied."""

    def tame(name: str, text: str) -> str:
        return BECOMES_A_LINK.sub(rf"\g<0>{JOINER}", text) if name in NAMED_BY_STRANGERS else text

    return html.escape(said(words, with_texts(sentence, tame)))


def language_of(user: User | None) -> str:
    """What a person's app is set to, if we speak it."""
    return "zh" if user and (user.language_code or "").startswith("zh") else "en"


def by_of(message: Message) -> str:
    """Who decides something, for the record."""
    if message.sender_chat:
        return message.author_signature or message.sender_chat.title or str(message.sender_chat.id)
    return message.from_user.name if message.from_user else ""


def place_of(message: Message) -> Place:
    """Where an answer to it belongs."""
    thread = thread_of(message)
    return Place(message.chat.id, int(thread) if thread else None)


def replied(message: Message) -> Message | None:
    """The message that it answers; all of a topic's messages answer its beginning, which is none."""
    target = message.reply_to_message
    return None if target is None or target.forum_topic_created else target
