"""Collections whose platform nobody could tell when homes came: the command line lists them and says whose one is."""

from pathlib import Path

import pytest

from tests.e2e.command import resight
from tests.store.sql.test_homes import stored_before


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The data folder of a time when an owner was a number alone."""
    stored_before(tmp_path / "resight.db")
    return tmp_path


def test_an_owner_without_a_platform_gets_one(home: Path) -> None:
    """They are listed with the communities of their number, and each is given away, to all or to one, and then gone."""
    (told,) = resight(home, "collections", "owner", "--json").lines
    lines = resight(home, "collections", "owner").out
    assert {one["name"]: (one["owner"], one["may_be"]) for one in told["collections"]} == {
        "both": ("unknown:6", ["discord:6", "telegram:6"]),
        "nobody": ("unknown:7", []),
    }
    assert "discord:6, telegram:6" in lines

    given = resight(home, "collections", "owner", "both", "telegram:6", "--json").lines
    shared = resight(home, "collections", "owner", "nobody", "").sentence
    (left,) = resight(home, "collections", "owner", "--json").lines
    owners = {
        one["name"]: one["owner"] for one in resight(home, "collections", "list", "--json").lines[0]["collections"]
    }

    assert given == [{"name": "both", "owner": "telegram:6"}]
    assert "shared with all" in shared
    assert (left["collections"], owners["both"], owners["nobody"]) == ([], "telegram:6", "")


def test_the_doctor_tells_of_them(home: Path) -> None:
    """Nobody would find out otherwise: they only seem to be gone."""
    assert "no community sees: 2. See `resight collections owner`." in resight(home, "doctor", "--json").sentence


@pytest.mark.parametrize(
    ("said", "code"),
    [(["both"], 2), (["both", "6"], 3), (["both", "slack:6"], 3), (["none", "discord:6"], 3)],
)
def test_what_can_not_be_is_one_sentence(home: Path, said: list[str], code: int) -> None:
    """A name without a community, a number without a platform, a platform that is none, a name that is none."""
    told = resight(home, "collections", "owner", *said)

    assert (told.code, len(told.err.strip().splitlines()) <= 2) == (code, True), told
