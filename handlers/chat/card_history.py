"""What became of a case, as lines of its card: who reported it, which rule held, what was done and decided. Pure.

title_of_case    how the case stands: open, decided by whom, or open again
tone_of          the same as a colour
based_on         of a copy of what was decided before, which decision that was
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.bursts import Tally
from core.cases import Case, DecisionRecord
from core.messages import Line, Tone
from core.policy import HARMLESS, ON_THE_AUTHOR, ON_THE_POST, is_settled
from core.telling import NAME, failure, moment, one_line
from core.types import ActState, Intent, Mode, Outcome
from core.wording import Words
from handlers.chat.card_acts import is_for_good
from handlers.chat.card_text import actions_of, counted, tallies_of, title_of, would_have

ROWS = 6
"""Actions and decisions that a card lists; the case's page lists all."""

ADDED_UP = frozenset({"purged", "purged-since", "kept-some"})
"""Sentences about an act that begin with a number, of which the sum over several posts is as true."""

LATEST = "purged-since"
"""The one of them that also says since when: it is true of all with the longest of the times."""

TROUBLE = frozenset({ActState.FAILED, ActState.FORBIDDEN, ActState.UNSUPPORTED})

TONES = {
    Outcome.MATCH: Tone.MATCH,
    Outcome.REVIEW: Tone.REVIEW,
    Outcome.CLEAN: Tone.CLEAN,
    Outcome.UNSCANNABLE: Tone.REVIEW,
}


def title_of_case(words: Words, case: Case) -> str:
    """The decision in force with who made it; without one what was found, and that a decision was taken back."""
    state = _decided(words, case.standing) if case.standing else words(f"card.{_found(case)}")
    if case.decisions and not case.standing:
        state = words("card.reopened", state=state, name=_name(words, case.decisions[-1].undone_by))
    return words("card.title", number=case.id, state=state)


def _found(case: Case) -> str:
    """Of a reported post in which nothing was found, that it was reported comes first."""
    outcome = case.verdict.outcome
    is_reported = case.event.intent is Intent.REPORTED and outcome in (Outcome.CLEAN, Outcome.UNSCANNABLE)
    if is_reported and case.based_on and outcome is Outcome.CLEAN:
        return "reported-allowed"
    return f"reported-{outcome}" if is_reported else outcome


def tone_of(case: Case) -> Tone:
    """What failed since the newest decision counts more than that decision, and that more than what was found."""
    asked_by = case.decisions[-1].id if case.decisions else None
    done = [tally for tally in tallies_of(case) if tally.decision == asked_by]
    undone = asked_by is not None and case.standing is None  # then the newest action is the undo's, if it asked for any
    if any(tally.state in TROUBLE for tally in (done[-1:] if undone else done)):
        return Tone.FAILED
    if case.standing:
        return Tone.DECIDED
    return Tone.REVERSED if case.decisions else TONES[case.verdict.outcome]


def history_lines(words: Words, case: Case) -> tuple[Line, ...]:
    """Everything about the case but what was found: who reported it, which rule held, what was done and decided."""
    reports = max(one.reports for one in case.pictures)
    return (
        Line(label=words("card.reports"), text=counted(words, "card.report", reports)),
        Line(label=words("card.album"), text="\n".join(_album(words, case)) if case.further else ""),
        Line(label=words("card.mode"), text=_rule(words, case)),
        Line(label=words("case.did"), text="\n".join(_done(words, case))),
        Line(label=words("card.decision"), text="\n".join(_decided(words, one) for one in case.decisions[-ROWS:])),
        Line(label=words("card.brake"), text=words(f"brake.{case.brake}") if case.brake else ""),
    )


def _album(words: Words, case: Case) -> Iterator[str]:
    for outcome in (Outcome.MATCH, Outcome.REVIEW):
        those = [one for one in case.pictures if one.verdict.outcome is outcome]
        titles = dict.fromkeys(title_of(one.verdict.best.reference) for one in those if one.verdict.best)
        listed = one_line(words("card.list").join(titles))
        if those:
            yield counted(words, f"card.album-{outcome}", len(those), titles=listed)


def _rule(words: Words, case: Case) -> str:
    """The mode that held, and why it asked for what it asked for."""
    mode, why = words(f"mode.{case.mode}"), _why(case)
    return words("card.rule", mode=mode, why=words(f"card.{why}")) if why else mode


def _why(case: Case) -> str:
    asked = {act for one in case.pictures for act in one.would_have}
    asked |= {action.act for action in actions_of(case) if action.decision is None and action.act in ON_THE_POST}
    if asked - HARMLESS:
        return "confirmed"
    if asked:
        return "flag-only" if case.mode is Mode.FLAG else "unconfirmed" if is_settled(case.verdict) else "unsettled"
    return "" if case.decisions else "undecided"


def _done(words: Words, case: Case) -> Sequence[str]:
    """What a dry run would have done, and what was asked, those alike on several pictures or posts in one row.

    If there are too many rows, what the newest decision asked for goes first, and what was asked of most posts.
    """
    dry = [words(f"case.would_have_{act}") for act in would_have(case)]
    asked = _added_up(tallies_of(case))
    most = sorted(asked, key=lambda one: (one.decision or 0, one.count))[-ROWS:]
    rows = [_action(words, one, _many(case, one)) for one in asked if one in most]
    return [*dry, *rows] or [words("case.nothing_done")]


def _added_up(tallies: Sequence[Tally]) -> Sequence[Tally]:
    """What says a number for each author or post, such as how many messages a ban deleted, in one row with the sum."""
    alike: dict[object, Tally] = {}
    for one in tallies:
        what, *values = one.detail.split("|")
        is_number = what in ADDED_UP and values[0].isdecimal()
        same = (what, *(() if what == LATEST else values[1:])) if is_number else one.detail
        key = (one.act, one.state, one.decision, same)
        before = alike.get(key)
        alike[key] = _sum(before, one) if before and is_number else one
    return list(alike.values())


def _sum(one: Tally, other: Tally) -> Tally:
    what, number, *more = one.detail.split("|")
    _, added, *others = other.detail.split("|")
    detail = "|".join([what, str(int(number) + int(added)), *max(more, others, key=_minutes)])
    return replace(one, detail=detail, count=one.count + other.count, first=min(one.first, other.first))


def _minutes(more: Sequence[str]) -> int:
    """How long a time is that a sentence says, such as "47 h" or "12 min"."""
    number, _, unit = (more[0] if more else "").partition(" ")
    return (int(number) if number.isdecimal() else 0) * (60 if unit == "h" else 1)


def _action(words: Words, one: Tally, many: str) -> str:
    said_already = not one.detail or one.detail == one.state
    state = words(f"act_state.{one.state}")
    state = words(many, state=state, count=one.count) if one.count > 1 else state
    values = {"act": words(f"act.{one.act}"), "state": state}
    why = "" if said_already else failure(words, one.detail)
    why = why or (words("card.for-good") if is_for_good(one.act, one.state) else "")
    return words("card.row-why", why=why, **values) if why else words("card.row", **values)


def _many(case: Case, one: Tally) -> str:
    """What was counted (`*.tally`): the pictures of a post, or the posts of a burst; of acts on authors, these."""
    if not case.burst:
        return "card.tally"
    return "burst.tally-people" if one.act in ON_THE_AUTHOR else "burst.tally"


def _decided(words: Words, record: DecisionRecord) -> str:
    """Who decided what, or who took it back."""
    who, key = (record.undone_by, "case.undone") if record.undone_at else (record.by, "card.decided")
    decision = words(f"decision.{record.decision}")
    return words(key, name=_name(words, who), decision=decision)


def based_on(words: Words, record: DecisionRecord | None) -> str:
    """Of a copy of what was decided before: in which case, by whom and when, or that this was taken back; "" = none."""
    if record is None:
        return ""
    values = {"number": record.case, "decided": _decided(words, record)}
    if record.undone_at:
        return words("card.based-on-undone", **values)
    return words("card.based-on", when=moment(record.at), **values)


def _name(words: Words, who: str) -> str:
    return one_line(who, NAME) or words("case.anonymous")
