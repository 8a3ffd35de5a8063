"""Looking one image up, with the real model: copies are found for what they are, strangers are not."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from bot.services import Services
from core.cases import Thresholds
from core.errors import NotFound, StoreDown
from core.looks import Look, Material, Stages, View
from core.matches import Evidence, Hit
from core.model_ports import WorthACheck, always
from core.ports import Catalogue
from core.types import Collection, Kind, Outcome, Purpose, reference_id
from embed.models.sscd import SscdEmbedder
from embed.runner import Runner
from handlers import references
from handlers.references import Entry
from handlers.search import search
from handlers.search_json import as_json
from handlers.search_study import MOST_BELOW, ROUNDS, VERIFY_AT_MOST, closest, merge
from lab.edits import suite as edits
from lab.edits.kit import Company, Dice, Drawn
from lab.logos import logo, place
from store.sql.db import Database
from store.vectors.exact import ExactCatalogue
from tests.small import assemble, drawn, photograph, saved, scribble

pytestmark = pytest.mark.asyncio(loop_scope="module")

DRAWN = ("quillbird", "tealorne", "river-city", "tin-duke", "zorbacoin", "herbarium")
PHOTOGRAPHS = ("astronaut", "coffee", "chelsea", "rocket", "motorcycle_left")
STRANGERS = ("ringaloo", "birches", "balloons", "sailor", "spinderella")
STRANGE_PHOTOGRAPHS = ("camera", "coins", "hubble_deep_field", "ihc", "brick")
WHOLE_EDITS = ("recompress", "half_size", "half_recompressed", "grayscale", "brighter", "blur", "crop_75", "crop_60")
MORE_EDITS = ("mirror", "rotate_5", "border", "caption_bar")
SCREENSHOTS = ("screenshot", "screenshot_dark")


class Down(ExactCatalogue):
    """A vector store that does not answer."""

    async def search(self, *_: object, **__: object) -> list[list[Hit]]:
        raise StoreDown("The vector store does not answer.")


@dataclass(frozen=True)
class Library:
    """Services that know every picture of `DRAWN` and `PHOTOGRAPHS`."""

    services: Services

    async def add(self, key: str, image: Image.Image, collection: str) -> None:
        await references.add(self.services, Entry(key=key, collection=collection, title=key.title()), saved(image))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def library(tmp_path_factory: pytest.TempPathFactory, sscd: SscdEmbedder) -> AsyncIterator[Services]:
    path = tmp_path_factory.mktemp("search") / "resight.db"
    async with Database.open(path) as db, Runner(sscd, threads=2) as runner:
        made = Library(await assemble(db, runner))
        for name, purpose in (("drawn", Purpose.BRAND), ("photos", Purpose.LIBRARY), ("empty", Purpose.LIBRARY)):
            await made.services.references.create_collection(Collection(name=name, purpose=purpose))
        for key in DRAWN:
            await made.add(key, drawn(key), "drawn")
        for key in PHOTOGRAPHS:
            await made.add(key, photograph(key), "photos")
        yield made.services


def picture(key: str) -> Image.Image:
    return drawn(key) if key in (*DRAWN, *STRANGERS) else photograph(key)


def edited(key: str, edit: str, form: str = "PNG") -> bytes:
    return saved(edits.EDITS[edit](picture(key)), form)


def over(services: Services, catalogue: Catalogue) -> Services:
    return replace(services, catalogue=catalogue)


async def test_the_same_bytes_are_known_at_once(library: Services) -> None:
    """The very file is an exact match, without a look at its pixels."""
    finding = await search(library, saved(drawn("quillbird")))
    (match,) = finding.verdict.matches

    assert finding.verdict.outcome is Outcome.MATCH
    assert (match.kind, match.confidence, match.inliers, match.reference.key) == (Kind.EXACT, 1.0, None, "quillbird")
    assert finding.look is None


async def test_the_same_bytes_need_no_vector_store(library: Services) -> None:
    """A known file is recognised while the vector store is down."""
    finding = await search(over(library, Down()), saved(drawn("quillbird")))

    assert finding.verdict.outcome is Outcome.MATCH


async def test_the_same_pixels_in_another_file_are_exact(library: Services) -> None:
    """A lossless file of another format is the same image."""
    finding = await search(library, saved(photograph("astronaut"), "BMP"))

    assert finding.verdict.best
    assert (finding.verdict.best.kind, finding.verdict.best.confidence) == (Kind.EXACT, 1.0)
    assert finding.look


@pytest.mark.parametrize("edit", [*WHOLE_EDITS, *MORE_EDITS])
@pytest.mark.parametrize("key", ["tealorne", "river-city", "coffee", "chelsea"])
async def test_edited_copies_match(library: Services, key: str, edit: str) -> None:
    """A copy that was changed as people change pictures is a match of the right image, as an edited one."""
    finding = await search(library, edited(key, edit))
    best = finding.verdict.best

    assert best, finding.candidates
    assert (finding.verdict.outcome, best.reference.key) == (Outcome.MATCH, key)
    assert best.kind in {Kind.EDITED, Kind.CONTAINED} if edit in {"border", "caption_bar"} else Kind.EDITED
    assert finding.verdict.matches == finding.candidates[:1]


@pytest.mark.parametrize("edit", SCREENSHOTS)
@pytest.mark.parametrize("key", ["zorbacoin", "herbarium", "astronaut"])
async def test_pictures_in_screenshots_match(library: Services, key: str, edit: str) -> None:
    """A picture in a screenshot is found, as contained, and its place is told."""
    best = (await search(library, edited(key, edit))).verdict.best

    assert best
    assert (best.reference.key, best.kind) == (key, Kind.CONTAINED)
    assert best.quad
    assert 0.03 < best.area < 0.75


@pytest.mark.parametrize("key", [*STRANGERS, *STRANGE_PHOTOGRAPHS])
async def test_strangers_are_clean(library: Services, key: str) -> None:
    """What is no copy of anything known is clean, and never a match in whatever dress."""
    plain = await search(library, saved(picture(key)))
    dressed = await search(library, edited(key, "screenshot"))

    assert (plain.verdict.outcome, plain.verdict.reason) == (Outcome.CLEAN, "nothing-known")
    assert dressed.verdict.outcome is Outcome.CLEAN


async def test_the_screenshots_of_one_app_are_no_match(library: Services) -> None:
    """The same frame around another picture accuses nobody."""
    await references.add(library, Entry(key="shot", collection="photos"), edited("astronaut", "screenshot"))
    try:
        finding = await search(library, edited("camera", "screenshot"))
    finally:
        await references.remove(library, "photos", ["shot"])

    assert finding.verdict.outcome is not Outcome.MATCH


async def test_the_scope_holds(library: Services) -> None:
    """Only the named collections are searched, on every rung; no name means no match."""
    exact, copy = saved(drawn("quillbird")), edited("quillbird", "recompress")
    inside = [await search(library, data, collections=["drawn", "empty"]) for data in (exact, copy)]
    outside = [await search(library, data, collections=one) for data in (exact, copy) for one in (["photos"], [])]

    assert [one.verdict.outcome for one in inside] == [Outcome.MATCH] * 2
    assert [one.verdict.outcome for one in outside] == [Outcome.CLEAN] * 4


async def test_an_unknown_collection_is_told(library: Services) -> None:
    """A mistyped scope is an error, not "nothing known"."""
    with pytest.raises(NotFound, match="no collection 'drwan'"):
        await search(library, saved(drawn("quillbird")), collections=["drwan"])


async def test_all_candidates_looks_behind_the_shortcut(library: Services) -> None:
    """Asked for everything, the same bytes are looked at, and pairs below every threshold are listed."""
    finding = await search(library, saved(drawn("quillbird")), all_candidates=True)
    stranger = await search(library, saved(drawn("birches")), all_candidates=True)

    assert finding.look
    known = len(DRAWN) + len(PHOTOGRAPHS)
    assert len(finding.candidates) >= min(VERIFY_AT_MOST, known)
    assert finding.candidates[0].kind is Kind.EXACT
    assert stranger.verdict.outcome is Outcome.CLEAN
    assert len(stranger.candidates) >= min(VERIFY_AT_MOST, known)
    assert len(as_json(stranger, top=3, all_candidates=True)["matches"]) == 3
    assert as_json(stranger)["matches"] == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"hello " * 100, "not-an-image"),
        (saved(Image.new("RGB", (64, 64)))[:40], "corrupt"),
        (b"\x89PNG\r\n\x1a\n" + bytes(3 << 20), "too-large"),
    ],
)
async def test_what_cannot_be_scanned_is_never_clean(library: Services, data: bytes, reason: str) -> None:
    """Bytes that are no picture have the verdict `unscannable`, with the reason and a sentence."""
    finding = await search(library, data)

    assert (finding.verdict.outcome, finding.verdict.reason) == (Outcome.UNSCANNABLE, reason)
    assert finding.sentence.endswith(".")


async def test_a_store_that_is_down_is_not_clean(library: Services) -> None:
    """Without an answer of the vector store there is no verdict at all."""
    with pytest.raises(StoreDown):
        await search(over(library, Down()), saved(drawn("birches")))


async def test_a_near_identical_copy_is_found_without_the_store(library: Services) -> None:
    """While the vector store does not answer, what has nearly the same hash is checked and told, as partial."""
    finding = await search(over(library, Down()), saved(drawn("river-city").resize((500, 375)), quality=60))

    assert finding.verdict.best
    assert finding.verdict.best.reference.key == "river-city"
    assert (finding.verdict.outcome, finding.verdict.partial) == (Outcome.MATCH, "store-down")


async def test_a_blank_image_matches_nothing(library: Services) -> None:
    """One colour has no vectors; it is looked at, and it is clean."""
    finding = await search(library, saved(Image.new("RGB", (300, 200), "#d0d0d0")))

    assert finding.look
    assert (finding.look.views, finding.look.vectors.shape) == ((), (0, 512))
    assert finding.verdict.outcome is Outcome.CLEAN


async def test_one_frame_of_an_animation_is_enough(library: Services) -> None:
    """A copy that shows in one frame of an animation is a match, and the frame is told."""
    frames = [drawn(key).resize((400, 300)) for key in ("birches", "balloons", "river-city", "ringaloo")]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    best = (await search(library, data)).verdict.best

    assert best
    assert (best.reference.key, best.frame) == ("river-city", 2)


async def test_thresholds_of_the_caller_count(library: Services) -> None:
    """A stricter community sees less in the same evidence."""
    data = edited("coffee", "crop_60", "JPEG")
    strict = await search(library, data, thresholds=Thresholds(match=1.0, review=1.0))

    assert (await search(library, data)).verdict.outcome is Outcome.MATCH
    assert strict.verdict.outcome is Outcome.CLEAN
    assert strict.candidates


async def test_each_stage_is_timed(library: Services) -> None:
    """An answer tells what each stage cost."""
    said = (await search(library, edited("coffee", "paste_half"))).timings_ms

    assert {"hash", "wait", "decode", "views", "embed", "search", "verify", "total"} <= said.keys()
    assert min(said.values()) >= 0


async def test_a_brands_logo_is_asked_about(library: Services, sscd: SscdEmbedder) -> None:
    """A small logo on a photograph becomes a review with its place; not where its collection isn't searched."""
    services = library
    await services.references.create_collection(Collection(name="logos", purpose=Purpose.BRAND))
    await references.add(services, Entry(key="shield", collection="logos"), saved(logo(2)))
    ground = photograph("camera")
    placed = place(logo(2), ground, 0.05, "flat", Dice("asked", Company(Drawn(), ground)))
    finding = await search(services, saved(placed.image, "JPEG"))
    elsewhere = await search(services, saved(placed.image, "JPEG"), collections=["drawn"])
    async with Runner(sscd, threads=1, stages=Stages(logos=False)) as without:
        off = await search(replace(services, runner=without), saved(placed.image, "JPEG"))
    best = finding.verdict.best

    assert best and best.quad
    assert (finding.verdict.outcome, best.reference.key, best.kind) == (Outcome.REVIEW, "shield", Kind.CONTAINED)
    assert np.array(best.quad) == pytest.approx(np.array(placed.quad), abs=0.04)
    assert "logos" in finding.timings_ms
    assert (elsewhere.verdict.outcome, off.verdict.outcome) == (Outcome.CLEAN, Outcome.CLEAN)
    assert "logos" not in {*elsewhere.timings_ms, *off.timings_ms}
    await references.delete_collection(services, "logos")


class Noting(Runner):
    """The runner, and the views in which references were searched for."""

    async def verify(
        self,
        look: Look,
        pairs: Sequence[tuple[View, Material]],
        is_worth_a_check: WorthACheck = always,
        *,
        at_a_glance: bool = False,
    ) -> list[Evidence | None]:
        self.views = [view for view, _ in pairs]
        return await super().verify(look, pairs, is_worth_a_check, at_a_glance=at_a_glance)


@pytest.mark.parametrize("floor", [None, -1.0])
async def test_a_lower_floor_compares_more_and_only_whole_frames(
    library: Services, sscd: SscdEmbedder, floor: float | None
) -> None:
    """Below the model's own floor little is checked but where the operator says so, and no part is searched."""
    posted = saved(drawn("spinderella"))
    async with Noting(sscd, threads=1, floor=floor) as runner:
        finding = await search(replace(library, runner=runner), posted)
        faint = [one for one in finding.candidates if one.cosine < sscd.spec.floor]
        parts = [view for view in runner.views if not view.is_whole] if faint else []

        assert (len(faint) > MOST_BELOW) is (floor is not None)
        assert len(parts) <= len(finding.candidates) - len(faint)
        assert finding.verdict.outcome is Outcome.CLEAN


@pytest.mark.parametrize(("key", "beyond", "is_found"), [("rocket", 0.04, True), ("rocket", 0.2, False)])
async def test_the_closest_below_the_floor_is_checked(
    library: Services, sscd: SscdEmbedder, key: str, beyond: float, is_found: bool
) -> None:
    """Where none is above the floor, a copy that lies a little below is found; one far below is not."""
    posted = edited(key, "crop_60")
    cosine = max(one.cosine for one in (await search(library, posted)).candidates)
    async with Runner(sscd, threads=1, floor=cosine + beyond) as strict:
        finding = await search(replace(library, runner=strict), posted)

    assert (finding.verdict.outcome is Outcome.MATCH) is is_found
    assert len(finding.candidates) <= MOST_BELOW


async def test_a_removed_reference_is_not_found(library: Services) -> None:
    """A vector that outlived its reference says nothing."""
    await references.add(library, Entry(key="brief", collection="photos"), saved(scribble(1)))
    await library.references.remove("photos", ["brief"])  # and the vector store is not told yet
    finding = await search(library, saved(scribble(1), "BMP"))
    await references.sync(library)

    assert finding.verdict.outcome is Outcome.CLEAN


def found(*pairs: tuple[str, float]) -> list[Hit]:
    return [Hit(reference=reference_id("c", key), part=0, score=cosine) for key, cosine in pairs]


PART = View(frame=0, box=(0.2, 0.2, 0.8, 0.8))


@pytest.mark.parametrize(("cosine", "wins"), [(0.5, False), (0.64, False), (0.66, True)])
async def test_whole_frames_are_preferred(cosine: float, wins: bool) -> None:
    """A part takes the place of the whole frame only if it is clearly closer."""
    ((hit, view),) = merge({}, [View(frame=0), PART], [found(("a", 0.6)), found(("a", cosine))]).values()

    assert (view, hit.score) == ((PART, cosine) if wins else (View(frame=0), 0.6))


@pytest.mark.parametrize(("floor", "wins"), [(0.5, False), (0.7, True)])
async def test_a_whole_below_the_floor_hides_no_part(floor: float, wins: bool) -> None:
    """A whole frame that is no candidate itself gives way to any closer part."""
    whole, part = [found(("a", 0.6))], [found(("a", 0.61))]
    ((_, view),) = merge({}, [View(frame=0), PART], whole + part, floor=floor).values()

    assert view.is_whole is not wins


async def test_a_closer_frame_is_taken() -> None:
    """Among whole frames the closest counts."""
    ((hit, view),) = merge({}, [View(frame=0), View(frame=1)], [found(("a", 0.6)), found(("a", 0.61))]).values()

    assert (view.frame, hit.score) == (1, 0.61)


async def test_the_closest_few_are_verified() -> None:
    """Each reference comes once, the closest first, and no more than may be worth a pair check."""
    hits: Sequence[list[Hit]] = [found(*((str(at), 0.4 + at / 100) for at in range(40))), found(("3", 0.9))]
    merged = closest(merge({}, [View(frame=0), PART], hits).values())

    assert len(merged) == len({hit.reference for hit, _ in merged}) == ROUNDS * VERIFY_AT_MOST
    assert [hit.score for hit, _ in merged] == sorted((hit.score for hit, _ in merged), reverse=True)
    assert merged[0] == (Hit(reference=reference_id("c", "3"), part=0, score=0.9), PART)


async def test_every_view_has_its_turn() -> None:
    """Forty memes that the whole picture is near to do not crowd out what a pane shows."""
    memes = found(*((str(at), 0.5 + at / 100) for at in range(40)))
    merged = closest(merge({}, [View(frame=0), PART], [memes, found(("pane", 0.3))]).values())

    assert PART in [view for _, view in merged[:VERIFY_AT_MOST]]
    assert [hit.reference for hit, _ in merged[:6]] == [reference_id("c", str(at)) for at in range(39, 33, -1)]
