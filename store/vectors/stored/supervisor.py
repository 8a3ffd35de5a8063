"""Starts the embedded vector store, starts it again when it dies, and stops it.

    async with Stored(folder) as stored:
        async with QdrantCatalogue.over_socket(stored.socket) as catalogue: ...

The child leads its own session (the terminal's Ctrl-C is ours alone) and ends by itself when we end: we hold its
stdin. Its socket lies in a private temporary directory, because a socket's path may have only 107 bytes.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from types import TracebackType
from typing import Self

from core.errors import DamagedVectors, EnvironmentTrouble, ResightError

log = logging.getLogger(__name__)

START_WITHIN = 120.0
STOP_WITHIN = 10.0
FIRST_PAUSE, LONGEST_PAUSE, HEALTHY_AFTER = 0.1, 5.0, 60.0
ROOT = Path(__file__).resolve().parents[3]
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
DAMAGED, IN_USE = 3, 4


def environment() -> dict[str, str]:
    """No tokens, our own code first, and one arena and one thread: the child works in one thread anyway."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    path = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH", "")) if part)
    return kept | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


class Pauses:
    """How long to wait before the next start: doubling, and short again after a minute of health."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE

    def after(self, lived: float) -> float:
        pause = FIRST_PAUSE if lived >= HEALTHY_AFTER else self._next
        self._next = min(pause * 2, LONGEST_PAUSE)
        return pause


class Stored:
    """The child process as a context manager; `socket` stays the same over restarts."""

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
        """End a child that does not answer any more; the supervisor starts the next, and nothing stored is lost."""
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
        self._keeper = asyncio.create_task(self._keep_alive(), name="stored-supervisor")
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
        """Start the child again whenever it ended; what keeps it from starting is logged and tried again."""
        loop, pauses = asyncio.get_running_loop(), Pauses()
        while True:
            started = loop.time()
            code = await self._ended()
            pause = pauses.after(loop.time() - started)
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
        self._listener = asyncio.create_task(self._listen(self._process), name="stored-stderr")
        try:
            async with asyncio.timeout(START_WITHIN):
                ready = await stream(self._process.stdout).readline()
        except TimeoutError:
            await self._stop()
            raise EnvironmentTrouble(f"The vector store did not start within {START_WITHIN:.0f} seconds.") from None
        except BaseException:  # also when cancelled: no child may outlive its start
            await self._stop()
            raise
        if ready != b"ready\n":
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
        """Pass the child's words on to our log, and remember the last ones."""
        self._said = ""
        async for line in stream(process.stderr):
            self._said = line.decode(errors="replace").strip() or self._said
            log.warning("stored: %s", self._said)

    async def _ended(self) -> int:
        code = await self._process.wait()
        await self._listener
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
        """SIGTERM lets it flush; SIGKILL loses nothing either, the next start just takes a little longer."""
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await self._ended()
        except TimeoutError:
            self._process.kill()
            await self._ended()


def stream(pipe: asyncio.StreamReader | None) -> asyncio.StreamReader:
    assert pipe is not None, "the child was started without this pipe"
    return pipe


def why(code: int) -> str:
    if code == -signal.SIGBUS:
        return "SIGBUS, so the disk is probably full"
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
