"""Who may what in a room, and which rooms are one community: whatever the state events say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fronts.matrix.rooms import LEVELS, Room, Rooms
from core.messages import Right

MO, ANN, BOT = "@mo:x.org", "@ann:x.org", "@bot:x.org"


def state(kind: str, content: dict[str, Any], sender: str = MO, key: str = "") -> dict[str, Any]:
    return {"type": kind, "state_key": key, "sender": sender, "content": content}


def member(who: str, membership: str = "join") -> dict[str, Any]:
    return state("m.room.member", {"membership": membership, "displayname": who[1:-6]}, key=who)


def room(name: str, *events: dict[str, Any], version: str = "10", creator: str = MO) -> dict[str, Any]:
    made = state("m.room.create", {"room_version": version}, creator)
    return {name: {"state": {"events": [made, *map(member, (MO, ANN, BOT)), *events]}, "timeline": {"events": []}}}


def rooms(*joined: dict[str, Any]) -> Rooms:
    found = Rooms(BOT)
    found.apply({"rooms": {"join": {name: one for some in joined for name, one in some.items()}}})
    return found


def levels(**content: Any) -> dict[str, Any]:
    return state(LEVELS, content)


def right(who: str, *events: dict[str, Any], version: str = "10") -> Right:
    found = rooms(room("!r", *events, version=version)).find("!r")
    assert found
    return found.right_of(who)


def test_levels_make_staff() -> None:
    """Who may remove others' messages moderates, who may change the levels runs the room."""
    usual = {"events": {LEVELS: 100}, "users": {MO: 100, ANN: 50}}

    assert right(MO, levels(**usual)) is Right.MANAGER
    assert right(ANN, levels(**usual)) is Right.MODERATOR
    assert right(BOT, levels(**usual)) is Right.EVERYBODY


def test_where_everybody_may_remove_nobody_is_staff_by_that() -> None:
    """A level of nothing makes no moderators."""
    assert right(ANN, levels(redact=0, events={LEVELS: 100})) is Right.EVERYBODY


def test_who_left_is_no_staff() -> None:
    """Whatever level they still have."""
    assert right(ANN, levels(users={ANN: 100}), member(ANN, "leave")) is Right.EVERYBODY


def test_creators_of_new_rooms_stand_above_all_levels() -> None:
    """They are in no list of levels since version 12."""
    assert right(MO, levels(users={ANN: 100}, state_default=100, events={LEVELS: 150}), version="12") is Right.MANAGER
    assert right(MO, levels(users={ANN: 100}, events={LEVELS: 150}), version="11") is Right.EVERYBODY


@pytest.mark.parametrize("version", ["org.example.trial", "", None, 7, []])
def test_creators_of_rooms_of_no_known_version_are_like_others(version: Any) -> None:
    """A server's own trial of a version says nothing of who stands above."""
    assert right(MO, levels(users={ANN: 100}, events={LEVELS: 150}), version=version) is Right.EVERYBODY


@pytest.mark.parametrize("level", ["100", 100, 100.5, None, [], {}, "a lot", True])
def test_odd_levels_are_none(level: object) -> None:
    """Old rooms have texts as levels; what is no number gives no right."""
    expected = Right.MANAGER if level in ("100", 100) else Right.EVERYBODY
    assert right(ANN, levels(users={ANN: level})) is expected


def test_a_room_belongs_to_a_space_that_both_name() -> None:
    """And to none that only claims it."""
    child = state("m.space.child", {"via": ["x.org"]}, key="!r", sender="@eve:x.org")
    space = room("!s", child, creator="@eve:x.org")
    parent = state("m.space.parent", {"via": ["x.org"]}, key="!s")
    space["!s"]["state"]["events"][0]["content"]["type"] = "m.space"

    assert rooms(space, room("!r")).community_of("!r") == "!r"
    assert rooms(space, room("!r", parent)).community_of("!r") == "!s"
    assert rooms(space, room("!r", parent)).space_of("!r").community == "!s"


def test_who_runs_the_room_may_put_it_into_a_space() -> None:
    """As apps do that add a room to a space later: the room itself does not name it."""
    space = room("!s", state("m.space.child", {"via": ["x.org"]}, key="!r", sender=MO))
    space["!s"]["state"]["events"][0]["content"]["type"] = "m.space"
    found = rooms(space, room("!r", levels(users={MO: 100})))

    assert found.community_of("!r") == "!s"
    found.settle(["!r"])
    assert found.community_of("!r") == "!r"


def spaces(*those: dict[str, Any]) -> list[dict[str, Any]]:
    """Rooms as spaces."""
    for one in those:
        for part in one.values():
            part["state"]["events"][0]["content"]["type"] = "m.space"
    return list(those)


VIA = {"via": ["x.org"]}
USUAL = levels(users={MO: 100, BOT: 50, ANN: 50}, events={LEVELS: 100})
CHILD, PARENT = state("m.space.child", VIA, key="!r"), state("m.space.parent", VIA, key="!s")


def test_a_moderator_moves_no_room() -> None:
    """Into a space of their own: the room must name it by somebody who runs the room."""
    theirs = state("m.space.child", VIA, sender=ANN, key="!r"), state("m.space.parent", VIA, sender=ANN, key="!a")
    found = rooms(room("!r", USUAL, PARENT, theirs[1]), *spaces(room("!a", theirs[0], creator=ANN), room("!s", CHILD)))

    assert found.community_of("!r") == "!s"


def test_who_put_it_there_may_have_left() -> None:
    """And the room stays where it is."""
    found = rooms(room("!r", USUAL, PARENT, member(MO, "leave")), *spaces(room("!s", CHILD)))
    assert found.community_of("!r") == "!s"


def test_what_was_set_up_stays_in_its_community() -> None:
    """Whatever is said in the room or in other spaces later; until the bot is out of the room or of the space."""
    found = rooms(room("!r", USUAL, PARENT), *spaces(room("!s", CHILD)))
    assert found.settle(["!s"]) == {"!r": "!s"}
    assert found.settle(["!s"]) == {}

    another = state("m.space.parent", VIA, key="!a"), state("m.space.parent", {}, key="!s")
    found.apply({"rooms": {"join": {"!r": {"timeline": {"events": list(another)}}, **spaces(room("!a", CHILD))[0]}}})
    assert found.settle(["!a", "!s"]) == {}
    assert found.community_of("!r") == "!s"

    found.apply({"rooms": {"leave": {"!s": {}}}})
    assert found.settle(["!a", "!s"]) == {"!r": "!a"}


def test_a_space_that_was_set_up_comes_before_others() -> None:
    """Of several that a room belongs to."""
    both = PARENT, state("m.space.parent", VIA, key="!a")
    found = rooms(room("!r", USUAL, *both), *spaces(room("!a", CHILD), room("!s", CHILD)))

    assert found.community_of("!r") == "!a"
    found.settle(["!s"])
    assert found.community_of("!r") == "!s"


TALK = {"timeline": {"events": [member(ANN)]}}


def test_it_tells_where_the_bot_has_other_rights() -> None:
    """By levels, or because it came just now."""
    found = rooms(room("!r", USUAL))
    one = {
        "!r": {"timeline": {"events": [USUAL]}},
        "!a": room("!a")["!a"],
        "!b": TALK,
    }

    assert found.apply({"rooms": {"join": one}}) == ["!r", "!a"]


def test_two_are_alone_until_a_third_comes() -> None:
    """A room for the bot and one person is private, and is so no longer with a third."""
    found = rooms(room("!d", member(ANN, "leave")))
    found.apply({"account_data": {"events": [{"type": "m.direct", "content": {MO: ["!d"]}}]}})
    alone = found.space_of("!d")
    found.apply({"rooms": {"join": {"!d": {"timeline": {"events": [member(ANN)]}}}}})

    assert alone.community == ""
    assert found.space_of("!d").community == "!d"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["m.room.member", LEVELS, "m.room.create", "m.space.child", "m.space.parent"]), JSON, JSON)
def test_no_state_event_can_break_a_room(kind: str, key: Any, content: Any) -> None:
    """Whatever a homeserver sends."""
    one = Room("!r")
    one.take({"type": kind, "state_key": key, "sender": MO, "content": content})

    assert one.right_of(ANN) in Right
    assert isinstance(one.name, str) and isinstance(one.needs("m.room.message"), int)
