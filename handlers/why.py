"""Explains why a post was treated as it was: the policy, and which gates the nearest references passed.

closeness   the embeddings are close enough to be a candidate
copy        the pixels agree once the pictures are aligned: exact, edited or contained
variant     in place of that, where moderators here chose to act on variants of that reference: the same frame
content     both surely show the same, or that choice was made: without it nothing is removed
review      sure enough for a person to look
match       sure enough to act, also after what moderators here have said of such matches
confirmed   this community's moderators called that reference a violation: only then is anything removed
"""

from collections.abc import Collection as Group
from typing import Any, Protocol
from uuid import UUID

from core.cases import DecisionRecord, Policy
from core.chat import Explanation, Gate, Judged
from core.decided_images import basis_of
from core.matches import Finding, Match
from core.policy import COPIES, as_variant, shows_the_same
from core.trust import tempered
from core.types import ImageEvent, Kind, Mode
from handlers.collections import visible
from handlers.decided import Query, as_decided, is_confirmed
from handlers.experience import experience_of, with_experience
from handlers.intake import is_exempt
from handlers.needs import (
    HasBotsChoice,
    HasCases,
    HasChoices,
    HasCommunities,
    HasDecided,
    HasFronts,
    HasPolicies,
    HasRunner,
)
from handlers.previews import of_post
from handlers.search import SearchNeeds, search

NEAREST = 5


class StandingNeeds(HasCommunities, HasBotsChoice, Protocol):
    """What knows whether somebody's posts are looked at."""


class JudgedNeeds(HasRunner, HasCases, Protocol):
    """What says what a match passes."""


class WhyNeeds(
    SearchNeeds,
    HasCases,
    HasDecided,
    HasPolicies,
    HasCommunities,
    HasChoices,
    HasFronts,
    HasBotsChoice,
    Protocol,
):
    """What explains a verdict."""


async def explain(services: WhyNeeds, event: ImageEvent) -> Explanation:
    """Look the post up again, past every shortcut, and return why; raises Unscannable, RetryLater or StoreDown."""
    policy = await services.policies.for_space(event.space)
    seen = await visible(services, event.space.home)
    limits, chosen = policy.thresholds, await services.choices.variants(event.space)
    how: dict[str, Any] = {"collections": seen, "thresholds": limits, "variants": chosen}

    async def again(picture: bytes, ignored: Group[UUID]) -> Finding:
        return await search(services, picture, ignored=frozenset(ignored), **how)

    async def searched(data: bytes, _stands_for: str) -> Finding:
        by_pixels = await search(services, data, all_candidates=True, **how)
        query = Query(
            data=data,
            finding=by_pixels,
            thresholds=limits,
            variants=chosen,
            again=again,
            is_for_moderators=True,
        )
        return await as_decided(services, event.space, query)

    by_decisions = await of_post(services, services.fronts[event.space.platform], event, searched)
    finding = await with_experience(services, event.space.home, by_decisions, limits, chosen)
    nearest = [await _judged(services, event, policy, match, chosen) for match in finding.candidates[:NEAREST]]
    return Explanation(
        standing=await _standing(services, event, policy),
        policy=policy,
        finding=finding,
        nearest=tuple(nearest),
        based_on=await _based_on(services, finding),
    )


async def _based_on(services: HasCases, finding: Finding) -> DecisionRecord | None:
    """Return the decision in force on the case whose image this is a copy of, if it is one."""
    number = basis_of(finding.verdict)
    return None if number is None else (await services.cases.get(number)).standing


async def _standing(services: StandingNeeds, event: ImageEvent, policy: Policy) -> str:
    if policy.mode is Mode.OFF:
        return "unwatched"
    community = await services.communities.get(event.space.platform, event.space.community)
    return "exempt" if is_exempt(community, event, include_bots=services.include_bots) else "watched"


async def _judged(
    services: JudgedNeeds, event: ImageEvent, policy: Policy, match: Match, chosen: Group[UUID]
) -> Judged:
    floor, limits = services.runner.spec.floor, policy.thresholds
    is_variant = match.kind is Kind.TEMPLATE and match.reference.id in chosen
    match = as_variant(match, limits, chosen)
    past = await experience_of(services, event.space.home, match)
    match = tempered(match, past, limits)
    confirmed = await is_confirmed(services, event.space, match.reference)
    gates = (
        _gate("closeness", match.cosine, floor),
        _yes("variant", True) if is_variant else _yes("copy", match.kind in COPIES),
        _gate("review", match.confidence, limits.review),
        _gate("match", match.confidence, limits.match),
        _yes("content", is_variant or shows_the_same(match)),
        _yes("confirmed", confirmed),
    )
    return Judged(match=match, gates=gates, experience=past)


def _yes(name: str, passed: bool) -> Gate:
    return _gate(name, float(passed), 1.0)


def _gate(name: str, value: float, limit: float) -> Gate:
    return Gate(name=name, value=value, limit=limit, passed=value >= limit)
