"""Logos inside pictures: `python -m bench.bench_logos [FOLDER]` tells what is found at one false alarm in a hundred.

Three hundred drawn logos are looked for; the pictures have logos at four areas in four styles (`lab.logos`), unknown
logos, or none. The threshold of the table is the one that 1 % of the pictures without logos exceed, in this run; below
it stands what the built-in one gives. FOLDER holds photographs, without one mosaics of scikit-image's are used.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bench.logo_pictures import Shown, index, photographs, unknown_logos, with_logos, without_logos
from core.logos import LogoHit, logo_score
from embed.logos.search import LogoIndex, find
from lab.logos import AREA_SHARES, STYLES

EACH, SCREENS, STRANGERS = 40, 200, 80
RATE = 0.01
LARGE = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """One picture with its answer; `score` is that of the best hit, against the built-in threshold."""

    shown: Shown
    best: LogoHit | None
    score: float
    cpu_ms: float

    @property
    def is_there(self) -> bool:
        """Whether the best hit lies where the picture shows a logo."""
        if self.best is None or self.shown.quad is None:
            return False
        x, y = (float(value) for value in np.array(self.best.quad).mean(axis=0))
        return cv2.pointPolygonTest(self.shown.quad.astype(np.float32), (x, y), False) >= 0

    @property
    def is_right(self) -> bool:
        """Whether it also is that logo."""
        return self.is_there and self.best is not None and self.best.reference.int == self.shown.seed


def ask(shown: Shown, known: LogoIndex) -> Asked:
    """Look for all known logos in one picture."""
    started = time.process_time()
    hits = find(shown.pixels, known)
    spent = 1000 * (time.process_time() - started)
    return Asked(shown, hits[0] if hits else None, logo_score(hits[0], len(known)) if hits else -99.0, spent)


def share(some: Sequence[bool]) -> str:
    """As it stands in the table."""
    return f"{np.mean(some):.2f}" if some else "-"


def show(known: LogoIndex, right: Sequence[Asked], strange: Sequence[Asked], none: Sequence[Asked]) -> None:
    """Print the tables."""
    least = float(np.quantile([one.score for one in none], 1 - RATE))
    print(f"\n## Logos: {len(known)} known; {len(none)} pictures without, {len(strange)} with unknown ones\n")
    print(f"| right logo found at {100 * RATE:.0f} % false alarms (any logo there) | ", end="")
    print(" | ".join(f"{100 * area:.0f} %" for area in AREA_SHARES), "|")
    print("|---" * (len(AREA_SHARES) + 1) + "|")
    for style in STYLES:
        cells = [[one for one in right if (one.shown.kind, one.shown.share) == (style, area)] for area in AREA_SHARES]
        print(f"| {style} |", " | ".join(_cell(cell, least) for cell in cells), "|")
    large = [one for one in right if one.shown.share >= LARGE]
    print(f"\n5 to 25 %, all styles: {_cell(large, least)}; at the built-in threshold: {_cell(large, 0.0)}")
    for kind in sorted({one.shown.kind for one in none}):
        some = [one.score > 0 for one in none if one.shown.kind == kind]
        print(f"false alarms at the built-in threshold, {kind}: {sum(some)} of {len(some)}")
    print(f"unknown logos taken for a known one: {share([one.score > 0 for one in strange])}")
    costs = [one.cpu_ms for one in (*right, *none)]
    print(f"CPU a picture: median {np.median(costs):.0f} ms, 95 %: {np.quantile(costs, 0.95):.0f} ms")


def _cell(some: Sequence[Asked], least: float) -> str:
    found = [one for one in some if one.score > least]
    if not some:
        return "-"
    return (
        f"{sum(one.is_right for one in found) / len(some):.2f} ({sum(one.is_there for one in found) / len(some):.2f})"
    )


def main(folder: Path | None) -> None:
    """Run it and print."""
    cv2.setNumThreads(1)
    known = index("test")
    ours, others = photographs(folder, "test")
    right = [ask(one, known) for one in with_logos(ours, "test", EACH)]
    strange = [ask(one, known) for one in unknown_logos(others, "test", STRANGERS)]
    none = [ask(one, known) for one in without_logos(others, "test", SCREENS)]
    show(known, right, strange, none)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
