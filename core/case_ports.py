"""What the handlers need to keep what is posted and what is decided about it, as protocols.

    Inbox        events awaiting verdict      store/sql/inbox.py
    Cases        cases, actions, decisions    store/sql/cases.py

They are opened and passed in like those of `core.ports`.
"""

from collections.abc import Collection as Group
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from core.cases import ActionRecord, Case, DecisionRecord, Letter, Waiting
from core.chat import Carried
from core.matches import Verdict
from core.trust import TrackRecord
from core.types import Act, Decision, ImageEvent, Mode, Space


class Inbox(Protocol):
    """Events that were received; each leaves with exactly one verdict."""

    async def accept(self, events: Sequence[ImageEvent]) -> int:
        """Commit the events before the platform is told; duplicates are ignored. The number of new rows."""
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
        """Take waiting rows (and those whose lease ran out) for this worker; of these platforms, None = all.

        `besides` are communities (PLATFORM:ID) from which none are taken, `each` is how many are taken of one.
        `untried`: only those of which nobody has said yet why they must wait.
        """
        ...

    @property
    def is_open(self) -> bool:
        """Whether there is room on the disk for what comes in."""
        ...

    async def release(self, waiting: Waiting, after: timedelta, why: str, *, counts: bool = True) -> None:
        """Give a row back, to be claimed again after a while; `counts` False takes this attempt off its count."""
        ...

    async def take_over(self) -> int:
        """Make due whatever a worker that is dead had claimed: its number. Only for the one process that works here."""
        ...

    async def depth(self) -> int:
        """Number of events without a verdict."""
        ...

    async def letters(self, *, dead: bool, limit: int = 100) -> list[Letter]:
        """Events that wait, oldest first, or (`dead`) those on which we gave up, newest first."""
        ...

    async def dead(self) -> int:
        """Number of dead letters."""
        ...

    async def retry(self, ids: Group[int] | None = None) -> int:
        """Let dead letters (None = all) wait for another verdict: how many."""
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
    ) -> int | None:
        """The verdict, its case, its actions and its alerts in ONE transaction, and the inbox row is done.

        A match, a review, a report and whatever has acts opens a case: its number, else None. A further picture of
        an album with a case joins that one: `Act.CARD` goes to the album's case, and an act that was asked for
        its message already is not asked again.
        """
        ...

    async def get(self, number: int) -> Case:
        """The case, or for a further picture of an album the album's case. Raises NotFound."""
        ...

    async def newest(
        self, space: Space | None = None, *, home: Space | None = None, limit: int = 50, before: int | None = None
    ) -> list[Case]:
        """Cases that a moderator may look at (no queries, no further pictures), newest first.

        Of one `space`, of one community whatever its channel (`home`), or of all.
        """
        ...

    async def some(self, numbers: Group[int]) -> list[Case]:
        """The cases of these numbers, as far as they exist."""
        ...

    async def of_message(self, platform: str, channel: str, message: str) -> list[Case]:
        """The cases of a message's pictures, oldest first; no queries."""
        ...

    async def decide(self, case: int, decision: Decision, by: str, acts: Sequence[tuple[int, Act]]) -> DecisionRecord:
        """Record a decision with its actions, each with the case of its picture.

        Raises Conflict if one is in force already.
        """
        ...

    async def undo(
        self, case: int, by: str, acts: Sequence[tuple[int, Act]], expected: int | None = None
    ) -> DecisionRecord:
        """Take the decision in force back; raises Conflict if there is none, or another one than `expected`."""
        ...

    async def ask(self, case: int, cause: str, acts: Sequence[Act]) -> None:
        """Ask for actions; once for a cause, however often it is called."""
        ...

    async def ask_again(self, home: str, within: timedelta) -> int:
        """Let what was refused wait again, in one community (PLATFORM:ID) or, with "", in all: how many actions do.

        Cards that nobody has seen, and acts for which a right was lacking or no card could be shown; none that is
        older than `within`, and none of which a moderator has decided otherwise since.
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
        """The next due action of each case (an album is one case), one more attempt counted.

        Of these `acts` only, and none on the platforms that are `away`. `besides` are actions that were claimed before
        and are still worked on; `each` is the most that a community may have in hand, with those.
        """
        ...

    async def finish_action(self, action: int, carried: Carried) -> None:
        """Store how an action went; it is not carried out again."""
        ...

    async def newest_receipt(self, community: str, act: Act) -> str:
        """Of the last time that the act was done in the community; "" = it never was."""
        ...

    async def waiting_actions(self) -> int:
        """Number of actions that are not carried out yet."""
        ...

    async def retry_action(self, action: int, after: timedelta, why: str) -> None:
        """Leave the action waiting; those of its case behind it wait too."""
        ...

    async def excused(self, community: str, sha256: str) -> tuple[bool, frozenset[UUID]]:
        """What standing decisions of this community say of these bytes.

        (True, ...) = a moderator allowed exactly this image; the set = references that it is not a match of.
        """
        ...

    async def confirmed(self, community: str, references: Group[UUID]) -> frozenset[UUID]:
        """References for which this community's own moderators have a standing `violation`."""
        ...

    async def track_record(self, community: str, collection: str) -> TrackRecord:
        """How this community's standing decisions judged the best matches that were of a collection."""
        ...
