"""What differs between two pictures, from their pixels to same, unsettled or other."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.content import differences, judged
from core.looks import Stages
from core.matches import Evidence
from core.types import Content, How, Pixels, Quad
from embed.pairs.overlay import overlay
from embed.pairs.pair_image import PairImage
from embed.pairs.reading import with_content
from embed.pairs.regions import read
from embed.pairs.verify import check
from embed.pictures import jpeg, pixels_of
from embed.runner import KEPT_SIDE
from lab.edits.suite import apply
from lab.families.suite import SEEN, UNSEEN, twins
from tests.small import drawn, photograph

WHOLE: Quad = ((0, 0), (1, 0), (1, 1), (0, 1))
WORDLESS = Stages(spoken=False)
EVIDENCE = Evidence(
    inliers=40, pairs=60, agreement=0.97, windows=80, correlation=0.9, area=1.0, overlap=1.0, quad=WHOLE
)
PLACES = st.floats(-0.4, 1.4)
POSTED = 640


def decoded(image: Image.Image, longest: int) -> Pixels:
    return pixels_of(jpeg(np.asarray(image.convert("RGB")), longest))


def told(query: Image.Image, reference: Image.Image) -> Evidence:
    """The evidence of a pair that was found as a whole, with what differs; nobody reads words."""
    ours, theirs = PairImage.of(decoded(query, POSTED)), PairImage.of(decoded(reference, KEPT_SIDE))
    return with_content(check(ours, ours, None, theirs), ours, theirs, WORDLESS, None, 0.0)[0]


@cache
def scribbled(seed: int) -> Pixels:
    """Shapes of many colours, small enough to be read a hundred times."""
    dice, image = np.random.default_rng(seed), Image.new("RGB", (160, 120), "white")
    for _ in range(25):
        left, top, wide, high = dice.integers(0, (150, 110, 60, 60))
        ImageDraw.Draw(image).rectangle((left, top, left + wide, top + high), tuple(dice.integers(0, 256, 3).tolist()))
    return np.asarray(image)


@pytest.mark.parametrize("key", ["river-city", "zorbacoin", "herbarium", "coffee", "astronaut"])
def test_a_picture_is_the_same_as_itself(key: str) -> None:
    """Nothing differs, and its content is the same; so is that of a copy at half its size."""
    image = photograph(key) if key in ("coffee", "astronaut") else drawn(key)
    for query in (image, image.resize((image.width // 2, image.height // 2))):
        found = told(query, image)

        assert found.content is Content.SAME
        assert found.differs == ()


@given(st.integers(0, 5), st.integers(0, 5), st.lists(st.tuples(PLACES, PLACES), min_size=4, max_size=4))
@settings(max_examples=60)
def test_whatever_is_read_lies_within_the_reference(ours: int, theirs: int, quad: list[tuple[float, float]]) -> None:
    """Two pictures, and a place that may be anywhere and of any shape: scores are finite, boxes are shares."""
    reading = read(overlay(scribbled(ours), scribbled(theirs), tuple(quad)))  # type: ignore[arg-type]
    judgement = judged(EVIDENCE, reading)

    assert np.isfinite((judgement.score, *judgement.regions)).all()
    for one in differences(reading, judgement, judgement.content):
        left, top, right, bottom = one.box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        assert 0 < one.area <= 1
        assert judgement.content is not Content.SAME or one.how is not How.EXCHANGED


PAIR = {"sheet_music": 1}
"""Which pair of a family is asked, if not the first: there one figure of a tablature differs, 5 px high at 448."""


@pytest.mark.parametrize("name", SEEN)
def test_a_look_alike_is_not_the_same(name: str) -> None:
    """One pair of each family that a fit may see: whatever else is said, nobody acts on it without a moderator."""
    both = twins(SEEN[name], PAIR.get(name, 0))

    assert told(both.query, both.reference).content is not Content.SAME


def test_look_alikes_of_unseen_families_are_told_apart() -> None:
    """One pair of each family that no fit has seen: hardly any is the same, most are other content."""
    said = [told(both.query, both.reference).content for both in (twins(one, 0) for one in UNSEEN.values())]

    assert said.count(Content.SAME) <= len(said) // 10
    assert said.count(Content.OTHER) >= len(said) // 2


def test_copies_of_unseen_families_are_copies() -> None:
    """Their references, compressed again: none is other content, most are surely the same."""
    known = {name: twins(one, 0).reference for name, one in UNSEEN.items()}
    said = [told(apply("recompress", image, name, 0), image).content for name, image in known.items()]

    assert said.count(Content.OTHER) == 0
    assert said.count(Content.SAME) >= len(said) // 2
