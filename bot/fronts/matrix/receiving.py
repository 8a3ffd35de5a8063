"""Receiving without losing anything: what is written is stored before the next /sync says that we have it.

    /sync --> keys, rooms --> what concerns us, and where something is missing --> stored (`shelf`) --> the next token

The first sync of an account brings no old posts. Beside it: what waits for its key (`shelf`), what a long silence left
out (`gaps`), and where the bot is invited (`inviting`).
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Protocol

from bot.fronts.matrix.gaps import PAGE, Gaps, Missed, after_coming, gap_of, of_others, rows_of
from bot.fronts.matrix.inviting import Invitations
from bot.fronts.matrix.keys import Keys
from bot.fronts.matrix.rooms import HOME, Rooms
from bot.fronts.matrix.shelf import Shelf, Waiting
from bot.fronts.matrix.wire import Json, NotGiven, SignedOut, Wire, events_of, mapping_of, text_of
from core.backoff import BOT_API, Pauses
from core.errors import ResightError, RetryLater
from core.types import Platform
from handlers import outbox
from handlers.needs import HasClock, HasCommunities, HasCursors, HasParts, HasUpdates
from handlers.outbox import AgainNeeds
from handlers.parts import Why

WAIT_MS, SLACK_S = 25_000, 30.0
FILTER = {
    "room": {
        "timeline": {"limit": PAGE},
        "ephemeral": {"types": []},
        "account_data": {"types": []},
    },
    "presence": {"types": []},
    "account_data": {"types": ["m.direct"]},
}
AT = "at "
"""Before the account's name: the cursor that says when, in ms, it had read all that there was."""

log = logging.getLogger(__name__)


class ReceiveNeeds(AgainNeeds, HasCommunities, HasCursors, HasUpdates, HasClock, HasParts, Protocol):
    """What stores what comes, and tells whether it comes."""


class Receiver:
    """The loop. How far it is, is noted for each account: another one's place says nothing of ours."""

    def __init__(
        self,
        wire: Wire,
        keys: Keys,
        rooms: Rooms,
        services: ReceiveNeeds,
        shelf: Shelf,
        gaps: Gaps,
        invitations: Invitations,
    ) -> None:
        self._wire, self._keys, self._rooms, self._services = wire, keys, rooms, services
        self._shelf, self._gaps, self._invitations = shelf, gaps, invitations
        self.knows_rooms = asyncio.Event()
        self._pauses = Pauses(BOT_API)
        self._told, self._at, self._is_lost = "", 0, False

    async def run(self) -> None:
        """Until cancelled; raises SignedOut when the login is lost."""
        self._gaps.put(await self._shelf.load())
        known = await self._services.cursors.get(Platform.MATRIX)
        since, self._at = known.get(self._rooms.me, ""), int(known.get(AT + self._rooms.me, "0"))
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
        asked_at = int(self._services.clock().timestamp() * 1000)
        answer = await self._ask(since, wait, is_first=is_first)
        token = text_of(answer, "next_batch")
        if not token:
            raise RetryLater("unreachable")  # whoever answered, it was no homeserver
        self._shelf.came(await self._keys.heard(answer))
        changed = self._rooms.apply(answer)
        await self._settle()
        for home in {self._rooms.space_of(room).home for room in changed if not is_first}:
            await outbox.again(self._services, home)  # perhaps what was refused works now
        if since or self._is_lost:
            await self._store(answer, Missed(since, self._at, asked_at))
        self._invitations.heard(answer)
        if token != since:
            known = {self._rooms.me: token, AT + self._rooms.me: str(asked_at)}
            await self._services.cursors.advance(Platform.MATRIX, known)
        self._at, self._is_lost = asked_at, False
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
        """A token that the homeserver does not know is of before a restore: what it has of that time is read anew."""
        if since and error.status == 400 and error.code:
            log.error("The homeserver knows nothing of where we were (%s): posts may not be looked at.", error)
            self._is_lost = True
            return ""
        await self._wait(f"The homeserver gives nothing ({error}); trying again.")
        return since

    async def _wait(self, why: str, asked: float = 0.0) -> None:
        if why != self._told:
            log.warning("%s", why)
        self._told = why
        await asyncio.sleep(self._pauses.after(asked=asked))

    async def _store(self, answer: Json, missed: Missed) -> None:
        """Commit what concerns us of every room, and where something is missing."""
        found, gaps, me = dict[str, Sequence[Json]](), list[Waiting](), self._rooms.me
        for room, joined in mapping_of(mapping_of(answer, "rooms"), "join").items():
            if not isinstance(joined, dict) or not self._rooms.find(room):
                continue
            events, timeline = events_of(joined, "timeline"), mapping_of(joined, "timeline")
            after, start = after_coming(me, events), text_of(timeline, "prev_batch")
            found[room] = of_others(me, after)
            if len(after) == len(events) and timeline.get("limited") is True and start:
                gaps.append(gap_of(room, start, missed))
        await self._shelf.keep(found, rows_of(gaps))
        self._gaps.put(gaps)
