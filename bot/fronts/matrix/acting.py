"""What the outbox has done on Matrix (`core.chat_port.Acting`), and how messages of the bot are written and renewed.

    show       a notice, its picture, its keys as reactions; later a change of it (m.replace)
    delete     a redaction, of what the post was changed to, too        restrict   Matrix bars nobody for a while
    repost     the file as it was, by its address and its keys          every send has a transaction id: it is one event

A receipt is "room/event". What an app shows of a message is its newest change; keys that mean nothing any more go.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cachetools import LRUCache, TTLCache
from nio.crypto.attachments import decrypt_attachment, encrypt_attachment
from nio.exceptions import EncryptionError

from bot.fronts.matrix.authors import MOST_PAGES, PAGE, REDACT, RIGHTS, Authors
from bot.fronts.matrix.keys import Keys
from bot.fronts.matrix.reading import (
    MESSAGE,
    NEXT,
    REACTION,
    buttons_in,
    content_of,
    files_in,
    id_of,
    is_redacted,
    newest_of,
    read_hint,
)
from bot.fronts.matrix.render import BUTTONS, with_picture
from bot.fronts.matrix.render import content_of as written
from bot.fronts.matrix.rooms import Room, Rooms
from bot.fronts.matrix.wire import ENCRYPTED, Json, NotGiven, Wire, done, kept, mapping_of, room_path, text_of
from core.chat import DONE, GONE, Carried, Community, Said
from core.chat_port import NOT_ALONE, Acting, Capabilities, Measure, Outgoing, Removal, Removed
from core.errors import RetryLater, Unscannable
from core.messages import Answer, Card, Named, Place, Right
from core.telling import said
from core.types import Act, ActState, ImageEvent, Intent, Platform, Space
from core.wording import Words

SEND = "Send messages"
"""Rights, as apps name them."""

FLAG = "👀"
CAN = Capabilities(
    has_channels=True, answers_alone=False, links_show=False, does=frozenset({Act.TELL, Act.KICK, Act.BAN})
)
NO_ORIGINAL = Carried(state=ActState.UNSUPPORTED, sentence="no-original")
NO_TIMEOUT = Carried(state=ActState.UNSUPPORTED, sentence="no-timeout-here")
UNWRITTEN = Carried(state=ActState.FORBIDDEN, sentence="blocked")
MOST_KNOWN, STILL_S = 2_000, 5.0


@dataclass(frozen=True, slots=True)
class Link:
    """The homeserver while we are signed in."""

    wire: Wire
    keys: Keys
    rooms: Rooms


class MatrixActing(Acting):
    """Acts through one account; `link` is there while it is connected."""

    name = Platform.MATRIX.value
    can = CAN
    keeps_posts = False

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._link: Link | None = None
        self._writable: TTLCache[str, Carried] = TTLCache(MOST_KNOWN, STILL_S)
        self._files: LRUCache[str, Json] = LRUCache(MOST_KNOWN)

    @property
    def link(self) -> Link:
        """Raises RetryLater while there is none."""
        if self._link is None:
            raise RetryLater("not-running")
        return self._link

    def connect(self, link: Link | None) -> None:
        self._link = link

    # --- reading

    async def event(self, room: str, event: str) -> Json | None:
        """An event in clear, as it was sent first; None where it is gone. Raises NotGiven where we may not see it."""
        try:
            found = await self.link.wire.ask("GET", room_path(room, "event", event))
        except NotGiven as error:
            if error.is_gone and not error.is_refusal:
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

    async def fetch(self, event: ImageEvent) -> bytes:
        """See `Acting`. What can't be decrypted yet is looked at again when its key comes."""
        return await self._bytes(await self._file(event))

    async def preview(self, event: ImageEvent, *, is_all: bool) -> bytes | None:  # noqa: ARG002
        """The thumbnail, which the sender chooses; raises Unscannable for one that is too large."""
        try:
            front = mapping_of(await self._file(event), "front")
            return await self._bytes(front) if front else None
        except Unscannable as error:
            if error.reason == "too-large":
                raise
            return None

    async def _bytes(self, where: Json) -> bytes:
        file = mapping_of(where, "file")
        data = await self.link.wire.download(text_of(file, "url") or text_of(where, "url"), self._most)
        return await asyncio.to_thread(_decrypted, data, file) if file else data

    async def _file(self, event: ImageEvent) -> Json:
        """Where the file is, by the hint, or else by the message."""
        return read_hint(event.hint) or self._files.get(event.image) or await self._found(event)

    async def _found(self, event: ImageEvent) -> Json:
        found = await kept(self.event(event.space.channel, event.image.partition(NEXT)[0]))
        if found is None:
            raise Unscannable("gone", "The message is gone.")
        if found.get("type") == ENCRYPTED:
            raise Unscannable("no-key", "The message is encrypted, and its key has not come.")
        files = files_in(found)
        if event.image not in files:
            raise Unscannable("not-an-image", "The message has no picture.")
        if not files[event.image]:
            raise Unscannable("too-large", "The message has too many pictures.")
        self._files[event.image] = files[event.image]
        return files[event.image]

    # --- writing

    async def send(self, room: str, content: Json, key: str, kind: str = MESSAGE) -> str:
        """Send one event, once whatever happens, and return its id; raises NotGiven and RetryLater."""
        if self.is_encrypted(await self._known(room)):
            kind, content = await self.link.keys.veiled(room, kind, content)
        answer = await self.link.wire.ask("PUT", room_path(room, "send", kind, _transaction(room, key)), content)
        return text_of(answer, "event_id")

    def is_encrypted(self, room: Room) -> bool:
        """Whether the room says so or ever said so: once a room is encrypted nothing is sent there in clear."""
        return room.is_encrypted or self.link.keys.is_secret(room.id)

    def kind_in(self, room: Room) -> str:
        """The type of the events that messages are there."""
        return ENCRYPTED if self.is_encrypted(room) else MESSAGE

    async def _known(self, room: str) -> Room:
        """The room; raises NotGiven if we are not in it, and RetryLater until we know whether it is encrypted."""
        if found := self.link.rooms.find(room):
            return found
        await self.link.wire.ask("GET", room_path(room, "state", "m.room.member", self.link.rooms.me))
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
                await self._mark(room, event, key, f"seed {event} {key}")
            except (NotGiven, RetryLater):
                return

    async def _reseed(self, room: str, event: str, keys: list[str]) -> None:
        try:
            own = await self._own_marks(room, event)
            for key, mark in own.items():
                if key not in keys and key != FLAG:
                    await self.redact(room, mark, f"seed {mark}")
            for key in keys:
                if key not in own:
                    await self._mark(room, event, key, f"seed {event} {key} {len(own)} {mark_of(own)}")
        except (NotGiven, RetryLater):
            return

    async def _mark(self, room: str, event: str, key: str, once: str) -> None:
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        try:
            await self.send(room, {"m.relates_to": relation}, once, REACTION)
        except NotGiven as error:
            if error.code != "M_DUPLICATE_ANNOTATION":
                raise

    async def _own_marks(self, room: str, event: str) -> dict[str, str]:
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

    async def _redact_whole(self, room: str, event: str, key: str, reason: str = "") -> None:
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
        if not self.is_encrypted(await self._known(room)):
            return {"url": await self.link.wire.upload(picture, "image/jpeg", "evidence.jpg"), "info": info}
        data, keys = await asyncio.to_thread(encrypt_attachment, picture)
        uri = await self.link.wire.upload(data, "application/octet-stream", "")
        return {"file": {**keys, "url": uri}, "info": info}

    # --- orders

    async def show(self, address: str, message: Outgoing, receipt: str) -> Carried:
        answer = replace(message.answer, picture=None) if message.bare else message.answer
        return await done(self._show(address, replace(message, answer=answer), receipt), SEND)

    async def _show(self, address: str, message: Outgoing, receipt: str) -> Carried:
        if receipt:
            room, _, event = receipt.partition("/")
            now = await self.own(room, event) if message.bare else None
            if not message.bare or (now and not ({"url", "file"} & now[0].keys())):
                carried = await self.renew(room, event, message.answer, message.key)
                return replace(carried, receipt=receipt) if carried.state is ActState.DONE else carried
            if now:  # else it is gone: by an earlier try, which did not come to write it anew
                await self._redact_whole(room, event, f"bare {event}")
            address, message = room, replace(message, key=f"{message.key} bare")
        room, _, thread = address.partition("/")
        found = self._room_of(room)
        if found is None and room.startswith("@"):
            return UNWRITTEN
        there = found.id if found else room
        sent = await self.say(there, message.answer, message.key, in_thread(thread))
        return Carried(state=ActState.DONE, receipt=f"{there}/{sent}")

    def _room_of(self, address: str) -> Room | None:
        """The room of an address, or the one with that person alone."""
        rooms = self.link.rooms
        return rooms.with_person(address) if address.startswith("@") else rooms.find(address)

    async def reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:
        """Below the post, which must still be there; below a question even if that is gone."""
        return await done(self._reply(event, below, message), SEND)

    async def _reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:
        room = event.space.channel
        if event.intent is not Intent.QUERY and await self.event(room, below) is None:
            return GONE
        relation = in_thread(event.thread, event.answer_to or below)
        return replace(DONE, receipt=await self.say(room, message.answer, message.key, relation))

    async def may_read(self, address: str, community: Community) -> bool:
        if not address.startswith("@"):
            return True
        rooms = self.link.rooms
        own = (rooms.find(community.id), *rooms.of_community(community.id))
        return any(room is not None and room.right_of(address) >= Right.MODERATOR for room in own)

    async def can_write(self, address: str, community: Community) -> Carried:  # noqa: ARG002
        """The levels say so; that we are still there, only the homeserver knows."""
        room = self._room_of(address.partition("/")[0])
        if room is None and address.startswith("@"):
            return UNWRITTEN
        return await done(self._can_write(room.id if room else address.partition("/")[0]), SEND)

    async def _can_write(self, address: str) -> Carried:
        room, me = await self._known(address), self.link.rooms.me
        if not room.can(me, self.kind_in(room)):
            return Carried(state=ActState.FORBIDDEN, sentence=f"no-permission|{SEND}")
        if address not in self._writable:
            await self.link.wire.ask("PUT", room_path(room.id, "typing", me), {"typing": False})
            self._writable[address] = DONE
        return DONE

    async def warn(self, space: Space, warning: Answer) -> bool:
        """Somebody who runs the place, where we are alone with them, or else the place."""
        rooms = self.link.rooms
        place = rooms.find(space.channel) or rooms.find(space.community)
        if place is None:
            return False
        staff = (who for who in sorted(place.members) if place.right_of(who) is Right.MANAGER)
        alone = next((room for who in staff if (room := rooms.with_person(who))), None)
        key = f"warning {datetime.now().isoformat()}"
        heading = place.name if alone else ""
        return await kept(self.say((alone or place).id, warning, key, heading=heading)) is not None

    async def withdraw(self, receipt: str) -> Carried:
        room, _, event = receipt.partition("/")
        return await self._gone(room, event)

    async def _gone(self, room: str, event: str) -> Carried:
        """Take a message of the bot away; one that is gone is as it should be."""
        carried = await done(self._redact_whole(room, event, event), REDACT)
        return DONE if carried.state is ActState.GONE else carried

    async def react(self, event: ImageEvent, message: str, on: bool) -> Carried:
        return await done(self._react(event.space.channel, message, on), SEND)

    async def _react(self, room: str, message: str, on: bool) -> Carried:
        if on and await self.event(room, message) is None:
            return GONE
        try:
            marks = await self._own_marks(room, message)
        except NotGiven as error:
            if error.is_gone and not on:
                return DONE
            raise
        if on and FLAG not in marks:
            await self._mark(room, message, FLAG, f"flag {message} {datetime.now().isoformat()}")
        if not on and FLAG in marks:
            await self.redact(room, marks[FLAG], marks[FLAG])
        return DONE

    async def delete(self, event: ImageEvent, message: str, removal: Removal) -> Carried:
        return await done(self._delete(event.space.channel, message, removal), REDACT)

    async def _delete(self, room: str, message: str, removal: Removal) -> Carried:
        found = await self.event(room, message)
        if found is None:
            return DONE if removal.tries > 1 else GONE
        reason = said(Words.of(removal.language), removal.reason)
        await self._redact_whole(room, message, message, reason)
        return DONE

    async def erase(self, event: ImageEvent, message: str) -> Carried:
        return await self._gone(event.space.channel, message)

    async def restrict(
        self,
        event: ImageEvent,  # noqa: ARG002
        until: datetime | None,
        reason: Said,  # noqa: ARG002
        language: str,  # noqa: ARG002
        before: str,  # noqa: ARG002
    ) -> Carried:
        """See `authors`."""
        return NO_TIMEOUT if until else DONE

    async def on_author(self, event: ImageEvent, measure: Measure) -> Carried:
        authors = Authors(self.link.wire, self.link.rooms)
        return await done(authors.take(event, measure), RIGHTS.get(measure.act, ("", ""))[1])

    async def tell(self, event: ImageEvent, message: Outgoing, aloud: Answer | None) -> Carried:
        """Where we are alone with the author, or else in the room."""
        return await done(self._tell(event, message, aloud), SEND)

    async def _tell(self, event: ImageEvent, message: Outgoing, aloud: Answer | None) -> Carried:
        room = self.link.rooms.with_person(event.author)
        if room:
            await self.say(room.id, message.answer, message.key)
            return DONE
        if aloud is None:
            return NOT_ALONE
        sent = await self.say(event.space.channel, aloud, message.key, in_thread(event.thread))
        return replace(DONE, receipt=sent)

    async def repost(self, removed: Removed) -> Carried:
        return await done(self._repost(removed), SEND)

    async def _repost(self, removed: Removed) -> Carried:
        """The file as it was: a redaction takes its address and its keys out of the event, not the file away."""
        hint = read_hint(removed.event.hint) or self._files.get(removed.event.image, {})
        if not hint:
            return NO_ORIGINAL
        above = said(Words.of(removed.language), removed.above)
        name = removed.event.file_name or "picture"
        content: Json = {
            **{key: hint[key] for key in ("url", "file", "info") if key in hint},
            "msgtype": hint.get("msgtype") or "m.image",
            "filename": name,
            "body": "\n\n".join(filter(None, (above, removed.text))),
            "m.mentions": {},
        }
        relation = in_thread(removed.event.thread)
        content |= {"m.relates_to": relation} if relation else {}
        return replace(DONE, receipt=await self.send(removed.event.space.channel, content, removed.key))


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


def _decrypted(data: bytes, file: Mapping[str, Any]) -> bytes:
    """The file in clear; raises Unscannable for one that is not what its sender says."""
    key, hashes = mapping_of(file, "key"), mapping_of(file, "hashes")
    try:
        return bytes(decrypt_attachment(data, text_of(key, "k"), text_of(hashes, "sha256"), text_of(file, "iv")))
    except (EncryptionError, ValueError, TypeError) as error:
        raise Unscannable("corrupt", "The file can't be decrypted: it is not the one that was sent.") from error
