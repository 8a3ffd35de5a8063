"""CLIP on real open_clip: pictures and words meet, weights are required, and every failure is one sentence."""

from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image

from core.errors import EnvironmentTrouble, UsageError
from core.model_ports import TextEmbedder
from embed.models.clip import ClipEmbedder
from tests.with_torch.conftest import CAPTIONS, SIDE, drawings, pictures


@pytest.fixture(scope="module")
def clip(clip_folder: Path) -> ClipEmbedder:
    return ClipEmbedder("local-dir", str(clip_folder))


def test_words_find_their_picture(clip: ClipEmbedder) -> None:
    """What was learned is found: each caption is nearest to its drawing, and all vectors have length 1."""
    seen = clip.embed([np.asarray(image) for image in drawings().values()])
    read = clip.embed_text([CAPTIONS[key] for key in drawings()])

    assert isinstance(clip, TextEmbedder)
    assert seen.shape == read.shape == (len(CAPTIONS), clip.spec.dim)
    assert np.linalg.norm(np.concatenate([seen, read]), axis=1) == pytest.approx(1, abs=1e-5)
    assert (read @ seen.T).argmax(axis=1).tolist() == list(range(len(CAPTIONS)))


def test_the_input_is_open_clips_own(clip: ClipEmbedder, clip_folder: Path) -> None:
    """Our resize, crop and normalisation give the numbers of open_clip's own transform, bit for bit or nearly so."""
    _, _, prepare = open_clip.create_model_and_transforms(f"local-dir:{clip_folder}")

    for picture in pictures():
        theirs = prepare(Image.fromarray(picture)).numpy()
        assert clip.recipe.planes(picture) == pytest.approx(theirs, abs=1e-6)


def test_a_file_and_a_folder_with_the_same_weights_are_one_space(clip_folder: Path, tmp_path: Path) -> None:
    """An architecture with a .safetensors or a .pt file gives the same embeddings; other weights are another space."""
    weights = clip_folder / "open_clip_model.safetensors"
    first = ClipEmbedder("resight-tiny", str(weights))
    torch.save({"state_dict": first.network.state_dict()}, tmp_path / "same.pt")
    second = ClipEmbedder("resight-tiny", str(tmp_path / "same.pt"))
    torch.save({name: one * 1.01 for name, one in first.network.state_dict().items()}, tmp_path / "other.pt")
    third = ClipEmbedder("resight-tiny", str(tmp_path / "other.pt"))

    assert first.spec.space_id == second.spec.space_id != third.spec.space_id
    assert first.spec.input_size == SIDE
    assert np.array_equal(first.embed(pictures()), second.embed(pictures()))


def test_nothing_in_nothing_out(clip: ClipEmbedder) -> None:
    """No pictures and no words are no rows."""
    assert clip.embed([]).shape == clip.embed_text([]).shape == (0, clip.spec.dim)


def test_random_weights_are_refused() -> None:
    """open_clip would make a network of random numbers where none are named."""
    with pytest.raises(UsageError, match="names no weights"):
        ClipEmbedder("ViT-B-32", "")


def test_what_can_not_be_loaded_is_told(tmp_path: Path, resnet_file: Path) -> None:
    """Architectures and files that do not exist, broken files, and weights of another network."""
    (tmp_path / "broken.safetensors").write_bytes(b"not a tensor")
    wrong = [
        ("ViT-Q-99", str(resnet_file), "knows no architecture"),
        ("ViT-B-32", str(tmp_path / "none.pt"), "There is no model file"),
        ("resight-tiny", str(tmp_path / "broken.safetensors"), "can't be loaded"),
        ("resight-tiny", str(resnet_file), "can't be loaded"),
        ("resight-tiny", "no_such_tag", "can't be loaded"),
        ("local-dir", str(tmp_path), "can't be loaded"),
    ]
    for architecture, weights, sentence in wrong:
        with pytest.raises(EnvironmentTrouble, match=sentence) as told:
            ClipEmbedder(architecture, weights)
        assert "\n" not in str(told.value)
