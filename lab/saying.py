"""A scorecard in words: numbers as people read them, and the sentences that say what to trust. Pure.

numbers     share(0.975) "97.5 %"     of(0, 300) "< 1 %", never "0 %"     cut(0.9312) "0.932", rounded up
advice      Scorecard -> sentences, each good, fair or bad
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from core.wording import Words
from lab.figures import Interval, rule_of_three
from lab.scorecard import Alarms, Scorecard, Tally

RELIABLE, OFTEN_MISSED = 0.95, 0.80
"""Recall from which an edit counts as found almost always, and below which as often missed."""

CALIBRATED = 0.05
"""Calibration error up to which a confidence may be read as a chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One sentence; `level` is good, fair or bad."""

    level: str
    sentence: str


def share(words: Words, value: float) -> str:
    """Return a share (0..1) in per cent, rounded down: one decimal, two digits below 1 %; 100 % only for all."""
    percent = math.floor(value * 1000 + 1e-9) / 10 if value >= 0.01 else float(f"{value * 100:.2g}")
    return f"{percent:g}{_sign(words)}"


def of(words: Words, hits: int, total: int) -> str:
    """Return `hits` of `total` in per cent; for none, the bound that this proves."""
    if not total:
        return "–"
    return share(words, hits / total) if hits else f"< {_up(words, rule_of_three(total))}"


def interval(words: Words, limits: Interval) -> str:
    """Return the interval in per cent."""
    return f"{limits.low * 100:.0f}–{limits.high * 100:.0f}{_sign(words)}"


def cut(value: float) -> str:
    """Return a threshold with three decimals, rounded up, so that what it keeps out stays out."""
    return f"{max(math.ceil(value * 1000 - 1e-9), int(value > 0)) / 1000:.3f}"


def one_in(words: Words, rate: float) -> str:
    """Return a rate as "1 in 1,000"."""
    return words("scorecard.one-in", count=f"{round(1 / rate):,}")


def highest(alarms: Alarms) -> str:
    """Return the confidence of the best wrong pair, if any pair was compared at all."""
    return f"{alarms.highest:.3f}" if alarms.highest else "–"


def how(words: Words, extrapolated: bool) -> str:
    """Return whether something was measured or rests on a fit."""
    return words("scorecard.extrapolated" if extrapolated else "scorecard.measured")


def _sign(words: Words) -> str:
    return "%" if words.language == "zh" else " %"


def _up(words: Words, value: float) -> str:
    """Return a bound in per cent with two digits, rounded up."""
    digits = 1 - math.floor(math.log10(value * 100)) if value < 1 else 0
    return f"{math.ceil(value * 100 * 10**digits - 1e-9) / 10**digits:g}{_sign(words)}"


def bound(words: Words, total: int) -> str:
    """Return the bound that "none of `total`" proves, in per cent."""
    return _up(words, rule_of_three(total))


def lead(words: Words, card: Scorecard) -> str:
    """Return what was measured, in one sentence."""
    made = card.trial
    searches = sum(len(some) for some in (made.unedited, made.copies, made.strangers, made.look_alikes))
    return words(
        "scorecard.lead",
        date=f"{made.made_at:%Y-%m-%d %H:%M} UTC",
        references=len(made.sources),
        known=f"{made.known:,}",
        edits=len(made.edits),
        searches=f"{searches:,}",
        minutes=f"{made.seconds / 60:.1f}",
    )


def family(words: Words, name: str) -> str:
    """Return the name of a family of edits."""
    return words(f"scorecard.family-{name}")


def alarm_lines(card: Scorecard) -> tuple[tuple[str, Alarms], ...]:
    """Return the kinds of strangers and of look-alikes, by the key of their name."""
    return (("left-out", card.left_out), ("drawn", card.drawn), *card.look_alikes.items())


def alarm_name(words: Words, name: str) -> str:
    """Return the name of such a kind."""
    return words(f"scorecard.{name}")


def advice(words: Words, card: Scorecard) -> list[Advice]:
    """Return what to trust and what to do, in the order of importance."""
    return [
        *_found(words, card),
        *_alarms(words, card),
        *_look_alikes(words, card),
        _threshold(words, card),
        *_edits(words, card),
        *_rest(words, card),
    ]


def _found(words: Words, card: Scorecard) -> Iterator[Advice]:
    tally = card.overall
    values = {"matched": f"{tally.matched:,}", "total": f"{tally.total:,}", "shown": f"{tally.shown:,}"}
    sentence = words("scorecard.say-recall", share=of(words, tally.matched, tally.total), **values)
    yield Advice(level=_level(tally), sentence=sentence)
    if card.unscannable:
        yield Advice(level="bad", sentence=words("scorecard.say-unscannable", count=card.unscannable))


def _level(tally: Tally) -> str:
    return "good" if tally.share >= RELIABLE else "fair" if tally.share >= OFTEN_MISSED else "bad"


def _alarms(words: Words, card: Scorecard) -> Iterator[Advice]:
    total = card.left_out.total + card.drawn.total
    matched = card.left_out.matched + card.drawn.matched
    if matched:
        sentence = words("scorecard.say-alarms", matched=matched, total=f"{total:,}", share=of(words, matched, total))
        yield Advice(level="bad", sentence=sentence)
        return
    pictures = card.left_out.pictures + card.drawn.pictures
    sentence = words("scorecard.say-clean", total=f"{total:,}", bound=bound(words, total), pictures=pictures)
    yield Advice(level="good", sentence=sentence)


def _look_alikes(words: Words, card: Scorecard) -> Iterator[Advice]:
    """Yield advice about each kind with wrong matches: a person has to look at such posts."""
    total = sum(alarms.total for alarms in card.look_alikes.values())
    wrong = {kind: alarms for kind, alarms in card.look_alikes.items() if alarms.matched}
    for kind, alarms in wrong.items():
        named = {"kind": alarm_name(words, kind), "matched": alarms.matched, "total": alarms.total}
        yield Advice(level="bad", sentence=words("scorecard.say-look-alike", **named))
    if total and not wrong:
        yield Advice(level="good", sentence=words("scorecard.say-no-look-alike", total=total))


def _threshold(words: Words, card: Scorecard) -> Advice:
    advised, match = card.advised, card.trial.thresholds.match
    recall = card.at_rates.get(min(card.at_rates)) if card.at_rates else None
    if advised is None or recall is None:
        near, total = card.left_out.near + card.drawn.near, card.left_out.total + card.drawn.total
        return Advice(level="fair", sentence=words("scorecard.say-too-few", near=near, total=f"{total:,}"))
    values = {"threshold": cut(advised.threshold), "how": how(words, advised.extrapolated)}
    if advised.threshold <= match:
        return Advice(level="good", sentence=words("scorecard.say-enough", match=f"{match:.3f}", **values))
    if float(cut(advised.threshold)) > 1 or not recall.recall:
        return Advice(level="bad", sentence=words("scorecard.say-no-threshold"))
    return Advice(level="fair", sentence=words("scorecard.say-raise", share=share(words, recall.recall), **values))


def _edits(words: Words, card: Scorecard) -> Iterator[Advice]:
    reliable = [edit.name for edit in card.edits if edit.tally.share >= RELIABLE]
    missed = [edit.name for edit in card.edits if edit.tally.share < OFTEN_MISSED]
    comma = "、" if words.language == "zh" else ", "
    if reliable:
        yield Advice(level="good", sentence=words("scorecard.say-reliable", edits=comma.join(reliable)))
    if missed:
        yield Advice(level="bad", sentence=words("scorecard.say-missed", edits=comma.join(missed)))


def _rest(words: Words, card: Scorecard) -> Iterator[Advice]:
    weak = sum(weak_reference.tally.share < 0.5 for weak_reference in card.weakest)
    if weak:
        yield Advice(level="fair", sentence=words("scorecard.say-weak", count=weak))
    if card.twin_pairs:
        yield Advice(level="fair", sentence=words("scorecard.say-twins", count=card.twin_pairs))
    gap = card.calibration.ece_shown
    key = "confident" if gap <= CALIBRATED else "overconfident"
    if card.calibration.shown:
        level = "good" if key == "confident" else "fair"
        yield Advice(level=level, sentence=words(f"scorecard.say-{key}", gap=share(words, gap)))
