"""Files of strangers are decoded where they can do no harm, and a file that tries costs nobody else their verdict."""

import asyncio
import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
import pytest_asyncio

from core.errors import CouldNotLook, EnvironmentTrouble, Unscannable
from core.root import ROOT
from embed.decode.picture import decode
from embed.decode.sandbox import Sandbox
from embed.decode.seccomp import is_known_here
from tests.embed.decode.films import CODECS, film, see_through
from tests.embed.decode.test_fax import FAXES, sent, zeroed
from tests.embed.decode.test_picture import check
from tests.small import saved, scribble
from tests.zoo import CLASSES, Animal, of_class

pytestmark = pytest.mark.asyncio(loop_scope="module")

TRIES = """
import ctypes, json, mmap, os, resource, socket, sys, threading
from embed.decode.seccomp import lock
told = {}
def attempt(name, do):
    try:
        do()
        told[name] = "done"
    except Exception as error:
        told[name] = type(error).__name__
def fork():
    if not os.fork():
        os._exit(0)
def thread():
    one = threading.Thread(target=lambda: None)
    one.start()
    one.join()
libc = ctypes.CDLL(None)
parent = os.getppid()
lock(1 << 30)
attempt("read a file", lambda: os.open("/etc/hostname", os.O_RDONLY))
attempt("write a file", lambda: os.open("planted", os.O_WRONLY | os.O_CREAT))
attempt("open a socket", socket.socket)
attempt("run a program", lambda: os.execv("/bin/true", ["true"]))
attempt("start a process", fork)
attempt("kill the bot", lambda: os.kill(parent, 0))
attempt("limit the bot", lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE))
attempt("make code", lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC))
attempt("delete a file", lambda: os.unlink("/tmp/nothing"))
attempt("fill the memory", lambda: bytearray(1 << 30))
attempt("work in a thread", thread)
print(json.dumps(told))
"""

EVIL = """
import os, socket, struct, time
import embed.decode.worker as decoder
{how}
decoder.serve(socket.socket(fileno=0))
"""
SPINS = (
    "decoder.CPU_S, decoder.warm_up = 0, lambda: None\ndef spin(*_, **__):\n    while True: pass\ndecoder.decode = spin"
)
LIES = "def lie(link, picture): decoder.say(link, decoder.PICTURE, {note})\ndecoder._answer = lie"
FAULT = "import embed.decode.picture as picture\ndecoder.warm_up = lambda: None\ndef fault(*_, **__): {how}\n"
FAULTS = {
    "a late import": FAULT.format(how="import late_module") + "picture._decoded = fault",
    "a late file": FAULT.format(how="open('late_module')") + "picture._decoded = fault",
    "a bug": FAULT.format(how="raise TypeError('late_module')") + "decoder.decode = fault",
}
TALKS = """
read = decoder.decode
def loud(*files, **how):
    for _ in range(300):
        try:
            os.write(2, b"!" * 1_000)
        except BlockingIOError:
            pass
    return read(*files, **how)
decoder.decode = loud
"""
NOTE = {"format": "PNG", "width": 1, "height": 1, "frame_count": 1, "partial": "", "share": 1.0}


def evil(how: str) -> tuple[str, str]:
    """A decoder process that was taken over."""
    return "-c", EVIL.format(how=how)


def decoders() -> set[psutil.Process]:
    """The processes that decode for this one."""
    return {child for child in psutil.Process().children() if "embed.decode.worker" in child.cmdline()}


def page_faults(process: psutil.Process) -> int:
    """Pages that it was given so far: `minflt` of proc_pid_stat(5)."""
    return int(Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[7])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(2) as one:
        yield one


@pytest.mark.parametrize("kind", CLASSES)
async def test_the_zoo_is_seen_as_without_a_sandbox(
    sandbox: Sandbox, kind: Callable[[], Iterator[Animal]], subtests: pytest.Subtests
) -> None:
    """The lock takes nothing away that decoding needs."""
    for animal in of_class(kind):
        with subtests.test(animal.name):
            check(animal, sandbox.decode)
    assert sandbox.deaths == 0


async def test_pixels_come_through_unchanged(sandbox: Sandbox) -> None:
    """What comes back is what the decoder saw, with the file's own hash."""
    data = saved(scribble(3))
    here, there = decode(data), sandbox.decode(data)

    assert (here.sha256, here.width, here.format) == (there.sha256, there.width, there.format)
    assert all(np.array_equal(one, other) for one, other in zip(here.frames, there.frames, strict=True))


async def test_what_is_missing_of_a_fax_is_told_from_inside(sandbox: Sandbox) -> None:
    """The process that is locked in hears what libtiff says, as this one does."""
    for compression in FAXES:
        data = zeroed(sent(compression), 0.5)
        found = sandbox.decode(data)
        assert (found.partial, found.share) == ("damaged", decode(data).share)


@pytest.mark.skipif(not is_known_here(), reason="this kernel's calls are not filtered")
async def test_nothing_can_be_done_from_inside() -> None:
    """No file, no socket, no program, no other process, no new code; threads and some memory are all there is."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", TRIES]
    run = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, cwd=ROOT, env=env)
    told = json.loads((await run.communicate())[0])

    assert told.pop("work in a thread") == "done"
    assert told.pop("fill the memory") == "MemoryError"
    assert set(told.values()) == {"PermissionError"}, told


async def test_no_secret_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process knows no token of the bot."""
    monkeypatch.setenv("RESIGHT_TOKEN", "s3cret-of-the-operator")
    before = decoders()
    async with Sandbox(1) as one:
        one.decode(saved(scribble(1)))
        insides = [child.environ() for child in decoders() - before]

    assert insides
    assert not any("RESIGHT_TOKEN" in inside for inside in insides)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the settings are glibc's")
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
async def test_a_process_keeps_its_memory_for_the_next_image(form: str) -> None:
    """Pages that were given back and are asked for again cost each image half a millisecond."""
    before, data = decoders(), saved(scribble(1, 1200, 900), form)
    async with Sandbox(1) as one:
        faults = [(one.decode(data), page_faults(*decoders() - before))[1] for _ in range(10)]

    assert faults[-1] - faults[4] < 5 * 50


async def test_a_killed_process_costs_no_image() -> None:
    """The file is tried again in a fresh process, and the next ones are decoded as ever."""
    before = decoders()
    async with Sandbox(1) as one:
        one.decode(saved(scribble(1)))
        (child,) = decoders() - before
        child.send_signal(signal.SIGKILL)

        assert one.decode(saved(scribble(2))).width == 240
        assert one.deaths == 1


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (SPINS, "timeout"),
        ("decoder._answer = lambda *_: time.sleep(60)", "timeout"),
        ("decoder._answer = lambda *_: os._exit(1)", "crash"),
        ("decoder._answer = lambda link, _: link.sendall(struct.pack('<BI', 1, 1 << 31))", "crash"),
        ("decoder._answer = lambda link, _: link.sendall(b'\\1\\2\\0\\0\\0[]')", "crash"),
        ("decoder._answer = lambda link, _: link.sendall(b'\\1\\2\\0\\0\\0{{}')", "crash"),
        (LIES.format(note=NOTE | {"frames": [[30_000, 30_000]]}), "crash"),
        (LIES.format(note=NOTE | {"frames": []}), "crash"),
        (LIES.format(note=NOTE | {"frames": [[1, 1]] * 100}), "crash"),
        (LIES.format(note=NOTE | {"frames": [["x", 1]]}), "crash"),
        (LIES.format(note=NOTE | {"frames": [[1, 1]], "partial": "a lie"}), "crash"),
        (LIES.format(note=NOTE | {"frames": [[1, 1]], "format": "EVIL"}), "crash"),
        (LIES.format(note=NOTE | {"frames": [[1, 1]], "share": 7}), "crash"),
        (LIES.format(note=NOTE | {"frames": [[1, 1]], "width": -1}), "crash"),
        (LIES.format(note=NOTE | {"frames": [[1, 1]], "frame_count": 1 << 80}), "crash"),
        (
            "decoder._answer = lambda link, _: decoder.say(link, decoder.REFUSED, {'reason': 'x', 'sentence': ''})",
            "crash",
        ),
    ],
)
async def test_a_process_that_was_taken_over(how: str, reason: str) -> None:
    """Whatever it does, the file is tried twice and is then unscannable; no lie of it reaches us."""
    async with Sandbox(1, wall_s=3, program=evil(how)) as one:
        with pytest.raises(Unscannable) as caught:
            one.decode(saved(scribble(1)))

    assert (caught.value.reason, one.deaths) == (reason, 2)


@pytest.mark.parametrize(
    ("program", "cause"), [("raise SystemExit(1)", "it said nothing"), ("import no_such_module", "'no_such_module'")]
)
async def test_a_process_that_does_not_start(program: str, cause: str, caplog: pytest.LogCaptureFixture) -> None:
    """That is the operator's to know, with its cause, and says nothing about the image."""
    async with Sandbox(1, program=("-c", program)) as one:
        with pytest.raises(EnvironmentTrouble, match=f"does not start .*{cause}"):
            one.decode(saved(scribble(1)))
    assert cause in caplog.text


@pytest.mark.parametrize("how", FAULTS.values(), ids=FAULTS)
async def test_a_fault_of_ours_is_no_damage_of_the_file(how: str, caplog: pytest.LogCaptureFixture) -> None:
    """A module that is looked for behind the lock, a file that may not be opened, a bug: told as what it is."""
    async with Sandbox(1, program=evil(how)) as one:
        with pytest.raises(CouldNotLook, match="the fault is ours"):
            one.decode(saved(scribble(1)))
    assert "late_module" in caplog.text


async def test_words_of_a_decoder_that_nobody_reads_stop_nobody() -> None:
    """A library's complaints fill no pipe until the process hangs."""
    async with Sandbox(1, wall_s=5, program=evil(TALKS)) as one:
        assert one.decode(saved(scribble(1))).width == 240


async def test_without_the_extra_a_video_is_told_as_one() -> None:
    """The sentence with what to install is put together before the lock, because it is read from files."""
    async with Sandbox(1, program=evil("decoder.video.find_spec = lambda _: None")) as one:
        with pytest.raises(Unscannable, match="pip install 'av>=") as caught:
            one.decode(film("mp4", "libx264"))
    assert caught.value.reason == "video"


@pytest.mark.parametrize(("kind", "codec"), CODECS)
async def test_videos_are_seen_as_without_a_sandbox(sandbox: Sandbox, kind: str, codec: str) -> None:
    """Each codec that is read at all is read behind the lock."""
    pytest.importorskip("av", reason="videos are an extra")
    data = film(kind, codec)
    here, there = decode(data), sandbox.decode(data)

    assert (there.partial, len(there.frames)) == ("", len(here.frames))
    assert all(np.array_equal(one, other) for one, other in zip(here.frames, there.frames, strict=True))


async def test_jobs_wait_for_their_turn() -> None:
    """No more processes run than were allowed, however many images come at once."""
    data, before = [saved(scribble(number)) for number in range(12)], decoders()
    async with Sandbox(2) as one:
        pictures = await asyncio.gather(*(asyncio.to_thread(one.decode, file) for file in data))
        children = decoders() - before

    assert [picture.width for picture in pictures] == [240] * 12
    assert len(children) <= 2


async def test_a_sticker_that_can_be_seen_through_is_decoded_there(sandbox: Sandbox) -> None:
    """By another decoder, which starts no thread and reads no file."""
    pytest.importorskip("av", reason="videos are an extra")

    assert len(sandbox.decode(see_through(3)).frames) == 2
