"""`resight lab`: what indexes, features and metrics are worth on the operator's own references.

    indexes    lab.indexes    kinds of vector index, our own catalogue among them
    features   lab.features   every model that is installed, under the edit suite
    map        lab.retrieval  mAP@k of each label (a reference's title)
    explain    one pair: every model's numbers under the four metrics, and what the pair check says

Each prints a table, or JSON; with a report folder also a page with its chart (extra `lab`). Nothing is stored.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.markup import escape

from bot.cli.base import Json, Names, group, run_command
from bot.cli.lab import scorecard, sheets
from bot.cli.lab.vectors import Collected, asked_vectors, collected, models_of
from bot.cli.opening import opened
from bot.cli.output import err, out, print_json, progress, table
from bot.files import batch
from bot.files.manifest import class_rows
from bot.services import Services
from bot.settings import Settings, load, worker_threads
from core.errors import DataError, UsageError
from core.matches import Finding
from core.metrics import Metric
from core.model_ports import Embedder
from core.types import Vectors
from embed.decode.picture import decode
from handlers import references
from handlers.references import Entry
from handlers.search import search
from lab import charts, features, indexes, retrieval, trial
from lab.indexes import Row
from lab.retrieval import LabelScore
from lab.sheet import Sheet, as_html, as_json

app = group("lab", "Compare indexes, features and metrics on your own references.")

Report = Annotated[Path | None, typer.Option(metavar="DIR", help="Also write a page with a chart (HTML, PNG) there.")]
Model = Annotated[
    str, typer.Option(help="Embed with this model of `resight models list`; empty = vectors that are stored.")
]
Models = Annotated[str, typer.Option(metavar="A,B", help="Only these models; empty = all that are here.")]


@app.command("indexes")
def indexes_command(
    context: typer.Context,
    collection: Names = None,
    model: Model = "",
    fill: Annotated[int, typer.Option(min=0, max=1_000_000, help="Fill up with made embeddings to so many.")] = 0,
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Exact, k-means, LSH, HNSW, IVF-PQ and our own catalogue: recall, time, memory on your embeddings."""
    told = Told(json=as_json, folder=report)
    run_command(compare_indexes(load(**context.obj), collection or [], model, fill, told))


@app.command("features")
def features_command(
    context: typer.Context,
    collection: Names = None,
    models: Models = "",
    references: Annotated[int, typer.Option(min=2, max=10_000, help="Most references to measure with.")] = 24,
    edits: Annotated[str, typer.Option(metavar="A,B", help="Only these edits.")] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="12 references under 15 edits, unless said otherwise.")
    ] = False,
    seed: Annotated[int, typer.Option(metavar="NUMBER", help="Which references are drawn, how edits fall out.")] = 0,
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Every model on the same copies and strangers: what each finds, under which edit, for how much time."""
    asked = FeaturesAsked(
        collections=collection or [],
        models=_split(models),
        edits=scorecard.edits_of(edits, quick),
        references=min(references, scorecard.QUICK_REFERENCES) if quick else references,
        seed=seed,
    )
    told = Told(json=as_json, folder=report)
    run_command(compare_features(load(**context.obj), asked, told))


@app.command("map")
def map_command(
    context: typer.Context,
    collection: Names = None,
    model: Model = "",
    metric: Annotated[Metric, typer.Option(help="How embeddings are compared.")] = Metric.COSINE,
    k: Annotated[int, typer.Option("--k", min=1, max=1000, help="Places that count.")] = 10,
    queries: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Ask with these class folders; else the references ask.")
    ] = None,
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Mean average precision of each label: how well pictures find the references of that title."""
    asked = MapAsked(collections=collection or [], model=model, metric=metric, k=k, queries=queries)
    run_command(map_at_k(load(**context.obj), asked, Told(json=as_json, folder=report)))


@app.command("explain")
def explain_command(
    context: typer.Context,
    first: Annotated[Path, typer.Argument(help="A picture.")],
    second: Annotated[Path, typer.Argument(help="What may be a copy of it.")],
    models: Models = "",
    as_json: Json = False,
) -> None:
    """One pair: every model's numbers under cosine, dot, Euclidean and Manhattan, and what the pair check says."""
    run_command(explain(load(**context.obj), first, second, _split(models), as_json))


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where an answer goes: JSON instead of a table, and a folder for the page (None = nowhere).

    Raises EnvironmentTrouble where a page is wanted and no chart can be drawn.
    """

    json: bool
    folder: Path | None = None

    def __post_init__(self) -> None:
        if self.folder:
            charts.require()


async def compare_indexes(settings: Settings, collections: Sequence[str], model: str, fill: int, told: Told) -> int:
    """Build every kind of index over the references' embeddings, and ask each the same queries."""
    async with opened(settings) as services:
        try:
            found = await collected(services, collections, model)
        except DataError:
            if not fill:
                raise
            name, real = services.runner.spec.name, np.empty((0, services.runner.spec.dim), np.float32)
        else:
            name, real = found.model, found.vectors
    vectors = indexes.checked(indexes.filled(real, fill, real.shape[1]))
    rows, queries = await _measured(settings, vectors)
    sheet = sheets.of_indexes(rows, name, len(real), vectors, queries)
    return await _tell(sheet, "indexes", lambda: sheets.index_chart(rows), told)


async def _measured(settings: Settings, vectors: Vectors) -> tuple[list[Row], int]:
    """Every index one after the other, ours last, and how many queries each was asked."""
    queries, right = indexes.queries_of(vectors)
    exact = indexes.exact_neighbours(vectors, queries)
    builders = indexes.faiss_contenders(vectors)
    rows = []
    with progress("Building and asking", len(builders) + 1) as step:
        for build in builders:
            rows.append(await indexes.measured(await asyncio.to_thread(build), queries, right, exact))
            step()
        async with _apart(settings) as services:
            size = _size_below(services[1] / "vectors")
            ours = await indexes.stored_contender(services[0].catalogue, vectors, size)
            rows.append(await indexes.measured(ours, queries, right, exact))
            step()
    return rows, len(queries)


@asynccontextmanager
async def _apart(settings: Settings) -> AsyncIterator[tuple[Services, Path]]:
    """A catalogue of its own with its folder, thrown away at the end: nothing is added to the operator's."""
    with tempfile.TemporaryDirectory(prefix="resight-lab-") as folder:
        alone = settings.alone(Path(folder)).model_copy(update={"semantic_model": ""})
        async with opened(alone, making=True) as services:
            yield services, Path(folder)


def _size_below(folder: Path) -> Callable[[], int]:
    """Bytes that the files of a folder occupy; parts that were reserved and never written take none."""
    return lambda: sum(512 * file.stat().st_blocks for file in folder.rglob("*") if file.is_file())


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesAsked:
    """What `features` compares: models by name (none = all that are here), on so many references under these edits."""

    collections: Sequence[str]
    models: Sequence[str]
    edits: Sequence[str]
    references: int
    seed: int


async def compare_features(settings: Settings, asked: FeaturesAsked, told: Told) -> int:
    """Every model on the same copies and strangers."""
    models = await asyncio.to_thread(models_of, settings, asked.models)
    async with opened(settings) as services:
        sources = await trial.sample(services, asked.collections, asked.references, asked.seed)
    if len(sources) < 2:
        raise DataError("There are too few references to tell apart: add two or more with `resight add`.")
    queries = features.asked(sources, asked.edits, asked.seed)
    err().print(f"{len(queries):,} pictures through {len(models)} models.")
    with progress("Comparing", len(queries)) as step:
        rows = await asyncio.to_thread(features.compared, models, sources, queries, worker_threads(settings), step)
    sheet = sheets.of_features(rows, len(sources), queries)
    return await _tell(sheet, "features", lambda: sheets.feature_chart(rows), told)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapAsked:
    """What `map` measures; `queries` is a folder of class folders, None = the references ask for one another."""

    collections: Sequence[str]
    model: str
    metric: Metric
    k: int
    queries: Path | None = None


async def map_at_k(settings: Settings, asked: MapAsked, told: Told) -> int:
    """mAP@k of each label: how well pictures find the references of their label."""
    async with opened(settings) as services:
        found = await collected(services, asked.collections, asked.model)
        scores = await (_of_queries if asked.queries else _of_references)(services, asked, found)
    sheet = sheets.of_map(scores, found.model, asked.metric, asked.k, of_queries=asked.queries is not None)
    return await _tell(sheet, "map", lambda: sheets.map_chart(scores, asked.k), told)


async def _of_references(_services: Services, asked: MapAsked, found: Collected) -> list[LabelScore]:
    titled = [row for row, one in enumerate(found.references) if one.title]
    labels = [found.references[row].title for row in titled]
    if scores := retrieval.map_by_label(found.vectors[titled], labels, asked.metric, asked.k):
        return scores
    raise DataError("No title has two references: `resight import` makes titles of labels and class folders.")


async def _of_queries(services: Services, asked: MapAsked, found: Collected) -> list[LabelScore]:
    folder = asked.queries or Path()
    rows = [row for row in class_rows(folder, "queries") if row.entry.title]
    if not rows:
        raise DataError(f"There are no class folders with pictures in '{folder}'.")
    queries = await asked_vectors(services, rows, asked.model)
    labels = [one.title for one in found.references]
    wanted = [row.entry.title or "" for row in rows]
    return retrieval.map_of_queries(queries, wanted, found.vectors, labels, asked.metric, asked.k)


async def explain(settings: Settings, first: Path, second: Path, names: Sequence[str], as_json: bool) -> int:
    """Print what every model and the pair check say of one pair: is the second picture a copy of the first?"""
    models = await asyncio.to_thread(models_of, settings, names)
    limit = settings.max_image_mb << 20
    one, other = await batch.read(first, limit), await batch.read(second, limit)
    rows = await asyncio.to_thread(_compared, models, one, other)
    finding = await _pair(settings, one, other)
    if as_json:
        print_json(sheets.pair_json(rows, finding))
    else:
        columns = ("model", "numbers", *(metric.value for metric in Metric))
        out().print(table("", columns, sheets.pair_rows(rows)))
        out().print(sheets.pair_sentence(finding), soft_wrap=True)
    return 0


def _compared(models: Mapping[str, Embedder], one: bytes, other: bytes) -> list[sheets.PairRow]:
    frames = [decode(data).frames[0] for data in (one, other)]
    rows = []
    for name, model in models.items():
        first, second = (model.embed([frame])[0] for frame in frames)
        scores = {metric: metric.between(first, second) for metric in Metric}
        rows.append(sheets.PairRow(name=name, dim=len(first), scores=scores))
    return rows


async def _pair(settings: Settings, known: bytes, posted: bytes) -> Finding:
    """What a search for the one says where the other is the only reference."""
    async with _apart(settings) as (services, _):
        (collection, *_) = await services.references.collections()
        await references.add(services, Entry(key="first", collection=collection.name), known)
        return await search(services, posted, all_candidates=True)


async def _tell(sheet: Sheet, name: str, chart: Callable[[], bytes], told: Told) -> int:
    """Print the sheet, and write NAME.html and NAME.png."""
    if told.folder:
        await asyncio.to_thread(_write, told.folder, name, sheet, chart)
    if told.json:
        print_json(as_json(sheet))
        return 0
    console = out()
    rows = [[escape(cell) for cell in row] for row in sheet.rows]
    console.print(table(escape(sheet.title), [escape(one) for one in sheet.columns], rows))
    for sentence in (sheet.lead, sheet.note):
        console.print(escape(sentence), soft_wrap=True)
    if told.folder:
        console.print(str(told.folder / f"{name}.html"), markup=False, soft_wrap=True)
    return 0


def _write(folder: Path, name: str, sheet: Sheet, chart: Callable[[], bytes]) -> None:
    png = chart()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.png").write_bytes(png)
        (folder / f"{name}.html").write_text(as_html(sheet, png), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"The report can't be written to '{folder}': {error.strerror}.") from None
