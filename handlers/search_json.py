"""The result of a search as plain values, in the shape in which command line and API answer."""

from collections.abc import Mapping
from typing import Any

from core.matches import Difference, Finding, Match


def as_json(finding: Finding, *, top: int = 5, all_candidates: bool = False) -> dict[str, Any]:
    """Return the finding as plain values."""
    shown = finding.candidates if all_candidates else finding.verdict.matches
    return {
        "sha256": finding.sha256,
        "verdict": finding.verdict.outcome.value,
        "reason": finding.verdict.reason,
        "partial": finding.verdict.partial,
        "message": finding.sentence,
        "matches": [match_json(match) for match in shown[:top]],
        "timings_ms": dict(finding.timings_ms),
    }


def match_json(match: Match) -> Mapping[str, Any]:
    """Return one match as plain values; `inliers` is null where equal bytes made a pair check needless."""
    reference = match.reference
    return {
        "key": reference.key,
        "collection": reference.collection,
        "title": reference.title,
        "source_url": reference.source_url,
        "owner": reference.owner,
        "rights": reference.rights,
        "kind": match.kind.value,
        "confidence": round(match.confidence, 6),
        "score": round(match.score, 3),
        "cosine": round(match.cosine, 4),
        "inliers": match.inliers,
        "area": round(match.area, 4),
        "second": None if match.second is None else round(match.second, 2),
        "content": match.content.value,
        "differs": [difference_json(difference) for difference in match.differs],
    }


def difference_json(difference: Difference) -> Mapping[str, Any]:
    """Return one difference as plain values; `before` and `after` are "" if not read, or no longer kept."""
    return {
        "what": difference.what.value,
        "how": difference.how.value,
        "area": round(difference.area, 4),
        "box": [round(side, 4) for side in difference.box],
        "before": difference.before,
        "after": difference.after,
    }
