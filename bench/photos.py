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
