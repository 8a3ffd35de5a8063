"""Any ONNX file that makes an embedding of a picture: `RESIGHT_MODEL=onnx:/path/model.onnx`.

    graph --input's shape and type--> layout: [n, 3, high, wide] or [n, high, wide, 3], bytes or floats, which size
    model.json beside it, if any  --> what no graph says: resize, mean, std, floor (`embed.models.recipe`)

Bytes go in as they are: such a graph normalises by itself. A graph that is none of these is refused with one sentence.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import EnvironmentTrouble
from core.looks import EmbedderSpec
from core.types import Pixels, Vectors
from embed.models.recipe import recipe_of
from embed.models.session import run, session
from embed.models.vectors import unit

TYPES = {"tensor(uint8)": np.uint8, "tensor(float)": np.float32, "tensor(float16)": np.float16}


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
        """Return the layout of a session's input; raises EnvironmentTrouble for a graph that takes no pictures."""
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

    def __init__(self, path: Path, name: str = "") -> None:
        self._path = path
        self._name = name or path.stem
        self._session = session(path)
        self._layout = Layout.of(self._session, path)
        self._recipe = recipe_of(path, self._layout.size)

    @cached_property
    def spec(self) -> EmbedderSpec:
        """See `core.model_ports.Embedder.spec`."""
        import onnxruntime

        recipe = self._recipe
        digest = hashlib.sha256(self._path.read_bytes())
        digest.update(repr((recipe.mean, recipe.std)).encode())
        return EmbedderSpec(
            name=f"onnx-{self._name}",
            model_sha256=digest.hexdigest(),
            dim=self._dim,
            input_size=recipe.size,
            resize=recipe.says,
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
        """Return embeddings [n, dim] of length 1; one image a run, because batches gain nothing on a CPU."""
        rows = [self._rows(image) for image in images]
        return unit(np.concatenate(rows)) if rows else np.empty((0, self._dim), np.float32)

    def _rows(self, image: Pixels) -> Vectors:
        pixels = self._recipe.pixels(image)
        ready = pixels if self._layout.kind is np.uint8 else self._recipe.floats(pixels).astype(self._layout.kind)
        row = np.ascontiguousarray(ready.transpose(2, 0, 1) if self._layout.channels_first else ready)[None]
        output = run(self._session, self._path, self._layout.output, {self._layout.name: row})
        return output.reshape(1, -1)
