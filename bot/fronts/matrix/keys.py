"""Encrypted rooms: the library's keys and its store, in a thread of their own, since both block.

    sync answer --heard--> keys of others, devices, members; which sessions' keys came
    event --clear--> the event as it was written, None while its key is missing
    content --veiled--> what is sent to an encrypted room
    run         what the library wants to ask the homeserver for, until it was answered

matrix-nio's client asks nobody by itself: what it wants goes over the wire, with its errors and its back-off. What it
learns is on the disk as a whole or not at all, and then the same comes again.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from nio import Client, ClientConfig, Event, ForwardedRoomKeyEvent, MegolmEvent, RoomKeyEvent, SyncResponse
from nio.crypto import Olm
from nio.exceptions import EncryptionError, LocalProtocolError
from nio.store import MatrixStore
from peewee import PeeweeException

from bot.fronts.matrix.asks import ONE_TIME, Ask, Asks
from bot.fronts.matrix.folder import STORE, Login, private
from bot.fronts.matrix.wire import Json, NotGiven, SignedOut, Wire, events_of, mapping_of, trouble, whole_text
from core.backoff import BOT_API, Pauses
from core.errors import DiskFull, EnvironmentTrouble, ResightError, RetryLater
from handlers.bell import Bell

CLOSE_S, REST_S = 10.0, 60.0
NOT_STORED = (PeeweeException, sqlite3.Error)
UNREADABLE = (EncryptionError, AssertionError, ValueError, KeyError, TypeError)
WITHOUT_KEYS = ("m.reaction", "m.room.redaction")
"""What is sent in clear in every room."""

OTHERS = (
    "The keys in '{file}' are not those of the bot's device {device}: others could not read it, nor trust it. "
    "Restore the folder '{folder}' from a backup; or delete it, and the bot signs in as a new device "
    "(a RESIGHT_MATRIX_TOKEN has to be a new one then)."
)

log = logging.getLogger(__name__)
logging.getLogger("nio").setLevel(logging.CRITICAL)  # what it can't decrypt is told by us, in a sentence


class Store(MatrixStore):  # type: ignore[misc]  # nio has no types
    """One file with all that is kept. Nobody is trusted more than others: whoever is in a room is written for.

    The library's own store lists in further files whom it has written for, by name: nobody needs that.
    """

    def ignore_devices(self, devices: object) -> None:
        """Keep nothing of them."""

    def is_device_verified(self, device: object) -> bool:  # noqa: ARG002
        return False

    def is_device_blacklisted(self, device: object) -> bool:  # noqa: ARG002
        return False

    def is_device_ignored(self, device: object) -> bool:  # noqa: ARG002
        return False


class Keys:
    """The keys of one device. All that touches them runs in the thread, one after the other."""

    def __init__(self, login: Login, folder: Path, wire: Wire) -> None:
        self._login, self._folder, self._wire = login, folder, wire
        self._thread = ThreadPoolExecutor(1, "matrix-keys")
        self._client: Any = None
        self._came: set[str] = set()
        self._asks = Asks(None)
        self._is_stale = False
        self._turn = asyncio.Lock()
        self._bell = Bell()

    async def open(self) -> None:
        """Load the keys, or make them; raises EnvironmentTrouble for a store that can't be read."""
        try:
            await self._in_thread(self._open)
        except Exception as error:
            raise EnvironmentTrouble(f"The keys in '{self._folder / STORE}' can't be read ({error}).") from error

    async def introduced(self) -> str:
        """The key that others know the device by; raises EnvironmentTrouble if it is not that of our store.

        What the homeserver has lost, as when it ended the login, it is given again.
        """
        own: str = self._client.olm.account.identity_keys["ed25519"]
        published = await self._published()
        if {self._login.key, published} - {"", own}:
            file, folder = self._folder / STORE, self._folder
            raise EnvironmentTrouble(OTHERS.format(file=file, device=self._login.device, folder=folder))
        if not published:
            await self._in_thread(self._whole, self._unshare)
        return own

    async def close(self) -> None:
        """End the thread: it waits for nobody, so that is soon."""
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._in_thread(self._close)
        except TimeoutError:
            log.warning("The keys could not be closed within %.0f s.", CLOSE_S)
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def run(self) -> None:
        """Exchange keys with the homeserver until cancelled; raises SignedOut."""
        pauses = Pauses(BOT_API)
        while True:
            try:
                await self._exchange()
                pauses.forget()
                await self._bell.wait(REST_S)
            except SignedOut:
                raise
            except (NotGiven, ResightError) as error:
                log.info("Keys are exchanged later: %s", error)
                await asyncio.sleep(pauses.after(asked=error.after if isinstance(error, RetryLater) else 0))

    async def heard(self, answer: Json) -> frozenset[str]:
        """Take in an answer of /sync and return the sessions whose keys came with it; raises DiskFull."""
        came: frozenset[str] = await self._in_thread(self._whole, self._take_in, _of_keys(answer))
        self._bell.ring()
        return came

    async def clear(self, room: str, events: Sequence[Json]) -> list[Json | None]:
        """Encrypted events as they were written; None for those whose key is missing."""
        if not events:
            return []
        found: list[Json | None] = await self._in_thread(lambda: [self._one_clear(room, event) for event in events])
        return found

    async def veiled(self, room: str, kind: str, content: Json) -> tuple[str, Json]:
        """The type and the content to be sent to an encrypted room, for all devices in it.

        Raises RetryLater, and NotGiven as any request does.
        """
        if kind in WITHOUT_KEYS:
            return kind, content
        try:
            async with self._turn:
                for step in (self._asks.members, self._asks.devices, self._asks.sessions, self._asks.shares):
                    await self._ask_all(step, room)
                veiled: tuple[str, Json] = await self._in_thread(self._whole, self._veil, room, kind, content)
                return veiled
        except (EncryptionError, LocalProtocolError, KeyError, DiskFull) as error:
            log.info("A message is encrypted later: %s", error)
            raise RetryLater("unreachable") from None

    async def forget(self, room: str) -> None:
        """Another session from now on: who left reads nothing more. The library does so by itself for members."""
        await self._in_thread(self._client.invalidate_outbound_session, room)

    # --- in the thread

    async def _in_thread(self, call: Callable[..., Any], *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *given)

    def _whole(self, call: Callable[..., Any], *given: Any) -> Any:
        """What the call learns is on the disk as a whole; or nothing has happened, and DiskFull is raised."""
        try:
            if self._is_stale:
                self._as_stored()
            with self._client.store.database.atomic():
                return call(*given)
        except NOT_STORED as error:
            self._is_stale = True
            raise DiskFull(f"Keys can't be stored in '{self._folder / STORE}' ({error}).") from None

    def _as_stored(self) -> None:
        """Forget what could not be stored: the library would take it for known when it comes again."""
        before = self._client.olm
        self._client.olm = Olm(self._login.user, self._login.device, self._client.store)
        self._client.olm.users_for_key_query |= before.users_for_key_query
        self._client.olm.uploaded_key_count = before.uploaded_key_count
        self._client.next_batch, self._is_stale = "", False
        self._asks.forget()

    def _open(self) -> None:
        private(self._folder, STORE)
        for left in self._folder.glob("*_devices"):  # of before `Store`
            left.unlink()
        config = ClientConfig(store=Store, encryption_enabled=True, store_name=STORE)
        self._client = Client(self._login.user, self._login.device, str(self._folder), config)
        self._client.restore_login(self._login.user, self._login.device, self._login.token)
        self._client.add_to_device_callback(self._note, (RoomKeyEvent, ForwardedRoomKeyEvent))
        self._asks = Asks(self._client)

    def _close(self) -> None:
        if self._client and self._client.store:
            self._client.store.database.close()

    def _unshare(self) -> None:
        self._client.olm.account.shared = False
        self._client.olm.save_account()

    def _note(self, event: RoomKeyEvent | ForwardedRoomKeyEvent) -> None:
        self._came.add(event.session_id)

    def _take_in(self, answer: Json) -> frozenset[str]:
        for one in _parts(answer):
            self._take_part(one)
        count = answer["device_one_time_keys_count"].get(ONE_TIME)
        if count is not None:
            self._client.olm.uploaded_key_count = count  # the library takes 0 for nothing said
        came, self._came = frozenset(self._came), set()
        return came

    def _take_part(self, one: Json) -> None:
        """Anybody can write to our device: what the library can't read is dropped, or it would come again for ever."""
        try:
            response = SyncResponse.from_dict(one)
            if isinstance(response, SyncResponse):
                self._client.receive_response(response)
            else:
                log.warning("A part of what came for our keys can't be read: %s", response)
        except NOT_STORED:
            raise
        except Exception as error:
            log.warning("Something that was sent to our device can't be read (%s).", type(error).__name__)

    def _one_clear(self, room: str, raw: Json) -> Json | None:
        """The event with its type and content; all else is as the homeserver says it."""
        try:
            event = Event.parse_encrypted_event({**raw, "room_id": room})
            if not isinstance(event, MegolmEvent):
                return None
            event.sender_key = event.sender_key or self._sender_key(room, event.session_id)
            found = self._client.olm.decrypt_megolm_event(event, room)
        except UNREADABLE:
            return None
        source = found.source if isinstance(found.source, dict) else {}
        content, kind = source.get("content"), source.get("type")
        if not isinstance(content, dict) or not isinstance(kind, str):
            return None
        clear: Json = whole_text({**raw, "type": kind, "content": _related(content, raw)})
        return clear

    def is_secret(self, room: str) -> bool:
        """Return whether the room is encrypted, or has been at any time since the bot first heard of the room."""
        return self._client is not None and room in self._client.encrypted_rooms

    def _sender_key(self, room: str, session: str) -> str:
        """Newer clients name the session alone."""
        senders = self._client.olm.inbound_group_store._entries.get(room, {})
        return next((key for key, sessions in senders.items() if session in sessions), "")

    def _veil(self, room: str, kind: str, content: Json) -> tuple[str, Json]:
        self._client.olm.outbound_group_sessions[room].shared = True  # with nobody, where nobody else has a device
        veiled, hidden = self._client.encrypt(room, kind, content)
        return str(veiled), dict(hidden)

    # --- requests to the homeserver

    async def _published(self) -> str:
        """The key by which the homeserver knows our device; "" for none."""
        user, device = self._login.user, self._login.device
        try:
            said = await self._wire.ask("POST", "/keys/query", {"device_keys": {user: [device]}})
        except NotGiven as error:
            raise trouble(error, "does not say which keys our device has") from None
        ours = mapping_of(mapping_of(mapping_of(said, "device_keys"), user), device)
        return str(mapping_of(ours, "keys").get(f"ed25519:{device}", ""))

    async def _exchange(self) -> None:
        """What fails holds up nothing else; raises the last of these errors."""
        failed: Exception | None = None
        asks = self._asks
        for step in (asks.uploads, asks.queries, asks.claims, asks.messages):
            try:
                await self._ask_all(step)
            except SignedOut:
                raise
            except (NotGiven, ResightError) as error:
                failed = error
                if step == asks.uploads and isinstance(error, NotGiven):
                    await self._in_thread(self._whole, asks.renew_upload)
        if failed:
            raise failed

    async def _ask_all(self, step: Callable[..., Sequence[Ask]], *given: str) -> None:
        for ask in await self._in_thread(self._whole, step, *given):
            said = await self._wire.ask(ask.method, ask.path, ask.body)
            await self._in_thread(self._whole, self._answered, ask, said)

    def _answered(self, ask: Ask, said: Json) -> None:
        for response in ask.read(said):
            try:
                self._client.receive_response(response)
            except NOT_STORED:
                raise
            except Exception as error:
                log.warning("Keys of somebody can't be read (%s).", type(error).__name__)


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


def _related(content: Json, raw: Json) -> Json:
    """The content with the relation that stands outside: by that one the homeserver and apps know relations."""
    outside = mapping_of(mapping_of(raw, "content"), "m.relates_to")
    inside = {name: value for name, value in content.items() if name != "m.relates_to"}
    return {**inside, "m.relates_to": outside} if outside else inside
