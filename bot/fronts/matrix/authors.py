"""What is done to authors on Matrix: ban, kick, what lifts a ban, and a word to them.

A ban or a kick holds in every room of the community where the bot may; the room of the post must be among them. There
is no time-out and no role: a power level would have to be given back by us, however long that takes.
"""

import json
import logging
import time
from collections.abc import AsyncIterator
from datetime import timedelta

from bot.fronts.matrix.reading import content_of, id_of, is_redacted
from bot.fronts.matrix.rooms import Room, Rooms
from bot.fronts.matrix.wire import MOST_PAGES, PAGE, Json, NotGiven, Wire, kept, room_path, text_of
from core.chat import DONE, Carried
from core.chat_port import NOT_HERE, Measure
from core.messages import Right
from core.telling import said
from core.types import Act, ActState, ImageEvent
from core.wording import Words

RIGHTS = {Act.BAN: ("ban", "Ban users"), Act.KICK: ("kick", "Remove users"), Act.UNBAN: ("ban", "Ban users")}
"""What the levels call it, and what apps do."""

ADMINISTRATOR = Carried(state=ActState.FORBIDDEN, sentence="is-admin")
LEFT = Carried(state=ActState.UNSUPPORTED, sentence="left")
MYSELF = Carried(state=ActState.UNSUPPORTED, sentence="is-me")
BANNED_BEFORE = Carried(state=ActState.DONE, sentence="banned-before")
REDACT = "Remove messages sent by others"

log = logging.getLogger(__name__)


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
        if event.author == self._rooms.me:
            return MYSELF
        if here.right_of(event.author) >= Right.MODERATOR or not self._is_below(here, event.author):
            return ADMINISTRATOR
        return await (self._ban if measure.act is Act.BAN else self._kick)(here, event.author, measure)

    def _is_below(self, room: Room, who: str) -> bool:
        """Nobody bans or kicks whose level is not below their own."""
        return room.level_of(who) < room.level_of(self._rooms.me)

    async def _ban(self, here: Room, who: str, measure: Measure) -> Carried:
        """Who has left, too; then what they wrote lately goes. A ban of somebody else stays theirs."""
        there = await self._member(here, who)
        if text_of(content_of(there), "membership") == "ban" and (measure.tries == 1 or not self._is_ours(there)):
            return BANNED_BEFORE
        banned = await self._everywhere("ban", here, who, measure)
        sentence = await self._purged(here, who, measure.purge) if measure.purge else ""
        receipt = " ".join([who, *(room.id for room in banned)])
        return Carried(state=ActState.DONE, sentence=sentence, receipt=receipt)

    async def _kick(self, here: Room, who: str, measure: Measure) -> Carried:
        if text_of(content_of(await self._member(here, who)), "membership") not in ("join", "invite"):
            return LEFT if measure.tries == 1 else DONE
        await self._everywhere("kick", here, who, measure)
        return DONE

    async def _lift(self, measure: Measure) -> Carried:
        """The bans of that receipt that still hold."""
        who, *rooms = measure.before.split() or [""]
        for room in filter(None, map(self._rooms.find, rooms)):
            if text_of(content_of(await self._member(room, who)), "membership") == "ban":
                await self._post(room.id, "unban", who, measure)
        return DONE

    async def _everywhere(self, what: str, here: Room, who: str, measure: Measure) -> list[Room]:
        """In the room of the post, and wherever else in the community the bot may; where it was done, by now or before.

        A refusal in another room leaves that room out: what was done in the others can still be undone.
        """
        await self._post(here.id, what, who, measure)
        community = self._rooms.community_of(here.id)
        whole = self._rooms.find(community)
        others = [*self._rooms.of_community(community), *([whole] if whole and whole.is_space else [])]
        return [here, *[room for room in others if room.id != here.id and await self._also(what, room, who, measure)]]

    async def _also(self, what: str, room: Room, who: str, measure: Measure) -> bool:
        """Whether it holds in another room by our doing."""
        there = await self._member(room, who)
        membership = text_of(content_of(there), "membership")
        if membership != "join" or not room.can(self._rooms.me, what) or not self._is_below(room, who):
            return membership == "ban" and measure.tries > 1 and self._is_ours(there)
        try:
            await self._post(room.id, what, who, measure)
        except NotGiven as error:
            log.info("%s in %s was refused: %s", what, room.id, error)
            return False
        return True

    def _is_ours(self, member: Json) -> bool:
        return text_of(member, "sender") == self._rooms.me

    async def _post(self, room: str, what: str, who: str, measure: Measure) -> None:
        reason = said(Words.of(measure.language), measure.reason)
        await self._wire.ask("POST", room_path(room, what), {"user_id": who, "reason": reason})

    async def _member(self, room: Room, who: str) -> Json:
        """The event that says whether they are there, and who has said so; nothing where they never were."""
        path = room_path(room.id, "state", "m.room.member", who)
        found = await kept(self._wire.ask("GET", path, query={"format": "event"})) or {}
        return found if "content" in found else {"content": found}  # a homeserver that knows no such format

    async def _purged(self, room: Room, who: str, back: timedelta) -> str:
        """Redact what they wrote in the room within that time; how many messages that were, as a key of the words."""
        count, since = 0, (time.time() - back.total_seconds()) * 1000
        try:
            async for event in self._lately(room, who, since):
                await self._wire.ask("PUT", room_path(room.id, "redact", id_of(event), f"purge{id_of(event)}"), {})
                count += 1
        except NotGiven:
            return f"not-purged|{REDACT}"
        return f"purged|{count}" if count else ""

    async def _lately(self, room: Room, who: str, since: float) -> AsyncIterator[Json]:
        """What they wrote since that time (in ms) and is still there, the newest first."""
        end = ""
        for _ in range(MOST_PAGES):
            events, end = await self._page(room, who, end)
            for event in events:
                if _time_of(event) >= since and "state_key" not in event and not is_redacted(event):
                    yield event
            if not end or (events and _time_of(events[-1]) < since):
                return

    async def _page(self, room: Room, who: str, end: str) -> tuple[list[Json], str]:
        query = {"dir": "b", "limit": str(PAGE), "filter": json.dumps({"senders": [who]})} | (
            {"from": end} if end else {}
        )
        page = await self._wire.ask("GET", room_path(room.id, "messages"), query=query)
        chunk = page.get("chunk")
        return [one for one in chunk if isinstance(one, dict)] if isinstance(chunk, list) else [], text_of(page, "end")


def _time_of(event: Json) -> float:
    at = event.get("origin_server_ts")
    return at if isinstance(at, int) else 0
