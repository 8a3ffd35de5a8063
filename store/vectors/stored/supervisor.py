"""Starts the embedded vector store, starts it again when it dies, and stops it.

    async with StoreProcess(folder) as stored:
        async with QdrantCatalogue.over_socket(stored.socket) as catalogue: ...

The child leads its own session (the terminal's Ctrl-C is ours alone) and ends by itself when we end: we hold its
stdin. Its socket lies in a private temporary directory, because a socket's path may have only 107 bytes.
"""

import asyncio
import contextlib
import logging
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Self

from core.backoff import CHILD, Pauses
from core.errors import DamagedVectors, EnvironmentTrouble, ResightError
from core.root import child_environment
from core.walls import kept_up

log = logging.getLogger(__name__)

START_WITHIN = 120.0
STOP_WITHIN = 10.0
HEALTHY_AFTER = 60.0
MOST_SAID, CHUNK = 1000, 1 << 16
"""Bytes of one line of the child's output that are passed on, and how many are read at once."""

KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
DAMAGED, IN_USE = 3, 4
READY = "ready"


def environment() -> dict[str, str]:
    """Return the child's environment: no tokens, our code first, one arena and one thread, which is all it uses."""
    return child_environment(KEPT_VARIABLES) | {"MALLOC_ARENA_MAX": "2"}


class StoreProcess:
    """Runs the child process; an async context manager. `socket` stays the same over restarts."""

    def __init__(self, folder: Path, *, min_free_mb: int = 256) -> None:
        self.folder = folder.resolve()
        self.min_free_mb = min_free_mb
        self.restarts = 0
        self._said = ""

    @property
    def pid(self) -> int:
        """The child's process id; another one after each restart."""
        return self._process.pid

    def kill(self) -> None:
        """End a child that does not answer; the supervisor starts the next one, and nothing stored is lost."""
        if self._process.returncode is None:
            log.warning("the vector store is stuck and is started again")
            self._process.kill()

    async def __aenter__(self) -> Self:
        self._private = Path(tempfile.mkdtemp(prefix="resight-"))
        self.socket = self._private / "stored.sock"
        try:
            await self._start()
        except BaseException:  # also when cancelled: the private folder must not stay behind
            shutil.rmtree(self._private, ignore_errors=True)
            raise
        keeping = kept_up("the supervisor of the vector store", self._keep_alive, pauses=pauses())
        self._keeper = asyncio.create_task(keeping, name="stored-supervisor")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._keeper
        await self._stop()
        shutil.rmtree(self._private, ignore_errors=True)

    async def _keep_alive(self) -> None:
        """Start the child again whenever it ends; what keeps it from starting is logged, and it is tried again."""
        loop, between = asyncio.get_running_loop(), pauses()
        while True:
            started = loop.time()
            code = await self._ended()
            pause = between.after(loop.time() - started)
            log.warning("the vector store ended (%s); starting it again in %.1f s", why(code), pause)
            await asyncio.sleep(pause)
            with contextlib.suppress(ResightError):
                await self._start()
            self.restarts += 1

    async def _start(self) -> None:
        try:
            self._process = await self._spawn()
        except OSError as error:
            raise EnvironmentTrouble(f"The vector store can't be started: {error.strerror}.") from error
        self._said, self._serves = "", False
        self._heard = asyncio.Event()
        self._listener = asyncio.create_task(self._listen(self._process), name="stored-output")
        try:
            async with asyncio.timeout(START_WITHIN):
                await self._heard.wait()
        except TimeoutError:
            await self._stop()
            raise EnvironmentTrouble(f"The vector store did not start within {START_WITHIN:.0f} seconds.") from None
        except BaseException:  # also when cancelled: no child may outlive its start
            await self._stop()
            raise
        if not self._serves:
            raise self._trouble(await self._ended())

    async def _spawn(self) -> Process:
        command = ("-P", "-m", "store.vectors.stored", str(self.folder), str(self.socket))
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            f"--min-free-mb={self.min_free_mb}",
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment(),
            start_new_session=True,
        )

    async def _listen(self, process: Process) -> None:
        """Read all that the child writes, until it ends: a pipe that nobody empties would stop it."""
        try:
            await asyncio.gather(self._read(stream(process.stdout)), self._read(stream(process.stderr)))
        finally:
            self._heard.set()

    async def _read(self, pipe: asyncio.StreamReader) -> None:
        """Log what the child writes, and keep the last lines; READY means that it serves."""
        async for line in lines(pipe):
            if line == READY:
                self._serves = True
                self._heard.set()
                continue
            self._said = line
            log.warning("stored: %s", line)

    async def _ended(self) -> int:
        code = await self._process.wait()
        await asyncio.gather(self._listener, return_exceptions=True)  # whatever it met, the child has ended
        stdin = self._process.stdin
        if stdin is not None:
            stdin.close()
        return code

    def _trouble(self, code: int) -> EnvironmentTrouble:
        if code == DAMAGED:
            return DamagedVectors(self._said)
        if code == IN_USE:
            return EnvironmentTrouble(self._said)
        return EnvironmentTrouble(f"The vector store did not start ({why(code)}): {self._said or 'it said nothing'}")

    async def _stop(self) -> None:
        """End the child: SIGTERM lets it flush; SIGKILL loses nothing either, but slows the next start."""
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await self._ended()
        except TimeoutError:
            self._process.kill()
            await self._ended()


def pauses() -> Pauses:
    """Return the pauses between two starts."""
    return Pauses(CHILD, HEALTHY_AFTER)


async def lines(pipe: asyncio.StreamReader) -> AsyncIterator[str]:
    """Yield what a child writes, line by line; of a line without an end, its beginning."""
    unfinished = b""
    while chunk := await pipe.read(CHUNK):
        *whole, rest = (unfinished + chunk).split(b"\n")
        unfinished = rest[:MOST_SAID]
        for line in filter(None, map(readable, whole)):
            yield line
    if line := readable(unfinished):
        yield line


def readable(line: bytes) -> str:
    """Return a line of the child's output as text, cut to a sensible length."""
    return line[:MOST_SAID].decode(errors="replace").strip()


def stream(pipe: asyncio.StreamReader | None) -> asyncio.StreamReader:
    """Return the pipe, which is there because the child was started with it."""
    assert pipe is not None, "the child was started without this pipe"
    return pipe


def why(code: int) -> str:
    """Return why the child ended, for the log: the signal's name or the exit code."""
    if code == -signal.SIGBUS:
        return "SIGBUS, so the disk is probably full"
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
