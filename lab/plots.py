"""Numbers to places in a drawing: what `templates/scorecard.html` draws as SVG. Pure; units are those of the viewBox.

bar          a share with its interval, 0..100 across
curve        recall over false alarms: left few, right many
bars         two histograms, the right pairs upwards, the wrong ones downwards
reliability  dots on a square, each with its interval
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lab.figures import Bin, Point, wilson
from lab.scorecard import CURVE, RATES, Scorecard, Tally

WIDE, HIGH = 600.0, 260.0
"""Inner width and height of every drawing but the square one."""

SQUARE = 260.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Lengths and ends, 0..100."""

    matched: float
    shown: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place with a word beside it."""

    at: float
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A dot with the vertical line of its interval; y grows downwards."""

    x: float
    y: float
    size: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Two polylines, the measured one and the extrapolated one, and the rates that are told beside it as dots."""

    measured: str
    extrapolated: str
    dots: tuple[Dot, ...]
    rates: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One bar of a histogram: left edge, width, the height upwards and that downwards, and the numbers."""

    x: float
    width: float
    up: float
    down: float
    right: int
    wrong: int
    low: float


def bar(tally: Tally) -> Bar:
    """Return the bar of one edit."""
    interval = tally.interval
    return Bar(
        matched=100 * tally.share, shown=100 * tally.shown_share, low=100 * interval.low, high=100 * interval.high
    )


def curve(points: Sequence[Point]) -> Curve:
    """Return recall (upwards) over the logarithm of the false-alarm rate (to the right); both halves share a point."""
    placed = [(point, (_across(point.rate), _up(point.recall))) for point in points]
    measured = [place for point, place in placed if not point.extrapolated]
    beyond = [place for point, place in placed if point.extrapolated]
    labelled = [(point, place) for point, place in placed if any(math.isclose(point.rate, rate) for rate in RATES)]
    return Curve(
        measured=_line(measured),
        extrapolated=_line([*measured[-1:], *beyond]),
        dots=tuple(Dot(x=x, y=y, size=4.5, top=y, bottom=y) for _, (x, y) in labelled),
        rates=tuple(Mark(at=_across(rate), word=f"{round(1 / rate):,}") for rate in (1e-4, 1e-3, 1e-2, 1e-1)),
    )


def _across(rate: float) -> float:
    return WIDE * (1 - math.log10(rate) / math.log10(min(CURVE)))


def _up(value: float) -> float:
    return HIGH * (1 - value)


def _line(places: Sequence[tuple[float, float]]) -> str:
    """Return the points of a polyline, "" where there is no line to draw."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places) if len(places) > 1 else ""


def columns(card: Scorecard) -> tuple[Column, ...]:
    """Return the histogram of confidences; heights are logarithmic and of one scale on both sides."""
    most = math.log1p(max(*card.right_bars, *card.wrong_bars, 1))
    width = WIDE / len(card.right_bars)
    return tuple(
        Column(
            x=number * width,
            width=width,
            up=HIGH / 2 * math.log1p(right) / most,
            down=HIGH / 2 * math.log1p(wrong) / most,
            right=right,
            wrong=wrong,
            low=number / len(card.right_bars),
        )
        for number, (right, wrong) in enumerate(zip(card.right_bars, card.wrong_bars, strict=True))
    )


def dots(bins: Sequence[Bin]) -> tuple[Dot, ...]:
    """Return the reliability of each bin; a dot's area grows with the logarithm of its number of pairs."""
    return tuple(_dot(interval) for interval in bins)


def _dot(interval: Bin) -> Dot:
    total = round(interval.weight)
    limits = wilson(round(interval.right * total), total)
    return Dot(
        x=SQUARE * interval.confidence,
        y=SQUARE * (1 - interval.right),
        size=3 + 1.2 * math.log10(max(total, 1)),
        top=SQUARE * (1 - limits.high),
        bottom=SQUARE * (1 - limits.low),
    )
