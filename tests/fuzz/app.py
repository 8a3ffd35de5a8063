"""The real program for the fuzzer: stores, sandbox, loops and HTTP as `resight run` has them.

Addresses lead to a server of our own here, or nowhere: a fuzzer must not knock at strangers' doors.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.app import opened
from bot.models import build
from bot.serve import listening, loops_of
from bot.services import Services
from bot.settings import Settings, load
from core.cases import Policy
from core.types import Mode
from core.walls import stopped
from embed.decode.sandbox import Sandbox
from embed.models.semantic import SemanticRunner
from embed.runner import Runner
from handlers import intake, references
from handlers.references import Entry
from handlers.semantics import IndexedModel, Semantics
from store.sql.semantic import SqlSemantic
from tests.web.elsewhere import elsewhere
from tests.web.fakes import TOKEN, Worded, copy_of, picture, shelf
from web.app import application
from web.context import CHANNEL, WebSettings

POSTS = 6


@asynccontextmanager
async def served(home: Path) -> AsyncIterator[str]:
    """The address of the whole bot with references, posts and cases, until the block ends."""
    settings = load(home=home, model="classic", port=0, host="127.0.0.1")
    async with AsyncExitStack() as stack:
        bare = await stack.enter_async_context(opened(settings, making=True))
        fetcher, _ = await stack.enter_async_context(elsewhere(seconds=2.0))
        services = replace(bare, fetcher=fetcher, **await _models(stack, settings, bare))
        await _fill(services)
        known = WebSettings(token=TOKEN, host="127.0.0.1", open_pages=True, version="0.0.0")
        own = await stack.enter_async_context(listening(application(services, known), settings))
        loops = [asyncio.ensure_future(work(services)) for work in loops_of(services).values()]
        try:
            yield f"http://127.0.0.1:{own}"
        finally:
            await stopped(loops)


async def _models(stack: AsyncExitStack, settings: Settings, bare: Services) -> dict[str, Any]:
    """A runner that reads no letters, which takes most of a second, and a second model that knows words."""
    sandbox = await stack.enter_async_context(Sandbox(1))
    runner = await stack.enter_async_context(Runner(build(settings), threads=1, decode=sandbox.decode))
    second = await stack.enter_async_context(SemanticRunner("worded", Worded()))
    vectors = SqlSemantic(bare.references._db)  # type: ignore[attr-defined]  # the same database
    side = IndexedModel(second, shelf)
    return {"runner": runner, "semantics": Semantics(vectors=vectors, similar_at=0.5, words_at=0.5, coming=side)}


async def _fill(services: Services) -> None:
    """Known images, and posts of copies that become cases."""
    await services.policies.set(CHANNEL, Policy(mode=Mode.FLAG), "ann")
    for number, key in enumerate(("logo", "second"), 1):
        await references.add(services, Entry(key=key, title=key), picture(number))
    for number in range(POSTS):
        await intake.post(services, CHANNEL, "ann", f"{number}.jpg", copy_of(picture(1), 50 + number))
