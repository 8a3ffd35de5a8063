"""What a search found: from a close vector to a verdict; plain records, nothing here does I/O.

Hit, HashHit --> Candidate + Evidence --> Match --> Verdict, told as a Finding
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from core.looks import INVERTED, Look, View
from core.reading import Reading
from core.types import OF_PICTURES, Box, Content, How, Kind, Outcome, Quad, Reference, What

type Logos = tuple[tuple[tuple[UUID, int], bytes], ...]
"""Reference and frame, and what is kept of the logo there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One answer of the vector store: a reference and its score under the metric of the space, mostly a cosine."""

    reference: UUID
    part: int
    score: float


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
        """Reference and frame of the stored picture."""
        return self.reference.id, self.part % INVERTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One region in which a query image differs from the reference image in it.

    area     share (0..1) of the reference image
    box      what surrounds the region, in shares of the reference's width and height
    before   what the reference says there: the words or the code that were read, "" = nothing was read
    after    what the query says there
    """

    what: What
    how: How
    area: float
    box: Box
    before: str = ""
    after: str = ""


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
    content      whether both show the same content
    other_odds   log-odds that they show another one, by what differs; None = nothing was read
    differs      what differs, the largest first
    reading      the numbers from which both were told; None = nothing was read
    of_screen    the reference looks like a screenshot or a page of text
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
    content: Content = Content.UNSETTLED
    other_odds: float | None = None
    differs: tuple[Difference, ...] = ()
    reading: Reading | None = field(default=None, compare=False, repr=False)
    of_screen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A candidate after verification. `confidence` is 0..1; `inliers` None = not needed.

    `claimed` is the confidence before this community's experience lowered it (`core.trust`); None = it did not.
    `score` is the log-odds behind the confidence: it still orders what both call certain. `evidence` is there for who
    measures; it is not kept. `content` says whether both show the same, `differs` what does not, the largest first.
    `second` says where in a video it was found; None in all else.
    """

    reference: Reference
    kind: Kind
    confidence: float
    cosine: float
    inliers: int | None = None
    area: float = 0.0
    quad: Quad | None = None
    frame: int = 0
    second: float | None = None
    claimed: float | None = None
    content: Content = Content.UNSETTLED
    differs: tuple[Difference, ...] = ()
    score: float = field(default=0.0, compare=False)
    evidence: Evidence | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """How a community's moderators decided about matches like this one: how many were right, how many overturned."""

    right: int = 0
    wrong: int = 0

    @property
    def decided(self) -> int:
        """The number of matches that moderators called right or wrong."""
        return self.right + self.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The one outcome of a query image. `reason` is a stable word (`reason.*` in the words)."""

    outcome: Outcome
    reason: str = ""
    matches: tuple[Match, ...] = ()
    partial: str = ""

    @property
    def best(self) -> Match | None:
        """The most certain match, or None without one."""
        return self.matches[0] if self.matches else None

    @property
    def may_be_kept(self) -> bool:
        """Whether a picture of the image may be kept: not if a match is with what nobody may keep."""
        return all(match.reference.purpose in OF_PICTURES for match in self.matches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer to one search: the picture's identity, the verdict, and what each stage cost.

    `candidates` are all verified pairs, best first, also those below every threshold. `look` is None where the
    bytes were known or could not be decoded; in the latter case `sentence` says why. `parts` are those parts of the
    picture that were searched for, None where none were.
    """

    sha256: str
    verdict: Verdict
    candidates: tuple[Match, ...] = ()
    look: Look | None = None
    parts: Look | None = None
    sentence: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
