"""What the bot shows in a chat, whatever the platform: records in, cards of plain text out. Pure.

    Case --case_card--> for the moderators          Case --answer_card--> for the one who asked
    Alert + Case --alert_card--> for a subscriber   Explanation --> handlers/chat/why_card.py

    Card --bot/fronts/discord/render.py--> Embed + View     Card --bot/fronts/telegram/render.py--> HTML + keyboard

Parts of the moderators' card: card_who.py, card_burst.py, card_history.py, card_buttons.py. A card's texts are plain:
the platforms' modules escape all of them. What strangers wrote is one short line each, and the text of a post a few.
"""

from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime, timedelta

from core.cases import NO_BACKGROUND, Background, Case
from core.chat import Alert, Choice, Community
from core.matches import Match, Verdict
from core.messages import Card, Line, Tone
from core.policy import COPIES
from core.telling import (
    CERTAIN,
    NAME,
    address,
    differing,
    extent,
    found,
    host_of,
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
from core.types import Act, Kind, Outcome, Reference
from core.wording import Words
from handlers.chat.card_burst import counter_line, following_lines, link_of
from handlers.chat.card_buttons import buttons_of_case
from handlers.chat.card_history import TONES, based_on, history_lines, title_of_case, tone_of
from handlers.chat.card_text import TITLE, comma, filled, title_of
from handlers.chat.card_who import who_lines
from handlers.collections import short_name

FURTHER = 4


def case_card(
    words: Words,
    case: Case,
    community: Community,
    kept_until: datetime | None,
    *,
    variants: Choice | None = None,
    background: Background = NO_BACKGROUND,
    does: Set[Act] = frozenset(),
    enforce: Group[Act] = (Act.REMOVE,),
) -> Card:
    """The moderators' card, as the case now stands; `variants` is what they chose about variants of the best match.

    `does` are the acts on authors that can be done there, `enforce` is what a violation does to a post in its channel.
    """
    best = case.verdict.best
    lines = [
        Line(text=words("abuse.routes") if case.is_suspected else ""),
        *_sentences(words, case.verdict, of_content(words, case)),
        *(_measures(words, best) if best else ()),
        Line(text=based_on(words, case.based_on)),
        Line(text=overturned(words, case.experience, best) if best else ""),
        *who_lines(words, case, community, background),
        *([counter_line(words, case.burst)] if case.burst else []),
        *history_lines(words, case),
        *following_lines(words, case),
        *(_facts(words, best.reference) if best and not case.is_suspected else ()),  # no link leads to such a picture
    ]
    return Card(
        title=title_of_case(words, case),
        tone=tone_of(case),
        lines=filled(lines),
        buttons=buttons_of_case(words, case, variants, does, enforce),
        link=link_of(case),
        link_label=words("case.message"),
        footer=words("card.kept", when=moment(kept_until)) if kept_until and not case.is_suspected else "",
        legend="" if case.is_suspected else panels(words, case),
        community=case.event.space.community,
        colon=words("card.colon"),
    )


def kept_until(case: Case, keep: timedelta, now: datetime) -> datetime | None:
    """When the evidence goes; of what has none, or none any more, nothing is said."""
    until = case.opened_at + keep
    return until if case.thumbnail and until > now else None


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
    line = _source(words, best.reference)
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
    return (
        Line(label=words("chat.collection"), text=one_line(short_name(reference.collection), NAME)),
        _source(words, reference),
        Line(label=words("chat.owner"), text=one_line(reference.owner, TITLE)),
        Line(label=words("chat.rights"), text=one_line(reference.rights, TITLE)),
    )


def _source(words: Words, reference: Reference) -> Line:
    """Whose page it is, which leads there: addresses are long, and nobody reads them."""
    source = address(reference.source_url)
    return Line(label=words("chat.source"), text=host_of(source), url=source)


def _further(words: Words, matches: Sequence[Match], limit: int) -> Iterator[Line]:
    rows = [_row_of(words, match) for match in matches[:limit]]
    rows += ["…"] if len(matches) > limit else []
    yield Line(label=words("answer.also"), text="\n".join(rows))


def _row_of(words: Words, match: Match) -> str:
    kind, sure = words(f"kind.{match.kind}"), sureness(words, match.confidence)
    return words("answer.further", title=title_of(match.reference), kind=kind, sure=sure)


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
