"""The data folder is its owner's only, whoever made it, and so is all that is written."""

import stat
from pathlib import Path

import pytest

from bot.data_folder import held
from core.errors import EnvironmentTrouble
from lab.drawings.demo import demo_set
from tests.e2e.command import resight


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_all(home: Path, mode: int = 0o755) -> Path:
    """A data folder as an old Resight, a `mkdir` or a copy may have left it."""
    (home / "vectors").mkdir(parents=True)
    for name in ("resight.db", "resight.db-wal", "token"):
        (home / name).touch()
        (home / name).chmod(0o644)
    (home / "vectors").chmod(0o755)
    home.chmod(mode)
    return home


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    """Folder and files lose the rights of others, and no right of the owner."""
    home = open_to_all(tmp_path / "data")
    with held(home):
        found = {path.name: rights(path) for path in (home, *home.iterdir())}

    assert found == {
        "data": 0o700,
        "vectors": 0o700,
        "resight.db": 0o600,
        "resight.db-wal": 0o600,
        "token": 0o600,
        "lock": 0o600,
    }


def test_a_folder_that_all_share_stays_so(tmp_path: Path) -> None:
    """As /tmp, of which others have files, too: ours lose their rights."""
    home = open_to_all(tmp_path / "data", 0o1777)
    with held(home):
        assert (rights(home), rights(home / "resight.db"), rights(home / "vectors")) == (0o1777, 0o600, 0o700)


def test_only_one_process_holds_it(tmp_path: Path) -> None:
    """The second is told, and changes nothing."""
    with held(tmp_path / "data"), pytest.raises(EnvironmentTrouble, match="Another resight"), held(tmp_path / "data"):
        raise AssertionError("held twice")


def test_what_commands_write_is_the_owners(tmp_path: Path) -> None:
    """Export, list of hashes, evidence and data folder, also where the shell would let others read."""
    drawing, home, evidence = tmp_path / "drawing.png", open_to_all(tmp_path / "data"), tmp_path / "evidence"
    for path in home.glob("resight*"):
        path.unlink()
    demo_set()[0].draw().save(drawing)
    assert resight(home, "add", drawing).code == 0
    for arguments in (("export", tmp_path / "all.zip"), ("export", "--hashes", tmp_path / "list.csv")):
        told = resight(home, *arguments)
        assert told.code == 0, told.sentence
    assert resight(home, "search", drawing, "--evidence", evidence).code == 0
    written = [tmp_path / "all.zip", tmp_path / "list.csv", evidence, *evidence.iterdir(), home, *home.rglob("*")]

    assert len(list(evidence.iterdir())) == 1
    assert {path.name: rights(path) for path in written if rights(path) & 0o077} == {}


def test_a_lock_that_somebody_deleted_holds(tmp_path: Path) -> None:
    """Who takes the file for a stale one lets no second bot in; once the first one has ended the next may start."""
    with held(tmp_path):
        (tmp_path / "lock").unlink()
        with pytest.raises(EnvironmentTrouble, match="Another resight process"), held(tmp_path):
            pass
    with held(tmp_path):
        pass
