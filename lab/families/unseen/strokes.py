"""A sheet that writes in any typeface and takes pictures, and the tones and made-up names of everyday things.

Board   a sheet of paper with pens (lab.drawings.kit.Sheet) on which words of any typeface and photographs lie
Tones   the colours of one design, dark or light
pair    twins of one style with two contents: everything else is drawn from the style, so it is the same pixels
"""

from collections.abc import Callable, Iterable
from colorsys import hls_to_rgb
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from core.types import What
from lab.drawings.kit import SCALE, Sheet, Spot, mix
from lab.families.kit import Twins, typeface

HEADS = ("bold", "serif-bold", "times-bold", "sans", "plain", "roman")
STARTS = ("Ba", "Cor", "Del", "Fa", "Gri", "Hal", "Jo", "Kel", "Lu", "Mar", "Nov", "Or", "Pi", "Ru", "Sol", "Tav", "Ve")
MIDDLES = ("", "", "li", "ra", "mo", "ne", "ti", "va")
ENDS = ("ba", "dor", "fen", "go", "ka", "la", "mi", "net", "no", "rin", "sa", "ster", "to", "va", "wen", "x")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """The colours of one design."""

    ground: str
    panel: str
    ink: str
    faint: str
    accent: str
    second: str


class Board(Sheet):
    """A sheet on which words of any typeface and pictures lie."""

    def say(
        self, x: float, y: float, text: str, size: float, fill: str, face: str = "sans", anchor: str = "lm"
    ) -> None:
        """One line of text; the anchor is Pillow's. Letters of China, Japan and Korea have their own typeface."""
        name = "cjk" if any(ord(letter) > 0x2E80 for letter in text) else face
        self.pen.text((x * SCALE, y * SCALE), text, fill, typeface(name, round(size * SCALE)), anchor)

    def fit(self, x: float, y: float, text: str, size: float, fill: str, face: str, anchor: str, width: float) -> None:
        """One line of text no wider than this."""
        self.say(x, y, text, min(size, size * width / max(1.0, long(text, size, face))), fill, face, anchor)

    def lay(self, picture: Image.Image, x: float, y: float, mask: Image.Image | None = None) -> None:
        """A picture with its upper left corner there; the mask has the picture's size."""
        size = (picture.width * SCALE, picture.height * SCALE)
        cover = mask.resize(size, Image.Resampling.BICUBIC) if mask else None
        self.image.paste(picture.resize(size, Image.Resampling.BICUBIC), (round(x * SCALE), round(y * SCALE)), cover)

    def cloth(self, outline: Iterable[Spot], stuff: Image.Image) -> None:
        """A shape cut out of a piece of cloth that is as large as the sheet inside."""
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon([(x * SCALE, y * SCALE) for x, y in outline], fill=255)
        self.image.paste(stuff, (0, 0), mask)


def long(text: str, size: float, face: str) -> float:
    """How wide a line of text is."""
    name = "cjk" if any(ord(letter) > 0x2E80 for letter in text) else face
    return typeface(name, round(size * SCALE)).getlength(text) / SCALE


def hsl(hue: float, saturation: float, lightness: float) -> str:
    """A colour; the hue in turns, 0..1."""
    return "#" + "".join(f"{round(255 * band):02x}" for band in hls_to_rgb(hue % 1, lightness, saturation))


def vivid(dice: Random) -> str:
    """Return a random saturated colour."""
    return hsl(dice.random(), dice.uniform(0.45, 0.95), dice.uniform(0.35, 0.6))


def tones(dice: Random, dark: float = 0.35) -> Tones:
    """A design's colours; so large a share of designs is dark."""
    hue, other = dice.random(), dice.random()
    is_dark = dice.random() < dark
    ground = hsl(hue, dice.uniform(0.05, 0.5), dice.uniform(0.07, 0.2) if is_dark else dice.uniform(0.86, 0.97))
    ink = mix(ground, "#ffffff" if is_dark else "#0c0c12", dice.uniform(0.82, 1.0))
    accent = hsl(other, dice.uniform(0.5, 0.95), dice.uniform(0.5, 0.65) if is_dark else dice.uniform(0.3, 0.5))
    second = hsl(other + dice.uniform(0.25, 0.75), dice.uniform(0.4, 0.8), 0.6 if is_dark else 0.42)
    panel = mix(ground, "#ffffff", 0.08 if is_dark else 0.75)
    return Tones(ground=ground, panel=panel, ink=ink, faint=mix(ground, ink, 0.55), accent=accent, second=second)


def coined(dice: Random) -> str:
    """A made-up name: Velinora, Joka."""
    return dice.choice(STARTS) + dice.choice(MIDDLES) + dice.choice(ENDS)


def on(colour: str) -> str:
    """Black or white, whichever is read on this colour."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#15151a" if 0.3 * red + 0.59 * green + 0.11 * blue > 145 else "#ffffff"


def pair[Style, Content](
    draw: Callable[[Style, Content], Image.Image], style: Style, two: tuple[Content, Content], differs: What, says: str
) -> Twins:
    """Twins of one style with two contents."""
    return Twins(reference=draw(style, two[0]), query=draw(style, two[1]), differs=differs, says=says)
