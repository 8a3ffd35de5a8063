"""A community on Matrix as a bot's tests need it: a space with two rooms, plain or encrypted, and those who are in it.

async with community(url, encrypted=True) as here:      # give here.bot and PASSWORD to the bot, and start it
    await here.all_there()
    said = await here.answer("mo", here.rooms["general"], "!help")
    await here.press("mo", card, keys_of(card)["Violation"])

mo      made the space and its rooms: nothing stands above her      general     where people post
ann     a member                                                    mod-log     where the moderators read
bo      another one
"""

import itertools
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.peers.matrix_people import PATIENCE_S, Api, Person, register, reply_to
from tests.peers.matrix_secret import SecretPerson, until_they_know
from tests.peers.matrix_timeline import Message

PEOPLE = ("mo", "ann", "bo")
GENERAL, LOG, COMMUNITY = "general", "mod-log", "Community"
PASSWORD = "pw"
STAFF, MANAGER = 50, 100
"""Power levels; the bot's is a manager's."""

BUTTONS, BESIDE = "org.resight.buttons", "\u2003"
"""Where the bot's messages say which reaction means what, and the space between two buttons of a line."""

NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody posted."""

    id: str
    room: str


@dataclass(frozen=True, slots=True)
class Community:
    """The people by their names, the rooms by theirs, and the address of the bot's account."""

    founder: Person
    people: Mapping[str, Person]
    rooms: Mapping[str, str]
    space: str
    bot: str

    @property
    def mo(self) -> Person:
        return self.people["mo"]

    async def all_there(self) -> None:
        """Until everybody is in, and can read what the others write."""
        for person in self.people.values():
            for room in self.rooms.values():
                await self._is_in(person, room)
        await self.mo.until(lambda: self.mo.is_there(self.space, self.bot))

    async def _is_in(self, person: Person, room: str) -> None:
        everybody = [self.bot, *(one.id for one in self.people.values())]
        await person.until(lambda: person.is_there(room, *everybody))
        if isinstance(person, SecretPerson) and person.is_secret(room):
            await until_they_know(person, room, self.bot)

    def said(self, person: Person, room: str) -> list[Message]:
        """What the bot wrote in a room, and to this person alone."""
        private = [one for one in person.timelines if one not in (*self.rooms.values(), self.space)]
        return [one for place in {room, *private} for one in person.messages(place) if self.is_said(one)]

    def is_said(self, message: Message) -> bool:
        """Whether the bot wrote it."""
        return message.sender == self.bot and message.type == "m.room.message"

    async def write(
        self, who: str, room: str, text: str = "", pictures: Sequence[bytes] = (), about: Post | None = None
    ) -> Post:
        """Write something, with a picture an event; the first of them."""
        person, relates = self.people[who], reply_to(about.id) if about else None
        if not pictures:
            return Post(await person.write(room, text, relates=relates), room)
        events = [
            await person.post(room, one, text="" if number else text, relates=relates)
            for number, one in enumerate(pictures)
        ]
        return Post(events[0], room)

    async def answer(
        self, who: str, room: str, text: str = "", pictures: Sequence[bytes] = (), about: Post | None = None
    ) -> Message:
        """Write something; what the bot writes next in that room, or to that person alone."""
        person = self.people[who]
        await person.caught_up()
        before = {one.id for one in self.said(person, room)}
        await self.write(who, room, text, pictures, about)

        def written() -> list[Message]:
            return [one for one in self.said(person, room) if one.id not in before]

        return (await person.until(written, PATIENCE_S))[0]

    async def press(self, who: str, card: Message, key: str) -> None:
        """React with a button's key; who did so already takes that back before."""
        person = self.people[who]
        await person.caught_up()
        reactions = person.timelines[card.room].reactions
        for event in [one for one, what in reactions.items() if what == (card.id, key, person.id)]:
            await person.redact(card.room, event)
        await person.react(card.room, card.id, key)

    async def direct(self, who: str) -> str:
        """A room of this person and the bot, in which the bot is."""
        person = self.people[who]
        room = await person.create_room("", [self.bot], is_direct=True, preset="trusted_private_chat")
        await person.until(lambda: person.is_there(room, self.bot))
        return room

    async def make_staff(self, who: str, *, is_staff: bool = True) -> None:
        for room in (self.space, *self.rooms.values()):
            await self.founder.give_power(room, {self.people[who].id: STAFF if is_staff else 0})


def keys_of(message: Message) -> dict[str, str]:
    """The keys of a message's buttons by their labels; short ones stand beside one another."""
    shown = (one.partition(" ") for line in message.body.split("\n") for one in line.split(BESIDE))
    return {label: key for key, _, label in shown if key in message.content.get(BUTTONS, {})}


@asynccontextmanager
async def community(url: str, *, encrypted: bool = False, **more: Any) -> AsyncIterator[Community]:
    """A new one with an account for a bot, which was invited everywhere; `more` is what rooms are created with."""
    async with AsyncExitStack() as stack:
        kind = SecretPerson if encrypted else Person
        founder = await stack.enter_async_context(Person("founder", url, reads=False))
        people = {name: await stack.enter_async_context(kind(name, url, reads=encrypted)) for name in PEOPLE}
        async with Api(url) as api:
            bot = str((await register(api, f"resight-{next(NUMBERS)}", PASSWORD, logs_in=False))["user_id"])
        power: dict[str, Any] = {"users": {bot: MANAGER, people["mo"].id: MANAGER}}
        more = {"power_level_content_override": power, **more}
        everybody = [bot, *(one.id for one in people.values())]
        rooms = {
            name: await founder.create_room(name, everybody, encrypted=encrypted, **more) for name in (GENERAL, LOG)
        }
        space = await founder.create_space(COMMUNITY, list(rooms.values()), [bot, people["mo"].id], **more)
        if not encrypted:
            await _go_in(people, rooms.values(), space)
        yield Community(founder, people, rooms, space, bot)


async def _go_in(people: Mapping[str, Person], rooms: Iterable[str], space: str) -> None:
    """Let everybody in before they read: each event that somebody waits for costs the homeserver an answer.

    Those with keys read from the beginning: so they learn who else has any.
    """
    for person in people.values():
        for room in rooms:
            await person.join(room)
    await people["mo"].join(space)
    for person in people.values():
        person.read()
