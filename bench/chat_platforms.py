"""The platforms of the pictures in docs/images: who is there, what they can do, and that they do what they are asked.

Played   `core.chat_port.Chat` and `Acting` in memory; what the bot shows is kept, to be drawn (bench/chat_looks.py)
CASTS    by platform: numbers of people and rooms as that platform writes them
"""

# ruff: noqa: ARG002  (everything works there, whatever is asked for)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.fronts.discord.commands import CAN as ON_DISCORD
from bot.fronts.matrix.acting import CAN as ON_MATRIX
from bot.fronts.telegram.chat import CAN as ON_TELEGRAM
from bot.fronts.terminal.chat import TerminalChat
from core.cases import Profile
from core.chat import DONE, Carried, Community, Said
from core.chat_port import Acting, Capabilities, Chat, Linked, Measure, Outgoing, Removal, Removed
from core.errors import Unscannable
from core.messages import Answer, Card, Named, Person, Place, Right
from core.ports import Clock
from core.types import Act, ActState, ImageEvent, Platform, Space

FIRST_NAMES = (
    *("Bo", "Kim", "Lea", "Noor", "Ravi", "Sol", "Tess", "Uma", "Vito", "Wren"),
    *("Xena", "Yuri", "Zoe", "Abe", "Cleo", "Dan", "Eli", "Fay", "Gus", "Hal"),
)
CHANNELS = ("general", "memes", "art", "photos", "music", "gaming", "off-topic", "trading", "help", "announcements")
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LOG, BOSS = "mod-log", "ann"
REFUSED = Carried(state=ActState.FORBIDDEN, sentence="no-permission|Manage Messages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """A platform with one community: its number, those of its channels by name, and how people are numbered there."""

    platform: Platform
    title: str
    can: Capabilities
    community: str
    channels: Mapping[str, str]
    person: str
    link: str

    def space(self, channel: str) -> Space:
        """A channel; where a community has none it is itself one, and the moderators have a chat of their own."""
        number = self.channels.get(channel, self.community)
        return Space(
            platform=self.platform, community=self.community if self.can.has_channels else number, channel=number
        )

    @property
    def open_channels(self) -> Sequence[str]:
        """Those in which anybody posts."""
        return [name for name in self.channels if name != LOG] or [CHANNELS[0]]

    def people(self) -> Sequence[Person]:
        return [self.somebody(name, number) for number, name in enumerate(FIRST_NAMES)]

    def somebody(self, name: str, number: int = 0) -> Person:
        known_as = self.person.format(name=name.lower(), number=f"{number:02}")
        return Person(id=known_as, name=known_as if self.platform is Platform.TERMINAL else name)

    def name_of(self, space: Space) -> str:
        """The channel as people write it there."""
        names = {number: name for name, number in self.channels.items()}
        name = names.get(space.channel, "")
        return f"#{name}" if name and self.can.has_channels else name or "Picture club"


def _numbered(pattern: str) -> dict[str, str]:
    return {name: pattern.format(name=name, number=f"{number:02}") for number, name in enumerate((*CHANNELS, LOG))}


CASTS = (
    Cast(
        platform=Platform.DISCORD,
        title="Discord",
        can=ON_DISCORD,
        community="410000000000000000",
        channels=_numbered("4200000000000000{number}"),
        person="4500000000000000{number}",
        link="https://discord.com/channels/410000000000000000/{channel}/{message}",
    ),
    Cast(
        platform=Platform.TELEGRAM,
        title="Telegram",
        can=ON_TELEGRAM,
        community="-1004100000000",
        channels={LOG: "-1004200000000"},
        person="45000000{number}",
        link="https://t.me/c/4100000000/{message}",
    ),
    Cast(
        platform=Platform.MATRIX,
        title="Matrix",
        can=ON_MATRIX,
        community="!club:example.org",
        channels=_numbered("!{name}:example.org"),
        person="@{name}:example.org",
        link="https://matrix.to/#/{channel}/$m{message}",
    ),
    Cast(
        platform=Platform.TERMINAL,
        title="Terminal",
        can=TerminalChat.can,
        community="here",
        channels={"general": "general", LOG: LOG},
        person="{name}",
        link="terminal:{message}",
    ),
)


@dataclass
class Played(Chat, Acting):
    """A platform on which everything works, but removals in the channel `refuses`; `shown` is what the bot wrote last.

    `images` are the posted files by the name of the event's picture; one that is missing is encrypted without a key.
    """

    cast: Cast
    clock: Clock
    refuses: str = ""
    images: dict[str, bytes] = field(default_factory=dict)
    shown: list[Answer] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.cast.platform.value

    @property
    def can(self) -> Capabilities:
        return self.cast.can

    @property
    def keeps_posts(self) -> bool:
        return self.cast.platform is Platform.DISCORD

    async def right_of(self, person: Person, space: Space) -> Right:
        return Right.MANAGER if person.name == BOSS else Right.EVERYBODY

    def name_of(self, space: Space) -> str:
        return self.cast.name_of(space)

    async def community_name(self, space: Space) -> str:
        return "Picture club"

    def address(self, space: Space, thread: str = "") -> str:
        return space.channel

    def address_of(self, person: Person) -> str:
        return person.id

    async def place(self, space: Space, text: str) -> Space | None:
        return self.cast.space(text.removeprefix("#"))

    async def person(self, space: Space, text: str) -> Person | None:
        return self.cast.somebody(text.removeprefix("@"))

    async def linked(self, person: Person, space: Space, link: str) -> Linked | None:
        return None

    async def lacking(self, space: Space, acts: Sequence[Act], *, watching: bool = False) -> Sequence[Said]:
        return ()

    async def write_to(self, person: Person, answer: Answer) -> bool:
        self.shown.append(answer)
        return True

    async def fetch(self, event: ImageEvent) -> bytes:
        if event.image not in self.images:
            raise Unscannable("no-key", "The message is encrypted, and its key has not come.")
        return self.images[event.image]

    async def profile(self, event: ImageEvent) -> Profile:
        """Discord alone tells of accounts."""
        if self.cast.platform is not Platform.DISCORD:
            return Profile()
        return Profile(made_at=NOON - timedelta(days=3), joined_at=NOON - timedelta(hours=5))

    async def show(self, address: str, message: Outgoing, receipt: str) -> Carried:
        """The picture of a message stays while its words change."""
        known = receipt or message.key
        picture = message.answer.picture or self.pictures.get(known)
        if picture:
            self.pictures[known] = picture
        self.shown.append(with_rooms(self.cast, replace(message.answer, picture=picture)))
        return replace(DONE, receipt=known)

    async def reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:
        return DONE

    async def may_read(self, address: str, community: Community) -> bool:
        return True

    async def can_write(self, address: str, community: Community) -> Carried:
        return DONE

    async def warn(self, space: Space, warning: Answer) -> bool:
        return True

    async def withdraw(self, receipt: str) -> Carried:
        return DONE

    async def react(self, event: ImageEvent, message: str, on: bool) -> Carried:
        return DONE

    async def delete(self, event: ImageEvent, message: str, removal: Removal) -> Carried:
        return REFUSED if event.space.channel == self.cast.channels.get(self.refuses) else DONE

    async def erase(self, event: ImageEvent, message: str) -> Carried:
        return DONE

    async def restrict(
        self, event: ImageEvent, until: datetime | None, reason: Said, language: str, before: str
    ) -> Carried:
        return replace(DONE, receipt="until")

    async def on_author(self, event: ImageEvent, measure: Measure) -> Carried:
        """What a ban deletes Discord tells in hours, the others in messages."""
        told = "purged-hours|24" if self.cast.platform is Platform.DISCORD else "purged|14"
        return replace(DONE, sentence=told if measure.act is Act.BAN else "", receipt="banned")

    async def tell(self, event: ImageEvent, message: Outgoing, aloud: Answer | None) -> Carried:
        return DONE

    async def repost(self, removed: Removed) -> Carried:
        return replace(DONE, receipt=f"again-{removed.event.message}")


def with_rooms(cast: Cast, answer: Answer) -> Answer:
    """The answer with the names of its rooms, as Matrix' own module fills them in (bot/fronts/matrix/writing.py)."""

    def named(name: Named) -> Named:
        return replace(name, name=cast.name_of(name.space)) if isinstance(name, Place) else name

    def with_names(card: Card) -> Card:
        return replace(card, lines=tuple(replace(one, names=tuple(map(named, one.names))) for one in card.lines))

    is_on_matrix = cast.platform is Platform.MATRIX
    return replace(answer, cards=tuple(map(with_names, answer.cards))) if is_on_matrix else answer
