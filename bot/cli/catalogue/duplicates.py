"""`resight duplicates`: which references are copies of one another, so that a library can be tidied up."""

from collections.abc import Sequence
from contextlib import aclosing
from uuid import UUID

import typer
from rich.markup import escape

from bot.cli.base import Json, Names, group, run_command
from bot.cli.opening import opened
from bot.cli.output import out, print_json, progress, table
from bot.files import batch
from bot.services import Services
from bot.settings import Settings, load, worker_threads
from core.matches import Match
from core.types import Reference
from handlers.duplicates import Member, copies_in, grouped

NONE = "No two references are copies of one another."

app = group()


@app.command("duplicates")
def duplicates(context: typer.Context, collection: Names = None, as_json: Json = False) -> None:
    """Which references are copies of one another; nothing is changed."""
    run_command(run(load(**context.obj), collection or [], as_json))


async def run(settings: Settings, collections: Sequence[str], as_json: bool) -> int:
    """Print the groups; nothing is changed."""
    async with opened(settings) as services:
        for name in collections:
            await services.references.collection(name)
        listed = [one async for one in services.references.each() if not collections or one.collection in collections]
        pairs = await _pairs(services, listed, worker_threads(settings) * batch.AHEAD)
    groups = grouped(listed, pairs)
    if as_json:
        print_json({"groups": [[_as_json(one) for one in group] for group in groups]})
    elif groups:
        out().print(table("", ("group", "key", "collection", "pixels", "kind", "confidence", "title"), _rows(groups)))
    else:
        out().print(NONE)
    return 0


async def _pairs(services: Services, references: Sequence[Reference], ahead: int) -> dict[UUID, Sequence[Match]]:
    """The copies of each reference among the others."""
    within = {one.id for one in references}
    names = sorted({one.collection for one in references})

    async def copies(one: Reference) -> Sequence[Match]:
        media = await services.references.picture(one.id)
        if media is None:
            return []
        finding = await batch.patiently(services, media.data, names, True, {one.id})
        return copies_in(finding, services.thresholds.match, within)

    found: dict[UUID, Sequence[Match]] = {}
    with progress("Comparing", len(references)) as step:
        async with aclosing(batch.in_order(references, copies, ahead)) as results:
            async for one, matches in results:
                found[one.id] = matches
                step()
    return found


def _rows(groups: Sequence[Sequence[Member]]) -> list[Sequence[str]]:
    return [
        (str(number) if place == 0 else "", *_cells(one))
        for number, group in enumerate(groups, 1)
        for place, one in enumerate(group)
    ]


def _cells(one: Member) -> Sequence[str]:
    reference = one.reference
    kind, sure = one.match.kind.value, f"{one.match.confidence:.3f}"
    size = f"{reference.width} x {reference.height}"
    return escape(reference.key), escape(reference.collection), size, kind, sure, escape(reference.title)


def _as_json(one: Member) -> dict[str, object]:
    reference = one.reference
    return {
        "key": reference.key,
        "collection": reference.collection,
        "title": reference.title,
        "width": reference.width,
        "height": reference.height,
        "kind": one.match.kind.value,
        "confidence": round(one.match.confidence, 6),
    }
