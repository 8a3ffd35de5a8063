"""What is done to authors on Matrix: ban, kick, what lifts a ban, and a word to them.

A ban or a kick holds in every room of the community where the bot may; the room of the post must be among them. There
is no time-out and no role: a power level would have to be given back by us, however long that takes.
"""

import json
import time
from datetime import timedelta

from bot.fronts.matrix.reading import id_of, is_redacted
from bot.fronts.matrix.rooms import Room, Rooms
from bot.fronts.matrix.wire import Json, Wire, kept, room_path, text_of
from core.chat import DONE, Carried
from core.chat_port import NOT_HERE, Measure
from core.telling import said
from core.types import Act, ActState, ImageEvent
from core.wording import Words

RIGHTS = {Act.BAN: ("ban", "Ban users"), Act.KICK: ("kick", "Remove users"), Act.UNBAN: ("ban", "Ban users")}
"""What the levels call it, and what apps do."""

ADMINISTRATOR = Carried(state=ActState.FORBIDDEN, sentence="is-admin")
LEFT = Carried(state=ActState.UNSUPPORTED, sentence="left")
BANNED_BEFORE = Carried(state=ActState.DONE, sentence="banned-before")
PAGE, MOST_PAGES = 100, 20


class Authors:
    """What is done in the rooms of one community."""

    def __init__(self, wire: Wire, rooms: Rooms) -> None:
        self._wire, self._rooms = wire, rooms

    async def take(self, event: ImageEvent, measure: Measure) -> Carried:
        """Do it, or say why not; raises NotGiven and RetryLater."""
        here = self._rooms.find(event.space.channel)
        if measure.act not in RIGHTS or here is None:
            return NOT_HERE
        if measure.act is Act.UNBAN:
            return await self._lift(measure)
        if here.level_of(event.author) >= here.level_of(self._rooms.me):
            return ADMINISTRATOR
        return await (self._ban if measure.act is Act.BAN else self._kick)(here, event.author, measure)

    async def _ban(self, here: Room, who: str, measure: Measure) -> Carried:
        """Who has left, too; then what they wrote lately goes."""
        if measure.tries == 1 and await self._standing(here, who) == "ban":
            return BANNED_BEFORE
        banned = await self._everywhere("ban", here, who, measure)
        count = await self._purged(here, who, measure.purge) if measure.purge else 0
        receipt = " ".join([who, *(room.id for room in banned)])
        return Carried(state=ActState.DONE, sentence=f"purged|{count}" if count else "", receipt=receipt)

    async def _kick(self, here: Room, who: str, measure: Measure) -> Carried:
        if await self._standing(here, who) not in ("join", "invite"):
            return LEFT if measure.tries == 1 else DONE
        await self._everywhere("kick", here, who, measure)
        return DONE

    async def _lift(self, measure: Measure) -> Carried:
        """The bans of that receipt that still hold."""
        who, *rooms = measure.before.split() or [""]
        for room in filter(None, map(self._rooms.find, rooms)):
            if await self._standing(room, who) == "ban":
                await self._post(room.id, "unban", who, measure)
        return DONE

    async def _everywhere(self, what: str, here: Room, who: str, measure: Measure) -> list[Room]:
        """In the room of the post, and wherever else in the community the bot may; where it was done."""
        await self._post(here.id, what, who, measure)
        community = self._rooms.community_of(here.id)
        whole, done = self._rooms.find(community), [here]
        for room in [*self._rooms.of_community(community), *([whole] if whole and whole.is_space else [])]:
            if room.id != here.id and room.can(self._rooms.me, what) and await self._standing(room, who) == "join":
                await self._post(room.id, what, who, measure)
                done.append(room)
        return done

    async def _post(self, room: str, what: str, who: str, measure: Measure) -> None:
        reason = said(Words.of(measure.language), measure.reason)
        await self._wire.ask("POST", room_path(room, what), {"user_id": who, "reason": reason})

    async def _standing(self, room: Room, who: str) -> str:
        """Their membership; "" where they were never there."""
        found = await kept(self._wire.ask("GET", room_path(room.id, "state", "m.room.member", who)))
        return text_of(found or {}, "membership")

    async def _purged(self, room: Room, who: str, back: timedelta) -> int:
        """Redact what they wrote in the room within that time; how many messages that were."""
        if not room.can(self._rooms.me, "redact"):
            return 0
        since, end, count = (time.time() - back.total_seconds()) * 1000, "", 0
        for _ in range(MOST_PAGES):
            events, end = await self._page(room, who, end)
            for event in events:
                if event.get("origin_server_ts", 0) >= since and "state_key" not in event and not is_redacted(event):
                    await self._wire.ask("PUT", room_path(room.id, "redact", id_of(event), f"purge{id_of(event)}"), {})
                    count += 1
            if not end or (events and events[-1].get("origin_server_ts", 0) < since):
                break
        return count

    async def _page(self, room: Room, who: str, end: str) -> tuple[list[Json], str]:
        query = {"dir": "b", "limit": str(PAGE), "filter": json.dumps({"senders": [who]})} | (
            {"from": end} if end else {}
        )
        page = await self._wire.ask("GET", room_path(room.id, "messages"), query=query)
        chunk = page.get("chunk")
        return [one for one in chunk if isinstance(one, dict)] if isinstance(chunk, list) else [], text_of(page, "end")
