"""Assembly: the one place where ports meet their implementations.

    opened(settings)    -> Services     folder, database, vector store, runner, downloader: what a command needs
    serving(settings)   -> Address      the same plus web pages, screening loop, outbox loop: what `run` needs

Everything is opened in one AsyncExitStack and closed in reverse; the loops live in one TaskGroup.
"""

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from bot.folder import held
from bot.models import build
from bot.settings import Settings, worker_threads
from bot.version import VERSION
from bot.web_front import WebFront
from core.errors import EnvironmentTrouble
from core.ports import Catalogue
from core.types import Collection, Platform
from embed.runner import Runner
from embed.sniff import looks_like_picture
from handlers import outbox, references, screen
from handlers.fetch import Limits, SafeFetcher
from handlers.services import Services
from store.cases import SqlCases
from store.catalogue import QdrantCatalogue
from store.db import Database
from store.inbox import SqlInbox
from store.media import SqlMedia
from store.policies import SqlPolicies
from store.posts import SqlPosts
from store.references import SqlReferences
from store.stored.supervisor import Stored
from web.app import application
from web.context import WebSettings

DEFAULT_COLLECTION = "library"
EXPIRE_EVERY = 60.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is, and the services behind it."""

    host: str
    port: int
    token: str
    services: Services

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{'127.0.0.1' if host in ('0.0.0.0', '[::]') else host}:{self.port}"


def now() -> datetime:
    """The clock of the product; tests pass their own."""
    return datetime.now(UTC)


@asynccontextmanager
async def opened(settings: Settings, *, bind: bool = True) -> AsyncIterator[Services]:
    """Everything a command needs; raises EnvironmentTrouble, DamagedStore or WrongSpace with the way out.

    `bind` False skips the check that the catalogue was embedded with this model: for the command that changes it.
    """
    async with AsyncExitStack() as stack:
        home = stack.enter_context(held(settings.home, settings.min_free_mb))
        db = await stack.enter_async_context(Database.open(home / "resight.db"))
        runner = await stack.enter_async_context(Runner(build(settings), threads=worker_threads(settings)))
        services = await _services(stack, settings, home, db, runner)
        if bind:
            await services.references.bind_space(runner.spec)
            await _ready(services)
        yield services


async def _services(stack: AsyncExitStack, settings: Settings, home: Path, db: Database, runner: Runner) -> Services:
    limit = settings.max_image_mb << 20
    posts = SqlPosts(db, now)
    return Services(
        runner=runner,
        catalogue=await _catalogue(stack, settings, home),
        references=SqlReferences(db, now),
        inbox=SqlInbox(db, now),
        cases=SqlCases(db, now, settings.keep_evidence),
        media=SqlMedia(db, now),
        policies=SqlPolicies(db, now, settings.policy),
        posts=posts,
        fetcher=await stack.enter_async_context(SafeFetcher(looks_like_picture, limits=Limits(bytes=limit))),
        fronts={Platform.WEB: WebFront(posts)},
        clock=now,
        thresholds=settings.thresholds,
        keep_evidence=settings.keep_evidence,
        max_image_bytes=limit,
    )


async def _catalogue(stack: AsyncExitStack, settings: Settings, home: Path) -> Catalogue:
    """The operator's Qdrant server, or the built-in engine in its own process."""
    if settings.qdrant_url:
        catalogue = QdrantCatalogue.at(settings.qdrant_url, settings.qdrant_api_key.get_secret_value() or None)
    else:
        stored = await stack.enter_async_context(Stored(home / "vectors", min_free_mb=settings.min_free_mb))
        catalogue = QdrantCatalogue.over_socket(stored.socket)
    return await stack.enter_async_context(catalogue)


async def _ready(services: Services) -> None:
    """The space is open, the default collection exists, and what a crash left behind is caught up."""
    spec = services.runner.spec
    await services.catalogue.open_space(spec.space_id, spec.dim)
    if not await services.references.collections():
        await services.references.create_collection(Collection(name=DEFAULT_COLLECTION))
    await references.sync(services)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Address]:
    """The whole bot: pages, API and loops; all of it ends when the block does."""
    async with opened(settings) as services:
        token = settings.token.get_secret_value() or own_token(settings.home)
        known = WebSettings(
            token=token,
            host=settings.host,
            open_pages=settings.is_local,
            version=VERSION,
            language=settings.language,
        )
        async with listening(application(services, known), settings) as port, asyncio.TaskGroup() as group:
            loops = [
                group.create_task(screen.screen_forever(services), name="screen"),
                group.create_task(outbox.carry_out_forever(services), name="outbox"),
                group.create_task(expire_forever(services), name="expire"),
            ]
            try:
                yield Address(settings.host, port, token, services)
            finally:
                for loop in loops:
                    loop.cancel()


@asynccontextmanager
async def listening(app: web.Application, settings: Settings) -> AsyncIterator[int]:
    """Serve on the address of the settings; the port that was taken. Raises EnvironmentTrouble if it is in use."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        try:
            await site.start()
        except OSError as error:
            raise EnvironmentTrouble(
                f"Port {settings.port} on {settings.host} can't be opened ({error.strerror}): "
                "stop what uses it, or set RESIGHT_PORT."
            ) from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def expire_forever(services: Services) -> None:
    """Evidence goes when its time is over."""
    while True:
        await services.media.expire()
        await asyncio.sleep(EXPIRE_EVERY)


def own_token(home: Path) -> str:
    """The API token of this installation, made at the first start and readable by its owner only."""
    path = home / "token"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    return path.read_text().strip()
