"""The real program for the fuzzer: stores, sandbox, loops and HTTP as `resight run` has them.

Addresses lead to a server of our own here, or nowhere: a fuzzer must not knock at strangers' doors.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.app import opened
from bot.serve import listening, loops_of, stopped
from bot.settings import load
from embed.decode.picture import is_decodable
from handlers import references
from handlers.fetch import SafeFetcher
from handlers.references import Entry
from tests.web.fakes import TOKEN, picture
from web.app import application
from web.context import WebSettings

PLACE = "pictures.example"
"""The one name that is known here."""


class Here(AbstractResolver):
    """Knows one name."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host != PLACE:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0),
        ]

    async def close(self) -> None:
        pass


def pictures() -> web.Application:
    """A server with a picture, a page, and troubles."""
    app = web.Application()

    async def known(_: web.Request) -> web.Response:
        return web.Response(body=picture(1), content_type="image/png")

    async def broken(_: web.Request) -> web.Response:
        raise web.HTTPServiceUnavailable

    app.add_routes([web.get("/known.png", known), web.get("/broken.png", broken)])
    return app


@asynccontextmanager
async def served(home: Path) -> AsyncIterator[str]:
    """The address of the whole bot with an image, a case and a post in it, until the block ends."""
    settings = load(home=home, model="classic", port=0, host="127.0.0.1")
    async with AsyncExitStack() as stack:
        bare = await stack.enter_async_context(opened(settings, making=True))
        server = await stack.enter_async_context(TestServer(pictures(), host="127.0.0.1"))
        fetcher = SafeFetcher(is_decodable, base_resolver=Here(), also_allow=lambda _, port: port == server.port)
        services = replace(bare, fetcher=await stack.enter_async_context(fetcher))
        await references.add(services, Entry(key="logo", title="Logo"), picture(1))
        known = WebSettings(token=TOKEN, host="127.0.0.1", open_pages=True, version="0.0.0")
        port = await stack.enter_async_context(listening(application(services, known), settings))
        loops = [asyncio.create_task(work(services), name=name) for name, work in loops_of(services).items()]
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            await stopped(loops)
