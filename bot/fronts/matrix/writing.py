"""How the bot writes on Matrix: messages, changes of them, reactions that are buttons, redactions; each is sent once.

    say       a message, its picture, its keys as reactions      renew     a change of it (m.replace)
    own       what a message of the bot says by now              redact    one event, or a message with all its changes

What an app shows of a message is its newest change; keys that mean nothing any more go.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from nio.crypto.attachments import encrypt_attachment

from bot.fronts.matrix.keys import Keys
from bot.fronts.matrix.reading import (
    MESSAGE,
    REACTION,
    buttons_in,
    content_of,
    id_of,
    is_redacted,
    newest_of,
)
from bot.fronts.matrix.render import BUTTONS, with_picture
from bot.fronts.matrix.render import content_of as written
from bot.fronts.matrix.rooms import Room, Rooms
from bot.fronts.matrix.wire import (
    ENCRYPTED,
    MOST_PAGES,
    NOT_IN_ROOM,
    PAGE,
    Json,
    NotGiven,
    Wire,
    kept,
    mapping_of,
    room_path,
    text_of,
)
from core.chat import DONE, GONE, Carried
from core.errors import RetryLater
from core.messages import Answer, Card, Named, Place

FLAG = "👀"


@dataclass(frozen=True, slots=True)
class Link:
    """The homeserver while we are signed in."""

    wire: Wire
    keys: Keys
    rooms: Rooms


class Writing:
    """Reads and writes events through one account; `link` is there while it is connected."""

    def __init__(self) -> None:
        self._link: Link | None = None

    @property
    def link(self) -> Link:
        """Raises RetryLater while there is none."""
        if self._link is None:
            raise RetryLater("not-running")
        return self._link

    def connect(self, link: Link | None) -> None:
        self._link = link

    async def event(self, room: str, event: str) -> Json | None:
        """An event in clear, as it was sent first; None where it is gone. Raises NotGiven where we may not see it.

        A homeserver says of a room that we are not in that there is no such event.
        """
        try:
            found = await self.link.wire.ask("GET", room_path(room, "event", event))
        except NotGiven as error:
            if error.is_gone and not error.is_refusal:
                await self.room_known(room)
                return None
            raise
        return None if is_redacted(found) else await self.clear(room, found)

    async def clear(self, room: str, event: Json) -> Json:
        """The event in clear; as it is where its key is missing."""
        if event.get("type") != ENCRYPTED:
            return event
        (opened,) = await self.link.keys.clear(room, [event])
        return opened or event

    async def own(self, room: str, event: str) -> tuple[Json, str] | None:
        """The content of a message of the bot as it is now, and the event that made it so; None for anybody else's."""
        found = await self.event(room, event)
        if found is None or found.get("sender") != self.link.rooms.me:
            return None
        change = mapping_of(mapping_of(mapping_of(found, "unsigned"), "m.relations"), "m.replace")
        if content_of(change):
            change = await self.clear(room, change)
        if not newest_of(change):
            return content_of(found), event
        place = {"m.relates_to": content_of(found).get("m.relates_to")}  # a change says nothing of the thread
        return newest_of(change) | {name: value for name, value in place.items() if value}, id_of(change)

    async def send(self, room: str, content: Json, key: str, kind: str = MESSAGE) -> str:
        """Send one event, once whatever happens, and return its id; raises NotGiven and RetryLater."""
        if self.is_encrypted(await self.room_known(room)):
            kind, content = await self.link.keys.veiled(room, kind, content)
        answer = await self.link.wire.ask("PUT", room_path(room, "send", kind, _transaction(room, key)), content)
        return text_of(answer, "event_id")

    def is_encrypted(self, room: Room) -> bool:
        """Whether the room says so or ever said so: once a room is encrypted nothing is sent there in clear."""
        return room.is_encrypted or self.link.keys.is_secret(room.id)

    def kind_in(self, room: Room) -> str:
        """The type of the events that messages are there."""
        return ENCRYPTED if self.is_encrypted(room) else MESSAGE

    async def room_known(self, room: str) -> Room:
        """The room; raises NotGiven if we are not in it, and RetryLater until we know whether it is encrypted."""
        if found := self.link.rooms.find(room):
            return found
        path = room_path(room, "state", "m.room.member", self.link.rooms.me)
        try:
            member = await self.link.wire.ask("GET", path)
        except NotGiven as error:
            if not error.is_gone:
                raise
            member = {}  # who was put out long ago, or out of a room that is no more
        if text_of(member, "membership") != "join":
            raise NotGiven(403, "M_FORBIDDEN", NOT_IN_ROOM)
        raise RetryLater("unreachable")

    async def say(self, room: str, answer: Answer, key: str, relation: Json | None = None, heading: str = "") -> str:
        """Write an answer, with its picture and the keys of its buttons; the event's id."""
        content = written(self._with_rooms(answer), heading)
        if answer.picture:
            content = with_picture(content, await self._uploaded(room, answer.picture))
        event = await self.send(room, {**content, **({"m.relates_to": relation} if relation else {})}, key)
        await self._seed(room, event, list(buttons_in(content)))
        return event

    async def renew(self, room: str, event: str, answer: Answer, key: str) -> Carried:
        """Have a message of the bot show something else; what it shows already is left as it is."""
        now = await self.own(room, event)
        if now is None:
            return GONE
        before, version = now
        content = written(self._with_rooms(answer), before=before)
        if "url" in before or "file" in before:
            content = with_picture(content, {name: before[name] for name in ("url", "file", "info") if name in before})
        if content == {name: value for name, value in before.items() if name != "m.relates_to"}:
            return DONE
        change = {
            **{name: content[name] for name in content if name != BUTTONS},
            "body": f"* {content['body']}",
            "m.new_content": content,
            "m.relates_to": {"rel_type": "m.replace", "event_id": event},
        }
        await self.send(room, change, f"{key} {version} {json.dumps(content, sort_keys=True)}")
        if buttons_in(content).keys() != buttons_in(before).keys():
            await self._reseed(room, event, list(buttons_in(content)))
        return DONE

    def _with_rooms(self, answer: Answer) -> Answer:
        """The answer with the names of the rooms that its cards mention: nobody else here knows them."""

        def named(name: Named) -> Named:
            room = self.link.rooms.find(name.space.channel) if isinstance(name, Place) and not name.name else None
            return replace(name, name=room.name) if room and isinstance(name, Place) else name

        def with_names(card: Card) -> Card:
            lines = (replace(line, names=tuple(map(named, line.names))) for line in card.lines)
            return replace(card, lines=tuple(lines))

        return replace(answer, cards=tuple(map(with_names, answer.cards)))

    async def _seed(self, room: str, event: str, keys: list[str]) -> None:
        """React with each key, so that a tap is enough; without them a reply with the number still works."""
        for key in keys:
            try:
                await self.mark(room, event, key, f"seed {event} {key}")
            except (NotGiven, RetryLater):
                return

    async def _reseed(self, room: str, event: str, keys: list[str]) -> None:
        try:
            own = await self.own_marks(room, event)
            for key, mark in own.items():
                if key not in keys and key != FLAG:
                    await self.redact(room, mark, f"seed {mark}")
            for key in keys:
                if key not in own:
                    await self.mark(room, event, key, f"seed {event} {key} {len(own)} {mark_of(own)}")
        except (NotGiven, RetryLater):
            return

    async def mark(self, room: str, event: str, key: str, once: str) -> None:
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        try:
            await self.send(room, {"m.relates_to": relation}, once, REACTION)
        except NotGiven as error:
            if error.code != "M_DUPLICATE_ANNOTATION":
                raise

    async def own_marks(self, room: str, event: str) -> dict[str, str]:
        """The bot's own reactions to an event: their keys, and their events."""
        return {
            text_of(mapping_of(content_of(one), "m.relates_to"), "key"): id_of(one)
            for one in await self._related(room, event, "m.annotation")
            if one.get("sender") == self.link.rooms.me and not is_redacted(one)
        }

    async def _related(self, room: str, event: str, relation: str) -> list[Json]:
        """What is related so to an event, whoever wrote it."""
        path, found, begin = f"/_matrix/client/v1{room_path(room, 'relations', event, relation)}", list[Json](), ""
        for _ in range(MOST_PAGES):
            query = {"limit": str(PAGE)} | ({"from": begin} if begin else {})
            page = await self.link.wire.ask("GET", path, query=query)
            chunk, begin = page.get("chunk"), text_of(page, "next_batch")
            found += [one for one in chunk if isinstance(one, dict)] if isinstance(chunk, list) else []
            if not begin:
                break
        return found

    async def redact(self, room: str, event: str, key: str, reason: str = "") -> None:
        body = {"reason": reason} if reason else {}
        await self.link.wire.ask("PUT", room_path(room, "redact", event, _transaction(room, f"redact {key}")), body)

    async def redact_whole(self, room: str, event: str, key: str, reason: str = "") -> None:
        """Every version of a message: a redaction of the first leaves its changes to be read.

        The first goes last, so that what was interrupted is found again.
        """
        for change in await kept(self._related(room, event, "m.replace")) or ():
            if not is_redacted(change):
                await self.redact(room, id_of(change), id_of(change), reason)
        await self.redact(room, event, key, reason)

    async def _uploaded(self, room: str, picture: bytes) -> Json:
        """Where the evidence picture is on the homeserver; in an encrypted room nobody else can read it there."""
        info = {"mimetype": "image/jpeg", "size": len(picture)}
        if not self.is_encrypted(await self.room_known(room)):
            return {"url": await self.link.wire.upload(picture, "image/jpeg", "evidence.jpg"), "info": info}
        data, keys = await asyncio.to_thread(encrypt_attachment, picture)
        uri = await self.link.wire.upload(data, "application/octet-stream", "")
        return {"file": {**keys, "url": uri}, "info": info}


def in_thread(thread: str, below: str = "") -> Json | None:
    """The relation of a message to its thread and to the message that it answers."""
    reply = {"m.in_reply_to": {"event_id": below}} if below else {}
    if not thread:
        return reply or None
    return {"rel_type": "m.thread", "event_id": thread, "is_falling_back": False, **(reply or _to(thread))}


def below_card(event: str) -> Json:
    """What is said about a card stands in a thread of its own, so that the cards follow one another."""
    return {"rel_type": "m.thread", "event_id": event, "is_falling_back": True, **_to(event)}


def _to(event: str) -> Json:
    return {"m.in_reply_to": {"event_id": event}}


def mark_of(own: Mapping[str, str]) -> str:
    """What tells one state of the bot's reactions from another: a key that was taken away can be set anew."""
    return hashlib.sha256(json.dumps(dict(own), sort_keys=True).encode()).hexdigest()[:16]


def _transaction(room: str, key: str) -> str:
    """A name of a request, by which the homeserver knows a second one for the same."""
    return hashlib.sha256(f"{room}\n{key}".encode()).hexdigest()[:40]
