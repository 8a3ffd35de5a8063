"""A web server that attacks whoever downloads from it: raw asyncio on a free port of 127.0.0.1, one path an attack.

    async with HostileServer() as outer, HostileServer() as inner:   # inner plays a service that must never be reached
        f"http://good.test:{outer.port}/endless"

Names are answered by `TableResolver`, so nothing leaves the machine.
"""

import asyncio
import gzip
import random
import socket
import ssl
import struct
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from aiohttp.abc import AbstractResolver, ResolveResult

MAX_SENT = 30_000_000  # far above every limit of the tests, so that a missing limit shows
PATIENCE_S = 8.0
ZEROS = bytes(65_536)
CHUNKED = "Transfer-Encoding: chunked\r\n"

ADDRESSES: dict[str, list[list[str]]] = {  # one list of addresses for each time the name is asked for; the last stays
    "good.test": [["127.0.0.1"]],
    "mixed.test": [["127.0.0.1", "169.254.169.254"]],
    "meta.test": [["169.254.169.254"]],
    "six.test": [["::1"]],
    "zero.test": [["0.0.0.0"]],
    "ula.test": [["fd00::1"]],
    "mapped.test": [["::ffff:127.0.0.1"]],
    "rebind.test": [["127.0.0.1"], ["169.254.169.254"]],
    "localhost": [["127.0.0.2"]],
    "2130706433": [["127.0.0.1"]],
    "0x7f000001": [["127.0.0.1"]],
}


def noise_png(side: int = 48) -> bytes:
    """A valid PNG of about 7 kB: long enough to be dripped, cut and counted."""
    rows = b"".join(b"\0" + random.Random(y).randbytes(side * 3) for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


PNG = noise_png()


@cache
def gzip_bomb() -> bytes:
    """64 MB of zeros behind a real picture, in 300 kB."""
    return gzip.compress(PNG + bytes(64 << 20), compresslevel=1, mtime=0)


def head(status: int = 200, kind: str = "image/png", length: int | None = None, extra: str = "") -> bytes:
    counted = f"Content-Length: {length}\r\n" if length is not None else ""
    return f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{counted}{extra}Connection: close\r\n\r\n".encode()


def whole(body: bytes, status: int = 200, kind: str = "image/png", extra: str = "") -> bytes:
    return head(status, kind, len(body), extra) + body


def part(body: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n" % len(body) + body + b"\r\n"


def moved(to: str, status: int = 302) -> bytes:
    return head(status, length=0, extra=f"Location: {to}\r\n")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as the server sees it."""

    out: asyncio.StreamWriter
    argument: str
    headers: str

    async def drip(self, data: bytes, step: int, pause: float) -> None:
        for start in range(0, len(data), step):
            self.out.write(data[start : start + step])
            await self.out.drain()
            await asyncio.sleep(pause)

    async def flood(self, start: bytes, data: bytes) -> None:
        self.out.write(start)
        for _ in range(MAX_SENT // len(data)):
            self.out.write(data)
            await self.out.drain()


async def reset(ask: Ask) -> None:
    ask.out.write(head(length=len(PNG)) + PNG[:500])
    await ask.out.drain()
    ask.out.transport.abort()


async def slow_body(ask: Ask) -> None:
    ask.out.write(head(length=len(PNG)) + PNG[:64])
    await ask.drip(PNG[64:], 50, 0.1)


async def silent_body(ask: Ask) -> None:
    ask.out.write(head(length=len(PNG)) + PNG[:64])
    await asyncio.sleep(2 * PATIENCE_S)


async def endless_hints(ask: Ask) -> None:
    while True:
        await ask.drip(b"HTTP/1.1 103 Early Hints\r\n\r\n", 100, 0.05)


def chain(ask: Ask) -> bytes:
    left = int(ask.argument or 0)
    return moved(f"/chain?{left - 1}") if left else whole(PNG)


def headers_seen(ask: Ask) -> bytes:
    """The picture, unless a secret was sent along."""
    leaked = any(word in ask.headers.lower() for word in ("authorization:", "cookie:", "referer:"))
    return whole(b"LEAKED" if leaked else PNG)


type Page = Callable[[Ask], bytes | Awaitable[None]]
PAGES: dict[str, Page] = {
    "ok": lambda _: whole(PNG),
    "ok_nolength": lambda _: head() + PNG,
    "ok_chunked": lambda _: head(extra=CHUNKED) + part(PNG[:100]) + part(PNG[100:]) + b"0\r\n\r\n",
    "ok_gzip": lambda _: whole(gzip.compress(PNG), extra="Content-Encoding: gzip\r\n"),
    "ok_odd_type": lambda _: whole(PNG, kind="text/html"),
    "ok_slow": lambda ask: ask.drip(whole(PNG), 2_000, 0.02),
    "go": lambda ask: moved(ask.argument),
    "go_307": lambda ask: moved(ask.argument, 307),
    "chain": chain,
    "go_nowhere": lambda _: head(302, length=0),
    "go_with_cookie": lambda _: head(302, length=0, extra="Set-Cookie: a=b\r\nLocation: /headers_seen\r\n"),
    "headers_seen": headers_seen,
    "secret": lambda _: whole(PNG),
    "svg": lambda _: whole(b'<svg xmlns="http://www.w3.org/2000/svg"/>', kind="image/svg+xml"),
    "html": lambda _: whole(b"<!DOCTYPE html><title>Log in</title>" * 50, kind="image/png"),
    "empty": lambda _: whole(b""),
    "s204": lambda _: head(204),
    "s206": lambda _: whole(PNG, 206),
    "s304": lambda _: head(304),
    "s404": lambda _: whole(PNG, 404),
    "s429": lambda _: head(429, length=0),
    "s503": lambda _: head(503, length=0),
    "length_huge": lambda _: head(length=10**12) + PNG,
    "length_negative": lambda _: head(length=-5) + PNG,
    "length_twice": lambda _: head(length=5, extra="Content-Length: 9\r\n") + PNG,
    "length_and_chunks": lambda _: head(length=5, extra=CHUNKED) + part(PNG) + b"0\r\n\r\n",
    "length_short": lambda ask: ask.flood(head(length=100) + PNG, ZEROS),
    "length_long": lambda _: head(length=len(PNG) + 500) + PNG,
    "endless": lambda ask: ask.flood(head() + PNG, ZEROS),
    "endless_chunks": lambda ask: ask.flood(head(extra=CHUNKED) + part(PNG), part(ZEROS)),
    "chunk_huge": lambda ask: ask.flood(head(extra=CHUNKED) + b"FFFFFFFFFFFFFFFF\r\n" + PNG, ZEROS),
    "chunk_bad": lambda _: head(extra=CHUNKED) + b"zz\r\nhello",
    "trailer_endless": lambda ask: ask.flood(head(extra=CHUNKED) + part(PNG) + b"0\r\n", b"X-A: b\r\n" * 8000),
    "gzip_bomb": lambda _: whole(gzip_bomb(), extra="Content-Encoding: gzip\r\n"),
    "gzip_twice": lambda _: whole(gzip.compress(gzip_bomb()), extra="Content-Encoding: gzip, gzip\r\n"),
    "gzip_bad": lambda _: whole(PNG, extra="Content-Encoding: gzip\r\n"),
    "gzip_cut": lambda _: whole(gzip.compress(PNG)[:-50], extra="Content-Encoding: gzip\r\n"),
    "brotli": lambda _: whole(PNG, extra="Content-Encoding: br\r\n"),
    "slow_head": lambda ask: ask.drip(head(length=len(PNG)), 1, 0.2),
    "slow_body": slow_body,
    "silent": lambda _: asyncio.sleep(2 * PATIENCE_S),
    "silent_body": silent_body,
    "hints_endless": endless_hints,
    "headers_100k": lambda ask: ask.flood(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 8000),
    "header_long": lambda _: head(extra=f"X-A: {'a' * 100_000}\r\n") + PNG,
    "status_endless": lambda ask: ask.flood(b"", b"HTTP/1.1 200 " + b"a" * 65_000),
    "not_http": lambda _: b"SSH-2.0-OpenSSH_9.2\r\n" + random.Random(1).randbytes(2_000),
    "nothing": lambda _: b"",
    "reset": reset,
    "type_evil": lambda _: whole(PNG, kind="image/png; x=" + '"' * 2_000),
}


class HostileServer:
    """The pages above; `asked` are the paths that somebody asked for, `outlasted` counts clients of more patience."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.asked: list[str] = []
        self.outlasted = 0
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._greet, "127.0.0.1", 0, limit=1 << 20, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _greet(self, incoming: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(incoming, out))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, incoming: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        with suppress(OSError, IndexError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._answer(incoming, out)
            except TimeoutError:
                self.outlasted += 1
            finally:
                out.close()  # the client may have left long ago, as a good one should
                await out.wait_closed()

    async def _answer(self, incoming: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        line, *headers = (await incoming.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
        path = line.split(" ")[1]
        self.asked.append(path)
        name, _, argument = path.lstrip("/").partition("?")
        page = PAGES.get(name)
        answer = page(Ask(out, unquote(argument), "\n".join(headers))) if page else head(404, length=0)
        if isinstance(answer, bytes):
            out.write(answer)
        else:
            await answer
        await out.drain()


class TableResolver(AbstractResolver):
    """Answers names from ADDRESSES and knows no others."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.outlasted = 0

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002  the table has one answer for all
    ) -> list[ResolveResult]:
        if host not in ADDRESSES:
            raise OSError(None, f"no such name {host}")
        answers = ADDRESSES[host]
        turn = min(self.asked.count(host), len(answers) - 1)
        self.asked.append(host)
        return [_result(host, port, address) for address in answers[turn]]

    async def close(self) -> None:
        return None


def _result(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=6, flags=flags)
