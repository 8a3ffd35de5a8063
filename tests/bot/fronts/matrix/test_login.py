"""The login: kept for its owner only, one device for ever; and what is forgotten of a person in the keys."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.fronts.matrix import folder, login
from bot.fronts.matrix.folder import FILE, STORE, folder_of, forget_person
from bot.fronts.matrix.keys import Store
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


def with_keys_of(home: Path, *people: str) -> None:
    """A store of the bot's, in which the devices of these people take each other's places for a while."""
    folder_of(home).mkdir()
    Store("@bot:x.org", "D", str(folder_of(home)), database_name=STORE).database.close()
    with closing(sqlite3.connect(folder_of(home) / STORE)) as keys, keys:
        keys.execute("PRAGMA secure_delete=OFF")
        keys.execute("INSERT INTO accounts VALUES (1, 'x', '@bot:x.org', 'D', 0)")
        for number in range(1, 201):
            who = people[number % len(people)]
            device, key = f"DEVICE {who} {number}", f"key of {who} {number}"
            keys.execute("INSERT INTO devicekeys VALUES (?, ?, ?, ?, 0, 1)", (number, device, who, f"phone of {who}"))
            keys.execute("INSERT INTO keys VALUES (?, 'curve25519', ?, ?)", (number, key, number))
            session = (f"s{number}", key, 1, "fp", "!r", b"session of %s" % who.encode())
            keys.execute("INSERT INTO megolminboundsessions VALUES (?, ?, ?, ?, ?, ?)", session)
            keys.execute("INSERT INTO forwardedchains VALUES (?, ?, ?)", (number, f"through {key}", f"s{number}"))
            long = ("y" * (number * 37 % 1500), 1 + number * 7 % number)
            keys.execute("UPDATE devicekeys SET display_name = display_name || ? WHERE id = ?", long)


def on_disk(home: Path) -> bytes:
    """Every byte of every file of the data folder."""
    return b"".join(one.read_bytes() for one in home.rglob("*") if one.is_file())


def test_a_person_is_forgotten_in_the_keys(tmp_path: Path) -> None:
    """No byte of their devices and of the keys of what they wrote is in any file; those of others stay."""
    with_keys_of(tmp_path, "@ann:x.org", "@bo:x.org")
    with closing(sqlite3.connect(folder_of(tmp_path) / STORE)) as keys:
        before = keys.execute("SELECT count(*) FROM devicekeys WHERE user_id = '@bo:x.org'").fetchone()

    assert b"@ann:x.org" in on_disk(tmp_path)
    assert forget_person(tmp_path, "@ann:x.org")
    assert b"@ann:x.org" not in on_disk(tmp_path)
    with closing(sqlite3.connect(folder_of(tmp_path) / STORE)) as keys:
        for asked in ("devicekeys", "keys", "megolminboundsessions", "forwardedchains"):
            assert keys.execute(f"SELECT count(*) FROM {asked}").fetchone() == before
        assert keys.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("left", ["no folder", "an empty file"])
def test_where_there_are_no_keys_nobody_is_forgotten(tmp_path: Path, left: str) -> None:
    """Without Matrix, and where the bot was killed in the moment in which it made the file."""
    if left == "an empty file":
        folder.private(folder_of(tmp_path), STORE)
    assert forget_person(tmp_path, "@ann:x.org")


def test_the_login_is_json(tmp_path: Path) -> None:
    """An operator can read which device it is."""
    folder.write(folder_of(tmp_path), kept(tmp_path))
    assert json.loads((folder_of(tmp_path) / FILE).read_text())["homeserver"] == "https://x.org"
