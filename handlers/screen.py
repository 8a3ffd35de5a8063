"""One posted image, from the inbox to its one verdict. Read this file first.

    claim -> policy -> fetch -> excused by a moderator? -> search in what this community may see -> plan -> conclude

Whatever goes wrong ends in a verdict (`unscannable`, with a reason) or back in the inbox; never in silence.
"""

import asyncio
import contextlib
import hashlib
import logging
from datetime import timedelta

from core.errors import ResightError, RetryLater, StoreDown, Unscannable
from core.policy import plan
from core.types import Finding, Mode, Outcome, Policy, Verdict, Waiting
from handlers.bell import tirelessly
from handlers.search import search
from handlers.services import Services

LEASE = timedelta(seconds=120)
MAX_ATTEMPTS = 6
AT_ONCE = 4
log = logging.getLogger(__name__)


async def screen(services: Services, waiting: Waiting) -> Verdict | None:
    """Give one event its verdict; None means that it went back to the inbox to be tried again."""
    policy = await services.policies.for_space(waiting.event.space)
    if policy.mode is Mode.OFF:
        return await _conclude(services, waiting, policy, _unscannable("not-watched"))
    try:
        data = await services.fronts[waiting.event.space.platform].fetch(waiting.event)
        finding = await _find(services, waiting, data, policy)
    except Unscannable as error:
        return await _conclude(services, waiting, policy, _unscannable(error.reason))
    except RetryLater as error:
        return await _later(services, waiting, policy, error)
    return await _conclude(services, waiting, policy, finding)


async def _find(services: Services, waiting: Waiting, data: bytes, policy: Policy) -> Finding:
    """Look the image up as this community sees it; what its moderators said of these very bytes comes first."""
    sha256 = hashlib.sha256(data).hexdigest()
    allowed, no_match = await services.cases.excused(waiting.event.space.community, sha256)
    if allowed:
        return Finding(sha256=sha256, verdict=Verdict(outcome=Outcome.CLEAN, reason="allowed-before"))
    seen = await _visible(services, waiting)
    return await search(services, data, collections=seen, thresholds=policy.thresholds, ignored=no_match)


async def screen_forever(services: Services) -> None:
    """The screening loop: a few images at once, woken by the intake."""

    async def some() -> int:
        claimed = await services.inbox.claim(AT_ONCE, LEASE)
        await asyncio.gather(*(_guarded(services, waiting) for waiting in claimed))
        return len(claimed)

    await tirelessly(some, services.inbox_bell)


async def _guarded(services: Services, waiting: Waiting) -> None:
    """A bug met on one image must not cost its neighbours their verdict: it is logged and the image tried again."""
    try:
        await screen(services, waiting)
    except Exception:  # the last wall before the loop: whatever it is, the row must leave with a verdict
        log.exception("screening of inbox row %d failed", waiting.id)
        with contextlib.suppress(ResightError):  # a full disk: the lease runs out, and the row is claimed again
            await _later(services, waiting, Policy(), ResightError("internal error"))


async def _visible(services: Services, waiting: Waiting) -> list[str]:
    """Collections that belong to this community or to everybody."""
    owners = ("", waiting.event.space.community)
    return [one.name for one in await services.references.collections() if one.owner in owners]


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
    await services.inbox.release(waiting, pause, str(error), counts=not isinstance(error, StoreDown))
    return None


def _unscannable(reason: str) -> Finding:
    return Finding(sha256="", verdict=Verdict(outcome=Outcome.UNSCANNABLE, reason=reason))
