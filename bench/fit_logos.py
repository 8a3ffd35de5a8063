"""Fit the coefficients of `embed.logos.search`: `python -m bench.fit_logos [FOLDER]` writes core/calibration_logos.py.

    pictures of the half "dev" --seen_in--> places with witnesses --logistic regression--> WEIGHTS, THRESHOLD
        two logos at one place, one of them right --logistic regression of the difference--> CLAIMS

A wrong logo at the place of the right one is not counted as a mistake of the first regression: logos share their marks.
FOLDER holds photographs; without one, mosaics of scikit-image's are used, which are too few for good coefficients.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.logo_pictures import LOGOS, Shown, index, photographs, with_logos, without_logos
from embed.logos.search import LogoIndex, MeasuredLogo, seen_in

EACH, SCREENS = 40, 200
RATE = 0.01
TOLD = '"""Coefficients of `embed.logos.search`: written by `python -m bench.fit_logos`, not by hand."""'
OUT = Path(__file__).parents[1] / "core" / "calibration_logos.py"

type Array = np.ndarray[Any, np.dtype[Any]]


def is_right(seen: MeasuredLogo, shown: Shown, known: LogoIndex) -> bool:
    """Whether it is the logo that the picture shows, where it shows it."""
    return known.keys[seen.logo][0].int == shown.seed and is_there(seen, shown)


def is_there(seen: MeasuredLogo, shown: Shown) -> bool:
    """Whether it lies where the picture shows a logo."""
    if shown.quad is None:
        return False
    x, y = (float(value) for value in seen.quad.mean(axis=0) / shown.pixels.shape[1::-1])
    return cv2.pointPolygonTest(shown.quad.astype(np.float32), (x, y), False) >= 0


def logistic_fit(values: Array, answers: Array, ridge: float = 1.0) -> Array:
    """Weights of a logistic regression with a ridge, by Newton's method; `values` [n, k] without a column of ones."""
    weights = np.zeros(values.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-np.clip(values @ weights, -30, 30)))
        slope = values.T @ (answers - chance) - ridge * weights
        bend = (values * (chance * (1 - chance))[:, None]).T @ values + ridge * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def fit_scores(rows: Sequence[tuple[tuple[float, ...], bool]]) -> tuple[float, Array]:
    """Bias and weights of the witnesses."""
    values, answers = np.array([row for row, _ in rows]), np.array([right for _, right in rows], float)
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    fitted = logistic_fit(np.c_[(values - mean) / spread, np.ones(len(values))], answers)
    weights = fitted[:-1] / spread
    return float(fitted[-1] - weights @ mean), weights


def fit_claims(pairs: Array) -> Array:
    """Weights that let the right logo win; `pairs` are its witnesses minus those of a wrong one."""
    spread = pairs.std(axis=0) + 1e-9
    return logistic_fit(pairs / spread, np.ones(len(pairs))) / spread


def claimed(seen: MeasuredLogo) -> Array:
    """The witnesses of `MeasuredLogo.claim`."""
    return np.array([*seen.witnesses, np.log1p(seen.measures.length)])


def differences(shown: Sequence[tuple[Shown, list[MeasuredLogo]]], known: LogoIndex, weights: Array) -> Iterator[Array]:
    """For each picture the right logo against the wrong ones at its place that come near it."""
    for picture, seen in shown:
        right = [one for one in seen if is_right(one, picture, known)]
        if right:
            best = max(right, key=lambda one: float(weights @ one.witnesses))
            least = weights @ best.witnesses - 4
            wrong = [one for one in seen if is_there(one, picture) and not is_right(one, picture, known)]
            yield from (claimed(best) - claimed(one) for one in wrong if weights @ one.witnesses > least)


def main(folder: Path | None) -> None:
    """Fit and write."""
    known = index("dev")
    ours, others = photographs(folder, "dev")
    pictures = [*with_logos(ours, "dev", EACH), *without_logos(others, "dev", SCREENS)]
    shown = [(picture, seen_in(picture.pixels, known)) for picture in pictures]
    bias, weights = fit_scores(
        [
            (one.witnesses, right)
            for picture, seen in shown
            for one in seen
            if (right := is_right(one, picture, known)) or not is_there(one, picture)
        ]
    )
    claims = fit_claims(np.array(list(differences(shown, known, weights))))
    tops = [
        max((bias + float(weights @ one.witnesses) for one in seen), default=-99.0)
        for one_, seen in shown
        if one_.seed < 0
    ]
    _write(float(np.quantile(tops, 1 - RATE)), bias, weights, claims)


def _write(threshold: float, bias: float, weights: Array, claims: Array) -> None:
    rows = [
        TOLD,
        "",
        f"LOGOS = {LOGOS}",
        f"THRESHOLD = {threshold:.4f}",
        f"BIAS = {bias:.4f}",
        *(f"{name} = {_listed(row)}" for name, row in (("WEIGHTS", weights), ("CLAIMS", claims))),
    ]
    OUT.write_text("\n".join(rows) + "\n")
    print(OUT.read_text())


def _listed(values: Array) -> str:
    return "(\n" + "".join(f"    {value:.4f},\n" for value in values) + ")"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
