"""A real Milvus server in small: the process `milvus-lite server` on a free port, which ends with its test."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

START_S = 60.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class MilvusLite:
    """The server over a folder; `kill` and `start` again to see what it keeps."""

    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        program = Path(sys.executable).with_name("milvus-lite")
        where = ("--data-dir", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port))
        quiet = asyncio.subprocess.DEVNULL
        self.process = await asyncio.create_subprocess_exec(program, "server", *where, stdout=quiet, stderr=quiet)
        async with asyncio.timeout(START_S):
            while not _answers(self.port):
                assert self.process.returncode is None, "milvus-lite ended"
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@asynccontextmanager
async def milvus_lite(folder: Path) -> AsyncIterator[MilvusLite]:
    server = MilvusLite(folder, free_port())
    await server.start()
    try:
        yield server
    finally:
        await server.kill()
