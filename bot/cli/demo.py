"""`resight demo`: the whole product on a catalogue that the program draws itself; no token, no download.

demo           fills the catalogue, starts the page and the API, posts a few pictures to the channel, stays
demo --once    posts six pictures through the real HTTP API and exits 0 only if every verdict is as it should be
demo --save    `bot.cli.demo_pictures`
"""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import typer
from rich.markup import escape

from bot.cli import demo_pictures
from bot.cli.base import Json, group, run_command
from bot.cli.output import coloured, err, out, print_json, progress, table
from bot.serve import Address, greet, serving, stop_signal
from bot.services import Services
from bot.settings import Settings, load, worker_threads
from core.errors import NotFound
from core.types import Kind, Outcome, Platform, Space
from handlers import intake, references
from handlers.collections import create_collection
from handlers.references import Entry, Prepared
from lab.drawings.demo import DemoImage, demo_set, jpeg, strangers
from lab.edits.suite import EDITS

CHANNEL = Space(platform=Platform.WEB, community="web", channel="channel")
SHOWN = "five-koi"
PATIENCE_S = 60.0
FAILED = 1

app = group()


@app.command()
def demo(
    context: typer.Context,
    only_once: Annotated[bool, typer.Option("--once", help="Post six images, print the verdicts and end.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--save", metavar="DIR", help="Write the made-up pictures there as files and end.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Try everything with a made-up catalogue: no token, no download."""
    if folder:
        demo_pictures.save(folder, as_json)
        return
    settings = load(**context.obj)
    run_command(once(settings, as_json) if only_once else stay(settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One picture to post and the verdict it must get; `kind` "" = nothing may match."""

    name: str
    data: bytes
    outcome: Outcome
    kind: str = ""


def rows() -> list[Row]:
    """The six pictures of `demo --once`, all made from one reference and one stranger."""
    original = next(image for image in demo_set() if image.key == SHOWN)
    picture = original.draw()

    def copy(name: str, edit: str, kind: Kind = Kind.EDITED) -> Row:
        return Row(name=name, data=jpeg(EDITS[edit](picture)), outcome=Outcome.MATCH, kind=kind.value)

    return [
        Row(name="exact copy", data=jpeg(picture), outcome=Outcome.MATCH, kind=Kind.EXACT.value),
        copy("half size, recompressed", "half_recompressed"),
        copy("60 % crop", "crop_60"),
        copy("mirrored", "mirror"),
        copy("captioned screenshot", "screenshot", Kind.CONTAINED),
        Row(name="unrelated", data=jpeg(strangers()[0].draw()), outcome=Outcome.CLEAN),
    ]


async def fill(services: Services, threads: int) -> None:
    """Put the demo set into the catalogue, once; drawing is spread over the worker threads."""
    images = demo_set()
    for name, purpose in {image.collection: image.purpose for image in images}.items():
        try:
            await services.references.collection(name)
        except NotFound:
            await create_collection(services, name, purpose)
    totals, _ = await services.references.totals()
    if totals >= len(images):
        return
    slots = asyncio.Semaphore(threads)
    with progress("Drawing the demo catalogue", len(images)) as step:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_draw(services, image, slots, step)) for image in images]
    await references.store(services, [task.result() for task in tasks])


async def _draw(services: Services, image: DemoImage, slots: asyncio.Semaphore, step: Callable[[], None]) -> Prepared:
    async with slots:
        data = await asyncio.to_thread(lambda: jpeg(image.draw()))
    entry = Entry(
        key=image.key,
        collection=image.collection,
        title=image.title,
        source_url=image.source_url,
        owner=image.owner,
        rights=image.rights,
    )
    prepared = await references.prepare(services, entry, data)
    step()
    return prepared


def at_home(settings: Settings, home: Path, **changes: object) -> Settings:
    """The same settings with the demo's own data folder, and alone: no real catalogue, no real community."""
    return settings.alone(home).model_copy(update=changes)


async def stay(settings: Settings) -> int:
    """Serve the demo until it is stopped."""
    stopped = stop_signal()
    mine = at_home(settings, settings.home / "demo")
    async with serving(mine, await asyncio.to_thread(samples)) as address:
        await fill(address.services, worker_threads(mine))
        await furnish(address.services)
        greet(address, mine)
        await stopped.wait()
    return 0


def samples() -> dict[str, bytes]:
    """Images that the chat offers to try; names are keys of `sample.*` in the words."""
    pictures = {image.key: image for image in (*demo_set(), *strangers())}
    edits = {
        "screenshot": ("tin-duke", "screenshot"),
        "cropped": ("five-koi", "crop_60"),
        "mirrored": ("three-suns", "mirror"),
        "captioned": ("hearthwyck", "caption_bar"),
    }
    made = {name: jpeg(EDITS[edit](pictures[key].draw())) for name, (key, edit) in edits.items()}
    return made | {"stranger": jpeg(pictures["balloons"].draw())}


async def furnish(services: Services) -> None:
    """A channel that shows at a glance what moderation does: one copy in a screenshot, one stranger."""
    if await services.posts.newest(1):
        return
    pictures = {image.key: image for image in (*demo_set(), *strangers())}
    posted = (("mira", "birches", None), ("jonas", "zorbacoin", "screenshot"))
    for author, key, edit in posted:
        picture = await asyncio.to_thread(pictures[key].draw)
        data = jpeg(EDITS[edit](picture) if edit else picture)
        await intake.post(services, CHANNEL, author, f"{key}.jpg", data)


async def once(settings: Settings, as_json: bool) -> int:
    """Post six pictures over HTTP to a fresh bot on a free port; exit code 0 if all verdicts are right, else 1."""
    with tempfile.TemporaryDirectory(prefix="resight-demo-") as folder:
        mine = at_home(settings, Path(folder), host="127.0.0.1", port=0)
        async with serving(mine) as address:
            await fill(address.services, worker_threads(mine))
            results = await _post_all(address, await asyncio.to_thread(rows))
    right = [_is_right(row, told) for row, told in results]
    _show(results, right, as_json)
    return 0 if all(right) else FAILED


async def _post_all(address: Address, wanted: Sequence[Row]) -> list[tuple[Row, dict[str, Any]]]:
    headers = {"Authorization": f"Bearer {address.token}"}
    async with aiohttp.ClientSession(address.url, headers=headers) as session:
        return [(row, await _post(session, row)) for row in wanted]


async def _post(session: aiohttp.ClientSession, row: Row) -> dict[str, Any]:
    """Post one picture to the channel and wait for its verdict; the case's answer, or the post's if it has no case."""
    name = {"file_name": f"{row.name}.jpg", "author": "demo"}
    image = {"Content-Type": "image/jpeg"}
    async with session.post("/api/posts", data=row.data, params=name, headers=image) as response:
        response.raise_for_status()
        number = (await response.json())["id"]
    async with asyncio.timeout(PATIENCE_S):
        while True:
            post = await _get(session, f"/api/posts/{number}")
            if post["verdict"]:
                break
            await asyncio.sleep(0.05)
    return post | (await _get(session, f"/api/cases/{post['case']}") if post["case"] else {"matches": []})


async def _get(session: aiohttp.ClientSession, path: str) -> dict[str, Any]:
    async with session.get(path) as response:
        response.raise_for_status()
        told: dict[str, Any] = await response.json()
        return told


def _is_right(row: Row, told: dict[str, Any]) -> bool:
    best = told["matches"][0] if told["matches"] else None
    if row.outcome is not Outcome.MATCH:
        return told["verdict"] == row.outcome.value and best is None
    return told["verdict"] == "match" and best is not None and (best["key"], best["kind"]) == (SHOWN, row.kind)


def _show(results: Sequence[tuple[Row, dict[str, Any]]], right: Sequence[bool], as_json: bool) -> None:
    if as_json:
        told = [
            {"image": row.name, "verdict": answer["verdict"], "matches": answer["matches"], "as_expected": is_right}
            for (row, answer), is_right in zip(results, right, strict=True)
        ]
        print_json({"rows": told, "ok": all(right)})
        return
    lines = [_line(row, answer, is_right) for (row, answer), is_right in zip(results, right, strict=True)]
    columns = ("posted image", "verdict", "matched reference", "kind", "confidence", "as it should be")
    out().print(table("", columns, lines))
    if not all(right):
        err().print("Not every verdict is as it should be.")


def _line(row: Row, answer: dict[str, Any], is_right: bool) -> tuple[str, ...]:
    best = answer["matches"][0] if answer["matches"] else {}
    title = escape(f"{best['title']} ({best['collection']})") if best else "-"
    confidence = f"{best['confidence']:.3f}" if best else "-"
    mark = "[green]yes[/]" if is_right else "[bold red]no[/]"
    return row.name, coloured(answer["verdict"]), title, best.get("kind", "-"), confidence, mark
