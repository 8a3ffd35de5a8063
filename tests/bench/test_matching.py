"""What the matching benchmark asks and how it counts: the same for every method, and nothing twice."""

from collections.abc import Sequence
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from bench.matching_figures import Method, confidences, ours, theirs
from bench.matching_peers import Marks, Peer
from bench.matching_pictures import AUGLY, FULL, QUICK, TOLD, Query, Size, copies
from bench.matching_plots import per_edit, reliable, trade_offs
from bench.matching_run import Answer, Pair
from bench.matching_table import Figure, edit_table, figures
from bench.photos import TILE_SIDE, originals, tiles
from core.types import Kind, Outcome
from lab.edits.suite import SUITE

EMPTY = Marks(phash=None, pdq=None, vector=None)


def pair(key: str, kind: Kind = Kind.EDITED, confidence: float = 0.9) -> Pair:
    return Pair(key=key, kind=kind, confidence=confidence, score=float(np.log(confidence / (1 - confidence))))


def answer(edit: str, *pairs: Pair, right: str | None = "a", like: str | None = None) -> Answer:
    query = Query(picture="a", edit=edit, draw=bytes, right=right, like=like)
    return Answer(query=query, outcome=Outcome.REVIEW, pairs=pairs, marks=EMPTY)


def judged(*answers: Answer, at: float = 0.5) -> Method:
    return ours(answers, at)


def test_tiles_share_no_pixel() -> None:
    """Two references from one photograph are two pictures."""
    names = ("chelsea.png",)
    (photo,) = originals(names)
    made = dict(tiles(names))

    assert list(made) == ["chelsea-0", "chelsea-1"]
    for number, tile in enumerate(made.values()):
        part = photo.crop((number * (photo.width // 2), 0, (number + 1) * (photo.width // 2), photo.height))
        assert max(tile.size) == TILE_SIDE
        assert np.array_equal(np.asarray(part.resize(tile.size, Image.Resampling.LANCZOS)), np.asarray(tile))


@pytest.mark.parametrize("size", [FULL, QUICK])
def test_every_edit_is_asked_and_those_of_the_table_most(size: Size) -> None:
    """No edit of the suite is left out; no query is there twice."""
    known = {f"{number:02}": lambda: Image.new("RGB", (8, 8)) for number in range(30)}
    asked = list(copies(known, size))
    count = {edit: sum(one.edit == edit for one in asked) for edit in SUITE}

    assert min(count.values()) >= 1
    assert min(count[edit] for edit in TOLD) == min(size.told, len(known))
    assert count[AUGLY] == 3 * count[TOLD[0]]
    assert len({one.draw.args[1:] for one in asked}) == len(asked)  # type: ignore[attr-defined]


def test_found_means_called_a_copy_of_the_right_reference() -> None:
    """Neither a look-alike kind nor another reference counts, nor less confidence than asked for."""
    said = [
        answer("mirror", pair("a")),
        answer("mirror", pair("a", Kind.TEMPLATE)),
        answer("mirror", pair("b")),
        answer("mirror", pair("a", confidence=0.4)),
    ]

    assert judged(*said).found(["mirror"]) == 0.25
    assert judged(*said, at=0.3).found(["mirror"]) == 0.5
    assert [one.mistaken for one in judged(*said).copies] == [False, False, True, False]
    assert [one.alarmed for one in judged(*said).copies] == [False, False, True, False]


def test_a_shared_template_may_be_called_contained_and_nothing_else() -> None:
    """The picture below other words is really there; an app's layout is not."""
    kinds = (Kind.EDITED, Kind.CONTAINED, Kind.TEMPLATE)
    meme, screen = (
        judged(*(answer(kind, pair("x", one), right=None, like="x") for one in kinds)).look_alikes(kind)
        for kind in ("same_template", "same_ui")
    )

    assert meme == pytest.approx(1 / 3)
    assert screen == pytest.approx(2 / 3)


def test_look_alikes_are_no_strangers() -> None:
    """They are counted on their own, and neither precision nor calibration sees them."""
    said = [answer("mirror", pair("a")), answer("same_ui", pair("x"), right=None, like="x")]

    assert judged(*said).uap() == 1.0
    assert confidences(said)[0] == pytest.approx([0.9])
    assert confidences(said)[1] == [True]
    assert judged(*said).strangers == []


def test_peers_are_judged_by_all_references() -> None:
    """A peer's score is how like the right reference is; the likest other one is its false alarm."""
    known = {key: Marks(phash=None, pdq=None, vector=np.eye(3, dtype=np.float32)[row]) for row, key in enumerate("abc")}
    seen = Marks(phash=None, pdq=None, vector=np.array([0.8, 0.6, 0.0], np.float32))
    query = Query(picture="a", edit="mirror", draw=bytes, right="a", collection="references")
    said = Answer(query=query, outcome=Outcome.CLEAN, pairs=(), marks=seen)
    peer = Peer(name="SSCD >= 0.75", attribute="vector", found_at=0.75)

    (one,) = theirs(peer, [said], {"references": known}).judged

    assert (one.found, one.alarmed, one.mistaken) == (True, False, False)
    assert (one.true, *one.wrong) == pytest.approx((0.8, 0.6, 0.0))


@pytest.mark.parametrize(
    ("value", "at_least", "said"),
    [(0.98, True, "yes"), (0.97, True, "**NO**"), (0.99, False, "**NO**"), (None, True, "")],
)
def test_a_figure_says_whether_its_target_is_reached(value: float | None, at_least: bool, said: str) -> None:
    """What could not be measured is neither reached nor missed."""
    assert Figure(what="x", ours=value, target=0.98, at_least=at_least).reached == said


def everything() -> Sequence[Answer]:
    copied = [answer(edit, pair("a"), pair("b", Kind.SIMILAR, 0.1)) for edit in SUITE]
    return [*copied, *(answer("unedited", pair("b", Kind.SIMILAR, 0.2), right=None) for _ in range(30))]


def test_tables_have_a_cell_for_every_head() -> None:
    """Markdown shows them as tables."""
    said = everything()
    method = ours(said)

    for line in edit_table([method, method]).splitlines():
        assert line.count("|") == 5
    assert {row.line().count("|") for row in figures(said, method, [method])} == {6}


def test_drawings_are_well_formed() -> None:
    """A browser draws them."""
    said = everything()
    method = ours(said)

    for drawing in (per_edit([method, method]), trade_offs([method]), reliable(said)):
        assert ElementTree.fromstring(drawing).tag == "{http://www.w3.org/2000/svg}svg"
