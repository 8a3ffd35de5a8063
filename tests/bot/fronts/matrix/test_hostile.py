"""What strangers and altered clients send: it harms nobody, and what is said to others is still heard."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.fronts.matrix.acting import MatrixActing
from bot.fronts.matrix.chat import MatrixChat
from bot.fronts.matrix.folder import Login
from bot.fronts.matrix.front import Conversation
from bot.fronts.matrix.keys import Keys
from bot.fronts.matrix.reading import number_of
from bot.fronts.matrix.shelf import row_of
from bot.fronts.matrix.wire import Json, Wire, _read
from bot.fronts.matrix.writing import Link
from bot.services import Services
from bot.settings import load
from core.cases import Policy
from core.types import Mode, Platform, Space
from embed.runner import Runner
from store.sql.db import Database
from tests.bot.fronts.matrix.test_rooms import room, rooms
from tests.clock import Clock
from tests.small import assemble

NOWHERE = "http://127.0.0.1:1"
OLM = "m.olm.v1.curve25519-aes-sha2"


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[Keys]:
    login = Login(homeserver=NOWHERE, user="@bot:x.org", device="DEVICE", token="token")
    made = Keys(login, tmp_path, Wire(NOWHERE))
    await made.open()
    yield made
    await made.close()


def own_key(keys: Keys) -> str:
    """What anybody can ask the homeserver for."""
    assert keys._client and keys._client.olm
    return str(keys._client.olm.account.identity_keys["curve25519"])


@pytest.mark.parametrize("kind", [0, 1, "x"])
@pytest.mark.parametrize("body", ["junk", 7, None])
async def test_junk_for_our_device_stops_nothing(keys: Keys, kind: object, body: object) -> None:
    """It is dropped, and what comes with it is taken in: else the same answer would come again for ever."""
    content = {"algorithm": OLM, "sender_key": "k", "ciphertext": {own_key(keys): {"type": kind, "body": body}}}
    events = [{"type": "m.room.encrypted", "sender": "@eve:x.org", "content": content}, {"type": 5}]
    answer: Json = {"next_batch": "t", "to_device": {"events": events}, "rooms": {"join": room("!r")}}
    odd: Json = {"device_lists": {"changed": [7], "left": "x"}, "device_one_time_keys_count": {"a": "b"}}

    assert await keys.heard({**answer, **odd}) == frozenset()
    assert keys._client and keys._client.next_batch == "t"
    assert "!r" in keys._client.rooms


@pytest.mark.parametrize("part", [None, True, 7, "x", [], ["x"], {"state": 7}, {"timeline": {"events": {}}}])
async def test_parts_that_are_no_room_stop_nothing(keys: Keys, part: object) -> None:
    """Whatever stands where a room does, the others are heard."""
    answer: Json = {"next_batch": "t", "rooms": {"join": {"!odd": part, **room("!r")}, "invite": part, "leave": part}}
    found = rooms()
    found.apply(answer)

    assert await keys.heard(answer) == frozenset()
    assert found.find("!r") and keys._client.rooms.keys() >= {"!r"}


@pytest.mark.parametrize("at", [None, [], "now", {}, 1.5, -1, 1 << 63])
@pytest.mark.parametrize("content", [{}, {"algorithm": 7}, None])
async def test_a_sealed_event_of_any_shape_waits(keys: Keys, at: object, content: object) -> None:
    """An encrypted event without a key is not read, however the homeserver shapes the event, and the front goes on."""
    event: Json = {"type": "m.room.encrypted", "event_id": "$e", "sender": "@eve:x.org", "origin_server_ts": at}
    assert await keys.clear("!r", [{**event, "content": content}]) == [None]


def test_half_a_character_is_replaced() -> None:
    """Half a pair of surrogates can be written in JSON, and neither be stored nor hashed; whole ones stay."""
    said = _read(rb'{"event_id": "$\ud800", "body": "\uD83D\uDE00 \\ud800", "\udfff": 1}')

    assert said == {"event_id": "$?", "body": "\U0001f600 \\ud800", "?": 1}
    assert number_of(said)


class Acting(MatrixActing):
    """Knows one event of the room."""

    known: Json | None = None

    async def event(self, room: str, event: str) -> Json | None:  # noqa: ARG002
        return self.known


def picture(sender: str, event: str, url: str, replaces: str = "") -> dict[str, Any]:
    content: dict[str, Any] = {"msgtype": "m.image", "body": "a.png", "url": url}
    if replaces:
        relation = {"rel_type": "m.replace", "event_id": replaces}
        content = {**content, "m.new_content": dict(content), "m.relates_to": relation}
    at = {"event_id": event, "origin_server_ts": 1}
    return {"type": "m.room.message", "sender": sender, "content": content, **at}


@pytest.mark.parametrize(
    ("before", "posted"),
    [
        (picture("@ann:x.org", "$old", "mxc://x.org/1"), ["$old"]),
        (picture("@ann:x.org", "$old", "mxc://x.org/2"), []),
        (picture("@bo:x.org", "$old", "mxc://x.org/1"), ["$new"]),
        (None, ["$new"]),
    ],
    ids=["another picture", "the same", "somebody else's", "gone"],
)
async def test_a_change_of_a_message_is_its_authors(
    db: Database, toy_runner: Runner, before: Json | None, posted: list[str]
) -> None:
    """Nobody's post is called another picture by somebody else, and would be removed for it."""
    services: Services = await assemble(db, toy_runner, clock=Clock(), default=Policy(mode=Mode.OFF))
    await services.policies.set(Space(platform=Platform.MATRIX, community="!r", channel="!r"), Policy(), "mo")
    acting = Acting(1 << 20)
    acting.known = before
    link = Link(Wire(NOWHERE), None, rooms(room("!r")))  # type: ignore[arg-type]
    acting.connect(link)
    conversation = Conversation(link, acting, MatrixChat(acting), services, load())
    change = picture("@ann:x.org", "$new", "mxc://x.org/2", replaces="$old")
    await conversation.accept([conversation.understood(1, row_of("!r", change))])

    assert [one.event.message for one in await services.inbox.claim(9, timedelta(minutes=1))] == posted
