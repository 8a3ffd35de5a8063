"""Music on staves with other notes.

sheet_music   one to four notes, a bar, or all notes; figures of a tablature   small to middling
"""

from collections.abc import Sequence
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import clouds, mix, ring, smooth
from lab.edits.kit import picture
from lab.edits.words import phrase
from lab.families.kit import Family, Twins
from lab.families.seen.papers_kit import Look, Page, any_size, hsl, palette, twins_of
from lab.families.seen.papers_words import full_name, listed
from lab.families.seen.pieces_kit import stroke

PIECES = listed(
    "Waltz in G,Evening Song,The Miller's Jig,Lullaby,Nocturne No. 3,March of the Geese,Harbour Reel,Little Fugue,"
    "Étude 12,Snow on the Pier,Sarabande,Two-Part Canon,Blue Lantern Rag,Serenade"
)
TEMPI = listed("Andante,Allegro,Moderato,Lento,Vivace,Swing,Con brio,Dolce")
CLEF = (
    *((-0.3, 0.35), (-0.45, -0.2), (0.1, -0.65), (0.75, -0.1), (0.65, 0.75), (0.0, 1.05), (-0.95, 0.7), (-1.15, -0.4)),
    *((-0.5, -1.6), (0.4, -2.7), (0.55, -3.7), (0.15, -4.3), (-0.25, -3.6), (0.0, -2.0), (0.35, 1.4), (0.3, 2.1)),
    *((-0.2, 2.4), (-0.6, 2.1)),
)
"""A treble clef around the second line from below, in distances between two lines."""

SCALE = ("#e23b3b", "#f08a24", "#e8c51e", "#3fae49", "#2aa6c9", "#3a5fd0", "#8e3fc4")
"""Children's scores print every note of the scale in a colour of its own."""

STEPS = range(-2, 11)
LENGTHS = ("quarter", "quarter", "quarter", "half", "eighth")

type Note = tuple[int, str]
"""Steps above the lowest line, or the string of a tablature; and its length, or the fret."""

type Score = tuple[bool, Sequence[Sequence[Note]]]
"""Whether it is a tablature, and the notes of every bar."""


def sheet_music(dice: Random) -> Twins:
    """The same piece of music with one to four notes higher, lower, longer or shorter, or with one or all bars new."""
    is_tablature = dice.random() < 0.25
    count = dice.randint(6, 12 if is_tablature else 15)
    bars = [_bar(dice, is_tablature) for _ in range(count)]
    other, kind = [list(bar) for bar in bars], dice.choice(("notes", "notes", "notes", "bar", "all"))
    if kind == "notes":
        for at in dice.sample(range(count), dice.randint(1, 4)):
            place = dice.randrange(len(bars[at]))
            other[at][place] = _other_note(dice, bars[at][place], is_tablature)
    for at in {"notes": (), "bar": (dice.randrange(count),), "all": range(count)}[kind]:
        other[at] = [_other_note(dice, note, is_tablature) for note in bars[at]]
    return twins_of(dice, _score, ((is_tablature, bars), (is_tablature, other)), f"the notes: {kind}", What.PICTURE)


def _bar(dice: Random, is_tablature: bool) -> list[Note]:
    count = dice.choice((2, 3, 4, 4))
    if is_tablature:
        return [(dice.randrange(6), str(dice.randrange(13))) for _ in range(count)]
    start = dice.choice(STEPS)
    return [(min(10, max(-2, start + dice.randint(-3, 3))), dice.choice(LENGTHS)) for _ in range(count)]


def _other_note(dice: Random, note: Note, is_tablature: bool) -> Note:
    step, length = note
    if is_tablature:
        return (step, str((int(length) + dice.randint(1, 9)) % 13)) if dice.random() < 0.5 else ((step + 2) % 6, length)
    if dice.random() < 0.2:
        return step, "eighth" if length != "eighth" else "half"
    return dice.choice([other for other in STEPS if 2 <= abs(other - step) <= 6]), length


def _score(dice: Random, score: Score) -> Image.Image:
    (is_tablature, bars), look, size = score, palette(dice, 0.0), any_size(dice)
    page, ink = _music_paper(dice, size)
    (width, high), systems = size, -(-len(bars) // 3)
    lines, room, most = (6, 8, dice.uniform(17, 24)) if is_tablature else (5, 10, dice.uniform(9, 15))
    gap = min(high * 0.8 / systems / room, most)
    _music_title(page, dice, look, ink)
    head, has_words, is_coloured = dice.choice((0.0, gap * 2)), dice.random() < 0.4, dice.random() < 0.2
    for system in range(systems):
        y = high * 0.2 + high * 0.75 * (system + 0.5) / systems - gap * (lines - 1) / 2
        _staff(page, (width * 0.06, y, width * 0.88, gap), lines, ink, system == 0)
        wide = (width * 0.88 - gap * 6 - head) / 3
        for column, bar in enumerate(bars[system * 3 : system * 3 + 3]):
            left = width * 0.06 + gap * 6 + head + column * wide
            for at, note in enumerate(bar):
                spot = left + wide * (at + 0.5) / len(bar), y
                draw = _fret if is_tablature else _note
                draw(page, spot, gap, note, SCALE[note[0] % 7] if is_coloured else ink)
            stroke(page, ((left + wide, y), (left + wide, y + gap * (lines - 1))), ink, 1.6)
            words = phrase(dice, 1, 2)
            if has_words and not is_tablature:
                page.squeezed(left + wide / 2, y + gap * 7.4, words, look.face, round(gap * 1.4), wide * 0.9, ink)
    return page.image


def _music_paper(dice: Random, size: tuple[int, int]) -> tuple[Page, str]:
    """White, cream or dark paper, and the ink on it."""
    ink, light = dice.choice((("#16161a", 0.98), ("#16161a", 0.93), ("#3a2414", 0.86), ("#eef0f4", 0.1)))
    paper = hsl(dice.uniform(0.08, 0.16), 0.45 if light > 0.5 else 0.1, light)
    page = Page(Image.new("RGB", size, paper))
    wash = clouds((size[0] // 4, size[1] // 4), dice.getrandbits(30), 3)
    page.image.paste(mix(paper, ink, dice.uniform(0, 0.15)), (0, 0), picture(wash * 255).resize(size))
    page.grain(dice, dice.uniform(0, 3))
    return Page(page.image), ink


def _music_title(page: Page, dice: Random, look: Look, ink: str) -> None:
    (width, high), size = page.image.size, round(page.image.height * 0.05)
    page.squeezed(width / 2, high * 0.07, dice.choice(PIECES), look.bold, size, width * 0.8, ink)
    page.write(width * 0.94, high * 0.135, full_name(dice), look.face, round(size * 0.42), ink, "rm")
    tempo = f"{dice.choice(TEMPI)}, {dice.choice((60, 72, 88, 96, 120, 132))} bpm"
    page.write(width * 0.06, high * 0.135, tempo, look.face, round(size * 0.42), ink, "lm")


def _staff(page: Page, at: tuple[float, float, float, float], lines: int, ink: str, is_first: bool) -> None:
    """Its lines, its clef, and the time at the start of the piece."""
    x, y, width, gap = at
    for line in range(lines):
        stroke(page, ((x, y + line * gap), (x + width, y + line * gap)), ink, 1.3)
    stroke(page, ((x, y), (x, y + gap * (lines - 1))), ink, 1.6)
    if lines == 6:
        for row, letter in enumerate("TAB"):
            page.write(x + gap * 1.4, y + gap * (1 + row * 1.5), letter, "bold", round(gap * 1.5), ink, "mm")
        return
    curve = smooth([(x + gap * (1.9 + right), y + gap * (3 + down)) for right, down in CLEF])
    page.curves([curve], ink, max(2.0, gap * 0.24))
    page.circle(x + gap * 1.4, y + gap * 5.1, gap * 0.3, ink)
    if is_first:
        for row in (1, 3):
            page.write(x + gap * 4.6, y + gap * row, "4", "serif-bold", round(gap * 2.4), ink, "mm")


def _note(page: Page, at: tuple[float, float], gap: float, note: Note, ink: str) -> None:
    (x, top), (step, length) = at, note
    y = top + gap * (4 - step / 2)
    for ledger in (-2, 10):
        if step == ledger:
            stroke(page, ((x - gap, y), (x + gap, y)), ink, 1.3)
    side = -1 if step >= 4 else 1
    page.shape(ring(x, y, gap * 0.64, gap * 0.46, -20), ink)
    if length == "half":
        page.shape(ring(x, y, gap * 0.5, gap * 0.22, -28), _paper_at(page))
    stem = x + side * gap * 0.58, y - side * gap * 0.15
    end = stem[0], y - side * gap * 3.4
    stroke(page, (stem, end), ink, max(1.4, gap * 0.14))
    if length == "eighth":
        flag = [end, (end[0] + gap * 0.9, end[1] + side * gap * 1.1), (end[0] + gap * 0.6, end[1] + side * gap * 2.1)]
        page.shape([*smooth(flag), *reversed(smooth([(u - gap * 0.05, v + side * gap * 0.55) for u, v in flag]))], ink)


def _paper_at(page: Page) -> str:
    """The colour of the paper in its upper left corner."""
    return "#{:02x}{:02x}{:02x}".format(*page.image.crop((2, 2, 6, 6)).resize((1, 1), Image.Resampling.BOX).tobytes())


def _fret(page: Page, at: tuple[float, float], gap: float, note: Note, ink: str) -> None:
    """A figure on one of six lines."""
    (x, top), (string, fret) = at, note
    y, size = top + string * gap, round(gap * 1.35)
    page.box(x - gap * 0.5 * len(fret), y - gap * 0.45, gap * len(fret), gap * 0.9, _paper_at(page))
    page.write(x, y, fret, "bold", size, ink, "mm")


FAMILIES: Sequence[Family] = (Family(name="sheet_music", draw=sheet_music),)
