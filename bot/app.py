"""Assembly: the one place where ports meet their implementations.

    opened(settings)    -> Services     folder, database, vector store, runner, downloader: what a command needs

Everything is opened in one AsyncExitStack and closed in reverse. `bot.serve` adds the page, the API and the loops.
"""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.clock import now
from bot.data_folder import database_of, has_room, held
from bot.fronts.web.front import WebFront
from bot.models import build
from bot.semantic_models import semantics_of
from bot.services import Services
from bot.settings import Settings, worker_threads
from core.errors import DamagedVectors
from core.metrics import Metric
from core.model_ports import ContentFilter
from core.ports import Catalogue
from core.types import Platform
from embed.decode import video
from embed.decode.picture import Decoder, is_decodable
from embed.decode.sandbox import Sandbox
from embed.models.ocr import OcrReader, has_ocr
from embed.runner import Runner
from handlers import references, similar
from handlers.collections import create_default
from handlers.confirmations import Confirmations
from handlers.fetch import Limits, SafeFetcher
from handlers.semantics import OpenIndex
from handlers.trials import Trials
from handlers.warnings import Warnings
from store.sql.alerts import SqlAlerts
from store.sql.brakes import SqlBrakes
from store.sql.cases import SqlCases
from store.sql.choices import SqlChoices
from store.sql.communities import SqlCommunities
from store.sql.cursors import SqlCursors
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.media import SqlMedia
from store.sql.policies import SqlPolicies
from store.sql.posts import SqlPosts
from store.sql.privacy import SqlPrivacy
from store.sql.references import SqlReferences
from store.sql.reports import SqlReports
from store.sql.screened import SqlScreened
from store.sql.tokens import SqlTokens
from store.sql.updates import SqlUpdates
from store.vectors.breaker import CircuitBreaker
from store.vectors.stored.supervisor import StoreProcess


@asynccontextmanager
async def opened(settings: Settings, *, mending: bool = False, making: bool = False) -> AsyncIterator[Services]:
    """Everything a command needs; raises EnvironmentTrouble, DamagedStore or WrongSpace with the way out.

    Only with `making` is a catalogue made where there is none: what only reads would find nothing in it, and call
    everything clean. `mending` skips the checks that the vectors are complete and of this model, for the commands that
    mend them.
    """
    if not making:
        database_of(settings.home)
    async with AsyncExitStack() as stack:
        home = stack.enter_context(held(settings.home, settings.min_free_mb))
        db = await stack.enter_async_context(Database.open(home / "resight.db"))
        sandbox = await stack.enter_async_context(Sandbox(worker_threads(settings)))
        runner = await stack.enter_async_context(_runner(settings, sandbox.decode))
        shelves = await _shelves(stack, settings, home)
        services = await _services(stack, settings, db, runner, await stack.enter_async_context(shelves()))
        installation = await db.meta_once("installation", secrets.token_hex(4))
        await _open_space(services, installation, mending)
        if settings.semantic_model:
            open_index = _opener(stack, shelves, installation)
            services = replace(services, semantics=await semantics_of(stack, settings, db, open_index, sandbox.decode))
        if settings.nsfw_at:
            services = replace(services, content_filter=await _filter(stack), nsfw_at=settings.nsfw_at)
        if not mending:
            await _ready(services)
        yield services


def _runner(settings: Settings, decode: Decoder) -> Runner:
    threads, reader = worker_threads(settings), OcrReader() if has_ocr() else None
    return Runner(build(settings), threads=threads, floor=settings.floor, decode=decode, reader=reader)


async def _open_space(services: Services, installation: str, mending: bool) -> None:
    """The vectors of this model and this installation: two may share one Qdrant server."""
    spec = services.runner.spec
    if not mending:
        await services.references.bind_space(spec)
    await services.catalogue.open_space(f"{spec.space_id}-{installation}", spec.dim)


async def _services(
    stack: AsyncExitStack, settings: Settings, db: Database, runner: Runner, catalogue: Catalogue
) -> Services:
    limit = settings.max_image_mb << 20
    room, known = partial(has_room, settings.home, settings.min_free_mb), SqlReferences(db, now)
    inbox = SqlInbox(db, now, settings.max_waiting, has_room=room)
    posts = SqlPosts(db, now, inbox)
    cases = SqlCases(db, now, settings.keep_evidence, settings.keep_decisions)
    return Services(
        runner=runner,
        catalogue=catalogue,
        references=known,
        inbox=inbox,
        cases=cases,
        decided=cases.decided,
        media=SqlMedia(db, now),
        policies=SqlPolicies(db, now, settings.policy_of),
        communities=SqlCommunities(db, now, known.changed, cases.changed),
        choices=SqlChoices(db, now),
        reports=SqlReports(db, now),
        alerts=SqlAlerts(db, now),
        cursors=SqlCursors(db),
        updates=SqlUpdates(db, now),
        posts=posts,
        screened=SqlScreened(db, now),
        brakes=SqlBrakes(db, now),
        privacy=SqlPrivacy(db, now, timedelta(days=settings.keep_days), settings.keep_evidence),
        tokens=SqlTokens(db, now),
        caps=settings.caps,
        include_bots=settings.include_bots,
        sees_videos=video.is_available(),
        fetcher=await stack.enter_async_context(SafeFetcher(is_decodable, limits=Limits(bytes=limit))),
        ask_about_unscannable=settings.unscannable == "ask",
        fronts={Platform.WEB: WebFront(posts)},
        clock=now,
        twice=Confirmations(now),
        warnings=Warnings(now),
        trials=Trials(now),
        thresholds=settings.thresholds,
        keep_evidence=settings.keep_evidence,
        max_image_bytes=limit,
        upkeep=db.analyze,
    )


async def _filter(stack: AsyncExitStack) -> ContentFilter:
    """The content filter; raises EnvironmentTrouble where its package is missing."""
    from embed.models.nsfw import NsfwFilter

    return await stack.enter_async_context(NsfwFilter())


type Shelves = Callable[[], CircuitBreaker]
"""Makes a catalogue on the one vector store; each opens a space of its own."""


async def _shelves(stack: AsyncExitStack, settings: Settings, home: Path) -> Shelves:
    """The operator's Milvus or Qdrant server, or the built-in engine in its own process."""
    if settings.milvus_url:
        from store.vectors.milvus import MilvusCatalogue, index_kind

        token, index = settings.milvus_token.get_secret_value(), index_kind(settings.milvus_index)
        return lambda: CircuitBreaker(MilvusCatalogue(settings.milvus_url, token=token, index=index))
    from store.vectors.catalogue import QdrantCatalogue

    if settings.qdrant_url:
        key = settings.qdrant_api_key.get_secret_value() or None
        return lambda: CircuitBreaker(QdrantCatalogue.at(settings.qdrant_url, key))
    stored = await stack.enter_async_context(StoreProcess(home / "vectors", min_free_mb=settings.min_free_mb))
    return lambda: CircuitBreaker(QdrantCatalogue.over_socket(stored.socket), on_stuck=stored.kill)


def _opener(stack: AsyncExitStack, shelves: Shelves, installation: str) -> OpenIndex:
    """Opens the spaces of similar images, each on a catalogue of its own."""

    async def open_index(space: str, dim: int, metric: Metric) -> Catalogue:
        catalogue: Catalogue = await stack.enter_async_context(shelves())
        await catalogue.open_space(f"{space}-{installation}", dim, metric)
        return catalogue

    return open_index


async def _ready(services: Services) -> None:
    """The default collection exists, what a crash left behind is caught up, and no vector is missing.

    With vectors missing, every verdict could be a wrong `clean`: better no answer than that one.
    """
    await create_default(services)
    await references.sync(services)
    await similar.mend(services)
    _, wanted = await services.references.totals()
    stored = await services.catalogue.count()
    if stored != wanted:
        raise DamagedVectors(
            f"The database has {wanted} vectors, the vector store {stored}: run `resight doctor --rebuild`."
        )
