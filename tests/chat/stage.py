"""What the one suite needs of a front: people who use commands, post and press, and what they then read.

    mo     runs the community            #general   where it is asked, unless said otherwise
    ann    a member, who posts           #mod-log   where the moderators read
    bo     another member

A stage is a whole bot on one platform: real stores, a toy model, the real front, and its peer over real sockets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from bot.services import Services
from core.chat_port import Acting, Capabilities, Chat
from core.types import Platform, Space
from tests.small import drawn, saved

GENERAL, LOG = "general", "mod-log"
PATIENCE_S = 60.0
"""How long anything is waited for: far longer than it takes on a busy machine."""
KNOWN, TITLE, SOURCE = "river-city", "River city", "https://example.org/river"


@cache
def known() -> bytes:
    """An edited copy of the known image."""
    image = drawn(KNOWN)
    return saved(image.resize((700, 700 * image.height // image.width)), "JPEG", quality=70)


@dataclass(frozen=True, slots=True)
class Read:
    """A message of the bot as people read it; `native` is the platform's own."""

    text: str
    buttons: Sequence[str]
    native: Any = None


class Stage(Protocol):
    """One front, set up: nothing is watched yet, the image `KNOWN` is known to everybody."""

    platform: Platform
    can: Capabilities
    services: Services

    @property
    def chat(self) -> Chat:
        """The port that those who ask use."""
        ...

    @property
    def acting(self) -> Acting:
        """The port that the outbox uses."""
        ...

    def answers(self, answer: str, *, posting: bool = False) -> None:
        """Have the platform answer so (`tests.chat.answers`) to all calls, or to `posting` alone; "" ends that."""
        ...

    def lose_answers(self) -> None:
        """Have the platform do the next of what changes something, and lose its answer."""
        ...

    @property
    def written(self) -> int:
        """How many messages of the bot there are, in both places."""
        ...

    def forget(self) -> None:
        """Have the bot forget what it remembers for a while, so that it asks again."""
        ...

    @property
    def asked(self) -> int:
        """How often the bot has asked the platform for something."""
        ...

    def space(self, where: str = GENERAL) -> Space:
        """The channel; the same one for all names where a community has no channels."""
        ...

    async def use(
        self,
        who: str,
        command: str,
        /,
        *,
        where: str = GENERAL,
        about: Any = None,
        picture: bytes | None = None,
        **options: Any,
    ) -> Read:
        """Use a command; the answer to it, for whose eyes ever it is."""
        ...

    async def post(self, who: str, *pictures: bytes, text: str = "", where: str = GENERAL) -> Any:
        """Post something; the platform's own message."""
        ...

    def crowd(self, people: int, channels: int) -> Sequence[tuple[str, str]]:
        """People who may post and channels, made for them: who, and where; of one channel where there are no more."""
        ...

    async def answer(
        self, who: str, *pictures: bytes, text: str = "", private: bool = False, about: Any = None
    ) -> Read:
        """Write something; what the bot writes in reply."""
        ...

    async def cards(self, count: int = 1, saying: str = "") -> Sequence[Read]:
        """What the moderators read that says this, once there is so much."""
        ...

    async def press(self, who: str, message: Read, label: str) -> str:
        """Press a button; what is said to the one who pressed, "" for nothing."""
        ...

    async def press_data(self, who: str, data: str) -> str:
        """Press a button with this data in the moderators' place, as an altered app can."""
        ...

    async def make_staff(self, who: str, *, is_staff: bool = True) -> None:
        """Have somebody run the community, too, or no longer."""
        ...

    async def reposts(self) -> int:
        """How many posts the bot has posted again; an album is one."""
        ...

    async def now(self, message: Read) -> Read:
        """A message of the bot as it is by now."""
        ...

    async def stands(self, post: Any) -> str:
        """How a post stands: "there", "marked" or "gone"."""
        ...

    async def fate(self, person: str) -> str:
        """What was done to somebody: "in" the place, "quarantined", "out" of it or "banned"."""
        ...

    async def empower(self, who: str, *, may_ban: bool) -> None:
        """Give somebody of the staff the platform's own rights to put people out, or take them."""
        ...

    def told(self, person: str) -> Sequence[Read]:
        """What the bot wrote to somebody alone."""
        ...

    def role(self) -> Any:
        """The role for a quarantine as an option of a command names it; without roles, a person."""
        ...

    def named(self, person: str) -> Any:
        """A person as an option of a command names them."""
        ...

    def channel(self, where: str) -> Any:
        """A channel as an option of a command names it."""
        ...
