"""The keys of the bot's device on a real homeserver: nobody stops trusting it unnoticed, and no key is lost."""

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.fronts.matrix import folder
from bot.fronts.matrix.folder import STORE, Login, folder_of
from bot.fronts.matrix.keys import Keys
from bot.fronts.matrix.login import signed_in
from bot.fronts.matrix.wire import Json, Wire, part
from bot.settings import load
from core.errors import DiskFull, EnvironmentTrouble, RetryLater
from tests.peers.matrix_homeserver import LACKING, homeserver, is_there
from tests.peers.matrix_people import NUMBERS, Api, register
from tests.peers.matrix_proxy import Proxy
from tests.peers.matrix_secret import SecretPerson, bot_beside_people, until_they_know

pytestmark = pytest.mark.skipif(not is_there(), reason=LACKING)
MOST_KEYS = 50
PATIENCE_S = 30


class Device:
    """The bot's own, without a front: its rooms are read one answer at a time."""

    def __init__(self, home: Path, url: str, user: str, token: str = "") -> None:
        self.home, self.wire, self.since = home, Wire(url), ""
        said = {"matrix_token": token} if token else {"matrix_password": "pw"}
        self.settings = load(home=home, matrix_url=url, matrix_user=user, **said)
        self.login = Login(homeserver=url)

    async def begin(self) -> None:
        """As the front does."""
        await self.wire.open()
        self.login = await signed_in(self.wire, self.settings)
        self.keys = Keys(self.login, folder_of(self.home), self.wire)
        await self.keys.open()
        self.login = replace(self.login, key=await self.keys.introduced())
        folder.write(folder_of(self.home), self.login)

    async def end(self) -> None:
        await self.keys.close()
        await self.wire.close()

    async def again(self) -> None:
        await self.end()
        await self.begin()

    async def answer(self) -> Json:
        """What is new; `heard` moves on."""
        query = {"timeout": "500"} | ({"since": self.since} if self.since else {})
        return await self.wire.ask("GET", "/sync", query=query)

    async def hears(self) -> frozenset[str]:
        answer = await self.answer()
        came = await self.keys.heard(answer)
        self.since = answer["next_batch"]
        return came

    async def joins(self, room: str) -> None:
        await self.wire.ask("POST", f"/join/{part(room)}", {})
        await self.hears()
        await self.exchanges()

    async def exchanges(self) -> None:
        """The loop, until nothing is left to be asked."""
        running = asyncio.create_task(self.keys.run())
        async with asyncio.timeout(PATIENCE_S):
            while await self.keys._in_thread(self._wants):  # noqa: ASYNC110  the loop rings no bell
                await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    def _wants(self) -> bool:
        client = self.keys._client
        return bool(client.should_upload_keys or client.should_query_keys or client.outgoing_to_device_messages)

    async def one_time_keys(self) -> int:
        said = await self.wire.ask("POST", "/keys/upload", {})
        return int(said["one_time_key_counts"].get("signed_curve25519", 0))

    async def published(self) -> str:
        return await self.keys._published()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    async with Proxy(homeserver().url) as proxy:
        yield proxy


@pytest.fixture
async def bot(tmp_path: Path, proxy: Proxy) -> AsyncIterator[Device]:
    """Signed in."""
    async with Api(homeserver().url) as api:
        user = str((await register(api, f"keys-{next(NUMBERS)}", "pw", logs_in=False))["user_id"])
    device = Device(tmp_path, proxy.url, user)
    with bot_beside_people():
        await device.begin()
        yield device
        await device.end()


@pytest.fixture
async def ann() -> AsyncIterator[SecretPerson]:
    async with SecretPerson("ann", homeserver().url) as ann:
        yield ann


async def shared_room(bot: Device, ann: SecretPerson) -> str:
    """An encrypted one, in which both know each other's devices."""
    await bot.exchanges()
    room = await ann.create_room("General", invite=[bot.login.user], encrypted=True)
    await bot.joins(room)
    await until_they_know(ann, room, bot.login.user)
    return room


@pytest.mark.parametrize("left", ["nothing", "keys of another device"])
async def test_lost_keys_are_refused(bot: Device, left: str) -> None:
    """Others would read nothing, and distrust what the bot writes: the sentence says what to do."""
    await bot.exchanges()
    await bot.end()
    (folder_of(bot.home) / STORE).unlink()
    if left != "nothing":
        other = Keys(replace(bot.login, device="OTHER", key=""), folder_of(bot.home), bot.wire)
        await other.open()
        await other.close()

    with pytest.raises(EnvironmentTrouble, match=rf"{STORE}.*{bot.login.device}.*backup.*delete"):
        await bot.begin()
    await bot.keys.close()
    (folder_of(bot.home) / folder.FILE).unlink()  # as the sentence says
    (folder_of(bot.home) / STORE).unlink()
    await bot.begin()


async def test_a_token_of_a_known_device_needs_its_keys(bot: Device, tmp_path: Path) -> None:
    """Though nothing of it is kept here, the homeserver knows the device; and it is written down from the start."""
    await bot.exchanges()
    elsewhere = Device(tmp_path / "elsewhere", bot.wire.base, bot.login.user, bot.login.token)
    with pytest.raises(EnvironmentTrouble, match=bot.login.device):
        await elsewhere.begin()

    assert folder.read(folder_of(elsewhere.home), Login(homeserver=bot.wire.base, name=bot.login.user)).device
    await elsewhere.end()


async def test_a_login_that_was_ended_gets_its_keys_again(bot: Device) -> None:
    """An administrator who signs all devices out deletes their keys: nobody could write to the bot any more."""
    await bot.exchanges()
    key = await bot.published()
    await bot.wire.ask("POST", "/logout", {})
    await bot.again()
    assert await bot.published() == ""
    await bot.exchanges()

    assert await bot.published() == key != ""
    assert await bot.one_time_keys() == MOST_KEYS


@pytest.mark.parametrize("status", [400, 403, 429, 500, 0])
@pytest.mark.parametrize("after", [False, True], ids=["refused", "carried out, and the answer is lost"])
async def test_keys_are_uploaded_until_they_have_arrived(bot: Device, proxy: Proxy, status: int, after: bool) -> None:
    """Whatever the homeserver answers at first."""
    proxy.fail("/keys/upload", status=status, after=after)
    await bot.exchanges()

    assert await bot.published() == bot.login.key
    assert await bot.one_time_keys() >= MOST_KEYS


async def test_used_keys_are_replaced(bot: Device, ann: SecretPerson) -> None:
    """Also when none is left: the library takes that for nothing said."""
    await bot.exchanges()
    await bot.again()
    for _ in range(MOST_KEYS):
        wanted = {"one_time_keys": {bot.login.user: {bot.login.device: "signed_curve25519"}}}
        await ann.api.ask("POST", "/keys/claim", wanted)
    assert await bot.one_time_keys() == 0
    await bot.hears()
    await bot.exchanges()

    assert await bot.one_time_keys() == MOST_KEYS


@pytest.mark.parametrize("step", ["/keys/query", "/keys/claim", "/sendToDevice/", "/joined_members"])
async def test_what_is_written_waits_until_all_can_read_it(
    bot: Device, proxy: Proxy, ann: SecretPerson, step: str
) -> None:
    """A device that did not get the key would never read it."""
    room = await shared_room(bot, ann)
    await bot.again()
    bot.since = ""
    await bot.hears()
    proxy.fail(step, status=500)
    content: Json = {"msgtype": "m.text", "body": "to be read"}
    with pytest.raises(RetryLater):
        await bot.keys.veiled(room, "m.room.message", content)
    kind, veiled = await bot.keys.veiled(room, "m.room.message", content)
    await bot.wire.ask("PUT", f"/rooms/{part(room)}/send/{kind}/1", veiled)

    await ann.until(lambda: [one for one in ann.messages(room) if one.body == "to be read"])


async def test_a_full_disk_loses_no_key(bot: Device, ann: SecretPerson) -> None:
    """The answer comes again, and is taken in as if for the first time; it is on the disk then."""
    room = await shared_room(bot, ann)
    await bot.hears()
    event = await ann.write(room, "secret")
    answer = await bot.answer()
    (raw,) = [one for one in answer["rooms"]["join"][room]["timeline"]["events"] if one["event_id"] == event]
    await fill(bot.keys, is_full=True)
    with pytest.raises(DiskFull, match=STORE):
        await bot.keys.heard(answer)
    assert await bot.keys.clear(room, [raw]) == [None]
    await fill(bot.keys, is_full=False)

    assert len(await bot.keys.heard(answer)) == 1
    await bot.again()
    (clear,) = await bot.keys.clear(room, [raw])
    assert clear and clear["content"]["body"] == "secret"


async def fill(keys: Keys, *, is_full: bool) -> None:
    """Let the store take nothing more, or again."""
    await keys._in_thread(lambda: keys._client.store.database.execute_sql(f"PRAGMA query_only={int(is_full)}"))


@pytest.mark.parametrize("odd", [None, [], {"DEV": {"keys": 7}}, {"DEV": "x"}, "devices"])
async def test_nobodys_odd_devices_hide_those_of_others(bot: Device, ann: SecretPerson, odd: Any) -> None:
    """Somebody's server may say anything of theirs."""
    room = await shared_room(bot, ann)
    await bot.keys._in_thread(lambda: bot.keys._client.users_for_key_query.update((ann.id, "@eve:x.org")))
    (ask,) = await bot.keys._in_thread(bot.keys._asks.queries)
    devices = (await bot.wire.ask(ask.method, ask.path, ask.body))["device_keys"][ann.id]
    bot.keys._client.device_store._entries.clear()
    answer = {"device_keys": {"@eve:x.org": odd, ann.id: devices}}
    await bot.keys._in_thread(bot.keys._whole, bot.keys._answered, ask, answer)

    assert bot.keys._client.device_store.active_user_devices(ann.id)
    assert room in bot.keys._client.rooms


async def test_the_end_is_soon_and_leaves_no_thread(bot: Device, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the homeserver is silent in the middle of an exchange; a start that failed leaves none, either."""
    monkeypatch.setattr("bot.fronts.matrix.keys.ThreadPoolExecutor", ThreadPoolExecutor)
    await bot.again()
    proxy.slow("/keys/upload", 60)
    exchange = asyncio.create_task(bot.keys.run())
    await asyncio.sleep(0.2)
    exchange.cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(exchange, return_exceptions=True)
        await bot.keys.close()
        broken = Keys(bot.login, folder_of(bot.home) / folder.FILE, bot.wire)
        with pytest.raises(EnvironmentTrouble):
            await broken.open()
        await broken.close()
        while any("matrix-keys" in one.name for one in threading.enumerate()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    proxy.slow("/keys/upload", 0)
    await bot.begin()
