"""Matrix as a stage of the suite: the real front on a real Synapse, and a space with two rooms, plain or encrypted."""

import asyncio
import itertools
import re
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bot.fronts.matrix.chat import MatrixChat
from bot.fronts.matrix.front import Matrix
from bot.fronts.matrix.render import FIRST_WORDS
from bot.services import Services
from bot.settings import load
from core.chat_port import Acting, Chat, Outgoing
from core.messages import Answer, Button
from core.types import Platform, Space
from tests.chat.answers import matrix_answers
from tests.chat.stage import GENERAL, LOG, PATIENCE_S, Read
from tests.peers.matrix_community import (
    BUTTONS,
    COMMUNITY,
    MANAGER,
    PASSWORD,
    STAFF,
    Community,
    Post,
    community,
    keys_of,
)
from tests.peers.matrix_homeserver import LACKING, homeserver, is_there
from tests.peers.matrix_loans import Loan, lent
from tests.peers.matrix_proxy import Proxy
from tests.peers.matrix_secret import bot_beside_people
from tests.peers.matrix_timeline import Message, place_of

ASKS_A_MINUTE = 60
TITLES = (GENERAL, LOG, COMMUNITY)
POSTING = ("/send/", "/redact/")
COMMAND = re.compile(rf"!(?=(?:{'|'.join(FIRST_WORDS)})\b)")
WRITTEN = """
SELECT count(*) FROM events LEFT JOIN event_relations USING (event_id)
WHERE sender = ? AND room_id IN (?, ?) AND type IN ('m.room.message', 'm.room.encrypted')
AND coalesce(relation_type, '') != 'm.replace'
"""
NUMBERS = itertools.count(1)


class MatrixStage:
    """`tests.chat.stage.Stage`. Mo runs the space and its rooms, and is alone with the bot in another one."""

    platform = Platform.MATRIX

    def __init__(self, services: Services, proxy: Proxy, connector: Matrix, here: Community) -> None:
        self.services, self.proxy, self.connector, self.here = services, proxy, connector, here
        self.can = MatrixChat.can

    @property
    def chat(self) -> Chat:
        return self.connector.chat

    @property
    def acting(self) -> Acting:
        return self.connector.acting

    def answers(self, answer: str, *, posting: bool = False) -> None:
        matrix_answers(self.proxy, answer, *(POSTING if posting else ()))

    def lose_answers(self) -> None:
        for match in (*POSTING, "PUT /_matrix/client/v3/rooms/"):
            self.proxy.fail(match, times=2, status=0, after=True)  # the library asks a second time by itself

    @property
    def written(self) -> int:
        """As the homeserver has it; a change of a message is none."""
        with closing(sqlite3.connect(homeserver().folder / "db")) as db:
            return int(db.execute(WRITTEN, (self.here.bot, *self.here.rooms.values())).fetchone()[0])

    def forget(self) -> None:
        """Nothing is remembered that the homeserver would be asked for."""

    @property
    def asked(self) -> int:
        return sum(not call.path.endswith("/sync") for call in self.proxy.calls)

    def space(self, where: str = GENERAL) -> Space:
        return Space(platform=Platform.MATRIX, community=self.here.space, channel=self.here.rooms[where])

    async def idle(self) -> None:
        """Until the bot has worked off all that has happened so far."""
        async with asyncio.timeout(PATIENCE_S):
            now = await self.here.mo.caught_up()
            while not await self._has_read(now):  # noqa: ASYNC110  a database rings no bell
                await asyncio.sleep(0.02)

    async def _has_read(self, place: int) -> bool:
        read = (await self.services.cursors.get(Platform.MATRIX)).get(self.here.bot, "")
        return place_of(read) >= place and not await self.services.updates.waiting(Platform.MATRIX, 1)

    async def use(
        self,
        who: str,
        command: str,
        /,
        *,
        where: str = GENERAL,
        about: Any = None,
        picture: bytes | None = None,
        **options: Any,
    ) -> Read:
        words = [name if value is True else f'{name}="{value}"' for name, value in options.items()]
        text = " ".join([f"!{command}", *words])
        return read_of(await self.here.answer(who, self.here.rooms[where], text, [picture] if picture else [], about))

    async def post(self, who: str, *pictures: bytes, text: str = "", where: str = GENERAL) -> Post:
        return await self.here.write(who, self.here.rooms[where], text, pictures)

    def crowd(self, people: int, channels: int) -> Sequence[tuple[str, str]]:
        """Ann and bo, who are there already: twenty people in ten rooms are hundreds of invitations."""
        return [(("ann", "bo")[person % 2], GENERAL) for person in range(people) for _ in range(channels)]

    async def answer(
        self, who: str, *pictures: bytes, text: str = "", private: bool = False, about: Any = None
    ) -> Read:
        room = await self.here.direct(who) if private else self.here.rooms[GENERAL]
        return read_of(await self.here.answer(who, room, text, pictures, about))

    async def cards(self, count: int = 1, saying: str = "") -> Sequence[Read]:
        def those() -> list[Shown]:
            found = [read_of(one) for one in self.here.mo.messages(self.here.rooms[LOG]) if self.here.is_said(one)]
            fitting = [one for one in found if saying in one.text]
            return fitting if len(fitting) >= count else []

        return await self.here.mo.until(those, PATIENCE_S)

    async def press(self, who: str, message: Read, label: str) -> str:
        """React with the button's key; who did so already takes that back before."""
        assert isinstance(message, Shown)
        person, card = self.here.people[who], message.native
        await person.caught_up()
        before = {one.id for one in self.here.said(person, card.room)}
        await self.here.press(who, card, message.keys[label])
        await self.idle()
        await person.caught_up()
        written = [one for one in self.here.said(person, card.room) if one.id not in before]
        return "\n".join(read_of(one).text for one in written if one.room != card.room or one.answers == card.id)

    async def press_data(self, who: str, data: str) -> str:
        """No app can say what a key means: the bot itself has written it."""
        answer = Answer(buttons=(Button(label="x", data=data),), language="en")
        order = Outgoing(answer=answer, key=f"bait {next(NUMBERS)}", tries=1)
        shown = await self.acting.show(self.chat.address(self.space(LOG)), order, "")
        bait = await self.here.mo.until(lambda: self._newest_with(data), PATIENCE_S)
        assert shown and bait
        return await self.press(who, bait, "x")

    def _newest_with(self, data: str) -> "Shown | None":
        found = [
            one for one in self.here.mo.messages(self.here.rooms[LOG]) if data in one.content.get(BUTTONS, {}).values()
        ]
        return read_of(found[-1]) if found and "x" in read_of(found[-1]).keys else None

    async def make_staff(self, who: str, *, is_staff: bool = True) -> None:
        await self.here.make_staff(who, is_staff=is_staff)

    async def reposts(self) -> int:
        await self.here.mo.caught_up()
        watched = [room for where, room in self.here.rooms.items() if where != LOG]
        posted = [one for room in watched for one in self.here.mo.messages(room)]
        return sum(self.here.is_said(one) and one.content["msgtype"] == "m.image" for one in posted)

    async def now(self, message: Read) -> Read:
        await asyncio.gather(*(person.caught_up() for person in self.here.people.values()))
        return read_of(message.native)

    async def stands(self, post: Post) -> str:
        await self.here.mo.caught_up()
        seen = self.here.mo.message(post.room, post.id)
        return "gone" if seen.is_gone else "marked" if any(seen.reactions.values()) else "there"

    async def fate(self, person: str) -> str:
        await self.here.mo.caught_up()
        room, who = self.here.rooms[GENERAL], self.here.people[person].id
        fate = {"ban": "banned", "leave": "out"}.get(self.here.mo.timelines[room].members[who], "in")
        return "quarantined" if fate == "in" and await self.here.founder.power(room, who) < 0 else fate

    async def empower(self, who: str, *, may_ban: bool) -> None:
        level = {self.here.people[who].id: MANAGER if may_ban else STAFF}
        for room in (self.here.space, *self.here.rooms.values()):
            await self.here.founder.give_power(room, level, ban=MANAGER, kick=MANAGER)

    def told(self, person: str) -> Sequence[Read]:
        """Alone with the bot, and by name in the room: a bot begins no room with anybody."""
        reader, room = self.here.people[person], self.here.rooms[GENERAL]
        private = [one for one in self.here.said(reader, room) if one.room != room]
        named = [one for one in self.here.said(self.here.mo, room) if one.room == room and one.body.startswith(person)]
        return [read_of(one) for one in (*private, *named)]

    def role(self) -> Any:
        return self.named("bo")

    def named(self, person: str) -> Any:
        return self.here.people[person].id

    def channel(self, where: str) -> Any:
        return self.here.rooms[where]


@dataclass(frozen=True, slots=True)
class Shown(Read):
    """A message with the keys of its buttons when it was read."""

    keys: Mapping[str, str] = field(default_factory=dict)


def read_of(message: Message) -> Shown:
    """The text without the list of buttons and the name of the room above what one alone reads; "!" is "/" here."""
    keys = keys_of(message)
    lines = [line for line in message.body.split("\n") if line.partition(" ")[0] not in keys.values()]
    lines = lines[1:] if lines[1:] and lines[0] in TITLES else lines
    text = COMMAND.sub("/", "\n".join(lines))
    return Shown(text, list(keys), message, keys)


@asynccontextmanager
async def on_matrix(services: Services, *, encrypted: bool = False) -> AsyncIterator[MatrixStage]:
    """The front on its peer, until the block ends; without a homeserver the test is left out."""
    if not is_there():
        pytest.skip(LACKING)
    url = homeserver().url
    with TemporaryDirectory(prefix="resight-matrix-") as home, bot_beside_people() if encrypted else nullcontext():
        async with Proxy(url) as proxy, _place(url, encrypted=encrypted) as loan:
            here = loan.here
            login = {"matrix_url": proxy.url, "matrix_user": here.bot, "matrix_password": PASSWORD}
            connector = Matrix(load(home=Path(home), asks_a_minute=ASKS_A_MINUTE, **login))
            services.fronts["matrix"] = connector.front  # type: ignore[index]  # the mapping of a test is a dict
            services.parts.begins(connector.front.name, is_front=True)
            running = asyncio.create_task(connector.run(services))
            try:
                await loan.begin()
                stage = MatrixStage(services, proxy, connector, here)
                await stage.idle()
                yield stage
            finally:
                await proxy.drain()
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def _place(url: str, *, encrypted: bool) -> AsyncIterator[Loan]:
    """A community for one test; one where all is secret is nobody's but its own."""
    if not encrypted:
        async with lent(url) as loan:
            yield loan
        return
    async with community(url, encrypted=True) as here:
        yield Loan(here)
