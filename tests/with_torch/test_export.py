"""Exported networks are the same networks: the files alone, and through the commands."""

from pathlib import Path

import numpy as np
import pytest

from embed.models.clip import ClipEmbedder
from embed.models.clip_onnx import OnnxClip, of_folder
from embed.models.export import export
from embed.models.resnet import ResNetEmbedder
from tests.e2e.command import resight
from tests.with_torch.conftest import CAPTIONS, drawings, pictures

TEXTS = (
    *CAPTIONS.values(),
    "A photo of a cat's paw, isn't it?",
    "“quotes” — dash… &amp;amp; naïve café №5",
    "一只红色的运动鞋",
    "😀 👩‍👩‍👧 #hash-tag_under @user",
    "ǅ İstanbul ΑΣ  \t  tabs\nand lines",
    "very long " * 80,
    "",
)


@pytest.fixture(scope="module")
def exported(clip_folder: Path) -> Path:
    folder = clip_folder.parent / "exported"
    export(ClipEmbedder("local-dir", str(clip_folder)), folder)
    return folder


def test_an_exported_clip_is_the_same_model(clip_folder: Path, exported: Path) -> None:
    """Pictures of any shape and words of any script lie within 0.001 of torch's."""
    first, second = ClipEmbedder("local-dir", str(clip_folder)), of_folder(exported)

    assert isinstance(second, OnnxClip)
    assert second.embed(pictures()) == pytest.approx(first.embed(pictures()), abs=1e-3)
    assert second.embed_text(TEXTS) == pytest.approx(first.embed_text(TEXTS), abs=1e-3)
    assert second.embed_text([]).shape == (0, first.spec.dim)


def test_an_exported_resnet_is_the_same_model(resnet_file: Path, tmp_path: Path) -> None:
    """2,048 numbers within 0.001 of torch's; there are no words."""
    first = ResNetEmbedder(str(resnet_file))
    export(first, tmp_path / "resnet")
    second = of_folder(tmp_path / "resnet")

    assert not isinstance(second, OnnxClip)
    assert second.embed(pictures()) == pytest.approx(first.embed(pictures()), abs=1e-3)


def test_the_commands_export_and_compare(clip_folder: Path, tmp_path: Path) -> None:
    """`models export` writes the folder, `models verify` finds it equal, and a model of another size unequal."""
    home, name = tmp_path / "data", f"clip:local-dir:{clip_folder}"
    made = resight(home, "models", "export", name, tmp_path / "mine", "--json")
    same = resight(home, "models", "verify", name, f"onnx:{tmp_path / 'mine'}", "--json")
    other = resight(home, "models", "verify", name, "sscd")
    no = resight(home, "models", "export", "sscd", tmp_path / "no")

    assert (made.code, made.lines[0]["files"]) == (
        0, ["image.onnx", "image.json", "text.onnx", "tokenizer.json", "text.json"],
    )  # fmt: skip
    assert (same.code, [line["what"] for line in same.lines]) == (0, ["pictures", "words"]), same.sentence
    assert max(line["difference"] for line in same.lines) < 1e-3
    assert (other.code, "not the same" in other.sentence) == (3, True)
    assert (no.code, "can't be exported" in no.sentence) == (2, True)


def test_a_catalogue_answers_copies_and_words(clip_folder: Path, exported: Path, tmp_path: Path) -> None:
    """Two vectors a reference: the copy is found by one and words by the other, with CLIP on torch and then without."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for key, image in drawings().items():
        image.save(folder / f"{key}.png")
    drawings()["five-koi"].resize((300, 225)).save(tmp_path / "copy.jpg")
    home = tmp_path / "data"
    added = resight(home, "add", folder)
    assert added.code == 0, added.sentence
    for model in (f"clip:local-dir:{clip_folder}", f"onnx:{exported}"):
        words = resight(home, "search", "--text", "five koi in a pond", "--json", RESIGHT_SEMANTIC_MODEL=model)
        copy = resight(home, "search", tmp_path / "copy.jpg", "--json", RESIGHT_SEMANTIC_MODEL=model)
        assert words.lines[0]["similar"][0]["key"] == "pictures/five-koi.png", words.sentence
        assert copy.lines[0]["verdict"] == "match", copy.sentence
        assert np.isfinite(words.lines[0]["similar"][0]["score"])
