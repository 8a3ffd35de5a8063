"""Contact sheets of look-alikes in docs/images/families: `python -m bench.family_sheets [--errors FILE]`.

    twins of number 0 of each family --> reference | query | what differs, several families a sheet
    answers of a run (`bench.bench_families --report DIR` wrote FILE) --> the worst errors of each sort, redrawn

The third panel is that of the evidence picture: gray, and orange where the two are taken not to be the same. In the
query of a family, boxes show where the drawings really differ.
"""

import argparse
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from bench.contact_sheet import FAINT, GROUND, INK, small
from bench.families_figures import is_called_copy
from bench.families_json import read_answers
from bench.families_pictures import APART, posted, reference_of
from bench.families_run import Answer
from core.types import Outcome, Quad
from embed.pairs.evidence import what_differs
from lab.drawings.demo import jpeg
from lab.edits.kit import Canvas
from lab.families import suite
from lab.families.kit import Family, typeface

FOLDER = Path(__file__).parent.parent / "docs" / "images" / "families"
ROWS, ACROSS = 4, 2
"""Of the cells of a sheet."""

WIDE, HIGH, GAP, WORDS = 300, 230, 8, 38
"""A panel's room, the gap between panels, and the two lines of words above, in pixels."""

CELL = 3 * (WIDE + GAP) + GAP
ERRORS = 10
NEAR, BOX = 25, "#d6249f"
WHOLE: Quad = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
"""Where the reference lies in a query of the same frame and size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One pair with its title, its caption and its pictures; `shown` is the query as the sheet shows it."""

    name: str
    says: str
    reference: Image.Image
    query: Image.Image
    shown: Image.Image
    quad: Quad | None

    @property
    def panels(self) -> list[Image.Image]:
        """Reference, query, and what differs, if the two could be aligned."""
        part = what_differs(np.asarray(self.query), np.asarray(self.reference), self.quad) if self.quad else None
        return [self.reference, self.shown, *([] if part is None else [Image.fromarray(part)])]


def of_family(family: Family) -> Cell:
    """The twins of number 0."""
    both = suite.twins(family, 0)
    says, shown = f"{both.differs.value}: {both.says}", boxed(both.reference, both.query)
    return Cell(name=family.name, says=says, reference=both.reference, query=both.query, shown=shown, quad=WHOLE)


def boxed(reference: Image.Image, query: Image.Image) -> Image.Image:
    """The query with a box around each part that is not as in the reference, parts that are near each other in one."""
    apart = np.abs(np.asarray(reference, np.int16) - np.asarray(query, np.int16)).max(axis=2) > suite.STRONG
    near = cv2.dilate(apart.astype(np.uint8), np.ones((NEAR, NEAR), np.uint8))
    made, line = query.copy(), max(1, round(max(query.width / WIDE, query.height / HIGH) * 1.5))
    pen = ImageDraw.Draw(made)
    for x, y, wide, high, _ in cv2.connectedComponentsWithStats(near)[2][1:].tolist():
        pen.rectangle((x, y, x + wide - 1, y + high - 1), outline=BOX, width=line)
    return made


def of_answer(answer: Answer) -> Cell:
    """A pair as it was asked, drawn again."""
    one = answer.question
    with Image.open(io.BytesIO(reference_of(one.family, one.number))) as stored:
        reference = stored.convert("RGB")
    with Image.open(io.BytesIO(jpeg(posted(one)))) as sent:
        query = sent.convert("RGB")
    kind = answer.kind.value if answer.kind else "no pair"
    says = (
        f"{'true copy' if one.is_copy else 'look-alike'} called {answer.called.value}, {kind} {answer.confidence:.4f}"
    )
    return Cell(
        name=f"{one.pair}, {one.edit}", says=says, reference=reference, query=query, shown=query, quad=answer.quad
    )


def sheet_of(cells: Sequence[Cell]) -> Image.Image:
    """All cells on one page."""
    rows = -(-len(cells) // ACROSS)
    page = Canvas.plain((ACROSS * CELL + GAP, rows * (HIGH + WORDS + GAP) + GAP), GROUND)
    for at, cell in enumerate(cells):
        _draw(page, cell, GAP + at % ACROSS * CELL, GAP + at // ACROSS * (HIGH + WORDS + GAP))
    return page.image


def _draw(page: Canvas, cell: Cell, left: int, top: int) -> None:
    page.text(left, top + 8, cell.name, 15, INK, "lm", 0.4)
    page.pen.text((left, top + 27), _cut(cell.says), FAINT, typeface("cjk", 13), anchor="lm")
    for at, panel in enumerate(cell.panels):
        shown = _fitted(panel)
        x, y = left + at * (WIDE + GAP) + (WIDE - shown.width) // 2, top + WORDS + (HIGH - shown.height) // 2
        page.place(shown, x, y)


def _cut(line: str) -> str:
    """The line as far as there is room."""
    face = typeface("cjk", 13)
    while face.getlength(line) > CELL - 2 * GAP:
        line = line.rstrip("…")[:-1] + "…"
    return line


def _fitted(image: Image.Image) -> Image.Image:
    share = min(WIDE / image.width, HIGH / image.height)
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def sorts(answers: Sequence[Answer]) -> Mapping[str, Sequence[Answer]]:
    """The errors of each sort, the worst first, one of a pair."""
    alike = [one for one in answers if not one.question.is_copy]
    framed = [one for one in alike if one.question.group != APART]
    return {
        "errors-match": _worst(framed, lambda one: one.called is Outcome.MATCH, surest=True),
        "errors-acted": _worst(framed, lambda one: one.could_act, surest=True),
        "errors-shared": _worst([one for one in alike if one not in framed], is_called_copy, surest=True),
        "errors-lost": _worst(answers, lambda one: one.question.is_copy and _is_lost(one), surest=False),
    }


def _is_lost(answer: Answer) -> bool:
    return answer.called is not Outcome.MATCH


def _worst(answers: Sequence[Answer], is_wrong: Callable[[Answer], bool], surest: bool) -> list[Answer]:
    """Ten errors, not two of one family while there are others."""
    ranked = sorted(filter(is_wrong, answers), key=lambda one: -one.confidence if surest else one.confidence)
    firsts = list({one.question.family: one for one in reversed(ranked)}.values())
    firsts.sort(key=ranked.index)
    return [*firsts, *(one for one in ranked if one not in firsts)][:ERRORS]


def sheets() -> Iterator[tuple[str, Sequence[Cell]]]:
    """The names and the cells of the families' sheets."""
    for group, families in (("seen", suite.SEEN), ("unseen", suite.UNSEEN)):
        chosen = [*families.values()]
        for start in range(0, len(chosen), ROWS * ACROSS):
            cells = [of_family(family) for family in chosen[start : start + ROWS * ACROSS]]
            yield f"{group}-{start // (ROWS * ACROSS) + 1}", cells


def main(errors: Path | None = None, folder: Path = FOLDER) -> None:
    """Draw and write; an error sheet that a run no longer fills is taken away."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, cells in sheets() if errors is None else ():
        (folder / f"{name}.jpg").write_bytes(small(sheet_of(cells)))
    for name, found in sorts(read_answers(errors)).items() if errors else ():
        path = folder / f"{name}.jpg"
        path.unlink(missing_ok=True)
        if found:
            path.write_bytes(small(sheet_of([of_answer(one) for one in found])))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.family_sheets", description=__doc__.split("\n")[0])
    parser.add_argument("--errors", type=Path, metavar="FILE", help="draw the worst errors of this run instead")
    main(parser.parse_args().errors)
