"""A CLIP without torch: its words are tidied and numbered as open_clip does, and an incomplete folder is told."""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from core.errors import EnvironmentTrouble
from embed.models.clip_onnx import OnnxClip, Tokens, of_folder
from embed.models.onnx import OnnxEmbedder
from tests.embed.models.test_onnx import DIM, network, pixels

WORDS = {"<start>": 0, "<end>": 1, "a": 2, "red": 3, "sneaker": 4, "&": 5, '"': 6}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A picture network, a text network that adds up one row a token, and a tokenizer of whole words."""
    network(tmp_path / "image.onnx", ["n", 3, 64, 64])
    rows = np.random.default_rng(2).normal(size=(len(WORDS), DIM)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["rows", "text"], ["each"]),
            helper.make_node("ReduceSum", ["each", "axes"], ["embedding"], keepdims=0),
        ],
        "words",
        [helper.make_tensor_value_info("text", TensorProto.INT64, ["n", 8])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", DIM])],
        [numpy_helper.from_array(rows, "rows"), numpy_helper.from_array(np.array([1]), "axes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(tmp_path / "text.onnx"))
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="<end>"))  # it is no password
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "text.json").write_text(json.dumps({"context": 8, "start": 0, "end": 1}), encoding="utf-8")
    return tmp_path


def test_words_are_tidied_and_numbered(folder: Path) -> None:
    """Case, white space, entities and curly quotes make no difference; start and end stand around them."""
    tokens = Tokens(folder)

    assert tokens("a red sneaker").tolist() == [0, 2, 3, 4, 1, 0, 0, 0]
    assert tokens("  A\tRED\n sneaker ").tolist() == tokens("a red sneaker").tolist()
    assert tokens("a &amp;amp; “").tolist() == [0, 2, 5, 6, 1, 0, 0, 0]
    assert tokens("red " * 50).tolist() == [0, 3, 3, 3, 3, 3, 3, 1]
    assert tokens("").tolist() == [0, 1, 0, 0, 0, 0, 0, 0]


def test_both_towers_answer(folder: Path) -> None:
    """Pictures and words have the same number of dimensions, and length 1; the name is the folder's."""
    clip = of_folder(folder)
    assert isinstance(clip, OnnxClip)
    words = clip.embed_text(["a red sneaker", "a sneaker"])

    assert clip.spec.name == f"onnx-{folder.name}"
    assert words.shape == (2, DIM)
    assert np.linalg.norm(np.concatenate([words, clip.embed([pixels()])]), axis=1) == pytest.approx(1, abs=1e-5)


def test_pictures_alone_are_a_model_too(folder: Path) -> None:
    """Without text.onnx the folder holds a model that knows no words."""
    (folder / "text.onnx").unlink()

    assert type(of_folder(folder)) is OnnxEmbedder


def test_an_incomplete_folder_is_told(folder: Path, tmp_path: Path) -> None:
    """A missing picture network, a broken tokenizer: one sentence each."""
    (tmp_path / "empty").mkdir()
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")

    with pytest.raises(EnvironmentTrouble, match="There is no model file"):
        of_folder(tmp_path / "empty")
    with pytest.raises(EnvironmentTrouble, match="no complete export"):
        of_folder(folder)


def test_missing_packages_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the sentence says how to get it."""
    monkeypatch.setitem(sys.modules, "tokenizers", None)

    with pytest.raises(EnvironmentTrouble, match=r"pip install '?ftfy"):
        of_folder(folder)
