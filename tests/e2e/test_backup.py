"""Backup, destroy, restore: everything is there again, and a backup that is not whole is refused in a sentence."""

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from core.matches import Verdict
from core.types import Mode, Outcome
from lab.drawings.demo import demo_set
from store.sql.backup import summary_of
from store.sql.cases import SqlCases
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from tests.clock import Clock
from tests.e2e.command import resight
from tests.small import KEEP, event


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with some references."""
    folder = tmp_path_factory.mktemp("backup")
    for image in demo_set()[:5]:
        image.draw().save(folder / f"{image.key}.png")
    assert resight(folder / "data", "add", *folder.glob("*.png"), "--title", "A drawing").code == 0
    return folder / "data"


async def add_case(home: Path) -> None:
    """A case that moderators may look at."""
    async with Database.open(home / "resight.db") as db:
        inbox, cases = SqlInbox(db, Clock()), SqlCases(db, Clock(), KEEP)
        await inbox.accept([event("posted")])
        (waiting,) = await inbox.claim(1, timedelta(minutes=1))
        await cases.conclude(waiting, "aa", Verdict(outcome=Outcome.REVIEW, reason="unsure"), Mode.DRY_RUN)


async def test_everything_comes_back(home: Path, tmp_path: Path) -> None:
    """Catalogue and cases are equal by hash, and the vectors answer as before."""
    await add_case(home)
    (query,) = (home.parent / f"{image.key}.png" for image in demo_set()[:1])
    before, mark = resight(home, "search", query, "--json").lines[0]["matches"], summary_of(home / "resight.db")
    saved = resight(home, "backup", tmp_path / "all.zip", "--json")
    restored = resight(tmp_path / "new", "restore", tmp_path / "all.zip", "--json")
    after = resight(tmp_path / "new", "search", query, "--json").lines[0]["matches"]

    assert (saved.code, restored.code) == (0, 0), saved.sentence + restored.sentence
    assert (mark.references, mark.cases) == (5, 1)
    assert summary_of(tmp_path / "new" / "resight.db") == mark
    assert after == before
    assert resight(tmp_path / "new", "doctor").code == 0
    assert (tmp_path / "all.zip").stat().st_mode & 0o077 == 0


def test_it_is_one_state_while_others_write(home: Path, tmp_path: Path) -> None:
    """A writer in the middle of its transaction neither waits nor is in the copy."""
    with closing(sqlite3.connect(home / "resight.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO meta VALUES ('half', 'done')")
        assert resight(home, "backup", tmp_path / "busy.zip").code == 0
        writer.execute("ROLLBACK")
    with zipfile.ZipFile(tmp_path / "busy.zip") as archive:
        archive.extract("resight.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "resight.db")) as copied:
        assert copied.execute("SELECT count(*) FROM meta WHERE key = 'half'").fetchone() == (0,)


def test_nothing_is_overwritten(home: Path, tmp_path: Path) -> None:
    """A data folder that holds something is not restored into."""
    resight(home, "backup", tmp_path / "all.zip")
    told = resight(home, "restore", tmp_path / "all.zip")

    assert told.code == 2
    assert "holds data already" in told.sentence


@pytest.mark.parametrize("left", ["resight.db-wal", "matrix/keys.db", "matrix/keys.db-journal"])
def test_what_a_killed_bot_left_is_not_mixed_with_it(home: Path, tmp_path: Path, left: str) -> None:
    """A log of another database would be taken for the restored one's, and another device's keys be lost."""
    resight(home, "backup", tmp_path / "all.zip")
    there = tmp_path / "new" / left
    there.parent.mkdir(parents=True)
    there.write_bytes(b"of before")
    told = resight(tmp_path / "new", "restore", tmp_path / "all.zip")

    assert told.code == 2 and left in told.sentence
    assert there.read_bytes() == b"of before"
    assert not (tmp_path / "new" / "resight.db").exists()


def damaged(whole: Path, how: str) -> None:
    """Spoil a backup."""
    with zipfile.ZipFile(whole) as archive:
        about, database = json.loads(archive.read("backup.json")), archive.read("resight.db")
    match how:
        case "a lost page":
            database = database[:4096] + bytes(4096) + database[8192:]
        case "another database":
            about["sha256"] = "0" * 64
        case "a newer schema":
            about["mark"]["schema"] = "9999"
        case "a newer format":
            about["format"] = 9
        case "no words":
            about = {}
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("backup.json", json.dumps(about))
        archive.writestr("resight.db", database)


@pytest.mark.parametrize("how", ["a lost page", "another database", "a newer schema", "a newer format", "no words"])
def test_a_spoilt_backup_is_refused(home: Path, tmp_path: Path, how: str) -> None:
    """In one sentence, and nothing of it is left in the data folder."""
    resight(home, "backup", tmp_path / "all.zip")
    damaged(tmp_path / "all.zip", how)
    told = resight(tmp_path / "new", "restore", tmp_path / "all.zip")

    assert told.code in (3, 4)
    assert not (tmp_path / "new" / "resight.db").exists()


def test_a_byte_that_was_lost(home: Path, tmp_path: Path) -> None:
    """A file that was cut off, or of which the disk changed a part, is refused in a sentence, wherever the part is."""
    resight(home, "backup", tmp_path / "all.zip")
    whole = (tmp_path / "all.zip").read_bytes()
    spoilt = [
        whole[: len(whole) // 2],
        *(whole[:at] + b"\xff" * 40 + whole[at + 40 :] for at in (20, 600, len(whole) // 2)),
    ]
    for number, data in enumerate(spoilt):
        (tmp_path / "bad.zip").write_bytes(data)
        told = resight(tmp_path / f"new-{number}", "restore", tmp_path / "bad.zip")
        assert told.code in (3, 4), told.sentence
        assert not (tmp_path / f"new-{number}" / "resight.db").exists()


def test_the_login_on_matrix_comes_back(home: Path, tmp_path: Path) -> None:
    """With its device's keys, for its owner only; while somebody writes to them."""
    folder = home / "matrix"
    folder.mkdir(exist_ok=True)
    (folder / "login.json").write_text('{"device": "RESIGHT1"}')
    with closing(sqlite3.connect(folder / "keys.db")) as keys:
        keys.execute("CREATE TABLE IF NOT EXISTS accounts (device TEXT)")
        keys.execute("INSERT INTO accounts VALUES ('RESIGHT1')")
        keys.commit()
        assert resight(home, "backup", tmp_path / "all.zip").code == 0
    shutil.rmtree(folder)
    assert resight(tmp_path / "new", "restore", tmp_path / "all.zip").code == 0

    back = tmp_path / "new" / "matrix"
    assert json.loads((back / "login.json").read_text()) == {"device": "RESIGHT1"}
    with closing(sqlite3.connect(back / "keys.db")) as keys:
        assert keys.execute("SELECT device FROM accounts").fetchall() == [("RESIGHT1",)]
    assert all(file.stat().st_mode & 0o077 == 0 for file in (back, *back.iterdir()))


def test_what_is_no_backup(home: Path, tmp_path: Path) -> None:
    """A file of something else, none at all, no data to save, and no place to write to."""
    (tmp_path / "x.zip").write_bytes(b"PK, or so")
    shutil.rmtree(tmp_path / "new", ignore_errors=True)

    assert resight(tmp_path / "new", "restore", tmp_path / "x.zip").code == 3
    assert resight(tmp_path / "new", "restore", tmp_path / "nothing.zip").code == 3
    assert resight(tmp_path / "none", "backup", tmp_path / "y.zip").code == 4
    assert resight(home, "backup", tmp_path / "no" / "folder.zip").code == 3
