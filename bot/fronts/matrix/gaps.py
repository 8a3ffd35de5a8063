"""What was missed of a room: read from its history, backwards, a page at a time.

    Missed.since, until    when that was, in ms      .end    the token where it began; "" once that is forgotten

A long silence leaves something out of an answer of /sync; and a homeserver that was restored forgets how far we had
read. A gap is a row among what is stored, so that a restart in its middle goes on there. It holds nobody up: the sync
and the other rooms go on. What the homeserver refuses for good is given up alone, and the staff are told; as they are
where the beginning is forgotten, since then nobody knows what is missing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from bot.fronts.matrix.reading import content_of, id_of, number_of
from bot.fronts.matrix.rooms import Rooms
from bot.fronts.matrix.shelf import GAP, Shelf, Waiting, row_of
from bot.fronts.matrix.wire import Json, NotGiven, SignedOut, Wire, mapping_of, room_path, text_of
from core.backoff import HISTORY, Pauses
from core.chat import Said
from core.errors import ResightError, RetryLater
from core.telling import NAME, moment, one_line
from handlers.bell import Bell

PAGE, MOST_PAGES, AT_ONCE, LOOK_S = 100, 200, 4, 10.0
log = logging.getLogger(__name__)

type Tell = Callable[[str, Said], Awaitable[None]]
"""Tells the staff of a room something."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A gap in the history of a room.

    end            the token of its beginning, where reading backwards ends; "" = the homeserver has forgotten it
    since, until   the time in which its posts were written, in milliseconds
    pages          how many pages of the gap were read
    """

    end: str
    since: int = 0
    until: int = 0
    pages: int = 0

    @property
    def is_forgotten(self) -> bool:
        """Whether nobody knows any more where it begins, but when."""
        return not self.end

    def told(self, key: str, **values: str) -> Said:
        """A sentence about the time of the gap."""
        since, until = (moment(datetime.fromtimestamp(at / 1000, UTC)) for at in (self.since, self.until))
        return Said(key=f"matrix.{key}", values={"since": since, "until": until, **values})


class Gaps:
    """Those that are known, by number; `run` fills them."""

    def __init__(self, wire: Wire, rooms: Rooms, shelf: Shelf, tell: Tell) -> None:
        self._wire, self._rooms, self._shelf, self._tell = wire, rooms, shelf, tell
        self._new: list[Waiting] = []
        self._bell, self._turn = Bell(), asyncio.Semaphore(AT_ONCE)

    def put(self, gaps: Iterable[Waiting]) -> None:
        """Have these filled: they are stored."""
        self._new += gaps
        self._bell.ring()

    async def run(self) -> None:
        """Until cancelled; raises SignedOut."""
        async with asyncio.TaskGroup() as group:
            while True:
                new, self._new = self._new, []
                for one in new:
                    group.create_task(self._fill(one))
                await self._bell.wait(LOOK_S)

    async def _fill(self, gap: Waiting) -> None:
        """Page by page; what does not answer is asked again."""
        left, pauses = [gap], Pauses(HISTORY)
        while left:
            try:
                async with self._turn:
                    left = await self._page(left[0])
                pauses.forget()
            except ResightError as error:
                log.info("What was missed in %s is read later (%s).", gap[1], error)
                await asyncio.sleep(pauses.after(asked=error.after if isinstance(error, RetryLater) else 0))

    async def _page(self, gap: Waiting) -> list[Waiting]:
        """Store the events of one page, and shorten the stored gap by that page."""
        number, room, event = gap
        missed = missed_in(event)
        try:
            events, end = await self._asked(room, text_of(content_of(event), "from"), missed)
        except SignedOut:
            raise
        except NotGiven as error:
            return await self._given_up(gap, str(error))
        after = after_coming(self._rooms.me, events)
        is_last = not end or not events or len(after) < len(events) or _is_before(missed, events)
        if missed.is_forgotten:  # it may have been read: nothing that was asked for is done a second time
            after = [{**one, "late": True} for one in after]
        further = replace(missed, pages=missed.pages + 1)
        left = [] if is_last else [gap_of(room, end, further)]
        await self._shelf.keep({room: of_others(self._rooms.me, after)}, rows_of(left))
        if is_last and missed.is_forgotten:
            await self._tell(room, missed.told("forgotten"))
        await self._shelf.done([number])
        is_too_long = left and further.pages >= MOST_PAGES
        return await self._given_up(left[0], f"{MOST_PAGES * PAGE} messages") if is_too_long else left

    async def _asked(self, room: str, start: str, missed: Missed) -> tuple[list[Json], str]:
        """A page, oldest first, and where the next one begins; "" for the last."""
        query = {"dir": "b", "from": start, "limit": str(PAGE)} | ({"to": missed.end} if missed.end else {})
        page = await self._wire.ask("GET", room_path(room, "messages"), query=query)
        chunk = page.get("chunk")
        if not isinstance(chunk, list):
            raise RetryLater("unreachable")  # whoever answered, it was no homeserver
        return [one for one in chunk if isinstance(one, dict)][::-1], text_of(page, "end")

    async def _given_up(self, gap: Waiting, why: str) -> list[Waiting]:
        """For this room alone."""
        number, room, event = gap
        if found := self._rooms.find(room):
            log.error("What was missed in %s is not looked at (%s).", room, why)
            await self._tell(room, missed_in(event).told("gap", room=one_line(found.name or room, NAME)))
        await self._shelf.done([number])
        return []


def gap_of(room: str, start: str, missed: Missed) -> Waiting:
    """What lies before `start`; named by where it begins, so that it is one however often it is told."""
    event: Json = {"type": GAP, "event_id": f"{room} {start}", "content": {"from": start, **asdict(missed)}}
    return number_of(event), room, event


def missed_in(event: Json) -> Missed:
    """What a stored gap says."""
    said = content_of(event)
    since, until, pages = (said[name] if type(said.get(name)) is int else 0 for name in ("since", "until", "pages"))
    return Missed(text_of(said, "end"), since, until, pages)


def _is_before(missed: Missed, events: Sequence[Json]) -> bool:
    """Whether most of a page is older than what was missed: of a few, somebody's server may say any time."""
    times = [one.get("origin_server_ts") for one in events]
    older = sum(isinstance(at, int) and at < missed.since for at in times)
    return missed.is_forgotten and 2 * older > len(events)


def rows_of(gaps: Iterable[Waiting]) -> dict[int, bytes]:
    """How gaps are stored."""
    return {number: row_of(room, event) for number, room, event in gaps}


def of_others(me: str, events: Sequence[Json]) -> list[Json]:
    """What somebody else wrote."""
    return [one for one in events if id_of(one) and "state_key" not in one and text_of(one, "sender") not in ("", me)]


def after_coming(me: str, events: Sequence[Json]) -> list[Json]:
    """What was written after the bot came into the room, if it came just now: old posts are not looked at."""
    came = [number for number, one in enumerate(events) if _is_coming(me, one)]
    return list(events[came[-1] + 1 :] if came else events)


def _is_coming(me: str, event: Json) -> bool:
    if event.get("type") != "m.room.member" or event.get("state_key") != me:
        return False
    before = mapping_of(mapping_of(event, "unsigned"), "prev_content")
    return content_of(event).get("membership") == "join" and before.get("membership") != "join"
