"""A socket that sends exactly these bytes, as no well-behaved client would."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.web.fakes import Desk

type Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def line(front: Desk, sender: str = "127.0.0.1") -> AsyncIterator[Line]:
    """A connection to the desk; `sender` is any address of this machine."""
    reader, writer = await asyncio.open_connection("127.0.0.1", front.client.port, local_addr=(sender, 0))
    try:
        yield reader, writer
    finally:
        writer.close()


async def answered(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and all that follows the status line, to the answer's end or what is sent within a second."""
    status = int((await reader.readline()).split()[1])
    rest = bytearray()
    try:
        async with asyncio.timeout(1):
            while not _is_whole(rest) and (chunk := await reader.read(1 << 16)):
                rest += chunk
    except TimeoutError:
        pass
    return status, bytes(rest)


def _is_whole(rest: bytearray) -> bool:
    """Whether the body is as long as its head says."""
    head, end, body = rest.partition(b"\r\n\r\n")
    said = re.search(rb"(?i)^content-length: (\d+)", head, re.MULTILINE)
    return bool(end) and said is not None and len(body) >= int(said[1])


async def say(front: Desk, head: str | bytes, body: bytes = b"", sender: str = "127.0.0.1") -> tuple[int, bytes]:
    """One request as it is written here (a line each, without its length); status and answer."""
    said = head if isinstance(head, bytes) else head.encode()
    lines = [*said.splitlines(), b"Host: 127.0.0.1", b"Content-Length: %d" % len(body)]
    async with line(front, sender) as (reader, writer):
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        return await answered(reader)
