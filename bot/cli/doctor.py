"""`resight doctor`: looks at everything the bot stands on, and mends the vectors from the database.

examine    python, folder, decoder, words, database, audit log, model, vector store, counts, canary, hashes, pictures,
           platforms
rebuild    vectors again from SQL (the vectors folder was lost, damaged, or disagrees)
reembed    vectors again from the stored pictures (another model is set)

Both also hash the stored pictures of references that have no hash: those of before there were hashes.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.markup import escape

from bot.cli.base import Json, group, run_command
from bot.cli.opening import opened
from bot.cli.output import coloured, err, out, print_json, progress, table
from bot.data_folder import database_of
from bot.fronts.connectors import connectors
from bot.models import stepped_down
from bot.services import Services
from bot.settings import Settings, load
from core.errors import (
    DamagedStore,
    DamagedVectors,
    DataError,
    EnvironmentTrouble,
    ResightError,
    UsageError,
    WrongSpace,
)
from core.extras import pip_install
from core.types import Damage, Reference
from embed.decode import video
from embed.decode.sandbox import NO_FILTER, Sandbox
from embed.models.ocr import OcrReader, has_ocr
from handlers import references
from handlers.owners import unowned
from handlers.references import Prepared
from store.sql.audit import broken_at
from store.sql.db import Database

CANARIES = 32
NAMED = 5
WORST = (Damage.VECTORS, Damage.PICTURE, Damage.FEATURES, Damage.LOGO, Damage.NONE)
LOCKED_IN = "Images are decoded in a process of their own, without files, network or programs."
NO_VIDEOS = "Videos are not looked at: each ends as unscannable, and never as clean. `{install}` adds that."
NO_WORDS = "Words in regions that differ can't be read: `{install}` adds that."
UNSEEN_MOST = 100
CANARY_COSINE = 0.999

app = group()


@app.command()
def doctor(
    context: typer.Context,
    rebuilding: Annotated[bool, typer.Option("--rebuild", help="Re-create the vectors, and hashes that lack.")] = False,
    reembedding: Annotated[
        bool, typer.Option("--reembed", help="Embed all references with the model set now.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check everything, and mend the vectors if asked to."""
    if rebuilding and reembedding:
        raise UsageError("Use either --rebuild or --reembed: the second includes the first.")
    settings = load(**context.obj)
    if reembedding:
        run_command(reembed(settings, as_json))
    elif rebuilding:
        run_command(rebuild(settings, as_json))
    else:
        run_command(examine(settings, as_json))


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ok, warning or bad, and a sentence."""

    name: str
    state: str
    sentence: str


async def examine(settings: Settings, as_json: bool) -> int:
    """Check everything; exit code 0, or 4 if something is bad."""
    checks = [_python(), _disk(settings), await _decoder(), videos(), await asyncio.to_thread(words)]
    try:
        database_of(settings.home)
    except EnvironmentTrouble as error:
        checks += [Check("catalogue", "bad", str(error)), *await _before_the_first_start(settings)]
    else:
        checks += await _examined(settings)
    _show(checks, as_json)
    return EnvironmentTrouble.exit_code if any(check.state == "bad" for check in checks) else 0


async def _examined(settings: Settings) -> list[Check]:
    """What the catalogue and the platforms say of themselves; the last check says why there are no more."""
    checks: list[Check] = []
    try:
        async with opened(settings, making=True) as services:
            checks += [_model(services), _store(settings)]
            checks += [await _counts(services), await _canary(services), await _hashes(services)]
            checks += [await _pictures(services), await _posts(services), await _owners(services)]
            checks += await _platforms(settings, services)
        return checks + await _database(settings)
    except ResightError as error:
        return [*checks, Check("start", "bad", str(error))]


async def _before_the_first_start(settings: Settings) -> list[Check]:
    """The same of an empty catalogue that is thrown away: tokens and rights are checked before there is any."""
    with tempfile.TemporaryDirectory(prefix="resight-doctor-") as folder:
        return await _examined(settings.model_copy(update={"home": Path(folder), "qdrant_url": "", "milvus_url": ""}))


def _show(checks: Sequence[Check], as_json: bool) -> None:
    if as_json:
        told = [{"check": check.name, "state": check.state, "message": check.sentence} for check in checks]
        print_json({"checks": told})
        return
    rows = [(coloured(check.state), check.name, escape(check.sentence)) for check in checks]
    out().print(table("", ("", "check", ""), rows))


def _python() -> Check:
    return Check("python", "ok", ".".join(str(part) for part in sys.version_info[:3]))


async def _decoder() -> Check:
    try:
        async with Sandbox(1) as sandbox:
            is_locked = await asyncio.to_thread(sandbox.has_filter)
    except EnvironmentTrouble as error:
        return Check("decoder", "bad", str(error))
    return Check("decoder", "ok", LOCKED_IN) if is_locked else Check("decoder", "warning", NO_FILTER)


def videos() -> Check:
    """Return whether videos can be looked at, which is an extra: without it what strangers post in them goes unseen."""
    if not video.is_available():
        return Check("videos", "warning", NO_VIDEOS.format(install=pip_install("video")))
    return Check("videos", "ok", "Videos are looked at.")


def words() -> Check:
    """Return whether words can be read, which is an extra: it is missed only where somebody wants it."""
    if not has_ocr():
        return Check("words", "ok", NO_WORDS.format(install=pip_install("ocr")))
    try:
        OcrReader().load()
    except EnvironmentTrouble as error:
        return Check("words", "warning", str(error))
    return Check("words", "ok", "Words in regions that differ can be read.")


def _disk(settings: Settings) -> Check:
    folder = settings.home if settings.home.exists() else Path()
    free = shutil.disk_usage(folder).free >> 20
    sentence = f"{free:,} MB free for '{settings.home}'."
    return Check("disk", "ok" if free >= 2 * settings.min_free_mb else "warning", sentence)


def _model(services: Services) -> Check:
    spec = services.runner.spec
    if spec.name == "hash":
        return Check("model", "warning", stepped_down())
    return Check("model", "ok", f"{spec.name}, {spec.dim} numbers an image, space {spec.space_id}.")


def _store(settings: Settings) -> Check:
    """Which one it is; that it answers was seen when everything was opened."""
    where = settings.milvus_url or settings.qdrant_url
    kind = f"Milvus, index {settings.milvus_index.upper()}" if settings.milvus_url else "Qdrant"
    return Check("vector store", "ok", f"{kind} at {without_secrets(where)}." if where else "Qdrant, built in.")


def without_secrets(url: str) -> str:
    """The address without a user and password that somebody put into it."""
    head, slashes, rest = url.rpartition("//")
    return head + slashes + rest.rpartition("@")[2]


async def _counts(services: Services) -> Check:
    """That they agree was checked when everything was opened."""
    count, vectors = await services.references.totals()
    return Check("catalogue", "ok", f"{count} references, {vectors} vectors.")


async def _canary(services: Services) -> Check:
    """Known vectors must find themselves: counts alone don't see a damaged vector file."""
    names = [one.name for one in await services.references.collections()]
    async for points in services.references.points():
        sample = points[:: max(1, len(points) // CANARIES)][:CANARIES]
        rows = np.stack([point.vector for point in sample])
        found = await services.catalogue.search(rows, names, limit=1, floor=0.0)
        lost = sum(not hits or hits[0].score < CANARY_COSINE for hits in found)
        if lost:
            sentence = (
                f"{lost} of {len(sample)} sampled references do not find themselves: run `resight doctor --rebuild`."
            )
            return Check("canary", "bad", sentence)
        return Check("canary", "ok", f"{len(sample)} sampled references find themselves.")
    return Check("canary", "ok", "There are no reference images yet: `resight add PATH...` adds some.")


async def _hashes(services: Services) -> Check:
    lacking = len(await services.references.unhashed())
    if lacking:
        sentence = f"References that have no hash yet: {lacking}. Run `resight doctor --rebuild`."
        return Check("hashes", "warning", sentence)
    return Check("hashes", "ok", "Every reference has its hash.")


async def _pictures(services: Services) -> Check:
    """Read every reference's stored picture and features; set the damaged ones aside, so that no search fails."""
    async for reference in services.references.each():
        if not reference.is_hash_only and reference.damaged is not Damage.VECTORS:
            found = await _damage(services, reference)
            if found is not reference.damaged:
                await services.references.set_aside([reference.id], found)
    count = await services.references.count_damaged()
    if not count:
        return Check("pictures", "ok", "What is kept of every reference can be read back.")
    named = [f"'{one.key}' in '{one.collection}' ({one.damaged})" for one in await services.references.damaged(NAMED)]
    more = f" and {count - NAMED} more" if count > NAMED else ""
    return Check("pictures", "bad", f"Damaged, add them again: {', '.join(named)}{more}.")


async def _posts(services: Services) -> Check:
    """Of the built-in channel; what an old crash left there waits for the next start of the bot."""
    unseen = len(await services.posts.unseen(UNSEEN_MOST))
    if not unseen:
        return Check("posts", "ok", "No post of the built-in channel was left unseen by a crash.")
    count = f"{UNSEEN_MOST} or more" if unseen == UNSEEN_MOST else str(unseen)
    sentence = f"Posts of the built-in channel that a crash left unseen: {count}. `resight run` looks at them."
    return Check("posts", "warning", sentence)


async def _owners(services: Services) -> Check:
    """Collections of former times whose platform could not be told are shown to no community."""
    count = len(await unowned(services))
    if not count:
        return Check("owners", "ok", "Of every collection it is known whose it is.")
    return Check("owners", "warning", f"Collections that no community sees: {count}. See `resight collections owner`.")


async def _damage(services: Services, reference: Reference) -> Damage:
    kept = await references.stored_materials(services, reference.id)
    found = [await services.runner.damage(one) for one in kept] or [Damage.PICTURE]
    return min(found, key=list(WORST).index)


async def _platforms(settings: Settings, services: Services) -> list[Check]:
    """Tokens, intents, rights: each platform's own word on what lacks and where to click."""
    found = connectors(settings)
    if not found:
        sentence = "No platform is connected: set RESIGHT_DISCORD_TOKEN or RESIGHT_TELEGRAM_TOKEN."
        return [Check("platforms", "ok", sentence)]
    return [Check(*check) for one in found for check in await one.doctor(services)]


async def _database(settings: Settings) -> list[Check]:
    async with Database.open(settings.home / "resight.db") as db:
        said, broken = await db.check(), await broken_at(db)
    audit = "The audit log is whole." if broken is None else f"The audit log was changed at row {broken}."
    return [
        Check("database", "ok" if said == "ok" else "bad", "sound" if said == "ok" else said),
        Check("audit", "ok" if broken is None else "bad", audit),
    ]


async def rebuild(settings: Settings, as_json: bool) -> int:
    """Re-create the vectors from SQL; a damaged vector folder is set aside first."""
    async with AsyncExitStack() as stack:
        try:
            services = await stack.enter_async_context(opened(settings, mending=True))
        except DamagedVectors:
            aside = set_aside(settings.home / "vectors")
            err().print(f"The damaged vectors were set aside as '{escape(str(aside))}'.", soft_wrap=True)
            services = await stack.enter_async_context(opened(settings, mending=True))
        await services.references.bind_space(services.runner.spec)
        written, hashed = await references.rebuild(services), await references.rehash(services)
    _told(written, hashed, as_json)
    return 0


def set_aside(folder: Path) -> Path:
    """Rename a damaged folder instead of deleting it: nothing destructive by surprise."""
    number = 1
    while (aside := folder.with_name(f"{folder.name}.damaged-{number}")).exists():
        number += 1
    return folder.rename(aside)


def _told(written: int, hashed: int, as_json: bool) -> None:
    if as_json:
        print_json({"vectors": written, "hashes": hashed})
    else:
        out().print(f"{written} vectors written, {hashed} hashes made")


async def reembed(settings: Settings, as_json: bool) -> int:
    """Embed every reference again, from its stored picture, with the model that is set now."""
    async with opened(settings, mending=True) as services:
        await services.catalogue.clear()
        everything = [one async for one in services.references.each() if not one.is_hash_only]
        with progress("Embedding", len(everything)) as step:
            for start in range(0, len(everything), 100):
                some = everything[start : start + 100]
                await services.references.put(await _all_again(services, some))
                for _ in some:
                    step()
        await services.references.rebind_space(services.runner.spec)
        await references.sync(services)
        written, hashed = await services.catalogue.count(), await references.rehash(services)
    _told(written, hashed, as_json)
    return 0


async def _all_again(services: Services, some: Sequence[Reference]) -> list[Prepared]:
    """These with vectors of the present model; one whose picture is damaged is set aside, and ends nothing."""
    done: list[Prepared] = []
    for reference in some:
        try:
            done.append(await _again(services, reference))
        except (DamagedStore, DataError):
            await services.references.set_aside([reference.id], Damage.VECTORS)
    return done


async def _again(services: Services, reference: Reference) -> Prepared:
    """A reference with vectors of the present model; its hashes stay those of the original file."""
    kept = await references.stored_materials(services, reference.id)
    if not kept:
        raise WrongSpace(f"The picture of '{reference.key}' is missing: add it again.")
    known = (await services.references.hashes([reference.id])).get(reference.id, ())
    return await references.prepared_again(services, reference, kept, known)
