"""ResNet50, and any other network of timm, as an embedding: the pooled features before the classifier (extra `clip`).

    resnet50:/path/weights.safetensors     a local file (.safetensors, .pth) of timm's or torchvision's weights
    resnet50:a1_in1k, resnet50:tv2_in1k    published weights, fetched by timm at first use; tv2 are torchvision's second
    timm:ARCHITECTURE:WEIGHTS              any other network

2,048 numbers a picture for ResNet50. They say what a picture looks like; for copies SSCD is far better. Source: He
et al., "Deep Residual Learning for Image Recognition", CVPR 2016; github.com/huggingface/pytorch-image-models.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from core.errors import EnvironmentTrouble, UsageError
from core.extras import pip_install
from core.looks import EmbedderSpec
from core.types import Pixels, Vectors
from embed.models.recipe import Recipe
from embed.models.torch_kit import Tower, local_file, told, torch_module, weights_sha256

FLOOR = 0.5


class ResNetEmbedder:
    """`core.model_ports.Embedder`; raises EnvironmentTrouble where it can't be loaded."""

    def __init__(self, weights: str, architecture: str = "resnet50") -> None:
        torch, timm = torch_module("ResNet50"), _package()
        if not weights:
            raise UsageError(f"{architecture} names no weights: add a file or a tag, such as {architecture}:a1_in1k.")
        self._name = architecture
        with told(f"'{architecture}' with '{weights}'"):
            self.network = _loaded(timm, architecture, weights)
            config = timm.data.resolve_model_data_config(self.network)
        self.recipe = recipe_of(config)
        self._tower = Tower(torch, self.network)

    @cached_property
    def spec(self) -> EmbedderSpec:
        """See `core.model_ports.Embedder.spec`."""
        sha256 = weights_sha256(self.network, self.recipe.mean, self.recipe.std)
        return self._tower.spec(self._name, sha256, self.network.num_features, self.recipe)

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:  # noqa: ARG002
        """Return embeddings [n, dim] of length 1, in batches."""
        return self._tower.rows([self.recipe.planes(image) for image in images], self.spec.dim)


def _loaded(timm: Any, architecture: str, weights: str) -> Any:
    """Return the network without its classifier, with any file of weights."""
    if not timm.is_model(architecture):
        raise EnvironmentTrouble(f"timm knows no architecture '{architecture}'.")
    if file := local_file(weights):
        overlay = {"file": str(file)}
        return timm.create_model(architecture, pretrained=True, num_classes=0, pretrained_cfg_overlay=overlay)
    return timm.create_model(f"{architecture}.{weights}", pretrained=True, num_classes=0)


def recipe_of(config: dict[str, Any]) -> Recipe:
    """Return what timm says about a network's input."""
    return Recipe(
        size=config["input_size"][-1],
        resize="square" if config.get("crop_mode") == "squash" else "crop",
        interpolation=config["interpolation"],
        crop_pct=config["crop_pct"],
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        floor=FLOOR,
    )


def _package() -> Any:
    try:
        import timm
    except ImportError:
        raise EnvironmentTrouble(f"ResNet50 needs timm, which is not installed: run `{pip_install('clip')}`.") from None
    return timm
