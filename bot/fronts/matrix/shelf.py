"""What came and concerns us, stored: in clear, or sealed until its key comes.

    events --keep--> rows, one commit --> the worker         key --came--> the clear event takes the sealed one's place

An event is stored under a number of its own, so it may come any number of times. What is sealed stands in `sealed`;
what else waits here for its turn is a gap (`gaps`).
"""

import json
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.fronts.matrix.keys import Keys
from bot.fronts.matrix.reading import Numbers, content_of, id_of
from bot.fronts.matrix.wire import ENCRYPTED, Json, mapping_of, text_of
from core.types import Platform
from handlers.bell import Bell, tirelessly
from handlers.needs import HasUpdates

GAP = "org.resight.gap"
MOST_WAITING = 5_000
log = logging.getLogger(__name__)

type Concerns = Callable[[str, Sequence[Json]], Awaitable[Sequence[Json]]]
"""Those events of a room that concern us."""

type Waiting = tuple[int, str, Json]
"""The number of a stored event, its room, and the event."""


class ShelfNeeds(HasUpdates, Protocol):
    """Where it is stored."""


@dataclass(slots=True)
class Sealed:
    """An event without its key, and since when it waits here, by a clock that nobody sets."""

    room: str
    event: Json
    since: float = field(default_factory=time.monotonic)

    @property
    def session(self) -> str:
        return text_of(content_of(self.event), "session_id")


class Shelf:
    """`bell` rings when something was stored; `opened` hears which numbers were replaced by clear ones."""

    def __init__(
        self,
        keys: Keys,
        services: ShelfNeeds,
        concerns: Concerns,
        bell: Bell,
        opened: Callable[[Collection[int]], None],
    ) -> None:
        self._keys, self._services, self._concerns = keys, services, concerns
        self._bell, self._opened = bell, opened
        self.sealed: dict[int, Sealed] = {}
        self._came: set[str] = set()
        self._numbers = Numbers()
        self._key_bell = Bell()

    async def load(self) -> list[Waiting]:
        """Take up what was sealed when the program ended, and return the gaps of then."""
        rows = await self._services.updates.waiting(Platform.MATRIX, MOST_WAITING)
        waiting = [(number, *read_row(raw)) for number, raw in rows]
        self._seal(one for one in waiting if one[2].get("type") == ENCRYPTED)
        return [one for one in waiting if one[2].get("type") == GAP]

    async def keep(self, found: Mapping[str, Sequence[Json]], rows: Mapping[int, bytes]) -> None:
        """Commit what concerns us of these events of rooms, with those rows."""
        stored, sealed = dict(rows), list[Waiting]()
        for room, events in found.items():
            clear, waiting = await self._read(room, events)
            sealed += [(self._numbers.of(one), room, one) for one in waiting]
            chosen = [*await self._concerns(room, clear), *waiting]
            stored |= {self._numbers.of(one): row_of(room, one) for one in chosen}
        if stored and await self._services.updates.store(Platform.MATRIX, stored):
            self._bell.ring()
        self._seal(sealed)  # and read once more: a key that came meanwhile found nothing to open

    async def _read(self, room: str, events: Sequence[Json]) -> tuple[list[Json], list[Json]]:
        """Those that can be read, and those whose key is missing."""
        sealed = [one for one in events if one.get("type") == ENCRYPTED]
        opened = dict(zip(map(id_of, sealed), await self._keys.clear(room, sealed), strict=True))
        now = [opened.get(id_of(one)) or one for one in events]
        still = [one for one in now if one.get("type") == ENCRYPTED]
        return [one for one in now if one.get("type") != ENCRYPTED], still

    def _seal(self, waiting: Iterable[Waiting]) -> None:
        for number, room, event in waiting:
            self.sealed.setdefault(number, Sealed(room, event))
            self.came({self.sealed[number].session})

    def came(self, sessions: Collection[str]) -> None:
        """The keys of these sessions are there by now."""
        self._came.update(sessions)
        if sessions:
            self._key_bell.ring()

    async def run(self) -> None:
        """Open what can be opened, until cancelled; what can't be stored is opened again."""
        await tirelessly(self._some, self._key_bell)

    async def _some(self) -> int:
        came = set(self._came)
        waiting = [(number, one) for number, one in list(self.sealed.items()) if one.session in came]
        for room in {one.room for _, one in waiting}:
            await self._open(room, {number: one.event for number, one in waiting if one.room == room})
        self._came -= came
        return 0

    async def _open(self, room: str, waiting: Mapping[int, Json]) -> None:
        """The clear event takes the place of the sealed one; what does not concern us goes."""
        clear = await self._keys.clear(room, list(waiting.values()))
        opened = {number: one for number, one in zip(waiting, clear, strict=True) if one}
        if not opened:
            return
        late = [{**event, "late": True} for event in opened.values()]
        rows = {self._numbers.of(one, " opened"): row_of(room, one) for one in await self._concerns(room, late)}
        await self._services.updates.store(Platform.MATRIX, rows)
        await self.done(opened)
        self._bell.ring()

    async def done(self, numbers: Collection[int]) -> None:
        """Cross off what waited here."""
        await self._services.updates.done(Platform.MATRIX, list(numbers))
        for number in numbers:
            self.sealed.pop(number, None)
        self._opened(numbers)


def row_of(room: str, event: Json) -> bytes:
    """An event of a room as it is stored."""
    return json.dumps({"room": room, "event": event}).encode()


def read_row(raw: bytes) -> tuple[str, Json]:
    said: Any = json.loads(raw)
    return text_of(said, "room"), mapping_of(said, "event")
