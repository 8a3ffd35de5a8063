"""How many copies are found, per edit, and how many strangers are accused: `python -m bench.bench_matching [FOLDER]`.

References are the demo's drawings and mosaics of scikit-image's photographs, or every second image of FOLDER;
strangers are drawings and photographs of another set, or the other half of FOLDER.
"""

import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PIL import Image

from bench.photos import STRANGE, jpeg, mosaics
from bot.app import opened
from bot.settings import load
from core.types import Finding, Outcome
from handlers import references
from handlers.references import Entry
from handlers.search import search
from handlers.services import Services
from lab.drawings import demo_set, strangers
from lab.edits import EDITS

type Draw = Callable[[], Image.Image]
"""Draws or reads a picture when it is needed: all at once would fill the memory."""
MOSAICS = 40
MOST = 120


def own_pictures() -> tuple[dict[str, Draw], dict[str, Draw]]:
    """References and strangers that need no folder."""
    known: dict[str, Draw] = {image.key: image.draw for image in demo_set()}
    known |= {f"mosaic-{number}": partial(Image.Image.copy, one) for number, one in enumerate(mosaics(MOSAICS, 3))}
    others: dict[str, Draw] = {image.key: image.draw for image in strangers()}
    strange = mosaics(MOSAICS, 4, STRANGE)
    others |= {f"other-{number}": partial(Image.Image.copy, one) for number, one in enumerate(strange)}
    return known, others


def folder_pictures(folder: Path) -> tuple[dict[str, Draw], dict[str, Draw]]:
    """Half of a folder's images as references, the other half as strangers."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    random.Random(1).shuffle(paths)

    def draws(some: list[Path]) -> dict[str, Draw]:
        return {path.stem: partial(_read, path) for path in some[:MOST]}

    return draws(paths[::2]), draws(paths[1::2])


def _read(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


async def measure(known: dict[str, Draw], others: dict[str, Draw]) -> None:
    """Add the references, search every edit of each and every stranger, print the table."""
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as folder:
        async with opened(load(home=Path(folder))) as services:
            await add(services, known)
            print("| edit | searched | best match right | called `match` | called `review` | kinds |")
            print("|---|---|---|---|---|---|")
            for name, edit in EDITS.items():
                answers = {key: await ask(services, edit(draw())) for key, draw in known.items()}
                print(_line(name, answers, {key: key for key in known}))
            print(_line("strangers", {key: await ask(services, draw()) for key, draw in others.items()}, {}))


async def add(services: Services, known: dict[str, Draw]) -> None:
    """Put the pictures into the catalogue."""
    prepared = [await references.prepare(services, Entry(key=key), jpeg(draw())) for key, draw in known.items()]
    await references.store(services, prepared)


async def ask(services: Services, picture: Image.Image) -> Finding:
    """One search."""
    return await search(services, jpeg(picture))


def _line(name: str, answers: dict[str, Finding], truth: dict[str, str]) -> str:
    outcomes = Counter(finding.verdict.outcome for finding in answers.values())
    right = sum(_is_right(finding, truth.get(key)) for key, finding in answers.items())
    kinds = Counter(finding.verdict.best.kind.value for finding in answers.values() if finding.verdict.best)
    shares = [f"{100 * number / len(answers):.1f} %" for number in (right, *_counts(outcomes))]
    told = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
    return f"| {name} | {len(answers)} | {' | '.join(shares)} | {told} |"


def _is_right(finding: Finding, key: str | None) -> bool:
    best = finding.verdict.best
    return (best.reference.key if best else None) == key


def _counts(outcomes: Counter[Outcome]) -> Iterator[int]:
    yield outcomes[Outcome.MATCH]
    yield outcomes[Outcome.REVIEW]


def main(folder: str | None) -> None:
    """Run it and print."""
    known, others = folder_pictures(Path(folder)) if folder else own_pictures()
    print(f"\n## Matching: {len(known)} references, {len(others)} strangers\n")
    asyncio.run(measure(known, others))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
