"""A TorchScript file as an embedding: `torchscript:/path/sscd_disc_mixup.torchscript.pt` (extra `clip`).

Meta publishes SSCD so. Input: [n, 3, side, side], normalised; output: [n, dim]. What the file can't say stands in a
JSON beside it (`recipe.py`); without one pictures are stretched to 288 px and normalised as ImageNet's, as SSCD
wants it.
Source: github.com/facebookresearch/sscd-copy-detection.
"""

import hashlib
import warnings
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import EnvironmentTrouble
from core.looks import EmbedderSpec
from core.types import Pixels, Vectors
from embed.models.recipe import recipe_of
from embed.models.torch_kit import Tower, told, torch_module

SIZE = 288


class TorchScriptEmbedder:
    """`core.model_ports.Embedder` over such a file; raises EnvironmentTrouble where it can't be used."""

    def __init__(self, path: Path) -> None:
        self._torch = torch_module("A TorchScript file")
        if not path.is_file():
            raise EnvironmentTrouble(f"There is no model file '{path}'.")
        self._path = path
        with told(f"'{path.name}'"):
            self._tower = Tower(self._torch, _loaded(self._torch, path))
        self.recipe = recipe_of(path, SIZE)

    @cached_property
    def spec(self) -> EmbedderSpec:
        """See `core.model_ports.Embedder.spec`."""
        digest = hashlib.sha256(self._path.read_bytes())
        digest.update(repr((self.recipe.mean, self.recipe.std)).encode())
        name = f"torchscript-{self._path.name.partition('.')[0]}"
        return self._tower.spec(name, digest.hexdigest(), self._dim, self.recipe)

    @cached_property
    def _dim(self) -> int:
        """Known once a picture went through; raises EnvironmentTrouble for a file that takes no pictures."""
        gray = self.recipe.planes(np.full((8, 8, 3), 128, np.uint8))[None]
        with told(f"'{self._path.name}'"):
            rows = self._tower.run(self._torch.from_numpy(gray))
        if rows.ndim != 2 or len(rows) != 1:
            raise EnvironmentTrouble(f"'{self._path.name}' makes no embedding: its output must be [n, dim].")
        return int(rows.shape[1])

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:  # noqa: ARG002
        """Return embeddings [n, dim] of length 1, in batches."""
        return self._tower.rows([self.recipe.planes(image) for image in images], self._dim)


def _loaded(torch: Any, path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*torch.jit.*")
        return torch.jit.load(path, map_location="cpu")
