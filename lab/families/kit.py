"""What the families of look-alikes share: twins, typefaces, photographs, and a canvas with any typeface.

    Family --twins(number, seed)--> Twins(reference, query, differs, says)

The two pictures of twins share their frame (layout, ground, ornaments) and show another thing in it. Both are drawn at
their own size and without an edit: `lab.families.suite` says which edits they go through.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from PIL import Image, ImageFont, ImageOps

from core.errors import EnvironmentTrouble
from core.extras import pip_install
from core.types import What
from lab.drawings.kit import font
from lab.drawings.scenes import Camera, Light, scene, shot

LATIN = {
    "sans": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "serif": "DejaVuSerif.ttf",
    "serif-bold": "DejaVuSerif-Bold.ttf",
    "mono": "DejaVuSansMono.ttf",
    "times": "STIXGeneral.ttf",
    "times-bold": "STIXGeneralBol.ttf",
    "roman": "cmr10.ttf",
}
"""Typefaces that matplotlib ships; "plain" is the one that Pillow ships, "cjk" has Chinese, Japanese and Korean."""

TYPEFACES = ("plain", *LATIN)
"""For Latin letters."""

PHOTOGRAPHS = (
    *("chelsea.png", "coffee.png", "hubble_deep_field.jpg", "ihc.png", "rocket.jpg", "coins.png", "moon.png"),
    *("brick.png", "gravel.png", "retina.jpg", "grass.png", "page.png", "text.png"),
)
"""Photographs that scikit-image ships, without people and without makers' names, because sheets of them are shown."""

SCENES = 40
NOTO = "pip install cvttf-notosanscjk-regular"


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """Two pictures of one frame that show something else in it, RGB.

    differs   what kind of thing is another one
    says      what differs, in one line: "the name: Ada Quill became Bo Lindqvist"
    """

    reference: Image.Image
    query: Image.Image
    differs: What
    says: str


type Draw = Callable[[Random], Twins]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A kind of look-alikes, which draws as many twins as are asked for.

    is_photographic   photographs are part of what it draws
    """

    name: str
    draw: Draw
    is_photographic: bool = False

    @property
    def says(self) -> str:
        """What the family draws, in one line."""
        return (self.draw.__doc__ or "").split("\n")[0]

    def twins(self, number: int, seed: int = 0) -> Twins:
        """Return the twins of that number, the same pixels for the same arguments."""
        return self.draw(Random(f"{seed}/{self.name}/{number}"))


@cache
def typeface(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Return the typeface at that size in pixels; raises EnvironmentTrouble where its package is not installed."""
    if name == "plain":
        return font(size)
    return ImageFont.truetype(_cjk_file() if name == "cjk" else _latin_folder() / LATIN[name], size)


def _needs(package: str, install: str) -> str:
    return f"The families of look-alikes need {package}: run `{install}`."


def _latin_folder() -> Path:
    try:
        import matplotlib
    except ImportError:
        raise EnvironmentTrouble(_needs("matplotlib", pip_install("lab", "matplotlib"))) from None
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _cjk_file() -> Path:
    try:
        import cvttf_NotoSansCJK_Regular as package
    except ImportError:
        raise EnvironmentTrouble(_needs("Noto Sans CJK", NOTO)) from None
    return next(Path(package.__file__).parent.glob("*.otf"))


def photograph(dice: Random, width: int, height: int) -> Image.Image:
    """Return a piece of a photograph or a drawn scene at that size: never the same piece twice, for most dice."""
    photo = _photograph(dice.randrange(len(PHOTOGRAPHS))) if dice.random() < 0.6 else _scene(dice.randrange(SCENES))
    share = dice.uniform(0.5, 0.95)
    wide, high = photo.width * share, photo.height * share
    left, top = dice.uniform(0, photo.width - wide), dice.uniform(0, photo.height - high)
    piece = photo.crop((round(left), round(top), round(left + wide), round(top + high)))
    return ImageOps.fit(piece, (width, height), Image.Resampling.LANCZOS)


def two_photographs(dice: Random, width: int, height: int) -> tuple[Image.Image, Image.Image]:
    """Return pieces of two different photographs at that size."""
    first, second = dice.sample(range(len(PHOTOGRAPHS) + SCENES), 2)
    one, other = (_photograph(n) if n < len(PHOTOGRAPHS) else _scene(n - len(PHOTOGRAPHS)) for n in (first, second))
    size = (width, height)
    return ImageOps.fit(one, size, Image.Resampling.LANCZOS), ImageOps.fit(other, size, Image.Resampling.LANCZOS)


@cache
def _photograph(number: int) -> Image.Image:
    try:
        from skimage import data
    except ImportError:
        raise EnvironmentTrouble(_needs("scikit-image", pip_install("lab", "skimage"))) from None
    with Image.open(Path(data.__file__).parent / PHOTOGRAPHS[number]) as image:
        return image.convert("RGB")


@cache
def _scene(number: int) -> Image.Image:
    return shot(scene(Random(f"family/{number}")), Camera(), Light(seed=number))
