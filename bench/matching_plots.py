"""Three drawings of a run as small SVG files; places of lines and dots come from `lab.plots`.

recall-per-edit.svg   a dot a method in a row an edit     recall-false-alarms.svg   a line a method
reliability.svg       how often a confidence is right
"""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from bench.matching_figures import Method, confidences
from bench.matching_run import Answer
from lab import plots
from lab.edits.suite import SUITE
from lab.figures import reliability

COLOURS = ("#0072b2", "#e69f00", "#cc79a7", "#009e73", "#7a7a7a")
"""Told apart with any kind of colour vision (Okabe and Ito, "Color Universal Design", 2008)."""

ROW, LEFT, ACROSS = 15, 170, 420
STYLE = (
    "text{font:11px system-ui,sans-serif;fill:#222}.axis{stroke:#bbb;stroke-width:1}"
    "polyline{fill:none;stroke-width:2}.beyond{stroke-dasharray:4 4}"
)


def write_plots(folder: Path, answers: Sequence[Answer], mine: Method, peers: Sequence[Method]) -> None:
    """The three files."""
    (folder / "recall-per-edit.svg").write_text(per_edit([mine, *peers]), encoding="utf-8")
    (folder / "recall-false-alarms.svg").write_text(trade_offs([mine, *_distinct(peers)]), encoding="utf-8")
    (folder / "reliability.svg").write_text(reliable(answers), encoding="utf-8")


def _distinct(peers: Sequence[Method]) -> list[Method]:
    """Peers without those that differ from the one before in their threshold only: a curve has all thresholds."""
    return [one for place, one in enumerate(peers) if place == 0 or _measure(one) != _measure(peers[place - 1])]


def _measure(method: Method) -> str:
    return method.name.split(" ")[0]


def per_edit(methods: Sequence[Method]) -> str:
    """Per cent found by each method, edits of a family together."""
    edits = [name for name in SUITE if any(one.query.edit == name for one in methods[0].copies)]
    height = 60 + ROW * len(edits)
    parts = [*_legend([one.name for one in methods], 40, 14), *_grid(height)]
    for row, edit in enumerate(edits):
        y = 48 + ROW * row
        parts.append(_text(LEFT - 8, y + 4, edit, "end"))
        for place in reversed(range(len(methods))):
            x = LEFT + ACROSS * methods[place].found([edit])
            parts.append(_dot(x, y, 5 if place == 0 else 3.5, COLOURS[place % len(COLOURS)]))
    return _svg(LEFT + ACROSS + 30, height, parts)


def _grid(height: int) -> Iterator[str]:
    for share in (0, 25, 50, 75, 100):
        x = LEFT + ACROSS * share / 100
        yield f'<line class="axis" x1="{x:.0f}" x2="{x:.0f}" y1="40" y2="{height - 16}"/>'
        yield _text(x, 36, f"{share} %", "middle")


def trade_offs(methods: Sequence[Method]) -> str:
    """Recall over the share of strangers that is called a copy, threshold by threshold; dashes are extrapolated."""
    parts = [*_frame(plots.WIDE, plots.HIGH), *_legend([_measure(one) for one in methods], 50, 14)]
    for place, one in enumerate(methods):
        drawn, colour = plots.curve(one.curve()), COLOURS[place % len(COLOURS)]
        lines = ((drawn.measured, ""), (drawn.extrapolated, ' class="beyond"'))
        inner = [f'<polyline{kind} stroke="{colour}" points="{line}"/>' for line, kind in lines if line]
        inner += [_dot(dot.x, dot.y, 3.5, colour) for dot in drawn.dots]
        parts.append(_moved(inner))
    rates = plots.curve(methods[0].curve()).rates
    parts += [_text(50 + mark.at, 40 + plots.HIGH + 18, f"1 in {mark.word}", "middle") for mark in rates]
    parts.append(_text(50 + plots.WIDE / 2, 40 + plots.HIGH + 36, "strangers called a copy", "middle"))
    return _svg(plots.WIDE + 90, plots.HIGH + 90, parts)


def reliable(answers: Sequence[Answer]) -> str:
    """The share of right pairs (upwards) over their confidence (to the right), with 95 % intervals."""
    dots = plots.dots(reliability(*confidences(answers)))
    side = plots.SQUARE
    inner = [f'<line class="axis" x1="0" y1="{side:.0f}" x2="{side:.0f}" y2="0"/>']
    for dot in dots:
        inner.append(
            f'<line stroke="{COLOURS[0]}" x1="{dot.x:.1f}" x2="{dot.x:.1f}" y1="{dot.top:.1f}" y2="{dot.bottom:.1f}"/>'
        )
        inner.append(_dot(dot.x, dot.y, dot.size, COLOURS[0]))
    parts = [*_frame(side, side), _moved(inner)]
    parts += [_text(50 + side * share / 100, 58 + side, f"{share} %", "middle") for share in (0, 50, 100)]
    parts.append(_text(50 + side / 2, 76 + side, "confidence", "middle"))
    return _svg(side + 90, side + 90, parts)


def _frame(wide: float, high: float) -> Iterator[str]:
    yield f'<rect class="axis" fill="none" x="50" y="40" width="{wide:.0f}" height="{high:.0f}"/>'
    for share in (0, 50, 100):
        yield _text(44, 44 + high * (1 - share / 100), f"{share} %", "end")


def _moved(parts: Sequence[str]) -> str:
    return f'<g transform="translate(50 40)">{"".join(parts)}</g>'


def _legend(names: Sequence[str], x: float, y: float) -> Iterator[str]:
    for place, name in enumerate(names):
        yield _dot(x + 110 * place, y, 4, COLOURS[place % len(COLOURS)])
        yield _text(x + 110 * place + 9, y + 4, name)


def _dot(x: float, y: float, size: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(wide: float, high: float, parts: Sequence[str]) -> str:
    """A drawing on white, so that it can be read on a dark page, too."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}">'
        f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>' + "\n".join(parts) + "</svg>\n"
    )
