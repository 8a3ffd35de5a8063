"""The large numbers behind docs/reliability.md: `make soak`, or a part of it.

python -m tests.soak kills --count 1000 --platform telegram      (a number of kills)
python -m tests.soak points --count 100 --platform discord       (of rounds over nine points)
python -m tests.soak zoo | raid | downtime                      (of rounds, of images, of posts)
python -m tests.soak posts | looks | idle                       (of kills, of finished images)
python -m tests.soak hostile | disk | floods
python -m tests.soak matrix                                     (of posts; --troubles: of restarts and of cuts)
python -m tests.soak outages [--kind killed|stopped|slow|locked|full]      (of seconds)
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from tests.e2e.world import make_catalogue
from tests.history import build
from tests.soak import downtime, floods, history, hostile, kills, load, matrix, outages, posts, small_disk

type Part = Callable[[argparse.Namespace, Path, Path], Awaitable[tuple[dict[str, object], bool]]]


async def _kills(asked: argparse.Namespace, catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    count, copies = asked.count or 1000, asked.copy_each
    tally = await kills.at_random(asked.platform, catalogue, folder, count, asked.seed, copy_each=copies)
    return asdict(tally), tally.is_right


async def _points(asked: argparse.Namespace, catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    tally = await kills.at_points(asked.platform, catalogue, folder, asked.count or 100, asked.seed)
    return asdict(tally), tally.is_right


async def _zoo(asked: argparse.Namespace, catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    found = await load.zoo(catalogue, folder, asked.count or 3)
    return asdict(found), found.is_right


async def _raid(asked: argparse.Namespace, catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    found = await load.raid(catalogue, folder, asked.count or 1000)
    return asdict(found), found.is_right


async def _downtime(asked: argparse.Namespace, catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    found = await downtime.downtime(catalogue, folder, asked.count or 500)
    return asdict(found), found.is_right


async def _matrix(asked: argparse.Namespace, catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    found = await matrix.weather(catalogue, folder, asked.count or 500, asked.troubles, asked.troubles)
    return asdict(found), found.is_right


async def _outages(asked: argparse.Namespace, catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    found: dict[str, object] = {}
    is_right = True
    for kind in [asked.kind] if asked.kind else list(outages.TROUBLES):
        place = folder / kind
        place.mkdir()
        if kind == "full" and not outages.small_disk(place, 600):
            found[kind] = "this machine does not let us mount a small disk"
            continue
        try:
            one = await outages.outage(kind, catalogue, place, asked.count or 120, asked.platform)
        finally:
            if kind == "full":
                outages.unmount(place)
        found[kind] = asdict(one)
        is_right &= one.tally.is_right
    return found, is_right


async def _hostile(_asked: argparse.Namespace, _catalogue: Path, _folder: Path) -> tuple[dict[str, object], bool]:
    found = await hostile.hostile()
    return asdict(found), found.is_right


async def _posts(asked: argparse.Namespace, _catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    tally = await asyncio.to_thread(posts.apart, folder, asked.count or 200)
    return asdict(tally), not tally.orphans and not tally.strays and tally.integrity == "ok"


async def _disk(_asked: argparse.Namespace, _catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    if not outages.small_disk(folder, small_disk.DISK_MB):
        return {"disk": "this machine does not let us mount a small disk"}, True
    try:
        found = await small_disk.filled(folder / "data")
    finally:
        outages.unmount(folder)
    return asdict(found), found.is_right


async def _looks(asked: argparse.Namespace, _catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    await asyncio.to_thread(build, folder / "resight.db", asked.count or 1_000_000)
    found = await history.looks(folder / "resight.db")
    return dict(found), found["one look at the inbox"] <= history.LOOK_MS


async def _idle(asked: argparse.Namespace, _catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    found = await history.compared(asked.count or 300_000, history.SECONDS, folder)
    return dict(found), found["times"] <= history.IDLE_TIMES


async def _floods(_asked: argparse.Namespace, _catalogue: Path, folder: Path) -> tuple[dict[str, object], bool]:
    found = await floods.floods(folder)
    return asdict(found), found.is_right


PARTS: dict[str, Part] = {
    "posts": _posts,
    "disk": _disk,
    "looks": _looks,
    "idle": _idle,
    "kills": _kills,
    "points": _points,
    "zoo": _zoo,
    "raid": _raid,
    "downtime": _downtime,
    "matrix": _matrix,
    "outages": _outages,
    "hostile": _hostile,
    "floods": _floods,
}


HISTORY = ("posts", "disk", "looks", "idle")
ON_EITHER = ("kills", "points", "outages")
"""The parts that `--platform` is for; the others need what only one platform has."""

EVERYTHING: list[dict[str, str]] = [
    {"part": part, "platform": platform} for part in ("kills", "points") for platform in ("telegram", "discord")
]
EVERYTHING += [
    {"part": part} for part in ("zoo", "raid", "downtime", "matrix", "outages", "hostile", "floods", *HISTORY)
]


async def _run(asked: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        catalogue = make_catalogue(here)
        (here / "world").mkdir()
        found, is_right = await PARTS[asked.part](asked, catalogue, here / "world")
    where = {"platform": asked.platform} if asked.part in ON_EITHER else {}
    print(json.dumps({"part": asked.part, **where, **found}, indent=1))  # noqa: T201  its result
    return 0 if is_right else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "part", nargs="?", choices=PARTS, help="all of them, each as large as it is meant, if none is named"
    )
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument(
        "--platform", choices=("discord", "telegram"), default="telegram", help=f"for {', '.join(ON_EITHER)}"
    )
    parser.add_argument("--troubles", type=int, default=20, help="for matrix: restarts, and cuts of the network")
    parser.add_argument("--kind", choices=outages.TROUBLES, default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--copy-each", type=int, default=kills.COPY_EACH, help="every nth post is a copy")
    asked = parser.parse_args()
    if asked.part:
        return asyncio.run(_run(asked))
    return max(asyncio.run(_run(argparse.Namespace(**{**vars(asked), **one}))) for one in EVERYTHING)


if __name__ == "__main__":
    sys.exit(main())
