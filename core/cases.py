"""A community's policy, its cases, and what was done and decided about them; plain records, no I/O."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from core.bursts import Burst
from core.matches import Experience, Match, Verdict
from core.types import Act, ActState, Decision, ImageEvent, Kind, Mode, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The least confidence for a match and for a review; see `core.confidence` for what the number means."""

    match: float = 0.90
    review: float = 0.50


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An exception from a channel's mode for a collection ("" = any) and a kind of match (None = any)."""

    mode: Mode
    collection: str = ""
    kind: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a community wants done in a channel.

    `flag` is done with every match from `Mode.FLAG` on, `enforce` with copies of references that this community's
    moderators confirmed; `timeout` is how long `Act.TIMEOUT` lasts, `purge` how far back `Act.BAN` deletes what its
    author wrote.
    """

    mode: Mode = Mode.DRY_RUN
    thresholds: Thresholds = Thresholds()
    rules: tuple[Rule, ...] = ()
    flag: tuple[Act, ...] = (Act.FLAG,)
    enforce: tuple[Act, ...] = (Act.REMOVE,)
    timeout: timedelta = timedelta(hours=1)
    purge: timedelta = timedelta(hours=24)

    def mode_for(self, match: Match) -> Mode:
        """Return the mode of the narrowest rule about this match: by collection first, then by kind."""
        fits = [
            rule
            for rule in self.rules
            if rule.collection in ("", match.reference.collection) and rule.kind in (None, match.kind)
        ]
        return max(fits, key=lambda rule: (bool(rule.collection), bool(rule.kind))).mode if fits else self.mode


NO_CARD = "no-card"
"""Reason of a refused act (`failure.no-card`): the card that tells moderators of it could not be shown."""


KICKED = "kicked"
"""Why an act was refused (`failure.kicked`): the bot is not in that community any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRecord:
    """One action asked of a front. `key` makes carrying it out twice the same as once.

    `decision` is the number of the decision (or of its undo) that asked for it; None = the verdict did.
    `attempts` counts the tries begun; `receipt` is what the front needs to find again what it did.
    """

    id: int
    case: int
    act: Act
    key: str
    decision: int | None = None
    state: ActState = ActState.WAITING
    detail: str = ""
    attempts: int = 0
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A picture that another case is about, of the same message or by the same author: what that case did to them.

    `case` is the number of the case that people see, `card` the receipt of its card. `is_suspected` is as in `Case`.
    """

    case: int
    message: str
    actions: tuple[ActionRecord, ...] = ()
    card: str = ""
    is_suspected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """Who said what about a case, and whether it was taken back.

    `channels` are those whose posts it is about, those that follow included; None = all of the community's. Who
    moderates some channels only decides for no other.
    """

    id: int
    case: int
    decision: Decision
    by: str
    at: datetime
    channels: frozenset[str] | None = None
    undone_by: str = ""
    undone_at: datetime | None = None

    def holds_in(self, channel: str) -> bool:
        """Return whether posts in a channel are treated as this decision says."""
        return self.channels is None or channel in self.channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A verdict that a person may look at, with all that was done about it.

    `would_have` is what a dry run did not do. `thumbnail` is the media key of the evidence picture.
    `further` are the other pictures of the same album, each with its own verdict; actions on them are theirs,
    decisions are made on the first alone. `reports` counts the people who reported the post, `brake` (`core.brakes`,
    "" = none) is what held the bot back, and `is_braked` tells whether something still does. `experience` is what was
    decided here about matches like its best one.

    `burst` is what is known of all posts, where the case stands for several (`core.bursts`); `joined` names the case
    that stands for this one, if another does. `based_on` is the newest decision on the case whose image is the best
    match (`core.decided_images`), if it is one of a case, also if it was taken back since.
    """

    id: int
    event: ImageEvent
    sha256: str
    verdict: Verdict
    mode: Mode
    would_have: tuple[Act, ...]
    opened_at: datetime
    thumbnail: str = ""
    actions: tuple[ActionRecord, ...] = ()
    decisions: tuple[DecisionRecord, ...] = ()
    further: tuple["Case", ...] = ()
    reports: int = 0
    brake: str = ""
    is_braked: bool = True
    experience: Experience = Experience()
    burst: Burst | None = None
    joined: int | None = None
    based_on: DecisionRecord | None = None

    @property
    def shown(self) -> int:
        """The number of the case whose card shows this one."""
        return self.joined or self.id

    @property
    def standing(self) -> DecisionRecord | None:
        """The decision in force: the newest that was not taken back; None without one."""
        return next((decision for decision in reversed(self.decisions) if decision.undone_at is None), None)

    @property
    def is_suspected(self) -> bool:
        """Whether a moderator ever called it suspected child abuse: no picture of it is kept or shown any more."""
        return any(decision.decision is Decision.ABUSE for case in self.pictures for decision in case.decisions)

    @property
    def pictures(self) -> "tuple[Case, ...]":
        """The case itself and the other pictures of its album."""
        return (self, *self.further)

    def receipt(self, act: Act) -> str:
        """Return the newest receipt of an act, "" if it was never done."""
        return next((action.receipt for action in reversed(self.actions) if action.act is act and action.receipt), "")


class Sort(StrEnum):
    """What sort of open cases is wanted: by what was found, or those that people reported.

    `PARTIAL` are those in which nothing was found, of which a part could not be looked at, and of which there is no
    card: most long videos. They are of no other sort, and wanted only where they are asked for.
    """

    MATCH = "match"
    REVIEW = "review"
    REPORTED = "reported"
    UNSCANNABLE = "unscannable"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which open cases are wanted; what is None or "" is not asked for.

    `author` (number or name) and `channel` are of any post that a case stands for. `collection` (its full name) and
    `reference` are of the best match of any of its pictures.
    """

    sort: Sort | None = None
    author: str = ""
    channel: str = ""
    collection: str = ""
    reference: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a community knew before a case: about its author, and about the reference that it matches best.

    cases        earlier ones of the same author        posts   that showed the reference, within `RECENT` before
    violations   how many of them moderators called so
    """

    cases: int = 0
    violations: int = 0
    posts: int = 0


RECENT = timedelta(days=7)
"""For how long before a case posts of the same reference are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a platform tells about the account of an author, whenever it is asked; None = it does not say.

    made_at   when the account was made        joined_at   when it joined the community
    """

    made_at: datetime | None = None
    joined_at: datetime | None = None


UNTOLD = Profile()


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What a moderator reads about a case that is no part of it; `earlier` None = nobody has looked."""

    earlier: Earlier | None = None
    profile: Profile = UNTOLD


NO_BACKGROUND = Background()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A claimed inbox row: an event that still needs its verdict."""

    id: int
    event: ImageEvent
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An inbox row as an operator sees it: one that waits, or a dead letter, whose verdict says that we gave up.

    `why` is what went wrong the last time, `reason` the verdict's ("" = it has none yet).
    """

    id: int
    event: ImageEvent
    attempts: int
    received_at: datetime
    not_before: datetime
    why: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A stored picture of ours (re-encoded from pixels, no metadata)."""

    key: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message of the built-in web channel."""

    id: str
    author: str
    file_name: str
    created_at: datetime
    removed: bool = False
    flagged: bool = False
    outcome: Outcome | None = None
    reason: str = ""
    case: int | None = None
