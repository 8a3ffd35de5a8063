"""Communities on Matrix that are lent to one test after the other: building one takes longer than what most tests do.

    async with lent(url) as loan:       # give loan.here.bot and PASSWORD to the bot, and start it
        await loan.begin()              # everybody is there, and mo is alone with the bot in a room of their own
        ...
        await proxy.drain()             # nothing that the bot asked for comes later

Of the tests before it a test finds nothing but history: people read what is written from now on, and the bot is a new
device. Levels are put back, rooms for two are left. If anything else is not as it was, or the test failed, nobody gets
that community again.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from tests.peers.matrix_community import Community, community
from tests.peers.matrix_people import Person
from tests.peers.matrix_timeline import Json

LEVELS = ("m.room.power_levels", "")
MOST_LOANS = 20
"""Not for ever: who is banned loses what they wrote, in the tests before, too."""

type States = Mapping[tuple[str, str], Json]


@dataclass(slots=True)
class Loan:
    """A community, and how its rooms were when it was new."""

    here: Community
    as_new: dict[str, States] = field(default_factory=dict)
    loans: int = 0

    async def begin(self) -> None:
        """Wait until everybody is there; a new community is looked at, so that it can be compared."""
        await self.here.all_there()
        self.loans += 1
        if not self.as_new:
            alone = await self.here.direct("mo")
            self.as_new = {room: await self._eye(room).states(room) for room in (*self._shared, alone)}

    @property
    def _shared(self) -> tuple[str, ...]:
        return (self.here.space, *self.here.rooms.values())

    def _eye(self, room: str) -> Person:
        return self.here.founder if room in self._shared else self.here.mo

    async def is_as_new(self) -> bool:
        """Put back what may change; whether all is as it was."""
        for person in self.here.people.values():
            await self._leave(person)
        return bool(self.as_new) and all([await self._stands(room) for room in self.as_new])

    async def _leave(self, person: Person) -> None:
        """Leave rooms for two that a test began."""
        for room in [one for one in person.timelines if one not in self.as_new]:
            if person.is_there(room, person.id):
                await person.leave(room)
            del person.timelines[room]

    async def _stands(self, room: str) -> bool:
        now, before = await self._eye(room).states(room), self.as_new[room]
        if now[LEVELS] != before[LEVELS] and room in self._shared:
            await self.here.founder.state(room, LEVELS[0], before[LEVELS])
            now = {**now, LEVELS: before[LEVELS]}
        return now == before


_AT_REST: defaultdict[str, list[Loan]] = defaultdict(list)


@asynccontextmanager
async def lent(url: str) -> AsyncIterator[Loan]:
    """One that was given back as it was, or a new one."""
    async with AsyncExitStack() as stack:
        loan = _AT_REST[url].pop() if _AT_REST[url] else Loan(await stack.enter_async_context(community(url)))
        if loan.loans:
            for person in (loan.here.founder, *loan.here.people.values()):
                await stack.enter_async_context(person)
        yield loan
        if loan.loans < MOST_LOANS and await loan.is_as_new():
            _AT_REST[url].append(loan)
