"""Sees to what waits too long: it counts as an image that could not be looked at, and the staff of its room are told.

| after      | an event without its key                                                        |
|------------|---------------------------------------------------------------------------------|
| PATIENCE   | counts as not looked at, where posts are                                        |
| TOLD_AFTER | its room's staff are told, once a day                                           |
| GIVEN_UP   | is forgotten, if it also waited for `LEAST` in this process: a clock may be wrong |
"""

import asyncio
import logging
import time
from datetime import timedelta
from typing import Protocol

from bot.fronts.matrix.reading import TIME_BITS, Reader, id_of
from bot.fronts.matrix.rooms import Rooms
from bot.fronts.matrix.shelf import Sealed, Shelf
from bot.services import Services
from core.chat import Community, Said
from core.chat_port import Acting, Outgoing
from core.errors import ResightError
from core.messages import Answer, Incoming
from core.types import ActState, ImageEvent, Mode
from handlers.intake import accept

PATIENCE, TOLD_AFTER, GIVEN_UP = timedelta(seconds=30), timedelta(minutes=10), timedelta(days=7)
LEAST, LOOK_S = timedelta(hours=1), 10.0
log = logging.getLogger(__name__)


class KnowsStaff(Protocol):
    """Who says whether the staff wrote something."""

    async def by_staff(self, message: Incoming) -> bool: ...


class Impatience:
    """One for all rooms."""

    def __init__(self, shelf: Shelf, staff: KnowsStaff, acting: Acting, rooms: Rooms, services: Services) -> None:
        self._shelf, self._staff, self._acting, self._rooms, self._services = shelf, staff, acting, rooms, services
        self._noted: set[int] = set()
        self._clock = time.time() - time.monotonic()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except ResightError as error:
                log.warning("%s", error)

    async def look(self) -> None:
        """Once."""
        waiting = [(number, one, self._age(one)) for number, one in self._shelf.sealed.items()]
        for number, one, age in waiting:
            if age >= PATIENCE and number not in self._noted:
                await self._note(one)
                self._noted.add(number)
        for room in {one.room for _, one, age in waiting if age >= TOLD_AFTER}:
            count = sum(one.room == room for _, one, _ in waiting)
            said = Said(key="matrix.sealed", values={"count": count})
            await told(self._services, self._acting, self._rooms, room, said)
        if old := [number for number, one, age in waiting if age >= GIVEN_UP and self._waited(one) >= LEAST]:
            await self._shelf.done(old)

    def _waited(self, one: Sealed) -> timedelta:
        return timedelta(seconds=time.monotonic() - one.since)

    def _age(self, one: Sealed) -> timedelta:
        """How long ago its server says it was written; what it can't know is now. No clock is set in between."""
        said = one.event.get("origin_server_ts")
        if not isinstance(said, int) or not 0 < said < 1 << TIME_BITS:
            return self._waited(one)
        return max(timedelta(seconds=self._clock + time.monotonic() - said / 1000), self._waited(one))

    async def _note(self, one: Sealed) -> None:
        """It may be a picture: where posts are looked at, it is one that could not be."""
        message = Reader(self._rooms).incoming(one.room, one.event)
        if (await self._services.policies.for_space(message.space)).mode is Mode.OFF:
            return
        by_staff = await self._staff.by_staff(message)
        sealed = ImageEvent(
            space=message.space,
            message=message.message,
            image=id_of(one.event),
            author=message.author.id,
            author_name=message.author.name,
            link=message.link,
            thread=message.thread,
            by_staff=by_staff,
        )
        await accept(self._services, [sealed])


async def told(services: Services, acting: Acting, rooms: Rooms, room: str, said: Said) -> None:
    """Tell the staff of a watched room where their cards are, or else whoever runs the place; the same once a day."""
    space = rooms.space_of(room)
    about = f"{space.home} {said.key} {said.values.get('room', '')}"
    is_watched = (await services.policies.for_space(space)).mode is not Mode.OFF
    if not is_watched or not services.warnings.is_due(about):
        return
    is_told = False
    try:
        community = await services.communities.get(space.platform, space.community)
        answer, key = Answer(said=said, language=community.language), f"{about} {services.clock():%Y-%m-%d}"
        is_told = await _beside_cards(acting, community, answer, key) or await acting.warn(space, answer)
    finally:
        if not is_told:
            services.warnings.forget(about)


async def _beside_cards(acting: Acting, community: Community, answer: Answer, key: str) -> bool:
    if not community.log or not await acting.may_read(community.log, community):
        return False
    shown = await acting.show(community.log, Outgoing(answer=answer, key=key, community=community.id), "")
    return shown.state is ActState.DONE
