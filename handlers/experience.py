"""What this community's moderators decided before, applied to a new match; the rule is in `core.trust`.

    search --Finding--> with_experience --Finding, perhaps less sure--> plan

A match whose confidence experience has lowered still goes to review, however low it fell: moderators could not correct
what they are no longer shown.
"""

from collections.abc import Collection as Group
from dataclasses import replace
from uuid import UUID

from core.cases import Thresholds
from core.matches import Experience, Finding, Match
from core.policy import judge
from core.trust import band_of, claimed, tempered
from core.types import Outcome
from handlers.needs import HasCases


async def experience_of(services: HasCases, community: str, match: Match) -> Experience:
    """Return how matches like this one were decided in this community."""
    track_record = await services.cases.track_record(community, match.reference.collection)
    return track_record.get((match.kind, band_of(claimed(match))), Experience())


async def with_experience(
    services: HasCases,
    community: str,
    finding: Finding,
    thresholds: Thresholds,
    variants: Group[UUID] = frozenset(),
) -> Finding:
    """Return the finding with the confidence that experience leaves its matches, judged again if that changed one.

    `variants` are references on whose variants this community acts.
    """
    verdict = finding.verdict
    if verdict.outcome is not Outcome.MATCH:
        return finding
    matches = [
        tempered(match, await experience_of(services, community, match), thresholds) for match in verdict.matches
    ]
    if matches == list(verdict.matches):
        return finding
    shown = replace(thresholds, review=min(thresholds.review, *(match.confidence for match in matches)))
    return replace(finding, verdict=judge(matches, shown, verdict.partial, variants))
