"""Somebody who writes in encrypted rooms: `Person` over matrix-nio, with a device and keys of their own.

    async with SecretPerson("ann", homeserver.url) as ann:
        room = await ann.create_room("General", invite=[bot], encrypted=True)
        ann.keeps_keys = True         what they write from now on nobody can read yet
        await ann.hand_out_keys()     now they can

What they read is in the open: `messages` has the events as they were before they were encrypted.
"""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import nio
import pytest
from nio import AsyncClient, AsyncClientConfig, ShareGroupSessionResponse
from nio.crypto.attachments import decrypt_attachment, encrypt_attachment

from tests.peers.matrix_people import NEWEST, POLL_MS, Person
from tests.peers.matrix_timeline import Json, Message

KEYS = "/sendToDevice/m.room.encrypted/"


class Discreet(AsyncClient):  # type: ignore[misc]  # nio has no types
    """Keeps the keys of rooms to itself for as long as it is told to."""

    keeps_keys = False

    def __init__(self, *of_nio: Any, **more: Any) -> None:
        super().__init__(*of_nio, **more)
        self.kept: list[Callable[[], Coroutine[Any, Any, Any]]] = []

    async def _send(self, kind: Any, method: str, path: str, *rest: Any, **more: Any) -> Any:
        if not (self.keeps_keys and KEYS in path):
            return await super()._send(kind, method, path, *rest, **more)
        self.kept.append(lambda: AsyncClient._send(self, kind, method, path, *rest, **more))
        room, shared_with = more["response_data"]
        return ShareGroupSessionResponse(room, shared_with)


class SecretPerson(Person):
    """An async context manager."""

    def __init__(self, name: str, url: str, *, reads: bool = True) -> None:
        super().__init__(name, url, reads=reads)
        self._folder = tempfile.TemporaryDirectory(prefix="resight-secret-")
        config = AsyncClientConfig(encryption_enabled=True, max_timeouts=3)
        self.client = Discreet(url, self.id, store_path=self._folder.name, config=config)
        self._unread: dict[str, nio.MegolmEvent] = {}

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self

    async def _begin(self, account: Json) -> None:
        """Upload this device's keys before anybody writes to it."""
        self.client.restore_login(account["user_id"], account["device_id"], account["access_token"])
        await self.client.keys_upload()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await super().__aexit__(kind, error, trace)
        await self.client.close()
        if self.client.store:
            self.client.store.database.close()
        self._folder.cleanup()

    # --- reading

    async def _sync(self) -> None:
        """As nio's `sync_forever`, one round."""
        answer = await self.client.sync(POLL_MS if self._since else 0, NEWEST, self._since or None)
        if not isinstance(answer, nio.SyncResponse):
            raise TimeoutError(f"no sync: {answer}")
        await self._exchange_keys()
        for room, part in answer.rooms.join.items():
            for event in (*part.state, *part.timeline.events):
                self._heard(room, event)
        self._read_again()
        await self._invited(answer.rooms.invite)
        self._since = answer.next_batch

    async def _exchange_keys(self) -> None:
        client = self.client
        if client.should_upload_keys:
            await client.keys_upload()
        if client.should_query_keys:
            await client.keys_query()
        if client.should_claim_keys:
            await client.keys_claim(client.get_users_for_key_claiming())
        await client.send_to_device_messages()

    def _heard(self, room: str, event: nio.Event) -> None:
        if isinstance(event, nio.MegolmEvent):
            self._unread[event.event_id] = event
            event.room_id = room
        self._take(room, event.source)

    def _read_again(self) -> None:
        """What could not be read before its key came."""
        for event in list(self._unread.values()):
            try:
                found = self.client.decrypt_event(event)
            except nio.EncryptionError:
                continue
            del self._unread[event.event_id]
            self._take(event.room_id, found.source)

    async def picture(self, message: Message) -> bytes:
        """The bytes of a picture that was posted in an encrypted room or in a plain one."""
        file = message.content.get("file")
        if not file:
            return await self.api.get(message.content["url"])
        data = await self.api.get(file["url"])
        return bytes(decrypt_attachment(data, file["key"]["k"], file["hashes"]["sha256"], file["iv"]))

    # --- writing

    def is_secret(self, room: str) -> bool:
        """Whether this person knows the room to be encrypted."""
        return room in self.client.rooms and bool(self.client.rooms[room].encrypted)

    async def create_room(self, name: str, invite: Any = (), *, encrypted: bool = False, **more: Any) -> str:
        room = await super().create_room(name, invite, encrypted=encrypted, **more)
        await self.until(lambda: room in self.client.rooms and self.is_secret(room) == encrypted)
        return room

    async def send(self, room: str, kind: str, content: Json) -> str:
        if not self.is_secret(room):
            return await super().send(room, kind, content)
        sent = await self.client.room_send(room, kind, content, ignore_unverified_devices=True)
        assert isinstance(sent, nio.RoomSendResponse), sent
        return str(sent.event_id)

    async def file(self, room: str, data: bytes, kind: str, name: str) -> Json:
        if not self.is_secret(room):
            return await super().file(room, data, kind, name)
        secret, keys = await asyncio.to_thread(encrypt_attachment, data)
        return {"file": {"url": await self.api.put_up(secret, "application/octet-stream", name), **keys}}

    @property
    def keeps_keys(self) -> bool:
        """Whether what this person writes can't be read by others yet."""
        return self.client.keeps_keys

    @keeps_keys.setter
    def keeps_keys(self, keeps: bool) -> None:
        """A new key for each room: what was handed out before stays handed out."""
        self.client.keeps_keys = keeps
        for room in list(self.client.olm.outbound_group_sessions) if keeps else ():
            self.client.invalidate_outbound_session(room)

    async def hand_out_keys(self) -> None:
        """Send the keys that were kept so far."""
        self.client.keeps_keys = False
        kept, self.client.kept = self.client.kept, []
        for send in kept:
            await send()


class AtOnce(Executor):
    """What is given to it is done before it is asked for."""

    def __init__(self, *_of_threads: Any) -> None:
        super().__init__()

    def submit[T](self, call: Callable[..., T], /, *given: Any, **more: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(call(*given, **more))
        except BaseException as error:  # whoever asked gets it, as from a thread
            done.set_exception(error)
        return done


@contextmanager
def bot_beside_people() -> Iterator[None]:
    """Let a bot of this process share its thread with people: the library binds its tables to one store at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.fronts.matrix.keys.ThreadPoolExecutor", AtOnce)
        yield


async def until_they_know(person: SecretPerson, room: str, other: str) -> None:
    """Until that person could write for somebody else in an encrypted room: the other's devices are known."""

    def knows() -> bool:
        return other in person.client.rooms[room].users and bool(person.client.device_store.active_user_devices(other))

    await person.until(knows)
