"""A TCP proxy between the bot and what it talks to, which spoils the connection the way networks do.

    async with Chaos(upstream_port) as chaos:
        chaos.toxic = Toxic(latency_s=0.5)          what happens from now on, to open connections too
        f"http://127.0.0.1:{chaos.port}"

The toxics are those of toxiproxy (https://github.com/Shopify/toxiproxy), as far as a bot can meet them.
"""

import asyncio
import contextlib
import random
import struct
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET
from types import TracebackType
from typing import Self

BLOCK = 16_384
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Toxic:
    """How the connection is spoilt.

    latency_s, jitter_s   each block arrives so much later
    bytes_a_s             and no faster than this (0 = as it comes)
    reset                 share of connections that are reset at once
    cut_after             an answer ends after so many bytes (0 = never)
    refuse                nobody answers
    broken                every answer is 502
    """

    latency_s: float = 0.0
    jitter_s: float = 0.0
    bytes_a_s: int = 0
    reset: float = 0.0
    cut_after: int = 0
    refuse: bool = False
    broken: bool = False


class Chaos:
    """An async context manager; counts what it did."""

    def __init__(self, upstream: int, seed: int = 1) -> None:
        self._upstream = upstream
        self._dice = random.Random(seed)
        self.toxic = Toxic()
        self._serving: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.spoilt = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        mine: asyncio.Task[None] = asyncio.current_task()  # type: ignore[assignment]  # there is one in a coroutine
        self._serving.add(mine)
        mine.add_done_callback(self._serving.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if self.toxic.refuse or self._dice.random() < self.toxic.reset:
                self._reset(writer)
            elif self.toxic.broken:
                await self._answer_502(reader, writer)
            else:
                await self._connect(reader, writer)
        with contextlib.suppress(OSError):
            writer.close()
            await writer.wait_closed()

    def _reset(self, writer: asyncio.StreamWriter) -> None:
        """RST instead of FIN."""
        self.spoilt += 1
        writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))

    async def _answer_502(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.spoilt += 1
        await reader.read(BLOCK)
        writer.write(BAD_GATEWAY)
        await writer.drain()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        try:
            there = asyncio.create_task(self._pump(reader, up_writer, spoils=False))
            await self._pump(up_reader, writer, spoils=True)
            there.cancel()
        finally:
            up_writer.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, spoils: bool) -> None:
        sent = 0
        with contextlib.suppress(OSError):
            while data := await source.read(BLOCK):
                toxic = self.toxic
                if spoils:
                    await asyncio.sleep(toxic.latency_s + self._dice.random() * toxic.jitter_s)
                    data = data[: toxic.cut_after - sent] if toxic.cut_after else data
                sink.write(data)
                await sink.drain()
                sent += len(data)
                if spoils and toxic.bytes_a_s:
                    await asyncio.sleep(len(data) / toxic.bytes_a_s)
                if spoils and toxic.cut_after and sent >= toxic.cut_after:
                    self.spoilt += 1
                    return
            if not spoils:
                sink.write_eof()
