"""What the words in the regions of a pair say, where that is something else in the query and in the reference.

regions --embed.pairs.lines--> a line of both --reader--> two readings --core.reading_words--> Difference
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakSet

from core.errors import EnvironmentTrouble
from core.kept_words import Word, said_in
from core.matches import Difference
from core.model_ports import WordReader
from core.reading import Region
from core.reading_words import READ, Line, bare, other_words
from core.types import Box, How, Pixels, What
from embed.pairs.ink import Ink, ink_of
from embed.pairs.lines import LineCut, Lines, TextLine, are_one_line
from embed.pairs.overlay import Overlay

MOST_REGIONS, MOST_WAYS = 3, 3
BUDGET_S = 0.2
"""CPU seconds of a pair: about six lines of both pictures."""

log = logging.getLogger(__name__)
_TOLD: WeakSet[WordReader] = WeakSet()
"""Readers that were found not to work; a process has one."""

STROKES = (0.12, 0.3)
"""Shares of a region where both have thin strokes: from which it may be words, and is likely to be."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Other words, in the order of the regions; `partial` where the time ran out before everything was read."""

    differs: tuple[Difference, ...] = ()
    partial: bool = False


def complain(reader: WordReader, error: EnvironmentTrouble) -> None:
    """Log that the reader does not work: for the operator once, and then, being the same, in detail only."""
    log.log(logging.DEBUG if reader in _TOLD else logging.WARNING, "%s", error)
    _TOLD.add(reader)


def wordy_first(regions: Sequence[Region]) -> list[Box]:
    """Return the boxes in the order in which they are worth reading: first what has strokes in both, the largest."""
    strokes = (min(region.strokes_ours, region.strokes_theirs) for region in regions)
    likely = [sum(share > least for least in STROKES) for share in strokes]
    order = sorted(zip(likely, regions, strict=True), key=lambda ranked: (-ranked[0], -ranked[1].cells))
    return [region.box for _, region in order]


def words_of(
    reader: WordReader,
    query: Pixels,
    reference: Pixels,
    pair: Overlay,
    regions: Sequence[Box],
    budget_s: float = BUDGET_S,
    known: Sequence[Word] = (),
) -> Spoken:
    """Read the lines of the regions (shares of the reference, the most important first) in both RGB pictures.

    `known` was read of the reference before: only what it doesn't tell is read there. `pair` is their overlay; the
    query is given in the colours in which it was laid: inverted where the copy is.
    """
    reader.load()
    started, differences, lines = time.thread_time(), list[Difference](), Lines(query, reference, pair)
    for ways in _each(lines, regions):
        for cut in map(lines.cut, ways[:MOST_WAYS]):
            if time.thread_time() - started >= budget_s:
                return Spoken(tuple(differences), partial=True)
            ink = ink_of(pair, cut.box)
            both = _read(reader, cut, known) if ink.is_one_hand else None
            if both:
                differences += _other(*both, cut.box, ink)
                break
    return Spoken(tuple(differences))


def _each(lines: Lines, regions: Sequence[Box]) -> Iterator[list[TextLine]]:
    """Yield the lines of the first regions; what two regions share is read once."""
    seen = list[TextLine]()
    for region in regions[:MOST_REGIONS]:
        for ways in lines.of(region):
            if not any(are_one_line(ways[0], line) for line in seen):
                seen.append(ways[0])
                yield ways


def _read(reader: WordReader, cut: LineCut, known: Sequence[Word]) -> tuple[Line, Line] | None:
    """Return what reference and query say; the reference is read first, since without it the query tells nothing."""
    before = said_in(known, cut.box)
    if before is None or before.score < READ:
        (before,) = reader.read([cut.theirs])
    if before.score < READ or not bare(before.text):
        return None
    (after,) = reader.read([cut.ours])
    return None if after.score < READ else (before, after)


def _other(before: Line, after: Line, box: Box, ink: Ink) -> list[Difference]:
    """Return the difference of two readings if the words were exchanged, not written over each other.

    One changed figure leaves the others of its line where they were; of other words something is gone.
    """
    changed = other_words(before, after)
    if changed is None or not (ink.is_gone or any(map(str.isdecimal, changed[0] + changed[1]))):
        return []
    area = (box[2] - box[0]) * (box[3] - box[1])
    return [Difference(what=What.WORDS, how=How.EXCHANGED, area=area, box=box, before=changed[0], after=changed[1])]
