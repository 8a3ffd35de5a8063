"""What the library for encryption wants to ask the homeserver for, and how it reads the answers. No I/O.

    by itself       uploads   queries   claims   messages           before something is sent    BEFORE_SENDING

All of it is called in the thread of the keys (`keys`), which has it asked.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from nio.responses import (
    JoinedMembersResponse,
    KeysClaimResponse,
    KeysQueryResponse,
    KeysUploadResponse,
    Response,
    ShareGroupSessionResponse,
    ToDeviceResponse,
)

from bot.fronts.matrix.wire import ENCRYPTED, Json, mapping_of, part, room_path
from core.errors import RetryLater

ONE_TIME = "signed_curve25519"
REMOTE_MS = 10_000
"""How long the homeserver may wait for those of others."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request, and what the library makes of its answer; reading raises RetryLater for one that says nothing."""

    method: str
    path: str
    body: Json | None
    read: Callable[[Json], Iterable[Response]]


class Asks:
    """What one client wants."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._upload: Json | None = None
        self._unanswered: set[str] = set()

    def forget(self) -> None:
        """Nothing is on its way: the keys are as they were before."""
        self._upload = None

    def uploads(self) -> list[Ask]:
        """The device's keys, and one-time keys where they run low: the same ones until they have arrived."""
        if not self._client.should_upload_keys:
            return []
        if self._upload is None:
            self._upload = self._client.olm.share_keys()
            self._client.olm.save_account()
        return [Ask("POST", "/keys/upload", self._upload, self._uploaded)]

    def _uploaded(self, said: Json) -> Iterator[Response]:
        count = mapping_of(said, "one_time_key_counts").get(ONE_TIME)
        if type(count) is not int:
            raise RetryLater("unreachable")
        self._upload = None
        yield KeysUploadResponse(0, count)

    def renew_upload(self) -> None:
        """Other keys the next time: the homeserver has some of these names, as after a restored backup."""
        self._upload = None
        self._client.olm.mark_keys_as_published()
        self._client.olm.save_account()

    def queries(self) -> list[Ask]:
        return self._query(set(self._client.users_for_key_query))

    def devices(self, room: str) -> list[Ask]:
        """Devices of those who are there and may have new ones; whose server is silent is asked by `run` alone."""
        return self._query(self._client.users_for_key_query & set(self._client.rooms[room].users) - self._unanswered)

    def _query(self, users: set[str]) -> list[Ask]:
        body = {"device_keys": {one: [] for one in sorted(users)}, "timeout": REMOTE_MS}
        return [Ask("POST", "/keys/query", body, self._queried)] if users else []

    def _queried(self, said: Json) -> Iterator[Response]:
        """A person at a time: nobody's odd devices hide those of others."""
        for user, devices in mapping_of(said, "device_keys").items():
            response = KeysQueryResponse.from_dict({"device_keys": {user: devices}, "failures": {}})
            if isinstance(response, KeysQueryResponse):
                yield response
            else:
                self._client.users_for_key_query.discard(user)
        self._unanswered = set(self._client.users_for_key_query)

    def claims(self) -> list[Ask]:
        return self._claim(self._client.get_users_for_key_claiming()) if self._client.should_claim_keys else []

    def sessions(self, room: str) -> list[Ask]:
        needs = self._client.olm.should_share_group_session(room)
        return self._claim(self._client.get_missing_sessions(room)) if needs else []

    def _claim(self, devices: Json) -> list[Ask]:
        wanted = {user: dict.fromkeys(those, ONE_TIME) for user, those in devices.items()}
        body = {"one_time_keys": wanted, "timeout": REMOTE_MS}
        return [Ask("POST", "/keys/claim", body, _claimed)] if wanted else []

    def messages(self) -> list[Ask]:
        return [
            _to_device(one.type, one.as_dict(), ToDeviceResponse(one))
            for one in self._client.outgoing_to_device_messages
        ]

    def members(self, room: str) -> list[Ask]:
        if self._client.rooms[room].members_synced:
            return []

        def read(said: Json) -> Iterator[Response]:
            response = JoinedMembersResponse.from_dict(said, room)
            if not isinstance(response, JoinedMembersResponse):
                raise RetryLater("unreachable")
            yield response

        return [Ask("GET", room_path(room, "joined_members"), None, read)]

    def shares(self, room: str) -> list[Ask]:
        """The session, for each device that has not got it."""
        if not self._client.olm.should_share_group_session(room):
            return []
        users = list(self._client.rooms[room].users)
        shares = self._client.olm.share_group_session_parallel(room, users, ignore_unverified_devices=True)
        return [_to_device(ENCRYPTED, body, ShareGroupSessionResponse(room, devices)) for devices, body in shares]


def _to_device(kind: str, body: Json, response: Response) -> Ask:
    return Ask("PUT", f"/sendToDevice/{part(kind)}/{uuid4()}", body, lambda _said: (response,))


def _claimed(said: Json) -> Iterator[Response]:
    """A person at a time."""
    for user, devices in mapping_of(said, "one_time_keys").items():
        response = KeysClaimResponse.from_dict({"one_time_keys": {user: devices}, "failures": {}})
        if isinstance(response, KeysClaimResponse):
            yield response
