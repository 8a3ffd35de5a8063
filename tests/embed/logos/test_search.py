"""Logos are found inside pictures, whatever their colours, and what is no logo is not taken for one."""

import io
from uuid import UUID

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from core.errors import DamagedStore
from core.logos import LOGO_CAP, LogoHit, logo_match, logo_score
from core.matches import Logos
from core.types import Kind, Pixels, Reference
from embed.decode.picture import decode
from embed.logos.art import LONGEST, MOST_BYTES, art_of, unpack
from embed.logos.field import Atlas, field
from embed.logos.search import LogoIndex, find
from embed.runner import Runner
from lab.edits.kit import Company, Dice, Drawn
from lab.logos import logo, place
from tests.small import drawn, photograph, saved

SEEDS = (1, 2, 5, 9, 13, 25, 37)


def frames(image: Image.Image) -> tuple[Pixels, ...]:
    return decode(saved(image)).frames


def kept(*seeds: int) -> Logos:
    """What is kept of drawn logos; their references are called by their seeds."""
    made = [(seed, art_of(frames(logo(seed)))) for seed in seeds]
    return tuple(((UUID(int=seed), part), data) for seed, (part, data) in made)


@pytest.fixture(scope="module")
def index() -> LogoIndex:
    return LogoIndex.of(kept(*SEEDS))


def shown(seed: int, style: str, share: float = 0.1, photo: str = "coffee") -> tuple[Pixels, np.ndarray]:
    """A photograph with a logo, as it is decoded from a JPEG, and the logo's corners."""
    ground = photograph(photo)
    placed = place(logo(seed), ground, share, style, Dice(f"{style}/{seed}", Company(Drawn(), ground)))
    return decode(saved(placed.image, "JPEG", quality=85)).frames[0], np.array(placed.quad)


def best(pixels: Pixels, index: LogoIndex) -> LogoHit | None:
    """The likeliest logo, if it passes the threshold."""
    return next((hit for hit in find(pixels, index) if logo_score(hit, len(index)) > 0), None)


@pytest.mark.parametrize("seed", [2, 9, 13, 37])
@pytest.mark.parametrize("style", ["plate", "screen"])
def test_a_logo_on_a_card_or_in_an_app_is_found_where_it_is(index: LogoIndex, seed: int, style: str) -> None:
    """A tenth of the picture is enough, and its corners are told to within a few per cent of the picture."""
    pixels, quad = shown(seed, style)
    hit = best(pixels, index)

    assert hit
    assert hit.reference == UUID(int=seed)
    assert np.array(hit.quad) == pytest.approx(quad, abs=0.03)
    assert hit.area == pytest.approx(0.1, abs=0.04)


def test_the_colours_do_not_matter(index: LogoIndex) -> None:
    """The same logo in inverted colours is found at the same place, just as surely."""
    pixels, _ = shown(2, "plate")
    straight, inverted = best(pixels, index), best(255 - pixels, index)

    assert straight and inverted
    assert straight.reference == inverted.reference == UUID(int=2)
    assert inverted.score == pytest.approx(straight.score, abs=0.5)


@pytest.mark.parametrize("photo", ["astronaut", "chelsea", "coffee", "rocket", "coins", "brick"])
def test_a_photograph_shows_no_logo(index: LogoIndex, photo: str) -> None:
    """What is on a photograph is no logo, although something is always the most like one."""
    assert best(frames(photograph(photo))[0], index) is None


def test_an_unknown_logo_is_not_taken_for_a_known_one() -> None:
    """The letter in a shield is not the petals of another brand."""
    pixels, _ = shown(13, "plate")

    assert best(pixels, LogoIndex.of(kept(5, 9))) is None


@pytest.mark.parametrize("pixels", [np.zeros((20, 20, 3), np.uint8), np.full((200, 320, 3), 90, np.uint8)])
def test_nothing_is_found_where_nothing_is(index: LogoIndex, pixels: Pixels) -> None:
    """A tiny picture and a blank one are no trouble; neither is a search for no logo."""
    assert best(pixels, index) is None
    assert find(pixels, LogoIndex.of(())) == []


def test_the_same_picture_gives_the_same_answer(index: LogoIndex) -> None:
    """Nothing is rolled."""
    pixels, _ = shown(9, "flat")

    assert find(pixels, index) == find(pixels, index)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ground", [None, "#ffffff", "#20242c", "#d8c9a0"])
def test_flat_artwork_is_known_for_what_it_is(seed: int, ground: str | None) -> None:
    """A logo on transparent ground or on one colour is kept, as a small file, tightly cut."""
    image = ImageOps.expand(logo(seed), 30, (0, 0, 0, 0))
    if ground:
        page = Image.new("RGB", image.size, ground)
        page.paste(image, mask=image.getchannel("A"))
        image = page
    _, data = art_of(frames(image))
    art = unpack(data)

    assert 0 < len(data) <= MOST_BYTES
    assert max(art.pixels.shape) == LONGEST
    assert all(art.ink[rim].any() for rim in (np.s_[:2], np.s_[-2:], np.s_[:, :2], np.s_[:, -2:]))


def test_a_white_logo_on_transparent_is_kept_as_it_shows_on_dark() -> None:
    """On white there is nothing of it to see."""
    white = Image.new("RGBA", (300, 300))
    ImageDraw.Draw(white).polygon([(150, 10), (290, 150), (150, 290), (10, 150)], "white", width=30)
    ImageDraw.Draw(white).ellipse((90, 90, 210, 210), "#f0f0f0")
    part, data = art_of(frames(white))

    assert part == 1
    assert max(unpack(data).ground) < 80


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee", "rocket", "coins", "camera"])
def test_a_photograph_is_no_flat_artwork(name: str) -> None:
    """Nothing is kept of it."""
    assert art_of(frames(photograph(name))) == (0, b"")


def test_other_pictures_are_no_flat_artwork() -> None:
    """A drawing that fills its frame, an empty sheet and an animation are no logos."""
    assert art_of(frames(drawn("river-city"))) == (0, b"")
    assert art_of((np.full((90, 90, 3), 255, np.uint8),)) == (0, b"")
    assert art_of([frame for seed in (1, 2, 5) for frame in frames(logo(seed))[:1]]) == (0, b"")


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"no picture", saved(Image.new("RGB", (1, 1)))])
def test_damaged_bytes_are_told(data: bytes) -> None:
    """What cannot be what was kept raises one sentence with the way out, and is left out of what is looked for."""
    whole = art_of(frames(logo(1)))[1]
    index = LogoIndex.of([((UUID(int=1), 0), data), ((UUID(int=2), 0), whole)])

    assert index.keys == ((UUID(int=2), 0),)
    with pytest.raises(DamagedStore, match="add that reference again"):
        unpack(data)


def test_a_field_has_no_sign_and_no_colour() -> None:
    """Inverted colours have the same field, a quarter turn the opposite one."""
    pixels = frames(drawn("quillbird"))[0]
    turned = np.ascontiguousarray(pixels.transpose(1, 0, 2)[::-1])

    assert field(255 - pixels) == pytest.approx(field(pixels), abs=1e-5)
    assert field(turned) == pytest.approx(-field(pixels).transpose(1, 0, 2)[::-1], abs=1e-5)


def test_an_atlas_is_sampled_at_the_size_that_fits() -> None:
    """A place of the picture is the same place in each size of the atlas, and outside there is nothing."""
    sheet = np.full((240, 320, 3), 255, np.uint8)
    cv2.rectangle(sheet, (80, 0), (320, 240), (0, 0, 0), -1)
    atlas = Atlas.of(sheet)
    places = np.array([[[79.5, 120.0], [200.0, 120.0], [-5.0, 10.0]]], np.float32).repeat(3, axis=0)
    seen = atlas.sampled(places, np.arange(3))

    assert (seen[:, 0, 0] > 0.7).all()
    assert seen[:, 1:] == pytest.approx(0, abs=0.01)


def test_a_logo_is_at_most_a_review() -> None:
    """However likely, it stays below the default threshold of a match; more logos make each less sure."""
    quad = ((0.1, 0.1), (0.3, 0.1), (0.3, 0.3), (0.1, 0.3))
    hit = LogoHit(
        reference=UUID(int=1), part=0, frame=0, quad=quad, edges=0.9, likeness=0.9, area=0.04, overlap=1.0, score=40.0
    )
    match = logo_match(Reference(key="a", collection="b"), hit, 300)

    assert (match.kind, match.confidence) == (Kind.CONTAINED, LOGO_CAP)
    assert logo_score(hit, 3000) < logo_score(hit, 300) == logo_score(hit, 3)


async def test_the_runner_keeps_logos_and_finds_them(toy_runner: Runner) -> None:
    """Of a logo its small picture is kept with its frame, of a photograph nothing; one search finds it."""
    _, materials = await toy_runner.prepare(saved(logo(9)))
    _, (photo,) = await toy_runner.prepare(saved(photograph("coffee")))
    (made,) = [one.logo for one in materials if one.logo]
    pixels, _ = shown(9, "plate")
    look = await toy_runner.look(saved(pixels))
    hits = await toy_runner.logos(look, (((UUID(int=9), 0), made),))

    assert photo.logo == b""
    assert [hit.reference for hit in hits] == [UUID(int=9)]
    assert await toy_runner.logos(look, ()) == []
    assert look.notes.spent_s > 0
    assert Image.open(io.BytesIO(made)).format == "PNG"
