"""An interpreter that has imported what commands import, and forks for each of them: imports are most of a command.

Each command is a process of its own, as `python -m bot` would be: its own arguments, environment, folder, output, exit
code and end. What it does not show is what a command imports (tests/bot/cli/test_app.py) and what an interpreter reads
of its environment while it starts: such commands run cold (`tests/e2e/command.py`).

    Warm          the side of the tests: `run` to the end, or `start`
    serve         the other side: a process for each question, and one for its command
"""

import asyncio
import atexit
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

LISTENS = "listens\n"
ALSO = (
    *("bot.app", "bot.serve", "web.app", "bot.fronts.discord.front", "bot.fronts.telegram.front"),
    *("store.vectors.catalogue", "embed.models.sscd", "aiosqlite", "anyio._backends._asyncio", "httpcore"),
)
"""What commands import while they run. Not onnxruntime, which starts a thread, and threads are lost in a fork."""


@dataclass
class Started:
    """A command that runs, as an `asyncio.subprocess.Process`; what it says and warns is `stdout`."""

    pid: int
    stdout: asyncio.StreamReader
    _link: asyncio.StreamReader
    _writer: asyncio.StreamWriter
    returncode: int | None = None
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self) -> None:
        """Learn how it ends."""
        self.returncode = int(await self._link.readline())
        self._writer.close()
        self._ended.set()

    async def wait(self) -> int:
        """Return the exit code once it has ended."""
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal; raises ProcessLookupError where it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)


class Warm:
    """A warm interpreter, which ends with its maker."""

    def __init__(self, interpreter: Sequence[str], env: Mapping[str, str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="resight-warm-")
        self._path = str(Path(self._folder.name) / "warm.sock")
        line = [*interpreter, "-m", "tests.e2e.warm", self._path]
        self._process = subprocess.Popen(line, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self._end)
        assert self._process.stdout
        assert self._process.stdout.readline() == LISTENS

    def run(self, arguments: Sequence[str], env: Mapping[str, str], cwd: Path, limit_s: float) -> tuple[int, str, str]:
        """Run `resight ARGUMENTS` and return its exit code, output and errors."""
        with tempfile.TemporaryDirectory(dir=self._folder.name) as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            asked = {"arguments": arguments, "env": env, "cwd": str(cwd), "out": str(out), "err": str(err)}
            code = self._ask(json.dumps(asked).encode() + b"\n", limit_s)
            return code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")

    async def start(self, arguments: Sequence[str], env: Mapping[str, str], cwd: Path) -> Started:
        """Start `resight ARGUMENTS`."""
        pipe = Path(tempfile.mkdtemp(dir=self._folder.name), "pipe")
        os.mkfifo(pipe)
        said = asyncio.StreamReader(limit=1 << 20)
        end = os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb", 0)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(said), end)
        link, writer = await asyncio.open_unix_connection(self._path)
        asked = {"arguments": arguments, "env": env, "cwd": str(cwd), "out": str(pipe), "err": str(pipe)}
        writer.write(json.dumps(asked).encode() + b"\n")
        return Started(int(await link.readline()), said, link, writer)

    def _ask(self, asked: bytes, limit_s: float) -> int:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(limit_s)
            link.connect(self._path)
            link.sendall(asked)
            with link.makefile() as answers:
                pid = int(answers.readline())
                try:
                    return int(answers.readline())
                except TimeoutError:
                    os.kill(pid, signal.SIGKILL)
                    raise

    def _end(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
        self._folder.cleanup()


def serve(path: str) -> Mapping[str, Any]:
    """Fork for each question until standard input ends; the return, in a process of its own, is what to become."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        sys.stdout.write(LISTENS)
        sys.stdout.flush()
        while listening in select.select([listening, sys.stdin], [], [])[0]:
            link, _ = listening.accept()
            with link:
                if not os.fork():
                    listening.close()
                    return _wanted(link)
            _reap()
    sys.exit()


def _wanted(link: socket.socket) -> Mapping[str, Any]:
    """Return the question in a process for its command; this one tells the other side how that ends."""
    with link.makefile() as questions:
        wanted: Mapping[str, Any] = json.loads(questions.readline())
    if pid := os.fork():
        link.sendall(f"{pid}\n".encode())
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        link.sendall(f"{code}\n".encode())
        os._exit(0)
    return wanted


def _reap() -> None:
    """Let go of those that have told how their command ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def become(
    left_by_imports: Mapping[str, str], arguments: Sequence[str], env: Mapping[str, str], cwd: str, out: str, err: str
) -> None:
    """Be the command, which does without the imports and so needs the variables that they leave."""
    for number, path, how in ((0, os.devnull, "r"), (1, out, "w"), (2, err, "w")):
        with open(path, how) as file:  # noqa: PTH123
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update({**left_by_imports, **env})
    os.chdir(cwd)
    sys.argv[1:] = arguments
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


def import_all() -> Mapping[str, str]:
    """Import every command, and what they import while they run; return the variables that this left."""
    before = dict(os.environ)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as bot/__main__.py does
    from bot.cli.app import COMMANDS

    for module in (*(f"bot.cli.{place.module}" for place in COMMANDS.values()), *ALSO):
        import_module(module)
    return {name: value for name, value in os.environ.items() if name not in before}


@cache
def warm(interpreter: tuple[str, ...], root: str) -> Warm:
    """Return the one warm interpreter of these tests."""
    return Warm(interpreter, {**os.environ, "PYTHONPATH": root})


if __name__ == "__main__":
    left = import_all()
    become(left, **serve(sys.argv[1]))
