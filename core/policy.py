"""What a set of matches means, and what to do about it. Pure: no clock, no network, no platform.

    matches --judge--> Verdict --plan--> acts to carry out, or what a dry run would have done

Three rules that no setting can lift:

    only exact, edited and contained copies become `match`; the same template or a similar subject is a review at most
    a post is removed only for a reference that this community's own moderators confirmed: a foreign list can flag
    a post is removed only for the same content: what could not be told apart may be a match, but only for a person

One word of a community's own moderators about ONE reference lifts the first and the third, for pages whose amounts
change: act on its variants, too. A template of it that is sure enough is then a `match` with the reason `variant`.
"""

from collections.abc import Collection as Group
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.cases import Policy, Thresholds
from core.confidence import of_frame
from core.matches import Evidence, Match, Verdict
from core.types import Act, Content, ImageEvent, Intent, Kind, Mode, Outcome, Purpose

COPIES = frozenset({Kind.EXACT, Kind.EDITED, Kind.CONTAINED})

MESSAGES = frozenset({Act.CARD, Act.ANSWER})
"""What tells of a case; everything else is done to a post or to its author."""

HARMLESS = frozenset({Act.FLAG, Act.REPLY})
"""What may be done about a match that no moderator of the community confirmed, or whose content is unsettled."""

ON_THE_MESSAGE = (Act.FLAG, Act.REPLY, Act.REMOVE)

ON_THE_POST = (*ON_THE_MESSAGE, Act.TELL, Act.TIMEOUT, Act.QUARANTINE, Act.KICK, Act.BAN)
"""What a policy can ask for, in the order in which it is done: nobody can be told anything after a ban."""

DRASTIC = frozenset(ON_THE_POST) - HARMLESS
"""What a person would mind: done without a moderator only where that is shown on a card, and within brakes."""

LIFTS: Mapping[Act, Act] = {
    Act.TIMEOUT: Act.RELEASE,
    Act.QUARANTINE: Act.UNQUARANTINE,
    Act.BAN: Act.UNBAN,
}
"""What takes an act on the author back."""

LIFTED: Mapping[Act, Act] = {lift: act for act, lift in LIFTS.items()}

FOR_GOOD = frozenset({Act.TELL, Act.KICK})
"""What nothing takes back."""

ON_THE_AUTHOR = frozenset({*LIFTS, *LIFTED, *FOR_GOOD})

BY_HAND = (Act.QUARANTINE, Act.KICK, Act.BAN)
"""What moderators may ask for on the card of a violation, as far as they may do it on the platform themselves."""

ONLY_PREVIEW = "preview"
"""Why a video is partial of which only the picture in front of it could be looked at."""

UNSEEN = frozenset(f"partial-{why}" for why in ("frames", "time", ONLY_PREVIEW))
"""Reasons of a review in which nothing was found, and of which something could not be looked at for lack of time."""

VARIANT = "variant"
"""Reason of a match with a template, where moderators chose to act on variants of the reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to carry out now, and what a dry run left undone."""

    acts: tuple[Act, ...] = ()
    would_have: tuple[Act, ...] = ()


def judge(
    matches: Sequence[Match], thresholds: Thresholds, partial: str = "", variants: Group[UUID] = frozenset()
) -> Verdict:
    """Return the verdict on one query image; `matches` come in any order.

    Sure copies come first in it, those of the same content before others, so that a plan is about the `best`. An image
    of which a part was not looked at is never `clean`: it goes to review. `variants` are references on whose variants
    the community acts.
    """
    judged = [as_variant(match, thresholds, variants) for match in matches]
    sure = [is_sure(match, thresholds) or _is_variant(match, thresholds, variants) for match in judged]
    pairs = sorted(zip(judged, sure, strict=True), key=lambda pair: _rank(*pair))
    shown = [(match, is_sure) for match, is_sure in pairs if match.confidence >= thresholds.review]
    outcome, reason = _outcome(shown)
    if partial and outcome is Outcome.CLEAN:
        outcome, reason = Outcome.REVIEW, f"partial-{partial}"
    return Verdict(outcome=outcome, reason=reason, matches=tuple(match for match, _ in shown), partial=partial)


def as_variant(match: Match, thresholds: Thresholds, variants: Group[UUID]) -> Match:
    """Return the match, for a template on whose variants the community acts with the confidence of its frame."""
    return replace(match, confidence=_of_frame(match)) if _is_variant(match, thresholds, variants) else match


def _of_frame(match: Match) -> float:
    return of_frame(match.score, match.evidence or Evidence())


def _is_variant(match: Match, thresholds: Thresholds, variants: Group[UUID]) -> bool:
    """Return whether the frame is surely that of a reference on whose variants the community acts.

    A confidence that experience lowered stays lowered (`core.trust`), and an allowlist accuses nobody.
    """
    chosen = match.reference.id in variants and not _is_allowed(match)
    is_open = match.kind is Kind.TEMPLATE and match.claimed is None
    return chosen and is_open and _of_frame(match) >= thresholds.match


def is_sure(match: Match, thresholds: Thresholds) -> bool:
    """Return whether a match is sure to be a copy, whose content is not known to be another."""
    is_other = match.content is Content.OTHER and match.kind is not Kind.EXACT
    return match.kind in COPIES and not is_other and match.confidence >= thresholds.match


def _rank(match: Match, is_sure: bool) -> tuple[bool, bool, bool, float]:
    """Return a sort key: sure before unsure, accusing before excusing, then those that may be acted on."""
    is_for_people = is_sure and match.kind is not Kind.TEMPLATE and not shows_the_same(match)
    return not is_sure, _is_allowed(match), is_for_people, -match.confidence


def _outcome(shown: Sequence[tuple[Match, bool]]) -> tuple[Outcome, str]:
    """Return the outcome and its reason for the matches, each with whether it is sure, in their order."""
    accusing = [match for match, _ in shown if not _is_allowed(match)]
    sure = [match for match, is_sure in shown if is_sure]
    if any(_excuses(match) for match in sure) or (shown and not accusing):
        return Outcome.CLEAN, "allowlisted"
    if not accusing:
        return Outcome.CLEAN, "nothing-known"
    if best := next((match for match in sure if not _is_allowed(match)), None):
        return Outcome.MATCH, VARIANT if best.kind is Kind.TEMPLATE else "copy"
    return Outcome.REVIEW, "unsure" if accusing[0].kind in COPIES else "look-alike"


def _is_allowed(match: Match) -> bool:
    return match.reference.purpose is Purpose.ALLOWLIST


def _excuses(match: Match) -> bool:
    """Return whether the match excuses the image: with an allowlisted picture that is not just a part of it."""
    return _is_allowed(match) and match.kind is not Kind.CONTAINED


def shows_the_same(match: Match) -> bool:
    """Return whether both pictures surely show the same content; equal pixels prove it without a reading."""
    return match.kind is Kind.EXACT or (match.kind in COPIES and match.content is Content.SAME)


def may_join(event: ImageEvent, verdict: Verdict) -> bool:
    """Return whether an image may share a case with others of its best reference (`core.bursts`).

    It is a post, and surely shows the same content: one decision removes all posts of such a case.
    """
    best = verdict.best
    is_match = event.intent is Intent.POSTED and verdict.outcome is Outcome.MATCH
    return is_match and best is not None and shows_the_same(best)


def is_settled(verdict: Verdict) -> bool:
    """Return whether a match may be acted on without a moderator, as far as its content goes."""
    best = verdict.best
    return best is not None and (shows_the_same(best) or verdict.reason == VARIANT)


def plan(verdict: Verdict, policy: Policy, confirmed: bool) -> Plan:
    """Return what the community's mode makes of a verdict.

    `confirmed`: this community's own moderators have called the matched reference a violation before.
    """
    if verdict.outcome is not Outcome.MATCH or verdict.best is None:
        return Plan()
    mode = policy.mode_for(verdict.best)
    wanted = _wanted(mode, policy, confirmed and is_settled(verdict))
    return Plan(would_have=wanted) if mode is Mode.DRY_RUN else Plan(acts=wanted)


def _wanted(mode: Mode, policy: Policy, may_act: bool) -> tuple[Act, ...]:
    if mode is Mode.OFF:
        return ()
    if may_act and mode is not Mode.FLAG:
        return policy.enforce
    return tuple(act for act in policy.flag if act in HARMLESS)
