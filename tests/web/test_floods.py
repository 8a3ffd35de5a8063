"""What is sent to us lies in memory only as far as there is room, and only from whom it may come."""

import asyncio
import gzip
import io
from contextlib import AsyncExitStack

import pytest

from bot.serve import listening
from bot.settings import load
from tests.web.conftest import KNOWN
from tests.web.fakes import BEARER, Desk, copy_of
from tests.web.raw import answered, line, say
from web import body_memory, connections
from web.app import application
from web.context import WebSettings

HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}Content-Length: {length}\r\n\r\n"
BEARER_LINE = f"Authorization: {BEARER['Authorization']}\r\n"
PNG = "Content-Type: image/png\r\n"
FORM = "Content-Type: multipart/form-data; boundary=b\r\n"


def head(path: str, length: int, more: str) -> bytes:
    return HEAD.format(path=path, length=length, more=more).encode()


@pytest.mark.parametrize(
    "path, more",
    [
        ("/", FORM),
        ("/channel", FORM),
        ("/case/1/decision", FORM),
        ("/api/search", PNG),
        ("/api/posts", FORM),
        ("/api/posts", PNG + "Authorization: Bearer wrong\r\n"),
    ],
)
async def test_nothing_of_a_stranger_is_read(guarded: Desk, path: str, more: str) -> None:
    """Who may not come in is told so before a byte of the body has come."""
    async with line(guarded) as (reader, writer):
        writer.write(head(path, 2_000_000, more))

        assert (await answered(reader))[0] == 401
        assert not guarded.held


@pytest.mark.parametrize("path", ["/", "/channel"])
@pytest.mark.parametrize("first", [b"", b'--b\r\nContent-Disposition: form-data; name="image"; filename=x\r\n\r\n'])
async def test_nothing_is_read_without_the_forms_token(front: Desk, path: str, first: bytes) -> None:
    """The token is the first field of our forms; a picture that comes before it is not waited for."""
    async with line(front) as (reader, writer):
        writer.write(head(path, 2_000_000, FORM) + (first or b"--b\r\nContent-Disposition: form-data\r\n\r\n"))
        if not first:
            writer.write(b"\r\n--b\r\n")

        assert (await answered(reader))[0] == 403


@pytest.mark.parametrize("path", ["/sign-in", "/channel/mode", "/case/1/decision", "/case/1/undo", "/sign-out"])
async def test_forms_without_a_picture_are_short(front: Desk, path: str) -> None:
    """Nobody sends megabytes to a button."""
    head_ = f"POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded"

    assert (await say(front, head_, b"csrf=x&token=" + b"y" * 500_000))[0] == 413


async def test_half_sent_uploads_leave_room_for_others(front: Desk) -> None:
    """However many one client begins, half of the room is its own at most, and another one is answered."""
    async with AsyncExitStack() as stack:
        for _ in range(40):
            _, writer = await stack.enter_async_context(line(front, "127.0.0.2"))
            writer.write(head("/api/search", 2_000_000, BEARER_LINE + PNG) + bytes(1_000_000))
        await asyncio.sleep(0.2)

        assert front.held <= 2 * (front.services.max_image_bytes + (1 << 20))
        async with front.client.post("/api/search", data=copy_of(KNOWN), headers=BEARER) as answer:
            assert (await answer.json())["verdict"] == "match"


async def test_who_finds_no_room_is_told_when_to_come_again(front: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After, once it has waited for a while."""
    monkeypatch.setattr(body_memory, "PATIENCE", 0.2)
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(line(front)) for _ in range(8)]
        for _, writer in lines:
            writer.write(head("/api/search", 2_000_000, BEARER_LINE + PNG))

        heads = [one for one in await asyncio.gather(*(_head_of(reader) for reader, _ in lines)) if one]

    assert len(heads) == 5
    assert all(one.startswith(b"HTTP/1.1 503") and b"Retry-After: 5" in one for one in heads)


@pytest.mark.parametrize("more", [PNG, FORM])
async def test_who_falls_silent_is_given_up(front: Desk, monkeypatch: pytest.MonkeyPatch, more: str) -> None:
    """408, and the room that was held is free."""
    monkeypatch.setattr(body_memory, "SILENT", 0.2)
    async with line(front) as (reader, writer):
        writer.write(head("/api/search", 2_000_000, BEARER_LINE + more) + b"--b\r\n")

        assert (await answered(reader))[0] == 408
        assert not front.held


async def test_who_drips_is_given_up(front: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then does not keep an upload alive."""
    monkeypatch.setattr(body_memory, "GRACE", 0.3)
    async with line(front) as (reader, writer):
        writer.write(head("/api/search", 2_000_000, BEARER_LINE + PNG))

        async def drip() -> None:
            while True:
                writer.write(b"x")
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        status, _ = await answered(reader)
        dripping.cancel()

    assert status == 408


@pytest.mark.parametrize("more", [PNG, FORM, "Content-Type: application/json\r\n"])
async def test_endless_bodies_end(front: Desk, more: str) -> None:
    """What has no length is read up to the limit and no further."""
    async with line(front) as (reader, writer):
        said = f"POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\n{BEARER_LINE}{more}Transfer-Encoding: chunked\r\n\r\n"
        writer.write(said.encode())
        begin = b'--b\r\nContent-Disposition: form-data; name="image"; filename=x\r\n\r\n' if more is FORM else b""
        writer.write(b"%x\r\n%s\r\n" % (len(begin), begin) if begin else b"")
        for _ in range(80):
            writer.write(b"10000\r\n" + bytes(1 << 16) + b"\r\n")

        assert (await answered(reader))[0] == 413


async def test_a_packed_bomb_is_held_to_the_same_limit(front: Desk) -> None:
    """What unpacks to more than the limit is refused, however small it came."""
    bomb = gzip.compress(bytes(200 << 20))

    said = await say(front, f"POST /api/search HTTP/1.1\r\n{BEARER_LINE}{PNG}Content-Encoding: gzip".strip(), bomb)

    assert said[0] == 413


async def test_what_was_held_is_given_back(front: Desk) -> None:
    """After an answer of any kind there is room again."""
    for data, kind in ((KNOWN, "image/png"), (b"x", "image/png"), (b"{", "application/json"), (b"x", "multipart/x")):
        async with front.client.post("/api/search", data=io.BytesIO(data), headers={**BEARER, "Content-Type": kind}):
            assert not front.held


async def test_half_a_head_is_not_waited_for(front: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that asks nothing is closed; one on which an answer is on its way is not."""
    for name, seconds in (("FIRST", 0.3), ("NEXT", 0.6), ("EVERY", 0.1)):
        monkeypatch.setattr(connections, name, seconds)
    app = application(front.services, WebSettings(token="x", host="127.0.0.1", open_pages=True, version="0"))
    async with listening(app, load(port=0)) as port:
        fresh, used = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        fresh[1].write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half")
        used[1].write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

        assert await asyncio.wait_for(fresh[0].read(), 2) == b""
        assert (await used[0].read(15)).startswith(b"HTTP/1.1 200")
        used[1].write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half")
        assert await asyncio.wait_for(used[0].read(), 2)
        for _, writer in (fresh, used):
            writer.close()
            await writer.wait_closed()


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nX: \0\r\n\r\n",
        b"GET /?" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\0",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ],
    ids=["NUL", "a long line", "TLS", "no length", "no version"],
)
async def test_what_is_no_http_fills_no_log(front: Desk, caplog: pytest.LogCaptureFixture, said: bytes) -> None:
    """400, and not a line in the log for what any stranger may send as often as they like."""
    app = application(front.services, WebSettings(token="x", host="127.0.0.1", open_pages=True, version="0"))
    async with listening(app, load(port=0)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)

        assert (await answered(reader))[0] == 400
        assert not caplog.records
        writer.close()
        await writer.wait_closed()


async def _head_of(reader: asyncio.StreamReader) -> bytes:
    """The head of the answer, b"" while there is none."""
    try:
        async with asyncio.timeout(1):
            return await reader.readuntil(b"\r\n\r\n")
    except TimeoutError:
        return b""
