"""That another server fails is told as its failure or as the caller's mistake, and never as ours."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from tests.web.elsewhere import PLACE, elsewhere
from tests.web.fakes import TOKEN, Clock, Desk, Larder, Shelves, assembled
from tests.web.test_api import call
from web.app import application
from web.context import WebSettings


@pytest.fixture
async def there(home: Path) -> AsyncIterator[tuple[Desk, int]]:
    """A desk that downloads, and the port of the only server it reaches."""
    clock, shelves = Clock(), Shelves()
    async with AsyncExitStack() as stack:
        fetcher, port = await stack.enter_async_context(elsewhere(seconds=1.0))
        bare = await stack.enter_async_context(assembled(home, clock, shelves, Larder({})))
        services = replace(bare, fetcher=fetcher)
        settings = WebSettings(token=TOKEN, host="127.0.0.1", open_pages=True, version="0.0.0")
        server = TestServer(application(services, settings), host="127.0.0.1")
        client = await stack.enter_async_context(TestClient(server))
        yield Desk(client, services, shelves, clock), port


CASES = [
    (f"http://{PLACE}:{{port}}/broken.png", 502, "The server answered with status 503."),
    (f"http://{PLACE}:{{port}}/cut.png", 502, "The connection failed."),
    (f"http://{PLACE}:1/x.png", 502, "The server can't be reached."),
    (f"http://{PLACE}:{{port}}/slow.png", 504, "The server took too long."),
    ("http://nowhere.example/x.png", 422, "There is no server of that name."),
    (f"http://{PLACE}:{{port}}/gone.png", 422, "The server answered with status 404."),
    (f"http://{PLACE}:{{port}}/page.html", 422, "What is behind the link is not an image."),
    ("http://10.0.0.1/x.png", 422, "The link leads into a private network."),
    (f"http://{PLACE}:{{port}}/gone.png?{'x' * 5000}", 422, "The link is longer than 4,096 characters."),
    ("http://[/", 422, "This is not a valid link."),
    ("ftp://x/y", 400, "The address must start with http:// or https://."),
    ("\x1chttp://x/y", 400, "The address must start with http:// or https://."),
    ("\v", 400, "The address must start with http:// or https://."),
]


@pytest.mark.parametrize(("url", "status", "sentence"), CASES)
async def test_whose_fault_it_is(there: tuple[Desk, int], url: str, status: int, sentence: str) -> None:
    """502 or 504 where the other server failed, 4xx where the address is of no use; 503 is for us alone."""
    desk, port = there

    for path in ("/api/search", "/api/posts", "/api/collections/library/references?key=x"):
        said = await call(desk, "POST", path, status, json={"url": url.format(port=port)})
        assert said["error"]["message"] == sentence
        assert said["error"]["reason"] in ("unreachable", "refused", "url")


async def test_a_person_is_told_in_their_language(there: tuple[Desk, int]) -> None:
    """The chat says it, too."""
    desk, port = there

    status, page = await desk.submit("/", page="/?lang=zh", url=f"http://{PLACE}:{port}/broken.png")

    assert status == 502
    assert "对方服务器没有正常应答" in page
