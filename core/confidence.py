"""From evidence to a kind of match and a confidence."""

from core.types import Evidence, Kind


def kind_of(cosine: float, evidence: Evidence) -> Kind:
    return Kind.EDITED


def confidence(cosine: float, evidence: Evidence) -> float:
    return max(0.0, cosine)
