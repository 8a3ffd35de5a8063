"""The homeserver, its people and what stands before it are what tests of the Matrix front take them for."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import pytest

from core.root import ROOT
from tests.peers.matrix_community import BUTTONS, PASSWORD, STAFF, community, keys_of
from tests.peers.matrix_homeserver import LACKING, Homeserver, homeserver, is_there
from tests.peers.matrix_people import Api, Person, Refused, in_thread, reply_to
from tests.peers.matrix_proxy import Proxy

pytestmark = pytest.mark.skipif(not is_there(), reason=LACKING)

WHOAMI = "/account/whoami"
VERSION_12 = "12"

HOLDS = """
import sys, tempfile, time
from pathlib import Path
from tests.peers.matrix_homeserver import Homeserver
one = Homeserver(Path(sys.argv[1]))
one.start()
print(one.pid, flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_ends_with_those_who_started_it(tmp_path: Path) -> None:
    """A test run that is killed leaves no homeserver behind."""
    line = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        pid = int(holder.stdout.readline())
        was_alive = is_alive(pid)
        holder.send_signal(signal.SIGKILL)
    end = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.05)

    assert was_alive
    assert not is_alive(pid)


async def test_it_remembers_what_it_took(tmp_path: Path) -> None:
    """Killed and started again, it is at the same address, and everything that was posted is there."""
    with Homeserver(tmp_path) as own:
        async with Person("ann", own.url) as ann:
            room = await ann.create_room("General")
            post = await ann.write(room, "hello")
            await asyncio.to_thread(own.restart)
            again = await ann.write(room, "still here")
            read = await ann.until(lambda: [one for one in ann.messages(room) if one.id == again])

            assert [one.body for one in read] == ["still here"]
            assert ann.message(room, post).body == "hello"


async def test_who_is_let_in_tries_again() -> None:
    """A homeserver that fails once, or hangs up, keeps nobody out; a refusal is told at once."""
    url = homeserver().url
    async with Proxy(url) as proxy, Person("mo", url, reads=False) as mo, Person("ann", proxy.url, reads=False) as ann:
        room = await mo.create_room("General", [ann.id])
        for status in (500, 502, 0):
            proxy.fail("/join/", status=status)
        await ann.join(room)
        assert (await mo.members(room))[ann.id] == "join"
        with pytest.raises(Refused):
            await ann.join(await mo.create_room("closed"))


async def test_people_see_what_others_do() -> None:
    """Posts with their files, edits, reactions, replies, threads and redactions."""
    url = homeserver().url
    async with Person("ann", url) as ann, Person("mo", url) as mo:
        room = await mo.create_room("General", [ann.id])
        await ann.until(lambda: room in ann.timelines)
        post = await ann.post(room, b"picture", text="look")
        sticker = await ann.sticker(room, b"sticker")
        answer = await mo.write(room, "nice", relates=reply_to(post))
        below = await mo.write(room, "in the thread", relates=in_thread(post))
        await ann.edit(room, post, await ann.content(room, b"another", "now", "image/png", "m.image", None, {}))
        await mo.react(room, post, "👍")
        await ann.until(lambda: ann.message(room, post).reactions == {"👍": {mo.id}})
        await mo.redact(room, sticker)
        await mo.until(lambda: mo.message(room, post).edits and mo.message(room, sticker).is_gone)
        seen = mo.message(room, post)

        assert (seen.body, await mo.picture(seen)) == ("now", b"another")
        assert (mo.message(room, answer).answers, mo.message(room, below).thread) == (post, post)
        assert sticker not in [one.id for one in mo.messages(room)]


async def test_an_invitation_is_taken_though_the_homeserver_fails() -> None:
    """A busy homeserver says 500 now and then, and tells of an invitation once: who is invited comes all the same."""
    async with Proxy(homeserver().url) as proxy, Person("mo", homeserver().url) as mo, Person("bo", proxy.url) as bo:
        proxy.fail("POST /_matrix/client/v3/join", status=500)
        room = await mo.create_room("General", [bo.id])
        await mo.until(lambda: mo.is_there(room, bo.id))


async def test_rooms_are_of_the_newest_version() -> None:
    """Whoever creates a room of version 12 is above all levels; others get what they are given."""
    url = homeserver().url
    async with Person("mo", url) as mo, Person("bo", url) as bo:
        room = await mo.create_room("General", [bo.id])
        space = await mo.create_space("Community", [room])
        await mo.give_power(room, {bo.id: 50}, redact=60)

        assert (await mo.state_of(room, "m.room.create"))["room_version"] == VERSION_12
        assert (await mo.state_of(space, "m.space.child", room))["via"]
        assert (await mo.power(room, bo.id), (await mo.state_of(room, "m.room.power_levels"))["redact"]) == (50, 60)
        with pytest.raises(Refused) as refused:
            await mo.give_power(room, {mo.id: 100})
        assert refused.value.status == 400


async def test_a_community_is_ready_for_a_bot() -> None:
    """Its account may sign in and come; what it says is read, and its buttons are pressed once at a time."""
    url = homeserver().url
    async with community(url) as here, Api(url) as bot:
        login = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": here.bot},
            "password": PASSWORD,
        }
        bot.token = (await bot.ask("POST", "/login", login))["access_token"]
        for room in (*here.rooms.values(), here.space):
            await bot.ask("POST", f"/join/{room}", {})
        await here.all_there()
        says = {"msgtype": "m.notice", "body": "Well?\n1️⃣ Yes", BUTTONS: {"1️⃣": "data"}}
        await bot.ask("PUT", f"/rooms/{here.rooms['mod-log']}/send/m.room.message/1", says)
        (card,) = await here.mo.until(lambda: here.said(here.mo, here.rooms["mod-log"]))
        for _ in range(2):
            await here.press("mo", card, keys_of(card)["Yes"])
        await here.mo.caught_up()
        await here.make_staff("bo")

        assert card.reactions == {"1️⃣": {here.mo.id}}
        assert await here.mo.power(here.rooms["general"], here.people["bo"].id) == STAFF


async def test_what_is_encrypted_is_read_with_its_key_only() -> None:
    """A key that was kept is no use to anybody until it is handed out; files are encrypted, too."""
    pytest.importorskip("nio")
    from tests.peers.matrix_secret import SecretPerson, until_they_know

    url = homeserver().url
    async with SecretPerson("ann", url) as ann, SecretPerson("mo", url) as mo:
        room = await mo.create_room("General", [ann.id], encrypted=True)
        await ann.until(lambda: room in ann.timelines and ann.is_secret(room))
        await until_they_know(ann, room, mo.id)
        open_to_mo = await ann.post(room, b"picture")
        await mo.until(lambda: [one for one in mo.messages(room) if one.id == open_to_mo and one.body])
        ann.keeps_keys = True
        closed = await ann.post(room, b"another")
        await mo.until(lambda: [one for one in mo.messages(room) if one.id == closed])
        before = mo.message(room, closed).type
        await ann.hand_out_keys()
        await mo.until(lambda: mo.message(room, closed).type != before)

        assert before == "m.room.encrypted"
        assert await mo.picture(mo.message(room, open_to_mo)) == b"picture"
        assert await mo.picture(mo.message(room, closed)) == b"another"
        assert await mo.api.get(mo.message(room, closed).content["file"]["url"]) != b"another"


async def test_what_stands_before_it_fails_as_ordered() -> None:
    """Statuses, answers that are lost, limits, lies about sizes, and a network that is gone; then all is well."""
    url = homeserver().url
    async with Person("ann", url) as ann, Proxy(url) as proxy, Api(proxy.url) as api:
        api.token = ann.api.token
        room = await ann.create_room("General")
        proxy.fail("whoami", status=403)
        proxy.limit("whoami", retry_after=1.5)
        codes = []
        for _ in range(2):
            with pytest.raises(Refused) as refused:
                await api.ask("GET", WHOAMI)
            codes.append(refused.value.code)
        proxy.fail("PUT ", times=9, status=0, after=True)  # aiohttp itself asks again
        with pytest.raises(aiohttp.ClientError):
            await api.ask("PUT", f"/rooms/{room}/send/m.room.message/1", {"msgtype": "m.text", "body": "lost"})
        await ann.until(lambda: [one for one in ann.messages(room) if one.body == "lost"])
        proxy.lie("whoami", declares=None, sends=1 << 20)
        async with aiohttp.ClientSession() as http, http.get(f"{proxy.url}/whoami") as answer:
            lied = len(await answer.read())
        proxy.recover()
        waiting = asyncio.create_task(api.ask("GET", "/sync", timeout="30000", since=ann._since))
        await ann.until(lambda: proxy._open)
        proxy.cut()
        with pytest.raises(aiohttp.ClientError):
            await waiting
        with pytest.raises(aiohttp.ClientError):
            await api.ask("GET", WHOAMI)
        proxy.mend()

        assert (await api.ask("GET", WHOAMI))["user_id"] == ann.id
        assert (codes, lied) == (["M_UNKNOWN", "M_LIMIT_EXCEEDED"], 1 << 20)
