"""Decodes files of strangers in processes that can do nothing else, and that are ended when one takes too long.

    async with Sandbox(4) as sandbox:
        sandbox.decode(data, digest) -> Picture      from any thread; raises Unscannable

    bytes --socket--> worker.py (seccomp.py: 1 GiB, no file, no socket, no program) --socket--> frames
                          4 s of CPU, 8 s on the clock; whoever exceeds them is killed, the file tried once more in a
                          fresh process, and then it is `unscannable`: "timeout" or "crash"
    a fault of ours (CouldNotLook, EnvironmentTrouble if no process starts) says nothing of the file, and is logged

A process serves one job at a time and the next ones after it; at most as many run as decode at once.
"""

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from hashlib import sha256
from types import TracebackType
from typing import Any, Self

import numpy as np

from core.errors import CouldNotLook, EnvironmentTrouble, Unscannable
from core.looks import Picture
from core.root import ROOT, child_environment
from core.types import Pixels
from embed.decode.frames import SIDE
from embed.decode.seccomp import is_known_here
from embed.decode.sniff import ALLOWED, VIDEOS
from embed.decode.worker import FAULT, HEAD, HELLO, LONGEST_CAUSE, PICTURE, REFUSED, REPLY

WALL_S = 8.0
START_S = 60.0
TRIES = 2
PROGRAM = ("-m", "embed.decode.worker")
MOST_FRAMES, MOST, LONGEST_SENTENCE = 16, 1 << 31, 300
FORMATS = frozenset({*ALLOWED, *VIDEOS, "MPO"})
PARTIAL = frozenset({"", "time", "frames", "damaged"})
REASONS = frozenset({"empty", "not-an-image", "type-not-allowed", "too-large", "too-many-pixels", "too-many-scans"})
REASONS |= {"corrupt", "unsupported", "memory", "video"}
"""What `embed.decode.picture` may say; anything else comes from a process that was taken over."""

LONGEST_NOTE = 8_192
MALLOC = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(32 << 20)}
"""glibc's settings: an idle process may keep 32 MiB, because giving them back slows the next image by half a
millisecond.
"""

KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")
NO_FILTER = (
    "Images are decoded in a process that has limits only: "
    "system calls are filtered on Linux (x86_64 and aarch64), and not here."
)
SENTENCES = {
    "timeout": "This image takes too long to decode: it may be damaged on purpose.",
    "crash": "This image brings the decoder down: it may be damaged on purpose.",
}
log = logging.getLogger(__name__)


class _Died(Exception):
    """The process ended, was ended, or sent nonsense; the word is the reason for people."""


class Worker:
    """One decoder process; it starts at once, and is waited for at its first job."""

    def __init__(self, wall_s: float, program: Sequence[str]) -> None:
        (ours, theirs), (self._stderr, stderr) = socket.socketpair(), os.pipe()
        os.set_blocking(stderr, False)  # what nobody reads must stop nobody
        with theirs, os.fdopen(stderr, "wb"):
            try:
                self.process: subprocess.Popen[bytes] = subprocess.Popen(
                    (sys.executable, "-P", *program),
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=stderr,
                    env=_environment(),
                    cwd=ROOT,
                    start_new_session=True,
                )
            except OSError as error:
                ours.close()
                os.close(self._stderr)
                raise EnvironmentTrouble(f"The process that decodes images can't start: {error.strerror}.") from error
        self._link, self._wall_s, self._hello = ours, wall_s, dict[str, Any]()
        self._last_words = ""

    def hello(self) -> dict[str, Any]:
        """Wait until the process is locked in; raises EnvironmentTrouble if it never is."""
        if not self._hello:
            try:
                kind, self._hello = self._note(time.monotonic() + START_S)
                assert kind == HELLO
            except (_Died, AssertionError):
                raise self._stillborn() from None
        return self._hello

    def decode(self, data: bytes, digest: str) -> Picture:
        """Return the picture; raises Unscannable, or `_Died`: then this process is gone."""
        self.hello()
        deadline = time.monotonic() + self._wall_s
        try:
            self._send(HEAD.pack(len(data)), deadline)
            self._send(data, deadline)
            kind, note = self._note(deadline)
            if kind == REFUSED:
                raise _refusal(note)
            if kind == FAULT:
                raise _fault(note)
            return self._picture(note, digest, deadline)
        except (KeyError, TypeError, ValueError) as error:
            raise _Died("crash") from error

    def end(self) -> int:
        """Kill the process and return how it ended."""
        self.process.kill()
        self._link.close()
        code = self.process.wait()
        if self._stderr >= 0:
            self._last_words = _last_line(self._stderr)
            os.close(self._stderr)
            self._stderr = -1
        return code

    def _stillborn(self) -> EnvironmentTrouble:
        """Return the error of a process that was never locked in; what it said last is the cause."""
        self.end()
        log.error("The process that decodes images does not start: %s", self._last_words)
        return EnvironmentTrouble(f"The process that decodes images does not start ({self._last_words}).")

    def _send(self, data: bytes, deadline: float) -> None:
        self._patience(deadline)
        try:
            self._link.sendall(data)
        except TimeoutError:
            raise _Died("timeout") from None
        except OSError:
            raise self._death() from None

    def _note(self, deadline: float) -> tuple[int, dict[str, Any]]:
        head = self._read(REPLY.size, deadline)
        kind, length = REPLY.unpack(head)
        if length > LONGEST_NOTE or kind not in (HELLO, PICTURE, REFUSED, FAULT):
            raise _Died("crash")
        try:
            note = json.loads(bytes(self._read(length, deadline)))
        except ValueError:
            raise _Died("crash") from None
        if not isinstance(note, dict):
            raise _Died("crash")
        return kind, note

    def _picture(self, note: dict[str, Any], digest: str, deadline: float) -> Picture:
        """Return what the process says is a picture, checked, because it may have been taken over."""
        sizes = [(int(high), int(wide)) for high, wide in note["frames"]]
        counts = [int(note[name]) for name in ("width", "height", "frame_count")]
        share, seconds = float(note["share"]), tuple(float(second) for second in note["seconds"])
        is_sane = note["format"] in FORMATS and note["partial"] in PARTIAL and all(0 < count < MOST for count in counts)
        if (
            not is_sane
            or not 0 <= share <= 1
            or not 0 < len(sizes) <= MOST_FRAMES
            or len(seconds) not in (0, len(sizes))
            or not all(0 <= second < MOST for second in seconds)
            or not all(0 < side <= SIDE for size in sizes for side in size)
        ):
            raise _Died("crash")
        return Picture(
            sha256=digest,
            format=note["format"],
            width=counts[0],
            height=counts[1],
            frame_count=counts[2],
            partial=note["partial"],
            share=share,
            seconds=seconds,
            frames=tuple(self._frame(*size, deadline) for size in sizes),
        )

    def _frame(self, high: int, wide: int, deadline: float) -> Pixels:
        return np.frombuffer(self._read(high * wide * 3, deadline), np.uint8).reshape(high, wide, 3)

    def _read(self, count: int, deadline: float) -> bytearray:
        data = bytearray(count)
        view, got = memoryview(data), 0
        while got < count:
            self._patience(deadline)
            try:
                more = self._link.recv_into(view[got:])
            except TimeoutError:
                raise _Died("timeout") from None
            except OSError:
                more = 0
            if not more:
                raise self._death()
            got += more
        return data

    def _patience(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise _Died("timeout")
        self._link.settimeout(left)

    def _death(self) -> _Died:
        """Return how the process died: SIGXCPU means that the CPU time ran out, anything else is a crash."""
        code = self.end()
        return _Died("timeout" if code == -signal.SIGXCPU else "crash")


def _refusal(note: dict[str, Any]) -> Exception:
    """Return the error that a decoder reports, if it is one of those that decoders report."""
    if note["reason"] not in REASONS:
        return _Died("crash")
    return Unscannable(note["reason"], str(note["sentence"])[:LONGEST_SENTENCE])


def _last_line(pipe: int) -> str:
    """Return the last line of a process that has ended, in letters that can go into a log."""
    os.set_blocking(pipe, False)
    try:
        lines = os.read(pipe, 1 << 16).decode(errors="replace").strip().splitlines()
    except BlockingIOError:  # whoever holds its other end has written nothing
        lines = []
    return _printable(lines[-1]) if lines else "it said nothing"


def _printable(words: str) -> str:
    return "".join(letter for letter in words[:LONGEST_CAUSE] if letter.isprintable())


def _fault(note: dict[str, Any]) -> CouldNotLook:
    """Return the error for a fault of the decoder itself."""
    return CouldNotLook(_printable(str(note["cause"])))


class Sandbox:
    """Up to `most` decoder processes, started as they are needed; an async context manager."""

    def __init__(self, most: int, *, wall_s: float = WALL_S, program: Sequence[str] = PROGRAM) -> None:
        self._room = threading.BoundedSemaphore(most)
        self._wall_s, self._program = wall_s, program
        self._idle: list[Worker] = []
        self.deaths = 0

    async def __aenter__(self) -> Self:
        if not is_known_here():
            log.warning(NO_FILTER)
        self._idle.append(Worker(self._wall_s, self._program))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        while self._idle:
            self._idle.pop().end()

    def has_filter(self) -> bool:
        """Return whether system calls are filtered, which not every kernel can."""
        with self._room:
            worker = self._take()
            try:
                return bool(worker.hello()["filter"])
            finally:
                self._idle.append(worker)

    def decode(self, data: bytes, digest: str = "") -> Picture:
        """Return the picture; raises Unscannable, CouldNotLook, and EnvironmentTrouble if no process starts."""
        digest, reason = digest or sha256(data).hexdigest(), ""
        for _ in range(TRIES):
            try:
                with self._room:
                    return self._decode(data, digest)
            except _Died as error:
                reason = str(error)
        raise Unscannable(reason, SENTENCES[reason])

    def _decode(self, data: bytes, digest: str) -> Picture:
        worker = self._take()
        try:
            picture = worker.decode(data, digest)
        except Unscannable:
            self._idle.append(worker)
            raise
        except CouldNotLook as error:  # a fresh process may have what this one lacks
            log.error("An image could not be looked at: %s", error.cause)
            worker.end()
            raise
        except BaseException:
            self.deaths += 1
            worker.end()
            raise
        self._idle.append(worker)
        return picture

    def _take(self) -> Worker:
        """Take the process that was used last, so that in quiet hours one does all the work."""
        try:
            return self._idle.pop()
        except IndexError:
            return Worker(self._wall_s, self._program)


def _environment() -> dict[str, str]:
    """Return a process's environment: no secrets, our code first, one thread."""
    return child_environment(KEPT_VARIABLES) | MALLOC
