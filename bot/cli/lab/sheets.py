"""How the answers of `resight lab` are shown: rows for a table, the same as numbers, and a chart. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.matches import Finding
from core.metrics import Metric
from core.types import Vectors
from handlers.search_json import match_json
from lab import charts, features, indexes, retrieval
from lab.charts import Panel
from lab.sheet import Sheet


def of_indexes(rows: Sequence[indexes.Row], model: str, real: int, vectors: Vectors, queries: int) -> Sheet:
    """Kinds of index; `real` of the vectors are references', the rest was made to fill up."""
    count, dim = vectors.shape
    made = f", {count - real:,} of them made" if real < count else ""
    return Sheet(
        title="Kinds of index",
        lead=f"{count:,} embeddings of {dim} numbers ({model}){made}; {queries} queries, one at a time.",
        columns=("index", "recall@1", "recall@10", "ms, median", "MB", "s to build"),
        rows=[
            (
                one.name,
                f"{one.recall_1:.3f}",
                f"{one.recall_10:.3f}",
                f"{one.median_ms:.2f}",
                f"{one.megabytes:.1f}",
                f"{one.build_s:.2f}",
            )
            for one in rows
        ],
        values=[asdict(one) for one in rows],
        note="recall@1: the reference that the query was made from is the nearest; recall@10: share of the exact ten. "
        f"A query is a reference turned away to a cosine of {indexes.MOVED}. Ours is asked over its socket, and its "
        "size is that on disk.",
        chart_says="Recall at 10, milliseconds a query and megabytes of every index.",
    )


def index_chart(rows: Sequence[indexes.Row]) -> bytes:
    """Recall, time and memory side by side."""
    shown = (
        Panel(title="recall@10", values=[one.recall_10 for one in rows], form=".3f"),
        Panel(title="ms a query (log)", values=[one.median_ms for one in rows], form=".2f", is_log=True),
        Panel(title="MB", values=[one.megabytes for one in rows], form=".1f"),
    )
    return charts.panels([one.name for one in rows], shown)


def of_features(rows: Sequence[features.Row], references: int, queries: Sequence[features.Asked]) -> Sheet:
    """Models by what they find."""
    copies = sum(one.right >= 0 for one in queries)
    edits = len({one.edit for one in queries if one.right >= 0})
    families = list(rows[0].families)
    return Sheet(
        title="Features under the edit suite",
        lead=f"{references} references under {edits} edits: {copies:,} copies, {len(queries) - copies:,} strangers. "
        "Whole pictures, nothing verified.",
        columns=("model", "numbers", "CPU ms", "recall@1", "at 1 % false alarms", *families),
        rows=[
            (
                one.name,
                str(one.dim),
                f"{one.cpu_ms:.1f}",
                f"{one.recall_1:.3f}",
                f"{one.found:.3f}",
                *(f"{one.families[family]:.2f}" for family in families),
            )
            for one in rows
        ],
        values=[asdict(one) for one in rows],
        note="Means over edits. recall@1: the right reference is the nearest. At 1 % false alarms: it is also nearer "
        "than 99 of 100 strangers come to any reference; the columns behind it are the same by family of edits.",
        chart_says="Share of copies that each model finds at 1 % false alarms, by family of edits.",
    )


def feature_chart(rows: Sequence[features.Row]) -> bytes:
    """A grid: models by families of edits."""
    families = list(rows[0].families)
    shares = [[one.found, *(one.families[family] for family in families)] for one in rows]
    return charts.heat([one.name for one in rows], ["all edits", *families], shares)


def of_map(scores: Sequence[retrieval.LabelScore], model: str, metric: Metric, k: int, *, of_queries: bool) -> Sheet:
    """Labels by how well they find themselves."""
    pictures = sum(one.pictures for one in scores)
    every = retrieval.overall(scores)
    rows = [(one.label, str(one.pictures), f"{one.map_at_k:.3f}") for one in scores]
    return Sheet(
        title=f"mAP@{k} by label",
        lead=f"{pictures:,} {'queries' if of_queries else 'references'}, labels: {len(scores)}, compared by "
        f"{metric.value} ({model}).",
        columns=("label", "pictures", f"mAP@{k}"),
        rows=[*rows, ("all", str(pictures), f"{every:.3f}")],
        values=[*(asdict(one) for one in scores), {"label": None, "pictures": pictures, "map_at_k": every}],
        note="Each query asks for the references of its label (their title)."
        if of_queries
        else "Each picture asks for the others of its label (a reference's title); titles of one picture are left out.",
        chart_says=f"Mean average precision at {k} of each label.",
    )


def map_chart(scores: Sequence[retrieval.LabelScore], k: int) -> bytes:
    """A bar a label, at most forty."""
    shown = scores[:40]
    return charts.bars([one.label for one in shown], [one.map_at_k for one in shown], f"mAP@{k}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """What one model says of two pictures, under each metric in its own units."""

    name: str
    dim: int
    scores: Mapping[Metric, float]


def pair_rows(rows: Sequence[PairRow]) -> Sequence[Sequence[str]]:
    """One row a model."""
    return [(one.name, str(one.dim), *(f"{one.scores[metric]:.4f}" for metric in Metric)) for one in rows]


def pair_sentence(finding: Finding) -> str:
    """What the pair check says, in one sentence."""
    if not finding.candidates:
        return "Pair check: nothing in common."
    best = finding.candidates[0]
    return (
        f"Pair check: {best.kind.value}, confidence {best.confidence:.4f}, cosine {best.cosine:.3f}, "
        f"{best.inliers or 0} inliers, {100 * best.area:.0f} % of the second picture covered."
    )


def pair_json(rows: Sequence[PairRow], finding: Finding) -> Mapping[str, Any]:
    """The same as plain values."""
    models = [{"model": one.name, "numbers": one.dim, **{m.value: one.scores[m] for m in Metric}} for one in rows]
    best = finding.candidates[0] if finding.candidates else None

    return {"models": models, "pair_check": match_json(best) if best else None}
