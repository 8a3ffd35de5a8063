"""Goes where the bot is invited, beside the sync: a room that can't be reached holds nobody up.

The invitations that were tried least come first, so hundreds of useless ones do not stand before a good one. One that
fails again and again is left until the next start, or until somebody invites anew.
"""

import asyncio
import logging
import time
from dataclasses import dataclass

from bot.fronts.matrix.reading import content_of
from bot.fronts.matrix.rooms import Rooms
from bot.fronts.matrix.wire import Json, NotGiven, SignedOut, Wire, events_of, mapping_of, part, text_of
from core.backoff import INVITE
from core.errors import ResightError, RetryLater
from handlers.bell import Bell

AT_ONCE, JOIN_S, LOOK_S = 4, 30.0, 5.0
MOST_TRIES, MOST_INVITATIONS = 12, 1_000
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Invitation:
    """Into a room; `by` is whose direct chat it is to be, `due` when it is taken."""

    by: str
    failures: int = 0
    due: float = 0.0


class Invitations:
    """Those that were not taken yet, by room."""

    def __init__(self, wire: Wire, rooms: Rooms) -> None:
        self._wire, self._rooms = wire, rooms
        self._open: dict[str, Invitation] = {}
        self._direct: dict[str, str] = {}
        self._taken: set[str] = set()
        self._bell = Bell()

    def heard(self, answer: Json) -> None:
        """Take in an answer of /sync."""
        rooms = mapping_of(answer, "rooms")
        for room in (*mapping_of(rooms, "join"), *mapping_of(rooms, "leave")):
            self._open.pop(room, None)
        for room, invitation in mapping_of(rooms, "invite").items():
            if len(self._open) >= MOST_INVITATIONS:
                self._open.pop(max(self._open, key=lambda one: self._open[one].failures))
            self._open[room] = Invitation(self._inviter(invitation))
        self._rooms.direct |= self._direct
        self._bell.ring()

    def _inviter(self, invitation: object) -> str:
        """Who wants to be alone with us; "" for any other room."""
        events = events_of(invitation, "invite_state") if isinstance(invitation, dict) else []
        own = (one for one in events if one.get("state_key") == self._rooms.me)
        return next((text_of(one, "sender") for one in own if content_of(one).get("is_direct") is True), "")

    async def run(self) -> None:
        """Until cancelled; raises SignedOut."""
        async with asyncio.TaskGroup() as group:
            while True:
                for room in self._next():
                    self._taken.add(room)
                    group.create_task(self._take(room))
                await self._bell.wait(LOOK_S)

    def _next(self) -> list[str]:
        """As many as are taken side by side, those that failed least first."""
        now = time.monotonic()
        due = [room for room, one in self._open.items() if one.due <= now and room not in self._taken]
        return sorted(due, key=lambda room: self._open[room].failures)[: AT_ONCE - len(self._taken)]

    async def _take(self, room: str) -> None:
        invitation = self._open[room]
        try:
            await self._join(room, invitation.by)
            self._open.pop(room, None)
        except SignedOut:
            raise
        except (NotGiven, ResightError) as error:
            invitation.failures += 1
            asked = error.after if isinstance(error, RetryLater) else 0.0
            invitation.due = time.monotonic() + INVITE.after(invitation.failures, asked)
            if invitation.failures >= MOST_TRIES:
                log.warning("An invitation to %s is not taken (%s).", room, error)
                invitation.due = float("inf")
        finally:
            self._taken.discard(room)
            self._bell.ring()

    async def _join(self, room: str, by: str) -> None:
        """Go there; a room for the two of us is noted as such in our account, as apps do."""
        if by:
            self._rooms.direct[room] = self._direct[room] = by  # before anything is read there
        await self._wire.ask("POST", f"/join/{part(room)}", {}, wait=JOIN_S)
        if by:
            people: dict[str, list[str]] = {}
            for one, who in self._rooms.direct.items():
                people.setdefault(who, []).append(one)
            await self._wire.ask("PUT", f"/user/{part(self._rooms.me)}/account_data/m.direct", people)
