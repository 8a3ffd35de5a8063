"""What the tests of the Telegram peer bring along: plain calls, a plain webhook, small pictures."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, web
from PIL import Image

from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_text import Json


def png(colour: str = "red", size: tuple[int, int] = (1600, 1200)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def gif() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


SMALL = png(size=(60, 40))


def keys(data: str) -> Json:
    """A keyboard of one button."""
    return {"inline_keyboard": [[{"text": "Yes", "callback_data": data}]]}


@dataclass
class Caller:
    """Plain calls of the Bot API."""

    telegram: TelegramServer
    session: ClientSession

    async def raw(self, method: str, **params: Any) -> Json:
        url = f"{self.telegram.url}/bot{self.telegram.token}/{method}"
        async with self.session.post(url, json=params) as answer:
            said: Json = await answer.json()
            return said

    async def do(self, method: str, **params: Any) -> Any:
        said = await self.raw(method, **params)
        assert said["ok"], said
        return said["result"]

    async def no(self, method: str, **params: Any) -> str:
        """The words of the refusal."""
        said = await self.raw(method, **params)
        assert not said["ok"], said
        return str(said["description"])

    async def file(self, path: str) -> tuple[int, bytes]:
        async with self.session.get(f"{self.telegram.url}/file/bot{self.telegram.token}/{path}") as answer:
            return answer.status, await answer.read()


@asynccontextmanager
async def calling(privacy: bool = False) -> AsyncIterator[Caller]:
    """A server and its caller."""
    async with TelegramServer(privacy=privacy) as telegram, ClientSession() as session:
        yield Caller(telegram, session)


@asynccontextmanager
async def hook(receive: Callable[[web.Request], Awaitable[int]]) -> AsyncIterator[str]:
    """The address of a web server that answers each request with the status that `receive` gives."""

    async def handle(request: web.Request) -> web.Response:
        return web.Response(status=await receive(request))

    app = web.Application()
    app.router.add_post("/hook", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


def looks(data: bytes) -> str:
    """Return size and format of a picture."""
    with Image.open(io.BytesIO(data)) as picture:
        return f"{picture.size} {picture.format}"
