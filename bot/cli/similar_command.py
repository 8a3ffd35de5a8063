"""`resight search --text` and `--similar`: what looks like a picture, and what shows what words say.

References that have no second vector yet are embedded first, with progress: an answer is about all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.markup import escape

from bot.app import opened
from bot.cli import batch
from bot.cli.output import err, out, print_json, progress, table
from bot.files.manifest import SearchRow
from bot.settings import Settings
from core.errors import CouldNotLook, DataError
from core.metrics import Metric
from core.semantic import Similar
from handlers import similar
from handlers.services import Services

NOTHING = "Nothing is similar enough."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Where to look, how many to tell, and whether as JSON Lines."""

    collections: Sequence[str] | None
    top: int
    lines: bool


async def by_words(settings: Settings, text: str, asked: Asked) -> int:
    """Print the references that show what the words say."""
    async with opened(settings) as services:
        await completed(services)
        found = await similar.by_words(services, text, asked.collections, asked.top)
    _tell({"text": text}, escape(text), found, asked)
    return 0


async def like(settings: Settings, rows: Sequence[SearchRow], asked: Asked) -> int:
    """Print what looks like each image, in order; those that can't be scanned are told, and make the exit code."""
    code = 0
    async with opened(settings) as services:
        await completed(services)
        for row in rows:
            try:
                data = await batch.read(row.path, services.max_image_bytes, row.problem)
                found = await similar.similar(services, data, asked.collections, asked.top)
            except (DataError, CouldNotLook) as error:
                code = max(code, error.exit_code)
                err().print(f"{escape(row.shown)}: {escape(str(error))}", soft_wrap=True)
                continue
            _tell({"id": row.id, "path": row.shown}, escape(row.shown), found, asked)
    return code


async def completed(services: Services) -> None:
    """Embed what has no second vector yet; raises DataError where no second model is set."""
    semantics = similar.enabled(services)
    states = [await semantics.vectors.progress(side.space) for side in semantics.sides]
    with progress("Embedding", sum(one.total - one.done for one in states)) as step:

        def stepped(count: int) -> None:
            for _ in range(count):
                step()

        await similar.catch_up(services, stepped)


async def compare_by(settings: Settings, name: str, metric: Metric, similar_at: float | None, as_json: bool) -> int:
    """`resight collections compare`: how a collection's second vectors are compared from now on."""
    async with opened(settings) as services:
        await similar.compare_by(services, name, metric, similar_at)
    if as_json:
        print_json({"name": name, "metric": metric.value, "similar_at": similar_at})
    else:
        limit = "that of the settings" if similar_at is None else f"{similar_at:g}"
        out().print(f"'{escape(name)}' is compared by {metric.value}; similar from: {limit}")
    return 0


def _tell(query: dict[str, str], shown: str, found: Sequence[Similar], asked: Asked) -> None:
    if asked.lines:
        print_json({**query, "similar": [similar.as_json(one) for one in found]})
        return
    console = out()
    console.print(shown)
    if not found:
        console.print(f"  {NOTHING}")
        return
    console.print(table("", ("", "key", "collection", "score", "metric", "title"), [_row(one) for one in found]))


def _row(one: Similar) -> Sequence[str]:
    reference = one.reference
    words = (escape(reference.key), escape(reference.collection), f"{one.score:.3f}", one.metric.value)
    return "  ", *words, escape(reference.title)
