"""Hand-made features: each is a deterministic embedding that knows a small copy from another picture."""

import sys

import numpy as np
import pytest
from PIL import Image

from bot.models import HANDMADE, named
from core.errors import EnvironmentTrouble
from embed.models.handmade import FEATURES, HandMade
from embed.pdq import pdq
from tests.small import photograph

KEYS = ("astronaut", "chelsea", "coffee", "rocket")


def pixels(key: str, share: float = 1.0) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    image = photograph(key)
    return np.asarray(image.resize((round(image.width * share), round(image.height * share))))


@pytest.mark.parametrize("name", FEATURES)
def test_a_smaller_copy_is_nearest(name: str) -> None:
    """Of four photographs the one that was made smaller is the nearest to its copy, under cosine."""
    model = HandMade(name)
    known, copies = model.embed([pixels(key) for key in KEYS]), model.embed([pixels(key, 0.7) for key in KEYS])

    assert known.shape == (len(KEYS), model.spec.dim)
    assert known.dtype == np.float32
    assert np.linalg.norm(known, axis=1) == pytest.approx(1, abs=1e-5)
    assert (copies @ known.T).argmax(axis=1).tolist() == list(range(len(KEYS)))
    assert np.array_equal(known, HandMade(name).embed([pixels(key) for key in KEYS]))


@pytest.mark.parametrize("name", FEATURES)
def test_empty_pictures_have_finite_numbers(name: str) -> None:
    """One colour, one row, noise: no feature is no error and no infinity."""
    noise = np.random.default_rng(1).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    vectors = HandMade(name).embed([np.full((64, 64, 3), 90, np.uint8), np.zeros((1, 50, 3), np.uint8), noise])

    assert np.isfinite(vectors).all()
    assert HandMade(name).embed([]).shape == (0, FEATURES[name].dim)


def test_a_cosine_of_bits_counts_those_that_agree() -> None:
    """The distance of two PDQ hashes can be read from the cosine."""
    first, second = (pdq(pixels(key)).bits for key in KEYS[:2])
    one, other = HandMade("pdq").embed([pixels(key) for key in KEYS[:2]])
    differ = (int.from_bytes(first) ^ int.from_bytes(second)).bit_count()

    assert one @ other == pytest.approx(1 - differ / 128, abs=1e-5)


def test_every_feature_has_its_name() -> None:
    """What the settings take is what there is."""
    assert tuple(FEATURES) == HANDMADE
    assert {named(name).spec.name for name in HANDMADE} == set(HANDMADE)


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra one sentence says which it is."""
    monkeypatch.setitem(sys.modules, "pywt", None)

    with pytest.raises(EnvironmentTrouble, match=r"package pywt .*pip install 'pywavelets>="):
        HandMade("haar")


def test_colours_tell_apart_what_shapes_do_not() -> None:
    """The same picture in other colours keeps its shape and loses its colours."""
    plain = pixels("chelsea")
    green = np.asarray(Image.fromarray(plain).convert("L").convert("RGB")) * np.array([0.3, 1, 0.3])
    both = [plain, green.astype(np.uint8)]
    shape, colour = HandMade("hog").embed(both), HandMade("colour").embed(both)

    assert shape[0] @ shape[1] > 0.9 > colour[0] @ colour[1]
