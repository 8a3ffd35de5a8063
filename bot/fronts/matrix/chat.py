"""Matrix as the chat sees it (`core.chat_port.Chat`): who runs a place, what is named, what the bot may do.

A community is a space with its rooms as channels, or a room alone (`rooms`). Rights are power levels: who may redact
others' messages moderates, who may change the levels runs the place; in a space, who runs the space.
"""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from bot.fronts.matrix.acting import CAN, SEND, MatrixActing
from bot.fronts.matrix.authors import REDACT, RIGHTS
from bot.fronts.matrix.reading import MESSAGE, Reader
from bot.fronts.matrix.rooms import Room
from bot.fronts.matrix.wire import done, kept, part, room_path, text_of
from core.chat import Said
from core.chat_port import Chat, Linked
from core.messages import Answer, Incoming, Person, Right
from core.types import Act, ActState, ImageEvent, Space
from handlers.communities import EVERYWHERE

USER = re.compile(r"@[^:\s/]{1,200}:[^\s/]{1,200}")
LINK = re.compile(r"(?:https://matrix\.to/#/|matrix:)?([!#@+$][^?\s]{1,400}?)(?:\?\S*)?")
NEEDS = {act: (right,) for act, right in RIGHTS.items()} | {
    Act.REMOVE: (("redact", REDACT),),
    Act.CARD: ((MESSAGE, SEND),),
    Act.REPLY: ((MESSAGE, SEND),),
}


class MatrixChat(Chat):
    """The port over the homeserver to which `acting` is connected."""

    can = CAN

    def __init__(self, acting: MatrixActing) -> None:
        self._acting = acting

    @property
    def own_link(self) -> str:
        return f"https://matrix.to/#/{self._acting.link.rooms.me}"

    async def right_of(self, person: Person, space: Space) -> Right:
        """In a space: of the staff of the space, and of the room where it is asked; who runs that alone moderates."""
        if not space.community:
            return Right.EVERYBODY
        rooms = self._acting.link.rooms
        whole, room = rooms.find(space.community), rooms.find(space.channel)
        in_whole = await self._right(whole, person) if whole else Right.EVERYBODY
        if space.channel == EVERYWHERE:
            return max(in_whole, await self._in_each(space.community, person))
        if space.channel == space.community or in_whole is Right.MANAGER or room is None:
            return in_whole
        return max(in_whole, min(await self._right(room, person), Right.MODERATOR)) if whole else Right.EVERYBODY

    async def _in_each(self, community: str, person: Person) -> Right:
        """Who moderates every room of a space moderates the space, also without being in it."""
        rooms = self._acting.link.rooms.of_community(community)
        rights = [await self._right(room, person) for room in rooms]
        return min([*rights, Right.MODERATOR]) if rights else Right.EVERYBODY

    async def _right(self, room: Room, person: Person) -> Right:
        """The right that somebody's level gives, if they are there: of big rooms we do not know everybody."""
        if person.id not in room.members and not await self._is_there(room, person.id):
            return Right.EVERYBODY
        return room.right_of(person.id)

    async def _is_there(self, room: Room, who: str) -> bool:
        if not USER.fullmatch(who) or room.level_of(who) < room.needs("redact"):
            return False
        member = await kept(self._acting.link.wire.ask("GET", room_path(room.id, "state", "m.room.member", who)))
        if is_there := member is not None and member.get("membership") == "join":
            room.members.add(who)
        return is_there

    async def by_staff(self, message: Incoming) -> bool:
        return await self.right_of(message.author, message.space) >= Right.MODERATOR

    def name_of(self, space: Space) -> str:
        room = self._acting.link.rooms.find(space.channel)
        return room.name if room else ""

    async def community_name(self, space: Space) -> str:
        room = self._acting.link.rooms.find(space.community)
        return room.name if room else ""

    def address(self, space: Space, thread: str = "") -> str:
        return f"{space.channel}/{thread}" if thread else space.channel

    def address_of(self, person: Person) -> str:
        return person.id

    async def place(self, space: Space, text: str) -> Space | None:
        """A room that the bot is in: by its address, its link, or its name within the community."""
        rooms, found = self._acting.link.rooms, _named(text)
        room = await self._aliased(found) if found.startswith("#") and ":" in found else found
        if rooms.find(room):
            return rooms.space_of(room)
        name = text.removeprefix("#").casefold()
        those = [one for one in rooms.of_community(space.community) if one.name.removeprefix("#").casefold() == name]
        return rooms.space_of(those[0].id) if len(those) == 1 else None

    async def _aliased(self, alias: str) -> str:
        """The room with that address, "" for none."""
        answer = await kept(self._acting.link.wire.ask("GET", f"/directory/room/{part(alias)}"))
        return text_of(answer or {}, "room_id")

    async def person(self, space: Space, text: str) -> Person | None:
        """By address or link; by the name that one person alone has in the room."""
        room = self._acting.link.rooms.find(space.channel)
        who, names = _named(text), room.names if room else {}
        if USER.fullmatch(who):
            return Person(id=who, name=names.get(who, who), handle=who)
        name = text.removeprefix("@").casefold()
        those = [one for one, known in names.items() if known.casefold() == name]
        return Person(id=those[0], name=names[those[0]], handle=those[0]) if len(those) == 1 else None

    async def linked(self, person: Person, space: Space, link: str) -> Linked | None:
        """A message of this community, for somebody who is in its room."""
        rooms = self._acting.link.rooms
        found = LINK.fullmatch(link) if "matrix.to" in link else None
        room, _, event = unquote(found[1]).partition("/") if found else ("", "", "")
        place = rooms.find(await self._aliased(room) if room.startswith("#") else room)
        if place is None or not event or rooms.community_of(place.id) != space.community:
            return None
        if person.id not in place.members and not await self._is_there(place, person.id):
            return None
        shown = await kept(self._acting.event(place.id, event))
        message = Reader(rooms).incoming(place.id, shown) if shown else None
        return Linked(space=rooms.space_of(place.id), message=event, shown=message)

    async def lacking(self, space: Space, acts: Sequence[Act], *, watching: bool = False) -> Sequence[Said]:  # noqa: ARG002
        """What the bot's level does not give it there; everywhere: in any room."""
        rooms = self._acting.link.rooms
        there = [rooms.find(space.channel)]
        those = rooms.of_community(space.community) if space.channel == EVERYWHERE else there
        needed = [need for act in acts for need in NEEDS.get(act, ())]
        lacks = {name: room.needs(what) for room in those if room for what, name in needed if not self._may(room, what)}
        rights = ", ".join(f"“{name}” ({level})" for name, level in lacks.items())
        return (Said(key="matrix.lacking", values={"rights": rights}),) if rights else ()

    def _may(self, room: Room, what: str) -> bool:
        return room.can(self._acting.link.rooms.me, self._acting.kind_in(room) if what == MESSAGE else what)

    async def forbids(self, person: Person, act: Act, event: ImageEvent) -> Said | None:
        """Whoever has the bot do it must be able to do it: by level, and above the author's."""
        if act not in RIGHTS:
            return await super().forbids(person, act, event)
        room = self._acting.link.rooms.find(event.space.channel)
        if room is None or await self._right(room, person) is Right.EVERYBODY:
            return Said(key="said.staff-only")
        what, name = RIGHTS[act]
        may = room.can(person.id, what) and room.level_of(person.id) > room.level_of(event.author)
        return None if may else Said(key="said.your-right", values={"permission": name})

    async def write_to(self, person: Person, answer: Answer, heading: str = "", key: str = "") -> bool:
        """Where we are alone with them; we begin no such room, for who wants one invites the bot."""
        room = self._acting.link.rooms.with_person(person.id)
        if room is None:
            return False
        carried = await done(self._acting.say(room.id, answer, key or repr(answer), heading=heading), SEND)
        return carried.state is ActState.DONE


def _named(text: str) -> str:
    """The room, its address or the person that a text or a link names."""
    found = LINK.fullmatch(text.strip().strip("<>"))
    return unquote(found[1]) if found else text
