"""Whether two aligned pictures show the same content: from what differs to same, unsettled or other. Pure.

    Reading: regions that differ --region_numbers--> trees: is this region other content? --+
             numbers of the pair ------------------------------------------pair_numbers-----+--> trees --> log-odds
    log-odds < SAME: same      < OTHER: unsettled      else other

The trees are fitted by `python -m bench.fit_content` on families of look-alikes and on edited copies, and kept in
`content_*.json` beside this file; the limits are kept in `core.calibration_content`. From `OTHER` on the pair shows
other content; below `SAME` it shows the same; between them lies what a person should look at before anybody is acted
against.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from math import exp, log1p

from core import trees
from core.calibration_content import OTHER, SAME, STEEPNESS
from core.cases import Thresholds
from core.matches import Difference, Evidence
from core.odds import log_odds, logistic
from core.reading import Reading, Region
from core.types import Content, How, What

REGION_TREES, PAIR_TREES = "content_regions", "content_pairs"
"""Names of the files with the trees, beside this one."""

SLOT_GROUND, SLOT_CALM, SLOT_EDGES, SLOT_RING = 0.12, 0.5, 0.6, 0.4
SURE_REGION = 0.0
"""Log-odds from which a region is called exchanged."""

NO_REGION = -5.0
MOST_SCORE = 5.0
ON_PLAIN, MOST_ADDED, LEAST_BUSY = 0.6, 0.25, 0.02
"""Share of a region on plain ground of the reference; how much may be added where the ground is not plain. With more,
an innocent form would count as the same as the empty one; 3 % of the pictures with the same content are lost by it.
"""

BARE = 0.9
"""Share of a region that is plain ground of one colour in the reference: nothing could have been exchanged there."""

BOX = 0
"""Position of `Region.box` among the fields: it is no number and is left out."""

PAIR_FIELDS = tuple(field.name for field in fields(Reading) if field.name != "regions")
CLEAN, CALM, ON_GROUND = 0.45, 0.3, 0.6
STROKES, OUTLINED = 0.2, 0.3


@dataclass(frozen=True, slots=True)
class Judgement:
    """Log-odds that a pair shows other content, and that each of its regions does, in the reading's order.

    `is_filled_in`: so much stands on what is plain in the reference that the reference may be all frame.
    """

    score: float
    regions: tuple[float, ...]
    is_filled_in: bool = False

    @property
    def content(self) -> Content:
        """Whether both pictures show the same, something else, or whether that is unsettled."""
        if self.score < SAME and not self.is_filled_in:
            return Content.SAME
        return Content.UNSETTLED if self.score < OTHER else Content.OTHER


def judged(evidence: Evidence, reading: Reading) -> Judgement:
    """Return what the reading of an aligned pair says about its content."""
    forest = trees.trees(REGION_TREES)
    regions = tuple(trees.score(forest, region_numbers(evidence, reading, region)) for region in reading.regions)
    score = trees.score(trees.trees(PAIR_TREES), pair_numbers(evidence, reading, regions))
    return Judgement(score, regions, _is_filled_in(reading))


def confidence(other_odds: float) -> float:
    """Return how sure (0..1) the content of an unsettled pair is the same, by the log-odds of another one.

    At `OTHER` it is the default threshold of a match; only the slope below is fitted (`STEEPNESS`).
    """
    return logistic(log_odds(Thresholds().match) + STEEPNESS * max(0.0, OTHER - other_odds))


def _is_filled_in(reading: Reading) -> bool:
    """Return whether the reference is an empty form or mock-up that somebody filled in or printed on."""
    new = sum(
        region.area for region in reading.regions if region.ground_theirs > ON_PLAIN or how_of(region) is How.ADDED
    )
    return new > MOST_ADDED * max(1 - reading.plain, LEAST_BUSY)


def differences(reading: Reading, judgement: Judgement, content: Content) -> tuple[Difference, ...]:
    """Return the regions as people are told of them, largest first; none is exchanged if the content is the same."""
    told_regions = []
    for region, score in zip(reading.regions, judgement.regions, strict=True):
        how = how_of(region)
        is_exchanged = content is not Content.SAME and score > SURE_REGION and not _is_bare(region)
        if is_exchanged or how is not How.EXCHANGED:
            told_regions.append(_difference(region, How.EXCHANGED if is_exchanged else how))
    return tuple(told_regions)


def _is_bare(region: Region) -> bool:
    """Return whether the reference shows nothing in this region that could have been exchanged."""
    return min(region.ground_theirs, region.flat_theirs) > BARE


def _difference(region: Region, how: How) -> Difference:
    return Difference(what=what_of(region), how=how, area=region.area, box=region.box)


def how_of(region: Region) -> How:
    """Return how the region differs; recoloured counts as exchanged."""
    slot = (
        min(region.ground_ours, region.ground_theirs) > SLOT_GROUND
        or region.calm > SLOT_CALM
        or (min(region.met_ours, region.met_theirs) > SLOT_EDGES and region.ring > SLOT_RING)
    )
    main = max(region.unlike, region.removed, region.added, region.recoloured)
    if _is_bare(region) or (region.ground_theirs > 0.6 and region.ground_ours < 0.5 and region.unlike < main):
        return How.ADDED
    if main in (region.unlike, region.recoloured) or region.unlike + min(region.removed, region.added) > 0.3:
        return How.EXCHANGED if slot else How.COVERED
    if main == region.removed:
        return How.REMOVED if region.ground_ours > 0.5 else How.COVERED
    return How.ADDED if region.calm > 0.2 else How.COVERED


def what_of(region: Region) -> What:
    """Return what kind of thing differs in the region."""
    if region.recoloured >= max(region.unlike, region.removed, region.added):
        return What.COLOUR
    return What.WORDS if min(region.strokes_ours, region.strokes_theirs) > 0.12 else What.PICTURE


def region_numbers(evidence: Evidence, reading: Reading, region: Region) -> tuple[float, ...]:
    """Return the numbers that the trees of a region ask for."""
    left, top, right, bottom = region.box
    return (
        *astuple(region)[BOX + 1 :],
        min(region.ground_ours, region.ground_theirs),
        min(region.removed, region.added),
        min(region.strokes_ours, region.strokes_theirs),
        region.edges_theirs * (1 - region.met_theirs),
        region.edges_ours * (1 - region.met_ours),
        *(right - left, bottom - top, min(left, top, 1 - right, 1 - bottom)),
        *_shared_numbers(evidence, reading),
    )


def pair_numbers(evidence: Evidence, reading: Reading, scores: Sequence[float]) -> tuple[float, ...]:
    """Return the numbers that the trees of a pair ask for; `scores` are those of its regions."""
    scores = [max(-MOST_SCORE, min(value, MOST_SCORE)) for value in scores]
    highest = [*sorted(scores, reverse=True), NO_REGION, NO_REGION, NO_REGION][:3]
    sure = [1 / (1 + exp(-value)) for value in scores]
    top = reading.regions[scores.index(highest[0])] if scores else None
    masses = [region.mass for region in reading.regions]
    return (
        *_shared_numbers(evidence, reading),
        *highest,
        sum(mass * share for mass, share in zip(masses, sure, strict=True)),
        sum(mass * (1 - share) for mass, share in zip(masses, sure, strict=True)),
        float(sum(share > 0.5 for share in sure)),
        log1p(sum(exp(value) for value in scores)),
        *((float(top.cells), top.mass) if top else (0.0, 0.0)),
        *_moved(reading.regions),
    )


def _shared_numbers(evidence: Evidence, reading: Reading) -> tuple[float, ...]:
    return (
        *(float(getattr(reading, name)) for name in PAIR_FIELDS),
        float(len(reading.regions)),
        evidence.agreement,
        log1p(min(evidence.inliers, 60)),
        evidence.correlation,
        log1p(evidence.words_changed),
        evidence.words_changed / max(evidence.words, 1),
    )


def _moved(regions: Sequence[Region]) -> tuple[float, ...]:
    """Return the sizes of the largest regions that were removed, added on plain ground, or exchanged on it.

    A piece moved on a game board is one removal and one addition.
    """
    gone = [region.cells for region in regions if region.removed > CLEAN and region.calm > CALM]
    bare = [region.cells for region in regions if region.removed > CLEAN and region.ground_ours > ON_GROUND]
    new = [region.cells for region in regions if region.added > CLEAN and region.calm > CALM]
    other = [
        region.cells
        for region in regions
        if region.unlike > CALM and min(region.ground_ours, region.ground_theirs) > SLOT_GROUND
    ]
    letters = [
        region.cells
        for region in regions
        if min(region.strokes_ours, region.strokes_theirs) > STROKES and region.outline_new < OUTLINED
    ]
    largest = [log1p(max(cells, default=0)) for cells in (gone, bare, new, other, letters)]
    return (*largest, min(largest[0], largest[2]), float(len(gone)), float(len(new)))
