"""What is kept of Matrix in the data folder: forgotten for good, backed up whole, used by one bot alone."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.command import resight
from tests.e2e.matrix import MatrixWorld, devices, matrix_world
from tests.e2e.running import running
from tests.e2e.world import copy, make_catalogue, stranger
from tests.peers.matrix_homeserver import LACKING, is_there
from tests.peers.matrix_secret import SecretPerson

pytestmark = pytest.mark.skipif(not is_there(), reason=LACKING)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_catalogue(tmp_path_factory.mktemp("folder"))


@pytest.fixture
async def secret(catalogue: Path, tmp_path: Path) -> AsyncIterator[MatrixWorld]:
    """A community whose rooms are encrypted."""
    async with matrix_world(catalogue, tmp_path, encrypted=True) as here:
        yield here


def ann_of(here: MatrixWorld) -> SecretPerson:
    ann = here.here.people["ann"]
    assert isinstance(ann, SecretPerson)
    return ann


def files_with(home: Path, traces: list[str]) -> list[tuple[str, str]]:
    """Each trace that stands in a file, and the file."""
    files = [one for one in home.rglob("*") if one.is_file()]
    return [(one.name, trace) for one in files for trace in traces if trace.encode() in one.read_bytes()]


async def test_a_person_is_forgotten_beside_the_bot(secret: MatrixWorld) -> None:
    """Who wrote in an encrypted room and has left: no byte of names, devices and keys; the others are still read."""
    ann, here = ann_of(secret), secret.here
    traces = [ann.id, ann.client.device_id, ann.client.olm.account.identity_keys["ed25519"]]
    async with secret.bot():
        await secret.set_up()
        await secret.post(copy())
        await secret.card()
        for room in here.rooms.values():
            await ann.leave(room)
        marker = await secret.post(stranger(), who="bo")
        await secret.until(lambda: secret.has_verdict([marker]))
        assert {trace for _, trace in files_with(secret.home, traces)} == set(traces)
        told = await asyncio.to_thread(resight, secret.home, "forget", ann.id)
        assert told.code == 0, told.sentence
        assert "traces may be left" not in told.sentence
        late = await secret.post(stranger(2), who="bo")
        await secret.until(lambda: secret.verdicts()[late.id, "clean"])
    assert files_with(secret.home, traces) == []


async def test_a_restored_backup_reads_on(secret: MatrixWorld, tmp_path: Path) -> None:
    """Taken while keys come in, each is one state; from the last one a bot decrypts what was posted afterwards."""
    ann, backups = ann_of(secret), [tmp_path / f"{number}.zip" for number in range(4)]
    async with secret.bot():
        await secret.set_up()
        for file in backups:
            writing = asyncio.create_task(with_new_keys(secret, ann, 5))
            told = await asyncio.to_thread(resight, secret.home, "backup", file)
            assert told.code == 0, told.sentence
            await writing
        await secret.until(lambda: all(outcome for _, outcome in secret.verdicts()))
        told = await asyncio.to_thread(resight, secret.home, "backup", backups[-1])
    missed = [await secret.post(stranger(90)), await secret.post(copy())]
    shutil.rmtree(secret.home)
    for number, file in enumerate(backups):
        secret.home = tmp_path / f"restored{number}"
        told = await asyncio.to_thread(resight, secret.home, "restore", file)
        assert told.code == 0, told.sentence
        with closing(sqlite3.connect(secret.home / "matrix" / "keys.db")) as keys:
            assert keys.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        private = (file, secret.home / "matrix", *(secret.home / "matrix").iterdir())
        assert all(one.stat().st_mode & 0o077 == 0 for one in private)
    async with secret.bot():
        await secret.until(lambda: secret.has_verdict(missed))
        assert secret.verdicts()[missed[0].id, "clean"] == 1
        await secret.card()
        late = await secret.post(stranger(91))
        await secret.until(lambda: secret.verdicts()[late.id, "clean"])


@pytest.mark.parametrize("how", ["as it is", "its lock was deleted"])
async def test_a_second_bot_is_refused(secret: MatrixWorld, how: str) -> None:
    """In one sentence, before it signs in or touches a key; the first one goes on."""
    async with secret.bot():
        await secret.set_up()
        asked = len(secret.proxy.calls)
        if how != "as it is":
            (secret.home / "lock").unlink()
        told = await asyncio.to_thread(resight, secret.home, "run", RESIGHT_PORT="0", **secret.login)
        assert told.code == 4
        assert told.sentence.startswith("resight: Another resight process (")
        assert not [one for one in secret.proxy.calls[asked:] if "/login" in one.path or "/whoami" in one.path]
        await secret.post(copy())
        await secret.card()
        assert len(await devices(secret)) == 1


async def test_killed_in_the_middle_of_its_first_start(secret: MatrixWorld) -> None:
    """Whenever that is: it is one device in the end, with keys of its own, and reads what is encrypted."""
    known = "/account/whoami"  # where it had stored the login after all
    for steps in (("/login",), ("/login", known), ("/keys/query",), (known,), ("/keys/upload",), ("/sync",)):
        before = len(secret.proxy.calls)
        async with running(secret.home, wait=False, **secret.login) as bot:
            async with asyncio.timeout(30):
                while not any(one.path.endswith(steps) for one in secret.proxy.calls[before:]):  # noqa: ASYNC110
                    await asyncio.sleep(0)
            await bot.kill()
    async with secret.bot():
        await secret.set_up()
        await secret.post(copy())
        await secret.card()
        (device,) = await devices(secret)
        assert device == json.loads((secret.home / "matrix" / "login.json").read_text())["device"]


async def with_new_keys(here: MatrixWorld, ann: SecretPerson, count: int) -> None:
    """Posts of which each needs a key of its own."""
    for number in range(count):
        for room in here.here.rooms.values():
            ann.client.invalidate_outbound_session(room)
        await here.post(stranger(number))
