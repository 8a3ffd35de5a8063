"""Fits when content is the same: `python -m bench.fit_content` writes `core/content_*.json` and the limits.

    SEEN families of look-alikes, their edits --+
    true copies: references of the families and  +--pair check, reading--> Example --boosted trees--> regions --> pairs
    pictures of our own under the edits ---------+
    each family (or picture) left out in turn --scores--> SAME and OTHER, the two limits

Regions are judged first: those of a copy are none that matter; of a look-alike only the ones that score highest are
taken for what was exchanged, since an edit differs elsewhere, too (multiple-instance learning). Then pairs are judged
by their regions, scored by trees that have not seen them. The unseen families play no part.
"""

import json
import math
import sys
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from PIL import Image
from sklearn.ensemble import GradientBoostingClassifier

from bench.fit import pictures
from bench.passers_by import company
from core.cases import Thresholds
from core.confidence import is_aligned_copy
from core.content import PAIR_TREES, REGION_TREES, pair_numbers, region_numbers
from core.looks import Material
from core.matches import Evidence
from core.odds import log_odds
from core.trees import LEAF, Tree
from core.types import Vectors
from embed.models.sscd import SscdEmbedder
from embed.runner import Runner
from lab.drawings.demo import jpeg
from lab.edits.suite import SUITE, apply
from lab.families.suite import EDITS, HARD, SEEN, SEEN_PAIRS, negatives, positives
from lab.trial import UNEDITED

EDITS_OF_PAIR, EDITS_OF_COPY, EDITS_OF_PICTURE = 4, 6, 14
FLOOR = 0.24
FOLDS = 3
REGIONS = {"n_estimators": 250, "max_depth": 5, "learning_rate": 0.05}
PAIRS = {"n_estimators": 400, "max_depth": 5, "learning_rate": 0.03}
ALIKE = 1.0
"""Log-odds below the highest of a look-alike within which another region counts as exchanged, too."""

LOST, HARD_LOST = 0.01, 0.04
"""Shares of the true copies, pictures and drawings, that may lose `match`."""

ACTED = 0.015
"""Share of the look-alikes that may be the same content."""

CORE = Path(__file__).parents[1] / "core"
PAGE = '''"""Limits of `core.content`: written by `python -m bench.fit_content`, not by hand.

Fitted to {others} readings of look-alikes from {families} families, and to {copies} of true copies.
"""

SAME, OTHER = {same}, {other}
"""Log-odds of other content: below the first it is the same, from the second it is another."""

STEEPNESS = {steepness}
"""How much of the log-odds below `OTHER` is evidence: 1 would be all."""
'''

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Example:
    """One pair that is about to be a match, with its true label and the evidence that was read.

    group    the family or picture that it is from; a group is never in two folds
    """

    group: str
    edit: str
    is_other: bool
    is_drawn: bool
    evidence: Evidence


@cache
def runner() -> Runner:
    return Runner(SscdEmbedder(), threads=1)


def prepared(image: Image.Image) -> tuple[Vectors, Material]:
    """Return the reference's two embeddings (as it is, inverted) [2, dim], and the material that a catalogue keeps."""
    look, kept = runner()._prepare(jpeg(image))
    return look.vectors[[0, len(kept)]], kept[0]


def evidence(reference: tuple[Vectors, Material], query: Image.Image) -> Evidence | None:
    """Return what the pair check finds, by the view that is closest; None below the floor."""
    look = runner()._look(jpeg(query, 80), "")
    more = runner()._parts(look)
    views = (*look.views, *more.views)
    cosines = (np.concatenate([look.vectors, more.vectors]) @ reference[0].T).max(axis=1)
    if not views or cosines.max() < FLOOR:
        return None
    handicap = np.array([0.0 if view.is_whole else 0.05 for view in views])
    view = views[int((cosines - handicap).argmax())]
    return runner()._verify(look, [(view, reference[1])], lambda *_: True)[0]


def of_family(task: tuple[str, int]) -> list[Example]:
    """The twins of that number under some edits, and their reference under others."""
    name, number = task
    family, dice = SEEN[name], Random(f"fit/{name}/{number}")
    known = prepared(family.twins(number).reference)
    some = (UNEDITED, *dice.sample(EDITS, EDITS_OF_PAIR))
    found = [(edit, True, evidence(known, image)) for edit, image in negatives(family, number, 0, some)]
    edits = dice.sample([*HARD, *SUITE], EDITS_OF_COPY)
    found += [(edit, False, evidence(known, image)) for edit, image in positives(family, number, 0, edits)]
    return [Example(name, *one[:2], True, one[2]) for one in found if one[2] and is_aligned_copy(one[2])]


def of_picture(number: int) -> list[Example]:
    """A picture of our own under some edits."""
    image, dice = pictures()[number], Random(f"fit/{number}")
    known = prepared(image)
    edits = dice.sample(list(SUITE), EDITS_OF_PICTURE)
    found = [(edit, evidence(known, apply(edit, image, f"content-{number}", 7, company()))) for edit in edits]
    group = f"picture-{number}"
    return [Example(group, edit, False, False, one) for edit, one in found if one and is_aligned_copy(one)]


def examples() -> list[Example]:
    """Every pair of the fit, in all processes there are."""
    families = [(name, number) for name in SEEN for number in range(SEEN_PAIRS)]
    with ProcessPoolExecutor() as pool:
        found = [
            *pool.map(of_family, families, chunksize=2),
            *pool.map(of_picture, range(len(pictures())), chunksize=2),
        ]
    return [one for some in found for one in some if one.evidence.reading is not None]


class Model:
    """Two forests: of regions, and of pairs by their regions."""

    def __init__(self, known: Sequence[Example]) -> None:
        rows = [_rows(one.evidence) for one in known]
        truths = np.array([one.is_other for one in known])
        folds = _folds(known, 2)
        scores: list[Array] = [np.empty(0)] * len(known)
        for fold in (0, 1):
            forest = _of_regions([(r, t) for r, t, f in zip(rows, truths, folds, strict=True) if f != fold])
            for at in np.flatnonzero(folds == fold).tolist():
                scores[at] = _scored(forest, rows[at])
        self.regions = _of_regions(list(zip(rows, truths, strict=True)))
        numbers = np.array([_pair(one, score) for one, score in zip(known, scores, strict=True)])
        self.pairs = _boosted(PAIRS).fit(numbers, truths, _weights(known))

    def scores(self, asked: Sequence[Example]) -> Array:
        """Return the log-odds of each example that it is other content."""
        numbers = [_pair(one, _scored(self.regions, _rows(one.evidence))) for one in asked]
        found: Array = self.pairs.decision_function(np.array(numbers))
        return found


def _boosted(shape: dict[str, Any]) -> Any:
    return GradientBoostingClassifier(
        **shape, subsample=0.6, min_samples_leaf=20, max_features="sqrt", init="zero", random_state=1
    )


def _weights(known: Sequence[Example]) -> Array:
    """Photographs count twice: there are fewer of them here than where the product is used."""
    return np.array([1.0 if one.is_drawn else 2.0 for one in known])


def _rows(found: Evidence) -> Array:
    reading = found.reading
    if reading is None or not reading.regions:
        return np.empty((0, 0))
    return np.array([region_numbers(found, reading, one) for one in reading.regions])


def _pair(one: Example, scores: Array) -> tuple[float, ...]:
    reading = one.evidence.reading
    if reading is None:
        raise ValueError("an example is one that was read")
    return pair_numbers(one.evidence, reading, scores.tolist())


def _scored(forest: Any, rows: Array) -> Array:
    scores: Array = forest.decision_function(rows) if len(rows) else np.empty(0)
    return scores


def _of_regions(known: Sequence[tuple[Array, bool]]) -> Any:
    """The forest of regions: in a second round only the highest ones of a look-alike are taken for exchanged."""
    chosen = [rows for rows, _ in known]
    for _ in range(2):
        kept = [(rows, truth) for rows, (_, truth) in zip(chosen, known, strict=True) if len(rows)]
        values = np.concatenate([rows for rows, _ in kept])
        truths = np.concatenate([np.full(len(rows), truth) for rows, truth in kept])
        weights = np.concatenate([np.full(len(rows), 1 / math.sqrt(len(rows))) for rows, _ in kept])
        forest = _boosted(REGIONS).fit(values, truths, weights)
        chosen = [_highest(forest, rows) if truth else rows for rows, truth in known]
    return forest


def _highest(forest: Any, rows: Array) -> Array:
    scores = _scored(forest, rows)
    return rows[scores >= scores.max() - ALIKE] if len(rows) else rows


def _folds(known: Sequence[Example], count: int) -> Array:
    return np.array([zlib.crc32(f"fold/{one.group}".encode()) % count for one in known])


def held_out(known: Sequence[Example]) -> Array:
    """Return the score of each example by a model that has not seen its family or picture."""
    folds, scores = _folds(known, FOLDS), np.empty(len(known))
    for fold in range(FOLDS):
        model = Model([one for one, f in zip(known, folds, strict=True) if f != fold])
        scores[folds == fold] = model.scores([one for one, f in zip(known, folds, strict=True) if f == fold])
    return scores


def limits(known: Sequence[Example], scores: Array) -> tuple[float, float]:
    """Return SAME and OTHER: the first by the look-alikes below it, the second by the copies above it."""
    others = scores[[one.is_other for one in known]]
    photographs = scores[[not one.is_other and not one.is_drawn for one in known]]
    drawn = scores[[not one.is_other and one.is_drawn for one in known]]
    other = max(float(np.quantile(photographs, 1 - LOST)), float(np.quantile(drawn, 1 - HARD_LOST)))
    return min(other, float(np.quantile(others, ACTED))), other


def steepness(known: Sequence[Example], scores: Array, other: float) -> float:
    """Return the slope with which the pairs below OTHER are told as sure as they are on average.

    At OTHER itself the confidence is the default threshold of a match; of two pairs one is taken to be a look-alike.
    """
    is_same = np.array([not one.is_other for one in known])
    weights = np.where(is_same, (~is_same).sum() / max(is_same.sum(), 1), 1.0)
    below = scores < other
    far, right, heavy = other - scores[below], is_same[below], weights[below]

    def gap(slope: float) -> float:
        said = 1 / (1 + np.exp(-log_odds(Thresholds().match) - slope * far))
        return abs(float((heavy * (said - right)).sum()))

    return min((number / 100 for number in range(101)), key=gap)


def told(known: Sequence[Example], scores: Array, same: float, other: float) -> Iterator[str]:
    """Yield what the limits do to each kind of example."""
    kinds = {"look-alikes": (True, True), "copies, drawn": (False, True), "copies, pictures": (False, False)}
    for name, kind in kinds.items():
        mine = scores[[(one.is_other, one.is_drawn) == kind for one in known]]
        shares = (mine < same).mean(), ((mine >= same) & (mine < other)).mean(), (mine >= other).mean()
        yield f"{name:18} {len(mine):5}: same {shares[0]:.3f}, unsettled {shares[1]:.3f}, other {shares[2]:.3f}"


def _tree(fitted: Any, rate: float) -> Tree:
    tree = fitted.tree_
    return tuple(
        (LEAF, round(rate * float(value), 4), 0, 0) if left < 0 else (int(feature), round(float(limit), 6), left, right)
        for feature, limit, left, right, value in zip(
            tree.feature.tolist(), tree.threshold, tree.children_left.tolist(), tree.children_right.tolist(),
            tree.value.ravel(), strict=True,
        )
    )  # fmt: skip


def _page(known: Sequence[Example], same: float, other: float, slope: float) -> str:
    others = [one for one in known if one.is_other]
    families = len({one.group for one in others})
    copies = len(known) - len(others)
    limits = {"same": round(same, 3), "other": round(other, 3), "steepness": slope}
    return PAGE.format(others=len(others), families=families, copies=copies, **limits)


def write(known: Sequence[Example], same: float, other: float, slope: float) -> None:
    """Fit to all examples, and write the trees and the limits."""
    model = Model(known)
    for name, forest in ((REGION_TREES, model.regions), (PAIR_TREES, model.pairs)):
        kept = [json.dumps(_tree(one, forest.learning_rate)) for one in forest.estimators_.ravel()]
        (CORE / f"{name}.json").write_text("[\n" + ",\n".join(kept) + "\n]\n", encoding="utf-8")
    (CORE / "calibration_content.py").write_text(_page(known, same, other, slope), encoding="utf-8")


def main(is_dry: bool = False) -> None:
    """Fit, print, and write the file unless it is a dry run."""
    known = examples()
    scores = held_out(known)
    same, other = limits(known, scores)
    print("\n".join(told(known, scores, same, other)))
    if not is_dry:
        write(known, same, other, steepness(known, scores, other))


if __name__ == "__main__":
    main("--dry" in sys.argv)
