"""What is said in a chat, by people and by the bot, as data; a front turns it into what its platform knows.

    somebody writes    Incoming: who, where, text, the pictures it shows, the message it replies to
    somebody asks      Asked: a command, a menu or a question, with what it is about
    somebody presses   Pressed: a button below a message of the bot, known by its data

    the bot says       Answer: a sentence, rows, cards, a picture, buttons
                       Card: a titled message, such as the moderators' card of a case

All texts are plain: the front escapes every one of them.
"""

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from pathlib import PurePosixPath
from typing import Literal

from core.chat import Said
from core.types import ImageEvent, Intent, Space

LONGEST_TEXT = 4096
"""Characters that are kept of what is written with a post; no platform allows more in one message."""

COMMON = frozenset({".png", ".apng", ".jpg", ".jpe", ".jpeg", ".jfif", ".gif", ".webp", ".avif"})
PICTURES = COMMON | {".bmp", ".heic", ".heif", ".tif", ".tiff", ".jxl", ".ico", ".svg"}
VIDEOS = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".3gp", ".gifv"})
UNTOLD = ("", "application/octet-stream", "binary/octet-stream")
"""Types that say nothing."""

type Style = Literal["danger", "success", "plain"]


class Right(IntEnum):
    """What somebody may ask of the bot in a community."""

    EVERYBODY = 0
    MODERATOR = 1
    MANAGER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody on a platform, or a role there.

    handle     a name that nobody else has there, such as "@ann", "" = none
    language   of their app, "" = unknown
    is_chat    a channel or a group that writes in its own name
    """

    id: str
    name: str = ""
    handle: str = ""
    language: str = ""
    is_chat: bool = False

    @property
    def signature(self) -> str:
        """How what they decide and change is signed."""
        return self.handle or self.name or self.id

    @property
    def plain(self) -> str:
        """What they are called, else their number."""
        return self.name or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture that a message shows: the front's name of it within the message, and its short cut to the bytes."""

    image: str
    hint: str = ""
    file_name: str = ""


def may_be_picture(content_type: str | None, file_name: str) -> bool:
    """Return whether a file is looked at, a picture or a video: by type, by name, or since nothing says what it is.

    What it really is the decoder finds out.
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind.startswith(("image/", "video/")) or PurePosixPath(file_name.lower()).suffix in PICTURES | VIDEOS:
        return True
    return kind in UNTOLD and mimetypes.guess_type(file_name)[0] in (None, *UNTOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message as a front understood it.

    number     grows from one message of a place to the next; 0 where `message` itself is such a number
    group      the album that it is a part of, "" = none
    roles      of its author
    by_staff   whether its author is staff, whose posts are not looked at
    by_bot     whether its author is another bot or an integration
    names_bot  whether it mentions the bot
    buttons    the data of the buttons below it: it is a message of the bot
    """

    space: Space
    message: str
    author: Person
    number: int = 0
    thread: str = ""
    text: str = ""
    pictures: tuple[Shown, ...] = ()
    group: str = ""
    link: str = ""
    roles: tuple[str, ...] = ()
    by_staff: bool = False
    by_bot: bool = False
    names_bot: bool = False
    buttons: tuple[str, ...] = ()
    replied_to: "Incoming | None" = None

    @property
    def is_private(self) -> bool:
        """Whether it was written to the bot alone."""
        return not self.space.community

    def events(self, intent: Intent = Intent.POSTED) -> list[ImageEvent]:
        """One event for each picture; what is written with it is kept with posts, not with questions."""
        return [
            ImageEvent(
                space=self.space,
                message=self.message,
                image=one.image,
                author=self.author.id,
                author_name=self.author.name,
                file_name=one.file_name,
                group=self.group,
                link=self.link,
                intent=intent,
                thread=self.thread,
                hint=one.hint,
                roles=self.roles,
                by_staff=self.by_staff,
                by_bot=self.by_bot,
                text="" if intent is Intent.QUERY else self.text[:LONGEST_TEXT],
            )
            for one in self.pictures
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody asks the bot for something.

    number      tells two askings of the same thing apart: of the message or of the use of a command
    own         the message with which it was asked, where a command is a message
    about       the message that it is about: the one that is replied to, or whose menu was opened
    right       what the asker may ask for, where the platform says so with the command; None = the front is asked
    answer_to   where an answer of the outbox goes, in the front's own words; "" = below `own`, or below `about`
    """

    who: Person
    space: Space
    number: int
    thread: str = ""
    own: Incoming | None = None
    about: Incoming | None = None
    right: Right | None = None
    answer_to: str = ""

    @property
    def is_private(self) -> bool:
        """Whether it was asked of the bot alone."""
        return not self.space.community

    def questions(self, shown: Incoming, language: str) -> list[ImageEvent]:
        """The events of a question about the pictures of a message."""
        asking = {"author": self.who.id, "author_name": self.who.name, "by_staff": False, "roles": ()}
        return [
            replace(event, revision=self.number, answer_to=self.answer_to, language=language, **asking)  # type: ignore[arg-type]
            for event in shown.events(Intent.QUERY)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Somebody presses a button: its data, and the message below which it is.

    number     tells two presses apart
    is_alone   whether nobody else sees that message
    """

    who: Person
    space: Space
    message: str
    data: str
    number: int = 0
    thread: str = ""
    right: Right | None = None
    is_alone: bool = False


class Tone(StrEnum):
    """What a card is about, as a colour can say it."""

    MATCH = "match"
    REVIEW = "review"
    CLEAN = "clean"
    DECIDED = "decided"
    REVERSED = "reversed"
    FAILED = "failed"


MENTION = "\x1a"
"""Stands in a `Line` for a person or a channel; no text of strangers has it (`core.telling.one_line`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel that a text names, and the thread in it; `name` as people write it, "" = unknown."""

    space: Space
    thread: str = ""
    name: str = ""

    @property
    def plain(self) -> str:
        """The name, else the number."""
        return self.name or f"#{self.space.channel}"


type Named = Person | Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A fact with its label, or a sentence without one; `text` may have several rows.

    names      people and channels, in order: one for each `MENTION` in the text. Where the platform can, a front makes
               of it what opens the person or the channel; it notifies nobody
    is_quote   whether the text is what somebody wrote
    """

    label: str = ""
    text: str
    url: str = ""
    names: tuple[Named, ...] = ()
    is_quote: bool = False

    @property
    def plain(self) -> str:
        """The text with plain names, for what knows no mentions."""
        return named(self.text, self.names, lambda name: name.plain)


def named(text: str, names: Sequence[Named], shown: Callable[[Named], str]) -> str:
    """Return the text with each `MENTION` replaced by its name as it is `shown`."""
    first, *rest = text.split(MENTION)
    names_shown = [*map(shown, names[: len(rest)]), *[""] * (len(rest) - len(names))]
    return "".join([first, *(f"{name}{part}" for name, part in zip(names_shown, rest, strict=True))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`data` comes back when it is pressed; see `handlers.chat.presses`.

    `beside`: its label is so short that it may stand beside the one before it.
    """

    label: str
    data: str
    style: Style = "plain"
    beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A titled message. `link` leads to the post; `colon` is what stands between a label and its text.

    `legend` says what the parts of the evidence picture are: for messages that carry it. `community` is that of the
    people whom the card names: where its members read, a platform may have no mention that notifies nobody.
    """

    title: str
    tone: Tone
    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    link: str = ""
    link_label: str = ""
    footer: str = ""
    legend: str = ""
    community: str = ""
    colon: str = ": "


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of a list below a sentence: a `code` to be copied, a text that may be a link, and a note."""

    text: str = ""
    code: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody who asks, or presses, gets to read.

    language   of the sentence
    picture    JPEG, shown with the first card
    refusal    whether it is to be noticed: they did not get what they asked for
    alone      whether it is for the asker alone, where the platform can; not if it has buttons
    """

    said: Said | None = None
    language: str = ""
    rows: tuple[Row, ...] = ()
    cards: tuple[Card, ...] = ()
    buttons: tuple[Button, ...] = ()
    picture: bytes | None = field(default=None, repr=False)
    refusal: bool = False
    alone: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say: the outbox answers, or nobody does."""
        return self.said is None and not self.cards and not self.rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What a press comes to.

    note       what the person who pressed reads, alone
    message    a message of its own, for that person where the platform can
    instead    what the message with the button shows from now on
    """

    note: Answer = Answer()
    message: Answer | None = None
    instead: Answer | None = None
