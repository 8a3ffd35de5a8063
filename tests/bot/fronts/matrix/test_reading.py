"""What an event says: commands, replies, pictures, presses; and that no event is too odd."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fronts.matrix.keys import _related
from bot.fronts.matrix.reading import MOST_PICTURES, NEXT, Numbers, Reader, number_of, press_of, read_hint, replied_to
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


def addresses(content: dict[str, Any], kind: str = "m.room.message") -> list[str]:
    """Where each picture of an event is, and the one in front of it behind a ">"."""
    found = [read_hint(one.hint) for one in READER.incoming("!r", event(content, kind)).pictures]
    return [
        ">".join(one.get("url") or one["file"]["url"] for one in (hint, hint.get("front")) if one) for hint in found
    ]


URL, OTHER = "mxc://x.org/1", "mxc://x.org/2"
INLINE = f'<p>look <img height=32 SRC = "{URL}"/><img src=mxc&#58;//x.org/2?a#b><img src="{URL}"></p>'


@pytest.mark.parametrize(
    ("content", "kind", "shown"),
    [
        ({"msgtype": "m.image", "url": URL, "info": {"thumbnail_url": OTHER}}, "m.room.message", [f"{URL}>{OTHER}"]),
        ({"msgtype": "m.image", "url": URL, "info": {"thumbnail_url": URL}}, "m.room.message", [URL]),
        ({"msgtype": "m.video", "url": URL, "info": {"thumbnail_url": OTHER}}, "m.room.message", [f"{URL}>{OTHER}"]),
        (
            {"msgtype": "m.video", "url": URL, "info": {"thumbnail_file": {"url": OTHER}}},
            "m.room.message",
            [f"{URL}>{OTHER}"],
        ),
        ({"url": URL, "info": {"thumbnail_url": OTHER}}, "m.sticker", [f"{URL}>{OTHER}"]),
        (
            {"msgtype": "m.file", "body": "a.pdf", "url": URL, "info": {"thumbnail_url": OTHER}},
            "m.room.message",
            [OTHER],
        ),
        ({"msgtype": "m.location", "info": {"thumbnail_url": OTHER}}, "m.room.message", [OTHER]),
        ({"msgtype": "m.image", "url": URL, "file": {"url": OTHER}}, "m.room.message", [OTHER, URL]),
        ({"msgtype": "m.text", "body": "look", "formatted_body": INLINE}, "m.room.message", [URL, OTHER]),
        (
            {"msgtype": "m.image", "url": "mxc://x.org/3", "formatted_body": INLINE},
            "m.room.message",
            ["mxc://x.org/3", URL, OTHER],
        ),
        ({"m.relates_to": {"rel_type": "m.annotation", "event_id": "$a", "key": URL}}, "m.reaction", [URL]),
    ],
)
def test_whatever_apps_show_is_looked_at(content: dict[str, Any], kind: str, shown: list[str]) -> None:
    """Thumbnails, which may show something else than the file, pictures in a text, both files where there are two."""
    assert addresses(content, kind) == shown


def test_an_edit_is_looked_at_as_old_apps_show_it_too() -> None:
    """What stands beside the new content."""
    change = {"msgtype": "m.image", "url": URL, "m.new_content": {"msgtype": "m.image", "url": OTHER}}
    assert addresses(change | {"m.relates_to": {"rel_type": "m.replace", "event_id": "$old"}}) == [OTHER, URL]


def test_a_text_with_a_picture_is_a_text() -> None:
    """And may be a command."""
    content = {"msgtype": "m.text", "body": "!help", "format": "org.matrix.custom.html", "formatted_body": INLINE}
    assert READER.incoming("!r", event(content)).text == "/help"


def test_more_pictures_than_a_message_has_are_told() -> None:
    """The last of them stands for those that are not looked at, and can't be fetched."""
    many = "".join(f"<img src='mxc://x.org/{number}'>" for number in range(MOST_PICTURES + 9))
    pictures = READER.incoming("!r", event({"msgtype": "m.text", "body": "x", "formatted_body": many})).pictures

    assert len(pictures) == MOST_PICTURES + 1
    assert read_hint(pictures[-1].hint) == {}
    assert [one.image for one in pictures[:2]] == [EVENT, f"{EVENT}{NEXT}1"]


@pytest.mark.parametrize(
    "odd",
    [
        {"info": {"mimetype": "image/" + "x" * 60_000}},
        {"info": {"mimetype": "\n\x00 🐟"}},
        {"info": {"size": 1 << 70, "w": -1, "h": 1.5, "duration": True}},
        {"filename": "x" * 60_000},
        {"msgtype": "m.file", "filename": "a.png", "info": {"mimetype": "application/pdf" * 900}},
        {"file": {"url": URL, "key": {"k": "k", "more": "x" * 9_000}, "iv": "iv", "junk": ["x" * 9_000]}},
    ],
)
def test_what_is_said_of_a_file_hides_it_from_nobody(odd: dict[str, Any]) -> None:
    """Whatever its type, name and size are said to be, its hint leads to the file, and can be posted again."""
    pictures = READER.incoming("!r", event({"msgtype": "m.image", "body": "a.png", "url": URL, **odd})).pictures
    hint = read_hint(pictures[0].hint)

    assert (hint.get("url") or hint["file"]["url"]) == URL
    assert len(pictures[0].hint) < 1_000
    assert all(0 <= value < 1 << 53 for value in hint.get("info", {}).values() if not isinstance(value, str))


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


def test_no_two_events_have_one_number() -> None:
    """Who runs a homeserver can make two of one moment whose names look alike to us: the second one is not lost."""
    numbers, seen = Numbers(), dict[int, dict[str, Any]]()
    events = ({**event({}), "event_id": f"${number}"} for number in range(1 << 14))
    first, second = next((seen[at], one) for one in events if seen.setdefault(at := number_of(one), one) is not one)

    assert number_of(first) == number_of(second)
    assert [numbers.of(one) for one in (first, second, first, second)] == 2 * [number_of(first), number_of(first) + 1]
    assert numbers.of(first, " opened") not in (number_of(first), number_of(first) + 1)


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


def test_of_an_encrypted_event_the_relation_outside_counts() -> None:
    """What is written inside would hide a post: as a change of another one it is nobody's."""
    inside = {"body": "x", "m.relates_to": {"rel_type": "m.replace", "event_id": "$other"}}
    outside = {"rel_type": "m.thread", "event_id": "$root"}

    assert _related(inside, event({"ciphertext": "x"})) == {"body": "x"}
    assert _related(inside, event({"m.relates_to": outside})) == {"body": "x", "m.relates_to": outside}
