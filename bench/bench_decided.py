"""How far a moderator's decision on an image reaches: `python -m bench.bench_decided [--pictures DIR] [--count N]`.

    edits         of images that were allowed, or called a violation: how many are treated alike
    look-alikes   of images that were allowed, or called a violation: how many are treated so wrongly

All decided images are those of one community, as in its database: found by embedding, compared by the pair check. The
pictures are parts of photographs that scikit-image ships, or those of a folder.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from uuid import UUID

import numpy as np
from PIL import Image

from bench.photos import FAMILIAR, MORE_STRANGE, STRANGE, tiles
from bench.table import Line, show
from bot.app import opened
from bot.services import Services
from bot.settings import load
from core.decided_images import DecidedFrame, DecidedImages, Frame, Ruling
from core.matches import Finding
from core.model_ports import Runner
from core.policy import is_settled, shows_the_same
from core.types import Collection, Decision, Outcome, Platform, Space
from handlers import references
from handlers.decided import Query, as_decided, frames_of
from handlers.references import Entry
from handlers.search import search
from lab.drawings.demo import jpeg
from lab.edits.suite import EDITS
from lab.hard_negatives import HARD_NEGATIVES, make

ASKED = ("recompress", "half_size", "screenshot", "crop_75")
SPACE = Space(platform=Platform.WEB, community="bench", channel="bench")
NO_VARIANTS: Group[UUID] = frozenset()


class OneCommunity:
    """`core.case_ports.Decided` of one community, in memory."""

    def __init__(self, decided: Sequence[tuple[Ruling, Sequence[Frame]]]) -> None:
        kept = [(ruling, frame) for ruling, frames in decided for frame in frames]
        self._pictures = {number: frame.picture for number, (_, frame) in enumerate(kept)}
        self._images = DecidedImages(
            rulings=tuple(ruling for ruling, _ in decided),
            frames=tuple(DecidedFrame(id=number, rulings=(ruling,)) for number, (ruling, _) in enumerate(kept)),
            vectors=np.stack([frame.vector for _, frame in kept]),
            hashes=np.zeros((len(kept), 32), np.uint8),
        )

    async def of(self, _community: str, _space_id: str, _dim: int) -> DecidedImages:
        return self._images

    async def pictures(self, frames: Group[int]) -> Mapping[int, bytes]:
        return {number: self._pictures[number] for number in frames}

    async def picture(self, case: int) -> bytes | None:
        return self._pictures.get(case)

    async def expire(self) -> int:
        return 0


@dataclass(frozen=True)
class Judge:
    """What applies decisions."""

    runner: Runner
    decided: OneCommunity


def smaller(picture: Image.Image) -> Image.Image:
    """The picture as it was posted first: not the very file that is known."""
    return picture.resize((round(picture.width * 0.9), round(picture.height * 0.9)), Image.Resampling.LANCZOS)


async def decided_on(services: Services, pictures: Iterable[Image.Image], collection: str, decision: Decision) -> Judge:
    """Every picture is posted as a JPEG and decided about."""
    decided = []
    for case, picture in zip(count(1), pictures, strict=False):
        finding = await search(services, jpeg(smaller(picture)), collections=[collection])
        matches = finding.verdict.matches
        ruling = Ruling(
            case=case,
            decision=decision,
            by="ann",
            at=datetime.now(UTC),
            references=frozenset(match.reference.id for match in matches),
            is_known=bool(matches),
            same=frozenset(match.reference.id for match in matches if shows_the_same(match)),
        )
        decided.append((ruling, await frames_of(services, finding)))
    return Judge(runner=services.runner, decided=OneCommunity(decided))


async def treated(services: Services, judge: Judge, data: bytes, collection: str) -> tuple[Finding, Finding]:
    """Return the finding on an image without any decision, and the one with the decisions applied."""

    async def again(picture: bytes, ignored: Group[UUID]) -> Finding:
        return await search(services, picture, collections=[collection], ignored=frozenset(ignored))

    finding = await again(data, ())
    query = Query(data=data, finding=finding, thresholds=services.thresholds, variants=NO_VARIANTS, again=again)
    return finding, await as_decided(judge, SPACE, query)


async def fill(services: Services, collection: str, pictures: Sequence[Image.Image]) -> None:
    await services.references.create_collection(Collection(name=collection))
    for number, picture in enumerate(pictures):
        await references.add(services, Entry(key=str(number), collection=collection), jpeg(picture))


async def of_edits(services: Services, pictures: Sequence[Image.Image]) -> list[Line]:
    """How many edits of decided images are treated as those are."""
    await fill(services, "known", pictures)
    await services.references.create_collection(Collection(name="empty"))
    allowed = await decided_on(services, pictures, "known", Decision.ALLOWED)
    accused = await decided_on(services, pictures, "empty", Decision.VIOLATION)
    lines = []
    for name in ASKED:
        posts = [jpeg(EDITS[name](picture)) for picture in pictures]
        excused = [await treated(services, allowed, post, "known") for post in posts]
        caught = [await treated(services, accused, post, "empty") for post in posts]
        quiet = sum(after.verdict.outcome is Outcome.CLEAN for _, after in excused)
        missed = sum(before.verdict.outcome is Outcome.CLEAN for before, _ in excused)
        again = sum(after.verdict.outcome is Outcome.MATCH for _, after in caught)
        seen = sum(after.verdict.outcome in (Outcome.MATCH, Outcome.REVIEW) for _, after in caught)
        total = len(posts)
        beside = f"{missed} are not found as copies anyway"
        lines.append(Line(f"allowed, {name}: no card", f"{quiet} of {total}", beside, quiet / total, 0.95, True))
        beside = f"{again} a match, the others for a moderator"
        lines.append(Line(f"violation, {name}: found", f"{seen} of {total}", beside, seen / total, 0.95, True))
    return lines


async def of_look_alikes(services: Services, kind: str, number: int, bases: Sequence[Image.Image]) -> list[Line]:
    """How many look-alikes of decided images are treated as if they were those.

    Each meets the decision on its own pair alone: the photographs are used in turn, and others may show the same one.
    """
    excused, caught = [], []
    for pair_number, pair in enumerate(make(kind, bases, number)):
        own = f"{kind}-{pair_number}"
        await fill(services, own, [pair.reference])
        allowed = await decided_on(services, [pair.reference], own, Decision.ALLOWED)
        accused = await decided_on(services, [pair.reference], "empty", Decision.VIOLATION)
        excused.append(await treated(services, allowed, jpeg(pair.query), own))
        caught.append(await treated(services, accused, jpeg(pair.query), "empty"))
    as_reference = sum(before.verdict.outcome is Outcome.MATCH for before, _ in excused)
    shown = [after for before, after in excused if before.verdict.outcome is not Outcome.CLEAN]
    wrong = sum(after.verdict.outcome is Outcome.CLEAN for after in shown)
    matched = [after for _, after in caught if after.verdict.outcome is Outcome.MATCH]
    removed = sum(is_settled(after.verdict) for after in matched)
    share = f"{as_reference} a match of the reference itself"
    return [
        Line(f"allowed, {kind}: excused", f"{wrong} of {number}", f"{len(shown)} have a card", wrong / number, 0.01),
        Line(f"violation, {kind}: a match", f"{len(matched)} of {number}", share, len(matched) / number, None),
        Line(f"violation, {kind}: removed", f"{removed} of {number}", "", removed / number, 0.01),
    ]


async def measured(pictures: Sequence[Image.Image], pairs: int) -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as folder:
        async with opened(load(home=Path(folder)), making=True) as services:
            lines = await of_edits(services, pictures)
            for kind in HARD_NEGATIVES:
                lines += await of_look_alikes(services, kind, pairs, pictures)
            return lines


def pictures_of(folder: Path | None, number: int) -> list[Image.Image]:
    """So many pictures of a folder, else parts of scikit-image's photographs."""
    if folder is None:
        return [picture for _, picture in islice(tiles(FAMILIAR + STRANGE + MORE_STRANGE), number)]
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("*.jpg"))[:number]]


def main(folder: Path | None = None, number: int = 60, pairs: int = 60) -> None:
    """Measure, print."""
    lines = asyncio.run(measured(pictures_of(folder, number), pairs))
    show(f"Decisions on images ({number} decided, {pairs} pairs of look-alikes of a kind)", lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.bench_decided", description=__doc__.split("\n")[0])
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="JPEG files instead")
    parser.add_argument("--count", type=int, default=60, help="decided images")
    parser.add_argument("--pairs", type=int, default=60, help="look-alikes of each kind")
    asked = parser.parse_args()
    main(asked.pictures, asked.count, asked.pairs)
