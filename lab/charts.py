"""Charts of the lab as PNG files, by matplotlib (extra `lab`).

panels   several figures of the same things side by side
heat     a grid of shares, a colour and a number each
bars     one bar a name
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from core.errors import EnvironmentTrouble
from core.extras import pip_install

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, SOFT, ACCENT = "#1d1e1b", "#5c5b54", "#0b6b60"
DPI = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One figure of every thing that is compared; `form` writes it, as in f"{value:{form}}"."""

    title: str
    values: Sequence[float]
    form: str
    is_log: bool = False


def panels(names: Sequence[str], shown: Sequence[Panel]) -> bytes:
    """Return a PNG with the panels side by side, one bar for each name, the first on top."""
    figure = _figure(1.6 + 2.3 * len(shown), 1.1 + 0.34 * len(names))
    for axes, panel in zip(figure.subplots(1, len(shown), sharey=True), shown, strict=True):
        _barred(axes, panel.values, panel.form)
        if panel.is_log:
            axes.set_xscale("log")
            axes.set_xlim(min(panel.values) / 3, max(panel.values) * 12)
        else:
            axes.set_xlim(0, 1.3 * max(panel.values))
        _labelled(axes, panel.title)
    _named(figure.axes[0], names)
    return _png(figure)


def heat(rows: Sequence[str], columns: Sequence[str], shares: Sequence[Sequence[float]]) -> bytes:
    """Return a PNG with a grid of shares 0..1, told in percent."""
    figure = _figure(2.6 + 0.72 * len(columns), 1.4 + 0.34 * len(rows))
    axes = figure.subplots()
    axes.imshow(shares, vmin=0, vmax=1, cmap="YlGnBu", aspect="auto")
    axes.set_xticks(range(len(columns)), columns, rotation=35, ha="right", fontsize=8.5, color=INK)
    axes.set_yticks(range(len(rows)), rows, fontsize=8.5, color=INK)
    for y, row in enumerate(shares):
        for x, share in enumerate(row):
            ink = "white" if share > 0.6 else INK
            axes.text(x, y, f"{100 * share:.0f}", ha="center", va="center", fontsize=8, color=ink)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return _png(figure)


def bars(names: Sequence[str], values: Sequence[float], across: str) -> bytes:
    """Return a PNG with one bar for each name, the first on top; values 0..1."""
    figure = _figure(7.2, 1.2 + 0.3 * len(names))
    axes = figure.subplots()
    _barred(axes, values, ".3f")
    _named(axes, names)
    axes.set_xlim(0, 1.08)
    _labelled(axes, across)
    return _png(figure)


def _barred(axes: Any, values: Sequence[float], form: str) -> None:
    drawn = axes.barh(range(len(values)), values, color=ACCENT, height=0.66)
    axes.bar_label(drawn, [f"{value:{form}}" for value in values], padding=4, fontsize=8.5, color=SOFT)


def _named(axes: Any, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=8.5, color=INK)
    axes.invert_yaxis()


def require() -> None:
    """Raise EnvironmentTrouble where no chart can be drawn, before minutes of measuring are lost."""
    if find_spec("matplotlib") is None:
        raise EnvironmentTrouble(f"The package matplotlib is not installed: run `{pip_install('lab', 'matplotlib')}`.")


def _figure(wide: float, high: float) -> "Figure":
    """Return an empty drawing in inches; raises EnvironmentTrouble where matplotlib is missing."""
    require()
    from matplotlib.figure import Figure

    return Figure(figsize=(wide, high), layout="constrained", facecolor="white")


def _labelled(axes: Any, across: str) -> None:
    axes.set_xlabel(across, fontsize=9, color=SOFT)
    axes.tick_params(axis="x", colors=SOFT, labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _png(figure: "Figure") -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    return file.getvalue()
