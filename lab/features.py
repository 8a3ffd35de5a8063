"""Which feature finds copies under which edit: `resight lab features`.

    references --every model--> known vectors
    references x edits, strangers x edits --every model--> cosines with all that is known
        --> recall@1: the right reference is the nearest
        --> recall at 1 % false alarms: and nearer than 99 of 100 strangers come to any reference

Whole pictures against whole pictures, nothing cut out and nothing verified: this compares the features alone. What the
whole of Resight finds of the same copies is told by `resight scorecard`.
"""

import io
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from core.model_ports import Embedder
from core.types import Pixels, Vectors
from lab import suite
from lab.drawings.demo import strangers
from lab.trial import UNEDITED, Source

LONGEST = 640
"""Pixels of the longer side of what a model is given: as much as Resight decodes."""

RATE = 0.01
type Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One picture to look for: `right` is the row of its reference, -1 for a stranger's."""

    draw: Callable[[], Image.Image]
    edit: str
    right: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How good one model is: shares are means over edits, `families` is `found` by family, milliseconds of CPU."""

    name: str
    dim: int
    cpu_ms: float
    recall_1: float
    found: float
    families: Mapping[str, float]


def asked(sources: Sequence[Source], edits: Sequence[str], seed: int) -> list[Asked]:
    """Return every reference under every edit, then drawn strangers, as they are and under every edit."""
    copies = [
        Asked(draw=_edited(_picture(source), edit, source.reference.key, seed), edit=edit, right=row)
        for row, source in enumerate(sources)
        for edit in edits
    ]
    strange = [
        Asked(draw=_edited(drawn, edit, drawing.key, seed), edit=edit)
        for drawing, drawn in ((stranger, lru_cache(maxsize=1)(stranger.draw)) for stranger in strangers())
        for edit in (UNEDITED, *edits)
    ]
    return copies + strange


def _picture(source: Source) -> Callable[[], Image.Image]:
    return lambda: Image.open(io.BytesIO(source.picture)).convert("RGB")


def _edited(picture: Callable[[], Image.Image], edit: str, key: str, seed: int) -> Callable[[], Image.Image]:
    return lambda: picture() if edit == UNEDITED else suite.apply(edit, picture(), key, seed)


def pixels_of(image: Image.Image) -> Pixels:
    """Return what a model is given of a picture: [height, width, 3]."""
    small = image.convert("RGB")
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX)
    return np.asarray(small)


def compared(
    models: Mapping[str, Embedder],
    sources: Sequence[Source],
    queries: Sequence[Asked],
    threads: int,
    step: Callable[[], None],
) -> list[Row]:
    """Compare every model on the same pictures; return the best first. `step` is called after each query."""
    vectors_of = {name: _known(model, sources) for name, model in models.items()}
    scores = {name: np.empty((len(queries), len(sources)), np.float32) for name in models}
    spent = dict.fromkeys(models, 0.0)
    for number, looks in enumerate(_looks(models, queries, threads)):
        for name, (vector, seconds) in looks.items():
            scores[name][number] = vectors_of[name] @ vector
            spent[name] += seconds
        step()
    rows = [
        _row(name, vectors_of[name].shape[1], 1000 * spent[name] / len(queries), scores[name], queries)
        for name in models
    ]
    return sorted(rows, key=lambda row: -row.found)


def _known(model: Embedder, sources: Sequence[Source]) -> Vectors:
    return np.concatenate([model.embed([pixels_of(_picture(source)())]) for source in sources])


def _looks(
    models: Mapping[str, Embedder], queries: Sequence[Asked], threads: int
) -> Iterator[Mapping[str, tuple[Array, float]]]:
    """Yield for each query its vector by each model, with the CPU seconds that it took, in order."""

    def look(query: Asked) -> Mapping[str, tuple[Array, float]]:
        pixels = pixels_of(query.draw())
        embedded = {}
        for name, model in models.items():
            started = time.thread_time()
            embedded[name] = model.embed([pixels])[0], time.thread_time() - started
        return embedded

    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(look, queries)


def _row(name: str, dim: int, cpu_ms: float, scores: Array, queries: Sequence[Asked]) -> Row:
    strange = np.array([query.right < 0 for query in queries])
    cut = float(np.quantile(scores[strange].max(axis=1), 1 - RATE))
    right = np.array([query.right for query in queries if query.right >= 0])
    of_edits = scores[~strange]
    first = of_edits.argmax(axis=1) == right
    is_found = first & (of_edits[np.arange(len(right)), right] > cut)
    edits = [query.edit for query in queries if query.right >= 0]
    by_edit = _means(edits, is_found)
    families = {
        family: float(np.mean([share for edit, share in by_edit.items() if suite.family_of(edit) == family]))
        for family in dict.fromkeys(suite.family_of(edit) for edit in by_edit)
    }
    return Row(
        name=name,
        dim=dim,
        cpu_ms=cpu_ms,
        recall_1=float(np.mean(list(_means(edits, first).values()))),
        found=float(np.mean(list(by_edit.values()))),
        families=families,
    )


def _means(edits: Sequence[str], hits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Mapping[str, float]:
    names = np.array(edits)
    return {edit: float(hits[names == edit].mean()) for edit in dict.fromkeys(edits)}
