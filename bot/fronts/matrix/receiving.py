"""Receiving without losing anything: what is written is stored before the next /sync says that we have it.

    /sync --> keys, rooms --> gaps are read from the history --> what concerns us --> stored (commit) --> the next token

An event is stored under a number of its own, so it may come any number of times. The first sync of all brings no old
posts. What can't be decrypted is stored as it came, and waits for its key (`Sealed`): it counts as an image that
could not be looked at after a while, and is read again when the key comes.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any, Protocol

from bot.fronts.matrix.keys import Keys
from bot.fronts.matrix.reading import Numbers, content_of, id_of
from bot.fronts.matrix.rooms import Rooms
from bot.fronts.matrix.wire import (
    ENCRYPTED,
    Json,
    NotGiven,
    SignedOut,
    Wire,
    events_of,
    kept,
    mapping_of,
    part,
    room_path,
    text_of,
)
from core.backoff import BOT_API, Pauses
from core.errors import ResightError, RetryLater
from core.types import Platform
from handlers import outbox
from handlers.bell import Bell
from handlers.needs import HasCommunities, HasCursors, HasParts, HasUpdates
from handlers.outbox import AgainNeeds
from handlers.parts import Why

SYNC, HOME, PAGE, MOST_PAGES = "sync", "home ", 100, 200
WAIT_MS, SLACK_S = 25_000, 30.0
MOST_SEALED = 5_000
GIVEN_UP_AFTER = timedelta(days=7)
FILTER = {
    "room": {
        "timeline": {"limit": PAGE},
        "ephemeral": {"types": []},
        "account_data": {"types": []},
    },
    "presence": {"types": []},
    "account_data": {"types": ["m.direct"]},
}
log = logging.getLogger(__name__)

type Concerns = Callable[[str, Sequence[Json]], Awaitable[Sequence[Json]]]
"""Those events of a room that concern us."""


class ReceiveNeeds(AgainNeeds, HasCommunities, HasCursors, HasUpdates, HasParts, Protocol):
    """What stores what comes, and tells whether it comes."""


class Sealed:
    """What waits for its key: by room and session the numbers and the events as they came."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[str, Json]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, number: int, room: str, event: Json) -> None:
        self._waiting[number] = (room, event)

    def of(self, sessions: Collection[str]) -> list[tuple[int, str, Json]]:
        """Those of these sessions."""
        found = self._waiting.items()
        return [
            (number, room, one) for number, (room, one) in found if text_of(content_of(one), "session_id") in sessions
        ]

    def all(self) -> list[tuple[int, str, Json]]:
        return [(number, room, event) for number, (room, event) in self._waiting.items()]

    def drop(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._waiting.pop(number, None)


class Receiver:
    """The loop. `bell` rings when something was stored; `opened` hears which numbers were replaced by clear ones."""

    def __init__(
        self,
        wire: Wire,
        keys: Keys,
        rooms: Rooms,
        services: ReceiveNeeds,
        concerns: Concerns,
        bell: Bell,
        opened: Callable[[Sequence[int]], None],
    ) -> None:
        self._wire, self._keys, self._rooms, self._services = wire, keys, rooms, services
        self._concerns, self._bell, self._opened = concerns, bell, opened
        self.sealed, self._numbers = Sealed(), Numbers()
        self.knows_rooms = asyncio.Event()
        self._invitations: Json = {}
        self._pauses = Pauses(BOT_API)
        self._told = ""

    async def run(self) -> None:
        """Until cancelled; raises SignedOut when the login is lost."""
        known = await self._services.cursors.get(Platform.MATRIX)
        since = known.get(SYNC, "")
        self._rooms.homes = {one.removeprefix(HOME): home for one, home in known.items() if one.startswith(HOME)}
        while True:
            try:
                since = await self._some(since, is_first=not self.knows_rooms.is_set())
                self.knows_rooms.set()
                self._services.parts.works(Platform.MATRIX)
                self._pauses.forget()
                self._told = ""
            except SignedOut:
                raise
            except NotGiven as error:
                self._services.parts.fails(Platform.MATRIX, Why.UNREACHABLE)
                since = await self._refused(error, since)
            except RetryLater as error:
                self._services.parts.fails(Platform.MATRIX, Why.UNREACHABLE)
                await self._wait(f"The homeserver gives nothing ({error}); trying again.", error.after)
            except ResightError as error:  # it was received, and can't be stored: told as the disk's trouble
                await self._wait(str(error))

    async def _some(self, since: str, *, is_first: bool) -> str:
        """Store one answer of /sync and return the token of the next; the first one brings the state of all rooms."""
        wait = 0 if is_first or self._told else WAIT_MS
        answer = await self._ask(since, wait, is_first=is_first)
        came = await self._keys.heard(answer)
        changed = self._rooms.apply(answer)
        await self._settle()
        for home in {self._rooms.space_of(room).home for room in changed if not is_first}:
            await outbox.again(self._services, home)  # perhaps what was refused works now
        if since:
            await self._store(answer, since)
        self._invitations |= mapping_of(mapping_of(answer, "rooms"), "invite")
        await self._follow()
        token = text_of(answer, "next_batch")
        if token != since:
            await self._services.cursors.advance(Platform.MATRIX, {SYNC: token})
        if came or is_first:
            await self._open(came if not is_first else None)
        return token

    async def _settle(self) -> None:
        """Keep which rooms belong to communities that were set up: nobody moves them by a word in a room."""
        set_up = [one.id for one in await self._services.communities.all(Platform.MATRIX)]
        if news := self._rooms.settle(set_up):
            await self._services.cursors.advance(Platform.MATRIX, {HOME + room: home for room, home in news.items()})

    async def _ask(self, since: str, wait: int, *, is_first: bool) -> Json:
        limit = FILTER if since else {**FILTER, "room": {**mapping_of(FILTER, "room"), "timeline": {"limit": 0}}}
        query = {"filter": json.dumps(limit), "timeout": str(wait), "set_presence": "online"}
        query |= {"since": since} if since else {}
        query |= {"full_state": "true"} if is_first else {}
        return await self._wire.ask("GET", "/sync", query=query, wait=wait / 1000 + SLACK_S * (4 if is_first else 1))

    async def _refused(self, error: NotGiven, since: str) -> str:
        """A token that the homeserver does not know is of before a restore: from here on is all that there is."""
        if since and error.status == 400:
            log.error("The homeserver knows nothing of where we were (%s): posts in between are not looked at.", error)
            return ""
        await self._wait(f"The homeserver gives nothing ({error}); trying again.")
        return since

    async def _wait(self, why: str, asked: float = 0.0) -> None:
        if why != self._told:
            log.warning("%s", why)
        self._told = why
        await asyncio.sleep(self._pauses.after(asked=asked))

    async def _store(self, answer: Json, since: str) -> None:
        """Commit what concerns us of every room."""
        updates: dict[int, bytes] = {}
        for room, joined in mapping_of(mapping_of(answer, "rooms"), "join").items():
            if isinstance(joined, dict) and self._rooms.find(room):
                events = [one for one in await self._since(room, joined, since) if self._is_others(one)]
                updates |= await self._rows(room, events)
        if updates and await self._services.updates.store(Platform.MATRIX, updates):
            self._bell.ring()

    async def _rows(self, room: str, events: Sequence[Json]) -> dict[int, bytes]:
        """What concerns us, as it is stored: in clear, or sealed."""
        sealed = [one for one in events if one.get("type") == ENCRYPTED]
        opened = dict(zip(map(id_of, sealed), await self._keys.clear(room, sealed), strict=True))
        clear = [opened.get(id_of(one)) or one for one in events]
        readable = [one for one in clear if one.get("type") != ENCRYPTED]
        waiting = [one for one in clear if one.get("type") == ENCRYPTED]
        for one in waiting:
            self.sealed.put(self._numbers.of(one), room, one)
        chosen = [*await self._concerns(room, readable), *waiting]
        return {self._numbers.of(one): row_of(room, one) for one in chosen}

    def _is_others(self, event: Json) -> bool:
        is_state = "state_key" in event
        return bool(id_of(event)) and not is_state and text_of(event, "sender") not in ("", self._rooms.me)

    async def _since(self, room: str, joined: Json, since: str) -> list[Json]:
        """The room's events since then, oldest first; after we came, and with what a long silence left out."""
        timeline = mapping_of(joined, "timeline")
        events = list(events_of(joined, "timeline"))
        after = self._after_coming(events)
        if len(after) < len(events) or timeline.get("limited") is not True:
            return after
        return [*await self._missed(room, text_of(timeline, "prev_batch"), since), *events]

    async def _missed(self, room: str, end: str, since: str) -> list[Json]:
        """What lies between two answers: read backwards, page by page."""
        found: list[Json] = []
        for _ in range(MOST_PAGES):
            if not end:
                return found
            query = {"dir": "b", "from": end, "to": since, "limit": str(PAGE)}
            page = await kept(self._wire.ask("GET", room_path(room, "messages"), query=query)) or {}
            chunk = page.get("chunk")
            events = [one for one in chunk if isinstance(one, dict)][::-1] if isinstance(chunk, list) else []
            after = self._after_coming(events)
            found = [*after, *found]
            if len(after) < len(events) or not events:
                return found
            end = text_of(page, "end")
        log.warning("More than %d messages were missed in %s; older ones are not looked at.", MOST_PAGES * PAGE, room)
        return found

    def _after_coming(self, events: list[Json]) -> list[Json]:
        """What was written after the bot came into the room, if it came just now: old posts are not looked at."""
        came = [number for number, one in enumerate(events) if self._is_coming(one)]
        return events[came[-1] + 1 :] if came else events

    def _is_coming(self, event: Json) -> bool:
        if event.get("type") != "m.room.member" or event.get("state_key") != self._rooms.me:
            return False
        before = mapping_of(mapping_of(event, "unsigned"), "prev_content")
        return content_of(event).get("membership") == "join" and before.get("membership") != "join"

    async def _follow(self) -> None:
        """Go where we are invited; nothing is looked at there before somebody sets the bot up."""
        for room in list(self._invitations):
            try:
                if await kept(self._wire.ask("POST", f"/join/{part(room)}", {})) is not None:
                    await self._note_direct(room, mapping_of(mapping_of(self._invitations, room), "invite_state"))
                del self._invitations[room]
            except ResightError as error:
                log.warning("An invitation is taken later (%s).", error)

    async def _note_direct(self, room: str, state: Json) -> None:
        """A room for the two of us is noted as such in our account, as apps do."""
        own = [
            one for one in state.get("events", ()) if isinstance(one, dict) and one.get("state_key") == self._rooms.me
        ]
        by = next((text_of(one, "sender") for one in own if content_of(one).get("is_direct") is True), "")
        if not by or room in self._rooms.direct:
            return
        self._rooms.direct[room] = by
        people: dict[str, list[str]] = {}
        for one, who in self._rooms.direct.items():
            people.setdefault(who, []).append(one)
        await self._wire.ask("PUT", f"/user/{part(self._rooms.me)}/account_data/m.direct", people)

    async def _open(self, sessions: Collection[str] | None) -> None:
        """Read what waited for these keys (None = whatever can be read by now)."""
        if sessions is None:
            await self._load()
        waiting = self.sealed.all() if sessions is None else self.sealed.of(sessions)
        for room in {room for _, room, _ in waiting}:
            those = [(number, event) for number, of, event in waiting if of == room]
            clear = await self._keys.clear(room, [event for _, event in those])
            opened = [(number, one) for (number, _), one in zip(those, clear, strict=True) if one]
            if opened:
                await self._opened_in(room, opened)

    async def _opened_in(self, room: str, opened: Sequence[tuple[int, Json]]) -> None:
        """The clear event takes the place of the sealed one; what does not concern us goes."""
        late = [{**event, "late": True} for _, event in opened]
        rows = {self._numbers.of(one, " opened"): row_of(room, one) for one in await self._concerns(room, late)}
        await self._services.updates.store(Platform.MATRIX, rows)
        numbers = [number for number, _ in opened]
        await self._services.updates.done(Platform.MATRIX, numbers)
        self.sealed.drop(numbers)
        self._opened(numbers)
        self._bell.ring()

    async def _load(self) -> None:
        """What waited when the program ended."""
        for number, raw in await self._services.updates.waiting(Platform.MATRIX, MOST_SEALED):
            room, event = read_row(raw)
            if event.get("type") == ENCRYPTED:
                self.sealed.put(number, room, event)


def row_of(room: str, event: Json) -> bytes:
    """An event of a room as it is stored."""
    return json.dumps({"room": room, "event": event}).encode()


def read_row(raw: bytes) -> tuple[str, Json]:
    said: Any = json.loads(raw)
    return text_of(said, "room"), mapping_of(said, "event")
