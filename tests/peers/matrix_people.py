"""People on a homeserver: what they do over the client-server API, and what they then read.

    async with Person("ann", homeserver.url) as ann:
        room = await ann.create_room("General", invite=[bot])
        event = await ann.post(room, picture)
        await ann.until(lambda: [one for one in ann.messages(room) if one.sender == bot])

What they read is a `Timeline` of `Message`s for each room. They join whatever they are invited to. What is encrypted is
another person's: `tests.peers.matrix_secret`.
"""

import asyncio
import contextlib
import hashlib
import hmac
import inspect
import io
import itertools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp

from tests.peers.matrix_homeserver import SECRET, SERVER
from tests.peers.matrix_timeline import Json, Message, Timeline, place_of

CLIENT = "/_matrix/client/v3"
NUMBERS = itertools.count(1)
PATIENCE_S = 60.0
POLL_MS = 10_000
AGAIN_S = 0.1
NOTHING: Json = {"room": {"rooms": []}, "presence": {"types": []}, "account_data": {"types": []}}
NEWEST: Json = {"room": {"timeline": {"limit": 500}}, "presence": {"types": []}}


class Refused(Exception):
    """The homeserver's answer to what somebody tried."""

    def __init__(self, status: int, answer: Json) -> None:
        super().__init__(f"{status} {answer.get('errcode')}: {answer.get('error')}")
        self.status, self.code = status, str(answer.get("errcode", ""))


class Api:
    """Requests to a homeserver as somebody: an async context manager, or to be closed."""

    def __init__(self, url: str) -> None:
        self.url, self.token = url, ""
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))

    async def ask(self, method: str, path: str, body: Any = None, /, **query: str) -> Json:
        """Ask for something under `CLIENT`, or under a path that begins with /_; raises Refused."""
        url = self.url + (path if path.startswith("/_") else CLIENT + path)
        async with self._http.request(method, url, json=body, params=query, headers=self.headers) as answer:
            found: Json = await answer.json(content_type=None)
        if answer.status >= 400:
            raise Refused(answer.status, found)
        return found

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def put_up(self, data: bytes, kind: str, name: str) -> str:
        """Upload a file; its mxc address."""
        url, headers = f"{self.url}/_matrix/media/v3/upload", {**self.headers, "Content-Type": kind}
        async with self._http.post(url, data=io.BytesIO(data), headers=headers, params={"filename": name}) as answer:
            return str((await answer.json())["content_uri"])

    async def get(self, mxc: str) -> bytes:
        """Download a file."""
        url = f"{self.url}/_matrix/client/v1/media/download/{mxc.removeprefix('mxc://')}"
        async with self._http.get(url, headers=self.headers) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def close(self) -> None:
        await self._http.close()

    def again(self) -> "Api":
        """The same login, once more: a connection lives no longer than its loop."""
        another = Api(self.url)
        another.token = self.token
        return another

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def register(api: Api, name: str, password: str = "pw", *, logs_in: bool = True) -> Json:
    """Register somebody by the shared secret; who, with a token and a device where they log in."""
    path = "/_synapse/admin/v1/register"
    nonce = (await api.ask("GET", path))["nonce"]
    text = "\0".join((nonce, name, password, "notadmin")).encode()
    mac = hmac.new(SECRET.encode(), text, hashlib.sha1).hexdigest()
    asked = {"nonce": nonce, "username": name, "password": password, "admin": False, "mac": mac}
    asked["inhibit_login"] = not logs_in
    return await api.ask("POST", path, asked)


class Person:
    """An async context manager: somebody with a name of their own, who reads along until the block ends.

    Who comes again reads what is written from then on, and knows who is where.
    """

    def __init__(self, name: str, url: str, *, reads: bool = True) -> None:
        self.name, self._reads = name, reads
        self.id = f"@{name}-{next(NUMBERS)}:{SERVER}"
        self.api = Api(url)
        self.timelines: dict[str, Timeline] = {}
        self.invites: set[str] = set()
        self.joins_all = True
        self._since = ""
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await (self._come_back() if self.api.token else self._sign_up())
        if self._reads:
            self.read()
        return self

    async def _sign_up(self) -> None:
        account = await register(self.api, self.id[1:].partition(":")[0])
        self.api.token = account["access_token"]
        await self.api.ask("PUT", f"/profile/{quote(self.id)}/displayname", {"displayname": self.name})
        await self._begin(account)

    async def _come_back(self) -> None:
        self.api, self.joins_all = self.api.again(), True
        self._since = await self._newest()
        for timeline in self.timelines.values():
            timeline.forget()

    def read(self) -> None:
        """Read along from now on."""
        self._reads = True
        self._listening = asyncio.create_task(self._listen())

    async def _begin(self, account: Json) -> None:
        """What is to be done before anybody reads."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self.api.close()

    # --- reading

    async def _listen(self) -> None:
        while True:
            try:
                await self._sync()
            except (aiohttp.ClientError, OSError, TimeoutError, Refused):
                await asyncio.sleep(AGAIN_S)  # the homeserver is away

    async def _sync(self) -> None:
        query = {"timeout": str(POLL_MS), "filter": json.dumps(NEWEST)}
        answer = await self.api.ask("GET", "/sync", **query, **({"since": self._since} if self._since else {}))
        for room, part in answer.get("rooms", {}).get("join", {}).items():
            for event in (*part["state"]["events"], *part["timeline"]["events"]):
                self._take(room, event)
        await self._invited(answer.get("rooms", {}).get("invite", {}))
        self._since = answer["next_batch"]

    def _take(self, room: str, event: Json) -> None:
        self.timelines.setdefault(room, Timeline()).take(room, event)

    async def _invited(self, rooms: Mapping[str, Any]) -> None:
        self.invites |= rooms.keys()
        for room in rooms if self.joins_all else ():
            with contextlib.suppress(Refused):
                await self.join(room)

    def messages(self, room: str) -> list[Message]:
        """What was written in a room, and is not gone, the oldest first."""
        found = self.timelines.get(room, Timeline()).messages.values()
        return [one for one in found if not one.is_gone]

    async def picture(self, message: Message) -> bytes:
        """The bytes of a picture that was posted."""
        return await self.api.get(message.content["url"])

    def message(self, room: str, event: str) -> Message:
        """One event as it is by now, also if it is gone."""
        return self.timelines[room].messages[event]

    def is_there(self, room: str, *people: str) -> bool:
        """Whether these people are in a room, as far as this one knows."""
        members = self.timelines[room].members if room in self.timelines else {}
        return all(members.get(one) == "join" for one in people)

    async def caught_up(self) -> int:
        """Until all that has happened so far was read; how much that is, as the homeserver counts."""
        now = place_of(await self._newest())
        await self.until(lambda: place_of(self._since) >= now)
        return now

    async def _newest(self) -> str:
        """The token of all that has happened so far."""
        return str((await self.api.ask("GET", "/sync", timeout="0", filter=json.dumps(NOTHING)))["next_batch"])

    async def until[T](self, wanted: Callable[[], T], timeout: float = PATIENCE_S) -> T:  # noqa: ASYNC109
        """Wait until something is true, or say what was read instead."""
        end = time.monotonic() + timeout
        while not (found := wanted()):
            if time.monotonic() > end:
                raise TimeoutError(f"not within {timeout:g} s: {_source(wanted)}\n{self.describe()}")
            await asyncio.sleep(0.02)
        return found

    def describe(self) -> str:
        """What a test that waits in vain wants to know."""
        lines = [(room, one) for room in self.timelines for one in self.messages(room)[-8:]]
        return "\n".join(f"{room[:8]} {one.sender} {one.type}: {one.body[:200]!r}" for room, one in lines)

    # --- rooms

    async def create_room(
        self, name: str, invite: Sequence[str] = (), *, encrypted: bool = False, version: str = "", **more: Any
    ) -> str:
        """Create a private room; its id. `more` is what the API takes besides."""
        asked = {"name": name, "preset": "private_chat", "invite": list(invite), "initial_state": [], **more}
        if encrypted:
            asked["initial_state"] = [*asked["initial_state"], ENCRYPTION]
        if version:
            asked["room_version"] = version
        return str((await self.api.ask("POST", "/createRoom", asked))["room_id"])

    async def create_space(self, name: str, rooms: Sequence[str], invite: Sequence[str] = (), **more: Any) -> str:
        """Create a space of these rooms; its id."""
        space = await self.create_room(name, invite, creation_content={"type": "m.space"}, **more)
        for room in rooms:
            await self.state(space, "m.space.child", {"via": [SERVER]}, room)
            await self.state(room, "m.space.parent", {"via": [SERVER], "canonical": True}, space)
        return space

    async def join(self, room: str) -> None:
        """Go in; again while the homeserver fails, because it tells of an invitation once. Raises Refused."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                await self.api.ask("POST", f"/join/{quote(room)}", {})
                return
            except (Refused, aiohttp.ClientError) as error:
                if (isinstance(error, Refused) and error.status < 500) or time.monotonic() > end:
                    raise
            await asyncio.sleep(AGAIN_S)

    async def leave(self, room: str) -> None:
        await self.api.ask("POST", f"/rooms/{quote(room)}/leave", {})

    async def invite(self, room: str, who: str) -> None:
        await self.api.ask("POST", f"/rooms/{quote(room)}/invite", {"user_id": who})

    async def kick(self, room: str, who: str) -> None:
        await self.api.ask("POST", f"/rooms/{quote(room)}/kick", {"user_id": who})

    async def state(self, room: str, kind: str, content: Json, key: str = "") -> None:
        """Set a state of the room."""
        await self.api.ask("PUT", f"/rooms/{quote(room)}/state/{kind}/{quote(key)}", content)

    async def states(self, room: str) -> dict[tuple[str, str], Json]:
        """All states of the room by kind and key; of people only whether they are there."""
        found: Any = await self.api.ask("GET", f"/rooms/{quote(room)}/state")
        contents = {(one["type"], one["state_key"]): one["content"] for one in found}
        return {
            (kind, key): {"membership": content["membership"]} if kind == "m.room.member" else content
            for (kind, key), content in contents.items()
        }

    async def state_of(self, room: str, kind: str, key: str = "") -> Json:
        return await self.api.ask("GET", f"/rooms/{quote(room)}/state/{kind}/{quote(key)}")

    async def encrypt(self, room: str) -> None:
        """Turn encryption on, for ever."""
        await self.state(room, "m.room.encryption", ENCRYPTION["content"])

    async def give_power(self, room: str, levels: Mapping[str, int], **more: Any) -> None:
        """Give people a power level each; `more` changes levels of the room, such as redact=60."""
        now = await self.state_of(room, "m.room.power_levels")
        users = now.get("users", {}) | dict(levels)
        await self.state(room, "m.room.power_levels", now | more | {"users": users})

    async def power(self, room: str, who: str) -> int:
        now = await self.state_of(room, "m.room.power_levels")
        return int(now.get("users", {}).get(who, now.get("users_default", 0)))

    async def members(self, room: str) -> Mapping[str, str]:
        """The membership of everybody who was ever there."""
        found = (await self.api.ask("GET", f"/rooms/{quote(room)}/members"))["chunk"]
        return {one["state_key"]: one["content"]["membership"] for one in found}

    # --- writing

    async def send(self, room: str, kind: str, content: Json) -> str:
        """Send an event, once the homeserver is there; its id."""
        path = f"/rooms/{quote(room)}/send/{kind}/{time.monotonic_ns()}"
        while True:
            try:
                return str((await self.api.ask("PUT", path, content))["event_id"])
            except aiohttp.ClientError:
                await asyncio.sleep(AGAIN_S)  # under the same name, so that it is sent once

    async def file(self, room: str, data: bytes, kind: str, name: str) -> Json:  # noqa: ARG002  the other person's needs it
        """Upload a file; what its event says about where it is."""
        return {"url": await self.api.put_up(data, kind, name)}

    async def post(
        self,
        room: str,
        data: bytes,
        *,
        text: str = "",
        kind: str = "image/png",
        msgtype: str = "m.image",
        relates: Json | None = None,
        **info: Any,
    ) -> str:
        """Post a picture or another file, with a caption; its event."""
        return await self.send(
            room, "m.room.message", await self.content(room, data, text, kind, msgtype, relates, info)
        )

    async def content(
        self, room: str, data: bytes, text: str, kind: str, msgtype: str, relates: Json | None, info: Json
    ) -> Json:
        name = f"picture.{kind.partition('/')[2]}"
        where = await self.file(room, data, kind, name)
        about = {"mimetype": kind, "size": len(data), **info}
        content: Json = {"msgtype": msgtype, "body": text or name, "filename": name, "info": about, **where}
        return content | ({"m.relates_to": relates} if relates else {})

    async def sticker(self, room: str, data: bytes, kind: str = "image/png") -> str:
        where = await self.file(room, data, kind, "sticker.png")
        return await self.send(room, "m.sticker", {"body": "sticker", "info": {"mimetype": kind}, **where})

    async def write(self, room: str, text: str, *, relates: Json | None = None, msgtype: str = "m.text") -> str:
        content: Json = {"msgtype": msgtype, "body": text}
        return await self.send(room, "m.room.message", content | ({"m.relates_to": relates} if relates else {}))

    async def edit(self, room: str, event: str, content: Json) -> str:
        """Edit an event: this is its new content."""
        replaces = {"rel_type": "m.replace", "event_id": event}
        now = content | {"body": f"* {content.get('body', '')}", "m.new_content": content, "m.relates_to": replaces}
        return await self.send(room, "m.room.message", now)

    async def react(self, room: str, event: str, key: str) -> str:
        return await self.send(
            room, "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": key}}
        )

    async def redact(self, room: str, event: str) -> None:
        path = f"/rooms/{quote(room)}/redact/{quote(event)}/{time.monotonic_ns()}"
        await self.api.ask("PUT", path, {})


ENCRYPTION: Json = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


def reply_to(event: str) -> Json:
    """Return what a reply says about the event that it answers."""
    return {"m.in_reply_to": {"event_id": event}}


def in_thread(root: str) -> Json:
    """Return what an event in a thread says about the thread's root."""
    fallback = {"m.in_reply_to": {"event_id": root}, "is_falling_back": True}
    return {"rel_type": "m.thread", "event_id": root, **fallback}


def _source(wanted: Callable[[], object]) -> str:
    try:
        return inspect.getsource(wanted).strip()
    except OSError:
        return repr(wanted)
