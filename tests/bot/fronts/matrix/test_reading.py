"""What an event says: commands, replies, pictures, presses; and that no event is too odd."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fronts.matrix.reading import Reader, number_of, press_of, read_hint, replied_to
from bot.fronts.matrix.rooms import Rooms
from core.messages import Incoming
from tests.bot.fronts.matrix.test_rooms import BOT, JSON, MO, room, rooms

READER = Reader(rooms(room("!r")))
EVENT = "$e"


def event(content: dict[str, Any], kind: str = "m.room.message", sender: str = MO) -> dict[str, Any]:
    return {
        "event_id": EVENT,
        "type": kind,
        "sender": sender,
        "origin_server_ts": 1_700_000_000_000,
        "content": content,
    }


def text(body: str, **more: Any) -> Incoming:
    return READER.incoming("!r", event({"msgtype": "m.text", "body": body, **more}))


def replying(body: str, below: str = "$card") -> dict[str, Any]:
    return {"msgtype": "m.text", "body": body, "m.relates_to": {"m.in_reply_to": {"event_id": below}}}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("!mode flag", "/mode flag"),
        ("/mode flag", "/mode flag"),
        ("!references list", "/references list"),
        ("!add A title", "/add A title"),
        ("!important", "!important"),
        ("!", "!"),
        ("bot: !help", "/help"),
        ("@bot:x.org: !help", "/help"),
        ("bottle: !help", "bottle: !help"),
        ("搜图", "搜图"),
    ],
)
def test_commands_begin_with_a_mark(written: str, read: str) -> None:
    """Only those that there are; the bot's name before them is left out."""
    assert text(written).text == read


def test_it_hears_its_name() -> None:
    """At the beginning, or as a mention."""
    assert text("bot: what is this?").names_bot
    assert text("what is this?", **{"m.mentions": {"user_ids": [BOT]}}).names_bot
    assert not text("a bot: what is this?").names_bot


def test_a_quote_of_an_old_app_is_no_text() -> None:
    """Nor is what it quotes a command."""
    message = READER.incoming("!r", event(replying("> <@ann:x.org> !unwatch\n> more\n\n!why")))

    assert message.text == "/why"
    assert replied_to(event(replying("x"))) == "$card"


def test_the_name_of_a_file_is_no_text() -> None:
    """A caption is."""
    image = {"msgtype": "m.image", "body": "cat.png", "url": "mxc://x.org/1"}
    captioned = {**image, "filename": "cat.png", "body": "!add Cat"}

    assert READER.incoming("!r", event(image)).text == ""
    assert READER.incoming("!r", event(captioned)).text == "/add Cat"


@pytest.mark.parametrize(
    ("content", "kind", "pictures"),
    [
        ({"msgtype": "m.image", "body": "a", "url": "mxc://x.org/1"}, "m.room.message", 1),
        ({"msgtype": "m.video", "body": "a", "url": "mxc://x.org/1"}, "m.room.message", 1),
        ({"msgtype": "m.file", "body": "a.png", "url": "mxc://x.org/1"}, "m.room.message", 1),
        ({"msgtype": "m.file", "body": "a.pdf", "info": {"mimetype": "application/pdf"}}, "m.room.message", 0),
        ({"msgtype": "m.file", "body": "a", "info": {"mimetype": "video/mp4"}}, "m.room.message", 1),
        ({"msgtype": "m.audio", "body": "a.ogg"}, "m.room.message", 0),
        ({"body": "a sticker", "url": "mxc://x.org/1"}, "m.sticker", 1),
        ({"body": "a", "url": "mxc://x.org/1"}, "m.room.name", 0),
    ],
)
def test_which_events_bring_pictures(content: dict[str, Any], kind: str, pictures: int) -> None:
    """By their kind; files by type and name."""
    assert len(READER.incoming("!r", event(content, kind)).pictures) == pictures


def test_the_picture_in_front_of_a_video_is_looked_at_too() -> None:
    """Its sender may choose it."""
    front = {"info": {"thumbnail_url": "mxc://x.org/2"}}
    message = READER.incoming("!r", event({"msgtype": "m.video", "body": "a", "url": "mxc://x.org/1", **front}))

    assert [read_hint(one.hint)["url"] for one in message.pictures] == ["mxc://x.org/1", "mxc://x.org/2"]


def test_an_edit_stands_for_what_it_changes() -> None:
    """With the new picture, which has a name of its own."""
    new = {"msgtype": "m.image", "body": "b.png", "url": "mxc://x.org/2"}
    edit = {"msgtype": "m.image", "body": "* b.png", "m.new_content": new}
    message = READER.incoming("!r", event(edit | {"m.relates_to": {"rel_type": "m.replace", "event_id": "$old"}}))

    assert (message.message, message.pictures[0].image) == ("$old", EVENT)
    assert read_hint(message.pictures[0].hint)["url"] == "mxc://x.org/2"


def test_its_own_pictures_are_nobodys_posts() -> None:
    """Evidence pictures least of all."""
    image = event({"msgtype": "m.image", "body": "a", "url": "mxc://x.org/1"}, sender=BOT)
    assert READER.incoming("!r", image).pictures == ()


@pytest.mark.parametrize("key", ["2️⃣", "2⃣"])
def test_a_reaction_is_a_press(key: str) -> None:
    """With or without the sign that asks for colour."""
    relation = {"rel_type": "m.annotation", "event_id": "$card", "key": key}
    assert press_of(event({"m.relates_to": relation}, "m.reaction")) == ("$card", "2⃣")


@pytest.mark.parametrize(
    ("body", "is_press"), [("2", True), (" 2 ", True), ("22!", False), ("0", False), ("99", False)]
)
def test_a_reply_with_a_number_is_a_press(body: str, is_press: bool) -> None:
    """Of a key that there may be."""
    assert press_of(event(replying(body))) == (("$card", "2⃣") if is_press else None)


def test_other_reactions_press_nothing() -> None:
    """A thumb is a thumb."""
    relation = {"rel_type": "m.annotation", "event_id": "$card", "key": "👍"}
    assert press_of(event({"m.relates_to": relation}, "m.reaction")) is None


@pytest.mark.parametrize("at", [0, -1, 1 << 70, "soon", None, 1.5])
def test_every_event_has_a_number(at: object) -> None:
    """Of 63 bits, whatever its server says of the time."""
    assert 0 <= number_of({**event({}), "origin_server_ts": at}) < 1 << 63


@given(st.dictionaries(st.sampled_from(["content", "type", "sender", "event_id", "unsigned"]), JSON))
def test_no_event_is_too_odd(raw: dict[str, Any]) -> None:
    """Whatever a homeserver delivers is understood as something, or as nothing."""
    odd = json.loads(json.dumps(raw))
    assert isinstance(Reader(Rooms(BOT)).incoming("!r", odd), Incoming)
    press_of(odd)


@given(JSON)
def test_no_content_is_too_odd(content: Any) -> None:
    """Of the kinds that are looked at."""
    for kind in ("m.room.message", "m.sticker", "m.reaction"):
        odd = {**event({}, kind), "content": content}
        READER.incoming("!r", odd)
        press_of(odd)
