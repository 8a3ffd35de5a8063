"""What the chat asks of a platform: `Chat`, and what that platform can do at all: `Capabilities`.

Implemented by bot/fronts/{discord,telegram,terminal}; what the bot does in a chat is written once, in handlers/chat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.chat import Said
from core.messages import Answer, Incoming, Person, Right
from core.types import Act, Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a platform can do, beyond writing messages.

    has_channels    a community has several channels, each with settings of its own
    answers_alone   an answer can be for the eyes of the asker alone, whoever else is there
    """

    has_channels: bool
    answers_alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Where a link leads: a channel and a message there; `shown` is None where it is gone."""

    space: Space
    message: str
    shown: Incoming | None


class Chat(Protocol):
    """One platform, connected. Whatever asks the platform raises RetryLater where it does not answer."""

    @property
    def can(self) -> Capabilities: ...

    @property
    def own_link(self) -> str:
        """Where somebody begins to write to the bot alone, "" where it has no such link."""
        ...

    async def right_of(self, person: Person, space: Space) -> Right:
        """What this person may ask for there; nobody may anything where we are not let in."""
        ...

    def name_of(self, space: Space) -> str:
        """The channel as people write it, such as "#general"; "" where it has no name."""
        ...

    async def community_name(self, space: Space) -> str:
        """What the community is called."""
        ...

    async def language_of(self, space: Space) -> str:
        """What is spoken in the community, as far as the platform says; "" = unknown."""
        ...

    def address(self, space: Space, thread: str = "") -> str:
        """How cards and alerts for this place are addressed."""
        ...

    def address_of(self, person: Person) -> str:
        """How cards and alerts for this person alone are addressed."""
        ...

    async def place(self, space: Space, text: str) -> Space | None:
        """The place of that community that a person names (a number, a mention, a link); None for no such place."""
        ...

    async def person(self, space: Space, text: str) -> Person | None:
        """The person or role that is named; None for nobody that is known."""
        ...

    async def album(self, message: Incoming) -> Sequence[Incoming]:
        """The whole album of a message, in order, also of one that has only begun to arrive; without one, it alone."""
        ...

    async def linked(self, person: Person, space: Space, link: str) -> Linked | None:
        """What a link leads to; None for no link to a message of this community, or not for this person to see."""
        ...

    async def lacking(self, space: Space, acts: Sequence[Act]) -> Sequence[Said]:
        """A sentence for each right that the bot lacks there for these acts; for none, of what watching needs."""
        ...

    async def write_to(self, person: Person, answer: Answer) -> bool:
        """Write to a person alone; False if the bot may not."""
        ...

    async def begins(self, space: Space, since: int) -> None:
        """The watch of a channel is about to begin: what was posted before `since` is not to be looked at."""
        ...

    async def changed(self, space: Space) -> None:
        """What is watched in the community has changed."""
        ...
