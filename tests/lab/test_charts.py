"""Charts are PNG files; where they can't be drawn that is told before anything is measured."""

from pathlib import Path

import pytest

from bot.cli.lab.compare import Told
from core.errors import EnvironmentTrouble
from lab import charts
from lab.charts import Panel
from lab.sheet import Sheet, as_html, as_json

PNG = b"\x89PNG"


def test_each_chart_is_drawn() -> None:
    """Names with markup in them, zeros and a single bar are no trouble."""
    names = ["<exact>", "k-means"]
    shown = [Panel(title="ms", values=[0.1, 20], form=".2f", is_log=True), Panel(title="MB", values=[0, 3], form=".0f")]

    assert charts.panels(names, shown).startswith(PNG)
    assert charts.heat(names, ["one"], [[0.0], [1.0]]).startswith(PNG)
    assert charts.bars(["alone"], [0.5], "mAP@10").startswith(PNG)


def test_a_page_is_refused_before_the_measuring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without matplotlib a report can't be asked for; the table can."""
    monkeypatch.setattr(charts, "find_spec", lambda _name: None)

    with pytest.raises(EnvironmentTrouble, match=r"resight\[lab\]"):
        Told(json=False, folder=tmp_path)
    assert Told(json=False).folder is None


def test_a_page_escapes_what_it_shows() -> None:
    """A title from a catalogue is text, not markup."""
    sheet = Sheet(
        title="mAP",
        lead="<b>",
        columns=("label",),
        rows=[("<script>",)],
        values=[{"label": "<script>"}],
        chart_says="c",
    )

    assert "<script>" not in as_html(sheet, PNG)
    assert as_json(sheet)["rows"] == [{"label": "<script>"}]
