"""What can't be decrypted: it waits, counts as not looked at, is told to staff, and is given up one day."""

import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nio.crypto.attachments import decrypt_attachment

from bot.fronts.matrix.acting import MatrixActing
from bot.fronts.matrix.chat import MatrixChat
from bot.fronts.matrix.impatience import GIVEN_UP, LEAST, PATIENCE, TOLD_AFTER, Impatience
from bot.fronts.matrix.keys import Keys
from bot.fronts.matrix.reading import number_of
from bot.fronts.matrix.shelf import Concerns, Sealed, Shelf, row_of
from bot.fronts.matrix.wire import ENCRYPTED, Wire
from bot.fronts.matrix.writing import Link
from bot.services import Services
from core.cases import Policy
from core.messages import Answer
from core.types import Mode, Platform, Space
from embed.runner import Runner
from handlers.bell import Bell
from store.sql.db import Database
from tests.bot.fronts.matrix.test_rooms import MO, room, rooms, state
from tests.clock import Clock
from tests.small import assemble

NO_KEYS = cast(Keys, SimpleNamespace(is_secret=lambda room: room == "!secret"))
PLACE = Space(platform=Platform.MATRIX, community="!r", channel="!r")


class Acting(MatrixActing):
    """Notes whom it warns."""

    def __init__(self) -> None:
        super().__init__(1 << 20)
        self.warned: list[Answer] = []

    async def warn(self, space: Space, warning: Answer) -> bool:  # noqa: ARG002
        self.warned.append(warning)
        return True


class Stored(Wire):
    """Keeps what is uploaded."""

    data = b""

    async def upload(self, data: bytes, kind: str, name: str) -> str:  # noqa: ARG002
        self.data = data
        return "mxc://x.org/1"


@pytest.fixture
async def services(db: Database, toy_runner: Runner) -> Services:
    made = await assemble(db, toy_runner, clock=Clock(), default=Policy(mode=Mode.OFF))
    await made.policies.set(PLACE, Policy(mode=Mode.FLAG), "mo")
    return made


def connected(*events: dict[str, Any]) -> tuple[Acting, Stored]:
    acting, wire = Acting(), Stored("http://127.0.0.1:1")
    acting.connect(Link(wire, NO_KEYS, rooms(room("!r", *events))))
    return acting, wire


async def impatient(services: Services, acting: Acting, age: timedelta, waited: timedelta = LEAST) -> Impatience:
    """With one event of that age whose key is missing, and which waits here for so long."""
    at = int((time.time() - age.total_seconds()) * 1000)
    event = {"type": ENCRYPTED, "event_id": "$e", "sender": "@ann:x.org", "origin_server_ts": at, "content": {"x": 1}}
    shelf = Shelf(cast(Keys, None), services, cast(Concerns, None), Bell(), lambda _numbers: None)
    shelf.sealed[number_of(event)] = Sealed("!r", event, time.monotonic() - min(age, waited).total_seconds())
    await services.updates.store(Platform.MATRIX, {number_of(event): row_of("!r", event)})
    return Impatience(shelf, MatrixChat(acting), acting, acting.link.rooms, services)


async def test_it_counts_as_not_looked_at(services: Services) -> None:
    """After a moment, and once; it may be a picture."""
    acting, _ = connected()
    waiting = await impatient(services, acting, PATIENCE)
    await waiting.look()
    await waiting.look()

    (one,) = await services.inbox.claim(9, timedelta(minutes=1))
    assert (one.event.message, one.event.image, one.event.author) == ("$e", "$e", "@ann:x.org")
    assert acting.warned == []


async def test_staff_hear_of_it(services: Services) -> None:
    """When the key still has not come; once a day."""
    acting, _ = connected()
    waiting = await impatient(services, acting, TOLD_AFTER)
    await waiting.look()
    await waiting.look()

    assert [one.said and one.said.key for one in acting.warned] == ["matrix.sealed"]


@pytest.mark.parametrize(("waited", "left"), [(LEAST, 0), (timedelta(minutes=1), 1)])
async def test_it_is_given_up_in_time(services: Services, waited: timedelta, left: int) -> None:
    """After a week nothing of it is kept; whose server says an old date is not forgotten at once."""
    acting, _ = connected()
    waiting = await impatient(services, acting, GIVEN_UP, waited)
    await waiting.look()

    assert len(await services.updates.waiting(Platform.MATRIX, 9)) == len(waiting._shelf.sealed) == left


async def test_a_clock_that_jumps_forgets_nothing(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose clock is set anew, by days, has not waited for days."""
    acting, _ = connected()
    waiting = await impatient(services, acting, LEAST)
    now = time.time() + 2 * GIVEN_UP.total_seconds()
    monkeypatch.setattr(time, "time", lambda: now)
    await waiting.look()

    assert len(waiting._shelf.sealed) == 1


@pytest.mark.parametrize("said", [1 << 63, 10**400, -(10**400), 0, "now", None, True])
async def test_no_time_that_somebodys_server_says_stops_the_others(services: Services, said: object) -> None:
    """Servers of old rooms may say any number: such an event is as old as its wait."""
    acting, _ = connected()
    waiting = await impatient(services, acting, TOLD_AFTER)
    (one,) = waiting._shelf.sealed.values()
    one.event["origin_server_ts"] = said
    await waiting.look()

    assert len(acting.warned) == 1


async def test_where_nothing_is_watched_nothing_is_said(services: Services) -> None:
    """It waits all the same: it may be a command."""
    await services.policies.set(PLACE, Policy(mode=Mode.OFF), "mo")
    acting, _ = connected()
    waiting = await impatient(services, acting, TOLD_AFTER)
    await waiting.look()

    assert (await services.inbox.depth(), acting.warned, len(waiting._shelf.sealed)) == (0, [], 1)


async def test_an_evidence_picture_is_encrypted_where_the_room_is() -> None:
    """Nobody without the key can read it on the homeserver."""
    acting, wire = connected(state("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}))
    file = (await acting._uploaded("!r", b"a picture"))["file"]
    hidden = wire.data
    plain, _ = connected()

    assert hidden and b"a picture" not in hidden
    assert decrypt_attachment(hidden, file["key"]["k"], file["hashes"]["sha256"], file["iv"]) == b"a picture"
    assert (await plain._uploaded("!r", b"a picture"))["url"] == "mxc://x.org/1"
    assert MO in acting.link.rooms.joined["!r"].members
