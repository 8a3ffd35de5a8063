"""Networks on torch as ONNX files, so that serving them needs no torch and half the time: `resight models export`.

    ResNet50, timm, TorchScript --> image.onnx, image.json
    CLIP                        --> and text.onnx, tokenizer.json, text.json, where its tokenizer is CLIP's own

torch's older exporter is used: it covers all of them and needs no package but onnx.
"""

import json
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.errors import EnvironmentTrouble
from core.extras import pip_install
from embed.models.clip import ClipEmbedder
from embed.models.clip_onnx import IMAGE, NUMBERS, TEXT, TOKENIZER, Numbers
from embed.models.resnet import ResNetEmbedder
from embed.models.torch_kit import told, torch_module

OPSET = 17
WORDS = r"<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
"""How CLIP's tokenizer parts words (open_clip.tokenizer.SimpleTokenizer)."""


def export(model: ClipEmbedder | ResNetEmbedder, folder: Path) -> list[Path]:
    """Write the model's towers into a folder; the files, in order. Raises EnvironmentTrouble if a package lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    torch = torch_module("The export")
    side = model.recipe.size
    picture = torch.zeros(1, 3, side, side)
    if not isinstance(model, ClipEmbedder):
        return [*_image(torch, model.network, model, picture, folder)]
    made = _image(torch, _calling(torch, model.network, "encode_image"), model, picture, folder)
    return made + (_text(torch, model, folder) if _is_clips_own(model.tokenizer) else [])


def _image(torch: Any, network: Any, model: Any, picture: Any, folder: Path) -> list[Path]:
    path = folder / IMAGE
    _write(torch, network, picture, "image", path)
    model.recipe.write(path.with_suffix(".json"))
    return [path, path.with_suffix(".json")]


def _text(torch: Any, model: ClipEmbedder, folder: Path) -> list[Path]:
    tokenizer = model.tokenizer
    _write(torch, _calling(torch, model.network, "encode_text"), tokenizer(["a word"]), "text", folder / TEXT)
    _vocabulary(tokenizer).save(str(folder / TOKENIZER))
    numbers = Numbers(context=tokenizer.context_length, start=tokenizer.sot_token_id, end=tokenizer.eot_token_id)
    (folder / NUMBERS).write_text(json.dumps(asdict(numbers)) + "\n", encoding="utf-8")
    return [folder / TEXT, folder / TOKENIZER, folder / NUMBERS]


def _calling(torch: Any, network: Any, method: str) -> Any:
    """Return a module that calls one method of another: the exporter takes modules only."""

    class Called(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, value: Any) -> Any:
            return getattr(self.network, method)(value)

    return Called().eval()


def _write(torch: Any, network: Any, example: Any, name: str, path: Path) -> None:
    with told(path.name, "exported"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a trace: what is constant here is constant for us
        torch.backends.mha.set_fastpath_enabled(False)  # ONNX has no such operator
        torch.onnx.export(
            network.cpu(),
            (example,),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=[name],
            output_names=["embedding"],
            dynamic_axes={name: {0: "n"}, "embedding": {0: "n"}},
        )


def _is_clips_own(tokenizer: Any) -> bool:
    return type(tokenizer).__name__ == "SimpleTokenizer"


def _vocabulary(tokenizer: Any) -> Any:
    """Return CLIP's byte-pair encoding as a tokenizer of the package tokenizers."""
    try:
        from tokenizers import Regex, Tokenizer, models, pre_tokenizers
    except ImportError:
        raise EnvironmentTrouble(
            f"The export of words needs tokenizers: run `{pip_install('words', 'tokenizers')}`."
        ) from None
    merges = sorted(tokenizer.bpe_ranks, key=tokenizer.bpe_ranks.__getitem__)
    made = Tokenizer(models.BPE(vocab=dict(tokenizer.encoder), merges=merges, end_of_word_suffix="</w>"))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return made
