"""From what differs to same, unsettled or other: an answer for any numbers, and nothing told that it does not mean."""

import math
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import trees
from core.calibration_content import OTHER, SAME
from core.content import (
    BARE,
    PAIR_TREES,
    REGION_TREES,
    Judgement,
    differences,
    how_of,
    judged,
    pair_numbers,
    region_numbers,
    what_of,
)
from core.matches import Evidence
from core.reading import Reading, Region
from core.types import Box, Content, How, What

SHARE, COUNT = st.floats(0, 1), st.integers(0, 20_000)
ANY = st.floats()
ALIGNED = Evidence(inliers=40, pairs=60, agreement=0.97, windows=80, correlation=0.9, area=1.0, overlap=1.0)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, right = sorted((draw(SHARE), draw(SHARE)))
    top, bottom = sorted((draw(SHARE), draw(SHARE)))
    return left, top, right, bottom


def regions(number: st.SearchStrategy[float] = SHARE) -> st.SearchStrategy[Region]:
    """Regions with such numbers; box and count are what the reading can say."""
    shares = {one.name: number for one in fields(Region) if one.name not in ("box", "cells")}
    return st.builds(Region, box=boxes(), cells=st.integers(3, 20_000), **shares)


def readings(number: st.SearchStrategy[float] = SHARE) -> st.SearchStrategy[Reading]:
    shares = {one.name: number for one in fields(Reading) if one.name not in ("regions", "removed", "added")}
    some = st.lists(regions(number), max_size=6).map(tuple)
    return st.builds(Reading, regions=some, removed=COUNT, added=COUNT, **shares)


EVIDENCE = st.builds(
    Evidence, inliers=COUNT, agreement=SHARE, correlation=st.floats(-1, 1), words=COUNT, words_changed=COUNT
)


@given(EVIDENCE, readings(SHARE) | readings(ANY))
def test_any_reading_has_a_finite_score(evidence: Evidence, reading: Reading) -> None:
    """Infinite shares and what is no number among them: the pair and each of its regions have log-odds."""
    judgement = judged(evidence, reading)

    assert math.isfinite(judgement.score)
    assert len(judgement.regions) == len(reading.regions)
    assert all(map(math.isfinite, judgement.regions))
    assert judgement.content in Content


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_a_higher_score_is_never_less_other(score: float, more: float) -> None:
    """Same, unsettled, other: in that order, and the limits are what parts them."""
    order = [Content.SAME, Content.UNSETTLED, Content.OTHER]
    lower, higher = (order.index(Judgement(value, ()).content) for value in (score, score + more))

    assert lower <= higher
    assert SAME <= OTHER
    assert Judgement(OTHER, ()).content is Content.OTHER


@given(readings(), st.sampled_from(Content), st.lists(st.floats(-50, 50), min_size=6, max_size=6))
def test_what_is_told_has_a_place(reading: Reading, content: Content, scores: list[float]) -> None:
    """Each difference is one of the regions, in their order, with a box and an area within the picture."""
    told = differences(reading, Judgement(0.0, tuple(scores[: len(reading.regions)])), content)
    places = [one.box for one in reading.regions]

    at = 0
    for one in told:
        at = places.index(one.box, at) + 1
        left, top, right, bottom = one.box
        assert 0 <= left <= right <= 1
        assert 0 <= top <= bottom <= 1
        assert 0 <= one.area <= 1
        assert (one.before, one.after) == ("", "")


@given(readings(), st.lists(st.floats(-50, 50), min_size=6, max_size=6))
def test_nothing_is_exchanged_where_the_content_is_the_same(reading: Reading, scores: list[float]) -> None:
    """However high a region scores, and whatever it looks like."""
    told = differences(reading, Judgement(SAME - 1, tuple(scores[: len(reading.regions)])), Content.SAME)

    assert [one for one in told if one.how is How.EXCHANGED] == []


@given(readings(), st.sampled_from([Content.UNSETTLED, Content.OTHER]))
def test_a_region_that_scores_high_is_exchanged(reading: Reading, content: Content) -> None:
    """Where the content may be another one, exactly those are told as exchanged that were not bare in the reference."""
    scores = tuple(1.0 if number % 2 else -1.0 for number in range(len(reading.regions)))
    told = differences(reading, Judgement(0.0, scores), content)

    assert sum(one.how is How.EXCHANGED for one in told) == sum(
        score > 0 and min(one.ground_theirs, one.flat_theirs) <= BARE
        for one, score in zip(reading.regions, scores, strict=True)
    )


@given(regions())
def test_every_region_has_a_name(region: Region) -> None:
    """How it differs, and what kind of thing does: words only where both have strokes."""
    assert how_of(region) in How
    assert what_of(region) in What
    assert what_of(replace(region, strokes_ours=0.0)) is not What.WORDS


CALM = Region(box=(0.2, 0.2, 0.4, 0.4), area=0.04, cells=60, mass=0.1, calm=0.9, ring=0.9, fill=1.0)
LIKE: dict[str, tuple[Region, How, What]] = {
    "a caption on plain ground": (
        replace(CALM, added=1.0, ground_theirs=1.0, ground_ours=0.3),
        How.ADDED,
        What.PICTURE,
    ),
    "what stood on plain ground": (replace(CALM, removed=1.0, ground_ours=1.0), How.REMOVED, What.PICTURE),
    "a sticker on texture": (
        replace(CALM, unlike=1.0, calm=0.0, ring=0.1, met_ours=0.1, met_theirs=0.1),
        How.COVERED,
        What.PICTURE,
    ),
    "another word on the same ground": (
        replace(CALM, unlike=1.0, ground_ours=0.5, ground_theirs=0.5, strokes_ours=0.4, strokes_theirs=0.4),
        How.EXCHANGED,
        What.WORDS,
    ),
    "another colour": (replace(CALM, recoloured=1.0, ground_ours=0.5, ground_theirs=0.5), How.EXCHANGED, What.COLOUR),
}


@pytest.mark.parametrize("name", LIKE)
def test_regions_are_named_as_people_would(name: str) -> None:
    """Added, removed, covered, exchanged."""
    region, how, what = LIKE[name]

    assert (how_of(region), what_of(region)) == (how, what)


def test_where_nothing_differs_nothing_is_other() -> None:
    """A reading without a region, of a pair that agrees; what real pictures say is in tests/embed/pairs."""
    judgement = judged(ALIGNED, Reading(plain=0.3, typical=0.98))

    assert judgement.content is not Content.OTHER
    assert differences(Reading(), judgement, Content.UNSETTLED) == ()


def test_a_reading_of_nothing_says_that_all_agrees() -> None:
    """What differs is none of it, and what agrees is all of it."""
    said = {name: value for name, value in asdict(Reading()).items() if name != "regions"}
    all_of_it = {"known", "contrast", "weight_agrees", "weight_alike", "vivid_kept", "typical"}

    assert {name for name, value in said.items() if value} == all_of_it
    assert {said[name] for name in all_of_it} == {1.0}


def test_without_a_region_there_is_no_largest_one() -> None:
    """Its cells and its mass are what the one region has, and 0 where there is none."""
    region = Region(box=(0.1, 0.1, 0.2, 0.2), area=0.01, cells=7, mass=0.25)
    none, one = pair_numbers(ALIGNED, Reading(), []), pair_numbers(ALIGNED, Reading(regions=(region,)), [2.0])
    at = one.index(7.0)

    assert one[at : at + 2] == (7.0, 0.25)
    assert none[at : at + 2] == (0.0, 0.0)


def test_the_trees_ask_for_numbers_that_there_are() -> None:
    """A number that is taken out of the code, but not out of the fitted trees, would be found missing at a search."""
    reading = Reading(regions=(CALM,))

    assert trees.width(trees.trees(REGION_TREES)) <= len(region_numbers(ALIGNED, reading, CALM))
    assert trees.width(trees.trees(PAIR_TREES)) <= len(pair_numbers(ALIGNED, reading, [0.0]))
