"""What stands between a bot and its homeserver: passes requests on, counts them, lets them fail as a test orders.

    async with Proxy(homeserver.url) as proxy:      # give proxy.url to the bot
        proxy.fail("PUT /_matrix/client/v3/rooms/", status=502)
        proxy.limit("PUT /_matrix/client/v3/rooms/", retry_after=0.5)
        proxy.lie("/media/download", declares=10, sends=50 << 20)
        proxy.cut()                                 the network is gone, also for those who wait for an answer
        proxy.mend()
        await proxy.drain()                         nothing new comes through, and what was asked is answered

People talk to the homeserver itself: nothing that is ordered here happens to them.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

LARGEST_REQUEST = 64 << 20
BLOCK = bytes(65_536)
HOP = frozenset(
    {"transfer-encoding", "content-length", "content-encoding", "connection", "keep-alive", "date", "server"}
)
"""What is about one connection, not about the answer."""

type Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A request, and the status of its answer; 0 if there was none."""

    method: str
    path: str
    status: int


@dataclass(slots=True)
class Fault:
    """What is answered, so many times, to requests whose "METHOD /path" contains `match`."""

    match: str
    times: int
    status: int
    body: Json
    headers: Mapping[str, str]
    after: bool
    but: str

    def meets(self, line: str) -> bool:
        return self.times > 0 and self.match in line and not (self.but and self.but in line)


@dataclass(frozen=True, slots=True)
class Lie:
    """An answer whose header declares so many bytes (none: says nothing) while so many are sent."""

    match: str
    declares: int | None
    sends: int


class Cut(Exception):
    """The connection ends without an answer."""


@dataclass(slots=True)
class Proxy:
    """An async context manager."""

    upstream: str
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lies: list[Lie] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)
    is_cut: bool = False
    sent: int = 0
    """How many bytes of lies went out."""
    _open: set[asyncio.Transport] = field(default_factory=set)
    _under_way: int = 0
    _runner: web.AppRunner = field(init=False)
    _http: aiohttp.ClientSession = field(init=False)
    _late: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(auto_decompress=False, timeout=aiohttp.ClientTimeout(total=None))
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        await self._runner.cleanup()
        await self._http.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    # --- what a test orders

    def fail(
        self,
        match: str,
        *,
        times: int = 1,
        status: int = 502,
        json: Json | None = None,
        headers: Mapping[str, str] | None = None,
        after: bool = False,
        but: str = "",
    ) -> None:
        """Let requests fail, except those that contain `but`; status 0 hangs up.

        With `after` they are carried out, and only the answer is lost.
        """
        body = json if json is not None else {"errcode": "M_UNKNOWN", "error": f"{status}: ordered by the test"}
        self.faults.append(Fault(match, times, status, body, headers or {}, after, but))

    def limit(self, match: str, *, retry_after: float = 0.5, times: int = 1) -> None:
        """Answer 429 as Synapse does."""
        body = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": int(retry_after * 1000)}
        headers = {"Retry-After": str(int(retry_after + 0.999))}
        self.fail(match, times=times, status=429, json=body, headers=headers)

    def lie(self, match: str, *, declares: int | None, sends: int) -> None:
        """Answer with zeros whose number isn't what was declared."""
        self.lies.append(Lie(match, declares, sends))

    def slow(self, match: str, seconds: float) -> None:
        """Let such requests wait; 0 lets go of those that do."""
        self.delays[match] = seconds
        if not seconds:
            self.delays.pop(match)
            self._late.set()
            self._late = asyncio.Event()

    def recover(self) -> None:
        """Forget every fault and lie that was ordered."""
        self.faults.clear()
        self.lies.clear()

    def cut(self) -> None:
        """End all connections, and every new one at once."""
        self.is_cut = True
        for connection in list(self._open):
            connection.abort()

    def mend(self) -> None:
        self.is_cut = False

    async def drain(self) -> None:
        """Let nothing more through, and wait until all but a /sync, which changes nothing, has its answer."""
        self.is_cut = True
        while self._under_way:  # noqa: ASYNC110  tests only
            await asyncio.sleep(0.01)

    # --- what happens to a request

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        connection, status = request.transport, 0
        self._open.add(connection)
        try:
            answer = await self._answer(request, f"{request.method} {request.path}")
            status = answer.status
        except (Cut, aiohttp.ClientError, OSError):  # the latter two: the homeserver is away
            answer = web.Response()
            connection.abort()
        finally:
            self._open.discard(connection)
            self.calls.append(Call(request.method, request.path, status))
        return answer

    async def _answer(self, request: web.Request, line: str) -> web.StreamResponse:
        await self._wait(line)
        if self.is_cut:
            raise Cut
        fault = self._meet(line)
        if fault is None or fault.after:
            lie = next((one for one in self.lies if one.match in line), None)
            answer = await (self._lied(request, lie) if lie else self._passed_on(request))
        if fault is None:
            return answer
        if not fault.status:
            raise Cut
        return web.json_response(fault.body, status=fault.status, headers=fault.headers)

    async def _wait(self, line: str) -> None:
        late = [seconds for match, seconds in self.delays.items() if match in line]
        if late:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._late.wait(), max(late))

    def _meet(self, line: str) -> Fault | None:
        """The fault that this request meets, one time less from now on."""
        found = next((one for one in self.faults if one.meets(line)), None)
        if found:
            found.times -= 1
        return found

    async def _passed_on(self, request: web.Request) -> web.StreamResponse:
        url = self.upstream + request.raw_path
        headers = {name: value for name, value in request.headers.items() if name.lower() not in (*HOP, "host")}
        data = await request.read()
        if request.path.endswith("/sync"):
            return await self._asked(request.method, url, headers, data)
        return await asyncio.shield(self._done(request.method, url, headers, data))  # also for who waits no longer

    async def _done(self, *asked: Any) -> web.Response:
        self._under_way += 1
        try:
            return await self._asked(*asked)
        finally:
            self._under_way -= 1

    async def _asked(self, method: str, url: str, headers: Mapping[str, str], data: bytes) -> web.Response:
        async with self._http.request(method, url, headers=headers, data=data) as answer:
            body = await answer.read()
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP}
            return web.Response(status=answer.status, body=body, headers=kept)

    async def _lied(self, request: web.Request, lie: Lie) -> web.StreamResponse:
        """Raw bytes: aiohttp itself would keep to what is declared."""
        out = request.transport
        assert out is not None
        length = "" if lie.declares is None else f"Content-Length: {lie.declares}\r\n"
        out.write(f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n{length}Connection: close\r\n\r\n".encode())
        async for block in _zeros(lie.sends):
            if out.is_closing():
                break
            out.write(block)
            self.sent += len(block)
        out.close()
        return web.Response()


async def _zeros(count: int) -> AsyncIterator[bytes]:
    for left in itertools.count(count, -len(BLOCK)):
        if left <= 0:
            return
        yield BLOCK[:left]
        await asyncio.sleep(0.001)  # so that the other side may close meanwhile
