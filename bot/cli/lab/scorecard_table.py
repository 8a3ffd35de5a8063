"""A scorecard on the terminal: what to trust first, then recall per edit, false alarms, thresholds, references.

The words are those of the report (`scorecard.*`), so both languages have them.
"""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from bot.cli.output import table
from core.matches import Match
from core.types import Reference
from core.wording import Words
from lab import saying
from lab.saying import interval, of, one_in, share
from lab.scorecard import Alarms, Scorecard, Tally

LEVELS = {"good": ("+", "green"), "fair": ("!", "yellow"), "bad": ("-", "bold red")}
LOST = 4
"""Edits named a reference; the report names them all."""

type Row = Sequence[str]


def show(card: Scorecard, words: Words, console: Console) -> None:
    """Print it all."""
    console.print(saying.lead(words, card), style="dim", soft_wrap=True)
    console.print()
    for part in (_edits, _alarms, _rates, _further, _weakest, _attractors, _twins):
        part(card, words, console)
    _advice(card, words, console)


def _print(console: Console, words: Words, title: str, columns: Row, rows: Sequence[Row]) -> None:
    if rows:
        heads = [words(f"scorecard.{column}") if column else "" for column in columns]
        console.print(table(words(f"scorecard.{title}"), heads, rows))
        console.print()


def _advice(card: Scorecard, words: Words, console: Console) -> None:
    console.print(f"[bold]{escape(words('scorecard.trust'))}[/]")
    for one in saying.advice(words, card):
        sign, colour = LEVELS[one.level]
        console.print(Text.assemble((f"{sign} ", colour), one.sentence), soft_wrap=True)


def _edits(card: Scorecard, words: Words, console: Console) -> None:
    lines = [(words("scorecard.unedited"), card.unedited), *((one.name, one.tally) for one in card.edits)]
    rows = [_tally(words, name, tally) for name, tally in (*lines, (words("scorecard.all"), card.overall))]
    _print(console, words, "recall", ("edit", "copies", "matched", "interval", "shown", "first"), rows)


def _tally(words: Words, name: str, tally: Tally) -> Row:
    counts = [of(words, hits, tally.total) for hits in (tally.matched, tally.shown, tally.first)]
    return escape(name), str(tally.total), counts[0], interval(words, tally.interval), *counts[1:]


def _alarms(card: Scorecard, words: Words, console: Console) -> None:
    rows = [_alarm(words, name, one) for name, one in saying.alarm_lines(card)]
    _print(console, words, "alarms", ("", "strangers", "pictures", "matched", "shown", "highest"), rows)


def _alarm(words: Words, name: str, alarms: Alarms) -> Row:
    counts = [f"{hits} ({of(words, hits, alarms.total)})" for hits in (alarms.matched, alarms.shown)]
    return saying.alarm_name(words, name), f"{alarms.total:,}", str(alarms.pictures), *counts, saying.highest(alarms)


def _rates(card: Scorecard, words: Words, console: Console) -> None:
    rows: list[Row] = []
    for rate, found in card.at_rates.items():
        if found is None or found.threshold is None:
            rows.append((one_in(words, rate), words("scorecard.unknown"), "", ""))
        else:
            told = (saying.cut(found.threshold), share(words, found.recall), saying.how(words, found.extrapolated))
            rows.append((one_in(words, rate), *told))
    _print(console, words, "threshold", ("rate", "at", "still", ""), rows)


def _further(card: Scorecard, words: Words, console: Console) -> None:
    made = card.calibration
    rows = [
        (words("scorecard.uap"), f"{card.uap:.4f}"),
        (words("scorecard.precision"), share(words, card.at_precision.recall)),
        (words("scorecard.ece"), f"{made.ece:.4f}"),
        (words("scorecard.ece-count"), f"{made.ece_by_count:.4f}"),
        (words("scorecard.ece-shown"), f"{made.ece_shown:.4f}"),
    ]
    _print(console, words, "calibration", ("", ""), rows)


def _weakest(card: Scorecard, words: Words, console: Console) -> None:
    rows = []
    for one in card.weakest:
        lost = ", ".join(one.lost[:LOST])
        more = len(one.lost) - LOST
        lost += f" {words('scorecard.more', count=more)}" if more > 0 else ""
        found = f"{one.tally.matched} / {one.tally.total}"
        lack = words(f"scorecard.lack-{one.lack}") if one.lack else ""
        rows.append((_named(one.reference), found, lost, lack))
    _print(console, words, "weakest", ("reference", "matched", "lost", ""), rows)


def _attractors(card: Scorecard, words: Words, console: Console) -> None:
    rows = [
        (_named(one.reference), str(one.shown), _pair(words, one.nearest), escape(f"{one.picture}, {one.edit}"))
        for one in card.attractors
    ]
    _print(console, words, "attractors", ("reference", "times", "nearest", "picture"), rows)


def _twins(card: Scorecard, words: Words, console: Console) -> None:
    rows = [(_named(pair.one), _named(pair.other.reference), _pair(words, pair.other)) for pair in card.twins]
    _print(console, words, "twins", ("reference", "reference", "confidence"), rows)


def _pair(words: Words, match: Match) -> str:
    return f"{match.confidence:.3f} {words(f'kind.{match.kind}')}"


def _named(reference: Reference) -> str:
    return escape(f"{reference.collection}/{reference.key}")
