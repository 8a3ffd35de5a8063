"""What the outbox has done on Matrix (`core.chat_port.Acting`); how messages are written is in `writing`.

    fetch      the file, decrypted                                 show       a notice, later a change of it
    delete     a redaction, of what the post was changed to, too   restrict   Matrix bars nobody for a while
    repost     the file as it was, by its address and its keys     on_author  see `authors`

A receipt is "room/event".
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cachetools import LRUCache, TTLCache
from nio.crypto.attachments import decrypt_attachment
from nio.exceptions import EncryptionError

from bot.fronts.matrix.authors import MYSELF, REDACT, RIGHTS, Authors
from bot.fronts.matrix.reading import (
    NEXT,
    files_in,
    read_hint,
)
from bot.fronts.matrix.rooms import Room
from bot.fronts.matrix.wire import ENCRYPTED, Json, NotGiven, done, fault, kept, mapping_of, room_path, text_of
from bot.fronts.matrix.writing import FLAG, Writing, in_thread
from core.chat import DONE, GONE, Carried, Community, Said
from core.chat_port import NOT_ALONE, Acting, Capabilities, Measure, Outgoing, Removal, Removed
from core.errors import Unscannable
from core.messages import Answer, Right
from core.telling import said
from core.types import Act, ActState, ImageEvent, Intent, Platform, Space
from core.wording import Words

SEND = "Send messages"
"""Rights, as apps name them."""

CAN = Capabilities(
    has_channels=True, answers_alone=False, links_show=False, does=frozenset({Act.TELL, Act.KICK, Act.BAN})
)
NO_ORIGINAL = Carried(state=ActState.UNSUPPORTED, sentence="no-original")
NO_TIMEOUT = Carried(state=ActState.UNSUPPORTED, sentence="no-timeout-here")
UNWRITTEN = Carried(state=ActState.FORBIDDEN, sentence="blocked")
MOST_KNOWN, STILL_S = 2_000, 5.0


class MatrixActing(Writing, Acting):
    """Acts through one account."""

    name = Platform.MATRIX.value
    can = CAN
    keeps_posts = False

    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self._most = most_bytes
        self._writable: TTLCache[str, Carried] = TTLCache(MOST_KNOWN, STILL_S)
        self._files: LRUCache[str, Json] = LRUCache(MOST_KNOWN)

    # --- files

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
        try:
            found = await self.event(event.space.channel, event.image.partition(NEXT)[0])
        except NotGiven as error:
            if error.is_refusal:
                raise Unscannable("no-access", "The bot is not in that room any more.") from None
            raise fault(error) from None
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
                await self.redact_whole(room, event, f"bare {event}")
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
        room, me = await self.room_known(address), self.link.rooms.me
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
        carried = await done(self.redact_whole(room, event, event), REDACT)
        return DONE if carried.state is ActState.GONE else carried

    async def react(self, event: ImageEvent, message: str, on: bool) -> Carried:
        return await done(self._react(event.space.channel, message, on), SEND)

    async def _react(self, room: str, message: str, on: bool) -> Carried:
        if on and await self.event(room, message) is None:
            return GONE
        try:
            marks = await self.own_marks(room, message)
        except NotGiven as error:
            if error.is_gone and not on:
                return DONE
            raise
        if on and FLAG not in marks:
            await self.mark(room, message, FLAG, f"flag {message} {datetime.now().isoformat()}")
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
        await self.redact_whole(room, message, message, reason)
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
        if event.author == self.link.rooms.me:
            return MYSELF
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


def _decrypted(data: bytes, file: Mapping[str, Any]) -> bytes:
    """The file in clear; raises Unscannable for one that is not what its sender says."""
    key, hashes = mapping_of(file, "key"), mapping_of(file, "hashes")
    try:
        return bytes(decrypt_attachment(data, text_of(key, "k"), text_of(hashes, "sha256"), text_of(file, "iv")))
    except (EncryptionError, ValueError, TypeError) as error:
        raise Unscannable("corrupt", "The file can't be decrypted: it is not the one that was sent.") from error
