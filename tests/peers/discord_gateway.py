"""The gateway of the Discord peer: websockets, and the sessions that outlive them.

Connection  one websocket: sends in order, compressed where the client asked for it
Session     what one IDENTIFY began: which events it may see, all it was sent, and the connection it has just now
Gateway     HELLO, IDENTIFY, RESUME with replay, INVALID SESSION, heartbeats and member chunks; closes and drops
"""

import asyncio
import json
import uuid
import zlib
from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import partial
from types import SimpleNamespace
from typing import Any

import discord
from aiohttp import WSMsgType, web
from simcord.backend import Backend, serializers
from simcord.backend.models import Guild, Member
from simcord.backend.permissions import flag
from simcord.gateway import FakeGateway

from tests.peers.discord_cdn import Json, Outgoing

GUILD_MEMBERS_LIMITED = 1 << 15
MESSAGE_CONTENT_LIMITED = 1 << 19
AUTHENTICATION_FAILED = 4004
DISALLOWED_INTENTS = 4014
CHUNK = 1000


class Op(IntEnum):
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


def frame(op: Op, data: Any = None) -> Json:
    return {"op": int(op), "d": data, "s": None, "t": None}


class Connection:
    """`greeted` says that READY or RESUMED was sent and nothing has ended the connection since."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.greeted = False
        self.session: Session | None = None
        self._request = request
        self._socket = socket
        self._outbox: asyncio.Queue[Json | int] = asyncio.Queue()
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None

    def put(self, payload: Json) -> None:
        self._outbox.put_nowait(payload)

    def close(self, code: int) -> None:
        """Close once all that was put before has been sent."""
        self.greeted = False
        self._outbox.put_nowait(code)

    def abort(self) -> None:
        """Cut the socket as a broken network does."""
        self.greeted = False
        if self._request.transport is not None:
            self._request.transport.abort()

    async def pump(self) -> None:
        while isinstance(item := await self._outbox.get(), dict):
            await self._send(json.dumps(item))
            self.greeted |= item["t"] in ("READY", "RESUMED")
        await self._socket.close(code=item)

    async def _send(self, text: str) -> None:
        if self._deflate is None:
            await self._socket.send_str(text)
        else:
            await self._socket.send_bytes(
                self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
            )


class Parsers(dict[str, Callable[[Json], None]]):
    """Stands for the parsers that simcord's in-process gateway feeds: one for every event, and it sends."""

    def __init__(self, send: Callable[[str, Json], None]) -> None:
        self._send = send

    def __missing__(self, event: str) -> Callable[[Json], None]:
        return partial(self._send, event)


class Session:
    def __init__(self, backend: Backend, outgoing: Outgoing, intents: discord.Intents) -> None:
        self.id = uuid.uuid4().hex
        self.connection: Connection | None = None
        self.resumable = True
        self._outgoing = outgoing
        self._history: list[Json] = []
        self._filter = FakeGateway(backend, SimpleNamespace(intents=intents, parsers=Parsers(self.send)))

    def attach(self, connection: Connection) -> None:
        if self.connection is not None:
            self.connection.abort()
        self.connection, connection.session = connection, self

    def feed(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send what the intents of this session let through."""
        self._filter.feed(event, payload)

    def send(self, event: str, payload: Mapping[str, Any]) -> None:
        sent = {"op": int(Op.DISPATCH), "t": event, "s": len(self._history) + 1, "d": self._outgoing(payload)}
        self._history.append(sent)
        if self.connection is not None:
            self.connection.put(sent)

    def replay(self, connection: Connection, seen: int) -> None:
        for missed in self._history[seen:]:
            connection.put(missed)


class Gateway:
    """`ops` are the opcodes received, `gaps` what a client asked for that the peer cannot do.

    `alter` is what becomes of a guild on its way to a client, `away` are the guilds that have put the bot out.
    """

    def __init__(self, backend: Backend, outgoing: Outgoing, token: str, message_content: bool) -> None:
        self.url = ""
        self.message_content = message_content
        self.heartbeat_interval = 41_250
        self.ops: list[int] = []
        self.gaps: list[str] = []
        self.alter: Callable[[Any], Any] = lambda guild: guild
        self.away: set[int] = set()
        self._backend = backend
        self._outgoing = outgoing
        self._token = token
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        backend.subscribers.append(self._announce)

    @property
    def connected(self) -> bool:
        return any(connection.greeted for connection in self._connections)

    @property
    def flags(self) -> int:
        """The flags of the application that the two privileged intents go by."""
        return GUILD_MEMBERS_LIMITED | (MESSAGE_CONTENT_LIMITED if self.message_content else 0)

    def drop(self) -> None:
        for connection in self._connections:
            connection.abort()

    def close(self, code: int) -> None:
        for connection in self._connections:
            connection.close(code)

    def expect(self, token: str) -> None:
        """Let in whoever has this token, and close on all that are there."""
        self._token = token
        self.close(AUTHENTICATION_FAILED)

    def tell(self, event: str, payload: Json) -> None:
        for session in self._sessions.values():
            if session.connection is not None:
                session.send(event, payload)

    def forget_sessions(self) -> None:
        for session in self._sessions.values():
            session.resumable = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("compress", "zlib-stream") != "zlib-stream" or request.query.get("encoding") == "etf":
            self.gaps.append(f"gateway {request.query_string}")
            return web.Response(status=501)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self._converse(Connection(request, socket), socket)
        return socket

    async def _converse(self, connection: Connection, socket: web.WebSocketResponse) -> None:
        self._connections.add(connection)
        connection.put(frame(Op.HELLO, {"heartbeat_interval": self.heartbeat_interval}))
        pump = asyncio.create_task(connection.pump())
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    self._receive(connection, json.loads(message.data))
        finally:
            pump.cancel()
            self._connections.discard(connection)
            if connection.session is not None and connection.session.connection is connection:
                connection.session.connection = None
            await asyncio.gather(pump, return_exceptions=True)  # it fails where the client has gone already

    def _receive(self, connection: Connection, received: Json) -> None:
        handlers = {
            Op.HEARTBEAT: lambda: connection.put(frame(Op.HEARTBEAT_ACK)),
            Op.IDENTIFY: lambda: self._identify(connection, received["d"]),
            Op.RESUME: lambda: self._resume(connection, received["d"]),
            Op.REQUEST_MEMBERS: lambda: self._chunk(connection, received["d"]),
        }
        self.ops.append(received["op"])
        if received["op"] in handlers:
            handlers[received["op"]]()

    def _identify(self, connection: Connection, data: Json) -> None:
        intents = discord.Intents.none()
        intents.value = data["intents"]
        if data["token"].removeprefix("Bot ") != self._token:
            connection.close(AUTHENTICATION_FAILED)
        elif intents.message_content and not self.message_content:
            connection.close(DISALLOWED_INTENTS)
        else:
            self._begin(connection, intents, data.get("shard", [0, 1]))

    def _begin(self, connection: Connection, intents: discord.Intents, shard: list[int]) -> None:
        session = Session(self._backend, self._outgoing, intents)
        self._sessions[session.id] = session
        session.attach(connection)
        session.send("READY", self._ready(session, shard))
        for guild in self._backend.guilds.values():
            if guild.id not in self.away:
                session.feed("GUILD_CREATE", self.alter(serializers.guild_create_payload(self._backend, guild)))

    def _ready(self, session: Session, shard: list[int]) -> Json:
        return {
            "v": 10,
            "user": {**serializers.user_payload(self._backend.bot_user), "email": None},
            "guilds": [
                {"id": str(guild), "unavailable": True} for guild in self._backend.guilds if guild not in self.away
            ],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": str(self._backend.application_id), "flags": self.flags},
            "shard": shard,
        }

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self._sessions.get(data["session_id"])
        if session is None or not session.resumable:
            connection.put(frame(Op.INVALID_SESSION, False))
            return
        session.attach(connection)
        session.replay(connection, data["seq"])
        session.send("RESUMED", {})

    def _announce(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "MESSAGE_UPDATE":
            payload = {**payload, **self._author(payload)}
        if self._is_hidden(event, payload):
            return
        for session in self._sessions.values():
            session.feed(event, payload)

    def _is_hidden(self, event: str, payload: Mapping[str, Any]) -> bool:
        """Whether the bot hears nothing of it: a message where it may see nothing, or of a guild that it is not in."""
        guild, channel = int(payload.get("guild_id") or 0), int(payload.get("channel_id") or 0)
        if guild in self.away:
            return True
        if not guild or not event.startswith("MESSAGE_"):
            return False
        rights = self._backend.compute_permissions(guild, self._backend.bot_user.id, channel)
        return not rights & flag("view_channel")

    def kick(self, guild: Guild) -> None:
        self.tell("GUILD_DELETE", {"id": str(guild.id)})
        self.away.add(guild.id)

    def invite(self, guild: Guild) -> None:
        self.away.discard(guild.id)
        for session in self._sessions.values():
            session.feed("GUILD_CREATE", self.alter(serializers.guild_create_payload(self._backend, guild)))

    def _author(self, payload: Mapping[str, Any]) -> Json:
        """The member who wrote a message of a guild: in Discord's updates, but not in simcord's."""
        guild = self._backend.guilds.get(int(payload.get("guild_id", 0)))
        member = guild.members.get(int(payload["author"]["id"])) if guild else None
        if guild is None or member is None:
            return {}
        return {"member": serializers.member_payload(self._backend, guild, member, with_user=False)}

    def _chunk(self, connection: Connection, asked: Json) -> None:
        guild = self._backend.guilds[int(asked["guild_id"])]
        members = [member for member in guild.members.values() if self._wanted(member, asked)]
        members = members[: asked.get("limit") or None]
        parts = [members[start : start + CHUNK] for start in range(0, len(members), CHUNK)] or [[]]
        for index, part in enumerate(parts):
            payload = {"chunk_index": index, "chunk_count": len(parts), "nonce": asked.get("nonce")}
            if connection.session is not None:
                connection.session.send("GUILD_MEMBERS_CHUNK", payload | self._members(guild, part))

    def _members(self, guild: Guild, members: list[Member]) -> Json:
        payloads = [serializers.member_payload(self._backend, guild, member) for member in members]
        return {"guild_id": str(guild.id), "members": payloads}

    def _wanted(self, member: Member, asked: Json) -> bool:
        ids = asked.get("user_ids") or []
        if ids:
            return str(member.user_id) in map(str, ids if isinstance(ids, list) else [ids])
        names = (self._backend.users[member.user_id].name, member.nick or "")
        return any(name.lower().startswith((asked.get("query") or "").lower()) for name in names)
