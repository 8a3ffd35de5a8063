"""Encrypted rooms: the library's keys and its store, in a thread of their own, since both block.

    sync answer --heard--> keys of others, devices, members; which sessions' keys came
    event --clear--> the event as it was written, None while its key is missing
    content --veiled--> what is sent to an encrypted room

matrix-nio's client lives on the thread's own event loop and asks for keys by itself; rooms and messages are ours.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from nio import (
    AsyncClient,
    AsyncClientConfig,
    Event,
    ForwardedRoomKeyEvent,
    MegolmEvent,
    RoomKeyEvent,
    SyncResponse,
)
from nio.exceptions import EncryptionError, LocalProtocolError, OlmUnverifiedDeviceError

from bot.fronts.matrix.folder import STORE, Login
from bot.fronts.matrix.wire import Json, events_of, mapping_of
from core.errors import EnvironmentTrouble, RetryLater
from core.walls import stopped

ENCRYPTED = "m.room.encrypted"
CALL_S = 60.0
NO_ANSWER = (aiohttp.ClientError, OSError, TimeoutError)
WITHOUT_KEYS = ("m.reaction", "m.room.redaction")
"""What is sent in clear in every room."""

log = logging.getLogger(__name__)
logging.getLogger("nio").setLevel(logging.CRITICAL)  # what it can't decrypt is told by us, in a sentence


class Keys:
    """The keys of one device. All that touches them runs in the thread, one after the other."""

    def __init__(self, login: Login, folder: Path) -> None:
        self._login, self._folder = login, folder
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="matrix-keys", daemon=True)
        self._client: AsyncClient | None = None
        self._came: set[str] = set()
        self._exchange: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Load the keys, or make them; raises EnvironmentTrouble for a store that can't be read."""
        self._thread.start()
        try:
            await self._in_thread(self._open)
        except Exception as error:
            raise EnvironmentTrouble(f"The keys in '{self._folder / STORE}' can't be read ({error}).") from error

    async def close(self) -> None:
        """End the thread; what it has in hand is given up."""
        try:
            await self._in_thread(self._close)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            await asyncio.to_thread(self._thread.join, CALL_S)

    async def heard(self, answer: Json) -> frozenset[str]:
        """Take in an answer of /sync and return the sessions whose keys came with it; raises RetryLater."""
        return await self._in_thread(partial(self._heard, _of_keys(answer)))

    async def clear(self, room: str, events: Sequence[Json]) -> list[Json | None]:
        """Encrypted events as they were written; None for those whose key is missing."""
        if not events:
            return []
        return await self._in_thread(partial(self._clear, room, events))

    async def veiled(self, room: str, kind: str, content: Json) -> tuple[str, Json]:
        """The type and the content to be sent to an encrypted room, for all devices in it; raises RetryLater."""
        if kind in WITHOUT_KEYS:
            return kind, content
        return await self._in_thread(partial(self._veiled, room, kind, content))

    async def forget(self, room: str) -> None:
        """Another session from now on: who left reads nothing more. The library does so by itself for members."""

        async def drop() -> None:
            assert self._client
            self._client.invalidate_outbound_session(room)

        await self._in_thread(drop)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    async def _in_thread[T](self, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call(), self._loop))

    async def _open(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / STORE).touch(mode=0o600)
        config = AsyncClientConfig(
            encryption_enabled=True, store_name=STORE, max_limit_exceeded=0, max_timeouts=0, request_timeout=30
        )
        self._client = AsyncClient(
            self._login.homeserver, self._login.user, self._login.device, str(self._folder), config
        )
        self._client.restore_login(self._login.user, self._login.device, self._login.token)
        self._client.add_to_device_callback(self._note, (RoomKeyEvent, ForwardedRoomKeyEvent))
        self._turn = asyncio.Lock()

    async def _close(self) -> None:
        if self._exchange:
            await stopped([self._exchange])
        if self._client:
            await self._client.close()
            if self._client.store:
                self._client.store.database.close()

    async def _note(self, event: RoomKeyEvent | ForwardedRoomKeyEvent) -> None:
        self._came.add(event.session_id)

    async def _heard(self, answer: Json) -> frozenset[str]:
        async with self._turn:
            for part in _parts(answer):
                await self._take_in(part)
        if self._exchange is None or self._exchange.done():
            self._exchange = asyncio.create_task(self._keep_up())
        came, self._came = frozenset(self._came), set()
        return came

    async def _take_in(self, part: Json) -> None:
        """Anybody can write to our device: what the library can't read is dropped, or it would come again for ever."""
        assert self._client
        try:
            response = SyncResponse.from_dict(part)
            if isinstance(response, SyncResponse):
                await self._client.receive_response(response)
            else:
                log.warning("A part of what came for our keys can't be read: %s", response)
        except Exception as error:
            log.warning("Something that was sent to our device can't be read (%s).", type(error).__name__)

    async def _keep_up(self) -> None:
        """What the library wants to ask the homeserver for, beside what comes in; what fails is asked for later."""
        client = self._client
        assert client
        try:
            if client.should_upload_keys:
                await client.keys_upload()
            if client.should_query_keys:
                await client.keys_query()
            if client.should_claim_keys:
                await client.keys_claim(client.get_users_for_key_claiming())
            await client.send_to_device_messages()
        except (*NO_ANSWER, LocalProtocolError) as error:
            log.info("Keys were not exchanged: %s", error)

    async def _clear(self, room: str, events: Sequence[Json]) -> list[Json | None]:
        async with self._turn:
            return [self._one_clear(room, event) for event in events]

    def _one_clear(self, room: str, raw: Json) -> Json | None:
        """The event with its type and content; all else is as the homeserver says it."""
        assert self._client and self._client.olm
        event = Event.parse_encrypted_event({**raw, "room_id": room})
        if not isinstance(event, MegolmEvent):
            return None
        event.sender_key = event.sender_key or self._sender_key(room, event.session_id)
        try:
            found = self._client.olm.decrypt_megolm_event(event, room)
        except (EncryptionError, AssertionError, ValueError, KeyError, TypeError):
            return None
        source = found.source if isinstance(found.source, dict) else {}
        content, kind = source.get("content"), source.get("type")
        if not isinstance(content, dict) or not isinstance(kind, str):
            return None
        return {**raw, "type": kind, "content": content}

    def _sender_key(self, room: str, session: str) -> str:
        """Newer clients name the session alone."""
        assert self._client and self._client.olm
        senders = self._client.olm.inbound_group_store._entries.get(room, {})
        return next((key for key, sessions in senders.items() if session in sessions), "")

    async def _veiled(self, room: str, kind: str, content: Json) -> tuple[str, Json]:
        assert self._client and self._client.olm
        async with self._turn:
            try:
                if not self._client.rooms[room].members_synced:
                    await self._client.joined_members(room)
                if self._client.should_query_keys:
                    await self._client.keys_query()
                if self._client.olm.should_share_group_session(room):
                    await self._client.share_group_session(room, ignore_unverified_devices=True)
                veiled, hidden = self._client.encrypt(room, kind, content)
                return str(veiled), dict(hidden)
            except (*NO_ANSWER, EncryptionError, LocalProtocolError, OlmUnverifiedDeviceError, KeyError):
                raise RetryLater("unreachable") from None


def _of_keys(answer: Json) -> Json:
    """What of an answer of /sync the keys depend on: who is in a room and whether it is encrypted, no message."""
    joined = mapping_of(mapping_of(answer, "rooms"), "join")
    return {
        "next_batch": str(answer.get("next_batch", "")),
        "device_one_time_keys_count": _counts(mapping_of(answer, "device_one_time_keys_count")),
        "device_lists": {name: _users(mapping_of(answer, "device_lists").get(name)) for name in ("changed", "left")},
        "to_device": {"events": list(events_of(answer, "to_device"))},
        "rooms": {"invite": {}, "leave": {}, "join": {room: _state_of(mapping_of(joined, room)) for room in joined}},
    }


def _counts(said: Json) -> Json:
    return {name: count for name, count in said.items() if type(count) is int}


def _users(said: object) -> list[str]:
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []


def _parts(answer: Json) -> Iterator[Json]:
    """What was sent to our device, an event at a time, and then all else; the library skips a token that it knows."""
    nothing: Json = {"rooms": {"invite": {}, "leave": {}, "join": {}}}
    token = answer["next_batch"]
    for number, event in enumerate(answer["to_device"]["events"]):
        yield {**answer, **nothing, "next_batch": f"{token} {number}", "to_device": {"events": [event]}}
    yield {**answer, "to_device": {"events": []}}


def _state_of(room: Json) -> Json:
    state = [*events_of(room, "state"), *(one for one in events_of(room, "timeline") if "state_key" in one)]
    nothing: Json = {"events": []}
    return {
        "state": {"events": state},
        "timeline": {"events": [], "limited": False, "prev_batch": "-"},
        "ephemeral": nothing,
        "account_data": nothing,
        "summary": {},
        "unread_notifications": {},
    }
