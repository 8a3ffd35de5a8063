"""What the matching benchmark asks: references, and the queries made from them and from strangers.

    own_pictures   the demo's drawings and tiles of scikit-image's photographs; strangers from other photographs
    of_folder      half of a folder's photographs as references, the other half as strangers
    copies         references under the edits of `lab.edits.suite.SUITE`; those of the issue's table on every reference
    strangers      pictures that are no reference, as they are and under edits
    passing        strangers without end, other ones than those of the fit
    look_alikes    pairs of `lab.hard_negatives`: one half a reference of its own collection, the other the query

Drawn scenes stand in the catalogue beside the references: more to mistake a picture for.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from PIL import Image

from bench.passers_by import passer_by
from bench.photos import FAMILIAR, MORE_STRANGE, STRANGE, tiles
from core.types import Kind
from lab import suite
from lab.drawings.demo import demo_set, jpeg
from lab.drawings.demo import strangers as drawn_strangers
from lab.drawings.scenes import Camera, Light, scene, shot
from lab.edits.suite import SUITE
from lab.hard_negatives import HARD_NEGATIVES, Pair, make
from lab.trial import UNEDITED

type Draw = Callable[[], Image.Image]
"""Draws or reads a picture when it is needed: all at once would fill the memory."""

type Pictures = Mapping[str, Draw]

MOST = 250
REFERENCES, LOOK_ALIKES = "references", "look-alikes"
AUGLY, HARDEST = "augly_like", "hard_chain_4"

SAME: Mapping[str, tuple[str, ...]] = {
    "caption bar": ("caption_above", "caption_both"),
    "chat screenshot": ("chat_light", "chat_dark"),
    "phone screenshot": ("social_post", "gallery"),
    "story": ("story",),
    "collage": ("collage_2", "collage_4", "collage_mixed"),
    "pasted in, 50 % wide": ("paste_50",),
    "mirrored": ("mirror",),
    "rotated by 90 degrees": ("rotate_90",),
    "inverted": ("invert",),
    "cropped to 50 %": ("crop_50",),
}
"""The edits of the issue's table that 98 % must survive, by what it calls them."""

HARDER: Mapping[str, tuple[str, ...]] = {
    "pasted in, 30 % wide": ("paste_30",),
    "four hard edits chained": (HARDEST,),
}
TOLD = tuple(name for names in (*SAME.values(), *HARDER.values()) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is asked: references a told and another edit, seeds of chains, edits a stranger, pairs a kind."""

    told: int
    others: int
    chains: int
    stranger_edits: int
    pairs: int
    scenes: int
    passing: int = 0


FULL = Size(told=60, others=8, chains=3, stranger_edits=9, pairs=40, scenes=60, passing=2520)
QUICK = Size(told=6, others=1, chains=3, stranger_edits=1, pairs=8, scenes=12, passing=60)
FIRST_PASSING = 100_000
"""Numbers of `bench.passers_by` that the fit of the tail never comes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One picture to search. `right` is the key of the reference it shows; None = a stranger.

    For a look-alike `like` is the key of the reference that it must not be called a copy of.
    """

    picture: str
    edit: str
    draw: Callable[[], bytes]
    right: str | None = None
    like: str | None = None
    collection: str = REFERENCES

    @property
    def role(self) -> str:
        """ "copy", "stranger", or "look-alike"."""
        return "copy" if self.right else "look-alike" if self.like else "stranger"


def own_pictures() -> tuple[Pictures, Pictures]:
    """References and strangers that need no folder; no photograph gives to both."""
    known: dict[str, Draw] = {one.key: cache(one.draw) for one in demo_set()}
    others: dict[str, Draw] = {one.key: cache(one.draw) for one in drawn_strangers()}
    return known | _tiles(FAMILIAR), others | _tiles((*STRANGE, *MORE_STRANGE))


def _tiles(names: tuple[str, ...]) -> dict[str, Draw]:
    return {name: partial(Image.Image.copy, tile) for name, tile in tiles(names)}


def of_folder(folder: Path) -> tuple[Pictures, Pictures]:
    """Half of a folder's images as references, the other half as strangers; at most `MOST` are taken."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    random.Random(1).shuffle(paths)
    return _files(paths[:MOST:2]), _files(paths[1:MOST:2])


def _files(paths: Sequence[Path]) -> Pictures:
    return {path.stem: partial(_read, path) for path in paths}


def _read(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def scenes(count: int) -> Pictures:
    """So many drawn places, each once."""
    return {f"scene-{number}": partial(_scene, number) for number in range(count)}


def _scene(number: int) -> Image.Image:
    dice = random.Random(f"bench/{number}")
    return shot(scene(dice), Camera(), Light(seed=number))


def copies(known: Pictures, size: Size, edits: Sequence[str] = tuple(SUITE)) -> Iterator[Query]:
    """Told edits and chains on `size.told` references, every other edit on `size.others`, not always the same."""
    keys = sorted(known, key=lambda key: random.Random(key).random())
    for place, edit in enumerate(edits):
        count = size.told if edit in (*TOLD, AUGLY) else size.others
        start = place * size.others if count < len(keys) else 0
        chosen = [keys[(start + number) % len(keys)] for number in range(min(count, len(keys)))]
        for seed in range(size.chains if edit == AUGLY else 1):
            for key in chosen:
                yield Query(picture=key, edit=edit, draw=partial(edited, known[key], edit, key, seed), right=key)


def strangers(others: Pictures, size: Size) -> Iterator[Query]:
    """Every stranger as it is and under a few edits, other ones each time."""
    for place, (key, draw) in enumerate(others.items()):
        yield Query(picture=key, edit=UNEDITED, draw=partial(_file, draw))
        for number in range(size.stranger_edits):
            edit = list(SUITE)[(place * 31 + number * 11) % len(SUITE)]
            yield Query(picture=key, edit=edit, draw=partial(edited, draw, edit, key, 0))


def passing(count: int) -> Iterator[Query]:
    """So many passers-by."""
    for number in range(FIRST_PASSING, FIRST_PASSING + count):
        yield Query(picture=f"passer-by-{number}", edit="passing", draw=partial(_file, partial(passer_by, number)))


def edited(draw: Draw, edit: str, key: str, seed: int) -> bytes:
    """The file of a picture under an edit of the suite."""
    return jpeg(suite.apply(edit, draw(), key, seed))


def _file(draw: Draw) -> bytes:
    return jpeg(draw())


def look_alikes(known: Pictures, count: int) -> Iterator[tuple[str, Pair]]:
    """So many pairs of each kind, made of the references' pictures, each with the key of its reference."""
    keys = sorted(known, key=lambda key: random.Random(key).random())[:count]
    bases = [known[key]() for key in keys]
    for kind in HARD_NEGATIVES:
        for number, pair in enumerate(make(kind, bases, count)):
            yield f"{kind}-{number}", pair


def look_alike(key: str, pair: Pair) -> Query:
    """The query of such a pair."""
    draw = partial(jpeg, pair.query)
    return Query(picture=key, edit=pair.kind, draw=draw, like=key, collection=LOOK_ALIKES)


def is_wrong_for(query: Query, kind: Kind) -> bool:
    """Whether a pair of this kind, surely said, is a false alarm: a shared template may be called contained."""
    wrong = {Kind.EXACT, Kind.EDITED, Kind.CONTAINED}
    return kind in (wrong - {Kind.CONTAINED} if query.edit == "same_template" else wrong)
