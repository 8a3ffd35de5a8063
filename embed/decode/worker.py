"""The decoder's own process: `python -m embed.decode.worker`, started by sandbox.py with a socket as its input.

    warm up (one image of each format, so that nothing is imported later) -> lock -> hello -> jobs until the socket ends
    what is imported all the same is a fault of ours: told with its cause, and never as the damage of a file

A job is <u32 length> and the file's bytes; the reply <u8 kind, u32 length>, a note in JSON and, for a picture, the
frames' pixels one after the other. Everything this process says may be a lie of the file it reads: the parent checks.
"""

import io
import json
import math
import resource
import socket
import struct

from PIL import Image

from core.errors import CouldNotLook, Unscannable
from core.looks import Picture
from embed.decode import video
from embed.decode.picture import decode
from embed.decode.seccomp import lock
from embed.decode.sniff import ALLOWED

MEMORY = 1 << 30
CPU_S = 4
HEAD, REPLY = struct.Struct("<I"), struct.Struct("<BI")
HELLO, PICTURE, REFUSED, FAULT = 0, 1, 2, 3
LONGEST_CAUSE = 500
ODD_MODES = [("I;16", "PNG"), ("RGBA", "WEBP"), ("P", "GIF"), ("LAB", "TIFF"), ("CMYK", "JPEG")]


def serve(link: socket.socket) -> None:
    """Serve jobs until the other end closes."""
    warm_up()
    say(link, HELLO, {"filter": lock(MEMORY), "video": video.is_available()})
    while head := _read(link, HEAD.size):
        data = _read(link, HEAD.unpack(head)[0])
        grant_cpu()
        _do(link, data)


def _do(link: socket.socket, data: bytes) -> None:
    """Do one job and reply with a picture, a refusal, or a fault of ours."""
    try:
        picture = decode(data, digest="-")
    except Unscannable as error:
        say(link, REFUSED, {"reason": error.reason, "sentence": str(error)})
    except Exception as error:
        cause = error.cause if isinstance(error, CouldNotLook) else f"{type(error).__name__}: {error}"
        say(link, FAULT, {"cause": cause[:LONGEST_CAUSE]})
    else:
        _answer(link, picture)


def warm_up() -> None:
    """Decode one file of each format, to load what Pillow and FFmpeg load at their first use."""
    for mode, form in [("RGB", form) for form in ALLOWED] + ODD_MODES:
        buffer = io.BytesIO()
        Image.new(mode, (8, 8)).save(buffer, form)
        decode(buffer.getvalue())
    if video.is_available():
        video.load_all()
    else:
        video.missing()


def grant_cpu() -> None:
    """Raise RLIMIT_CPU before a job: it counts the whole life of a process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime) + CPU_S
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _answer(link: socket.socket, picture: Picture) -> None:
    names = ("format", "width", "height", "frame_count", "partial", "share", "seconds")
    note = {name: getattr(picture, name) for name in names}
    say(link, PICTURE, note | {"frames": [frame.shape[:2] for frame in picture.frames]})
    for frame in picture.frames:
        link.sendall(memoryview(frame).cast("B"))


def say(link: socket.socket, kind: int, note: dict[str, object]) -> None:
    """Send a reply of this kind with a note as JSON."""
    encoded = json.dumps(note).encode()
    link.sendall(REPLY.pack(kind, len(encoded)) + encoded)


def _read(link: socket.socket, count: int) -> bytes:
    """Return so many bytes; b"" if the other end has closed."""
    data = bytearray(count)
    view, got = memoryview(data), 0
    while got < count:
        more = link.recv_into(view[got:])
        if not more:
            return b""
        got += more
    return bytes(data)


if __name__ == "__main__":
    serve(socket.socket(fileno=0))
