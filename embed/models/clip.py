"""CLIP through open_clip: pictures and words in one space (extra `clip`).

    clip:ViT-B-32:/path/weights.safetensors    an architecture with a local file (.safetensors, .pt, .bin)
    clip:ViT-B-32:laion2b_s34b_b79k            ... with published weights, fetched by open_clip at first use
    clip:local-dir:/path/folder                a folder with open_clip_config.json and its weights

Without weights open_clip makes a network of random numbers and only logs that: here it is refused. Sources: Radford
et al., "Learning Transferable Visual Models From Natural Language Supervision", ICML 2021;
github.com/mlfoundations/open_clip.
"""

import os
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from core.errors import EnvironmentTrouble, UsageError
from core.extras import pip_install
from core.looks import EmbedderSpec
from core.types import Pixels, Vectors
from embed.models.recipe import Recipe
from embed.models.torch_kit import Tower, local_file, told, torch_module, weights_sha256
from embed.models.vectors import unit

FLOOR = 0.5
"""Cosine of pictures: those of two unrelated photographs are often above it, so it only spares the worst."""

LOCAL_DIR = "local-dir"
RESIZES = {"shortest": "crop", "squash": "square"}
"""open_clip's ways to resize, in our words; the third, "longest", pads."""


class ClipEmbedder:
    """`core.model_ports.Embedder` and `TextEmbedder`; raises EnvironmentTrouble where it can't be loaded."""

    def __init__(self, architecture: str, weights: str) -> None:
        self._torch = torch_module("CLIP")
        self._clip = _package()
        if not weights:
            raise UsageError(
                f"clip:{architecture} names no weights: add a file or a tag, such as clip:{architecture}:/path/file."
            )
        where = f"{LOCAL_DIR}:{weights}" if architecture == LOCAL_DIR else architecture
        self._name = weights.rstrip("/").rpartition("/")[2] if architecture == LOCAL_DIR else architecture
        with told(f"CLIP '{architecture}' with '{weights}'"):
            self.network = self._loaded(where, weights)
            self.tokenizer = self._clip.get_tokenizer(where)
        self.recipe = recipe_of(self.network.visual.preprocess_cfg)
        self._pictures = Tower(self._torch, self.network, self.network.encode_image)
        self._words = Tower(self._torch, self.network, self.network.encode_text)

    def _loaded(self, where: str, weights: str) -> Any:
        if where.startswith(LOCAL_DIR):
            return self._clip.create_model_from_pretrained(where, return_transform=False)
        if where not in self._clip.list_models():
            raise EnvironmentTrouble(f"open_clip knows no architecture '{where}'.")
        file = local_file(weights)
        return self._clip.create_model_from_pretrained(where, pretrained=str(file or weights), return_transform=False)

    @cached_property
    def spec(self) -> EmbedderSpec:
        """See `core.model_ports.Embedder.spec`."""
        sha256 = weights_sha256(self.network, self.recipe.mean, self.recipe.std)
        return self._pictures.spec(f"clip-{self._name}", sha256, self._dim, self.recipe)

    @cached_property
    def _dim(self) -> int:
        return int(self._words.run(self.tokenizer([""])).shape[1])

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:  # noqa: ARG002
        """Return embeddings [n, dim] of length 1, in batches."""
        return self._pictures.rows([self.recipe.planes(image) for image in images], self._dim)

    def embed_text(self, texts: Sequence[str]) -> Vectors:
        """Return embeddings [n, dim] of length 1; of a long text the first words count (77 tokens in most models)."""
        if not texts:
            return np.empty((0, self._dim), np.float32)
        return unit(self._words.run(self.tokenizer(list(texts))))


def recipe_of(config: dict[str, Any]) -> Recipe:
    """Return what open_clip says about a network's input; raises EnvironmentTrouble for a resize that we don't know."""
    size = config["size"] if isinstance(config["size"], int) else config["size"][0]
    resize = RESIZES.get(config.get("resize_mode", "shortest"))
    if resize is None:
        raise EnvironmentTrouble(f"This CLIP resizes pictures by '{config['resize_mode']}', which is not known here.")
    how = config.get("interpolation", "bicubic")
    return Recipe(
        size=size,
        resize=resize,
        interpolation="bicubic" if how == "random" else how,
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        floor=FLOOR,
    )


def _package() -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        import open_clip
    except ImportError:
        raise EnvironmentTrouble(
            f"CLIP needs open_clip, which is not installed: run `{pip_install('clip')}`."
        ) from None
    return open_clip
