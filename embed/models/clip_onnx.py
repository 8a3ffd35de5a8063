"""An exported CLIP without torch: `onnx:/path/folder`, written by `resight models export` (extra `words`).

    image.onnx + image.json                      pictures (`embed.models.onnx`)
    text.onnx + tokenizer.json + text.json       words: tidied as open_clip does, numbered, and run

A folder that holds no text.onnx is a model of pictures alone.
"""

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import EnvironmentTrouble
from core.extras import pip_install
from core.types import Vectors
from embed.models.onnx import OnnxEmbedder
from embed.models.session import run, session
from embed.models.vectors import unit

IMAGE, TEXT, TOKENIZER, NUMBERS = "image.onnx", "text.onnx", "tokenizer.json", "text.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How many tokens a text has, and the numbers of the first and the last one."""

    context: int
    start: int
    end: int


def of_folder(folder: Path) -> OnnxEmbedder:
    """Return the model in an exported folder; raises EnvironmentTrouble where it can't be used."""
    return OnnxClip(folder) if (folder / TEXT).exists() else OnnxEmbedder(folder / IMAGE, folder.name)


class OnnxClip(OnnxEmbedder):
    """`core.model_ports.Embedder` and `TextEmbedder` over both exported towers."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / IMAGE, folder.name)
        self._text_path = folder / TEXT
        self._text = session(self._text_path)
        self._ids = Tokens(folder)

    def embed_text(self, texts: Sequence[str]) -> Vectors:
        """Return embeddings [n, dim] of length 1; of a long text the first words count."""
        rows = [run(self._text, self._text_path, "embedding", {"text": self._ids(text)[None]}) for text in texts]
        return unit(np.concatenate(rows)) if rows else np.empty((0, self.spec.dim), np.float32)


class Tokens:
    """A text as token numbers; equal to open_clip's SimpleTokenizer, from which the file was made."""

    def __init__(self, folder: Path) -> None:
        try:
            import ftfy
            from tokenizers import Tokenizer
        except ImportError:
            raise EnvironmentTrouble(
                f"Search by words needs the packages ftfy and tokenizers: run `{pip_install('words')}`."
            ) from None
        self._fixed = ftfy.fix_text
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._numbers = Numbers(**json.loads((folder / NUMBERS).read_text(encoding="utf-8")))
        except Exception as error:  # the tokenizer's library raises plain Exception
            raise EnvironmentTrouble(f"'{folder.name}' is no complete export of a CLIP: export it again.") from error

    def __call__(self, text: str) -> Any:
        """Return the token numbers, [context] of int64."""
        tidy = " ".join(html.unescape(html.unescape(self._fixed(text))).split()).lower()
        numbers = self._numbers
        inner = self._tokenizer.encode(tidy, add_special_tokens=False).ids[: numbers.context - 2]
        token_numbers = np.zeros(numbers.context, np.int64)
        token_numbers[: len(inner) + 2] = [numbers.start, *inner, numbers.end]
        return token_numbers
