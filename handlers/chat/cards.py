"""What the bot shows in a chat, whatever the platform: records in, cards of plain text out. Pure.

    Case --case_card--> for the moderators          Case --answer_card--> for the one who asked
    Alert + Case --alert_card--> for a subscriber   Explanation --> handlers/chat/why_card.py

    Card --bot/fronts/discord/render.py--> Embed + View     Card --bot/fronts/telegram/render.py--> HTML + keyboard

A card's texts are plain: the platforms' modules escape all of them. What strangers wrote is one short line each.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from core.cases import ActionRecord, Case, DecisionRecord
from core.chat import Alert, Choice, Community
from core.matches import Match, Verdict
from core.messages import Button, Card, Line, Style, Tone
from core.policy import COPIES, HARMLESS, ON_THE_POST, is_settled
from core.telling import (
    CERTAIN,
    address,
    differing,
    extent,
    failure,
    found,
    moment,
    of_content,
    one_line,
    overturned,
    panels,
    partial_words,
    playtime,
    quoted,
    reason_words,
    sureness,
)
from core.types import Act, ActState, Kind, Mode, Outcome, Purpose, Reference
from core.wording import Words
from handlers.chat import data
from handlers.collections import short_name

TITLE, NAME = 120, 60
"""Characters shown of a title and of a name."""

FURTHER = 4
ROWS = 6
"""The newest actions and decisions that a card lists; the case's page lists all."""

SHOWN = frozenset(Act) - {Act.CARD, Act.ANSWER}
TROUBLE = frozenset({ActState.FAILED, ActState.FORBIDDEN, ActState.UNSUPPORTED})

TONES = {
    Outcome.MATCH: Tone.MATCH,
    Outcome.REVIEW: Tone.REVIEW,
    Outcome.CLEAN: Tone.CLEAN,
    Outcome.UNSCANNABLE: Tone.REVIEW,
}


def case_card(
    words: Words, case: Case, community: Community, kept_until: datetime | None, *, variants: Choice | None = None
) -> Card:
    """The moderators' card, as the case now stands; `variants` is what they chose about variants of the best match."""
    best = case.verdict.best
    lines = [
        Line(text=words("abuse.routes") if case.is_suspected else ""),
        *_sentences(words, case.verdict, of_content(words, case)),
        *(_measures(words, best) if best else ()),
        Line(text=overturned(words, case.experience, best) if best else ""),
        Line(label=words("card.author"), text=_author(case)),
        Line(label=words("card.text"), text=one_line(case.event.text)),
        Line(label=words("card.where"), text=_where(words, case, community)),
        *_history(words, case),
        Line(label=words("card.brake"), text=words(f"brake.{case.brake}") if case.brake else ""),
        *(_facts(words, best.reference) if best else ()),
    ]
    return Card(
        title=words(f"card.{case.verdict.outcome}", number=case.id),
        tone=tone_of(case),
        lines=filled(lines),
        buttons=_buttons(words, case, variants),
        link=address(case.event.link),
        link_label=words("case.message"),
        footer=words("card.kept", when=moment(kept_until)) if kept_until and not case.is_suspected else "",
        legend="" if case.is_suspected else panels(words, case),
        colon=words("card.colon"),
    )


def kept_until(case: Case, keep: timedelta, now: datetime) -> datetime | None:
    """When the evidence goes; of what has none, or none any more, nothing is said."""
    until = case.opened_at + keep
    return until if case.thumbnail and until > now else None


def tone_of(case: Case) -> Tone:
    """What failed since the newest decision counts more than that decision, and that more than what was found."""
    asked_by = case.decisions[-1].id if case.decisions else None
    done = [action for action in _actions(case) if action.decision == asked_by]
    undone = asked_by is not None and case.standing is None  # then the newest action is the undo's, if it asked for any
    if any(action.state in TROUBLE for action in (done[-1:] if undone else done)):
        return Tone.FAILED
    if case.standing:
        return Tone.DECIDED
    return Tone.REVERSED if case.decisions else TONES[case.verdict.outcome]


def answer_card(words: Words, case: Case, limit: int = FURTHER) -> Card:
    """The answer to one who asked, with at most `limit` further matches."""
    best, further = case.verdict.best, case.verdict.matches[1:]
    is_sure = case.verdict.outcome is Outcome.MATCH
    lines = [
        *_sentences(words, case.verdict, (differing(words, best, is_sure=is_sure),) if best else ()),
        *(_measures(words, best) if best else ()),
        *(_facts(words, best.reference) if best else ()),
        *(_further(words, further, limit) if further else ()),
    ]
    return Card(
        title=words(f"answer.{_heard(case.verdict)}"),
        tone=TONES[case.verdict.outcome],
        lines=filled(lines),
        legend=panels(words, case),
        colon=words("card.colon"),
    )


def reply_card(words: Words, best: Match, *, is_sure: bool) -> Card:
    """The public reply below a post: what the image is, or may be, and where it is from."""
    source = address(best.reference.source_url)
    line = Line(label=words("chat.source"), text=one_line(source), url=source)
    title = found(words, best, title_of(best.reference), is_sure=is_sure)
    return Card(title=title, tone=Tone.CLEAN, lines=filled([line]), colon=words("card.colon"))


def alert_card(words: Words, alert: Alert, case: Case) -> Card:
    """For a subscriber: the reference was seen, where, and how often in this burst."""
    outcome, match = _about(alert, case)
    how = comma(words, [words(f"kind.{match.kind}"), sureness(words, match.confidence)]) if match else ""
    lines = [
        Line(text=differing(words, match, is_sure=outcome is Outcome.MATCH) if match else ""),
        Line(label=words("alert.kind"), text=how),
        Line(label=words("card.area"), text=extent(words, match.area) if match else ""),
        Line(label=words("chat.collection"), text=one_line(short_name(alert.subscription.collection), NAME)),
        Line(label=words("alert.where"), text=_channel(words, case)),
        Line(text=words("alert.times", count=alert.count, since=_since(alert)) if alert.count > 1 else ""),
    ]
    key = "alert.match" if outcome is Outcome.MATCH else "alert.review"
    return Card(
        title=words(key, title=quoted(words, title_of(alert.reference))),
        tone=TONES[outcome],
        lines=filled(lines),
        link=address(case.event.link),
        link_label=words("case.message"),
        legend=panels(words, case),
        colon=words("card.colon"),
    )


def title_of(reference: Reference) -> str:
    """What a reference is called, as one short line."""
    return one_line(reference.title, TITLE) or one_line(reference.key, TITLE)


def filled(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.text)


def comma(words: Words, parts: Iterable[str]) -> str:
    return words("card.comma").join(part for part in parts if part)


def _sentences(words: Words, verdict: Verdict, content: Iterable[str]) -> Iterator[Line]:
    """The best match and what differs in it, or why there is none; and whether only a part was looked at."""
    best, reason = verdict.best, reason_words(words, verdict)
    if best:
        yield Line(text=found(words, best, title_of(best.reference), is_sure=_is_sure(verdict, best)))
        yield from (Line(text=one) for one in content)
    if not best or verdict.outcome is Outcome.CLEAN:
        yield Line(text=reason)
    if verdict.partial and (best or not verdict.reason.startswith("partial-")):
        yield Line(text=partial_words(words, verdict))


def _is_sure(verdict: Verdict, best: Match) -> bool:
    """What the verdict calls a match; an allowlisted copy is none, and is judged by its confidence."""
    return verdict.outcome is Outcome.MATCH or (verdict.outcome is Outcome.CLEAN and best.confidence >= CERTAIN)


def _heard(verdict: Verdict) -> str:
    """Which answer it is (`answer.*`)."""
    if verdict.best and verdict.best.kind in COPIES:
        return "known" if _is_sure(verdict, verdict.best) else "perhaps"
    if verdict.best:
        return "alike"
    if verdict.outcome is Outcome.UNSCANNABLE:
        return "unscannable"
    return "unknown-part" if verdict.partial else "unknown"


def _measures(words: Words, match: Match) -> tuple[Line, ...]:
    """How sure it is, and how much of the image: of what only looks alike, there is nothing to be sure about."""
    if match.kind is Kind.SIMILAR:
        return ()
    return (
        Line(label=words("card.sure"), text=sureness(words, match.confidence)),
        Line(label=words("card.area"), text=extent(words, match.area)),
        Line(label=words("card.second"), text=playtime(words, match.second)),
    )


def _facts(words: Words, reference: Reference) -> tuple[Line, ...]:
    """Where a known image comes from; what the catalogue does not say is left out."""
    source = address(reference.source_url)
    return (
        Line(label=words("chat.collection"), text=one_line(short_name(reference.collection), NAME)),
        Line(label=words("chat.source"), text=one_line(source), url=source),
        Line(label=words("chat.owner"), text=one_line(reference.owner, TITLE)),
        Line(label=words("chat.rights"), text=one_line(reference.rights, TITLE)),
    )


def _further(words: Words, matches: Sequence[Match], limit: int) -> Iterator[Line]:
    rows = [_row_of(words, match) for match in matches[:limit]]
    rows += ["…"] if len(matches) > limit else []
    yield Line(label=words("answer.also"), text="\n".join(rows))


def _row_of(words: Words, match: Match) -> str:
    kind, sure = words(f"kind.{match.kind}"), sureness(words, match.confidence)
    return words("answer.further", title=title_of(match.reference), kind=kind, sure=sure)


def _author(case: Case) -> str:
    return one_line(case.event.author_name, NAME) or one_line(case.event.author, NAME)


def _where(words: Words, case: Case, community: Community) -> str:
    return comma(words, [words(f"card.platform.{case.event.space.platform}"), one_line(community.name, NAME)])


def _history(words: Words, case: Case) -> tuple[Line, ...]:
    """Everything about the case but what was found: who reported it, which rule held, what was done and decided."""
    reports = max(one.reports for one in case.pictures)
    return (
        Line(label=words("card.reports"), text=_counted(words, "card.report", reports)),
        Line(label=words("card.album"), text="\n".join(_album(words, case)) if case.further else ""),
        Line(label=words("card.mode"), text=_rule(words, case)),
        Line(label=words("case.did"), text="\n".join(_done(words, case))),
        Line(label=words("card.decision"), text="\n".join(_decided(words, one) for one in case.decisions[-ROWS:])),
    )


def _counted(words: Words, key: str, count: int, **values: object) -> str:
    """One or many; "" for none."""
    return words(f"{key}-{'one' if count == 1 else 'many'}", count=count, **values) if count else ""


def _album(words: Words, case: Case) -> Iterator[str]:
    for outcome in (Outcome.MATCH, Outcome.REVIEW):
        those = [one for one in case.pictures if one.verdict.outcome is outcome]
        titles = dict.fromkeys(title_of(one.verdict.best.reference) for one in those if one.verdict.best)
        listed = one_line(words("card.list").join(titles))
        if those:
            yield _counted(words, f"card.album-{outcome}", len(those), titles=listed)


def _rule(words: Words, case: Case) -> str:
    """The mode that held, and why it asked for what it asked for."""
    mode, why = words(f"mode.{case.mode}"), _why(case)
    return words("card.rule", mode=mode, why=words(f"card.{why}")) if why else mode


def _why(case: Case) -> str:
    asked = {act for one in case.pictures for act in one.would_have}
    asked |= {action.act for action in _actions(case) if action.decision is None and action.act in ON_THE_POST}
    if asked - HARMLESS:
        return "confirmed"
    if asked:
        return "flag-only" if case.mode is Mode.FLAG else "unconfirmed" if is_settled(case.verdict) else "unsettled"
    return "" if case.decisions else "undecided"


def _actions(case: Case) -> list[ActionRecord]:
    """What was asked for on all pictures, oldest first, but for the cards and answers themselves."""
    asked = [action for one in case.pictures for action in one.actions if action.act in SHOWN]
    return sorted(asked, key=lambda action: action.id)


def _done(words: Words, case: Case) -> Sequence[str]:
    """What a dry run would have done, and the newest actions, those alike on several pictures of an album in one."""
    dry = [words(f"case.would_have_{act}") for act in _would_have(case)]
    alike = Counter((action.act, action.state, action.detail, action.decision) for action in _actions(case))
    rows = [_action(words, act, state, detail, count) for (act, state, detail, _), count in alike.items()]
    return [*dry, *rows[-ROWS:]] or [words("case.nothing_done")]


def _would_have(case: Case) -> Iterable[Act]:
    return dict.fromkeys(act for one in case.pictures for act in one.would_have)


def _action(words: Words, act: Act, state: ActState, detail: str, count: int) -> str:
    said_already = not detail or detail == state
    values = {"act": words(f"act.{act}"), "state": words(f"act_state.{state}")}
    row = words("card.row", **values) if said_already else words("card.row-why", why=failure(words, detail), **values)
    return words("card.row-many", row=row, count=count) if count > 1 else row


def _decided(words: Words, record: DecisionRecord) -> str:
    """Who decided what, or who took it back."""
    who, key = (record.undone_by, "case.undone") if record.undone_at else (record.by, "card.decided")
    decision = words(f"decision.{record.decision}")
    return words(key, name=one_line(who, NAME) or words("case.anonymous"), decision=decision)


def _buttons(words: Words, case: Case, variants: Choice | None) -> tuple[Button, ...]:
    further = (
        *([_button(words("brake.release"), case, "release")] if case.brake else []),
        *([_of_variants(words, case, variants)] if is_template(case) else []),
    )
    why = _button(words("card.why"), case, "why")
    if case.standing:
        return _button(words("decision.undo"), case, "undo"), *further, why
    no_match = _button(words("decision.not_a_match"), case, "not_a_match")
    return (
        _button(words(_violation(case)), case, "violation", "danger"),
        _button(words("decision.allowed"), case, "allowed", "success"),
        *((no_match,) if case.verdict.best else ()),
        *further,
        _button(words("decision.abuse"), case, "abuse"),
        why,
    )


def _button(label: str, case: Case, action: str, style: Style = "plain") -> Button:
    return Button(label=label, data=data.of_case(case.id, action), style=style)


def is_template(case: Case) -> bool:
    """Whether its best match is a frame on whose variants staff may choose to act: an allowlist accuses nobody."""
    best = case.verdict.best
    return best is not None and best.kind is Kind.TEMPLATE and best.reference.purpose is not Purpose.ALLOWLIST


def _of_variants(words: Words, case: Case, chosen: Choice | None) -> Button:
    """Each button says and means one thing: of two who press the same, the second must not take back the first."""
    is_chosen = bool(chosen and chosen.variants)
    label = words("case.leave_variants" if is_chosen else "case.act_on_variants")
    return _button(label, case, "leave" if is_chosen else "variants")


def _violation(case: Case) -> str:
    """Where a dry run held the removal back, the button says that it will not."""
    return "card.violation-remove" if Act.REMOVE in _would_have(case) else "decision.violation"


def _about(alert: Alert, case: Case) -> tuple[Outcome, Match | None]:
    """The match of the alert's reference in the case, with the verdict on that picture of the album."""
    for one in case.pictures:
        for match in one.verdict.matches:
            if match.reference.id == alert.reference.id:
                return one.verdict.outcome, match
    return case.verdict.outcome, case.verdict.best


def _channel(words: Words, case: Case) -> str:
    """The platform; where no link leads to the post, with its own names: a subscriber elsewhere may know no others."""
    space = case.event.space
    place = "" if address(case.event.link) else " / ".join(dict.fromkeys((space.community, space.channel)))
    return comma(words, [words(f"card.platform.{space.platform}"), one_line(place, NAME)])


def _since(alert: Alert) -> str:
    """The time alone, if it was today."""
    day, _, clock = moment(alert.first_at).partition(" ")
    return clock if moment(alert.last_at).startswith(day) else f"{day} {clock}"
