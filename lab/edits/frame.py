"""Edits of the frame: what is cut off, turned, bent, or put around the picture."""

from math import cos, pi, radians, sin, sqrt

import cv2
import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps, ImageStat

from lab.edits.kit import LEAST_SIDE, Dice, corners, filled, inside, jittered, limited, scaled, warped

FILLS = ("#ffffff", "#000000", "#101216", "#e8e4dc", "#2b2f3a", "#f2c14e", "#c2185b", "#1e88e5")


def stretch(image: Image.Image, dice: Dice) -> Image.Image:
    """Squeezed or widened to 60 to 165 % of its aspect."""
    factor = sqrt(dice.choice((dice.uniform(0.6, 0.8), dice.uniform(1.25, 1.65))))
    return scaled(image, image.width * factor, image.height / factor)


def _crop(image: Image.Image, width: float, height: float, x: float, y: float) -> Image.Image:
    """A part of this size; x and y say where, 0 (left, top) to 1."""
    w, h = (min(side, max(LEAST_SIDE, round(part))) for side, part in zip(image.size, (width, height), strict=True))
    left, top = round((image.width - w) * x), round((image.height - h) * y)
    return image.crop((left, top, left + w, top + h))


def _detail(image: Image.Image) -> float:
    """How much there is to see: the deviation of the grey levels."""
    return float(ImageStat.Stat(image.convert("L")).stddev[0])


def _keeps(image: Image.Image, share: float, dice: Dice) -> Image.Image:
    """A share of the area somewhere; of three tries the first that shows something, for nobody posts empty sky."""
    bend = dice.uniform(0.85, 1.18)
    width, height = image.width * min(1, sqrt(share) * bend), image.height * min(1, sqrt(share) / bend)
    tries = [_crop(image, width, height, dice.random(), dice.random()) for _ in range(3)]
    return next((one for one in tries if _detail(one) > _detail(image) * 0.7), max(tries, key=_detail))


def crop_75(image: Image.Image, dice: Dice) -> Image.Image:
    """75 % of the area, anywhere."""
    return _keeps(image, 0.75, dice)


def crop_50(image: Image.Image, dice: Dice) -> Image.Image:
    """Half of the area, anywhere."""
    return _keeps(image, 0.5, dice)


def crop_30(image: Image.Image, dice: Dice) -> Image.Image:
    """30 % of the area, anywhere."""
    return _keeps(image, 0.3, dice)


def crop_centre(image: Image.Image, dice: Dice) -> Image.Image:
    """The middle, 55 to 80 % as wide and as high."""
    return _crop(image, image.width * dice.uniform(0.55, 0.8), image.height * dice.uniform(0.55, 0.8), 0.5, 0.5)


def crop_square(image: Image.Image, dice: Dice) -> Image.Image:
    """A square or an upright 4:5, as high or as wide as the picture allows."""
    wide, high = dice.choice(((1, 1), (4, 5)))
    part = min(image.width / wide, image.height / high) * dice.uniform(0.85, 1)
    return _crop(image, part * wide, part * high, dice.uniform(0.2, 0.8), dice.uniform(0.2, 0.8))


def mirror(image: Image.Image, dice: Dice) -> Image.Image:
    """Left and right swapped, a few pixels cut off."""
    return ImageOps.mirror(_crop(image, image.width * dice.uniform(0.97, 1), image.height, 0.5, 0.5))


def flip(image: Image.Image, dice: Dice) -> Image.Image:
    """Upside down as in water."""
    return ImageOps.flip(_crop(image, image.width, image.height * dice.uniform(0.97, 1), 0.5, 0.5))


def mirror_crop(image: Image.Image, dice: Dice) -> Image.Image:
    """Mirrored, and 45 to 70 % of the area kept."""
    return ImageOps.mirror(_keeps(image, dice.uniform(0.45, 0.7), dice))


def _turn(image: Image.Image, angle: float, dice: Dice) -> Image.Image:
    """Turned; the corners filled with a colour, or cut away so that none show."""
    if dice.random() < 0.5 or min(image.size) * 3 < max(image.size):
        return limited(image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=dice.choice(FILLS)))
    width, height = _largest(image.width, image.height, radians(abs(angle)))
    turned = image.rotate(angle, Image.Resampling.BICUBIC)
    full = image.rotate(angle, Image.Resampling.BICUBIC, expand=True) if abs(angle) > 20 else turned
    return _crop(full, width, height, 0.5, 0.5)


def _largest(width: float, height: float, angle: float) -> tuple[float, float]:
    """The largest upright box inside a turned one, when the sides do not differ too much."""
    long, short, s, c = max(width, height), min(width, height), sin(angle), cos(angle)
    if short <= 2 * s * c * long or abs(s - c) < 1e-9:
        half = short / 2
        sides = (half / s, half / c)
        return sides if width >= height else (sides[1], sides[0])
    both = c * c - s * s
    return (width * c - height * s) / both, (height * c - width * s) / both


def _sign(dice: Dice) -> int:
    return dice.choice((-1, 1))


def rotate_5(image: Image.Image, dice: Dice) -> Image.Image:
    """Turned by 3 to 8 degrees; corners filled or cut away."""
    return _turn(image, _sign(dice) * dice.uniform(3, 8), dice)


def rotate_15(image: Image.Image, dice: Dice) -> Image.Image:
    """Turned by 12 to 20 degrees; corners filled or cut away."""
    return _turn(image, _sign(dice) * dice.uniform(12, 20), dice)


def rotate_45(image: Image.Image, dice: Dice) -> Image.Image:
    """Turned by 35 to 55 degrees; corners filled or cut away."""
    return _turn(image, _sign(dice) * dice.uniform(35, 55), dice)


def rotate_90(image: Image.Image, dice: Dice) -> Image.Image:
    """A quarter turn to the left, a few pixels cut off."""
    return _trimmed(image, dice).transpose(Image.Transpose.ROTATE_90)


def rotate_180(image: Image.Image, dice: Dice) -> Image.Image:
    """Standing on its head, a few pixels cut off."""
    return _trimmed(image, dice).transpose(Image.Transpose.ROTATE_180)


def rotate_270(image: Image.Image, dice: Dice) -> Image.Image:
    """A quarter turn to the right, a few pixels cut off."""
    return _trimmed(image, dice).transpose(Image.Transpose.ROTATE_270)


def _trimmed(image: Image.Image, dice: Dice) -> Image.Image:
    return _crop(image, image.width * dice.uniform(0.95, 1), image.height * dice.uniform(0.95, 1), 0.5, 0.5)


def perspective(image: Image.Image, dice: Dice) -> Image.Image:
    """Seen from aside: every corner moved by up to 16 % of the sides."""
    to = jittered(corners(image.width, image.height), dice, image.width * 0.16, image.height * 0.16)
    left, top = min(x for x, _ in to), min(y for _, y in to)
    moved = [(x - left, y - top) for x, y in to]
    size = (round(max(x for x, _ in moved)) + 1, round(max(y for _, y in moved)) + 1)
    return warped(image, moved, Image.new("RGB", size, dice.choice(FILLS)))


def skew(image: Image.Image, dice: Dice) -> Image.Image:
    """Slanted by 8 to 20 % of its height, as italics are."""
    shift = image.height * dice.uniform(0.08, 0.2)
    to = [(shift, 0), (image.width + shift, 0), (image.width, image.height), (0, image.height)]
    return warped(image, to, Image.new("RGB", (round(image.width + shift), image.height), dice.choice(FILLS)))


def wave(image: Image.Image, dice: Dice) -> Image.Image:
    """Bent in waves of up to 1.6 % of the longer side, as paper or water bends it."""
    reach, longer = max(image.size) * dice.uniform(0.008, 0.016), max(image.size)
    down, across = np.mgrid[: image.height, : image.width].astype(np.float32)
    turn = 2 * pi * dice.uniform(1.2, 2.5) / longer
    moved = (across + reach * np.sin(down * turn), down + reach * np.sin(across * turn + dice.uniform(0, 6)))
    return Image.fromarray(cv2.remap(np.asarray(image), *moved, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))


def border(image: Image.Image, dice: Dice) -> Image.Image:
    """A frame of one colour, 4 to 12 % of the longer side, sometimes a second one inside."""
    framed, inks = image, dice.sample(FILLS, 2)
    for width, ink in zip((dice.uniform(0, 0.015), dice.uniform(0.04, 0.12)), inks, strict=True):
        framed = ImageOps.expand(framed, max(1, round(max(image.size) * width)), fill=ink)
    return framed


def letterbox_blurred(image: Image.Image, dice: Dice) -> Image.Image:
    """In the middle of an upright or square frame that a blurred enlargement of itself fills."""
    width, height = dice.choice(((720, 1280), (900, 900), (720, 900)))
    back = filled(image, width / 8, height / 8).filter(ImageFilter.GaussianBlur(dice.uniform(2, 5)))
    frame = (
        ImageEnhance.Brightness(back).enhance(dice.uniform(0.5, 0.95)).resize((width, height), Image.Resampling.BICUBIC)
    )
    shown = inside(image, width, height * 0.8)
    frame.paste(shown, ((width - shown.width) // 2, (height - shown.height) // 2))
    return frame


def pad_square(image: Image.Image, dice: Dice) -> Image.Image:
    """Padded to a square with one colour."""
    side = max(round(max(image.size) * dice.uniform(1, 1.12)), LEAST_SIDE)
    frame = Image.new("RGB", (side, side), dice.choice(FILLS))
    frame.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return limited(frame)
