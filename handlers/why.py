"""Why a post was treated as it was: the policy's word, and the nearest references with the gates each passed.

closeness   the embeddings are close enough to be a candidate
copy        the pixels agree once the pictures are aligned: exact, edited or contained
review      sure enough for a person to look
match       sure enough to act, also after what moderators here have said of such matches
confirmed   this community's moderators called that reference a violation: only then is anything removed
"""

from core.cases import Policy
from core.chat import Explanation, Gate, Judged
from core.matches import Match
from core.policy import COPIES
from core.trust import tempered
from core.types import ImageEvent, Mode
from handlers.experience import experience_of, with_experience
from handlers.intake import is_exempt
from handlers.references import visible
from handlers.search import search
from handlers.services import Services

NEAREST = 5


async def explain(services: Services, event: ImageEvent) -> Explanation:
    """Look the post up again, past every shortcut; raises Unscannable, RetryLater or StoreDown."""
    policy = await services.policies.for_space(event.space)
    data = await services.fronts[event.space.platform].fetch(event)
    seen = await visible(services, event.space.community)
    found = await search(services, data, collections=seen, thresholds=policy.thresholds, all_candidates=True)
    finding = await with_experience(services, event.space.community, found, policy.thresholds)
    nearest = [await _judged(services, event, policy, match) for match in finding.candidates[:NEAREST]]
    return Explanation(
        standing=await _standing(services, event, policy), policy=policy, finding=finding, nearest=tuple(nearest)
    )


async def _standing(services: Services, event: ImageEvent, policy: Policy) -> str:
    if policy.mode is Mode.OFF:
        return "unwatched"
    community = await services.communities.get(event.space.platform, event.space.community)
    return "exempt" if is_exempt(community, event) else "watched"


async def _judged(services: Services, event: ImageEvent, policy: Policy, match: Match) -> Judged:
    floor, limits = services.runner.spec.floor, policy.thresholds
    past = await experience_of(services, event.space.community, match)
    match = tempered(match, past, limits)
    confirmed = await services.cases.confirmed(event.space.community, {match.reference.id})
    gates = (
        _gate("closeness", match.cosine, floor),
        _gate("copy", float(match.kind in COPIES), 1.0),
        _gate("review", match.confidence, limits.review),
        _gate("match", match.confidence, limits.match),
        _gate("confirmed", float(bool(confirmed)), 1.0),
    )
    return Judged(match=match, gates=gates, experience=past)


def _gate(name: str, value: float, limit: float) -> Gate:
    return Gate(name=name, value=value, limit=limit, passed=value >= limit)
