"""Half-sent uploads, half-sent heads and endless bodies, against the real program on an open address.

Each flood comes from 127.0.0.2; meanwhile 127.0.0.1 asks for pages and searches. Memory is that of the program and
its children, measured until all connections of the flood are gone.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from aiohttp import ClientSession, ClientTimeout

from tests.e2e.running import Bot, running
from tests.web.fakes import found, picture

MB = 1_000_000
TOKEN = "a-long-token-for-floods-0123456789"
BEARER = f"Authorization: Bearer {TOKEN}\r\n"
HALF, WHOLE = 12 * MB, 24 * MB
HEAD = "POST /api/search HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
GROWTH_MB, GONE_S = 150, 60


@dataclass
class Flood:
    """What one flood did."""

    connections: int = 0
    growth_mb: float = 0.0
    left_mb: float = 0.0
    others: int = 0
    others_refused: int = 0
    slowest_other_s: float = 0.0
    gone_s: float = 0.0

    @property
    def is_right(self) -> bool:
        return self.growth_mb < GROWTH_MB and not self.others_refused and self.gone_s < GONE_S


@dataclass
class Floods:
    """By kind."""

    kinds: dict[str, Flood] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        return all(one.is_right for one in self.kinds.values())


def _upload(writer: asyncio.StreamWriter) -> None:
    writer.write(f"{HEAD}{BEARER}Content-Length: {WHOLE}\r\n\r\n".encode() + bytes(HALF))


def _strange(writer: asyncio.StreamWriter) -> None:
    writer.write(f"{HEAD.replace('/api/search', '/')}Content-Length: {WHOLE}\r\n\r\n".encode() + bytes(HALF))


def _half_a_head(writer: asyncio.StreamWriter) -> None:
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Half: ")


def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(f"{HEAD}{BEARER}Transfer-Encoding: chunked\r\n\r\n".encode())
    for _ in range(40):
        writer.write(b"100000\r\n" + bytes(1 << 20) + b"\r\n")


KINDS: dict[str, tuple[int, Callable[[asyncio.StreamWriter], None]]] = {
    "half-sent uploads": (100, _upload),
    "half-sent uploads of strangers": (100, _strange),
    "half-sent heads": (2000, _half_a_head),
    "endless bodies": (40, _endless),
}


async def floods(folder: Path) -> Floods:
    """One kind after the other, each against a program that has just started."""
    tally = Floods()
    for number, (name, (count, send)) in enumerate(KINDS.items()):
        home = folder / str(number) / "home"
        home.mkdir(parents=True)
        async with running(home, wait=True, RESIGHT_HOST="0.0.0.0", RESIGHT_TOKEN=TOKEN) as bot:
            port = int(found(r"http://[\d.]+:(\d+)", bot.said))
            tally.kinds[name] = await _flood(bot, port, count, send)
    return tally


async def _flood(bot: Bot, port: int, count: int, send: Callable[[asyncio.StreamWriter], None]) -> Flood:
    flood, process = Flood(connections=count), psutil.Process(bot.process.pid)
    await _other(flood, port)  # what is loaded with the first request is not the flood's
    before, most, began = _rss(process), 0, time.monotonic()
    async with _lines(port, count) as lines:
        gone = [asyncio.create_task(_sent_and_gone(reader, writer, send)) for reader, writer in lines]
        while not all(one.done() for one in gone) and time.monotonic() - began < 2 * GONE_S:
            await _other(flood, port)
            most = max(most, _rss(process))
            await asyncio.sleep(0.2)
        flood.gone_s = round(time.monotonic() - began, 1)
        for one in gone:
            one.cancel()
    flood.growth_mb = round((most - before) / MB, 1)
    flood.left_mb = round((_rss(process) - before) / MB, 1)
    return flood


@asynccontextmanager
async def _lines(port: int, count: int) -> AsyncIterator[list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]:
    lines = [await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.0.2", 0)) for _ in range(count)]
    try:
        yield lines
    finally:
        for _, writer in lines:
            writer.close()


async def _sent_and_gone(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, send: Callable[[asyncio.StreamWriter], None]
) -> None:
    with suppress(ConnectionError):
        send(writer)
        await reader.read()


async def _other(flood: Flood, port: int) -> None:
    """Somebody else asks for a page and searches."""
    began = time.monotonic()
    async with ClientSession(f"http://127.0.0.1:{port}", timeout=ClientTimeout(total=30)) as session:
        try:
            async with session.get("/sign-in") as page:
                well = page.status == 200
            bearer = {"Authorization": f"Bearer {TOKEN}"}
            async with session.post("/api/search", data=picture(1), headers=bearer) as answer:
                well = well and answer.status == 200
        except (OSError, TimeoutError):
            well = False
    flood.others += 1
    flood.others_refused += not well
    flood.slowest_other_s = max(flood.slowest_other_s, round(time.monotonic() - began, 2))


def _rss(process: psutil.Process) -> int:
    """Of the program and its workers."""
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)])
