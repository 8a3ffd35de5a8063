"""No bytes in a head, a cookie, a part's head, a JSON text or a form end in a 500 or in a traceback."""

import asyncio
import logging
from itertools import batched
from random import Random

import pytest

from tests.web.conftest import KNOWN
from tests.web.fakes import BEARER, Desk
from tests.web.raw import line, say
from web.connections import OwnFaultsOnly

TOKEN = f"Authorization: {BEARER['Authorization']}\r\n"
MULTIPART = "Content-Type: multipart/form-data; boundary=b\r\n"
HEADS = {
    "no text in the bearer": b"GET /api/cases HTTP/1.1\r\nAuthorization: Bearer \xff",
    "no text in the scheme": b"GET /api/cases HTTP/1.1\r\nAuthorization: \xff\xfe x",
    "no text in the cookie": b"GET / HTTP/1.1\r\nCookie: resight_session=\xff\xfe",
    "no text in a form's cookie": b"POST /channel/mode HTTP/1.1\r\nCookie: resight_session=\xff",
    "half a character in the cookie": b"GET / HTTP/1.1\r\nCookie: resight_session=\xed\xa0\x80",
    "no text in the name": b"GET /channel HTTP/1.1\r\nCookie: name=\xff; resight_name=\xff",
    "no text in the form's token": b"POST /channel HTTP/1.1\r\nX-CSRF-Token: \xff",
    "no text in the languages": b"GET / HTTP/1.1\r\nAccept-Language: \xff, \xed\xa0\x80;q=x",
    "no text in what is accepted": b"GET / HTTP/1.1\r\nAccept: \xff",
    "no text in the origin": b"POST / HTTP/1.1\r\nOrigin: http://\xff[",
    "no text in the referer": b"GET / HTTP/1.1\r\nReferer: http://[\xff",
    "no text in a proxy's word": b"GET / HTTP/1.1\r\nX-Forwarded-For: \xff, 1.2.3.4:x, [::1",
    "no text in the type": b"POST /api/search HTTP/1.1\r\nAuthorization: Bearer let-me-in\r\nContent-Type: \xff/\xff",
    "no type at all": b"POST /api/search HTTP/1.1\r\nAuthorization: Bearer let-me-in\r\nContent-Type: ;;;",
    "no boundary": b"POST /api/search HTTP/1.1\r\nAuthorization: Bearer let-me-in\r\nContent-Type: multipart/form-data",
    "no text in the boundary": (
        b"POST /api/search HTTP/1.1\r\nAuthorization: Bearer let-me-in\r\n"
        b"Content-Type: multipart/form-data; boundary=\xff"
    ),
    "no text in the address": b"GET /case/%ff%00%ed%a0%80 HTTP/1.1",
    "no text in the query": b"GET /sign-in?next=/%ff%00%ed%a0%80 HTTP/1.1",
    "half a character asked for": b"GET /api/similar?text=%ed%a0%80%00 HTTP/1.1\r\nAuthorization: Bearer let-me-in",
    "half a character in a key": (
        b"DELETE /api/collections/%ed%a0%80/references/%00%ff HTTP/1.1\r\nAuthorization: Bearer let-me-in"
    ),
    "half a character in a file's name": b"GET /static/%ed%a0%80%00 HTTP/1.1",
    "half a character in a sample": b"GET /samples/%ff%00.jpg HTTP/1.1",
    "half a character in a picture": b"GET /media/%ff%00%ed%a0%80 HTTP/1.1",
    "no reference": b"GET /references/%ff%00.jpg HTTP/1.1",
    "no post": b"GET /posts/%ff%00 HTTP/1.1",
}
PARTS = {
    "no head": b"",
    "no disposition": b"X: y",
    "an empty disposition": b"Content-Disposition:",
    "another disposition": b"Content-Disposition: attachment; filename=x",
    "no text": b'Content-Disposition: form-data; name="\xff\xfe"',
    "no text in the file's name": b"Content-Disposition: form-data; name=image; filename*=utf-8''%ff%ed%a0%80",
    "an unknown charset": b"Content-Disposition: form-data; name=image; filename*=nothing''x",
    "a broken continuation": b"Content-Disposition: form-data; name=image; filename*0*=utf-8''%; filename*2=x",
    "an unknown coding": b'Content-Disposition: form-data; name="image"\r\nContent-Transfer-Encoding: nothing',
    "no base64": b'Content-Disposition: form-data; name="image"\r\nContent-Transfer-Encoding: base64',
    "no gzip": b'Content-Disposition: form-data; name="image"\r\nContent-Encoding: gzip',
    "an unknown packing": b'Content-Disposition: form-data; name="image"\r\nContent-Encoding: nothing',
    "a length that is none": b'Content-Disposition: form-data; name="image"\r\nContent-Length: x',
    "a negative length": b'Content-Disposition: form-data; name="image"\r\nContent-Length: -5',
    "a long length": b'Content-Disposition: form-data; name="image"\r\nContent-Length: 99999999',
    "parts within": b"Content-Type: multipart/mixed; boundary=c",
    "parts within without a boundary": b"Content-Type: multipart/mixed",
    "no colon": b"nothing",
    "a NUL": b'Content-Disposition: form-data; name="\x00"',
    "a long head": b"X: " + b"y" * 20_000,
    "many heads": b"\r\n".join(b"X%d: y" % number for number in range(500)),
}
TEXTS = {
    "an integer of 5,000 digits": b'{"name": "x", "owner": ' + b"9" * 5000 + b"}",
    "half a character": b'{"name": "x", "owner": "\\ud800"}',
    "half a character in a name": b'{"\\ud800": "x"}',
    "no text": b'{"name": "\xff"}',
    "a NUL": b'{"name": "x\\u0000y"}',
    "NaN": b'{"name": NaN}',
    "no number": b'{"name": 1e999}',
    "deep": b"[" * 100_000,
    "deep objects": b'{"name":' * 20_000,
    "the same twice": b'{"name": "x", "name": 5}',
    "null": b"null",
    "a mark of order": b"\xef\xbb\xbf{}",
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
async def test_no_head_is_a_bug(front: Desk, caplog: pytest.LogCaptureFixture, head: bytes) -> None:
    """Whatever stands in the first line, the heads and the cookies."""
    status, text = await say(front, head)

    assert status != 500, text
    assert not _tracebacks(caplog)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("path", ["/api/search", "/"])
async def test_no_part_is_a_bug(front: Desk, caplog: pytest.LogCaptureFixture, path: str, part: bytes) -> None:
    """Whatever stands above a part of a form."""
    head = f"POST {path} HTTP/1.1\r\n{MULTIPART}{TOKEN if path.startswith('/api') else ''}"
    if path == "/":
        head += await _browser(front)

    status, text = await say(front, head, b"--b\r\n" + part + b"\r\n\r\nxyz!\r\n--b--\r\n")

    assert status != 500, text
    assert not _tracebacks(caplog)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize(
    "call", ["POST /api/collections", "POST /api/cases/1/decision", "POST /api/cases/1/undo", "POST /api/search"]
)
async def test_no_json_is_a_bug(front: Desk, caplog: pytest.LogCaptureFixture, call: str, text: bytes) -> None:
    """Whatever stands in the body of a call."""
    status, said = await say(front, f"{call} HTTP/1.1\r\n{TOKEN}Content-Type: application/json", text)

    assert status != 500, said
    assert not _tracebacks(caplog)


@pytest.mark.parametrize("field", [b"%ff", b"%ed%a0%80", b"%00", b"+" * 9_000, b"%u1234%"])
async def test_no_form_is_a_bug(front: Desk, caplog: pytest.LogCaptureFixture, field: bytes) -> None:
    """Whatever stands in a field of a page's form."""
    head = f"POST /channel/mode HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n{await _browser(front)}"

    status, said = await say(front, head, b"mode=" + field + b"&" + field + b"=x")

    assert status != 500, said
    assert not _tracebacks(caplog)


@pytest.mark.parametrize("path", ["/api/search", "/api/posts", "/"])
async def test_hanging_up_in_the_middle_is_no_bug(front: Desk, caplog: pytest.LogCaptureFixture, path: str) -> None:
    """Half a picture and then nothing: no traceback, and what it held is given back."""
    kind = "image/png" if path.startswith("/api") else "multipart/form-data; boundary=b"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: 100000\r\n"
    head += TOKEN if path.startswith("/api") else await _browser(front)
    async with line(front) as (_, writer):
        writer.write(head.encode() + b"\r\n" + (b"" if path.startswith("/api") else b"--b\r\n") + KNOWN[:500])
        await writer.drain()
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.1)

    assert not _tracebacks(caplog)
    assert not front.held


async def test_no_other_bytes_are_a_bug(front: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """All of the above, with bytes exchanged, left out, put in and doubled: 600 requests, drawn by a seed."""
    dice, browser = Random(15), (await _browser(front)).encode()
    sent = [_disturbed(dice, browser) for _ in range(600)]

    for some in batched(sent, 20):
        answers = await asyncio.gather(*(_sent(front, *one) for one in some))
        assert [text for status, text in answers if status == 500] == []
    assert not _tracebacks(caplog)


def _disturbed(dice: Random, browser: bytes) -> tuple[bytes, bytes]:
    """A head and a body of which one is not as it was."""
    heads, parts, texts = list(HEADS.values()), list(PARTS.values()), list(TEXTS.values())
    token = TOKEN.encode()
    match dice.randrange(4):
        case 0:
            return _other(dice, dice.choice(heads)), b""
        case 1:
            path = dice.choice((b"search", b"posts", b"collections/library/references?key=x"))
            body = b"--b\r\n" + _other(dice, dice.choice(parts)) + b"\r\n\r\nxyz!\r\n--b--\r\n"
            return b"POST /api/%s HTTP/1.1\r\n%s%s" % (path, token, MULTIPART.encode()), body
        case 2:
            path = dice.choice((b"collections", b"cases/1/decision", b"cases/1/undo", b"search", b"posts"))
            body = _other(dice, dice.choice(texts)[:2000])
            return b"POST /api/%s HTTP/1.1\r\n%sContent-Type: application/json" % (path, token), body
        case _:
            body = _other(dice, b"mode=off&by=x&url=http%3A%2F%2Fx%2F&token=%ff&decision=allowed")
            path = dice.choice((b"channel/mode", b"case/1/decision", b"sign-in", b"channel", b""))
            kind = b"Content-Type: application/x-www-form-urlencoded\r\n"
            return b"POST /%s HTTP/1.1\r\n%s%s" % (path, kind, browser), body


def _other(dice: Random, said: bytes) -> bytes:
    """The bytes with up to four changes; some of them are those that parsers trip over."""
    changed = bytearray(said)
    for _ in range(dice.randint(1, 4)):
        at = dice.randint(0, len(changed))
        new = dice.choice((b"\xff", b"\0", b'"', b";", b"%", b"=", b":", b"[", b"\xed\xa0\x80", b"\\ud800", b"9" * 40))
        changed[at : at + dice.randint(0, 3)] = new * dice.randint(0, 2)
    return bytes(changed)


async def _sent(front: Desk, head: bytes, body: bytes) -> tuple[int, bytes]:
    """Status and answer; 0 where the line was closed without one."""
    try:
        return await say(front, head, body)
    except (ConnectionError, IndexError):
        return 0, b""


async def _browser(front: Desk) -> str:
    """The heads of a browser that has loaded a page of ours."""
    token = await front.csrf()
    cookies = front.client.session.cookie_jar.filter_cookies(front.client.make_url("/"))
    return f"X-CSRF-Token: {token}\r\nCookie: resight_session={cookies['resight_session'].value}\r\n"


def _tracebacks(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of bugs; what is no HTTP is none (tests/web/test_floods.py)."""
    told = [one for one in caplog.records if OwnFaultsOnly().filter(one)]
    return [one.getMessage() for one in told if one.exc_info or one.levelno >= logging.ERROR]
