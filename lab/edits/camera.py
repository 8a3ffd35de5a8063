"""Edits with a camera: the picture on a screen or on paper is photographed, with what light and lens add."""

from math import cos, radians, sin

import cv2
import numpy as np
from PIL import Image, ImageFilter

from lab.drawings.kit import clouds, rgb
from lab.edits.kit import Corners, Dice, Floats, corners, filled, floats, inside, jittered, picture, quad_mask, warped
from lab.edits.phones import social_post
from lab.edits.pixels import encoded, vignette
from lab.edits.screens import desktop

FRAME = (960, 720)
ROOMS = ("#2b2723", "#39404a", "#1b1d22", "#6d6258", "#8a8f96", "#42352b")
TABLES = (
    ("#6b4a2f", "#8f6a45"),
    ("#3a3d42", "#565a60"),
    ("#c9bfae", "#e3dbcc"),
    ("#233344", "#3a4d60"),
    ("#7d7a75", "#a09c95"),
)


def _shot(image: Image.Image, dice: Dice, tilt: float, share: float, canvas: Image.Image, rim: str) -> Image.Image:
    """The picture lying askew on the canvas with a rim around; the share is that of the canvas' width and height."""
    front = inside(image, canvas.width * share, canvas.height * share)
    x = (canvas.width - front.width) * dice.uniform(0.35, 0.65)
    y = (canvas.height - front.height) * dice.uniform(0.35, 0.65)
    to = _rolled(
        jittered(corners(front.width, front.height, x, y), dice, front.width * tilt, front.height * tilt),
        dice.uniform(-60, 60) * tilt,
    )
    edge = max(front.size) * dice.uniform(0.015, 0.035)
    centre = [sum(spot[axis] for spot in to) / 4 for axis in (0, 1)]
    rimmed = [(px + edge * np.sign(px - centre[0]), py + edge * np.sign(py - centre[1])) for px, py in to]
    shadow = quad_mask([(px + edge * 0.7, py + edge) for px, py in rimmed], canvas.size).filter(
        ImageFilter.BoxBlur(edge)
    )
    canvas.paste("#000000", (0, 0), shadow.point([at * 5 // 8 for at in range(256)]))
    canvas.paste(rim, (0, 0), quad_mask(rimmed, canvas.size))
    return warped(front, to, canvas)


def _rolled(spots: Corners, degrees: float) -> list[tuple[float, float]]:
    """Turned about their centre, as a hand turns a camera."""
    x, y = (sum(spot[axis] for spot in spots) / 4 for axis in (0, 1))
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return [(x + (px - x) * c - (py - y) * s, y + (px - x) * s + (py - y) * c) for px, py in spots]


def _frame(image: Image.Image) -> tuple[int, int]:
    return FRAME if image.width >= image.height else (FRAME[1], FRAME[0])


def _moire(size: tuple[int, int], dice: Dice, strength: float) -> Floats:
    """Bands of colour where the grid of the screen beats with that of the sensor; a factor, shape [h, w, 3]."""
    down, across = (np.mgrid[: size[1] // 2, : size[0] // 2] * 2).astype(np.float32)
    bend = 6 * np.sin(down / size[1] * dice.uniform(1, 3)) + 6 * np.sin(across / size[0] * dice.uniform(1, 3))
    angle, pitch = dice.uniform(-0.35, 0.35), dice.uniform(9, 26)
    wave = ((across * cos(angle) + down * sin(angle) + bend) * (2 * np.pi / pitch)).astype(np.float32)
    bands = np.stack([np.sin(wave + step * dice.uniform(0.6, 1.4)) for step in range(3)], axis=2)
    lines = np.sin(np.arange(size[1]) * (2 * np.pi / dice.uniform(2.2, 4.5)))[:, None, None] * 0.5
    factor: Floats = cv2.resize(bands, size) * np.float32(strength) + (1 + strength * lines).astype(np.float32)
    return factor


def _glare(size: tuple[int, int], dice: Dice) -> Floats:
    """The mirror image of a lamp or a window: light to add, shape [h, w, 1]."""
    x, y, rx, ry = dice.random(), dice.random(), dice.uniform(0.08, 0.3), dice.uniform(0.05, 0.25)
    across, down = (np.linspace(0, 1, length, dtype=np.float32) for length in size)
    far = ((across[None, :] - x) / rx) ** 2 + ((down[:, None] - y) / ry) ** 2
    return (np.exp(-far) * dice.uniform(50, 130)).astype(np.float32)[..., None]


def _taken(
    shot: Image.Image, dice: Dice, *, blur: float, grain: float, dark: float, light: Floats | float
) -> Image.Image:
    """What lens, sensor and file do: blur, dark corners, a cast, noise, JPEG."""
    soft = cv2.GaussianBlur(floats(shot), (0, 0), blur)
    cast = np.array([dice.uniform(0.9, 1.08) for _ in range(3)], np.float32)
    lit = (soft * cast + light) * vignette(shot.size, dark)
    noise = dice.noise().standard_normal((*soft.shape[:2], 1), np.float32) * grain
    return encoded(picture(lit + noise), dice.randint(55, 85))


def photo_of_screen(image: Image.Image, dice: Dice) -> Image.Image:
    """A screen photographed from nearly in front: slight tilt, faint moire, a little blur and noise."""
    canvas = Image.new("RGB", _frame(image), dice.choice(ROOMS))
    shot = _shot(image, dice, 0.035, dice.uniform(0.8, 0.95), canvas, "#08090b")
    moire = picture(floats(shot) * _moire(shot.size, dice, 0.03))
    return _taken(moire, dice, blur=dice.uniform(0.6, 1.1), grain=dice.uniform(3, 7), dark=0.3, light=0.0)


def photo_of_screen_hard(image: Image.Image, dice: Dice) -> Image.Image:
    """A screen with the picture, in an app or alone, photographed askew: moire, glare, blur, noise, dark corners."""
    screen = dice.choice((desktop, social_post))(image, dice) if dice.random() < 0.6 else image
    canvas = Image.new("RGB", _frame(screen), dice.choice(ROOMS))
    shot = _shot(screen, dice, 0.09, dice.uniform(0.8, 0.95), canvas, "#08090b")
    moire = picture(floats(shot) * _moire(shot.size, dice, 0.07) * dice.uniform(0.7, 1.05) + 12)
    light = _glare(shot.size, dice)
    return _taken(moire, dice, blur=dice.uniform(1.1, 1.9), grain=dice.uniform(8, 15), dark=0.5, light=light)


def photo_of_print(image: Image.Image, dice: Dice) -> Image.Image:
    """A print on a table: paper rim, shadow, perspective, uneven light, faded inks, slightly bent."""
    canvas = _table(_frame(image), dice)
    shot = _bent(_shot(_faded(image, dice), dice, 0.07, dice.uniform(0.6, 0.82), canvas, "#f4f1ea"), dice)
    light = (clouds(shot.size, dice.randrange(10**6), 2, 2)[..., None] - 0.5) * dice.uniform(30, 70)
    return _taken(shot, dice, blur=dice.uniform(0.7, 1.3), grain=dice.uniform(4, 9), dark=0.4, light=light)


def _table(size: tuple[int, int], dice: Dice) -> Image.Image:
    """Wood or cloth, or now and then another picture as a patterned ground."""
    if dice.random() < 0.25:
        return filled(dice.others(1)[0], *size)
    dark, light = (np.array(rgb(colour), np.float32) for colour in dice.choice(TABLES))
    long = dice.choice((1, 1, 12, 20))
    streaks = clouds((size[0], max(8, size[1] * long // 4)), dice.randrange(10**6), 6, 5)[: size[1], :, None]
    grown = (
        cv2.resize(streaks[: max(4, size[1] // 4)], size) if long > 1 else clouds(size, dice.randrange(10**6), 60, 3)
    )
    return picture(dark + (light - dark) * grown[..., None])


def _faded(image: Image.Image, dice: Dice) -> Image.Image:
    """Inks are neither as dark nor as bright as a screen."""
    return picture(floats(image) * dice.uniform(0.72, 0.85) + dice.uniform(22, 38))


def _bent(shot: Image.Image, dice: Dice) -> Image.Image:
    """Paper that does not lie flat: a slow wave of up to 5 pixels."""
    down, across = np.mgrid[: shot.height, : shot.width].astype(np.float32)
    turn, reach = 2 * np.pi * dice.uniform(0.5, 1.2) / max(shot.size), dice.uniform(1, 5)
    rows = down + reach * np.sin(across * turn + dice.uniform(0, 6))
    return Image.fromarray(cv2.remap(np.asarray(shot), across, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))
