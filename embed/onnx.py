"""Any ONNX file that makes an embedding of a picture: `RESIGHT_MODEL=onnx:/path/model.onnx`.

    graph --input's shape and type--> layout: [n, 3, high, wide] or [n, high, wide, 3], bytes or floats, which size
    model.json beside it, if any  --> what no graph says: resize, mean, std, floor

    {"resize": "crop", "mean": [0.481, 0.458, 0.408], "std": [0.269, 0.261, 0.276], "size": 224, "floor": 0.6}

Without that file pictures are resized to a square, and floats are normalised as those of ImageNet, the usual case.
Bytes go in as they are: such a graph normalises by itself. A graph that is none of these is refused with one sentence.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from core.errors import EnvironmentTrouble
from core.looks import EmbedderSpec
from core.types import Pixels, Vectors
from embed.session import session

SIZE = 224
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's training pictures, channel by channel: what most networks were trained with."""

FLOOR = 0.5
TYPES = {"tensor(uint8)": np.uint8, "tensor(float)": np.float32, "tensor(float16)": np.float16}
RESIZES = ("square", "crop")
TINY = 1e-12

type Floats = np.ndarray[tuple[int, int, int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a picture becomes an input: of bytes only `resize` and `size` count."""

    size: int = SIZE
    resize: str = "square"
    mean: tuple[float, ...] = MEAN
    std: tuple[float, ...] = STD
    floor: float = FLOOR
    mirror_invariant: bool = False

    def pixels(self, image: Pixels) -> Pixels:
        """[size, size, 3]: stretched, or the middle of the picture with its shorter side fitted."""
        picture = Image.fromarray(image)
        if self.resize == "square":
            return np.asarray(picture.resize((self.size, self.size), Image.Resampling.BILINEAR))
        scale = self.size / min(picture.size)
        wide, high = (max(self.size, round(side * scale)) for side in picture.size)
        left, top = (wide - self.size) // 2, (high - self.size) // 2
        fitted = picture.resize((wide, high), Image.Resampling.BICUBIC)
        return np.asarray(fitted.crop((left, top, left + self.size, top + self.size)))

    def floats(self, pixels: Pixels) -> Floats:
        """[size, size, 3], normalised."""
        mean, std = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        found: Floats = (pixels.astype(np.float32) / np.float32(255) - mean) / std
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the graph's input says: which axis the channels are on, and what numbers it takes."""

    name: str
    output: str
    channels_first: bool
    kind: Any
    size: int | None

    @classmethod
    def of(cls, graph: Any, path: Path) -> "Layout":
        """From a session; raises EnvironmentTrouble for a graph that takes no pictures."""
        inputs = graph.get_inputs()
        shape = list(inputs[0].shape) if len(inputs) == 1 else []
        is_picture = len(shape) == 4 and inputs[0].type in TYPES and 3 in (shape[1], shape[3])
        if not is_picture:
            raise EnvironmentTrouble(
                f"'{path.name}' takes no pictures: its one input must be [n, 3, high, wide] or [n, high, wide, 3]."
            )
        first = shape[1] == 3
        sides = shape[2:] if first else shape[1:3]
        size = sides[0] if isinstance(sides[0], int) and sides[0] > 0 else None
        output = graph.get_outputs()[0].name
        return cls(name=inputs[0].name, output=output, channels_first=first, kind=TYPES[inputs[0].type], size=size)


class OnnxEmbedder:
    """`core.model_ports.Embedder` over such a file; raises EnvironmentTrouble where it can't be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._session = session(path)
        self._layout = Layout.of(self._session, path)
        self._recipe = recipe_of(path, self._layout.size)

    @cached_property
    def spec(self) -> EmbedderSpec:
        import onnxruntime

        recipe = self._recipe
        digest = hashlib.sha256(self._path.read_bytes())
        digest.update(repr((recipe.mean, recipe.std)).encode())
        return EmbedderSpec(
            name=f"onnx-{self._path.stem}",
            model_sha256=digest.hexdigest(),
            dim=self._dim,
            input_size=recipe.size,
            resize=f"pillow-{recipe.resize}",
            runtime="onnxruntime-" + onnxruntime.__version__.split(".")[0],
            precision=np.dtype(self._layout.kind).name,
            floor=recipe.floor,
            mirror_invariant=recipe.mirror_invariant,
        )

    @cached_property
    def _dim(self) -> int:
        """Known once a picture went through."""
        return int(self._rows(np.full((8, 8, 3), 128, np.uint8)).shape[1])

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:  # noqa: ARG002
        """Embeddings [n, dim] of length 1; one image a run, because on a CPU batches cost memory and gain nothing."""
        rows = [self._rows(image) for image in images]
        if not rows:
            return np.empty((0, self._dim), np.float32)
        vectors: Vectors = np.concatenate(rows)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), TINY)
        return vectors

    def _rows(self, image: Pixels) -> Vectors:
        pixels = self._recipe.pixels(image)
        ready = pixels if self._layout.kind is np.uint8 else self._recipe.floats(pixels).astype(self._layout.kind)
        row = np.ascontiguousarray(ready.transpose(2, 0, 1) if self._layout.channels_first else ready)[None]
        try:
            (found,) = self._session.run([self._layout.output], {self._layout.name: row})
        except Exception as error:  # onnxruntime has a dozen kinds, all without a common parent of their own
            raise EnvironmentTrouble(f"'{self._path.name}' can't be run: {_first_line(error)}.") from error
        return np.asarray(found, np.float32).reshape(1, -1)


def recipe_of(path: Path, size: int | None) -> Recipe:
    """What stands in the JSON beside the file; raises EnvironmentTrouble with one sentence for nonsense."""
    beside = path.with_suffix(".json")
    said = _read(beside) if beside.exists() else {}
    unknown = said.keys() - {"size", "resize", "mean", "std", "floor", "mirror_invariant"}
    try:
        mean, std = tuple(map(float, said.pop("mean", MEAN))), tuple(map(float, said.pop("std", STD)))
        recipe = Recipe(**{"size": size or SIZE, **said}, mean=mean, std=std)
        right = recipe.resize in RESIZES and len(mean) == len(std) == 3 and min(std) > 0 and recipe.size >= 8
    except (TypeError, ValueError):
        right = False
    if unknown or not right:
        raise EnvironmentTrouble(
            f"'{beside.name}' can't be used: it may hold size, resize (square or crop), mean and std (three numbers "
            "each), floor and mirror_invariant."
        )
    return recipe


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EnvironmentTrouble(f"'{path.name}' can't be read as JSON: {_first_line(error)}.") from None
    return said if isinstance(said, dict) else {"": said}


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
