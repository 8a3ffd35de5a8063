"""What the words in the regions of a pair say, where that is something else in the query and in the reference.

regions --embed.pairs.lines--> a line of both --reader--> two readings --core.reading_words--> Difference
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from core.matches import Difference
from core.model_ports import WordReader
from core.reading_words import READ, other_words
from core.types import Box, How, Pixels, What
from embed.pairs.lines import Cut, cuts
from embed.pairs.overlay import Overlay

BUDGET_S = 0.2
"""CPU seconds of a pair: about six lines of both pictures."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Other words, in the order of the regions; `partial` where the time ran out before everything was read."""

    differs: tuple[Difference, ...] = ()
    partial: bool = False


def words_of(
    reader: WordReader,
    query: Pixels,
    reference: Pixels,
    pair: Overlay,
    regions: Sequence[Box],
    budget_s: float = BUDGET_S,
) -> Spoken:
    """Read the lines of the regions (shares of the reference, the most important first) in both RGB pictures."""
    reader.load()
    started, found = time.thread_time(), list[Difference]()
    for one in cuts(query, reference, pair, regions):
        if time.thread_time() - started >= budget_s:
            return Spoken(tuple(found), partial=True)
        found += _other(reader, one)
    return Spoken(tuple(found))


def _other(reader: WordReader, one: Cut) -> list[Difference]:
    """The reference is read first: where it says nothing, the query need not be read."""
    (before,) = reader.read([one.theirs])
    if before.score < READ:
        return []
    (after,) = reader.read([one.ours])
    said = other_words(before, after)
    if said is None:
        return []
    left, top, right, bottom = one.box
    area = (right - left) * (bottom - top)
    return [Difference(what=What.WORDS, how=How.EXCHANGED, area=area, box=one.box, before=said[0], after=said[1])]
