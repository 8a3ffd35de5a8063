"""Photographs for the benchmarks: crops and tiles of those that scikit-image ships, about 1 megapixel each."""

import io
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import Image, ImageOps
from skimage import data

SIZE = (1152, 864)
FAMILIAR = ("astronaut.png", "chelsea.png", "coffee.png", "hubble_deep_field.jpg", "ihc.png", "motorcycle_left.png")
STRANGE = ("rocket.jpg", "camera.png", "coins.png", "moon.png", "brick.png", "gravel.png", "retina.jpg")
"""Two sets without a common photograph: references are cut from one, strangers from the other."""

MORE_STRANGE = ("cell.png", "clock_motion.png", "grass.png")
TILE, TILE_SIDE, MOST_TILES = 256, 640, 3
"""Pixels: about the side of a tile in its photograph, and the longer side that it is enlarged to; most tiles a side."""


@cache
def originals(names: tuple[str, ...]) -> list[Image.Image]:
    """Photographs that lie in scikit-image's own package, as RGB."""
    folder = Path(data.__file__).parent
    found = []
    for name in names:
        with Image.open(folder / name) as image:
            found.append(image.convert("RGB"))
    return found


def mosaics(count: int, seed: int = 1, names: tuple[str, ...] = FAMILIAR) -> Iterator[Image.Image]:
    """Pictures of four random crops each: as different from one another as the few originals allow."""
    dice = random.Random(seed)
    for _ in range(count):
        page = Image.new("RGB", SIZE)
        for left in (0, SIZE[0] // 2):
            for top in (0, SIZE[1] // 2):
                page.paste(_crop(dice, names), (left, top))
        yield page


def tiles(names: tuple[str, ...]) -> Iterator[tuple[str, Image.Image]]:
    """Each photograph cut into parts that do not overlap, enlarged to `TILE_SIDE` px, with their names."""
    for name, photo in zip(names, originals(names), strict=True):
        across, down = (min(MOST_TILES, max(1, round(side / TILE))) for side in photo.size)
        wide, high = photo.width // across, photo.height // down
        scale = TILE_SIDE / max(wide, high)
        for number in range(across * down):
            left, top = number % across * wide, number // across * high
            part = photo.crop((left, top, left + wide, top + high))
            size = (round(wide * scale), round(high * scale))
            yield f"{name.partition('.')[0]}-{number}", part.resize(size, Image.Resampling.LANCZOS)


def crops(count: int, seed: int, names: tuple[str, ...]) -> Iterator[Image.Image]:
    """Pictures of one random crop each."""
    dice = random.Random(seed)
    return (_crop(dice, names).resize(SIZE) for _ in range(count))


def _crop(dice: random.Random, names: tuple[str, ...]) -> Image.Image:
    photo = dice.choice(originals(names))
    share = dice.uniform(0.3, 0.6)
    wide, high = int(photo.width * share), int(photo.height * share)
    left, top = dice.randrange(photo.width - wide), dice.randrange(photo.height - high)
    part = photo.crop((left, top, left + wide, top + high)).resize((SIZE[0] // 2, SIZE[1] // 2))
    part = ImageOps.mirror(part) if dice.random() < 0.5 else part
    return Image.merge("RGB", dice.sample(part.split(), 3))


def jpeg(image: Image.Image, quality: int = 88) -> bytes:
    """The picture as a JPEG file."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def write(folder: Path, count: int, seed: int = 1, names: tuple[str, ...] = FAMILIAR) -> list[Path]:
    """Write that many JPEGs into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, picture in enumerate(mosaics(count, seed, names)):
        paths.append(folder / f"{number:05}.jpg")
        paths[-1].write_bytes(jpeg(picture))
    return paths
