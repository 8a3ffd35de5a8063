"""What the chat asks of a platform, and what that platform can do at all: `Capabilities`.

    Chat     who may what, which places and people there are: for those who ask something
    Acting   write, mark, delete, bar, post again: for what the outbox orders

Implemented by bot/fronts/{discord,telegram,matrix,terminal}; what the bot does in a chat is written once, in
handlers/chat.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from core.cases import Profile
from core.chat import Carried, Community, Said
from core.messages import Answer, Incoming, Person, Right
from core.types import Act, ActState, ImageEvent, Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a platform can do, beyond writing messages.

    has_channels    a community has several channels, each with settings of its own
    answers_alone   an answer can be for the eyes of the asker alone, whoever else is there
    links_show      a link gets a picture of what is behind it, a moment later, by an edit of the message
    words_ask       commands are words, which may be a reply to a message
    does            the acts on authors that there are
    has_roles       people have roles: one may be given for a quarantine, and called by a card
    """

    has_channels: bool
    answers_alone: bool
    links_show: bool = True
    words_ask: bool = True
    does: frozenset[Act] = frozenset({Act.TIMEOUT})
    has_roles: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Where a link leads: a channel and a message there; `shown` is None where it is gone."""

    space: Space
    message: str
    shown: Incoming | None


class Chat(Protocol):
    """One platform, connected.

    Whatever asks the platform raises RetryLater where it does not answer, and OurFault, which it has logged, where the
    platform can't be asked so. A refusal is an answer: nobody, nothing, no right. Where a method does something here
    already, that is how it is on platforms without albums, history and the like.
    """

    @property
    def can(self) -> Capabilities: ...

    @property
    def own_link(self) -> str:
        """Where somebody begins to write to the bot alone, "" where it has no such link."""
        return ""

    async def right_of(self, person: Person, space: Space) -> Right:
        """What this person may ask for there; nobody may anything where we are not let in."""
        ...

    def name_of(self, space: Space) -> str:
        """The channel as people write it, such as "#general"; "" where it has no name."""
        ...

    async def community_name(self, space: Space) -> str:
        """What the community is called."""
        ...

    async def language_of(self, space: Space) -> str:  # noqa: ARG002
        """What is spoken in the community, as far as the platform says; "" = unknown."""
        return ""

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
        return (message,)

    async def linked(self, person: Person, space: Space, link: str) -> Linked | None:
        """What a link leads to; None for no link to a message of this community, or not for this person to see."""
        ...

    async def lacking(self, space: Space, acts: Sequence[Act], *, watching: bool = False) -> Sequence[Said]:
        """A sentence for each right that the bot lacks there for these acts, and for watching."""
        ...

    async def forbids(self, person: Person, act: Act, event: ImageEvent) -> Said | None:  # noqa: ARG002
        """Why a person may not do that to the author of a post on the platform itself; None where they may."""
        is_manager = await self.right_of(person, event.space) >= Right.MANAGER
        return None if is_manager else Said(key="said.staff-only")

    async def unfit(self, space: Space, role: str, act: Act) -> Sequence[Said]:  # noqa: ARG002
        """What keeps the bot from giving people that role (`Act.QUARANTINE`), or from calling it (`Act.CARD`)."""
        return (Said(key="said.no-roles"),)

    async def write_to(self, person: Person, answer: Answer) -> bool:
        """Write to a person alone; False if the bot may not."""
        ...

    async def begins(self, space: Space, since: int) -> None:  # noqa: ARG002
        """The watch of a channel is about to begin: what was posted before `since` is not to be looked at."""
        return

    async def changed(self, space: Space) -> None:  # noqa: ARG002
        """What is watched in the community has changed."""
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message of the bot that is sent once, however often that is tried.

    key        names it: nothing else is sent under this key
    tries      how often it was tried, this time included
    newest     the community's newest receipt of this sort, where an earlier try may have arrived, unheard of
    bare       nothing of a picture may stay in the message
    community  the one whose moderators read it, "" = nobody's in particular
    keeps      posts that are about to be removed: where the platform needs it for an undo, it keeps their pictures
    calls      a role whose people are to be called by it when it is sent, "" = nobody
    """

    answer: Answer
    key: str
    tries: int = 1
    newest: str = ""
    bare: bool = False
    community: str = ""
    keeps: tuple[ImageEvent, ...] = ()
    calls: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A post that was removed, and what is left of it to post it again.

    card     the receipt of the message that may keep its pictures
    key      names the new message: nothing else is posted under this key
    album    all messages of its album that are to come back, itself included; () where it comes back alone
    alike    whether it shows the same as one of the pictures that message may keep, which will do
    """

    event: ImageEvent
    card: str
    above: Said
    language: str
    key: str
    tries: int = 1
    text: str = field(default="", repr=False)
    album: tuple[ImageEvent, ...] = ()
    alike: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """How a message is deleted: for the platform's own log, and what is kept of it before.

    card     the receipt of the message that keeps its pictures, on platforms that need it for an undo
    keeps    the posts whose pictures it is to keep; none where nothing may be kept
    again    whether an earlier try, or the author, may have deleted it already
    alike    whether a picture that the card keeps already will do: it shows the same
    apart    whether its pictures are kept in a message of their own, since the card keeps those of another post
    """

    reason: Said
    language: str
    card: str = ""
    keeps: tuple[ImageEvent, ...] = ()
    tries: int = 1
    again: bool = False
    alike: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is done to the author of a post beyond a time-out: an act, or what lifts one, and the reason for the log.

    before   the receipt of what is lifted; "" where there was nothing to do: then there is nothing to lift
    purge    how far back a ban deletes what they wrote
    role     the one that a quarantine gives
    """

    act: Act
    reason: Said
    language: str
    before: str = ""
    tries: int = 1
    purge: timedelta = timedelta(0)
    role: str = ""


NOT_HERE = Carried(state=ActState.UNSUPPORTED, sentence="not-possible")
NOT_ALONE = Carried(state=ActState.UNSUPPORTED, sentence="not-alone")
"""Answer to a word for somebody whom a bot can't write to alone, where nothing is to be said aloud."""


class Acting(Protocol):
    """What is done on a platform. Each is done once, however often it is asked for; all raise RetryLater.

    A refusal is an answer: `Carried` says whether it was done, or why not. What a platform says becomes:

        no answer, 5xx, 409, 429     RetryLater, with the pause that it asks for       tried again
        403                          forbidden, with the right that lacks, or KICKED   told to moderators
        404, a message that is gone  gone                                              over
        400 and the like             failed, "internal", and one line in the log       our fault, over
    """

    @property
    def name(self) -> str: ...

    @property
    def can(self) -> Capabilities: ...

    @property
    def keeps_posts(self) -> bool:
        """Whether the card keeps a post's pictures, so that it must stand before the post is removed."""
        ...

    async def fetch(self, event: ImageEvent) -> bytes:
        """The posted image's bytes; raises Unscannable: "gone", or "no-access" where it is not for us to see."""
        ...

    async def kept(self, event: ImageEvent, receipt: str) -> bytes | None:  # noqa: ARG002
        """The copy of a removed image that a message of ours keeps; most platforms keep none there."""
        return None

    async def profile(self, event: ImageEvent) -> Profile:  # noqa: ARG002
        """What the platform tells about the account of the event's author; most tell nothing."""
        return Profile()

    async def preview(self, event: ImageEvent, *, is_all: bool) -> bytes | None:  # noqa: ARG002
        """The picture that the platform shows of a video before it is played; None where there is none.

        Also where it is surely a frame of the video, unless `is_all`: then nothing else of it can be looked at.
        Raises Unscannable for one that people see and that can't be had.
        """
        return None

    async def show(self, address: str, message: Outgoing, receipt: str) -> Carried:
        """Bring the message of that receipt up to date; without one, send it there."""
        ...

    async def reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:
        """Write below a message in the place of the event; the answer to a question goes where the event says."""
        ...

    async def may_read(self, address: str, community: Community) -> bool:
        """Whether cards may be read there: who gets them alone must still be of the community's staff."""
        ...

    async def can_write(self, address: str, community: Community) -> Carried:
        """Whether a message could be written there right now: done, or why not. It writes none."""
        ...

    async def warn(self, space: Space, warning: Answer) -> bool:
        """Tell whoever runs the community alone, or else that place; False if nobody could be told."""
        ...

    async def withdraw(self, receipt: str) -> Carried:
        """Take a message of the bot away, or at least its picture."""
        ...

    async def react(self, event: ImageEvent, message: str, on: bool) -> Carried:
        """Mark a message of that place, or take the mark away."""
        ...

    async def delete(self, event: ImageEvent, message: str, removal: Removal) -> Carried:
        """Delete a message of that place."""
        ...

    async def erase(self, event: ImageEvent, message: str) -> Carried:
        """Delete a message of the bot itself in that place; one that is gone is as it should be."""
        ...

    async def restrict(
        self, event: ImageEvent, until: datetime | None, reason: Said, language: str, before: str
    ) -> Carried:
        """Bar the author of the event from posting until then, or lift what `before`, the receipt of that, says."""
        ...

    async def on_author(self, event: ImageEvent, measure: Measure) -> Carried:  # noqa: ARG002
        """Ban, kick or quarantine the author of the event, or lift that; a sentence says what came with it."""
        return NOT_HERE

    async def tell(self, event: ImageEvent, message: Outgoing, aloud: Answer | None) -> Carried:  # noqa: ARG002
        """Tell the author alone; where a bot can't begin, say what is for all ears (`aloud`) in the place of the event.

        Without anything for all ears that is `NOT_ALONE`; a receipt says that it was said aloud.
        """
        return NOT_HERE

    async def repost(self, removed: Removed) -> Carried:
        """Post what was removed again, in the bot's name; the receipt names the new messages, "+" between them.

        Others of its album that came back with it follow, each as "/OLD=NEW".
        """
        ...
