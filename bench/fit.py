"""Fits the confidence: `python -m bench.fit` writes `core/calibration.py` and prints how well it holds.

    pictures of our own (drawings, drawn scenes, tiles of scikit-image's photographs) --half--> references
    edits of the references, strangers, app screens and scenes shot twice --cascade--> witnesses of each candidate pair
        --logistic regression--> is it a copy?          memes with other words, copies --> did the words change?
    passers-by, of which the fit knows nothing --scores--> tail --> the threshold for a rate of false alarms

The regression is fitted to the even half of the queries and judged on the odd half, then fitted again to all. Weights
are held small (ridge), because a few thousand pairs of a few hundred pictures must speak for all.
"""

import math
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from bench.passers_by import passer_by
from bench.photos import FAMILIAR, STRANGE, originals
from core.confidence import clash, witnesses, word_witnesses
from core.looks import Look, Material, View
from core.matches import Evidence
from core.odds import logistic
from core.tail import Tail
from embed.models.sscd import SscdEmbedder
from embed.runner import Runner
from lab.drawings.demo import demo_set, jpeg, strangers
from lab.drawings.scenes import two_shots
from lab.edits.suite import SUITE, apply
from lab.figures import ece
from lab.hard_negatives import make
from lab.tail import fitted as fitted_tail

SCENES, SCREENS, MEMES, PLACES = 48, 40, 60, 40
PASSERS_BY = 3000
EDITS_OF_KNOWN, EDITS_OF_STRANGE = 12, 6
FLOOR, AT_MOST = 0.24, 8
RIDGE, WORDS_RIDGE = 0.3, 1.0
PASSING = "passer-by"
TARGET = Path(__file__).parents[1] / "core" / "calibration.py"
PAGE = '''"""Coefficients of `core.confidence`: written by `python -m bench.fit`, not by hand.

Fitted to {pairs} candidate pairs, {copies} of them copies, and to {words} readings of words.
"""

CATALOGUE = {catalogue}
"""References of the catalogue that the fit was made with."""

BIAS = {bias}
WEIGHTS = (
{weights}
)
"""Of `core.confidence.witnesses`."""

WORDS_BIAS = {words_bias}
WORDS_WEIGHTS = {words_weights}
"""Of `core.confidence.word_witnesses`."""

STRANGERS = {strangers}
START, SHARE, SCALE, SHAPE = {tail}
"""The tail of the scores of so many strangers that the fit has not seen (`core.tail.Tail`)."""
'''

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate pair of one query: what it is, and what the cascade saw."""

    what: str
    query: int
    is_right: bool
    cosine: float
    evidence: Evidence


@cache
def pictures() -> list[Image.Image]:
    """Everything that references and strangers are made of; neighbours are not alike."""
    drawn = [one.draw() for one in (*demo_set(), *strangers())]
    scenes = [two_shots(Random(f"fit/{number}"))[0] for number in range(SCENES)]
    tiles = [tile for photo in originals((*FAMILIAR, *STRANGE)) for tile in _tiles(photo)]
    Random(7).shuffle(everything := [*drawn, *scenes, *tiles])
    return everything


def _tiles(photo: Image.Image) -> Iterator[Image.Image]:
    """Quarters that share no pixel."""
    wide, high = photo.width // 2, photo.height // 2
    for left in (0, wide):
        for top in (0, high):
            yield photo.crop((left, top, left + wide, top + high))


def known() -> list[Image.Image]:
    return pictures()[::2]


def strange() -> list[Image.Image]:
    return pictures()[1::2]


@cache
def look_alikes() -> dict[str, list[tuple[Image.Image, Image.Image]]]:
    """Pairs that are no copies: (reference, query)."""
    counts = {"same_template": MEMES, "same_ui": SCREENS, "near_scene": PLACES}
    return {kind: [(one.reference, one.query) for one in make(kind, strange(), n, 3)] for kind, n in counts.items()}


class Cascade:
    """The stages of a search without stores: references in a list, a matrix product for the vector search."""

    def __init__(self) -> None:
        self._runner = Runner(SscdEmbedder(), threads=1)
        self.names = [f"known-{number}" for number in range(len(known()))]
        references = known()
        for kind, pairs in look_alikes().items():
            self.names += [f"{kind}-{number}" for number in range(len(pairs))]
            references = [*references, *(reference for reference, _ in pairs)]
        prepared = [self._runner._prepare(jpeg(one)) for one in references]
        self._kept: list[Material] = [kept[0] for _, kept in prepared]
        self._vectors = np.stack([look.vectors[[0, len(kept)]] for look, kept in prepared])

    def candidates(self, data: bytes) -> list[tuple[str, float, Evidence]]:
        """Name, cosine and evidence of the closest references, each by the view that found it best."""
        look = self._runner._look(data, "")
        more = self._runner._parts(look)
        views = (*look.views, *more.views)
        if not views:
            return []
        vectors = np.concatenate([look.vectors, more.vectors])
        cosines = np.einsum("vd,rpd->vrp", vectors, self._vectors).max(axis=2)
        best = np.argsort(-cosines.max(axis=0))[:AT_MOST]
        return [self._checked(look, views, at, cosines[:, at]) for at in best if cosines[:, at].max() >= FLOOR]

    def _checked(self, look: Look, views: Sequence[View], at: int, cosines: Array) -> tuple[str, float, Evidence]:
        handicap = np.array([0.0 if view.is_whole else 0.05 for view in views])
        view = views[int((cosines - handicap).argmax())]
        (evidence,) = self._runner._verify(look, [(view, self._kept[at])], lambda *_: True)
        return self.names[at], float(cosines.max()), evidence or Evidence()


@dataclass(frozen=True, slots=True)
class Task:
    """One query: what it is, its number, and the name of the reference that it is a copy of ("" = none)."""

    what: str
    number: int
    edit: str
    truth: str = ""


def tasks() -> list[Task]:
    """All queries, the same ones each time."""
    names, dice, found = list(SUITE), Random(11), []
    for number in range(len(known())):
        found += [Task("copy", number, edit, f"known-{number}") for edit in dice.sample(names, EDITS_OF_KNOWN)]
    for number in range(len(strange())):
        found += [Task("stranger", number, edit) for edit in ("", *dice.sample(names, EDITS_OF_STRANGE))]
    for kind, pairs in look_alikes().items():
        found += [Task(kind, number, "", f"{kind}-{number}") for number in range(len(pairs))]
    return found + [Task(PASSING, number, "") for number in range(PASSERS_BY)]


@cache
def cascade() -> Cascade:
    return Cascade()


def rows(task: Task) -> list[Row]:
    """The candidate pairs of a query. Look-alikes share pictures, so only their own query may ask for them."""
    found = []
    for name, cosine, evidence in cascade().candidates(jpeg(query(task), 80)):
        is_own = name == task.truth
        if not is_own and (task.what in look_alikes() or not name.startswith("known")):
            continue
        number = task.number if task.what == "copy" else task.number + 1
        found.append(Row(task.what, number, is_own and task.what == "copy", cosine, evidence))
    return found


def query(task: Task) -> Image.Image:
    if task.what == PASSING:
        return passer_by(task.number)
    if task.what in look_alikes():
        return look_alikes()[task.what][task.number][1]
    image = known()[task.number] if task.what == "copy" else strange()[task.number]
    others = strange()[:30] if task.what == "copy" else strange()[30:60]
    return apply(task.edit, image, f"{task.what}-{task.number}", 5, others) if task.edit else image


def logistic_fit(values: Array, truths: Array, ridge: float = RIDGE, known: Array | float = 0.0) -> tuple[Array, float]:
    """Weights and bias by Newton's method; the ridge holds the weights of standardised witnesses small.

    `known` are log-odds that are added to each pair's as they are.
    """
    middle, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    design = np.c_[(values - middle) / spread, np.ones(len(values))]
    found, held = np.zeros(design.shape[1]), np.diag([ridge] * values.shape[1] + [1e-6])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ found + known, -40, 40)))
        slope = design.T @ (chance - truths) + held @ found
        bend = (design * (chance * (1 - chance) + 1e-9)[:, None]).T @ design + held
        found = found - np.linalg.solve(bend, slope)
    weights = found[:-1] / spread
    return weights, float(found[-1] - weights @ middle)


def chances(values: Array, fit: tuple[Array, float], known: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(values @ fit[0] + fit[1] + known, -40, 40)))


def judged(values: Array, truths: Array, is_even: Array, known: Array) -> None:
    """Print what a fit to the even half says of the odd half."""
    fit = logistic_fit(values[is_even], truths[is_even], known=known[is_even])
    chance, truth = chances(values[~is_even], fit, known[~is_even]), truths[~is_even]
    print(f"held out: {len(truth)} pairs, ECE {ece(chance, truth):.4f}, Brier {((chance - truth) ** 2).mean():.4f}")
    for low, high in ((0, 0.01), (0.01, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 0.99), (0.99, 1.01)):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            print(f"  {low:.2f}-{min(high, 1):.2f}: {inside.sum():5d} pairs, said {chance[inside].mean():.4f}, "
                  f"were {truth[inside].mean():.4f}")  # fmt: skip


def fitted(found: Sequence[Row]) -> str:
    """The page of coefficients."""
    pairs = [row for row in found if row.what not in ("same_template", PASSING)]
    values = np.array([witnesses(row.cosine, row.evidence) for row in pairs])
    truths = np.array([row.is_right for row in pairs], float)
    clashes = np.array([-clash(row.evidence) for row in pairs])
    judged(values, truths, np.array([row.query % 2 == 0 for row in pairs]), clashes)
    weights, bias = logistic_fit(values, truths, known=clashes)
    read = [row for row in found if row.evidence.quad and (row.is_right or row.what == "same_template")]
    said = np.array([word_witnesses(row.evidence) for row in read])
    changed = np.array([row.what == "same_template" for row in read], float)
    judged(said, changed, np.array([row.query % 2 == 0 for row in read]), np.zeros(len(read)))
    words_weights, words_bias = logistic_fit(said, changed, WORDS_RIDGE)
    tail = tail_of([row for row in found if row.what == PASSING], weights, bias)
    return PAGE.format(
        pairs=len(pairs),
        copies=int(truths.sum()),
        words=len(read),
        catalogue=len(cascade().names),
        bias=round(bias, 3),
        weights="\n".join(f"    {weight:.3f}," for weight in weights),
        words_bias=round(words_bias, 3),
        words_weights=tuple(round(float(weight), 3) for weight in words_weights),
        strangers=PASSERS_BY,
        tail=tuple(round(one, 4) for one in (tail.start, tail.share, tail.scale, tail.shape)),
    )


def tail_of(found: Sequence[Row], weights: Array, bias: float) -> Tail:
    """Of the best score of each passer-by; those without any candidate count as 0."""
    best = np.full(PASSERS_BY, -math.inf)
    for row in found:
        score = witnesses(row.cosine, row.evidence) @ weights + bias - clash(row.evidence)
        best[row.query - 1] = max(best[row.query - 1], score)
    scores = [logistic(float(one)) for one in best]
    tail = fitted_tail(scores)
    if tail is None:
        raise SystemExit("Too few passers-by came near to a reference: PASSERS_BY must be larger.")
    for rate in (1e-2, 1e-3, 1e-4):
        print(f"1 in {1 / rate:.0f} strangers reaches {tail.score(rate):.4f}; highest measured {max(scores):.4f}")
    return tail


def main(is_dry: bool = False) -> None:
    """Fit, print, and write the file unless it is a dry run."""
    todo = tasks()
    with ProcessPoolExecutor() as pool:
        found = [row for some in pool.map(rows, todo, chunksize=math.ceil(len(todo) / 64)) for row in some]
    page = fitted(found)
    print(page)
    if not is_dry:
        TARGET.write_text(page)


if __name__ == "__main__":
    main("--dry" in sys.argv)
