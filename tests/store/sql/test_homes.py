"""What belongs to a community belongs to it on its platform alone, also what was stored before that was told apart."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.ports import Clock
from core.types import Collection, Platform, Space
from store.sql.db import Database
from store.sql.references import SqlReferences
from tests.store.sql.former import former

NOON = "2026-05-01 12:00:00.000000"
GUILD, GROUP, NOBODY = "112233445566778899", "-100200300", "7"
BEFORE = f"""
INSERT INTO policies (platform, community, channel, mode, match_at, review_at) VALUES
  ('discord', '5', '*', 'off', 0.9, 0.5), ('discord', '6', '*', 'off', 0.9, 0.5),
  ('telegram', '6', '*', 'off', 0.9, 0.5);
INSERT INTO collections (name, purpose, owner, created_at, metric) VALUES
  ('shared', 'brand', '', '{NOON}', 'cosine'), ('telegram-6.named', 'brand', '6', '{NOON}', 'cosine'),
  ('seen', 'brand', '5', '{NOON}', 'cosine'), ('both', 'brand', '6', '{NOON}', 'cosine'),
  ('guild', 'brand', '{GUILD}', '{NOON}', 'cosine'), ('group', 'brand', '{GROUP}', '{NOON}', 'cosine'),
  ('channel', 'brand', 'web', '{NOON}', 'cosine'), ('nobody', 'brand', '{NOBODY}', '{NOON}', 'cosine');
INSERT INTO brakes (community, brake, at, released_by) VALUES
  ('5', 'daily', '{NOON}', ''), ('6', 'daily', '{NOON}', '');
"""
OWNERS = {
    "shared": "",
    "telegram-6.named": "telegram:6",
    "seen": "discord:5",
    "both": "unknown:6",
    "guild": f"discord:{GUILD}",
    "group": f"telegram:{GROUP}",
    "channel": "web:web",
    "nobody": "unknown:7",
}


def stored_before(path: Path) -> None:
    """A database of the time when an owner was a number alone."""
    with former(path, "0013") as plain:
        plain.executescript(BEFORE)


async def test_what_was_stored_before_keeps_its_owner(tmp_path: Path, clock: Clock) -> None:
    """By its name, by where its number was seen, or by its shape; what nobody can tell is shown to no community."""
    stored_before(tmp_path / "resight.db")
    async with Database.open(tmp_path / "resight.db") as db:
        found = {one.name: one.owner for one in await SqlReferences(db, clock).collections()}
    with closing(sqlite3.connect(tmp_path / "resight.db")) as plain:
        brakes = {home for (home,) in plain.execute("SELECT community FROM brakes")}

    assert found == OWNERS
    assert brakes == {"discord:5", "discord:6", "telegram:6"}


@pytest.mark.parametrize("platform", [Platform.DISCORD, Platform.TELEGRAM])
def test_a_home_names_its_platform(platform: Platform) -> None:
    """The same number on two platforms is two communities."""
    assert Space(platform=platform, community="1", channel="x").home == f"{platform}:1"
    assert Collection(name="x", owner=f"{platform}:1").owner.partition(":")[2] == "1"
