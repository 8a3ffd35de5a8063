"""The login: kept for its owner only, one device for ever; and what is forgotten of a person in the keys."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from nio.store import SqliteStore

from bot.fronts.matrix import folder, login
from bot.fronts.matrix.folder import FILE, STORE, folder_of, forget_person
from bot.settings import Settings, load
from core.errors import EnvironmentTrouble


def settings(home: Path, user: str = "@bot:x.org") -> Settings:
    return load(home=home, matrix_url="https://x.org/", matrix_user=user)


def kept(home: Path, user: str = "@bot:x.org") -> folder.Login:
    return folder.read(folder_of(home), login._wanted(settings(home, user)))


def test_a_device_is_chosen_once(tmp_path: Path) -> None:
    """It is written down before the homeserver hears of it; another account has another one."""
    first = kept(tmp_path)
    folder.write(folder_of(tmp_path), first)

    assert kept(tmp_path) == first
    assert kept(tmp_path, "@other:x.org").device != first.device


def test_the_login_is_its_owners(tmp_path: Path) -> None:
    """Folder and file."""
    folder.write(folder_of(tmp_path), kept(tmp_path))
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder_of(tmp_path), folder_of(tmp_path) / FILE))


@pytest.mark.parametrize("written", ["", "{", "[]", '{"homeserver": 1, "what": 2}'])
def test_a_damaged_login_is_no_new_device(tmp_path: Path, written: str) -> None:
    """It is told in a sentence that names the file."""
    folder_of(tmp_path).mkdir()
    (folder_of(tmp_path) / FILE).write_text(written)

    with pytest.raises(EnvironmentTrouble, match=FILE):
        kept(tmp_path)


def test_a_person_is_forgotten_in_the_keys(tmp_path: Path) -> None:
    """Their devices and the keys of what they wrote go, those of others stay; without Matrix there is nothing to do."""
    assert forget_person(tmp_path, "@ann:x.org") == 0
    folder_of(tmp_path).mkdir()
    SqliteStore("@bot:x.org", "D", str(folder_of(tmp_path)), database_name=STORE).database.close()
    file = folder_of(tmp_path) / STORE
    with closing(sqlite3.connect(file)) as keys, keys:
        keys.execute("INSERT INTO accounts VALUES (1, 'x', '@bot:x.org', 'D', 0)")
        for number, who in enumerate(("@ann:x.org", "@bo:x.org"), 1):
            keys.execute("INSERT INTO devicekeys VALUES (?, 'DEV', ?, 'phone', 0, 1)", (number, who))
            keys.execute("INSERT INTO keys VALUES (?, 'curve25519', ?, ?)", (number, f"key{number}", number))
            session = (f"s{number}", f"key{number}", 1, "fp", "!r", b"")
            keys.execute("INSERT INTO megolminboundsessions VALUES (?, ?, ?, ?, ?, ?)", session)

    assert forget_person(tmp_path, "@ann:x.org") == 1
    with closing(sqlite3.connect(file)) as keys:
        assert keys.execute("SELECT user_id FROM devicekeys").fetchall() == [("@bo:x.org",)]
        assert keys.execute("SELECT session_id FROM megolminboundsessions").fetchall() == [("s2",)]
        assert keys.execute("SELECT key FROM keys").fetchall() == [("key2",)]


def test_the_login_is_json(tmp_path: Path) -> None:
    """An operator can read which device it is."""
    folder.write(folder_of(tmp_path), kept(tmp_path))
    assert json.loads((folder_of(tmp_path) / FILE).read_text())["homeserver"] == "https://x.org"
