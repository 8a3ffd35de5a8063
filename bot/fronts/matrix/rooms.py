"""The rooms that the bot is in, as the homeserver's state events tell: names, members, levels, spaces. No I/O.

    answer of /sync --Rooms.apply--> Room: name, level_of, needs, is_private         --space_of--> core.types.Space

A community is a space, or a room that belongs to none. A room belongs to a space if the space lists it and somebody who
runs the room says so, too: by naming the space in the room, or by having put it there. So nobody makes a room part of a
community from outside, and no moderator moves it into a space of their own.

A room that was set up on its own stays a community of its own. One that belongs to a community that was set up stays
there while the bot is in both: `Rooms.homes`, which whoever receives keeps over a restart.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from bot.fronts.matrix.wire import Json, events_of, mapping_of, text_of
from core.messages import Right
from core.types import Platform, Space

CREATOR = 1 << 53
"""Above every level: the creators of rooms of version 12 and later."""

HOME = "home "
"""Before a room's name: the cursor that says which community it belongs to."""

NO_LEVELS = 100
CREATORS_ABOVE = 12
"""The first version of rooms in which creators are listed nowhere, and above all; in trials of later ones nobody is."""

DEFAULTS = {"state_default": 50, "redact": 50, "kick": 50, "ban": 50, "invite": 0, "events_default": 0}
KEPT = frozenset({"m.room.name", "m.room.canonical_alias", "m.room.power_levels", "m.room.create", "m.room.encryption"})
LEVELS = "m.room.power_levels"


@dataclass(slots=True)
class Room:
    """One room: its state of the kinds in `KEPT`, who is in it, how it belongs to spaces, and where it goes on."""

    id: str
    state: dict[str, Json] = field(default_factory=dict)
    creator: str = ""
    closed_by: str = ""
    goes_on: str = ""
    names: dict[str, str] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    children: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def take(self, event: Json) -> None:
        """Take in one state event; one that makes no sense says nothing."""
        kind, key, content = event.get("type"), event.get("state_key"), event.get("content")
        if not isinstance(kind, str) or not isinstance(key, str) or not isinstance(content, dict):
            return
        sender = str(event.get("sender", ""))
        match kind:
            case "m.room.member":
                self._member(key, content)
            case "m.room.tombstone" if not key:
                self.closed_by, self.goes_on = sender, text_of(content, "replacement_room")
            case "m.space.child":
                self.children = _with(self.children, key, sender if _is_set(content) else "")
            case "m.space.parent":
                self.parents = _with(self.parents, key, sender if _is_set(content) else "")
            case _ if kind in KEPT and not key:
                self.state[kind] = content
                self.creator = sender if kind == "m.room.create" else self.creator

    def _member(self, who: str, content: Json) -> None:
        is_there = content.get("membership") in ("join", "invite")
        (self.members.add if is_there else self.members.discard)(who)
        name = content.get("displayname")
        if isinstance(name, str) and name.strip():
            self.names[who] = name

    def _content(self, kind: str) -> Json:
        return self.state.get(kind, {})

    @property
    def name(self) -> str:
        """What it is called; "" for a room without a name."""
        return (
            text_of(self._content("m.room.name"), "name").strip()
            or text_of(self._content("m.room.canonical_alias"), "alias").strip()
        )

    @property
    def is_space(self) -> bool:
        return self._content("m.room.create").get("type") == "m.space"

    @property
    def is_encrypted(self) -> bool:
        return "m.room.encryption" in self.state

    @property
    def successor(self) -> str:
        """The room in which it goes on, as whoever runs it has said; "" for none."""
        return self.goes_on if self.goes_on != self.id and self.is_run_by(self.closed_by) else ""

    @property
    def predecessor(self) -> str:
        """The room that goes on in this one; "" for none."""
        return text_of(mapping_of(self._content("m.room.create"), "predecessor"), "room_id")

    @property
    def creators(self) -> frozenset[str]:
        """Those above every level; nobody in a room of an older version."""
        create = self._content("m.room.create")
        if _number(create.get("room_version"), 1) < CREATORS_ABOVE:
            return frozenset()
        more = create.get("additional_creators")
        return frozenset({self.creator, *(str(one) for one in (more if isinstance(more, list) else ()))})

    def level_of(self, who: str) -> int:
        """The power level of somebody."""
        if who in self.creators:
            return CREATOR
        if LEVELS not in self.state:
            return NO_LEVELS if who == self.creator else 0
        levels = self._content(LEVELS)
        return _number(mapping_of(levels, "users").get(who), _number(levels.get("users_default"), 0))

    def needs(self, what: str) -> int:
        """The level for something: redact, kick, ban, invite, or sending an event of a type."""
        levels = self._content(LEVELS)
        if what in ("redact", "kick", "ban", "invite"):
            return _number(levels.get(what), DEFAULTS[what])
        if what == LEVELS or what.startswith("m.space."):
            least = _number(levels.get("state_default"), DEFAULTS["state_default"] if LEVELS in self.state else 0)
        else:
            least = _number(levels.get("events_default"), DEFAULTS["events_default"])
        return _number(mapping_of(levels, "events").get(what), least)

    def can(self, who: str, what: str) -> bool:
        return self.level_of(who) >= self.needs(what)

    def is_run_by(self, who: str) -> bool:
        """Whether somebody may change the levels, whether they are there by now or not."""
        return self.level_of(who) >= max(self.needs(LEVELS), 1)

    def right_of(self, who: str) -> Right:
        """Who may redact others' messages moderates; who may change the levels runs the room."""
        if who not in self.members:
            return Right.EVERYBODY
        if self.can(who, LEVELS) and self.can(who, "redact"):
            return Right.MANAGER
        return Right.MODERATOR if self.can(who, "redact") and self.needs("redact") > 0 else Right.EVERYBODY


class Rooms:
    """All of them; `me` is the bot."""

    def __init__(self, me: str) -> None:
        self.me = me
        self.joined: dict[str, Room] = {}
        self.direct: dict[str, str] = {}
        self.set_up: frozenset[str] = frozenset()
        self.homes: dict[str, str] = {}

    def apply(self, answer: Json) -> list[str]:
        """Take in the state of an answer of /sync; the rooms in which the bot may have other rights now."""
        rooms, changed = mapping_of(answer, "rooms"), list[str]()
        for name, part in mapping_of(rooms, "join").items():
            room = self.joined.setdefault(name, Room(name))
            events = [*events_of(part, "state"), *events_of(part, "timeline")]
            for event in events:
                room.take(event)
            room.count = _count(part, room)
            if any(one.get("type") == LEVELS or one.get("state_key") == self.me for one in events):
                changed.append(name)
        for name in mapping_of(rooms, "leave"):
            self.joined.pop(name, None)
        for event in events_of(answer, "account_data"):
            if event.get("type") == "m.direct":
                self.direct = dict(_direct(mapping_of(event, "content")))
        return changed

    def settle(self, set_up: Collection[str]) -> dict[str, str]:
        """Note which communities were set up, whose rooms stay with them; the rooms of which that is new."""
        self.set_up = frozenset(set_up)
        those = [room for room in self.joined.values() if not (room.is_space or self.is_private(room))]
        now = {room.id: self.community_of(room.id) for room in those}
        kept = {room: home for room, home in now.items() if home in self.set_up and home != room}
        news = {
            room: kept.get(room, "") for room in {*kept, *self.homes} if kept.get(room, "") != self.homes.get(room, "")
        }
        self.homes = kept
        return news

    def move(self, old: str, new: str) -> dict[str, str]:
        """Have a room, and the rooms of a space, belong where the old one did; those rooms and their communities."""
        moved = {room: new for room, home in self.homes.items() if home == old}
        moved |= {new: self.homes[old]} if old in self.homes else {}
        self.homes |= moved
        return moved

    def find(self, room: str) -> Room | None:
        return self.joined.get(room)

    def space_of(self, room: str) -> Space:
        """The room as a place of its community; one with a person alone belongs to none."""
        found = self.joined.get(room)
        is_private = found is not None and self.is_private(found)
        return Space(platform=Platform.MATRIX, community="" if is_private else self.community_of(room), channel=room)

    def is_private(self, room: Room) -> bool:
        """Whether it was made for the bot and one person, and nobody else has come."""
        return room.id in self.direct and max(room.count, len(room.members)) <= 2

    def community_of(self, room: str) -> str:
        """The space that a room belongs to, or the room itself."""
        if room in self.set_up or room not in self.joined:
            return room
        if (home := self.homes.get(room, "")) in self.joined:
            return home
        those = [space.id for space in self._spaces() if self._belongs(self.joined[room], space)]
        return min(those, key=lambda space: (space not in self.set_up, space), default=room)

    def of_community(self, community: str) -> Iterator[Room]:
        """Its rooms, a space itself not among them."""
        for room in self.joined.values():
            if not room.is_space and not self.is_private(room) and self.community_of(room.id) == community:
                yield room

    def with_person(self, person: str) -> Room | None:
        """The room where the bot and that person are alone."""
        those = (self.joined.get(room) for room, who in self.direct.items() if who == person)
        return next((room for room in those if room and person in room.members and self.is_private(room)), None)

    def _spaces(self) -> Iterator[Room]:
        return (room for room in self.joined.values() if room.is_space)

    def _belongs(self, room: Room, space: Room) -> bool:
        by, said = space.children.get(room.id), room.parents.get(space.id)
        if by is None or room.id == space.id:
            return False
        return room.is_run_by(by) or (said is not None and room.is_run_by(said))


def _direct(content: Json) -> Iterator[tuple[str, str]]:
    for who, rooms in content.items():
        for room in rooms if isinstance(rooms, list) else ():
            yield str(room), str(who)


def _count(part: Json, room: Room) -> int:
    """How many are there or invited; the homeserver tells a number only where it has changed."""
    summary = mapping_of(part, "summary")
    numbers = [_number(summary.get(f"m.{name}_member_count"), -1) for name in ("joined", "invited")]
    return sum(max(one, 0) for one in numbers) if numbers[0] >= 0 else room.count


def _with(those: Mapping[str, str], key: str, value: str) -> dict[str, str]:
    """The mapping with the value, or without the key where it is ""."""
    left = {one: other for one, other in those.items() if one != key}
    return {**left, key: value} if value else left


def _is_set(content: Json) -> bool:
    """Whether a relation between a space and a room holds: it is taken back by emptying it."""
    return isinstance(content.get("via"), list) and bool(content["via"])


def _number(value: object, otherwise: int) -> int:
    """A level; old rooms have them as texts, and what is no number counts as nothing said."""
    try:
        return int(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else otherwise
    except ValueError:
        return otherwise
