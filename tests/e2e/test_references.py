"""A choice about one reference on the command line, also while the bot runs."""

from pathlib import Path

from lab.drawings.demo import demo_set
from tests.e2e.command import resight


def test_a_choice_from_its_making_to_its_end(tmp_path: Path) -> None:
    """Chosen for one community, listed with who and when, and taken back."""
    home, page = tmp_path / "data", tmp_path / "page.png"
    demo_set()[0].draw().save(page)
    assert resight(home, "add", str(page), "--json", RESIGHT_MODEL="classic").code == 0
    asked = ("references", "variants", "page.png")
    nobody = resight(home, *asked, "--json").lines[0]
    made = resight(home, *asked, "--community", "discord:1", "--json").lines[0]
    told = resight(home, *asked, "--community", "telegram:-100").sentence
    chosen = resight(home, *asked, "--json").lines[0]
    off = resight(home, *asked, "--community", "discord:1", "--off", "--json").lines[0]
    left = resight(home, *asked, "--json").lines[0]

    assert nobody["variants"] == []
    assert (made["platform"], made["community"], made["variants"], made["by"]) == ("discord", "1", True, "operator")
    assert "now count as matches in telegram:-100" in told
    assert [one["community"] for one in chosen["variants"]] == ["1", "-100"]
    assert (off["variants"], [one["community"] for one in left["variants"]]) == (False, ["-100"])


def test_what_must_be_said(tmp_path: Path) -> None:
    """A community where something is to change, one that can be, and a reference that is there."""
    home = tmp_path / "data"
    assert resight(home, "collections", "create", "mine", RESIGHT_MODEL="classic").code == 0

    assert resight(home, "references", "variants", "none").code == 3
    assert resight(home, "references", "variants", "none", "--community", "discord:1").code == 3
    assert resight(home, "references", "variants", "none", "--community", "icq:1").code == 2
    assert resight(home, "references", "variants", "none", "--off").code == 2
    assert resight(tmp_path / "nowhere", "references", "variants", "none").code == 4
