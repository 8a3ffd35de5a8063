"""What a command or a press works with: who asks, where, in which language, and the way to the platform.

Asked --Connection.context--> Context --a command's run--> Answer
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from core.chat import Community, Said
from core.chat_port import Chat
from core.messages import Answer, Asked, Person, Right, Row
from core.types import Space
from core.wording import Words, negotiate
from handlers.braking import ReleaseNeeds
from handlers.chat.options import Given
from handlers.chat.patience import Patience
from handlers.evidence import EvidenceNeeds
from handlers.intake import IntakeNeeds
from handlers.needs import (
    HasAlerts,
    HasChoices,
    HasConfirmations,
    HasEvidenceTime,
    HasFronts,
    HasReports,
    HasVideos,
)
from handlers.references import AddNeeds
from handlers.review import DecideNeeds
from handlers.search import SearchNeeds
from handlers.sightings import RecallNeeds
from handlers.similar import SimilarNeeds

STAFF_ONLY = Said(key="said.staff-only")
NOT_HERE = Said(key="said.not-here")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One asking. `language` is the community's; the asker's own, where none was chosen."""

    chat: Chat
    patience: Patience
    asked: Asked
    community: Community
    language: str

    @property
    def who(self) -> Person:
        return self.asked.who

    @property
    def space(self) -> Space:
        """Where it is asked."""
        return self.asked.space

    @property
    def words(self) -> Words:
        return Words.of(self.language)

    @property
    def by(self) -> str:
        """How decisions and changes are signed."""
        return self.who.signature

    @property
    def address(self) -> str:
        """How this place, or this person if it is private, is written where cards and alerts go."""
        if self.asked.is_private:
            return self.chat.address_of(self.who)
        return self.chat.address(self.space, self.asked.thread)

    @property
    def is_log(self) -> bool:
        """Whether the community's cards come here."""
        return is_log(self.community, self.space, self.address)

    def answer(self, said: Said, *rows: Row) -> Answer:
        """The sentence, and a list below it, in the language of the place."""
        return Answer(said=said, rows=rows, language=self.language)

    def refusal(self, said: Said) -> Answer:
        """Why they do not get what they asked for."""
        return Answer(said=said, language=self.language, refusal=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextWith[Needs](Context):
    """One asking, with what the command needs of the program: `ContextWith[HasPolicies]`."""

    services: Needs


class ChatNeeds(
    AddNeeds,
    SearchNeeds,
    RecallNeeds,
    IntakeNeeds,
    DecideNeeds,
    ReleaseNeeds,
    EvidenceNeeds,
    SimilarNeeds,
    HasChoices,
    HasReports,
    HasAlerts,
    HasFronts,
    HasEvidenceTime,
    HasConfirmations,
    HasVideos,
    Protocol,
):
    """What all commands and presses need together."""


type Run = Callable[[ContextWith[ChatNeeds], Given], Awaitable[Answer]]
"""What a command does. It raises Unclear for what makes no sense, or an error of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One platform: what is the same for everybody who asks there. `language` is for whom we know none of."""

    services: ChatNeeds
    chat: Chat
    patience: Patience
    language: str = "en"

    async def context(self, asked: Asked) -> ContextWith[ChatNeeds]:
        """The asking with its community."""
        community = await self.services.communities.get(asked.space.platform, asked.space.community)
        chosen = "" if asked.is_private else community.language
        return ContextWith(
            services=self.services,
            chat=self.chat,
            patience=self.patience,
            asked=asked,
            community=community,
            language=chosen or self.speaks(asked.who),
        )

    def speaks(self, person: Person) -> str:
        """The language of ours that a person's app is set to."""
        return negotiate(person.language) if person.language else self.language


async def may(context: Context, right: Right) -> bool:
    """Whether the asker may ask for what needs this right; asked of the platform where it did not say so itself."""
    if right is Right.EVERYBODY:
        return True
    held = context.asked.right
    held = await context.chat.right_of(context.who, context.space) if held is None else held
    return held >= right


async def runs(context: Context, place: Space) -> bool:
    """Whether the asker, who may set up the community where it is asked, may do so for that place, too.

    A place of another community is asked about there; who writes in the name of a chat is somebody only there.
    """
    is_of_ours = context.chat.can.has_channels and place.community == context.space.community
    if is_of_ours or place == context.space:
        return True
    return not context.who.is_chat and await context.chat.right_of(context.who, place) >= Right.MANAGER


def is_log(community: Community, space: Space, address: str) -> bool:
    """Whether a community's cards go to this place, in whatever topic."""
    return bool(community.log) and community.log.partition("/")[0] in (space.channel, address.partition("/")[0])
