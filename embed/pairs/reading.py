"""Adds to the evidence of a pair what differs between its two pictures, and whether the content is the same.

    overlay, cells, regions --core.content--> same | unsettled | other
        codes of both pictures, where both have one in the same place  --another text--> other
        words of the regions, if the extra `ocr` is there and it is in doubt --others--> other

Only pairs whose pixels agree as those of a copy do are read: that is where a look-alike would be called a copy.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.calibration_content import SAME
from core.content import differences, judged
from core.errors import EnvironmentTrouble
from core.looks import Stages
from core.matches import Difference, Evidence
from core.model_ports import WordReader
from core.types import Box, Content, Pixels
from embed.pairs.codes import Codes, exchanged
from embed.pairs.lights import evened
from embed.pairs.overlay import Overlay, overlay
from embed.pairs.pair_image import PairImage
from embed.pairs.regions import read
from embed.pairs.spoken import BUDGET_S, Spoken, complain, words_of, wordy_first

DOUBT = 1.5
"""Log-odds below `SAME` from which words are read."""

INSIDE = 0.5
"""Share of a region that words or a code take up, from which they tell what differs there."""


def with_content(
    evidence: Evidence,
    query: PairImage,
    reference: PairImage,
    stages: Stages,
    reader: WordReader | None,
    budget_s: float,
) -> tuple[Evidence, bool]:
    """Return the evidence with what differs, and whether the CPU seconds ran out before all words were read."""
    quad = evidence.quad
    if quad is None:
        return evidence, False
    pixels = 255 - query.pixels if evidence.inverted else query.pixels
    pair = evened(overlay(pixels, reference.pixels, quad))
    reading = read(pair)
    judgement = judged(evidence, reading)
    content = judgement.content
    coded = exchanged(query.codes, reference.codes, quad) if stages.codes and reference.codes else Codes()
    is_doubtful = judgement.score > SAME - DOUBT and reading.regions and not coded.differs
    spoken = Spoken()
    if reader and stages.spoken and is_doubtful:
        spoken = _spoken(reader, pixels, reference, pair, wordy_first(reading.regions), budget_s)
    named = (*coded.differs, *spoken.differs)
    if named:
        content = Content.OTHER
    elif spoken.partial and content is Content.SAME:
        content = Content.UNSETTLED
    differing = _told(named, differences(reading, judgement, content))
    return replace(
        evidence, reading=reading, content=content, other_odds=judgement.score, differs=differing
    ), spoken.partial


def _spoken(
    reader: WordReader, query: Pixels, reference: PairImage, pair: Overlay, regions: Sequence[Box], budget_s: float
) -> Spoken:
    """Return what was read; a reader that does not work costs the reading, not the image."""
    try:
        return words_of(reader, query, reference.pixels, pair, regions, min(budget_s, BUDGET_S), reference.words)
    except EnvironmentTrouble as error:
        complain(reader, error)
        return Spoken(partial=True)


def _told(named: tuple[Difference, ...], regions: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Return what was read by name first, then the regions about which it says nothing."""
    rest = (region for region in regions if all(_covered(region.box, other.box) < INSIDE for other in named))
    return (*named, *rest)


def _covered(box: Box, by: Box) -> float:
    """Return the share of a box that another one covers."""
    wide, high = min(box[2], by[2]) - max(box[0], by[0]), min(box[3], by[3]) - max(box[1], by[1])
    whole = (box[2] - box[0]) * (box[3] - box[1])
    return wide * high / whole if min(wide, high) > 0 and whole else 0.0
