"""The commands `resight lab ...`; see `bot.cli.lab_command`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.base import Json, run_command
from core.metrics import Metric

lab_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Compare indexes, features and metrics on your own references."
)

Names = Annotated[list[str] | None, typer.Option("--collection", "-c", help="Only this collection; repeatable.")]
Report = Annotated[Path | None, typer.Option(metavar="DIR", help="Also write a page with a chart (HTML, PNG) there.")]
Model = Annotated[
    str, typer.Option(help="Embed with this model of `resight models list`; empty = vectors that are stored.")
]
Models = Annotated[str, typer.Option(metavar="A,B", help="Only these models; empty = all that are here.")]


@lab_app.command("indexes")
def indexes(
    context: typer.Context,
    collection: Names = None,
    model: Model = "",
    fill: Annotated[int, typer.Option(min=0, max=1_000_000, help="Fill up with made embeddings to so many.")] = 0,
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Exact, k-means, LSH, HNSW, IVF-PQ and our own catalogue: recall, time, memory on your embeddings."""
    from bot.cli import lab_command
    from bot.settings import load

    told = lab_command.Told(json=as_json, folder=report)
    run_command(lab_command.compare_indexes(load(**context.obj), collection or [], model, fill, told))


@lab_app.command("features")
def features(
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
    from bot.cli import lab_command, scorecard
    from bot.settings import load

    asked = lab_command.FeaturesAsked(
        collections=collection or [],
        models=_split(models),
        edits=scorecard.edits_of(edits, quick),
        references=min(references, scorecard.QUICK_REFERENCES) if quick else references,
        seed=seed,
    )
    told = lab_command.Told(json=as_json, folder=report)
    run_command(lab_command.compare_features(load(**context.obj), asked, told))


@lab_app.command("map")
def map_at_k(
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
    from bot.cli import lab_command
    from bot.settings import load

    asked = lab_command.MapAsked(collections=collection or [], model=model, metric=metric, k=k, queries=queries)
    run_command(lab_command.map_at_k(load(**context.obj), asked, lab_command.Told(json=as_json, folder=report)))


@lab_app.command("explain")
def explain(
    context: typer.Context,
    first: Annotated[Path, typer.Argument(help="A picture.")],
    second: Annotated[Path, typer.Argument(help="What may be a copy of it.")],
    models: Models = "",
    as_json: Json = False,
) -> None:
    """One pair: every model's numbers under cosine, dot, Euclidean and Manhattan, and what the pair check says."""
    from bot.cli import lab_command
    from bot.settings import load

    run_command(lab_command.explain(load(**context.obj), first, second, _split(models), as_json))


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
