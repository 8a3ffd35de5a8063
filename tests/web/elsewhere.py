"""The web around in small: one name that is known, and a server with a picture and with troubles.

/known.png   a picture          /broken.png   503
/gone.png    404                /cut.png      ends too early
/page.html   no picture         /slow.png     nothing for 30 s
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from embed.decode.picture import is_decodable
from handlers.fetch import Limits, SafeFetcher
from tests.web.fakes import picture

PLACE = "pictures.example"
ADDRESS, HTTP = "127.0.0.2", 80
"""Of the server; no other one may be asked."""

LIMITS = Limits()


class Here(AbstractResolver):
    """Knows one name, whose port 80 is our server's; nobody asks a real name server."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host != PLACE:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        port = self._port if port == HTTP else port
        return [ResolveResult(hostname=host, host=ADDRESS, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""


async def _known(_: web.Request) -> web.Response:
    return web.Response(body=picture(1), content_type="image/png")


async def _broken(_: web.Request) -> web.Response:
    raise web.HTTPServiceUnavailable


async def _page(_: web.Request) -> web.Response:
    return web.Response(text="<p>not a picture</p>" * 9, content_type="text/html")


async def _cut(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": "100000"})
    await answer.prepare(request)
    await answer.write(picture(1)[:900])
    request.transport.close()  # type: ignore[union-attr]  # it is there while we answer
    return answer


async def _slow(_: web.Request) -> web.Response:
    await asyncio.sleep(30)
    return web.Response()


@asynccontextmanager
async def elsewhere(seconds: float = LIMITS.total_s) -> AsyncIterator[tuple[SafeFetcher, int]]:
    """A downloader that knows the server alone, and the server's port."""
    app = web.Application()
    pages = {"known.png": _known, "broken.png": _broken, "page.html": _page, "cut.png": _cut, "slow.png": _slow}
    app.add_routes([web.get(f"/{name}", page) for name, page in pages.items()])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, ADDRESS, 0).start()
    port = int(runner.addresses[0][1])
    limits = replace(LIMITS, total_s=seconds)
    try:
        async with SafeFetcher(
            is_decodable, limits=limits, base_resolver=Here(port), also_allow=lambda address, _: address == ADDRESS
        ) as fetcher:
            yield fetcher, port
    finally:
        await runner.cleanup()
