"""One posted image, from the inbox to its one verdict. Read this file first.

    claim -> policy -> fetch -> excused by a moderator? -> search in what this community may see
          (variants count where it chose so) -> without what they decided about images of which it is an edit
          -> as sure as their decisions about such matches allow
          -> fit to be seen, if the operator wants to know
          -> remembered, if they want that -> plan -> held back by a brake? -> conclude

A post ends in what the policy plans for it, a query in an answer, a report in a card, whatever was found.

Whatever goes wrong ends in a verdict (`unscannable`, with a reason) or back in the inbox; never in silence.
"""

import contextlib
import hashlib
import logging
from collections.abc import Collection as Group
from collections.abc import Sequence
from functools import partial
from typing import Protocol
from uuid import UUID

from core.brakes import Brake
from core.bursts import asked_of_late
from core.cases import DecisionRecord, Policy, Waiting
from core.errors import CouldNotLook, EnvironmentTrouble, Overtaken, ResightError, RetryLater, StoreDown, Unscannable
from core.matches import Finding, Verdict
from core.policy import DRASTIC, UNSEEN, Plan, plan
from core.types import Act, Decision, ImageEvent, Intent, Mode, Outcome
from handlers.bell import tirelessly
from handlers.braking import BrakeNeeds, held_back
from handlers.collections import visible
from handlers.content import ContentNeeds, gated
from handlers.decided import Again, Query, as_decided, frames_of, may_be_acted_on, of_allowed_file
from handlers.experience import with_experience
from handlers.needs import (
    HasAlertsBell,
    HasCases,
    HasChoices,
    HasCommunities,
    HasDecided,
    HasFronts,
    HasInbox,
    HasMeter,
    HasOutboxBell,
    HasPolicies,
    HasRunner,
    HasUnscannableCards,
)
from handlers.outbox import OUTAGE_ATTEMPTS, pause
from handlers.previews import of_post
from handlers.screening import AT_ONCE, Screening, ScreeningNeeds
from handlers.search import SearchNeeds, search
from handlers.sightings import RememberNeeds, remember
from handlers.worker_pool import WorkerPool

MAX_ATTEMPTS = 6
"""Tries of an image on which we fail; there are more while a platform can't be reached (`handlers.outbox`)."""

FEW = 30
"""Actions that wait, up to which a removal comes after its card."""

UNWATCHED = "not-watched"
log = logging.getLogger(__name__)


class FindNeeds(SearchNeeds, ContentNeeds, HasCases, HasDecided, HasChoices, Protocol):
    """What says what an image is."""


class SeenNeeds(SearchNeeds, ContentNeeds, HasCases, HasDecided, HasChoices, HasFronts, Protocol):
    """What fetches an image and says what it is."""


class CardFirstNeeds(HasCases, HasFronts, Protocol):
    """What says whether a card comes before what is done."""


class ActsNeeds(HasCases, HasCommunities, HasFronts, HasUnscannableCards, Protocol):
    """What says whether moderators are shown a card."""


class PlannedNeeds(BrakeNeeds, HasCases, Protocol):
    """What plans what is done about an image."""


class ConcludeNeeds(
    BrakeNeeds,
    HasRunner,
    HasCases,
    HasCommunities,
    HasFronts,
    HasUnscannableCards,
    HasMeter,
    HasOutboxBell,
    HasAlertsBell,
    Protocol,
):
    """What gives an image its verdict."""


class LaterNeeds(
    BrakeNeeds,
    HasRunner,
    HasInbox,
    HasCases,
    HasCommunities,
    HasFronts,
    HasUnscannableCards,
    HasMeter,
    HasOutboxBell,
    HasAlertsBell,
    Protocol,
):
    """What puts an image back into the inbox."""


class ScreenNeeds(
    SearchNeeds,
    ContentNeeds,
    BrakeNeeds,
    RememberNeeds,
    HasInbox,
    HasCases,
    HasDecided,
    HasPolicies,
    HasChoices,
    HasFronts,
    HasUnscannableCards,
    HasMeter,
    HasOutboxBell,
    HasAlertsBell,
    Protocol,
):
    """What screens one image."""


class ScreenForeverNeeds(
    ScreeningNeeds,
    SearchNeeds,
    ContentNeeds,
    BrakeNeeds,
    RememberNeeds,
    HasCases,
    HasDecided,
    HasPolicies,
    HasChoices,
    HasUnscannableCards,
    HasMeter,
    HasOutboxBell,
    HasAlertsBell,
    Protocol,
):
    """What screens images for ever."""


async def screen(services: ScreenNeeds, waiting: Waiting) -> Verdict | None:
    """Give one event its verdict; None means that it went back to the inbox to be tried again."""
    policy = await services.policies.for_space(waiting.event.space)
    if policy.mode is Mode.OFF and waiting.event.intent is Intent.POSTED:
        return await _conclude(services, waiting, policy, _unscannable(UNWATCHED))
    try:
        finding = await _seen(services, waiting, policy)
        await remember(services, waiting.event, finding)
    except Unscannable as error:
        return await _conclude(services, waiting, policy, _unscannable(error.reason))
    except (RetryLater, EnvironmentTrouble) as error:
        return await _later(services, waiting, policy, error)
    return await _conclude(services, waiting, policy, finding)


async def _seen(services: SeenNeeds, waiting: Waiting, policy: Policy) -> Finding:
    """Fetch what was posted, and of a video the picture in front of it, and search for both."""

    async def searched(data: bytes, stands_for: str) -> Finding:
        with services.runner.hurried():
            return await _find(services, waiting, data, policy, stands_for)

    return await of_post(services, services.fronts[waiting.event.space.platform], waiting.event, searched)


async def _find(services: FindNeeds, waiting: Waiting, data: bytes, policy: Policy, stands_for: str = "") -> Finding:
    """Search for the image as this community sees it; what its moderators decided about these very bytes comes first.

    A preview `stands_for` the file with that SHA-256, about which they decided. A query is answered with what the image
    is, whatever moderators decided about it or its like.
    """
    event, seen = waiting.event, await visible(services, waiting.event.space.home)
    if event.intent is Intent.QUERY:
        return await search(services, data, collections=seen, thresholds=policy.thresholds)
    sha256 = stands_for or hashlib.sha256(data).hexdigest()
    allowed, no_match = await services.cases.excused(event.space, sha256)
    is_posted = event.intent is Intent.POSTED  # who reports it shows moderators its picture
    if allowed and is_posted and (found := await of_allowed_file(services, event.space, sha256)):
        return found
    chosen = await services.choices.variants(event.space)

    async def again(picture: bytes, ignored: Group[UUID]) -> Finding:
        return await search(
            services,
            picture,
            collections=seen,
            thresholds=policy.thresholds,
            ignored=no_match.union(ignored),
            variants=chosen,
        )

    return await _judged(services, event, data, policy, chosen, again)


async def _judged(
    services: FindNeeds, event: ImageEvent, data: bytes, policy: Policy, chosen: Group[UUID], again: Again
) -> Finding:
    """Return what a search finds of a post or a report, as far as decisions, experience and the filter leave it so."""

    async def fit(found: Finding) -> Finding:
        return await gated(services, found) if event.intent is Intent.POSTED else found

    finding = await fit(await again(data, ()))
    query = Query(
        data=data,
        finding=finding,
        thresholds=policy.thresholds,
        variants=chosen,
        again=again,
        is_for_moderators=event.intent is Intent.REPORTED,
    )
    decided = await as_decided(services, event.space, query)
    decided = decided if decided is finding else await fit(decided)
    return await with_experience(services, event.space.home, decided, policy.thresholds, chosen)


async def screen_forever(services: ScreenForeverNeeds) -> None:
    """Screen images from the inbox side by side, for ever, beginning with those that a crash cut short.

    While the vector store does not answer, each image is tried once, because its bytes or its hash may be known, and
    then waits. How communities share the work: `handlers.screening`.
    """
    await services.inbox.take_over()
    async with WorkerPool(AT_ONCE) as pool:
        await tirelessly(Screening(services, pool, partial(screen_safely, services)).some, services.inbox_bell)


async def screen_safely(services: ScreenNeeds, waiting: Waiting) -> None:
    """Screen one image; an error is logged, and the image tried again, so that its neighbours get their verdicts."""
    try:
        await screen(services, waiting)
    except ResightError as error:  # a full disk, a locked database: the lease runs out, and the row is claimed again
        log.warning("%s", error)
    except Exception:  # the last wall before the loop: whatever it is, the row must leave with a verdict
        log.exception("screening of inbox row %d failed", waiting.id)
        await _last_wall(services, waiting)


async def _last_wall(services: LaterNeeds, waiting: Waiting) -> None:
    """Put the image back into the inbox or give it up; if neither can be written, its lease runs out."""
    try:
        await _later(services, waiting, Policy(), ResightError("internal error"))
    except ResightError as error:  # a full disk
        log.warning("%s", error)
    except Exception:  # the same bug again: the other images are looked at all the same
        log.exception("inbox row %d is left until its lease runs out", waiting.id)


async def _conclude(services: ConcludeNeeds, waiting: Waiting, policy: Policy, finding: Finding) -> Verdict:
    event, verdict = waiting.event, finding.verdict
    while True:
        with contextlib.suppress(Overtaken):  # a moderator decided in this very moment: brakes are for that, too
            await _write_down(services, waiting, policy, finding)
            break
    services.meter.verdict(event.space.platform, verdict.outcome, verdict.reason, finding.timings_ms)
    services.outbox_bell.ring()
    services.alerts_bell.ring()
    return verdict


async def _write_down(services: ConcludeNeeds, waiting: Waiting, policy: Policy, finding: Finding) -> None:
    """Store the verdict with what follows from it. Raises Overtaken."""
    event, verdict, best = waiting.event, finding.verdict, finding.verdict.best
    late = await _late(services, event, verdict, policy)
    standing = await services.cases.follows(event, verdict, joins=late is not None)
    planned, brake = await _planned(services, event, verdict, policy, late, standing)
    acts = await _acts(services, event, verdict, planned)
    thumbnail = await _thumbnail(services, event, finding)
    await services.cases.conclude(
        waiting,
        finding.sha256,
        verdict,
        policy.mode_for(best) if best else policy.mode,
        acts,
        planned.would_have,
        thumbnail,
        brake or "",
        late,
        standing.id if standing else None,
        await frames_of(services, finding) if thumbnail else (),
    )


async def _planned(
    services: PlannedNeeds,
    event: ImageEvent,
    verdict: Verdict,
    policy: Policy,
    late: Sequence[Act] | None,
    standing: DecisionRecord | None,
) -> tuple[Plan, Brake | None]:
    """Return what the verdict asks for, and the brake that holds back what would be done without a moderator.

    What a decision in force (`standing`) asks for is no part of it: the plan is what stays done if that is undone.
    """
    best = verdict.best
    if event.intent is Intent.QUERY or best is None:
        return Plan(), None
    if standing is None:
        confirmed = await may_be_acted_on(services, event.space, verdict, policy.thresholds)
        return await held_back(services, event, verdict, plan(verdict, policy, confirmed), policy)
    decided = Plan(acts=asked_of_late(standing.decision, late or ()))
    brake = None
    if standing.decision is not Decision.ABUSE:
        _, brake = await held_back(services, event, verdict, decided, policy)
    return plan(verdict, policy, confirmed=False), brake


async def _late(
    services: HasCommunities, event: ImageEvent, verdict: Verdict, policy: Policy
) -> tuple[Act, ...] | None:
    """Return what a violation in force on its burst asks of a post; None = it joins no burst: there are no cards."""
    community = await services.communities.get(event.space.platform, event.space.community)
    if not community.log:
        return None
    is_watched = verdict.best is not None and policy.mode_for(verdict.best) is not Mode.OFF
    return policy.enforce if is_watched else ()


async def _thumbnail(services: HasRunner, event: ImageEvent, finding: Finding) -> bytes | None:
    """Return a picture for moderators; None where no case is shown, or where nobody may keep the picture."""
    verdict = finding.verdict
    is_shown = verdict.outcome in (Outcome.MATCH, Outcome.REVIEW) or event.intent is Intent.REPORTED
    if not finding.look or not is_shown or not verdict.may_be_kept:
        return None
    return await services.runner.thumbnail(finding.look, verdict.best.frame if verdict.best else 0)


async def _acts(services: ActsNeeds, event: ImageEvent, verdict: Verdict, planned: Plan) -> tuple[Act, ...]:
    """Return the planned acts with the card that tells how they went; one may precede them, too."""
    if event.intent is Intent.QUERY:
        return (Act.ANSWER,)
    if not _is_worth_a_card(verdict, services.ask_about_unscannable) and event.intent is not Intent.REPORTED:
        return ()
    community = await services.communities.get(event.space.platform, event.space.community)
    if not community.log and community.set_up_at is None:
        return planned.acts
    is_first = planned.acts and await _is_card_first(services, event, planned.acts)
    return (Act.CARD, *planned.acts, Act.CARD) if is_first else (*planned.acts, Act.CARD)


def _is_worth_a_card(verdict: Verdict, asks: bool) -> bool:
    """Return whether moderators are to look, if the operator `asks` them about what nobody could look at in full.

    Nearly every long video is one of those: a card for each would bury the others.
    """
    if verdict.outcome is Outcome.UNSCANNABLE:
        return asks and verdict.reason != UNWATCHED
    return verdict.outcome is Outcome.MATCH or (
        verdict.outcome is Outcome.REVIEW and (asks or verdict.reason not in UNSEEN)
    )


async def _is_card_first(services: CardFirstNeeds, event: ImageEvent, acts: Sequence[Act]) -> bool:
    """Return whether a card precedes what is done: where it keeps the post, and before a removal.

    A card may be refused for what it says, and then nothing is removed. In a raid, whose cards take minutes on some
    platforms, removals go first.
    """
    if services.fronts[event.space.platform].keeps_posts:
        return True
    return not DRASTIC.isdisjoint(acts) and await services.cases.waiting_actions() < FEW


async def _later(services: LaterNeeds, waiting: Waiting, policy: Policy, error: ResightError) -> Verdict | None:
    """Put the image back into the inbox with growing pauses (`core.backoff.QUEUE`), or give it up.

    A store that is down, a full disk or a decoder that can't start say nothing about the image, so such tries don't
    count. A fault of ours in a running decoder may come at this image every time, so those tries do count.
    """
    counts = isinstance(error, CouldNotLook) or not isinstance(error, (StoreDown, EnvironmentTrouble))
    most = OUTAGE_ATTEMPTS if isinstance(error, RetryLater) else MAX_ATTEMPTS
    if counts and waiting.attempts >= most:
        return await _conclude(services, waiting, policy, _unscannable(_given_up(error)))
    services.meter.retry("image")
    await services.inbox.release(waiting, pause(waiting.attempts, error), str(error), counts=counts)
    return None


def _given_up(error: ResightError) -> str:
    return CouldNotLook.reason if isinstance(error, CouldNotLook) else "gave-up"


def _unscannable(reason: str) -> Finding:
    return Finding(sha256="", verdict=Verdict(outcome=Outcome.UNSCANNABLE, reason=reason))
