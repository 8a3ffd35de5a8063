"""What the benchmark of look-alikes asks: pairs of pictures, by the group they are told in, and queries made of them.

    SEEN, UNSEEN   families of `lab.families.suite`: the query of a pair as it is and under edits, and true copies of
                   the reference under the hard ones
    APART          pairs that share a fragment, a meme, an app or a place: the query as it is

Of the edits each pair meets some, other ones for the next pair: so many that a run takes the time it may.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from random import Random

from PIL import Image

from lab.drawings.demo import demo_set, jpeg
from lab.families import suite
from lab.families.fragments import FRAGMENTS
from lab.families.kit import photograph
from lab.hard_negatives import HARD_NEGATIVES, make
from lab.trial import UNEDITED

SEEN, UNSEEN, APART = "seen", "unseen", "apart"
MEMES, APPS, SCENES = "same_template", "same_ui", "near_scene"
PIECES = 26
"""Of photographs, in the memes and apps beside the drawings of the demo."""


type Both = tuple[Image.Image, Image.Image]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is asked: pairs of each family, edits and copies a pair, pairs of each kind apart."""

    seen: int
    unseen: int
    edits: int
    copies: int
    fragments: int
    memes: int
    scenes: int


EVERYTHING = Size(seen=12, unseen=30, edits=5, copies=7, fragments=67, memes=100, scenes=82)
FULL = Size(seen=12, unseen=30, edits=2, copies=2, fragments=67, memes=100, scenes=82)
SOME = Size(seen=2, unseen=10, edits=2, copies=2, fragments=20, memes=30, scenes=40)
QUICK = Size(seen=1, unseen=1, edits=1, copies=1, fragments=2, memes=2, scenes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One picture to search: of the pair of that number of a family, under that edit, a true copy or a look-alike."""

    group: str
    family: str
    number: int
    edit: str
    is_copy: bool

    @property
    def pair(self) -> str:
        """The key of its reference."""
        return f"{self.family}-{self.number}"

    def draw(self) -> bytes:
        """The file that is posted."""
        return jpeg(posted(self))


def pairs(size: Size, names: Sequence[str] = ()) -> dict[str, int]:
    """How many pairs of each family are asked; of these families only, if any are named."""
    counts = dict.fromkeys(suite.SEEN, size.seen) | dict.fromkeys(suite.UNSEEN, size.unseen)
    counts |= dict.fromkeys(FRAGMENTS, size.fragments) | {MEMES: size.memes, APPS: size.memes, SCENES: size.scenes}
    return {name: count for name, count in counts.items() if not names or name in names}


def group_of(family: str) -> str:
    """The group in which a family is told."""
    return SEEN if family in suite.SEEN else UNSEEN if family in suite.UNSEEN else APART


def questions(size: Size, family: str, count: int) -> Iterator[Question]:
    """All questions about so many pairs of a family, pair by pair."""
    group = group_of(family)
    for number in range(count):
        dice, ask = Random(f"{family}/{number}"), partial(Question, group=group, family=family, number=number)
        yield ask(edit=UNEDITED, is_copy=False)
        if group != APART:
            yield from (ask(edit=edit, is_copy=False) for edit in _some(suite.EDITS, size.edits, dice))
            yield from (ask(edit=edit, is_copy=True) for edit in _some(suite.HARD, size.copies, dice))


def _some(edits: Sequence[str], count: int, dice: Random) -> list[str]:
    """So many of them, in their order."""
    chosen = dice.sample(edits, min(count, len(edits)))
    return [edit for edit in edits if edit in chosen]


def reference_of(family: str, number: int) -> bytes:
    """The file of the reference of a pair."""
    return jpeg(_pair(family, number)[0], 92)


def posted(question: Question) -> Image.Image:
    """The picture of a question."""
    if question.group == APART:
        return _pair(question.family, question.number)[1]
    made = suite.positives if question.is_copy else suite.negatives
    return next(image for _, image in made(suite.family_of(question.family), question.number, edits=(question.edit,)))


def _pair(family: str, number: int) -> Both:
    if family in HARD_NEGATIVES:
        return _hard_negative(family, number)
    twins = suite.twins(FRAGMENTS[family] if family in FRAGMENTS else suite.family_of(family), number)
    return twins.reference, twins.query


@lru_cache(maxsize=16)
def _hard_negative(kind: str, number: int) -> Both:
    """A pair of `lab.hard_negatives`, each of another picture."""
    pool = _pool()
    turn = number % len(pool)
    (pair,) = make(kind, [*pool[turn:], *pool[:turn]], 1, number)
    return pair.reference, pair.query


@cache
def _pool() -> list[Image.Image]:
    """The pictures that memes and apps show: the demo's drawings, and pieces of photographs without people."""
    pieces = [photograph(Random(f"meme/{number}"), 800, 600) for number in range(PIECES)]
    return [*(one.draw() for one in demo_set()), *pieces]
