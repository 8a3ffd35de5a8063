"""What is written while the bot is away, signed out, invited to dead rooms or short of keys is heard once."""

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.fronts.matrix.folder import Login, folder_of, read
from bot.fronts.matrix.front import Matrix
from bot.fronts.matrix.wire import Wire
from bot.services import Services
from bot.settings import load
from core.cases import Policy
from core.chat import Community
from core.errors import DiskFull, EnvironmentTrouble, RetryLater
from core.types import Mode, Platform, Space
from embed.runner import Runner
from store.sql.db import Database
from tests.clock import Clock
from tests.peers.matrix_homeserver import LACKING, homeserver, is_there
from tests.peers.matrix_people import NUMBERS, Api, Person, register
from tests.peers.matrix_proxy import Proxy
from tests.peers.matrix_secret import SecretPerson, bot_beside_people, until_they_know
from tests.small import assemble

pytestmark = pytest.mark.skipif(not is_there(), reason=LACKING)
PATIENCE_S = 60.0
POSTS = 230
NAMES = itertools.count(1)


@dataclass
class Bot:
    """The real front, as often as it is started; nobody looks at what it hears."""

    services: Services
    db: Database
    proxy: Proxy
    home: Path
    user: str
    said: Mapping[str, str]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        connector = Matrix(load(home=self.home, matrix_url=self.proxy.url, matrix_user=self.user, **self.said))
        task = asyncio.create_task(connector.run(self.services))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def watches(self, room: str) -> None:
        await self.services.policies.set(_place(room), Policy(mode=Mode.FLAG), "mo")

    async def heard(self) -> Counter[str]:
        """How often each post stands in the inbox."""
        async with self.db.read() as connection:
            return Counter((await connection.execute(text("SELECT message FROM inbox"))).scalars())

    async def hears(self, *posts: str) -> None:
        """Until all of these are there, once."""
        async with asyncio.timeout(PATIENCE_S):
            while not set(posts) <= (await self.heard()).keys():  # noqa: ASYNC110  a database rings no bell
                await asyncio.sleep(0.05)
        assert max((await self.heard()).values()) == 1

    @property
    def login(self) -> Login:
        return read(folder_of(self.home), Login(homeserver=self.proxy.url, name=self.user))

    async def as_itself(self, doing: Callable[[Wire], Any]) -> Any:
        wire = Wire(homeserver().url)
        wire.token = self.login.token
        await wire.open()
        try:
            return await doing(wire)
        finally:
            await wire.close()


def _place(room: str) -> Space:
    return Space(platform=Platform.MATRIX, community=room, channel=room)


async def account() -> str:
    async with Api(homeserver().url) as api:
        return str((await register(api, f"hears-{next(NUMBERS)}", "pw", logs_in=False))["user_id"])


@pytest.fixture
async def bot(db: Database, toy_runner: Runner, tmp_path: Path) -> AsyncIterator[Bot]:
    services = await assemble(db, toy_runner, clock=Clock(), default=Policy(mode=Mode.OFF))
    services.parts.begins("matrix", is_front=True)
    async with Proxy(homeserver().url) as proxy:
        yield Bot(services, db, proxy, tmp_path, await account(), {"matrix_password": "pw"})


@pytest.fixture
async def ann() -> AsyncIterator[Person]:
    async with Person("ann", homeserver().url) as ann:
        yield ann


async def room_of(ann: Person, bot: Bot, **more: Any) -> str:
    """A room of both that somebody else runs, and that is watched; the bot runs, too."""
    async with Person("mo", homeserver().url, reads=False) as mo:
        room = await mo.create_room("General", [bot.user, ann.id], **more)
        await mo.state(room, "m.room.power_levels", await mo.state_of(room, "m.room.power_levels") | {"invite": 0})
    await ann.until(lambda: ann.is_there(room, ann.id), PATIENCE_S)
    await ann.until(lambda: ann.is_there(room, bot.user), PATIENCE_S)
    await bot.watches(room)
    return room


async def pictures(ann: Person, room: str, count: int) -> list[str]:
    """Posts of them; what the address names is nothing."""
    content = {"msgtype": "m.image", "body": "a.png", "url": "mxc://test.local/a"}
    return [await ann.send(room, "m.room.message", content) for _ in range(count)]


async def test_a_long_silence_misses_nothing(bot: Bot, ann: Person) -> None:
    """More was posted while it was down than one answer holds, and it is stopped in the middle of reading, twice."""
    async with bot.running():
        room = await room_of(ann, bot)
        first = await pictures(ann, room, 1)
        await bot.hears(*first)
    missed = await pictures(ann, room, POSTS)
    for answers in (1, 2):
        bot.proxy.slow("/messages", 0.3)
        async with bot.running():
            async with asyncio.timeout(PATIENCE_S):
                while sum(one.path.endswith("/messages") for one in bot.proxy.calls) < answers:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        bot.proxy.slow("/messages", 0)
    async with bot.running():
        await bot.hears(*first, *missed)


async def test_another_account_begins_at_its_own_place(bot: Bot, ann: Person) -> None:
    """What the account of before has read says nothing of what this one has; its first sync brings no old posts."""
    async with bot.running():
        room = await room_of(ann, bot)
        await bot.hears(*await pictures(ann, room, 1))
    bot.user = await account()
    await ann.invite(room, bot.user)
    async with Api(homeserver().url) as api:
        body = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": bot.user}, "password": "pw"}
        api.token = (await api.ask("POST", "/login", body))["access_token"]
        await api.ask("POST", f"/join/{room}", {})
    (old,) = await pictures(ann, room, 1)
    async with bot.running():
        async with asyncio.timeout(PATIENCE_S):
            while not (await bot.services.cursors.get(Platform.MATRIX)).get(bot.user):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        (new,) = await pictures(ann, room, 1)
        await bot.hears(new)

    assert old not in await bot.heard()


@pytest.mark.parametrize("status", [400, 500])
async def test_one_rooms_history_holds_up_no_other(
    bot: Bot, ann: Person, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """What is refused for good is given up there, told in the log and to the staff; what may pass is asked again."""
    async with bot.running():
        rooms = [await room_of(ann, bot) for _ in range(2)]
        await bot.hears(*await pictures(ann, rooms[0], 1), *await pictures(ann, rooms[1], 1))
    posts = [await pictures(ann, rooms[0], 130), await pictures(ann, rooms[1], 130)]
    bot.proxy.fail(f"{rooms[0]}/messages", status=status, times=1 if status == 500 else 9)
    caplog.set_level(logging.ERROR)
    async with bot.running():
        await bot.hears(*posts[1], *posts[0][-1:])
        if status == 500:
            await bot.hears(*posts[0])
            return
        await ann.until(lambda: notices(ann, rooms[0]), PATIENCE_S)
    assert rooms[0] in caplog.text
    (said,) = notices(ann, rooms[0])
    assert said.startswith("Posts in General from 2026-")
    assert not notices(ann, rooms[1])


def notices(ann: Person, room: str) -> list[str]:
    """What the bot wrote there."""
    return [one.body for one in ann.messages(room) if one.content.get("msgtype") == "m.notice"]


async def test_dead_rooms_deafen_nobody(bot: Bot, ann: Person) -> None:
    """Invitations by the dozen to rooms that can't be reached: posts are heard, and a good invitation is taken."""
    async with bot.running():
        room = await room_of(ann, bot)
        dead = [await ann.create_room("dead") for _ in range(30)]
        for number, one in enumerate(dead):
            (bot.proxy.slow(f"/join/{one}", 2 * PATIENCE_S)) if number < 3 else bot.proxy.fail(
                f"/join/{one}", status=502, times=99
            )
            await ann.invite(one, bot.user)
        await bot.hears(*await pictures(ann, room, 3))
        other = await ann.create_room("good", [bot.user])
        await ann.until(lambda: ann.is_there(other, bot.user), PATIENCE_S)
        bot.proxy.recover()
        (late,) = [one for one in dead[3:4] if not ann.is_there(one, bot.user)]
        await ann.until(lambda: ann.is_there(late, bot.user), PATIENCE_S)


@pytest.mark.parametrize("answer", [{}, {"next_batch": 7}, "<html>"])
async def test_an_answer_that_is_none_moves_nothing(bot: Bot, ann: Person, answer: Any) -> None:
    """A proxy in between says 200 to anything: what is posted meanwhile is heard afterwards."""
    async with bot.running():
        room = await room_of(ann, bot)
        bot.proxy.fail("/sync", status=200, json=answer, times=2)
        await bot.hears(*await pictures(ann, room, 3))


@pytest.mark.parametrize(("answer", "is_lost"), [({"errcode": "M_UNKNOWN_POS", "error": "x"}, True), ({}, False)])
async def test_a_place_that_is_not_known_any_more(bot: Bot, ann: Person, answer: Any, is_lost: bool) -> None:
    """After a homeserver was restored, what it has of that time is read, and staff are told once; no command is done
    twice. A 400 of something in between forgets no place."""
    async with bot.running():
        room, log = await room_of(ann, bot), await room_of(ann, bot)
        await bot.services.policies.set(_place(log), Policy(mode=Mode.OFF), "mo")
        mine = Community(platform=Platform.MATRIX, id=room, log=log, language="zh", set_up_at=bot.services.clock())
        await bot.services.communities.put(mine, "mo")
        await bot.hears(*await pictures(ann, room, 1))
    missed = await pictures(ann, room, 1)
    bot.proxy.fail("/sync", status=400, json=answer)
    for _ in range(2):
        async with bot.running():
            await bot.hears(*missed, *await pictures(ann, room, 1))
            if is_lost:
                await ann.until(lambda: notices(ann, log), PATIENCE_S)

    assert len(notices(ann, log)) == is_lost
    assert all("从 2026-" in one and "可能没有检查过" in one for one in notices(ann, log))
    assert not notices(ann, room)


@pytest.mark.parametrize("soft", [False, True])
async def test_a_login_that_ends_is_told_and_mended(bot: Bot, ann: Person, soft: bool) -> None:
    """In one sentence, not as a bug; the same device signs in again, or the operator reads what is wrong."""
    async with bot.running() as running:
        room = await room_of(ann, bot)
        before = bot.login
        if soft:
            bot.proxy.fail("/sync", status=401, json={"errcode": "M_UNKNOWN_TOKEN", "error": "x", "soft_logout": True})
        else:
            await bot.as_itself(lambda wire: wire.ask("POST", "/logout", {}))
        missed = await pictures(ann, room, 1)
        with pytest.raises(RetryLater, match=r"ended the bot's login"):
            await running
    async with bot.running():
        await bot.hears(*missed)
    assert bot.login.device == before.device
    await bot.as_itself(lambda wire: wire.ask("POST", "/logout", {}))
    bot.said = {}
    async with bot.running() as running:
        with pytest.raises(EnvironmentTrouble, match="RESIGHT_MATRIX_PASSWORD"):
            await running


async def test_a_file_that_is_refused_with_the_login_is_asked_for_again(bot: Bot, ann: Person) -> None:
    """Nothing is said of the image, and no bug is reported."""
    uri = await ann.api.put_up(b"a picture", "image/png", "a.png")
    wire = Wire(bot.proxy.url)
    wire.token = ann.api.token
    await wire.open()
    bot.proxy.fail("/media/download", status=401, json={"errcode": "M_UNKNOWN_TOKEN", "error": "x"})
    with pytest.raises(RetryLater):
        await wire.download(uri, 1 << 20)
    assert await wire.download(uri, 1 << 20) == b"a picture"
    await wire.close()


async def test_a_login_whose_answer_is_lost_makes_no_second_device(bot: Bot, ann: Person) -> None:
    """Killed in that moment, or cut off: the device was chosen before."""
    bot.proxy.fail("/login", status=0, after=True)
    async with bot.running():
        await room_of(ann, bot)
    assert len((await bot.as_itself(lambda wire: wire.ask("GET", "/devices")))["devices"]) == 1


async def test_who_looks_whether_all_is_well_leaves_no_device(bot: Bot) -> None:
    """`resight doctor` before the first start signs in, and out again; the device of a bot that ran stays."""
    doctor = Matrix(load(home=bot.home / "elsewhere", matrix_url=bot.proxy.url, matrix_user=bot.user, **bot.said))
    for _ in range(3):
        assert ("matrix", "ok") in [(name, state) for name, state, _ in await doctor.doctor(bot.services)]
    async with bot.running():
        async with asyncio.timeout(PATIENCE_S):
            while not (await bot.services.cursors.get(Platform.MATRIX)).get(bot.user):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    mine = Matrix(load(home=bot.home, matrix_url=bot.proxy.url, matrix_user=bot.user, **bot.said))
    await mine.doctor(bot.services)
    (device,) = (await bot.as_itself(lambda wire: wire.ask("GET", "/devices")))["devices"]
    assert device["device_id"] == bot.login.device


async def test_a_key_that_comes_while_nothing_can_be_stored_is_not_forgotten(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full in the moment of the key: what waited for it is read as soon as there is room."""
    with bot_beside_people():
        async with SecretPerson("ann", homeserver().url) as ann, bot.running():
            await _key_while_full(bot, ann, monkeypatch)


async def _key_while_full(bot: Bot, ann: SecretPerson, monkeypatch: pytest.MonkeyPatch) -> None:
    room = await ann.create_room("General", [bot.user], encrypted=True)
    await ann.until(lambda: ann.is_there(room, bot.user), PATIENCE_S)
    await until_they_know(ann, room, bot.user)
    await bot.watches(room)
    ann.keeps_keys = True
    await ann.post(room, b"a picture")
    async with asyncio.timeout(PATIENCE_S):
        while not await bot.services.updates.waiting(Platform.MATRIX, 1):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    store, refused = bot.services.updates.store, list[int]()

    async def full(platform: str, updates: Mapping[int, bytes]) -> int:
        if updates and len(refused) < 3:
            refused.append(len(updates))
            raise DiskFull("full")
        return await store(platform, updates)

    monkeypatch.setattr(bot.services.updates, "store", full)
    await ann.hand_out_keys()
    async with asyncio.timeout(PATIENCE_S):
        while await bot.services.updates.waiting(Platform.MATRIX, 1):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert len(refused) == 3
