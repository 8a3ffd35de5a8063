"""What a logo found in a picture means: how sure it is, and how far that may go. Pure.

    score (log-odds) --minus the threshold of 1 % false alarms, minus the crowd--> confidence

At a confidence of one half, one picture in a hundred that shows none of 300 logos is called out; more logos ask for
stronger evidence, as more strangers do in `core.confidence`. A logo alone never makes a match at the default
thresholds: many brands share the same shape (discs, shields, flowers), and a false accusation is worse than a question.
"""

import math
from dataclasses import dataclass
from uuid import UUID

from core.calibration_logos import LOGOS, THRESHOLD
from core.matches import Evidence, Match
from core.odds import logistic
from core.types import Kind, Quad, Reference

LOGO_CAP = 0.85
"""Highest confidence that a logo alone may have: below the default threshold of a match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoHit:
    """A logo that may be in a picture.

    reference, part   whose it is: the reference and its frame
    frame, quad       where it lies: the picture's frame, and the logo's four corners in shares of it
    edges             share (0..1) of the logo's edges that are there
    likeness          correlation (-1..1) of the edges of logo and picture, all over the logo
    area, overlap     share of the picture that it covers, and share of it that is inside the picture
    score             log-odds that it is this logo and no other thing
    """

    reference: UUID
    part: int
    frame: int
    quad: Quad
    edges: float
    likeness: float
    area: float
    overlap: float
    score: float


def logo_score(hit: LogoHit, logos: int) -> float:
    """Return the log-odds of a logo beyond the threshold that holds for so many logos."""
    return hit.score - THRESHOLD - math.log(max(logos, LOGOS) / LOGOS)


def logo_match(reference: Reference, hit: LogoHit, logos: int, cosine: float = 0.0) -> Match:
    """Return the match that a logo found in a picture makes."""
    points = logo_score(hit, logos)
    evidence = Evidence(
        agreement=hit.edges, correlation=hit.likeness, area=hit.area, overlap=hit.overlap, quad=hit.quad
    )
    return Match(
        reference=reference,
        kind=Kind.CONTAINED,
        confidence=min(LOGO_CAP, logistic(points)),
        cosine=cosine,
        area=hit.area,
        quad=hit.quad,
        frame=hit.frame,
        score=points,
        evidence=evidence,
    )
