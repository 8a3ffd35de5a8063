"""Any ONNX file: its input is read from the graph, the rest from a JSON beside it, and nonsense is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from core.errors import EnvironmentTrouble
from embed.models.onnx import OnnxEmbedder
from tests.small import photograph

DIM = 12


def network(path: Path, shape: list[int | str], kind: int = TensorProto.FLOAT, inputs: int = 1) -> Path:
    """A network that averages 4 x 4 cells, or nearly so, and multiplies by a fixed matrix."""
    first = shape[1:2] == [3]
    weights = np.random.default_rng(1).normal(size=(3 * 16, DIM)).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["image"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["floats"], ["planes"], perm=[0, 1, 2, 3] if first else [0, 3, 1, 2]),
        helper.make_node("Resize", ["planes", "", "", "sizes"], ["small"], mode="linear", antialias=1),
        helper.make_node("Flatten", ["small"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["embedding"]),
    ]
    graph = helper.make_graph(
        nodes,
        "cells",
        [helper.make_tensor_value_info(name, kind, shape) for name in ("image", "more")[:inputs]],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", DIM])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(np.array([1, 3, 4, 4]), "sizes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(path))
    return path


def pixels(key: str = "chelsea") -> Any:
    return np.asarray(photograph(key))


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (["n", 3, 64, 64], TensorProto.FLOAT),
        (["n", 64, 64, 3], TensorProto.UINT8),
        (["n", 3, "high", "wide"], TensorProto.FLOAT16),
        ([1, "high", "wide", 3], TensorProto.FLOAT),
    ],
)
def test_the_input_is_read_from_the_graph(tmp_path: Path, shape: list[int | str], kind: int) -> None:
    """Channels first or last, bytes or floats, of a fixed size or any: a picture goes in, a unit vector comes out."""
    embedder = OnnxEmbedder(network(tmp_path / "cells.onnx", shape, kind))
    one, same, other = embedder.embed([pixels(), pixels()[::2, ::2], pixels("coffee")])

    assert embedder.spec.dim == DIM == len(one)
    assert embedder.spec.input_size == (64 if 64 in shape else 224)
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5)
    assert one @ same > one @ other
    assert one @ same > 0.99
    assert embedder.embed([]).shape == (0, DIM)


def test_the_recipe_stands_beside_the_file(tmp_path: Path) -> None:
    """Resize, mean, std and floor come from the JSON, and another recipe is another space."""
    path = network(tmp_path / "cells.onnx", ["n", 3, "high", "wide"])
    plain = OnnxEmbedder(path)
    said = {"resize": "crop", "size": 96, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "floor": 0.7}
    path.with_suffix(".json").write_text(json.dumps(said), encoding="utf-8")
    told = OnnxEmbedder(path)

    assert (told.spec.resize, told.spec.input_size, told.spec.floor) == ("pillow-crop", 96, 0.7)
    assert told.spec.space_id != plain.spec.space_id
    assert not np.allclose(told.embed([pixels()]), plain.embed([pixels()]), atol=1e-3)


@pytest.mark.parametrize(
    "said", ["[]", "{", '{"resize": "fold"}', '{"mean": [1, 2]}', '{"std": [0, 1, 1]}', '{"size": "large"}', '{"x": 1}']
)
def test_a_wrong_recipe_is_told(tmp_path: Path, said: str) -> None:
    """One sentence names the file."""
    path = network(tmp_path / "cells.onnx", ["n", 3, 64, 64])
    path.with_suffix(".json").write_text(said, encoding="utf-8")

    with pytest.raises(EnvironmentTrouble, match=r"^'cells\.json' .+\.$"):
        OnnxEmbedder(path)


@pytest.mark.parametrize(
    ("shape", "inputs"), [(["n", 4, 64, 64], 1), (["n", 3, 64], 1), (["n", 3, 64, 64], 2), (["n", 64], 1)]
)
def test_a_graph_that_takes_no_pictures_is_refused(tmp_path: Path, shape: list[int | str], inputs: int) -> None:
    """Four channels, three axes or two inputs: the sentence says what it must be."""
    graph = helper.make_graph(
        [helper.make_node("Identity", ["image"], ["embedding"])],
        "none",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("image", "more")[:inputs]],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, shape)],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), tmp_path / "x.onnx")

    with pytest.raises(EnvironmentTrouble, match="takes no pictures"):
        OnnxEmbedder(tmp_path / "x.onnx")


def test_what_is_no_model_file_is_told(tmp_path: Path) -> None:
    """A missing file and one with other bytes have their sentence."""
    (tmp_path / "text.onnx").write_text("not a network", encoding="utf-8")

    with pytest.raises(EnvironmentTrouble, match="There is no model file"):
        OnnxEmbedder(tmp_path / "none.onnx")
    with pytest.raises(EnvironmentTrouble, match="no ONNX file"):
        OnnxEmbedder(tmp_path / "text.onnx")
