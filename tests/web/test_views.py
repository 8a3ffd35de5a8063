"""What the pages say about matches, without a page."""

from dataclasses import replace
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from core.cases import Case
from core.matches import Experience, Match, Verdict
from core.types import ImageEvent, Kind, Mode, Outcome, Platform, Quad, Reference, Space
from core.wording import Words
from web.outline import outline, placed
from web.views import case_view, match_view


def test_an_outline_ends_at_the_edges_of_the_picture() -> None:
    """A reference that reaches beyond a crop is drawn along the crop's edges."""
    beyond = ((-0.5, -0.5), (1.5, -0.5), (1.5, 1.5), (-0.5, 1.5))
    points = {tuple(map(float, point.split(","))) for point in outline(beyond).split()}

    assert points == {(0, 0), (100, 0), (100, 100), (0, 100)}


def test_an_outline_inside_stays_as_it_is() -> None:
    """What lies within the picture is not changed, and nothing is drawn for nothing."""
    inside = ((0.1, 0.2), (0.9, 0.2), (0.9, 0.8), (0.1, 0.8))

    assert set(outline(inside).split()) == {"10.0,20.0", "90.0,20.0", "90.0,80.0", "10.0,80.0"}
    assert outline(None) == ""
    assert outline(((2, 2), (3, 2), (3, 3), (2, 3))) == ""


@pytest.mark.parametrize(
    "quad",
    [
        ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
        ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0), (1.0, 1.0)),
        ((0.2, 0.1), (0.8, 0.0), (1.0, 0.9), (0.0, 1.0)),
    ],
)
def test_what_was_exchanged_is_outlined_where_it_lies(quad: Quad) -> None:
    """A box of the known image is found in the posted one: as it is, mirrored, and tilted."""
    found = [tuple(map(float, point.split(","))) for point in placed(quad, (0.5, 0, 1, 0.25)).split()]
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    box = np.array([[0.5, 0], [1, 0], [1, 0.25], [0.5, 0.25]], np.float32)
    wanted = cv2.perspectiveTransform(box[None], cv2.getPerspectiveTransform(square, np.array(quad, np.float32)))[0]

    assert np.allclose(found, 100 * wanted, atol=0.06)


def test_nothing_is_outlined_at_no_place() -> None:
    """Corners in one point, or outside of the picture, or none."""
    box = (0.1, 0.1, 0.2, 0.2)
    nowhere = (placed(None, box), placed(((0, 0),) * 4, box), placed(((2, 2), (3, 2), (3, 3), (2, 3)), box))

    assert nowhere == ("", "", "")


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_sentence_in_both_languages(kind: Kind) -> None:
    """A match is described with the title of what it matches, or with its key."""
    match = Match(reference=Reference(key="logo-7", collection="library"), kind=kind, confidence=0.9, cosine=0.9)

    assert "“logo-7”" in match_view(Words.of("en"), match).sentence
    assert "《logo-7》" in match_view(Words.of("zh"), match).sentence


def test_a_case_tells_how_such_matches_were_decided() -> None:
    """The card says it once somebody has decided, and what it made of this match."""
    match = Match(
        reference=Reference(key="logo", collection="library"),
        kind=Kind.EDITED,
        confidence=0.7,
        cosine=0.9,
        claimed=0.97,
    )
    case = Case(
        id=1,
        event=ImageEvent(
            space=Space(platform=Platform.WEB, community="web", channel="c"), message="1", image="0", author=""
        ),
        sha256="ff",
        verdict=Verdict(outcome=Outcome.REVIEW, matches=(match,)),
        mode=Mode.FLAG,
        would_have=(),
        opened_at=datetime(2026, 5, 1, tzinfo=UTC),
    )
    words, past = Words.of("en"), Experience(right=19, wrong=8)

    assert case_view(words, case).past == ""
    assert case_view(words, replace(case, experience=past)).past.startswith(
        "8 of 27 such matches were overturned here."
    )
    assert case_view(words, replace(case, experience=past)).past.endswith("(97 %).")
