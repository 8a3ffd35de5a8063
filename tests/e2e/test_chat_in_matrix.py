"""What people do with the bot on Matrix, in encrypted rooms and in bad weather: `resight run` and a real Synapse."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.command import resight
from tests.e2e.matrix import MatrixWorld, devices, matrix_world
from tests.e2e.world import copy, make_catalogue, stranger
from tests.peers.matrix_community import GENERAL
from tests.peers.matrix_homeserver import LACKING, is_there
from tests.peers.matrix_secret import SecretPerson
from tests.small import drawn, saved
from tests.soak import matrix

pytestmark = pytest.mark.skipif(not is_there(), reason=LACKING)

OTHER = "ringaloo"
MISSED = 105
"""Over one page of a room's history."""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that knows two images: copies of one are one card."""
    folder = tmp_path_factory.mktemp("matrix")
    home = make_catalogue(folder)
    drawn(OTHER).save(folder / "other.png")
    assert resight(home, "add", folder / "other.png", "--title", "Another one").code == 0
    return home


def other() -> bytes:
    """A copy of the other known image."""
    return saved(drawn(OTHER).resize((500, 400)), "JPEG", quality=80)


@pytest.fixture
async def secret(catalogue: Path, tmp_path: Path) -> AsyncIterator[MatrixWorld]:
    """A community whose rooms are encrypted."""
    async with matrix_world(catalogue, tmp_path, encrypted=True) as here:
        yield here


@pytest.fixture
async def plain(catalogue: Path, tmp_path: Path) -> AsyncIterator[MatrixWorld]:
    async with matrix_world(catalogue, tmp_path) as here:
        yield here


def ann_of(here: MatrixWorld) -> SecretPerson:
    ann = here.here.people["ann"]
    assert isinstance(ann, SecretPerson)
    return ann


async def test_the_story_in_encrypted_rooms(secret: MatrixWorld) -> None:
    """Set up, post, card, violation, removal, undo; the picture on the card and the one put back can be read."""
    async with secret.bot():
        await secret.set_up()
        dry = await secret.post(copy())
        card = await secret.card_says("case.would_have_flag", "mode.dry_run")
        await secret.command("mode flag")
        flagged = await secret.post(other())
        await secret.until(lambda: secret.is_flagged(flagged))
        await secret.press(await secret.card(2), "decision.violation")
        await secret.until(lambda: secret.is_gone(flagged))
        decided = await secret.card_says(secret.did("remove"))
        await secret.press(decided, "decision.undo")
        (put_back,) = await secret.until(secret.reposts)

        assert await secret.here.mo.picture(put_back) == other()
        assert (await secret.here.mo.picture(card))[:2] == b"\xff\xd8"
        assert not secret.is_gone(dry) and not secret.is_flagged(dry)
        assert len(secret.cards()) == 2


async def test_killed_it_stays_the_same_device(secret: MatrixWorld) -> None:
    """After kill -9 what was posted meanwhile is read with the same keys, and an old card can still be pressed."""
    async with secret.bot() as bot:
        await secret.set_up()
        first = await secret.post(copy())
        card = await secret.card()
        before = await devices(secret)
        await bot.kill()
    second = await secret.post(other())
    async with secret.bot():
        await secret.card(2)
        await secret.press(card, "decision.violation")
        await secret.until(lambda: secret.is_gone(first))

        assert await devices(secret) == before and len(before) == 1
        assert secret.has_verdict([first, second])


async def test_a_key_that_comes_late(secret: MatrixWorld) -> None:
    """What could not be read is never clean: its card comes once its key does, also if the bot was killed meanwhile."""
    async with secret.bot() as bot:
        await secret.set_up()
        ann_of(secret).keeps_keys = True
        post = await secret.post(copy())
        marker = await secret.here.write("mo", secret.here.rooms[GENERAL], "", [stranger()])
        await secret.until(lambda: secret.verdicts()[marker.id, "clean"])
        before = [outcome for message, outcome in secret.verdicts() if message == post.id]
        await bot.kill()
    async with secret.bot():
        await ann_of(secret).hand_out_keys()
        await secret.card_says("case.would_have_flag")

        assert before in ([], ["unscannable"], [""])
        assert [outcome for message, outcome in secret.verdicts() if message == post.id] == ["match"]


async def test_a_room_that_turns_encryption_on(catalogue: Path, tmp_path: Path) -> None:
    """What is posted afterwards is looked at as before, and the bot answers encrypted, too."""
    async with matrix_world(catalogue, tmp_path, encrypted=True) as here, here.bot():
        mo = here.here.mo
        room = await mo.create_room("open", [here.here.bot, here.here.people["ann"].id])
        await mo.until(lambda: mo.is_there(room, here.here.bot, here.here.people["ann"].id))
        plain = await here.here.answer("mo", room, "!help")
        await mo.encrypt(room)
        await mo.until(lambda: isinstance(mo, SecretPerson) and mo.is_secret(room))
        secret = await here.here.answer("mo", room, "!help")

        assert plain.body == secret.body


async def test_old_posts_are_nobodys_business(plain: MatrixWorld) -> None:
    """What was posted before the bot came is not looked at, neither at its first start nor after it was set up."""
    old = [await plain.post(copy()) for _ in range(3)]
    async with plain.bot():
        await plain.set_up()
        new = await plain.post(copy())
        await plain.card()
        await plain.until(lambda: plain.has_verdict([new]))

        assert not {post.id for post in old} & {message for message, _ in plain.verdicts()}
        assert len(plain.cards()) == 1


async def test_what_was_posted_while_it_was_down(plain: MatrixWorld) -> None:
    """More than one answer of the homeserver holds: each has one verdict."""
    ann, room = plain.here.people["ann"], plain.here.rooms[GENERAL]
    async with plain.bot() as bot:
        await plain.set_up()
        first = await plain.post(stranger())
        await plain.until(lambda: plain.has_verdict([first]))
        await bot.kill()
    file = await ann.content(room, stranger(), "", "image/jpeg", "m.image", None, {})
    missed = [await ann.send(room, "m.room.message", file) for _ in range(MISSED - 1)]
    last = await plain.post(copy())
    async with plain.bot():
        await plain.card()
        await plain.until(lambda: plain.verdicts().total() == MISSED + 1 and plain.has_verdict([first, last]))

        assert {message for message, outcome in plain.verdicts() if outcome == "clean"} == {first.id, *missed}


async def test_bad_weather(catalogue: Path, tmp_path: Path) -> None:
    """The homeserver is killed and the network cut while people post: nothing is lost, nothing is done twice."""
    kept = await matrix.weather(catalogue, tmp_path, 50, restarts=1, cuts=2)

    assert kept.is_right, kept
    assert kept.posts == 50


async def test_the_login_comes_back_from_a_backup(secret: MatrixWorld, tmp_path: Path) -> None:
    """On another machine it is the same device, with its keys."""
    async with secret.bot():
        await secret.set_up()
        await secret.post(copy())
        await secret.card()
        before = await devices(secret)
    saved = await asyncio.to_thread(resight, secret.home, "backup", tmp_path / "all.zip")
    shutil.rmtree(secret.home)
    restored = await asyncio.to_thread(resight, secret.home, "restore", tmp_path / "all.zip")
    assert (saved.code, restored.code) == (0, 0), saved.sentence + restored.sentence
    post = await secret.post(other())
    async with secret.bot():
        await secret.card(2)

        assert await devices(secret) == before
        assert secret.verdicts()[post.id, "match"] == 1
