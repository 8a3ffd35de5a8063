"""Small networks with weights that are made here: a CLIP that has learned four drawings, and a ResNet50."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy

from core.types import Pixels
from lab.drawings.demo import demo_set

torch.set_num_threads(1)  # spinning threads fight over the cores
SIDE = 64
TINY: dict[str, Any] = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": SIDE, "layers": 2, "width": 64, "head_width": 32, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2},
}
PREPROCESS = {"size": SIDE, "mean": [0.48, 0.46, 0.41], "std": [0.27, 0.26, 0.28], "interpolation": "bicubic"}
CAPTIONS = {
    "five-koi": "five koi in a pond",
    "river-city": "a city at a river",
    "tin-duke": "a duke made of tin",
    "quillbird": "a bird with quills",
}
STEPS = 40
SHAPES = ((300, 200), (90, 160), (64, 64))


def drawings() -> dict[str, Image.Image]:
    """The drawings that have a caption."""
    return {one.key: one.draw() for one in demo_set() if one.key in CAPTIONS}


def pictures() -> list[Pixels]:
    """Three pictures of different shapes."""
    return [np.asarray(image.resize(size)) for image, size in zip(drawings().values(), SHAPES, strict=False)]


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `local-dir:` takes it: config and weights of a tiny CLIP that has learned the captions."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    folder.mkdir()
    config = {"model_cfg": TINY, "preprocess_cfg": PREPROCESS}
    (folder / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder.parent / "configs").mkdir()
    (folder.parent / "configs" / "resight-tiny.json").write_text(json.dumps(TINY), encoding="utf-8")
    open_clip.add_model_config(folder.parent / "configs")
    torch.manual_seed(1)
    network = learned(open_clip.create_model("resight-tiny"))
    weights = {name: one.contiguous() for name, one in network.state_dict().items()}
    save_file(weights, folder / "open_clip_model.safetensors")
    return folder


def learned(network: Any) -> Any:
    """The network after a few steps of CLIP's own loss on the drawings and their captions."""
    _, _, prepare = open_clip.create_model_and_transforms("resight-tiny")
    images = torch.stack([prepare(image) for image in drawings().values()])
    words = open_clip.get_tokenizer("resight-tiny")([CAPTIONS[key] for key in drawings()])
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    right = torch.arange(len(images))
    for _ in range(STEPS):
        image, text, scale = network(images, words)
        logits = scale * image @ text.T
        loss = cross_entropy(logits, right) + cross_entropy(logits.T, right)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.1
    return network


@pytest.fixture(scope="session")
def resnet_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole ResNet50 with its classifier, its weights random but always the same."""
    torch.manual_seed(2)
    path = tmp_path_factory.mktemp("models") / "resnet50.safetensors"
    save_file(timm.create_model("resnet50", pretrained=False).state_dict(), path)
    return path
