"""The edit suite keeps its promises for any picture: repeatable, bounded, RGB, and never in its own company."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lab.drawings.demo import demo_set
from lab.edits.kit import LEAST_SIDE, MOST_PIXELS, Company, Dice, Drawn, alike
from lab.edits.suite import FAMILIES, HARD, SUITE, apply
from tests.documents import ROOT

SMALL = (240, 180)
ROWS = {"file": 6, "pixels": 15, "frame": 15, "overlay": 10, "company": 6, "screen": 6, "camera": 3, "chain": 5}


@cache
def picture(key: str = "river-city") -> Image.Image:
    return next(one for one in demo_set() if one.key == key).draw().resize(SMALL)


@cache
def pool() -> tuple[Image.Image, ...]:
    """Six pictures, the edited one among them: mirrored halves and colours of it would do no harm."""
    return (picture(), *(picture(one.key) for one in demo_set()[:5]))


def noise(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(5).integers(0, 255, (height, width, 3), dtype=np.uint8))


def made(name: str, seed: int = 0, key: str = "one") -> Image.Image:
    return apply(name, picture(), key, seed, pool())


def test_the_suite_covers_what_people_do() -> None:
    """Every family has its edits, and the hard ones are marked."""
    counts = {family: sum(edit.family == family for edit in SUITE.values()) for family in ROWS}

    assert all(counts[family] >= least for family, least in ROWS.items()), counts
    assert sum(counts.values()) == len(SUITE)
    assert {name for name, edit in SUITE.items() if edit.hard} == HARD


def test_names_are_those_of_the_functions() -> None:
    """No two edits of the families share a name."""
    names = [change.__name__ for changes in FAMILIES.values() for change in changes]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", SUITE)
def test_an_edit_is_repeatable_and_leaves_its_input_alone(name: str) -> None:
    """The same arguments give the same RGB pixels; another picture than before; the input stays as it was."""
    before = picture().tobytes()
    edited = made(name)

    assert edited.mode == "RGB"
    assert edited.tobytes() == made(name).tobytes()
    assert edited.tobytes() != before == picture().tobytes()


@pytest.mark.parametrize("name", SUITE)
def test_seed_and_key_turn_the_dice(name: str) -> None:
    """Of four seeds not all give the same pixels, nor do four keys."""
    assert len({made(name, seed=seed).tobytes() for seed in range(4)}) > 1
    assert len({made(name, key=key).tobytes() for key in "abcd"}) > 1


@pytest.mark.parametrize("name", SUITE)
def test_odd_sizes_survive(name: str) -> None:
    """Tiny and very long pictures are edited like any other, within a megapixel."""
    for size in ((16, 16), (1, 1), (700, 14), (14, 700)):
        edited = apply(name, noise(*size), "odd", 1, pool())

        assert edited.mode == "RGB", size
        assert edited.width * edited.height <= MOST_PIXELS * 1.01, size


@pytest.mark.parametrize("name", ["mirror", "photo_filter", "collage_4", "rotate_45", "pad_square"])
def test_large_pictures_are_shrunk_first(name: str) -> None:
    """However large the picture, what comes out has a megapixel at most."""
    edited = apply(name, noise(2000, 1400), "large", 0, pool())

    assert edited.width * edited.height <= MOST_PIXELS * 1.01


def test_an_unknown_name_is_a_key_error() -> None:
    """A misspelt edit does not pass for the picture itself."""
    with pytest.raises(KeyError):
        apply("no_such_edit", picture(), "one")


@pytest.mark.parametrize("other_size", [SMALL, (500, 375), (60, 45)])
def test_company_is_never_the_picture_itself(other_size: tuple[int, int]) -> None:
    """Whatever size it has in the pool, and in whatever mode, the picture is passed over."""
    own = picture().resize(other_size, Image.Resampling.LANCZOS)
    taken = Company([own, own.convert("RGBA"), *pool()[1:]], picture()).take(Dice("x", Company([], own)), 8)

    assert len(taken) == 8
    assert not any(alike(one, picture()) for one in taken)


def test_strangers_stand_in_for_an_empty_pool() -> None:
    """A pool that holds nothing but the picture itself leaves the drawn strangers."""
    taken = Company([picture()], picture()).take(Dice("x", Company([], picture())), 2)

    assert all(any(one.tobytes() == drawn.tobytes() for drawn in Drawn()) for one in taken)


def test_a_stranger_is_not_in_its_own_company() -> None:
    """A drawn stranger can be edited, too."""
    own = Drawn()[0]

    assert not any(alike(one, own) for one in Company(Drawn(), own).take(Dice("x", Company([], own)), 9))


def test_the_pool_is_looked_at_only_when_needed() -> None:
    """A pool may load its pictures from disk: a crop asks for none, a paste-in for one or two."""

    class Pool(Drawn):
        asked = 0

        def __getitem__(self, at: int) -> Image.Image:  # type: ignore[override]
            Pool.asked += 1
            return pool()[at]

    apply("crop_50", picture(), "one", 0, Pool())
    assert Pool.asked == 0

    apply("paste_30", picture(), "one", 0, Pool())
    assert 1 <= Pool.asked <= 2


@pytest.mark.parametrize(("name", "share"), [("crop_75", 0.75), ("crop_50", 0.5), ("crop_30", 0.3)])
def test_crops_keep_their_share(name: str, share: float) -> None:
    """A crop keeps about the share of the area that its name says."""
    for seed in range(4):
        edited = made(name, seed)

        assert edited.width * edited.height == pytest.approx(SMALL[0] * SMALL[1] * share, rel=0.12)


@pytest.mark.parametrize(("name", "turns"), [("rotate_90", 1), ("rotate_180", 2), ("rotate_270", 3)])
def test_quarter_turns(name: str, turns: int) -> None:
    """A turn back by as many quarters gives the picture again, but for a trimmed rim."""
    back = made(name).rotate(-90 * turns, expand=True).resize(SMALL)

    assert np.abs(np.asarray(back, np.float32) - np.asarray(picture(), np.float32)).mean() < 32
    assert min(back.size) >= LEAST_SIDE


def test_the_page_lists_the_suite() -> None:
    """docs/edits.md has a row for each edit, with its family and what it does."""
    page = (ROOT / Path("docs/edits.md")).read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]

    assert rows == [
        f"| `{edit.name}` | {edit.family} | {'hard' if edit.hard else ''} | {edit.says} |" for edit in SUITE.values()
    ]
