"""The vocabulary as plain frozen records; nothing here does I/O.

ImageEvent --fetch--> bytes --decode--> Picture --views, embed--> Look --search--> Candidate
                                              Candidate + Evidence --> Match --policy--> Verdict --> Case
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

if TYPE_CHECKING:  # the aliases below are evaluated lazily, and `resight --help` must not wait for numpy
    import numpy as np

type Pixels = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]
"""RGB, shape [height, width, 3], values 0..255."""

type Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]
"""One embedding a row, shape [n, dim], each of length 1."""

type Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
"""One embedding, shape [dim]."""

type Box = tuple[float, float, float, float]
"""left, top, right, bottom as shares (0..1) of the picture's width and height."""

type Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""The four corners of a reference image as it lies in the query image, as shares of its width and height."""

NAMESPACE = uuid5(NAMESPACE_URL, "resight:reference")

INVERTED = 1 << 12
"""Added to the number of a frame: the part that is this frame in inverted colours."""


class Platform(StrEnum):
    """Where an image was posted."""

    DISCORD = "discord"
    TELEGRAM = "telegram"
    WEB = "web"
    CLI = "cli"


class Purpose(StrEnum):
    """What a collection is for; `allowlist` entries excuse an image instead of accusing it."""

    BRAND = "brand"
    COPYRIGHT = "copyright"
    BLOCKLIST = "blocklist"
    ALLOWLIST = "allowlist"
    LIBRARY = "library"


class Kind(StrEnum):
    """How a query image relates to a matched reference image."""

    EXACT = "exact"
    EDITED = "edited"
    CONTAINED = "contained"
    TEMPLATE = "template"
    SIMILAR = "similar"


class Outcome(StrEnum):
    """The one outcome of a query image."""

    MATCH = "match"
    REVIEW = "review"
    CLEAN = "clean"
    UNSCANNABLE = "unscannable"


class Mode(StrEnum):
    """How far a community lets the bot go; a new one starts in `dry_run`."""

    OFF = "off"
    DRY_RUN = "dry_run"
    FLAG = "flag"
    ENFORCE = "enforce"


class Intent(StrEnum):
    """Why an image is looked at: somebody posted it, asked about it, or reported it to the moderators."""

    POSTED = "posted"
    QUERY = "query"
    REPORTED = "reported"


class Act(StrEnum):
    """What a front can be asked to do about a case.

    flag      mark the post (a reaction)              remove   delete the post
    reply     answer it in public                     timeout  bar its author from posting for a while
    restore   take flag and reply back, repost        release  lift the timeout
    card      make the moderators' card show the case as it now stands
    answer    tell the one who asked (`Intent.QUERY`)
    """

    FLAG = "flag"
    REPLY = "reply"
    REMOVE = "remove"
    TIMEOUT = "timeout"
    RESTORE = "restore"
    RELEASE = "release"
    CARD = "card"
    ANSWER = "answer"


class ActState(StrEnum):
    """How an asked action stands; all but `waiting` are final."""

    WAITING = "waiting"
    DONE = "done"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"


class Decision(StrEnum):
    """A moderator's word on a case."""

    VIOLATION = "violation"
    ALLOWED = "allowed"
    NOT_A_MATCH = "not_a_match"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A channel of a community on a platform: what a policy is for."""

    platform: Platform
    community: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageEvent:
    """One posted image, before a byte of it is downloaded.

    `image` is the front's own name of the image within the message (attachment id, file id, ...);
    (platform, channel, message, image, revision, intent) is what makes two events the same.

    group     the album it belongs to, "" for a picture of its own
    thread    where in the channel it was posted, if the platform has threads
    hint      the front's short cut to the bytes (a URL that expires, a file id); never the only way
    answer_to where a query is answered: the front's own word (an interaction token, "" = reply to the message)
    language  of the one who asks, "" = the community's
    roles, by_staff   of the author, for exemptions; they are not kept
    """

    space: Space
    message: str
    image: str
    author: str
    author_name: str = ""
    file_name: str = ""
    group: str = ""
    link: str = ""
    revision: int = 0
    intent: Intent = Intent.POSTED
    thread: str = ""
    hint: str = ""
    answer_to: str = ""
    language: str = ""
    roles: tuple[str, ...] = field(default=(), compare=False)
    by_staff: bool = field(default=False, compare=False)

    @property
    def dedupe_key(self) -> str:
        parts = [self.space.platform, self.space.channel, self.message, self.image, str(self.revision)]
        parts += [] if self.intent is Intent.POSTED else [self.intent]
        return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A decoded image: every visually distinct frame, small, upright, 8-bit RGB.

    `width` and `height` are those of the file as a viewer shows it, `frame_count` what the file holds;
    `frames` are at most 640 px long. `partial` names why not every frame was looked at ("" = all were).
    """

    sha256: str
    format: str
    width: int
    height: int
    frame_count: int
    frames: tuple[Pixels, ...]
    partial: str = ""

    @property
    def pixel_hash(self) -> str:
        """SHA-256 of the frames' pixels: equal for the same picture in two lossless files."""
        digest = sha256(f"{self.width}x{self.height}".encode())
        for frame in self.frames:
            digest.update(frame.tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, kw_only=True)
class EmbedderSpec:
    """What makes two embeddings comparable; a change in any field but the last two makes another space.

    `floor` is the cosine below which a reference is not even a candidate, measured for this model; it and
    `mirror_invariant` only say how to search, so the vectors stay good when they change.
    """

    name: str
    model_sha256: str
    dim: int
    input_size: int
    resize: str
    runtime: str
    precision: str
    floor: float
    mirror_invariant: bool = True

    @cached_property
    def space_id(self) -> str:
        parts = (self.model_sha256, self.dim, self.input_size, self.resize, self.runtime, self.precision)
        return f"{self.name}-{sha256(repr(parts).encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Which stages of the matching cascade are on; docs/benchmarks.md shows what each is worth.

    hashes    candidates by PDQ distance, in any pose and inverted
    inverted  references are embedded in inverted colours, too (counts when they are added)
    parts     parts of the query are embedded on their own: borders cut off, pictures on flat ground, panes
    tilted    also quadrilaterals, as in the photo of a screen
    frames    pairs whose frames seem the same are compared without looking for features
    features  pairs are aligned by local features
    words     what is written in the reference is compared letter by letter
    """

    hashes: bool = True
    inverted: bool = True
    parts: bool = True
    tilted: bool = True
    frames: bool = True
    features: bool = True
    words: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A part of a query image that is embedded on its own: frame number, the part's box, mirrored or not.

    A part that lies tilted in the frame has its four corners in `quad`; `box` is what surrounds them. `zoom` is the
    size at which it is embedded, as a share of the model's own: smaller is cheaper, and nearer to a reference of which
    only a part is seen.
    """

    frame: int
    box: Box = (0.0, 0.0, 1.0, 1.0)
    mirrored: bool = False
    inverted: bool = False
    quad: Quad | None = None
    zoom: float = 1.0

    @property
    def is_whole(self) -> bool:
        return self.quad is None and self.box == (0.0, 0.0, 1.0, 1.0)

    @property
    def part(self) -> int:
        """The number of a reference's vector that belongs to this view."""
        return self.frame + INVERTED * self.inverted


@dataclass(slots=True)
class Notes:
    """What the runner remembers of one picture between two calls, and the CPU seconds that it has cost so far."""

    spent_s: float = 0.0
    plates: dict[View, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PdqHash:
    """A perceptual hash: 32 bytes in the order of PDQ's 64 hexadecimal digits; quality 0..100, below 50 = too flat."""

    bits: bytes
    quality: int = 100

    @property
    def hex(self) -> str:
        return self.bits.hex()

    @classmethod
    def of_hex(cls, digits: str, quality: int = 100) -> "PdqHash":
        """From 64 hexadecimal digits, as lists exchange them; raises ValueError for anything else."""
        bits = bytes.fromhex(digits)  # it reads over spaces, so the digits alone don't tell their number
        if len(digits) != 64 or len(bits) != 32 or not 0 <= quality <= 100:
            raise ValueError(f"'{digits}' with quality {quality} is no PDQ hash")
        return cls(bits=bits, quality=quality)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewHash:
    """The PDQ hashes of a view in its eight poses (`embed.pdq.dihedral`), the first as it is; one quality for all."""

    view: View
    poses: tuple[bytes, ...]
    quality: int

    @property
    def upright(self) -> PdqHash:
        return PdqHash(bits=self.poses[0], quality=self.quality)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that was computed from one image's bytes: `vectors[i]` belongs to `views[i]`.

    `is_screen`: it looks like a screenshot or a page of text; told of reference images only.
    `hashes` are those of whole frames that are not mirrored, in their order.
    """

    picture: Picture
    views: tuple[View, ...]
    vectors: Vectors
    is_screen: bool = False
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    hashes: tuple[ViewHash, ...] = ()
    notes: Notes = field(default_factory=Notes, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is kept of one frame of a reference to check pairs with: our own JPEG, and its packed local features."""

    picture: bytes
    features: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A named set of reference images; `owner` is a community, or "" for shared with all."""

    name: str
    purpose: Purpose = Purpose.LIBRARY
    owner: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A known image. `key` is the operator's stable name for it within its collection.

    One that came from a hash list is known by its hash only: it has no picture, hence no size, and no vectors.
    """

    key: str
    collection: str
    purpose: Purpose = Purpose.LIBRARY
    title: str = ""
    source_url: str = ""
    owner: str = ""
    rights: str = ""
    note: str = ""
    sha256: str = ""
    pixel_hash: str = ""
    width: int = 0
    height: int = 0
    added_at: datetime | None = None

    @property
    def id(self) -> UUID:
        return reference_id(self.collection, self.key)

    @property
    def is_hash_only(self) -> bool:
        return not self.width


def reference_id(collection: str, key: str) -> UUID:
    """The same key in the same collection is the same reference, on every machine and after every crash."""
    return uuid5(NAMESPACE, f"{collection}\n{key}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One vector of a reference in the vector store; an animation has one a distinct frame."""

    reference: UUID
    collection: str
    part: int
    vector: Vector

    @property
    def id(self) -> UUID:
        return uuid5(self.reference, str(self.part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What SQL holds and the vector store has not confirmed yet.

    `buried` references were removed; `shrunk` ones were replaced and had more frames before.
    Revisions tell which state of each reference is meant, so that a change in the meantime is not overlooked.
    """

    points: tuple[Point, ...] = ()
    buried: Mapping[UUID, int] = field(default_factory=dict)
    shrunk: tuple[UUID, ...] = ()
    revisions: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def gone(self) -> tuple[UUID, ...]:
        """References whose points must be deleted before the new ones are stored."""
        return (*self.buried, *self.shrunk)

    def __bool__(self) -> bool:
        return bool(self.points or self.gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One answer of the vector store: a reference and its cosine similarity to the vector asked for."""

    reference: UUID
    part: int
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HashHit:
    """A reference whose PDQ hash is near to one of those asked for.

    distance    of its 256 bits, how many differ
    pose        which of the hashes asked for it is near to; of a picture's poses 0 is as it is, see `embed.pdq`
    inverted    it is near to the complement: the colours are inverted
    """

    reference: Reference
    part: int
    distance: int
    pose: int
    inverted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A reference that the vector search returned, with its best view; not yet verified."""

    reference: Reference
    part: int
    view: View
    cosine: float

    @property
    def place(self) -> tuple[UUID, int]:
        """Which stored picture it is about: reference and frame."""
        return self.reference.id, self.part % INVERTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a pair check found between a query image and a reference image.

    inliers      local features that agree on one geometric model (textured windows, where the frame is the same)
    pairs        of how many that look alike
    agreement    share (0..1) of textured windows whose pixels agree once the reference is laid over the query
    windows      how many textured windows could be compared
    correlation  median (-1..1) of their correlations
    words        pieces of text of the reference that could be read in the query
    words_changed    how many of them say something else there
    area         share (0..1) of the query image that the reference covers
    overlap      share (0..1) of the reference image that is visible in the query
    quad         where the reference lies in the query; None when no model was found
    mirrored, inverted   how the query shows the reference
    """

    inliers: int = 0
    pairs: int = 0
    agreement: float = 0.0
    windows: int = 0
    correlation: float = 0.0
    words: int = 0
    words_changed: int = 0
    area: float = 0.0
    overlap: float = 0.0
    quad: Quad | None = None
    mirrored: bool = False
    inverted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A candidate after verification. `confidence` is 0..1; `inliers` None = not needed.

    `claimed` is the confidence before this community's experience lowered it (`core.trust`); None = it did not.
    `score` is the log-odds behind the confidence: it still orders what both call certain. `evidence` is there for who
    measures; it is not kept.
    """

    reference: Reference
    kind: Kind
    confidence: float
    cosine: float
    inliers: int | None = None
    area: float = 0.0
    quad: Quad | None = None
    frame: int = 0
    claimed: float | None = None
    score: float = field(default=0.0, compare=False)
    evidence: Evidence | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """How a community's moderators have decided about such matches: called right, or overturned as no match."""

    right: int = 0
    wrong: int = 0

    @property
    def decided(self) -> int:
        return self.right + self.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Least confidence for a verdict; see `core.confidence` for what the number means."""

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
    moderators confirmed; `timeout` is how long `Act.TIMEOUT` lasts.
    """

    mode: Mode = Mode.DRY_RUN
    thresholds: Thresholds = Thresholds()
    rules: tuple[Rule, ...] = ()
    flag: tuple[Act, ...] = (Act.FLAG,)
    enforce: tuple[Act, ...] = (Act.REMOVE,)
    timeout: timedelta = timedelta(hours=1)

    def mode_for(self, match: Match) -> Mode:
        """The mode of the narrowest rule about this match; a collection is narrower than a kind."""
        fits = [
            rule
            for rule in self.rules
            if rule.collection in ("", match.reference.collection) and rule.kind in (None, match.kind)
        ]
        return max(fits, key=lambda rule: (bool(rule.collection), bool(rule.kind))).mode if fits else self.mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The one outcome of a query image. `reason` is a stable word (`reason.*` in the words)."""

    outcome: Outcome
    reason: str = ""
    matches: tuple[Match, ...] = ()
    partial: str = ""

    @property
    def best(self) -> Match | None:
        return self.matches[0] if self.matches else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer to one search: the picture's identity, the verdict, and what each stage cost.

    `candidates` are all verified pairs, best first, also those below every threshold. `look` is None where the
    bytes were known or could not be decoded; in the latter case `sentence` says why.
    """

    sha256: str
    verdict: Verdict
    candidates: tuple[Match, ...] = ()
    look: Look | None = None
    sentence: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)


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
class DecisionRecord:
    """Who said what about a case, and whether it was taken back."""

    id: int
    case: int
    decision: Decision
    by: str
    at: datetime
    undone_by: str = ""
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A verdict that a person may look at, with all that was done about it.

    `would_have` is what a dry run did not do. `thumbnail` is the media key of the evidence picture.
    `further` are the other pictures of the same album, each with its own verdict; actions on them are theirs,
    decisions are made on the first alone. `reports` counts the people who reported the post. `experience` is what
    was decided here about matches like its best one.
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
    experience: Experience = Experience()

    @property
    def standing(self) -> DecisionRecord | None:
        """The decision in force: the newest that was not taken back."""
        return next((one for one in reversed(self.decisions) if one.undone_at is None), None)

    @property
    def pictures(self) -> "tuple[Case, ...]":
        """This one and the others of its album."""
        return (self, *self.further)

    def receipt(self, act: Act) -> str:
        """The newest receipt of an act, "" if it was never done."""
        return next((one.receipt for one in reversed(self.actions) if one.act is act and one.receipt), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A claimed inbox row: an event that still needs its verdict."""

    id: int
    event: ImageEvent
    attempts: int


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
