"""The square that a network looks at: what is cut, what is stretched, and what a recipe may say."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EnvironmentTrouble
from embed.models.recipe import Recipe, recipe_of

SIDES = st.integers(1, 700)


@given(
    st.sampled_from(["square", "crop"]), st.sampled_from(["", "bilinear", "bicubic"]), st.floats(0.5, 1), SIDES, SIDES
)
def test_any_picture_becomes_the_square(resize: str, how: str, crop: float, width: int, height: int) -> None:
    """Strips of one pixel, huge squares: the input always has the network's size."""
    recipe = Recipe(size=32, resize=resize, interpolation=how, crop_pct=crop)

    assert recipe.is_usable
    assert recipe.planes(np.zeros((height, width, 3), np.uint8)).shape == (3, 32, 32)


def test_a_crop_shows_the_middle_and_a_square_everything() -> None:
    """A wide picture with a white left end: stretched it stays in sight, cropped it does not."""
    picture = np.zeros((100, 400, 3), np.uint8)
    picture[:, :60] = 255

    assert Recipe(size=50, resize="square").pixels(picture)[:, :4].min() > 200
    assert Recipe(size=50, resize="crop").pixels(picture).max() == 0


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    """Every number of a recipe survives its file."""
    recipe = Recipe(size=96, resize="crop", interpolation="bilinear", crop_pct=0.875, mean=(0.1, 0.2, 0.3), floor=0.7)
    recipe.write(tmp_path / "model.json")

    assert recipe_of(tmp_path / "model.onnx") == recipe


@pytest.mark.parametrize("said", [{"crop_pct": 0}, {"crop_pct": 1.5}, {"interpolation": "nearest"}, {"size": 4}])
def test_impossible_numbers_are_refused(tmp_path: Path, said: dict[str, object]) -> None:
    """One sentence that names the file and what it may hold."""
    (tmp_path / "model.json").write_text(json.dumps(said), encoding="utf-8")

    with pytest.raises(EnvironmentTrouble, match=r"^'model\.json' can't be used: it may hold .+\.$"):
        recipe_of(tmp_path / "model.onnx")


def test_another_resize_is_another_word() -> None:
    """The words go into the name of the space; the usual ones stay short."""
    says = [Recipe(resize="square").says, Recipe(resize="crop").says, Recipe(resize="crop", crop_pct=0.9).says]

    assert says == ["pillow-square", "pillow-crop", "pillow-crop-bicubic-0.9"]
