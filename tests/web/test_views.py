"""What the pages say about matches, without a page."""

import pytest

from core.types import Kind, Match, Reference
from core.wording import Words
from web.outline import outline
from web.views import match_view, safe_link, sureness


@pytest.mark.parametrize(
    "confidence, said",
    [(1.0, "almost certainly (100 %)"), (0.999, "almost certainly (99 %)"), (0.7, "probably (70 %)"), (0.5, "perhaps")],
)
def test_confidence_is_said_in_words(confidence: float, said: str) -> None:
    """The word comes first, and only certainty is called 100 %."""
    assert sureness(Words.of("en"), confidence).startswith(said)


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


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//example.org", " https://x", "file:///x"])
def test_only_web_addresses_become_links(url: str) -> None:
    """Every other address is left out."""
    assert safe_link(url) == ""


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_sentence_in_both_languages(kind: Kind) -> None:
    """A match is described with the title of what it matches, or with its key."""
    match = Match(reference=Reference(key="logo-7", collection="library"), kind=kind, confidence=0.9, cosine=0.9)

    assert "“logo-7”" in match_view(Words.of("en"), match).sentence
    assert "《logo-7》" in match_view(Words.of("zh"), match).sentence
