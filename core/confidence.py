"""From the evidence of one pair to its kind and its confidence. Pure.

Confidence is a logistic of three witnesses: the cosine of the embeddings, the share of textured windows whose pixels
agree once the pictures are aligned, and the number of features that agree on one alignment. On 1,020 pairs of
photographs under 17 edits and 45 pairs of strangers (all within the candidate floor), true pairs had an agreement of
at least 0.81 in 95 % of cases for every edit but the smallest paste-ins, strangers never more than 0.15 and no
inliers; `bench/bench_matching.py` measures it again on any folder of photographs.

Two limits stand above the formula: without agreeing pixels a pair is only `similar`, however high its cosine, and
a pair whose pixels agree in part only (the same meme or app layout with other words) is only a `template`; neither
is ever sure enough to act. One limit stands below it: pixels that agree never make a pair less sure than the same
cosine without them.
"""

import math

from core.types import Evidence, Kind

COPY_AGREEMENT = 0.75
TEMPLATE_AGREEMENT = 0.35
TEMPLATE_INLIERS = 12
LEAST_WINDOWS = 6
CONTAINED_AREA = 0.75
CONTAINED_OVERLAP = 0.60
TEMPLATE_CAP = 0.85
SIMILAR_CAP = 0.65
BIAS, COSINE, AGREEMENT, INLIERS = -9.0, 6.0, 8.0, 0.9
MOST_INLIERS = 60
"""Beyond this many, more inliers only mean a sharper picture."""


def kind_of(evidence: Evidence) -> Kind:
    """How the query relates to the reference; `exact` is not decided here but by comparing hashes."""

    if evidence.windows < LEAST_WINDOWS or evidence.quad is None:
        return Kind.SIMILAR
    if evidence.agreement >= COPY_AGREEMENT:
        part = evidence.area < CONTAINED_AREA and evidence.overlap >= CONTAINED_OVERLAP
        return Kind.CONTAINED if part else Kind.EDITED
    if evidence.agreement >= TEMPLATE_AGREEMENT and evidence.inliers >= TEMPLATE_INLIERS:
        return Kind.TEMPLATE
    return Kind.SIMILAR


def confidence(cosine: float, evidence: Evidence) -> float:
    """0..1; see the module's docstring."""
    kind = kind_of(evidence)
    alike = SIMILAR_CAP * _logistic(12.0 * (cosine - 0.70))
    if kind is Kind.SIMILAR:
        return alike
    seen = evidence.agreement * min(1.0, evidence.windows / (2 * LEAST_WINDOWS))
    inliers = math.log1p(min(evidence.inliers, MOST_INLIERS))
    value = _logistic(BIAS + COSINE * cosine + AGREEMENT * seen + INLIERS * inliers)
    return max(alike, min(value, TEMPLATE_CAP) if kind is Kind.TEMPLATE else value)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))
