"""How a picture becomes the input of a network that looks at one square of fixed size.

    picture --resize: stretched, or its shorter side fitted and the middle cut out--> bytes --mean, std--> floats

    {"resize": "crop", "mean": [0.481, 0.458, 0.408], "std": [0.269, 0.261, 0.276], "size": 224, "floor": 0.6}

Such a JSON stands beside a model file; what it leaves out is the usual case, that of ImageNet. The arithmetic is that
of torchvision's Resize and CenterCrop, which nearly all networks were trained with: half a pixel shifts an embedding.
"""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from core.errors import EnvironmentTrouble
from core.types import Pixels

SIZE = 224
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's training pictures, channel by channel: what most networks were trained with."""

FLOOR = 0.5
RESIZES = ("square", "crop")
INTERPOLATIONS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}

type Floats = np.ndarray[tuple[int, int, int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a picture becomes an input: where bytes go in, mean and std don't count.

    `resize`         "square" = stretched; "crop" = the middle, its shorter side fitted
    `interpolation`  "" = bilinear for a square, bicubic for a crop
    `crop_pct`       the middle's share of the shorter side
    `floor`, `mirror_invariant`   as in `core.looks.EmbedderSpec`
    """

    size: int = SIZE
    resize: str = "square"
    interpolation: str = ""
    crop_pct: float = 1.0
    mean: tuple[float, ...] = MEAN
    std: tuple[float, ...] = STD
    floor: float = FLOOR
    mirror_invariant: bool = False

    def pixels(self, image: Pixels) -> Pixels:
        """Return the input [size, size, 3] as bytes."""
        picture = Image.fromarray(image)
        if self.resize == "square":
            return np.asarray(picture.resize((self.size, self.size), self._filter))
        short, long = int(self.size / self.crop_pct), max(picture.size)
        fitted = [int(short * side / min(picture.size)) if side == long else short for side in picture.size]
        fitted = [short, short] if picture.width == picture.height else fitted
        left, top = (round((side - self.size) / 2) for side in fitted)
        whole = picture.resize((fitted[0], fitted[1]), self._filter)
        return np.asarray(whole.crop((left, top, left + self.size, top + self.size)))

    def floats(self, pixels: Pixels) -> Floats:
        """Return the input [size, size, 3], normalised."""
        mean, std = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        normalised: Floats = (pixels.astype(np.float32) / np.float32(255) - mean) / std
        return normalised

    def planes(self, image: Pixels) -> Floats:
        """Return the input [3, size, size], normalised, as torch networks take it."""
        return np.ascontiguousarray(self.floats(self.pixels(image)).transpose(2, 0, 1))

    @property
    def says(self) -> str:
        """The resize in words, for `EmbedderSpec.resize`."""
        usual = self._filter is (_usual(self.resize)) and self.crop_pct == 1
        return f"pillow-{self.resize}" + ("" if usual else f"-{self._filter.name.lower()}-{self.crop_pct:g}")

    @property
    def is_usable(self) -> bool:
        """Whether every value of the recipe is one that we can carry out."""
        is_known = self.resize in RESIZES and self.interpolation in ("", *INTERPOLATIONS)
        return is_known and self.size >= 8 and 0 < self.crop_pct <= 1 and _are_colours(self.mean, self.std)

    @property
    def _filter(self) -> Image.Resampling:
        return INTERPOLATIONS.get(self.interpolation, _usual(self.resize))

    def write(self, path: Path) -> None:
        """Write the JSON that `recipe_of` reads."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def _usual(resize: str) -> Image.Resampling:
    return Image.Resampling.BILINEAR if resize == "square" else Image.Resampling.BICUBIC


def _are_colours(mean: tuple[float, ...], std: tuple[float, ...]) -> bool:
    return len(mean) == len(std) == 3 and min(std) > 0


def recipe_of(model: Path, size: int | None = None) -> Recipe:
    """Return the recipe in the JSON beside a model file; raises EnvironmentTrouble with one sentence for nonsense.

    `size` is what the file itself says, if it does.
    """
    beside = model.with_suffix(".json")
    values = _read(beside) if beside.exists() else {}
    allowed = {field.name for field in fields(Recipe)}
    try:
        mean, std = tuple(map(float, values.pop("mean", MEAN))), tuple(map(float, values.pop("std", STD)))
        recipe = Recipe(**{"size": size or SIZE, **values}, mean=mean, std=std)
        right = recipe.is_usable
    except (TypeError, ValueError):
        right = False
    if not right:
        raise EnvironmentTrouble(
            f"'{beside.name}' can't be used: it may hold {', '.join(sorted(allowed - {'resize', 'mean', 'std'}))}, "
            "resize (square or crop), mean and std (three numbers each)."
        )
    return recipe


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = str(error).strip().partition("\n")[0].rstrip(".")
        raise EnvironmentTrouble(f"'{path.name}' can't be read as JSON: {why}.") from None
    return values if isinstance(values, dict) else {"": values}
