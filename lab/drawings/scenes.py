"""Photographs of drawn scenes: the camera can move, things can move, the light can be another.

scene(dice) -> Scene -> shot(scene, Camera(), Light()) -> picture
            -> later(scene, dice) -> the same place at another time

A scene is a ground, a far background and a dozen things that stand on the ground at different depths. The camera is a
pinhole: what is twice as far is half as large and moves half as much. Things are drawn anew for each shot, turned a
little and lit from the new side, so that no single homography takes one shot to the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from lab.drawings.kit import clouds, gradient, mix, rgb
from lab.drawings.scene_things import Thing, drawn
from lab.edits.kit import corners, picture

SIZE = (800, 600)
FOCAL = 700.0
"""Pixels."""
EYE = 1.5
"""Height of the camera over the ground, in the unit of the widths, heights and depths of things."""
FAR = 40.0
HORIZON, SPARE = 252, 40
PLACES: Mapping[str, tuple[str, ...]] = {
    "street": ("house", "house", "house", "tree", "person", "person", "car", "car", "sign"),
    "park": ("tree", "tree", "tree", "person", "person", "ball", "sign", "house"),
    "table": ("bottle", "mug", "books", "plant", "ball", "bottle", "mug"),
}
HEIGHTS = {"house": 3.6, "tree": 3.2, "person": 1.7, "car": 1.5, "sign": 2.0, "ball": 0.7}
ROOTED = frozenset(("house", "tree", "sign"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Moved sideways and forward by x and z units, turned by pan and tilt pixels and roll degrees."""

    x: float = 0.0
    z: float = 0.0
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A factor for red, green and blue, a gamma, the side of the sun (-1 left, 1 right), the seed of sky and grain."""

    cast: tuple[float, float, float] = (1.0, 1.0, 1.0)
    gamma: float = 1.0
    side: float = -1.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A place with things; the seed is that of its ground and background."""

    place: str
    seed: int
    things: tuple[Thing, ...]


def scene(dice: Random) -> Scene:
    """A street, a park or a table with eleven to sixteen things."""
    place = dice.choice(tuple(PLACES))
    things = tuple(_thing(place, dice) for _ in range(dice.randint(11, 16)))
    return Scene(place=place, seed=dice.randrange(10**6), things=things)


def _thing(place: str, dice: Random) -> Thing:
    kind = dice.choice(PLACES[place])
    z = (
        dice.uniform(9, 16)
        if kind == "house"
        else dice.uniform(3.4, 11)
        if place != "table"
        else dice.uniform(2.8, 5.5)
    )
    tall = HEIGHTS.get(kind, 1.2) * dice.uniform(0.85, 1.2)
    x, turn = dice.uniform(-0.55, 0.55) * z, dice.uniform(-1, 1)
    return Thing(kind=kind, seed=dice.randrange(10**6), x=x, z=z, tall=tall, turn=turn)


def later(before: Scene, dice: Random) -> Scene:
    """The same place: things have moved and turned a little, one is gone and one has come."""
    kept = [_moved(one, before.place, dice) for one in dice.sample(before.things, len(before.things) - 1)]
    return replace(before, things=(*kept, _thing(before.place, dice)))


def _moved(one: Thing, place: str, dice: Random) -> Thing:
    turn = max(-1.0, min(1.0, one.turn + dice.uniform(-0.8, 0.8)))
    if one.kind in ROOTED or dice.random() < 0.3:
        return replace(one, turn=turn)
    reach = 0.5 if place == "table" else 1.5
    return replace(
        one, turn=turn, x=one.x + dice.uniform(-reach, reach), z=max(2.8, one.z + dice.uniform(-reach, reach))
    )


def two_shots(dice: Random) -> tuple[Image.Image, Image.Image]:
    """The same place twice, from two standpoints, at two times of the day."""
    first = scene(dice)
    there = dice.choice((-1, 1)) * dice.uniform(0.4, 1.2) * (0.4 if first.place == "table" else 1)
    camera = Camera(
        x=there,
        z=dice.uniform(-0.5, 0.7),
        pan=there * FOCAL / 9 + dice.uniform(-30, 30),
        tilt=dice.uniform(-18, 18),
        roll=dice.uniform(-3, 3),
    )
    return shot(first, Camera(), _light(dice)), shot(later(first, dice), camera, _light(dice))


def _light(dice: Random) -> Light:
    r, g, b = (dice.uniform(0.82, 1.12) for _ in range(3))
    return Light(cast=(r, g, b), gamma=dice.uniform(0.8, 1.3), side=dice.choice((-1, 1)), seed=dice.randrange(10**6))


def shot(of: Scene, camera: Camera, light: Light) -> Image.Image:
    """The photograph, SIZE pixels, with a little blur and grain."""
    horizon = HORIZON + camera.tilt
    frame = _background(of, camera, light, horizon)
    frame.paste(*_ground(of, camera, horizon))
    for thing in sorted(of.things, key=lambda one: -one.z):
        if thing.z - camera.z > 1.5:
            _stand(frame, thing, camera, light, horizon)
    return _developed(frame, camera, light)


def _at(x: float, z: float, camera: Camera, horizon: float) -> tuple[float, float, float]:
    """Where a point of the ground is in the frame, and how many pixels a unit is there."""
    scale = FOCAL / (z - camera.z)
    return SIZE[0] / 2 + (x - camera.x) * scale + camera.pan, horizon + EYE * scale, scale


def _background(of: Scene, camera: Camera, light: Light, horizon: float) -> Image.Image:
    """Sky with ridges, or a wall: twice as wide as what the camera sees of it, and SPARE pixels higher at both ends."""
    wide, dice = (SIZE[0] * 2, SIZE[1] + 2 * SPARE), Random(of.seed)
    back = _wall(wide, dice) if of.place == "table" else _sky(wide, dice, light)
    left = round(SIZE[0] / 2 - camera.pan + camera.x * FOCAL / FAR)
    top = round(SPARE + HORIZON - horizon)
    return back.crop((left, top, left + SIZE[0], top + SIZE[1]))


def _sky(size: tuple[int, int], dice: Random, light: Light) -> Image.Image:
    sky = gradient(size, dice.choice(("#4d86c6", "#7a9cc0", "#c98f6a")), "#e8eef2", "#ffffff")
    fog = clouds((size[0] // 4, size[1] // 4), light.seed, 3, 4)
    sky.paste("#ffffff", (0, 0), picture(np.clip(fog * 500 - 230, 0, 200)).resize(size))
    pen = ImageDraw.Draw(sky)
    for step in range(3):
        heights = clouds((size[0], 8), dice.randrange(10**6), 8 + 6 * step, 4)[4] * (110 - step * 26)
        tone = mix("#9fb2bf", dice.choice(("#31503a", "#51483c", "#3d4f66")), (step + 1) / 3)
        top = SPARE + HORIZON - 12 - heights + step * 8
        pen.polygon([(0, size[1]), *((x, float(top[x])) for x in range(0, size[0], 4)), (size[0], size[1])], fill=tone)
    return sky


def _wall(size: tuple[int, int], dice: Random) -> Image.Image:
    """Paper with stripes or dots, a shelf line, some frames."""
    one = "#" + "".join(f"{dice.randint(90, 225):02x}" for _ in range(3))
    two = mix(one, dice.choice(("#ffffff", "#000000")), dice.uniform(0.1, 0.3))
    wall, pitch = Image.new("RGB", size, one), dice.randint(26, 70)
    pen = ImageDraw.Draw(wall)
    for column in range(0, size[0], pitch):
        if dice.random() < 0.5:
            pen.rectangle((column, 0, column + pitch * 0.4, size[1]), fill=two)
        else:
            for row in range(0, size[1], pitch):
                pen.circle((column, row + column % 3 * 8), pitch * 0.16, fill=two)
    for _ in range(4):
        x, y, w, h = dice.randrange(size[0]), dice.randint(20, 100), dice.randint(70, 150), dice.randint(60, 130)
        pen.rectangle((x, y, x + w, y + h), fill=mix(one, "#2a2018", 0.7))
        wall.paste(_sketch((w - 16, h - 16), dice), (x + 8, y + 8))
    return wall


def _sketch(size: tuple[int, int], dice: Random) -> Image.Image:
    """What hangs in a frame: a few blots."""
    wash = clouds(size, dice.randrange(10**6), 3, 3)[..., None]
    first, second = (np.array([dice.randint(0, 255) for _ in range(3)], np.float32) for _ in range(2))
    return picture(first + (second - first) * np.round(wash * 4) / 4)


def _ground(of: Scene, camera: Camera, horizon: float) -> tuple[Image.Image, tuple[int, int], Image.Image]:
    """The floor in perspective, with the mask of where it is."""
    dice = Random(of.seed + 1)
    dark, light = (np.array(rgb(tone), np.float32) for tone in dice.choice(GROUNDS[of.place]))
    texture = picture(dark + (light - dark) * clouds((1024, 1024), of.seed, 60, 4)[..., None])
    pen, joint, tiled = ImageDraw.Draw(texture), tuple(int(level * 0.8) for level in dark), dice.random() < 0.5
    for at in range(0, 1024, dice.choice((32, 48, 64))):
        for line in ([(at, 0), (at, 1024)], [(0, at), (1024, at)]) if tiled else ([(at, 0), (at, 1024)],):
            pen.line(line, fill=joint, width=2)
    world = ((-14.0, FAR), (14.0, FAR), (14.0, 2.2), (-14.0, 2.2))
    to = np.array([_at(x, z + max(0.0, camera.z), camera, horizon)[:2] for x, z in world], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(corners(1024, 1024), np.float32), to)
    floor = cv2.warpPerspective(
        np.asarray(texture), matrix, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).rectangle((0, float(to[0][1]), *SIZE), fill=255)
    return Image.fromarray(floor), (0, 0), mask


GROUNDS = {
    "street": (("#55585c", "#7b7d80"), ("#8a7f70", "#a89c8a")),
    "park": (("#3c6b34", "#79a25a"), ("#6d6a3f", "#9b935a")),
    "table": (("#6b4a2f", "#9a7248"), ("#c7bda9", "#e2d9c8"), ("#31363d", "#525a63")),
}


def _stand(frame: Image.Image, thing: Thing, camera: Camera, light: Light, horizon: float) -> None:
    """The thing on its shadow."""
    x, foot, scale = _at(thing.x, thing.z, camera, horizon)
    side = round(thing.tall * scale)
    if not (-side < x < SIZE[0] + side and side > 8):
        return
    tile = drawn(thing, light.side).resize((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    shade = Image.new("L", (side * 2, side // 2))
    ImageDraw.Draw(shade).ellipse((side * 0.5, side * 0.15, side * 1.5, side * 0.35), fill=130)
    soft = shade.filter(ImageFilter.BoxBlur(max(1, side // 24)))
    frame.paste("#0a0c10", (round(x - side - light.side * side * 0.16), round(foot - side * 0.27)), soft)
    frame.paste(tile, (round(x - side / 2), round(foot - side)), tile)


def _developed(frame: Image.Image, camera: Camera, light: Light) -> Image.Image:
    """Held askew, exposed, and with grain."""
    values = np.asarray(frame.rotate(camera.roll, Image.Resampling.BICUBIC), np.float32)
    margin = 24 if camera.roll else 0
    values = values[margin : SIZE[1] - margin, margin : SIZE[0] - margin]
    lit = 255 * (np.clip(values / 255, 0, 1) ** light.gamma) * np.array(light.cast, np.float32)
    soft = cv2.GaussianBlur(lit.astype(np.float32), (0, 0), 0.8)
    grain = np.random.default_rng(light.seed).standard_normal((*soft.shape[:2], 1), np.float32)
    return picture(soft + 5 * grain)
