"""Upgrades: a room that was closed for another one goes on there, with its settings.

    m.room.tombstone --> the new room is joined --> it names the old one, too --> settings move along, staff hear of it

Only somebody who runs the old room moves it. Where the bot may not join by itself it waits for an invitation.
"""

import asyncio
import logging

from bot.fronts.matrix.acting import MatrixActing
from bot.fronts.matrix.rooms import HOME, Room
from bot.fronts.matrix.wire import NotGiven, kept, part
from bot.fronts.matrix.writing import Link
from bot.services import Services
from core.chat import Said
from core.errors import ResightError
from core.messages import Answer
from core.types import Platform

LOOK_S = 1.0
MOVED = "moved "
"""Before the room's name: the cursor that says that it was moved."""

log = logging.getLogger(__name__)


class Moves:
    """Follows the rooms that the bot is in."""

    def __init__(self, link: Link, acting: MatrixActing, services: Services) -> None:
        self._link, self._acting, self._services = link, acting, services
        self._rooms = link.rooms
        self._tried, self._moved = set[str](), set[str]()

    async def run(self) -> None:
        """Until cancelled."""
        known = await self._services.cursors.get(Platform.MATRIX)
        self._moved = {one.removeprefix(MOVED) for one in known if one.startswith(MOVED)}
        while True:
            try:
                await self.look()
            except (ResightError, NotGiven) as error:
                log.warning("An upgraded room is followed later (%s).", error)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Once."""
        for old in [room for room in self._rooms.joined.values() if room.successor and room.id not in self._moved]:
            new = self._rooms.find(old.successor)
            if new is None:
                await self._join(old)
            elif new.predecessor == old.id:
                await self._move(old, new)

    async def _join(self, old: Room) -> None:
        """Try it once; an invitation is taken whenever it comes."""
        if old.successor not in self._tried:
            self._tried.add(old.successor)
            via = {"via": old.closed_by.partition(":")[2]}
            await kept(self._link.wire.ask("POST", f"/join/{part(old.successor)}", {}, query=via))

    async def _move(self, old: Room, new: Room) -> None:
        """Everything that is stored of the old one is of the new one from now on."""
        homes = self._rooms.move(old.id, new.id)
        await self._services.communities.move(Platform.MATRIX, old.id, new.id)
        cursors = {HOME + room: home for room, home in homes.items()}
        await self._services.cursors.advance(Platform.MATRIX, {**cursors, MOVED + old.id: new.id})
        self._moved.add(old.id)
        await self._tell(new)

    async def _tell(self, new: Room) -> None:
        place = self._rooms.space_of(new.id)
        community = await self._services.communities.get(Platform.MATRIX, place.community)
        if community.set_up_at:
            await self._acting.warn(place, Answer(said=Said(key="matrix.moved"), language=community.language))
