"""The bot looks at a post's file and at its thumbnail, whatever the event says of their type, size or name."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.fronts.matrix.acting import MatrixActing
from bot.fronts.matrix.keys import Keys
from bot.fronts.matrix.reading import MOST_PICTURES, Reader
from bot.fronts.matrix.wire import Json, NotGiven, Wire
from bot.fronts.matrix.writing import Link
from core.errors import RetryLater, Unscannable
from core.types import ImageEvent
from tests.bot.fronts.matrix.test_reading import OTHER, URL, event
from tests.bot.fronts.matrix.test_rooms import room, rooms

MOST = 1000


class Store(Wire):
    """Has files by their addresses, and one event."""

    def __init__(self, posted: Json, files: Mapping[str, bytes]) -> None:
        super().__init__("http://127.0.0.1:1")
        self.posted, self.files = posted, files

    async def ask(self, method: str, path: str, *_: Any, **__: Any) -> Json:  # noqa: ARG002
        return self.posted

    async def _bytes(self, path: str, most: int) -> bytes:
        data = self.files.get(f"mxc://{path.partition('/download/')[2]}")
        if data is None:
            raise NotGiven(404, "M_NOT_FOUND", "ordered by the test")
        if len(data) > most:
            raise Unscannable("too-large", "ordered by the test")
        return data


def posted(content: dict[str, Any], **files: bytes) -> tuple[MatrixActing, list[ImageEvent]]:
    wire = Store(event(content), {f"mxc://x.org/{name[1:]}": data for name, data in files.items()})
    acting, here = MatrixActing(MOST), rooms(room("!r"))
    acting.connect(Link(wire, cast(Keys, None), here))
    return acting, Reader(here).incoming("!r", wire.posted).events()


FRONT = {"msgtype": "m.video", "body": "a.mp4", "url": URL, "info": {"thumbnail_url": OTHER}}


async def test_the_still_of_a_film_that_is_too_large_is_had() -> None:
    """It is all that can be looked at of it."""
    acting, (film,) = posted(FRONT, _1=b"x" * 2 * MOST, _2=b"still")

    with pytest.raises(Unscannable, match="ordered"):
        await acting.fetch(film)
    assert await acting.preview(film, is_all=True) == b"still"


async def test_a_still_that_is_not_there_is_none() -> None:
    """Nobody sees it; one that is too large people do see."""
    acting, (film,) = posted(FRONT, _1=b"film")
    assert await acting.preview(film, is_all=False) is None

    acting, (film,) = posted(FRONT, _1=b"film", _2=b"x" * 2 * MOST)
    with pytest.raises(Unscannable, match="ordered"):
        await acting.preview(film, is_all=False)


@asynccontextmanager
async def answering(**said: Any) -> AsyncIterator[Wire]:
    """Something on the way to the homeserver that gives every request the same answer."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(**said)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        wire = Wire(str(server.make_url("/")))
        await wire.open()
        try:
            yield wire
        finally:
            await wire.close()


SIGN_IN = b"<!doctype html><title>Sign in to this network</title>"


@pytest.mark.parametrize("status", [200, 401, 403, 404])
@pytest.mark.parametrize("kind", ["text/html", "application/json", "text/plain"])
async def test_a_page_of_something_in_between_is_no_file(status: int, kind: str) -> None:
    """A sign-in page or a proxy's error says nothing of the image: it is looked at later, and not given up as another
    kind of file."""
    body = b"{}" if kind == "application/json" else SIGN_IN
    async with answering(status=status, body=body, content_type=kind) as wire:
        with pytest.raises(RetryLater):
            await wire.download(URL, MOST)


async def test_nothing_at_all_is_no_file() -> None:
    """An answer without a byte of which no homeserver says how it is shown."""
    async with answering(body=b"") as wire:
        with pytest.raises(RetryLater):
            await wire.download(URL, MOST)


@pytest.mark.parametrize("data", [SIGN_IN, b""])
async def test_an_upload_that_calls_itself_a_page_is_the_file(data: bytes) -> None:
    """The homeserver says how it is shown: nobody is kept busy by a type that the sender chose."""
    shown = {"Content-Disposition": "inline"}
    async with answering(body=data, content_type="text/html", headers=shown) as wire:
        assert await wire.download(URL, MOST) == data


async def test_what_no_hint_can_hold_is_read_from_the_message() -> None:
    """An address as long as no app makes it."""
    address = "mxc://x.org/" + "9" * 5_000
    acting, (picture,) = posted({"msgtype": "m.image", "body": "a", "url": address}, **{"_" + "9" * 5_000: b"picture"})

    assert picture.hint == ""
    assert await acting.fetch(picture) == b"picture"


async def test_too_many_pictures_are_called_so() -> None:
    """Those that are looked at are there, and one more says that it is not all."""
    many = "".join(f"<img src='mxc://x.org/{number}'>" for number in range(MOST_PICTURES + 9))
    files = {f"_{number}": b"%d" % number for number in range(MOST_PICTURES)}
    acting, events = posted({"msgtype": "m.text", "body": "x", "formatted_body": many}, **files)

    assert [await acting.fetch(one) for one in events[:-1]] == list(files.values())
    with pytest.raises(Unscannable) as error:
        await acting.fetch(events[-1])
    assert error.value.reason == "too-large"
