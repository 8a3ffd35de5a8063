"""TorchScript files, as Meta publishes SSCD: loaded, normalised, and refused where they make no embedding."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import timm
import torch

from core.errors import EnvironmentTrouble
from embed.models.torchscript import TorchScriptEmbedder
from tests.with_torch.conftest import pictures


def traced(path: Path, network: torch.nn.Module) -> Path:
    """The network as a TorchScript file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # Meta's files are of this kind all the same
        torch.jit.trace(network.eval(), torch.zeros(1, 3, 64, 64)).save(str(path))
    return path


def test_a_torchscript_file_is_a_model(tmp_path: Path) -> None:
    """Its output on the normalised square is the embedding; the JSON beside it says how large that is."""
    torch.manual_seed(4)
    network = timm.create_model("resnet10t", pretrained=False, num_classes=0)
    path = traced(tmp_path / "sscd_tiny.torchscript.pt", network)
    path.with_suffix(".json").write_text(json.dumps({"size": 64, "floor": 0.3}), encoding="utf-8")
    model = TorchScriptEmbedder(path)
    with torch.inference_mode():
        theirs = network(torch.from_numpy(model.recipe.planes(pictures()[0])[None]))[0].numpy()

    assert model.embed(pictures()[:1])[0] == pytest.approx(theirs / np.linalg.norm(theirs), abs=1e-5)
    assert (model.spec.name, model.spec.dim, model.spec.floor) == ("torchscript-sscd_tiny", 512, 0.3)
    assert model.embed([]).shape == (0, 512)


def test_what_is_no_such_file_is_told(tmp_path: Path) -> None:
    """A missing file, other bytes, and a network that makes a map instead of a vector."""
    (tmp_path / "text.pt").write_text("no network", encoding="utf-8")
    with pytest.raises(EnvironmentTrouble, match="There is no model file"):
        TorchScriptEmbedder(tmp_path / "none.pt")
    with pytest.raises(EnvironmentTrouble, match="can't be loaded"):
        TorchScriptEmbedder(tmp_path / "text.pt")
    with pytest.raises(EnvironmentTrouble, match="makes no embedding"):
        _ = TorchScriptEmbedder(traced(tmp_path / "map.pt", torch.nn.Conv2d(3, 8, 3))).spec
