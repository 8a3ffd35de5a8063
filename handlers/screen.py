"""One posted image, from the inbox to its one verdict. Read this file first.

    claim -> policy -> fetch -> search in what this community may see -> excused? -> judge -> plan -> conclude

Whatever goes wrong ends in a verdict (`unscannable`, with a reason) or back in the inbox; never in silence.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from core.errors import ResightError, RetryLater, StoreDown, Unscannable
from core.policy import judge, plan
from core.types import Finding, Match, Mode, Outcome, Policy, Verdict, Waiting
from handlers.search import search
from handlers.services import Services

LEASE = timedelta(seconds=120)
MAX_ATTEMPTS = 6
AT_ONCE = 4
IDLE_SECONDS = 2.0
log = logging.getLogger(__name__)


async def screen(services: Services, waiting: Waiting) -> Verdict | None:
    """Give one event its verdict; None means that it went back to the inbox to be tried again."""
    policy = await services.policies.for_space(waiting.event.space)
    if policy.mode is Mode.OFF:
        return await _conclude(services, waiting, policy, _unscannable("not-watched"))
    try:
        data = await services.fronts[waiting.event.space.platform].fetch(waiting.event)
        finding = await search(services, data, collections=await _visible(services, waiting))
        finding = await _excuse(services, waiting, finding, policy)
    except Unscannable as error:
        return await _conclude(services, waiting, policy, _unscannable(error.reason))
    except RetryLater as error:
        return await _later(services, waiting, policy, error)
    return await _conclude(services, waiting, policy, finding)


async def screen_forever(services: Services) -> None:
    """The screening loop: a few images at once, woken by the intake."""
    while True:
        claimed = await services.inbox.claim(AT_ONCE, LEASE)
        async with asyncio.TaskGroup() as group:
            for waiting in claimed:
                group.create_task(_guarded(services, waiting))
        if not claimed:
            await services.inbox_bell.wait(IDLE_SECONDS)


async def _guarded(services: Services, waiting: Waiting) -> None:
    """A bug met on one image must not cost its neighbours their verdict: it is logged and the image tried again."""
    try:
        await screen(services, waiting)
    except Exception:  # the last wall before the loop: whatever it is, the row must leave with a verdict
        log.exception("screening of inbox row %d failed", waiting.id)
        await _later(services, waiting, Policy(), ResightError("internal error"))


async def _visible(services: Services, waiting: Waiting) -> list[str]:
    """Collections that belong to this community or to everybody."""
    owners = ("", waiting.event.space.community)
    return [one.name for one in await services.references.collections() if one.owner in owners]


async def _excuse(services: Services, waiting: Waiting, finding: Finding, policy: Policy) -> Finding:
    """Judge again by the community's own thresholds and by what its moderators said of these very bytes."""
    ids = {match.reference.id for match in finding.candidates}
    allowed, no_match = await services.cases.excused(waiting.event.space.community, finding.sha256, ids)
    left = [match for match in finding.candidates if match.reference.id not in no_match]
    return Finding(
        sha256=finding.sha256,
        verdict=_verdict(finding, left, policy, allowed),
        candidates=tuple(left),
        look=finding.look,
        timings_ms=finding.timings_ms,
    )


def _verdict(finding: Finding, left: Sequence[Match], policy: Policy, allowed: bool) -> Verdict:
    if finding.verdict.outcome is Outcome.UNSCANNABLE:
        return finding.verdict
    if allowed:
        return Verdict(outcome=Outcome.CLEAN, reason="allowed-before")
    return judge(left, policy.thresholds, finding.verdict.partial)


async def _conclude(services: Services, waiting: Waiting, policy: Policy, finding: Finding) -> Verdict:
    verdict, best = finding.verdict, finding.verdict.best
    known = {best.reference.id} if best else set()
    confirmed = bool(await services.cases.confirmed(waiting.event.space.community, known)) if known else False
    planned = plan(verdict, policy, confirmed)
    thumbnail = None
    if finding.look and verdict.outcome in (Outcome.MATCH, Outcome.REVIEW):
        thumbnail = await services.runner.thumbnail(finding.look, best.frame if best else 0)
    await services.cases.conclude(
        waiting, finding.sha256, verdict, policy.mode, planned.acts, planned.would_have, thumbnail
    )
    services.outbox_bell.ring()
    return verdict


async def _later(services: Services, waiting: Waiting, policy: Policy, error: ResightError) -> Verdict | None:
    """Back to the inbox with growing pauses (1 s doubling to 100 s).

    A store that is down says nothing about the image, so such tries are not counted against it.
    """
    if waiting.attempts >= MAX_ATTEMPTS and not isinstance(error, StoreDown):
        return await _conclude(services, waiting, policy, _unscannable("gave-up"))
    pause = timedelta(seconds=min(100, 2 ** max(0, waiting.attempts - 1)))
    await services.inbox.release(waiting, pause, str(error))
    return None


def _unscannable(reason: str) -> Finding:
    return Finding(sha256="", verdict=Verdict(outcome=Outcome.UNSCANNABLE, reason=reason))
