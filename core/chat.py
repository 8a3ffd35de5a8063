"""What a chat platform adds to the vocabulary: communities with their staff's wishes, alerts, orders to a front.

Community     who is served, in which language, and where the moderators read
Order         one action with all that a front needs to carry it out   --> Carried
Subscription  who wants to hear of matches in a collection --match--> Alert --front--> Carried
Choice        what a community's staff chose about one reference
Said          a sentence by its key in the words, so that handlers need not know the language
Recent        an image that was looked at of late: what is remembered of it, if staff chose so
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.cases import NO_BACKGROUND, ActionRecord, Background, Beside, Case, DecisionRecord, Policy
from core.matches import Experience, Finding, Match
from core.types import ActState, Platform, Reference, Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A guild, group or channel, and what its staff chose; `set_up_at` None = nobody chose anything yet.

    log               channel or chat where the moderators' cards go, "" = nowhere
    exempt            roles and people whose posts are not looked at
    ignored_reporters people whose reports count for nothing (they are not told)
    reporters_needed  distinct people who must report a post before the moderators see it
    reports_an_hour   what one person may report
    remember_hours    how long embeddings of what was looked at here are kept, 0 = not at all
    include_bots      whether the posts of other bots are looked at, too; None = as the operator chose
    quarantine        the role that `Act.QUARANTINE` gives, where the platform has roles; "" = none was chosen
    ping              the role that a new card calls, "" = none
    """

    platform: Platform
    id: str
    name: str = ""
    language: str = ""
    log: str = ""
    exempt: tuple[str, ...] = ()
    ignored_reporters: tuple[str, ...] = ()
    reporters_needed: int = 1
    reports_an_hour: int = 10
    remember_hours: int = 0
    include_bots: bool | None = None
    quarantine: str = ""
    ping: str = ""
    set_up_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a community's staff chose about one reference, who did so last, and when.

    variants   a template of it (the same frame, other content) is a match here, too; see `core.policy`
    """

    platform: Platform
    community: str
    reference: UUID
    variants: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """How an order went: a final state, a sentence for the card where it did not work, a receipt to find it again."""

    state: ActState
    sentence: str = ""
    receipt: str = ""


DONE = Carried(state=ActState.DONE)
GONE = Carried(state=ActState.GONE, sentence="gone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One action with its case, the community it is for, and the policy in force.

    `about` is the picture it is about: the case itself, or one of `case.further` of an album. `picture` is the
    evidence picture (JPEG), where the act shows one and there is one. `newest` is the community's newest receipt of the
    act, where an earlier try may have done it without our hearing of it. `variants` is what staff chose about variants
    of the case's best match, `background` what a card says besides. `post` is the case of the post itself, where `case`
    stands for a burst of several, `beside` what other cases did to its messages, `elsewhere` what they did to its
    author. `anew` says that the card of a growing burst was deleted, and is sent once more.
    """

    action: ActionRecord
    case: Case
    about: Case
    community: Community
    policy: Policy
    picture: bytes | None = field(default=None, repr=False)
    newest: str = ""
    variants: Choice | None = None
    background: Background = NO_BACKGROUND
    post: Case | None = None
    beside: tuple[Beside, ...] = ()
    elsewhere: tuple[Beside, ...] = ()
    anew: bool = False

    @property
    def own(self) -> Case:
        """The case of the post that the action is about, with the pictures of its album."""
        return self.post or self.case


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who hears of matches in a collection: a channel or a person on any platform.

    `community` limits it to posts in that community; "" = posts anywhere (the operator's choice).
    """

    collection: str
    platform: Platform
    channel: str
    community: str = ""
    language: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One burst of the same reference image for one subscription: told once, with a counter.

    `count` is how often it was seen, `told` what the subscriber's message says now; `case` is the newest. What was told
    is taken back if it is `withdrawn`: one of its posts was called suspected child abuse.
    """

    id: int
    subscription: Subscription
    reference: Reference
    case: int
    count: int
    told: int = 0
    receipt: str = ""
    attempts: int = 0
    first_at: datetime
    last_at: datetime
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One test that a match must pass: the words' key, what was measured, what is asked, and whether it passed."""

    name: str
    value: float
    limit: float
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A candidate with the gates it went through, and how such matches were decided here."""

    match: Match
    gates: tuple[Gate, ...]
    experience: Experience = Experience()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a post was treated as it was: what the policy says and what each of the nearest references lacked.

    `standing` is a key of the words: "unwatched", "exempt", "off", "watched". `based_on` is the decision on an image of
    which this one is a copy, if there is one.
    """

    standing: str
    policy: Policy
    finding: Finding
    nearest: tuple[Judged, ...] = ()
    based_on: DecisionRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence: its key in the words, what to fill in (words, acts, modes, other sentences), and what follows it."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    more: "tuple[Said, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """What is remembered of an image: the embeddings [frames, dim] of its whole frames, and where it was posted."""

    vectors: Vectors
    link: str = ""
