"""ResNet50 on real timm: the pooled 2,048 numbers of any file of weights, with the network's own preprocessing."""

from pathlib import Path

import numpy as np
import pytest
import timm
import torch
import torchvision
from PIL import Image

from core.errors import EnvironmentTrouble, UsageError
from embed.models.resnet import ResNetEmbedder
from tests.with_torch.conftest import pictures


@pytest.fixture(scope="module")
def resnet(resnet_file: Path) -> ResNetEmbedder:
    return ResNetEmbedder(str(resnet_file))


def test_a_resnet50_makes_2048_numbers(resnet: ResNetEmbedder) -> None:
    """The features before the classifier, of length 1, and the same for a smaller copy, nearly."""
    first, *_ = pictures()
    vectors = resnet.embed([first, first[::2, ::2], pictures()[1]])

    assert vectors.shape == (3, 2048) == (3, resnet.spec.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert resnet.embed([]).shape == (0, 2048)


def test_the_features_are_the_networks_own(resnet: ResNetEmbedder) -> None:
    """timm's own transform and pooling give the same direction."""
    config = timm.data.resolve_model_data_config(resnet.network)
    prepare = timm.data.create_transform(**config, is_training=False)
    with torch.inference_mode():
        theirs = resnet.network(prepare(Image.fromarray(pictures()[0]))[None])[0].numpy()

    assert resnet.embed(pictures()[:1])[0] == pytest.approx(theirs / np.linalg.norm(theirs), abs=1e-5)


def test_weights_of_torchvision_load_too(tmp_path: Path) -> None:
    """The files that torchvision publishes have the same names inside."""
    torch.manual_seed(3)
    torch.save(torchvision.models.resnet50().state_dict(), tmp_path / "resnet50.pth")

    assert ResNetEmbedder(str(tmp_path / "resnet50.pth")).embed(pictures()).shape == (3, 2048)


def test_what_can_not_be_loaded_is_told(tmp_path: Path) -> None:
    """No weights, no such network, no such file, no weights inside."""
    (tmp_path / "broken.pth").write_bytes(b"nothing")
    with pytest.raises(UsageError, match="names no weights"):
        ResNetEmbedder("")
    for weights, network, sentence in (
        (str(tmp_path / "broken.pth"), "resnet51", "knows no architecture"),
        (str(tmp_path / "none.pth"), "resnet50", "There is no model file"),
        (str(tmp_path / "broken.pth"), "resnet50", "can't be loaded"),
    ):
        with pytest.raises(EnvironmentTrouble, match=sentence):
            ResNetEmbedder(weights, network)
