"""Strangers without end, for rates of false alarms: pictures of which no reference of the fit shows any part.

    passer_by(7) -> a drawn place, an app's screen, or a piece of a photograph, half of them under an edit

Their pictures are made for this; what is drawn from a photograph comes from photographs that the fit does not use.
"""

from collections.abc import Callable
from functools import cache
from random import Random

from PIL import Image

from bench.photos import MORE_STRANGE, crops
from lab.drawings.scenes import Camera, Light, scene, shot
from lab.edits.suite import SUITE, apply
from lab.hard_negatives import make

PAGES = (*MORE_STRANGE, "page.png", "text.png", "microaneurysms.png")
COMPANY = 24


def passer_by(number: int) -> Image.Image:
    """The stranger of that number, the same each time."""
    dice = Random(f"passer-by/{number}")
    image = MAKERS[number % len(MAKERS)](number)
    return apply(dice.choice(list(SUITE)), image, f"passer-by-{number}", number, company()) if number % 2 else image


@cache
def company() -> list[Image.Image]:
    """What stands beside a picture in collages and on pages."""
    return [_place(10**6 + number) for number in range(COMPANY)]


def _place(number: int) -> Image.Image:
    dice = Random(f"passer-by/place/{number}")
    return shot(scene(dice), Camera(), Light(seed=number))


def _screen(number: int) -> Image.Image:
    return make("same_ui", company(), 1, 1000 + number)[0].query


def _piece(number: int) -> Image.Image:
    return next(crops(1, 1000 + number, PAGES))


MAKERS: tuple[Callable[[int], Image.Image], ...] = (_place, _place, _piece, _place, _place, _screen, _piece)
"""An odd number, so that each meets the edits."""
