"""One stage for both platforms, so that each story is told once: people act, and what they can see is looked at.

Stage          a new community with a watched channel, a channel for the moderators, Alice, Bo, and Mo the moderator
DiscordStage   over tests/peers/discord_server.py
TelegramStage  over tests/peers/telegram_server.py

What people read is compared with core/words in the language of the stage.
"""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.types import Mode
from core.wording import Words
from handlers.chat import data
from tests.peers.discord_interactions import Interaction
from tests.peers.discord_server import DiscordServer
from tests.peers.discord_world import Message as DiscordMessage
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_world import Chat, Message, User

LOCALES = {"en": "en-US", "zh": "zh-CN"}
NUMBERS = itertools.count(1)
PATIENCE_S = 20.0


def _does(button: str, letter: str) -> bool:
    """Whether the data of a button is about a case, and this is what it does."""
    meant = data.read(button)
    return isinstance(meant, data.OfCase) and data.LETTERS[meant.action] == letter


@dataclass(frozen=True)
class Seen:
    """A message of the bot as a person sees it; `picture` is the evidence beside it."""

    text: str
    picture: bytes | None
    buttons: tuple[str, ...]
    raw: Any


class Stage(ABC):
    """What a story may do, and what it may look at."""

    name: str
    number: int

    def __init__(self, language: str) -> None:
        self.language = language
        self.words = Words.of(language)
        self.number = next(NUMBERS)

    @abstractmethod
    async def set_up(self, mode: Mode = Mode.DRY_RUN) -> None:
        """The moderator sets the community up, as a new user would."""

    @abstractmethod
    async def ask(self, image: bytes) -> Seen:
        """Alice sends an image to the bot alone, and reads the answer."""

    @abstractmethod
    def post(self, image: bytes, who: str = "alice") -> Any:
        """Somebody posts an image in the watched channel."""

    @abstractmethod
    def posts(self) -> list[Seen]:
        """What stands in the watched channel, whoever wrote it."""

    @abstractmethod
    def cards(self) -> list[Seen]:
        """The moderators' cards."""

    @abstractmethod
    def is_gone(self, post: Any) -> bool: ...

    @abstractmethod
    def is_flagged(self, post: Any) -> bool: ...

    @abstractmethod
    def is_barred(self) -> bool:
        """Whether Alice can't post for the time being."""

    @abstractmethod
    async def press(self, card: Seen, action: str, who: str = "mo") -> None:
        """Press the button of a decision."""

    @abstractmethod
    async def pressed(self, card: Seen, action: str, who: str = "mo") -> str:
        """Press it where there is something to be told, and read that."""

    @abstractmethod
    async def enforce_with_timeout(self) -> None:
        """Have `enforce` delete the post and time its author out."""

    @abstractmethod
    async def report(self, post: Any, who: str = "bo") -> str:
        """Report a post; what the person reads."""

    @abstractmethod
    async def add_reference(self, post: Any, who: str = "mo") -> Seen:
        """Make a post's pictures references; what the person reads."""

    @abstractmethod
    async def press_undo_of_adding(self, seen: Seen) -> str: ...

    @abstractmethod
    async def why(self, post: Any) -> str: ...

    @abstractmethod
    async def command(self, name: str, **options: Any) -> str:
        """A command of the moderator in the watched channel; what they read."""

    @abstractmethod
    async def until[T](self, true: Callable[[], T]) -> T: ...

    def did(self, act: str, state: str = "done") -> str:
        """The row of a card that says how an act went."""
        return self.words("card.row", act=self.words(f"act.{act}"), state=self.words(f"act_state.{state}"))

    async def card(self, count: int = 1) -> Seen:
        """The newest card, once there are so many."""
        return (await self.until(lambda: self.cards() if len(self.cards()) >= count else []))[-1]

    async def card_of(self, post: Any) -> Seen:
        """The card whose link leads to this post."""

        def links(card: Seen) -> bool:
            return any((button.url or "").endswith(f"/{post.id}") for button in card.raw.buttons)

        return (await self.until(lambda: [one for one in self.cards() if links(one)]))[0]

    async def card_says(self, *keys: str) -> Seen:
        """The newest card once it says all of these: keys of the words, or words."""
        wanted = [self.words(key) if self.words.has(key) else key for key in keys]
        return (
            await self.until(lambda: [one for one in self.cards()[-1:] if all(word in one.text for word in wanted)])
        )[0]


class DiscordStage(Stage):
    """A guild of its own."""

    name = "discord"

    def __init__(self, server: DiscordServer, language: str) -> None:
        super().__init__(language)
        self.server = server
        self.guild = server.guild(f"Guild {self.number}")
        self.channel = server.channel(self.guild, "general")
        self.log = server.channel(self.guild, "mod-log")
        may = ("manage_guild", "manage_messages", "moderate_members")
        people: dict[str, tuple[str, ...]] = {"alice": (), "bo": (), "mo": may, "mo2": may}
        self.people = {
            who: server.member(self.guild, f"{who}-{self.number}", permissions=rights) for who, rights in people.items()
        }

    async def set_up(self, mode: Mode = Mode.DRY_RUN) -> None:
        language = self.language
        said = await self.command("setup", log=self.log, mode=mode.value, language=language)
        assert self.words("mode." + mode) in said, said

    async def ask(self, image: bytes) -> Seen:
        direct = self.server.direct(self.people["alice"])
        before = len(self.server.messages(direct))
        asked = {"en": "what is it?", "zh": "这是什么？"}[self.language]  # a message tells no language but its own
        self.server.post(direct, self.people["alice"], asked, files={"question.png": image})
        found = await self.until(lambda: self.server.messages(direct)[before + 1 :])
        return _of_discord(found[-1])

    def post(self, image: bytes, who: str = "alice") -> DiscordMessage:
        return self.server.post(self.channel, self.people[who], "look", files={"picture.png": image})

    def posts(self) -> list[Seen]:
        return [_of_discord(one) for one in self.server.messages(self.channel)]

    def cards(self) -> list[Seen]:
        return [_of_discord(one) for one in self.server.messages(self.log) if one.embeds]

    def is_gone(self, post: DiscordMessage) -> bool:
        return post.deleted

    def is_flagged(self, post: DiscordMessage) -> bool:
        return not post.deleted and bool(post.reactions)

    def is_barred(self) -> bool:
        return self.server.is_timed_out(self.guild, self.people["alice"])

    async def press(self, card: Seen, action: str, who: str = "mo") -> None:
        pressed = self._press(card, action, who)
        await self.until(lambda: pressed.record.responded)

    async def pressed(self, card: Seen, action: str, who: str = "mo") -> str:
        return (await self._press(card, action, who).note()).text

    def _press(self, card: Seen, action: str, who: str) -> Interaction:
        button = next(one.custom_id for one in card.raw.buttons if _does(one.custom_id or "", data.LETTERS[action]))
        return self.server.press(card.raw, self.people[who], button or "", locale=LOCALES[self.language])

    async def enforce_with_timeout(self) -> None:
        await self.command("actions", mode="enforce", delete=True, timeout=True, minutes=60)

    async def report(self, post: DiscordMessage, who: str = "bo") -> str:
        return (await self._menu("report-this", post, who)).text

    async def add_reference(self, post: DiscordMessage, who: str = "mo") -> Seen:
        return _of_discord(await self._menu("add-this", post, who))

    async def press_undo_of_adding(self, seen: Seen) -> str:
        pressed = self.server.press(seen.raw, self.people["mo"], seen.buttons[0], locale=LOCALES[self.language])
        return (await pressed.answer()).text

    async def why(self, post: DiscordMessage) -> str:
        return (await self._menu("why-this", post, "mo")).text

    async def _menu(self, key: str, post: DiscordMessage, who: str) -> DiscordMessage:
        name = Words.of("en")(f"command.{key}")
        used = self.server.context_menu(name, self.channel, self.people[who], post, locale=LOCALES[self.language])
        return await used.answer()

    async def command(self, name: str, **options: Any) -> str:
        used = self.server.slash(self.channel, self.people["mo"], name, locale=LOCALES[self.language], **options)
        return (await used.answer()).text

    async def until[T](self, true: Callable[[], T]) -> T:
        return await self.server.until(true, PATIENCE_S)


class TelegramStage(Stage):
    """A group of its own, and another for the moderators."""

    name = "telegram"

    def __init__(self, server: TelegramServer, language: str) -> None:
        super().__init__(language)
        self.server = server
        self.chat = server.group(f"Group {self.number}", admin=True)
        self.log = server.group(f"Moderators {self.number}", admin=True)
        names = ("alice", "bo", "mo", "mo2")
        self.people: Mapping[str, User] = {who: server.user(f"{who}{self.number}", language) for who in names}
        for chat in (self.chat, self.log):
            server.make_admin(chat, self.people["mo"])
            server.make_admin(chat, self.people["mo2"])
        for who in ("alice", "bo"):
            server.start(self.people[who])

    async def set_up(self, mode: Mode = Mode.DRY_RUN) -> None:
        self.server.post(self.chat, self.people["mo"], text=f"/setup here {mode} {self.language}")
        await self.until(
            lambda: [one for one in self.server.said(self.chat) if self.words("mode." + mode) in one.shown]
        )
        await self._told(self.log, f"/log {self.chat.id}")

    async def _told(self, chat: Chat, text: str, who: str = "mo", reply_to: Message | None = None) -> str:
        """Write a command; what the bot says next in that chat."""
        return (await self._answer(chat, text, who, reply_to)).text

    async def _answer(self, chat: Chat, text: str, who: str, reply_to: Message | None) -> Seen:
        before = len(self.server.said(chat))
        more: dict[str, Message] = {"reply_to": reply_to} if reply_to else {}
        self.server.post(chat, self.people[who], text=text, **more)  # type: ignore[arg-type]
        return _of_telegram((await self.until(lambda: self.server.said(chat)[before:]))[-1])

    async def ask(self, image: bytes) -> Seen:
        private = self.server.private(self.people["alice"])
        before = {one.id for one in self.server.said(private)}
        question = self.server.post(private, self.people["alice"], document=("question.png", image, "image/png"))
        answers = await self.until(
            lambda: [one for one in self.server.said(private) if one.id not in before and one.reply_to is question]
        )
        return _of_telegram(answers[-1])

    def post(self, image: bytes, who: str = "alice") -> Message:
        return self.server.post(self.chat, self.people[who], photo=image, caption="look")

    def posts(self) -> list[Seen]:
        return [_of_telegram(one) for one in self.server.messages(self.chat)]

    def cards(self) -> list[Seen]:
        return [_of_telegram(one) for one in self.server.said(self.log) if any(b.data for b in one.buttons)]

    def is_gone(self, post: Message) -> bool:
        return post.deleted

    def is_flagged(self, post: Message) -> bool:
        return not post.deleted and bool(post.reactions)

    def is_barred(self) -> bool:
        return self.server.is_restricted(self.chat, self.people["alice"])

    async def press(self, card: Seen, action: str, who: str = "mo") -> None:
        await self.pressed(card, action, who)

    async def enforce_with_timeout(self) -> None:
        await self._told(self.chat, "/actions enforce delete,timeout 60")

    async def pressed(self, card: Seen, action: str, who: str = "mo") -> str:
        letter = {"not_a_match": "n", "unsure": "s", "abuse": "x"}.get(action, action[0])
        pressed = next(one.data for one in card.raw.buttons if _does(one.data or "", letter))
        return (await self.server.press(card.raw, self.people[who], pressed or "").answer()).text

    async def report(self, post: Message, who: str = "bo") -> str:
        private = self.server.private(self.people[who])
        before = len(self.server.said(private))
        self.server.post(self.chat, self.people[who], text="/report", reply_to=post)
        return (await self.until(lambda: self.server.said(private)[before:]))[-1].shown

    async def add_reference(self, post: Message, who: str = "mo") -> Seen:
        return await self._answer(self.chat, "/add", who, post)

    async def press_undo_of_adding(self, seen: Seen) -> str:
        before = len(self.server.said(self.chat))
        told = (await self.server.press(seen.raw, self.people["mo"], seen.buttons[0]).answer()).text
        return told or (await self.until(lambda: self.server.said(self.chat)[before:]))[-1].shown

    async def why(self, post: Message) -> str:
        return await self._told(self.chat, "/why", reply_to=post)

    async def command(self, name: str, **options: Any) -> str:
        words = [f"{key}={value}" if key in ("collection", "kind") else str(value) for key, value in options.items()]
        return await self._told(self.chat, " ".join([f"/{name}", *words]))

    async def until[T](self, true: Callable[[], T]) -> T:
        return await self.server.until(true, PATIENCE_S)


def _of_discord(message: DiscordMessage) -> Seen:
    pictures = [file.data for file in message.attachments if file.name.endswith((".jpg", ".png"))]
    labels = tuple(button.label for button in message.buttons)
    return Seen(message.text, pictures[0] if pictures else None, labels, message)


def _of_telegram(message: Message) -> Seen:
    return Seen(message.shown, message.photo, tuple(button.label for button in message.buttons), message)
