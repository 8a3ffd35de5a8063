"""Ports for what is posted and what is decided about it: the inbox and the cases.

    Inbox        events awaiting verdict      store/sql/inbox.py
    Cases        cases, actions, decisions    store/sql/cases.py
    Decided      decisions on images          store/sql/decided_images.py

They are opened and passed in like those of `core.ports`.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Group
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from core.bursts import Treated
from core.cases import ActionRecord, Beside, Case, DecisionRecord, Earlier, Letter, Waiting, Wanted
from core.chat import Carried
from core.decided_images import DecidedImages, Frame
from core.matches import Verdict
from core.trust import TrackRecord
from core.types import Act, Decision, ImageEvent, Mode, Space

type Treatment = Callable[[Sequence[Treated]], Sequence[tuple[int, Act]]]
"""What follows for the pictures of a case: acts, each with the case of its picture. Pure, and quick."""


def as_it_is(_pictures: Sequence[Treated]) -> Sequence[tuple[int, Act]]:
    """Ask for nothing."""
    return ()


class Inbox(Protocol):
    """Events that were received; each leaves with exactly one verdict."""

    async def accept(self, events: Sequence[ImageEvent]) -> int:
        """Commit the events before the platform is told; duplicates are ignored. Return the number of new rows."""
        ...

    async def claim(
        self,
        limit: int,
        lease: timedelta,
        platforms: Group[str] | None = None,
        *,
        untried: bool = False,
        besides: Group[str] = (),
        each: int | None = None,
    ) -> list[Waiting]:
        """Take waiting rows, and those whose lease ran out, for this worker; return them.

        Only events of these `platforms` are taken (None = all), none of the communities in `besides` (PLATFORM:ID), and
        at most `each` of one community. With `untried` only events are taken that nothing has kept from a verdict yet.
        """
        ...

    @property
    def is_open(self) -> bool:
        """Whether there is room on the disk for what comes in."""
        ...

    async def release(self, waiting: Waiting, after: timedelta, why: str, *, counts: bool = True) -> None:
        """Give a row back, to be claimed again `after` a while; unless it `counts`, this attempt is not counted."""
        ...

    async def take_over(self) -> int:
        """Make everything due that a worker which died had claimed; return how many rows.

        Only for the one process that works on this database.
        """
        ...

    async def depth(self, platform: str = "") -> int:
        """Return the number of events without a verdict, on one platform or ("") on all."""
        ...

    async def letters(self, *, dead: bool, limit: int = 100) -> list[Letter]:
        """Return events that wait, oldest first, or (`dead`) those that were given up, newest first."""
        ...

    async def dead(self) -> int:
        """Return the number of events that were given up."""
        ...

    async def retry(self, ids: Group[int] | None = None) -> int:
        """Let events that were given up (None = all) wait for another verdict; return how many."""
        ...

    async def reopen(self, events: Sequence[ImageEvent]) -> list[ImageEvent]:
        """Let those of these events that were given up wait again; return those of them that already have a case."""
        ...


class Cases(Protocol):
    """Verdicts, cases, the outbox of actions and the decisions about them."""

    async def conclude(
        self,
        waiting: Waiting,
        sha256: str,
        verdict: Verdict,
        mode: Mode,
        acts: Sequence[Act] = (),
        would_have: Sequence[Act] = (),
        thumbnail: bytes | None = None,
        brake: str = "",
        late: Sequence[Act] | None = None,
        decision: int | None = None,
        frames: Sequence[Frame] = (),
    ) -> int | None:
        """Store the verdict, its case, its actions and its alerts in ONE transaction, and close the inbox row.

        A match, a review, a report, and a verdict with acts open a case: its number is returned, else None. A further
        picture of an album that has a case joins it: `Act.CARD` goes to the album's case, and an act that was asked for
        its message before is not asked again.

        Unless `late` is None, a post that surely shows the same content as an open case of the same reference joins
        that burst (`core.bursts`): `Act.CARD` renews its card. `late` is what a violation in force on it asks of such a
        post, instead of `acts`, unless a `brake` holds. `decision` is the one that `follows` returned: raises Overtaken
        if another one, or none, holds for the post by now. `frames` are kept as long as the thumbnail, for what will be
        decided about the image.
        """
        ...

    async def follows(self, event: ImageEvent, verdict: Verdict, *, joins: bool) -> DecisionRecord | None:
        """Return the decision in force that holds for this post, too: on its album, or if it `joins` bursts on one."""
        ...

    async def get(self, number: int) -> Case:
        """Return the case that people see: for a further picture of an album, the album's, and for a further post of a
        burst, the burst's. Raises NotFound."""
        ...

    async def post(self, number: int) -> Case:
        """Return the case of one post, with the pictures of its album, whatever burst it is in. Raises NotFound."""
        ...

    async def beside(self, post: int) -> list[Beside]:
        """Return the pictures of other cases that the messages of a post show, too, with what was done about them.

        `post` is the number of the case of one post, as `post` returns it.
        """
        ...

    async def elsewhere(self, number: int) -> list[Beside]:
        """Return what other cases of the community asked to be done to the author of this picture, oldest first."""
        ...

    async def treated(self, number: int) -> list[Treated]:
        """Return every picture of a case that people see, oldest first, with what was asked about it."""
        ...

    async def spaces(self, number: int) -> frozenset[Space]:
        """Return the channels of all pictures of a case that people see."""
        ...

    async def newest(
        self, space: Space | None = None, *, home: Space | None = None, limit: int = 50, before: int | None = None
    ) -> list[Case]:
        """Return cases that moderators may see (no queries, no further pictures of albums or posts of bursts), newest
        first.

        Of one channel (`space`), of one community whatever its channel (`home`), or of all.
        """
        ...

    async def open(
        self, homes: Group[str], wanted: Wanted, *, limit: int, before: int | None = None, after: int | None = None
    ) -> list[Case]:
        """Return cases of these communities (PLATFORM:ID) about which no decision is in force, newest first.

        The newest, those with a number below `before`, or the oldest of those with a number above `after`.
        """
        ...

    async def count_open(self, homes: Group[str], wanted: Wanted, most: int) -> int:
        """Return the number of such cases, counted up to `most`."""
        ...

    async def some(self, numbers: Group[int]) -> list[Case]:
        """Return the cases with these numbers, as far as they exist."""
        ...

    async def of_message(self, platform: str, channel: str, message: str) -> list[Case]:
        """Return the cases of a message's pictures, oldest first, without queries."""
        ...

    async def earlier(self, case: Case) -> Earlier:
        """Return what this community knew before a case: about its author, and about its best match's reference."""
        ...

    async def decide(
        self,
        case: int,
        decision: Decision,
        by: str,
        acts: Sequence[tuple[int, Act]],
        treat: Treatment = as_it_is,
        channels: Group[str] | None = None,
    ) -> DecisionRecord:
        """Store a decision and the actions that follow from it, each with the case of its picture; return the decision.

        `treat` says in the same transaction what follows for the pictures that are there by then; `acts` come after.
        What is remembered of the decision holds in these `channels` only; None = in all of the community's.
        Raises Conflict if another decision is in force, and whatever `treat` raises: then nothing is stored.
        """
        ...

    async def catch_up(self, case: int, treat: Treatment, decision: int) -> int:
        """Ask for what this decision asks of pictures that it has not reached; return how many acts that are.

        None are asked for if the decision is in force no longer.
        """
        ...

    async def undo(
        self,
        case: int,
        by: str,
        acts: Sequence[tuple[int, Act]],
        expected: int | None = None,
        treat: Treatment = as_it_is,
    ) -> DecisionRecord:
        """Take back the decision in force and return it; raises Conflict if none is, or another one than `expected`."""
        ...

    async def order(self, case: int, by: str, cause: str, acts: Sequence[tuple[int, Act]], expected: int) -> None:
        """Ask for what a moderator adds to the decision `expected`; the same cause asks once.

        Raises Conflict if that decision is not in force any more.
        """
        ...

    async def ask(self, case: int, cause: str, acts: Sequence[Act]) -> None:
        """Ask for actions; the same cause asks once, however often this is called."""
        ...

    async def ask_again(self, home: str, within: timedelta) -> int:
        """Let actions that were refused wait again, in one community (PLATFORM:ID) or in all (""); return how many.

        These are cards that nobody has seen, and acts for which the bot lacked a right or could show no card. Actions
        older than `within` are left alone, and those of posts about which a moderator has decided otherwise since.
        """
        ...

    async def claim_actions(
        self,
        limit: int,
        besides: Group[int] = (),
        *,
        acts: Group[Act] = frozenset(Act),
        each: int | None = None,
        away: Group[str] = (),
    ) -> list[ActionRecord]:
        """Take the next due action of each case (an album is one case), and count the attempt; return them.

        Only these `acts` are taken, and none on the platforms in `away`. `besides` are actions claimed earlier that are
        still worked on; `each` is the most that one community may have in hand, those included.
        """
        ...

    async def finish_action(self, action: int, carried: Carried) -> None:
        """Store how an action went; it is not carried out again."""
        ...

    async def newest_receipt(self, community: str, act: Act) -> str:
        """Return the receipt of the last time this act was done in the community; "" = it never was."""
        ...

    async def copies(self, case: int) -> list[tuple[int, str]]:
        """Return the removals of a case's messages, by whichever case, that left a copy with the moderators, each with
        its receipt."""
        ...

    async def copy_is_gone(self, action: int) -> None:
        """Forget the receipt of a removal: the copy that it names is there no more."""
        ...

    async def waiting_actions(self, platform: str = "") -> int:
        """Return the number of actions that were not carried out yet, on one platform or ("") on all."""
        ...

    async def retry_action(self, action: int, after: timedelta, why: str) -> None:
        """Leave the action waiting; later actions of the same case wait for it."""
        ...

    async def excused(self, space: Space, sha256: str) -> tuple[bool, frozenset[UUID]]:
        """Return what standing decisions that hold in this channel say about a file with these bytes.

        Those that are older than one which accuses the file do not count.

        True = a moderator allowed exactly this image. The set holds references of which a moderator said that this
        image is no match.
        """
        ...

    async def confirmed(self, space: Space, references: Group[UUID]) -> frozenset[UUID]:
        """Return those of the references that moderators of this channel called a violation, and still do."""
        ...

    async def track_record(self, community: str, collection: str) -> TrackRecord:
        """Return how this community has judged matches of a collection, by kind and band of confidence."""
        ...


class Decided(Protocol):
    """What moderators decided about images: it holds for edits of an image, too."""

    async def of(self, community: str, space_id: str, dim: int) -> DecidedImages:
        """Return the decisions in force in a community (PLATFORM:ID), with the embeddings of that vector space."""
        ...

    async def pictures(self, frames: Group[int]) -> Mapping[int, bytes]:
        """Return the pictures of these decided frames; those that are kept no more are left out."""
        ...

    async def picture(self, case: int) -> bytes | None:
        """Return the JPEG that is kept of a case's image; None once the evidence of that case was deleted."""
        ...

    async def expire(self) -> int:
        """Delete hashes of images without evidence about which no decision is in force that is young enough; return how
        many frames."""
        ...
