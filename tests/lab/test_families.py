"""Families of look-alikes draw the same frame with another thing in it, again and again.

What the pair check says of one pair of each family is in tests/embed/pairs/test_content.py.
"""

import sys
from collections.abc import Callable
from functools import cache
from random import Random

import cv2
import numpy as np
import pytest
from PIL import Image

from core.errors import EnvironmentTrouble
from core.types import What
from lab.families import kit, suite
from lab.families.fragments import FRAGMENTS
from lab.families.kit import PHOTOGRAPHS, Family, Twins, photograph, typeface
from lab.trial import UNEDITED

FAMILIES = {**suite.SEEN, **suite.UNSEEN}
SIDES = (400, 1200)
"""Of the longer side of a drawing, in pixels."""

VISIBLE = 12
"""Pixels at half size that a person sees to differ: a small digit has more."""

ONE_OF_EACH = ("invoice", "scoreboard", "trading_card", "qr_poster")


@cache
def drawn(name: str) -> Twins:
    return FAMILIES[name].twins(0)


def half(image: Image.Image) -> Image.Image:
    return image.reduce(2)


@pytest.mark.parametrize("name", FAMILIES)
def test_twins_share_size_and_differ_visibly(name: str) -> None:
    """The two of a pair are RGB, of one size, and show something else that can be seen at half size."""
    twins = drawn(name)

    assert twins.reference.mode == twins.query.mode == "RGB"
    assert twins.reference.size == twins.query.size
    assert SIDES[0] <= max(twins.reference.size) <= SIDES[1]
    assert suite.different(half(twins.reference), half(twins.query)) >= VISIBLE
    assert twins.differs in What
    assert twins.says


@pytest.mark.parametrize("name", FAMILIES)
def test_the_same_number_draws_the_same_pixels(name: str) -> None:
    """A pair can be drawn again on any machine."""
    again = FAMILIES[name].twins(0)

    assert again.reference.tobytes() == drawn(name).reference.tobytes()
    assert again.query.tobytes() == drawn(name).query.tobytes()
    assert again.says == drawn(name).says


@pytest.mark.parametrize(("number", "seed"), [(1, 0), (0, 1)])
def test_another_number_or_seed_draws_another_pair(number: int, seed: int) -> None:
    """A family has as many pairs as are asked for, and can be drawn anew when it has become too well known."""
    for name in ONE_OF_EACH:
        assert FAMILIES[name].twins(number, seed).reference.tobytes() != drawn(name).reference.tobytes()


def test_the_suite_is_as_large_as_it_says() -> None:
    """At least forty families, a third of them unseen, ten over photographs; enough pairs of each."""
    every = FAMILIES.values()

    assert len(FAMILIES) == len(suite.SEEN) + len(suite.UNSEEN) >= 40
    assert len(suite.UNSEEN) * 3 >= len(FAMILIES)
    assert sum(family.is_photographic for family in every) >= 10
    assert suite.SEEN_PAIRS >= 12
    assert suite.UNSEEN_PAIRS >= 30


def test_every_family_says_what_it_draws() -> None:
    """The page on families has a line for each."""
    assert [one.name for one in (*FAMILIES.values(), *FRAGMENTS.values()) if not one.says.endswith(".")] == []


def test_nobody_is_in_the_photographs() -> None:
    """Sheets of the families are shown in the documents: no person, no maker's product."""
    assert len(PHOTOGRAPHS) >= 12
    assert not {"astronaut.png", "camera.png", "motorcycle_left.png", "motorcycle_right.png"} & set(PHOTOGRAPHS)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_look_alikes_go_through_the_edits(name: str) -> None:
    """Every query comes as it is and under five edits, the same each time."""
    made, again = (dict(suite.negatives(FAMILIES[name], 0)) for _ in range(2))

    assert list(made) == [UNEDITED, *suite.EDITS]
    assert made[UNEDITED].tobytes() == drawn(name).query.tobytes()
    assert all(made[edit].tobytes() == again[edit].tobytes() for edit in made)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_true_copies_go_through_the_hard_edits(name: str) -> None:
    """Every reference comes under each hard edit, and under no other."""
    made = dict(suite.positives(FAMILIES[name], 0))

    assert list(made) == [*suite.HARD]
    assert {image.mode for image in made.values()} == {"RGB"}


@pytest.mark.parametrize("number", range(3))
def test_a_crop_still_shows_what_differs(number: int) -> None:
    """The crop of a query that shows nothing else than the reference would be a true copy of a part of it."""
    family = FAMILIES["invoice"]
    ((_, crop),) = suite.negatives(family, number, edits=("crop_75",))
    twins = family.twins(number)
    left, top = _place(twins.query, crop)
    box = (left, top, left + crop.width, top + crop.height)
    all_of_it = suite.different(twins.reference, twins.query)

    assert suite.different(twins.reference.crop(box), twins.query.crop(box)) >= suite.KEPT * all_of_it


def _place(whole: Image.Image, part: Image.Image) -> tuple[int, int]:
    """Where the part lies in the whole, pixel by pixel."""
    _, _, (left, top), _ = cv2.minMaxLoc(cv2.matchTemplate(np.asarray(whole), np.asarray(part), cv2.TM_SQDIFF))
    assert whole.crop((left, top, left + part.width, top + part.height)).tobytes() == part.tobytes()
    return left, top


@pytest.mark.parametrize("name", FRAGMENTS)
def test_fragments_are_of_unrelated_pictures(name: str) -> None:
    """What the strip stands on is another picture; drawn again it is the same pair."""
    for number in range(3):
        twins, again = (FRAGMENTS[name].twins(number) for _ in range(2))
        small = [image.resize((64, 64), Image.Resampling.BOX) for image in (twins.reference, twins.query)]

        assert twins.reference.width == twins.query.width
        assert suite.different(*small) > 0.3 * 64 * 64
        assert again.query.tobytes() == twins.query.tobytes()


@pytest.mark.parametrize("number", range(4))
def test_fragments_share_their_strip(number: int) -> None:
    """The foot of one lies in the other, pixel by pixel, at its foot or at its head."""
    twins = FRAGMENTS["footer"].twins(number)
    edges = [(0, 40), (-40, None)]
    strips = [np.asarray(twins.reference)[first:last] for first, last in edges]

    apart = [cv2.matchTemplate(np.asarray(twins.query), strip, cv2.TM_SQDIFF_NORMED).min() for strip in strips]
    assert min(apart) < 1e-4


@pytest.mark.parametrize(
    ("package", "use", "install"),
    [
        ("matplotlib", lambda: typeface("serif", 11), "matplotlib"),
        ("cvttf_NotoSansCJK_Regular", lambda: typeface("cjk", 11), "cvttf-notosanscjk-regular"),
        ("skimage", lambda: [photograph(Random(number), 8, 8) for number in range(9)], "scikit-image"),
    ],
)
def test_a_missing_package_is_named(
    package: str, use: Callable[[], object], install: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has not installed what the drawings need reads one sentence that says what to run."""
    monkeypatch.setitem(sys.modules, package, None)
    kit._photograph.cache_clear()
    typeface.cache_clear()

    with pytest.raises(EnvironmentTrouble, match=f"run `pip install '?{install}"):
        use()


def test_an_unknown_family_is_refused() -> None:
    """A mistyped name is no empty family."""
    with pytest.raises(KeyError):
        suite.family_of("no_such_family")
    assert isinstance(suite.family_of("invoice"), Family)
