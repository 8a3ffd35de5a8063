"""What a set of matches means, and what to do about it. Pure: no clock, no network, no platform.

    matches --judge--> Verdict --plan--> acts to carry out, or what a dry run would have done

Two rules that no setting can lift: only exact, edited and contained copies become `match` (the same template
or a similar subject at most asks for a review), and a post is removed only for a reference that this
community's own moderators confirmed (a foreign list can flag, never delete).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.cases import Policy, Thresholds
from core.matches import Match, Verdict
from core.types import Act, Kind, Mode, Outcome, Purpose

COPIES = frozenset({Kind.EXACT, Kind.EDITED, Kind.CONTAINED})

HARMLESS = frozenset({Act.FLAG, Act.REPLY})
"""What may be done about a match that no moderator of the community has confirmed."""

ON_THE_POST = (Act.FLAG, Act.REPLY, Act.REMOVE, Act.TIMEOUT)
"""What a policy can ask for, mildest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to carry out now, and what a dry run left undone."""

    acts: tuple[Act, ...] = ()
    would_have: tuple[Act, ...] = ()


def judge(matches: Sequence[Match], thresholds: Thresholds, partial: str = "") -> Verdict:
    """The verdict on one query image; `matches` in any order.

    Copies that make a `match` come first: `best` is what a plan is about. An image of which a part was not looked
    at is never `clean`: it goes to review.
    """
    ranked = sorted(matches, key=lambda one: (not _is_sure(one, thresholds), _is_allowed(one), -one.confidence))
    shown = tuple(match for match in ranked if match.confidence >= thresholds.review)
    outcome, reason = _outcome(shown, thresholds)
    if partial and outcome is Outcome.CLEAN:
        outcome, reason = Outcome.REVIEW, f"partial-{partial}"
    return Verdict(outcome=outcome, reason=reason, matches=shown, partial=partial)


def _is_sure(match: Match, thresholds: Thresholds) -> bool:
    return match.kind in COPIES and match.confidence >= thresholds.match


def _outcome(shown: Sequence[Match], thresholds: Thresholds) -> tuple[Outcome, str]:
    accusing = [match for match in shown if not _is_allowed(match)]
    sure = [match for match in shown if _is_sure(match, thresholds)]
    if any(_excuses(match) for match in sure) or (shown and not accusing):
        return Outcome.CLEAN, "allowlisted"
    if not accusing:
        return Outcome.CLEAN, "nothing-known"
    if any(match in accusing for match in sure):
        return Outcome.MATCH, "copy"
    return Outcome.REVIEW, "unsure" if accusing[0].kind in COPIES else "look-alike"


def _is_allowed(match: Match) -> bool:
    return match.reference.purpose is Purpose.ALLOWLIST


def _excuses(match: Match) -> bool:
    """An allowlisted picture excuses its own copies; one that is only a part of the image says nothing of the rest."""
    return _is_allowed(match) and match.kind is not Kind.CONTAINED


def plan(verdict: Verdict, policy: Policy, confirmed: bool) -> Plan:
    """What the community's mode makes of a verdict.

    `confirmed`: this community's own moderators have called the matched reference a violation before.
    """
    if verdict.outcome is not Outcome.MATCH or verdict.best is None:
        return Plan()
    mode = policy.mode_for(verdict.best)
    wanted = _wanted(mode, policy, confirmed)
    return Plan(would_have=wanted) if mode is Mode.DRY_RUN else Plan(acts=wanted)


def _wanted(mode: Mode, policy: Policy, confirmed: bool) -> tuple[Act, ...]:
    if mode is Mode.OFF:
        return ()
    if confirmed and mode is not Mode.FLAG:
        return policy.enforce
    return tuple(act for act in policy.flag if act in HARMLESS)
