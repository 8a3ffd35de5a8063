"""Pictures for measuring the search for logos: with one of 300 drawn logos, with a logo nobody knows, with none.

    Known(index, seeds)    300 logos of the lab
    with_logos(...)        each style and area: the picture, the seed, where the logo lies
    without_logos(...)     photographs and their crops, drawings, screenshots of made-up apps

Two halves, "dev" and "test", have no logo and no photograph in common. Every picture passes through a JPEG.
"""

import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from PIL import Image

from bench.photos import FAMILIAR, STRANGE, jpeg, mosaics
from core.types import Pixels
from embed.decode.picture import decode
from embed.logos.art import art_of
from embed.logos.search import LogoIndex
from lab.drawings.demo import demo_set, strangers
from lab.edits import phones as edits_phones
from lab.edits import screens as edits_screens
from lab.edits.kit import Company, Dice, Drawn
from lab.logos import AREA_SHARES, STYLES, logo, place

HALVES = ("dev", "test")
LOGOS, UNKNOWN = 300, 5000
LONGEST, CROPS = 960, 2
SCREENS: tuple[Callable[..., Image.Image], ...] = (
    edits_screens.web_page,
    edits_screens.desktop,
    edits_screens.video_player,
    edits_phones.chat_light,
    edits_phones.chat_dark,
    edits_phones.social_post,
    edits_phones.story,
    edits_phones.gallery,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture, what kind it is ("flat", "screen", ...), and if it shows a known logo which, how large and where."""

    pixels: Pixels
    kind: str
    share: float = 0.0
    seed: int = -1
    quad: Any = None


def index(half: str) -> LogoIndex:
    """The 300 logos of a half; the references' ids are their seeds."""
    kept = []
    for seed in range(first_seed(half), first_seed(half) + LOGOS):
        part, data = art_of(decode(png(logo(seed))).frames)
        if data:
            kept.append(((UUID(int=seed), part), data))
    return LogoIndex.of(kept)


def first_seed(half: str) -> int:
    """The seeds of the two halves follow each other."""
    return HALVES.index(half) * LOGOS


def png(image: Image.Image) -> bytes:
    """The picture as a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def photographs(folder: Path | None, half: str) -> tuple[list[Image.Image], list[Image.Image]]:
    """Pictures to put logos on, and others to put none on: every second one of a folder, or mosaics and drawings."""
    if folder is None:
        some = list(mosaics(40, 11 + HALVES.index(half), FAMILIAR if half == "dev" else STRANGE))
        return some[:20], some[20:]
    paths = sorted(folder.glob("*.jpg"))[HALVES.index(half) :: 2]
    random.Random(5).shuffle(paths)
    some = [_read(path) for path in paths]
    return some[: len(some) // 2], some[len(some) // 2 :]


def _read(path: Path) -> Image.Image:
    with Image.open(path) as image:
        found = image.convert("RGB")
    found.thumbnail((LONGEST, LONGEST))
    return found


def with_logos(photos: Sequence[Image.Image], half: str, each: int, seeds: int = LOGOS) -> Iterator[Shown]:
    """`each` pictures of every style and area, with logos of the half."""
    rolled = random.Random(half)
    for style in STYLES:
        for share in AREA_SHARES:
            for number in range(each):
                seed, photo = first_seed(half) + rolled.randrange(seeds), rolled.choice(photos)
                dice = Dice(f"{half}/{style}/{share}/{number}", Company(Drawn(), photo))
                made = place(logo(seed), photo, share, style, dice)
                pixels = decoded(made.image, rolled.choice((70, 85, 92)))
                yield Shown(pixels=pixels, kind=style, share=share, seed=seed, quad=np.array(made.quad))


def unknown_logos(photos: Sequence[Image.Image], half: str, count: int) -> Iterator[Shown]:
    """Pictures with logos that are not in the index."""
    rolled = random.Random(f"{half}/unknown")
    for number in range(count):
        photo = rolled.choice(photos)
        dice = Dice(f"{half}/unknown/{number}", Company(Drawn(), photo))
        made = place(logo(UNKNOWN + number), photo, rolled.choice(AREA_SHARES[:3]), rolled.choice(list(STYLES)), dice)
        yield Shown(pixels=decoded(made.image), kind="unknown logo")


def without_logos(photos: Sequence[Image.Image], half: str, screens: int) -> Iterator[Shown]:
    """Each photograph, two crops of it, the drawings, and screenshots."""
    rolled = random.Random(f"{half}/none")
    for photo in photos:
        yield Shown(pixels=decoded(photo), kind="photograph")
        for _ in range(CROPS):
            share = rolled.uniform(0.4, 0.8)
            wide, high = int(photo.width * share), int(photo.height * share)
            left, top = rolled.randrange(photo.width - wide), rolled.randrange(photo.height - high)
            yield Shown(pixels=decoded(photo.crop((left, top, left + wide, top + high))), kind="photograph")
    for one in strangers() if half == "dev" else demo_set():
        yield Shown(pixels=decoded(one.draw()), kind="drawing")
    for number in range(screens):
        photo, screen = rolled.choice(photos), rolled.choice(SCREENS)
        made = screen(photo, Dice(f"{half}/screen/{number}", Company(Drawn(), photo)))
        yield Shown(pixels=decoded(made), kind="screenshot")


def decoded(image: Image.Image, quality: int = 85) -> Pixels:
    """What the search sees of the picture once it was posted as a JPEG."""
    small = image.convert("RGB")
    small.thumbnail((LONGEST, LONGEST))
    return decode(jpeg(small, quality)).frames[0]
