"""From the evidence of one pair to its kind and its confidence. Pure.

    cosine + Evidence --witnesses--> twelve numbers --logistic, minus clash and crowd--> score (log-odds) --> confidence
                      --words that changed?--> template        --area, overlap--> contained or edited

The score is the logarithm of the odds that the pair is a true copy; confidence is the same as a probability. Its
coefficients are fitted by `python -m bench.fit` on the edit suite and kept in `core.calibration`; docs/matching.md says
how well they hold. They hold for a pair: with more references, more strangers come near by chance, so a larger
catalogue asks for stronger evidence (`crowd`).

Four limits override the formula. A pair without agreeing pixels is only `similar`, however high its cosine. So is a
pair that shares no more than a strip (a caption, a footer) while the rest would lie outside of the picture. A pair
whose pixels agree except for the content (the same meme or app layout with other words) is only a `template`. None of
these ever becomes a match. And the confidence of a copy whose content is unsettled is capped by what differs
(`core.content`).
"""

import math
from collections.abc import Sequence

from core import content
from core.calibration import BIAS, CATALOGUE, WEIGHTS, WORDS_BIAS, WORDS_WEIGHTS
from core.calibration_content import OTHER
from core.matches import Evidence
from core.odds import logistic
from core.types import Content, Kind

COPY_AGREEMENT = 0.60
COVERED_AGREEMENT, WELL_ALIGNED = 0.40, 25
OTHER_WORDS = 2
TEMPLATE_AGREEMENT = 0.35
TEMPLATE_INLIERS = 12
LEAST_WINDOWS = 6
CONTAINED_AREA = 0.75
CONTAINED_OVERLAP = 0.60
LEAST_SHARED = 0.32
"""Share of the query or of the reference (the larger of the two) below which they share a strip and no picture."""

TEMPLATE_CAP = 0.85
SIMILAR_CAP = 0.65
CHROME_CAP = 0.45
"""Highest confidence where only an app's bars are shared: below the default of a review, since any screenshot shares
them.
"""

MOST_CLASH = 5.0
"""Log-odds of other content beyond which more of them change nothing."""

MOST_INLIERS = 60
"""Number of inliers beyond which more of them only mean a sharper picture."""

HASH_NEAR, HASH_SURE, HASH_UNSURE = 10, 0.95, 0.70

CROWDING = 0.6
"""Power of the catalogue's size with which the number of strangers near a query grows (100 to 1,500 references)."""


def witnesses(cosine: float, evidence: Evidence) -> tuple[float, ...]:
    """Return the numbers that the logistic function weighs."""
    close = max(cosine, 0.0)
    inliers = math.log1p(min(evidence.inliers, MOST_INLIERS))
    agreement = evidence.agreement if evidence.windows >= LEAST_WINDOWS else 0.0
    return (
        close,
        close * close,
        inliers,
        evidence.inliers / max(evidence.pairs, 1),
        agreement,
        agreement * inliers,
        agreement * math.log1p(evidence.windows),
        close * inliers,
        max(evidence.correlation, 0.0),
        close * min(evidence.inliers, 8) / 8,
        float(evidence.inliers >= LEAST_WINDOWS),
        float(is_aligned_copy(evidence)),
    )


def clash(evidence: Evidence) -> float:
    """Return by how much differing content lowers the score: its log-odds beyond `OTHER`, 0 if nothing was read.

    Agreement of the pixels and difference of the content are two witnesses, and log-odds of witnesses add up.
    """
    return 0.0 if evidence.other_odds is None else min(max(0.0, evidence.other_odds - OTHER), MOST_CLASH)


def score(cosine: float, evidence: Evidence, references: int = CATALOGUE) -> float:
    """Return the log-odds that the pair is a copy, in a catalogue of so many references."""
    return BIAS + _weighed(WEIGHTS, witnesses(cosine, evidence)) - clash(evidence) - crowd(references)


def crowd(references: int) -> float:
    """Return by how much a larger catalogue lowers the score, relative to the catalogue of the fit."""
    return CROWDING * math.log(max(references, CATALOGUE) / CATALOGUE)


def of_frame(points: float, evidence: Evidence) -> float:
    """Return how surely (0..1) a pair with this score shows the same frame, whatever content stands in it."""
    return logistic(points + clash(evidence))


def other_words(evidence: Evidence) -> float:
    """Return the log-odds that two pictures share their layout and differ in the words written on it."""
    return WORDS_BIAS + _weighed(WORDS_WEIGHTS, word_witnesses(evidence))


def word_witnesses(evidence: Evidence) -> tuple[float, ...]:
    """Return the numbers that tell a picture with added words from one whose words were exchanged."""
    changed = evidence.words_changed
    return math.log1p(changed), changed / max(evidence.words, 1)


def is_aligned_copy(evidence: Evidence) -> bool:
    """Return whether the pixels agree as those of a copy do: then what differs decides about the content."""
    is_compared = evidence.windows >= LEAST_WINDOWS and evidence.quad is not None
    if not is_compared or is_fragment(evidence) or is_chrome(evidence):
        return False
    return evidence.agreement >= COPY_AGREEMENT or is_well_aligned(evidence)


def kind_of(evidence: Evidence) -> Kind:
    """Return how the query relates to the reference; `exact` is decided elsewhere, by comparing hashes."""
    if evidence.windows < LEAST_WINDOWS or evidence.quad is None or is_fragment(evidence) or is_chrome(evidence):
        return Kind.SIMILAR
    is_copy = is_aligned_copy(evidence)
    if is_copy and evidence.content is Content.OTHER:
        return Kind.TEMPLATE
    is_aligned = evidence.agreement >= TEMPLATE_AGREEMENT and evidence.inliers >= TEMPLATE_INLIERS
    if is_aligned and (not is_copy or (evidence.reading is None and has_other_words(evidence))):
        return Kind.TEMPLATE
    if not is_copy:
        return Kind.SIMILAR
    part = evidence.area < CONTAINED_AREA and evidence.overlap >= CONTAINED_OVERLAP
    return Kind.CONTAINED if part else Kind.EDITED


def is_well_aligned(evidence: Evidence) -> bool:
    """Return whether so many features agree that even a largely covered picture (by letters, stickers) is a copy."""
    is_aligned = evidence.inliers >= WELL_ALIGNED and evidence.agreement >= COVERED_AGREEMENT
    return is_aligned and evidence.words_changed < OTHER_WORDS


def has_other_words(evidence: Evidence) -> bool:
    """Return whether several pieces of text differ; a single one may have been misread."""
    return evidence.words_changed >= OTHER_WORDS and other_words(evidence) > 0


def is_chrome(evidence: Evidence) -> bool:
    """Return whether only the bars and buttons of an app are shared."""
    return evidence.of_screen and evidence.agreement < COPY_AGREEMENT


def is_fragment(evidence: Evidence) -> bool:
    """Return whether only a small part of either picture is shared: a caption strip, a watermark bar, a footer."""
    return max(evidence.area, evidence.overlap) < LEAST_SHARED


def confidence(cosine: float, evidence: Evidence, references: int = CATALOGUE) -> float:
    """Return the confidence (0..1) of a pair; the module's docstring says what it means."""
    return capped(evidence, score(cosine, evidence, references), cosine)


def capped(evidence: Evidence, points: float, cosine: float) -> float:
    """Return the probability for a score, limited to what the kind of the pair allows."""
    value, kind = logistic(points), kind_of(evidence)
    if kind is Kind.SIMILAR:
        likeness = max(value, SIMILAR_CAP * logistic(12.0 * (cosine - 0.70)))
        return min(CHROME_CAP if is_chrome(evidence) else SIMILAR_CAP, likeness)
    if kind is Kind.TEMPLATE:
        return min(of_frame(points, evidence), TEMPLATE_CAP)
    if evidence.other_odds is None or evidence.content is not Content.UNSETTLED:
        return value
    return min(value, content.confidence(evidence.other_odds))


def hash_confidence(distance: int) -> float:
    """Return the confidence for a PDQ distance (0..31) without a picture to check: only the nearest are sure.

    The same meme with other words is within 31 bits in half of all cases, within ten hardly ever.
    """
    return HASH_SURE if distance <= HASH_NEAR else HASH_UNSURE


def _weighed(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))
