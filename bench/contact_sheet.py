"""Every edit of the suite as evidence: `python -m bench.contact_sheet [FILE]`, else docs/images/evidence-edits.jpg.

    drawing --edit--> query --real search--> where the drawing lies --side_by_side--> posted | known | what differs

Each picture is what a moderator would see; the word beneath says what Resight calls the pair, and how surely.
"""

import asyncio
import io
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot.app import opened
from bot.services import Services
from bot.settings import load
from core.matches import Finding, Match
from core.types import Quad
from embed.decode.picture import decode
from embed.pairs.evidence import side_by_side
from handlers import references
from handlers.references import Entry
from handlers.search import search
from lab import suite
from lab.drawings.demo import demo_set, jpeg
from lab.edits.kit import Canvas
from lab.edits.suite import SUITE

FILE = Path(__file__).parent.parent / "docs" / "images" / "evidence-edits.jpg"
DRAWINGS = ("five-koi", "river-city", "tin-duke", "quillbird", "six-ridges", "gardener", "tealorne", "pedalune")
ACROSS, WIDE, HIGH, WORDS, GAP = 4, 340, 108, 20, 10
"""Pictures in a row; a picture, the line of words beneath and the gap around, in pixels."""

GROUND, INK, FAINT = "#f4f5f7", "#14171c", "#5b6270"
MOST_BYTES = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One edit, what became of it, and its evidence picture."""

    edit: str
    said: str
    picture: Image.Image


async def cells() -> list[Cell]:
    """Every edit of the suite, the drawings in turn."""
    drawn = {one.key: one.draw() for one in demo_set() if one.key in DRAWINGS}
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as folder:
        async with opened(load(home=Path(folder)), making=True) as services:
            for key in DRAWINGS:
                await references.add(services, Entry(key=key), jpeg(drawn[key]))
            turns = {edit: DRAWINGS[number % len(DRAWINGS)] for number, edit in enumerate(SUITE)}
            return [await _cell(services, edit, key, drawn) for edit, key in turns.items()]


async def _cell(services: Services, edit: str, key: str, drawn: Mapping[str, Image.Image]) -> Cell:
    data = jpeg(suite.apply(edit, drawn[key], key))
    match = _found(await search(services, data), key)
    said = f"{match.kind.value} {match.confidence:.2f}" if match else "not found"
    return Cell(edit=edit, said=said, picture=evidence(data, jpeg(drawn[key]), match.quad if match else None))


def _found(finding: Finding, key: str) -> Match | None:
    shown = (one for one in finding.verdict.matches if one.reference.key == key)
    return next(shown, None)


def evidence(posted: bytes, known: bytes, quad: Quad | None) -> Image.Image:
    """The evidence picture of two files, made small enough for a cell."""
    sheet = Image.fromarray(side_by_side(decode(posted).frames[0], decode(known).frames[0], quad))
    sheet.thumbnail((WIDE, HIGH), Image.Resampling.LANCZOS)
    return sheet


def sheet_of(some: Sequence[Cell]) -> Image.Image:
    """All cells on one page."""
    rows = -(-len(some) // ACROSS)
    size = (ACROSS * (WIDE + GAP) + GAP, rows * (HIGH + WORDS + GAP) + GAP)
    page = Canvas.plain(size, GROUND)
    for number, cell in enumerate(some):
        left = GAP + number % ACROSS * (WIDE + GAP)
        top = GAP + number // ACROSS * (HIGH + WORDS + GAP)
        page.image.paste(cell.picture, (left, top + (HIGH - cell.picture.height) // 2))
        page.text(left, top + HIGH + WORDS / 2, cell.edit, 13, INK, "lm", 0.3)
        page.text(left + WIDE, top + HIGH + WORDS / 2, cell.said, 12, FAINT, "rm", 0)
    return page.image


def small(page: Image.Image) -> bytes:
    """As a JPEG of at most `MOST_BYTES`, as good as that allows."""
    for quality in range(80, 20, -5):
        buffer = io.BytesIO()
        page.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= MOST_BYTES:
            break
    return buffer.getvalue()


def main(target: Path = FILE) -> None:
    """Search, draw, write."""
    target.write_bytes(small(sheet_of(asyncio.run(cells()))))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
