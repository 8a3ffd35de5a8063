"""How well words in exchanged regions are read: `python -m bench.bench_words`, a few minutes; needs the extra `ocr`.

    other words   drawings of one frame with other words in it, by kind, size and ground; families that a fit may see
    the same      the families' drawings as true copies under edits: "other words" would be a false accusation
    cost          CPU of a line, of finding lines, of a pair

Both sides go the product's way: the query at most 640 px, the reference a stored JPEG of at most 448 px.
"""

import argparse
import importlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from core.kept_words import pack, unpack
from core.matches import Difference
from core.reading_words import bare
from core.types import Pixels, Quad
from embed.decode.picture import decode_here
from embed.models.ocr import OcrReader
from embed.pairs.codes import codes
from embed.pairs.colours import gray_of
from embed.pairs.ink import ink_of
from embed.pairs.lines import Lines
from embed.pairs.overlay import overlay
from embed.pairs.pair_image import PairImage
from embed.pairs.regions import read
from embed.pairs.spoken import Spoken, words_of, wordy_first
from embed.pairs.verify import check
from embed.pictures import jpeg, pixels_of
from embed.runner import PAGE_S
from lab.edits.suite import apply
from lab.families.kit import Family, photograph, typeface

STORED = 448
MODULES = ("papers", "money", "screens", "games", "series", "creatures")
WORDLESS = frozenset(("chess_board", "sprites"))
WHOLE: Quad = ((0, 0), (1, 0), (1, 1), (0, 1))
SIZES = (9, 12, 16, 24, 48, 110)
FACES = ("sans", "bold", "serif", "times", "mono", "roman")
EDITS = (
    *(
        "recompress",
        "generations",
        "resize",
        "thumbnail",
        "blur",
        "sharpen",
        "noise",
        "contrast",
        "grayscale",
        "invert",
    ),
    *("crop_75", "crop_centre", "stretch", "rotate_5", "perspective", "border", "mirror", "caption_above", "meme_text"),
    *("subtitle", "text_anywhere", "emoji", "stickers", "watermark", "watermark_tiled", "overlay", "scribble", "haze"),
    *("redaction", "stripes", "story", "chat_dark", "web_page", "photo_of_screen", "duotone", "halftone", "wave"),
)
type Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Ground:
    """What words stand on: ink, ground (None = a photograph), width of the letters' rim."""

    ink: Colour
    ground: Colour | None
    rim: float = 0.0


GROUNDS = {
    "dark on light": Ground((25, 25, 30), (250, 250, 246)),
    "white on dark": Ground((255, 255, 255), (30, 40, 70)),
    "low contrast": Ground((150, 150, 155), (205, 205, 210)),
    "colour on colour": Ground((240, 220, 60), (170, 30, 50)),
    "over a photograph": Ground((255, 255, 255), None, 0.08),
}
WORDS = {
    "short": (("MOM", "DAD"), ("SALE", "GIFT"), ("CAT", "DOG"), ("June", "May"), ("OPEN", "SHUT"), ("Yes", "No")),
    "names": (("Ada Quill", "Bo Lindqvist"), ("Kofi Sturm", "Ines Ibsen"), ("Nadia", "Matteo"), ("closing", "opening")),
    "amounts": (("50%", "70%"), ("$1,250.00", "$8,310.75"), ("27.08.2025", "13.05.2023"), ("VIP50", "KING17"),
                ("24", "37"), ("18:30", "21:45")),
    "Chinese": (("限时优惠", "新品上市"), ("健身第一天", "今天也要加油"), ("五折", "七折"), ("一碗面", "两杯茶")),
    "Cyrillic": (("Скидка", "Подарок"), ("Завтра", "Сегодня"), ("МАМА", "ПАПА")),
}  # fmt: skip


@dataclass(slots=True)
class Count:
    """Of some pairs: those told apart, and those whose words were named right on both sides."""

    pairs: int = 0
    told: int = 0
    named: int = 0

    def row(self, name: str) -> str:
        share = [f"{100 * part / max(self.pairs, 1):.0f} %" for part in (self.told, self.named)]
        return f"| {name} | {self.pairs} | {share[0]} | {share[1]} |"


def main() -> None:
    """Measure, and print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--twins", type=int, default=12, help="of each family")
    options.add_argument("--copies", type=int, default=600)
    options.add_argument("--show", action="store_true", help="every pair that is wrong")
    asked = options.parse_args()
    reader = OcrReader()
    reader.load()
    print("| other words, drawn | pairs | told | named right |\n|---|---|---|---|")
    for name, count in drawn(reader, show=asked.show).items():
        print(count.row(name))
    print("\n| other words, families | pairs | told |\n|---|---|---|")
    for name, count in of_families(reader, asked.twins, show=asked.show).items():
        print(f"| {name} | {count.pairs} | {count.told} |")
    print("\n| CPU | |\n|---|---|")
    for name, value in costs(reader, asked.twins).items():
        print(f"| {name} | {value} |")
    print("\n| the same words | |\n|---|---|")
    for name, value in of_copies(reader, asked.copies).items():
        print(f"| {name} | {value} |")


def drawn(reader: OcrReader, *, show: bool = False) -> dict[str, Count]:
    """Return the counts by kind, size, ground; pairs of 9 px stand alone, being smaller than what is promised."""
    counts: dict[str, Count] = {}
    for kind, ground, size, words in _cases():
        dice = Random(f"{kind}/{ground}/{size}/{words}")
        reference, query = _two(dice, kind, GROUNDS[ground], size, words)
        said = _read(reader, _kept(query, 640), _kept(reference, STORED))[0].differs
        is_named = any(_names(one, words) for one in said)
        if show and not is_named:
            print(kind, ground, size, words, [(one.before, one.after) for one in said])
        named = (f"kind: {kind}", f"ground: {ground}", "12 px and more") if size >= 12 and kind != "Cyrillic" else ()
        for name in (*named, f"{kind}, {size} px" if kind == "Cyrillic" else f"size: {size} px"):
            count = counts.setdefault(name, Count())
            count.pairs, count.told, count.named = count.pairs + 1, count.told + bool(said), count.named + is_named
    return counts


def _cases() -> Iterator[tuple[str, str, int, tuple[str, str]]]:
    """All that fit into the picture."""
    for kind, pairs in WORDS.items():
        for words in pairs:
            wide = 1 if kind == "Chinese" else 0.7
            sizes = [size for size in SIZES if size * wide * max(map(len, words)) < 400]
            for ground in GROUNDS:
                yield from ((kind, ground, size, words) for size in sizes)


def _names(one: Difference, words: tuple[str, str]) -> bool:
    return bare(words[0]) in bare(one.before) and bare(words[1]) in bare(one.after)


def _two(dice: Random, kind: str, ground: Ground, size: int, words: tuple[str, str]) -> tuple[Pixels, Pixels]:
    """The same frame with one of the words each; letters are about `size` pixels high."""
    face = "cjk" if kind == "Chinese" else "sans" if kind == "Cyrillic" else dice.choice(FACES)
    canvas = photograph(dice, 448, 320) if ground.ground is None else Image.new("RGB", (448, 320), ground.ground)
    pen = ImageDraw.Draw(canvas)
    for _ in range(9):
        x, y = dice.randrange(20, 400), dice.choice((dice.randrange(4, 70), dice.randrange(250, 300)))
        pen.ellipse(
            (x, y, x + dice.randrange(8, 40), y + dice.randrange(8, 30)), fill=_colour(dice), outline=ground.ink
        )
    letters = typeface(face, round(size / 0.73))
    place = (224, dice.randrange(140, 180)) if size > 40 else (dice.randrange(150, 300), dice.randrange(95, 225))
    made = []
    for word in words:
        one, rim = canvas.copy(), round(ground.rim * size + 0.4) if ground.rim else 0
        ImageDraw.Draw(one).text(place, word, ground.ink, letters, "mm", stroke_width=rim, stroke_fill=(0, 0, 0))
        made.append(np.asarray(one))
    return made[0], made[1]


def _colour(dice: Random) -> Colour:
    return dice.randrange(256), dice.randrange(256), dice.randrange(256)


def _read(
    reader: OcrReader, ours: Pixels, theirs: Pixels, quad: Quad = WHOLE, *, inverted: bool = False
) -> tuple[Spoken, float]:
    """What was read, and the CPU milliseconds of that, without those of the regions."""
    ours = 255 - ours if inverted else ours
    pair = overlay(ours, theirs, quad)
    regions = wordy_first(read(pair).regions)
    started = time.thread_time()
    said = words_of(reader, ours, theirs, pair, regions)
    return said, 1000 * (time.thread_time() - started)


def _kept(pixels: Pixels, longest: int) -> Pixels:
    return pixels_of(jpeg(pixels, longest))


def families() -> Iterator[Family]:
    """Yield the families that a fit may see and that have words."""
    for name in MODULES:
        for family in importlib.import_module(f"lab.families.seen.{name}").FAMILIES:
            if family.name not in WORDLESS:
                yield family


def of_families(reader: OcrReader, count: int, *, show: bool = False) -> dict[str, Count]:
    """Return how many twins of each family are told apart by their words."""
    counts = {family.name: Count() for family in families()}
    for family in families():
        for number in range(count):
            twins = family.twins(number)
            reference, query = (np.asarray(one.convert("RGB")) for one in (twins.reference, twins.query))
            said = _read(reader, _kept(query, 640), _kept(reference, STORED))[0].differs
            if show:
                print(family.name, number, twins.says, [(one.before, one.after) for one in said])
            counts[family.name].pairs += 1
            counts[family.name].told += bool(said)
    return counts


def costs(reader: OcrReader, count: int) -> dict[str, str]:
    """Return the CPU milliseconds of each step, over twins of all families."""
    spent: dict[str, list[float]] = {}

    def timed[T](name: str, job: Callable[[], T]) -> T:
        started = time.thread_time()
        done = job()
        spent.setdefault(name, []).append(1000 * (time.thread_time() - started))
        return done

    for family in families():
        for number in range(count // 4):
            twins = family.twins(number)
            ours, theirs = _kept(np.asarray(twins.query), 640), _kept(np.asarray(twins.reference), STORED)
            pair = overlay(ours, theirs, WHOLE)
            regions = wordy_first(read(pair).regions)
            lines = timed("both pictures, straightened", partial(Lines, ours, theirs, pair))
            ways = [ways for box in regions[:3] for ways in timed("lines of a region", partial(lines.of, box))]
            for one in ways:
                cut = timed("cutting a line out of both", partial(lines.cut, one[0]))
                timed("ink of a line", partial(ink_of, pair, cut.box))
                timed("reading a line of one picture", partial(reader.read, [cut.ours]))
            timed("a pair of twins", partial(words_of, reader, ours, theirs, pair, regions))
            known = unpack(pack(timed("the words of a reference", partial(reader.page, theirs, PAGE_S))))
            kept = partial(words_of, reader, ours, theirs, pair, regions, known=known)
            timed("a pair of twins, those of the reference kept", kept)
            timed("codes of a query", partial(codes, gray_of(ours)))
    return {f"{name}: mean, median, p95": _times(each) for name, each in spent.items()}


def of_copies(reader: OcrReader, count: int) -> dict[str, str]:
    """Return how many true copies are told to have other words, and what that costs."""
    wrong, spent, cut_short, seen = 0, list[float](), 0, 0
    chosen = list(families())
    for number in range(count):
        family, edit = chosen[number % len(chosen)], EDITS[(number * 7 + number // len(chosen)) % len(EDITS)]
        reference = family.twins(5000 + number).reference.convert("RGB")
        query = _posted(apply(edit, reference, f"{family.name}/{number}"))
        stored = _kept(np.asarray(reference), STORED)
        found = check(PairImage.of(query), PairImage.of(query), None, PairImage.of(stored))
        if found.quad is None:
            continue
        seen += 1
        said, cost = _read(reader, query, stored, found.quad, inverted=found.inverted)
        spent.append(cost)
        cut_short += said.partial
        if said.differs:
            wrong += 1
            print(f"false: {family.name} {number} {edit}", [(one.before, one.after) for one in said.differs])
    return {
        "copies that were aligned": f"{seen} of {count}",
        "called other words": str(wrong),
        "time ran out": str(cut_short),
        "CPU of a copy: mean, median, p95": _times(spent),
    }


def _posted(image: Image.Image) -> Pixels:
    """The picture as the product decodes it."""
    return decode_here(jpeg(np.asarray(image.convert("RGB"))), "").frames[0]


def _times(spent: Sequence[float]) -> str:
    return f"{np.mean(spent):.1f}, {np.median(spent):.1f}, {np.percentile(spent, 95):.1f} ms"


if __name__ == "__main__":
    main()
