"""Pictures made to confuse: nothing plain, tiny, long or noisy is ever a match, and what is told stays right."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.services import Services
from core.errors import Unscannable
from core.policy import COPIES
from core.types import Collection, Outcome
from embed.models.sscd import SscdEmbedder
from embed.runner import Runner
from handlers import add_check, references
from handlers.add_check import reason_of
from handlers.references import Entry
from handlers.search import search
from handlers.search_study import ROUNDS, VERIFY_AT_MOST
from lab.hard_negatives import make
from lab.hard_pictures import PICTURES, meme, noisy
from store.sql.db import Database
from tests.small import assemble, drawn, photograph, saved

pytestmark = pytest.mark.asyncio(loop_scope="module")

MEMES = 40
"""References of one template: more than a search ever checks."""

REFUSED = {"one colour": "blank", "black": "blank", "one pixel": "blank", "one row": "blank"} | dict.fromkeys(
    ("gradient across", "gradient down", "gradient to the corner", "gradient from the middle"), "plain"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def library(tmp_path_factory: pytest.TempPathFactory, sscd: SscdEmbedder) -> AsyncIterator[Services]:
    """Drawings, photographs, one meme with forty captions, and an app's screens."""
    path = tmp_path_factory.mktemp("hard") / "resight.db"
    async with Database.open(path) as db, Runner(sscd, threads=2) as runner:
        services = await assemble(db, runner)
        for name in ("library", "memes", "screens"):
            await services.references.create_collection(Collection(name=name))
        for key in ("river-city", "quillbird", "herbarium"):
            await references.add(services, Entry(key=key), saved(drawn(key)))
        for key in ("astronaut", "coffee", "chelsea"):
            await references.add(services, Entry(key=key), saved(photograph(key)))
        for number in range(MEMES):
            captioned = saved(meme(photograph("rocket"), number))
            await references.add(services, Entry(key=f"meme-{number}", collection="memes"), captioned)
        for number, pair in enumerate(make("same_ui", (), 6)):
            await references.add(services, Entry(key=f"screen-{number}", collection="screens"), saved(pair.reference))
        yield services


@pytest.mark.parametrize("name", PICTURES)
async def test_what_has_nothing_to_recognise_is_no_match(library: Services, name: str) -> None:
    """Plain, tiny, long, wordy and noisy pictures are neither matched nor sent to review."""
    finding = await search(library, saved(PICTURES[name]()))

    assert finding.verdict.outcome in (Outcome.CLEAN, Outcome.UNSCANNABLE), finding.verdict
    assert not finding.verdict.matches


@pytest.mark.parametrize(("name", "reason"), REFUSED.items())
async def test_plain_pictures_are_refused_as_references(library: Services, name: str, reason: str) -> None:
    """One colour or a gradient is no reference, and a sentence says why."""
    with pytest.raises(Unscannable, match=r"^The picture .+\.$") as refused:
        await references.add(library, Entry(key="plain"), saved(PICTURES[name]()))

    assert refused.value.reason == reason


@pytest.mark.parametrize("number", range(0, MEMES, 8))
async def test_of_forty_captions_the_right_one_is_told(library: Services, number: int) -> None:
    """A repost of one caption of a meme is that reference; the other captions are a template at most."""
    repost = meme(photograph("rocket"), number).resize((600, 400))
    finding = await search(library, saved(repost, "JPEG", quality=75), collections=["memes"])
    copies = [one.reference.key for one in finding.verdict.matches if one.kind in COPIES]

    assert finding.verdict.outcome is Outcome.MATCH
    assert finding.verdict.best
    assert finding.verdict.best.reference.key == f"meme-{number}"
    assert set(copies) <= {f"meme-{number}"}


@pytest.mark.parametrize("number", range(0, MEMES, 8))
async def test_a_new_caption_is_at_most_a_template(library: Services, number: int) -> None:
    """The same meme with words that no reference has goes to review, however many references share its picture."""
    query = meme(photograph("rocket"), MEMES + number)
    finding = await search(library, saved(query, "JPEG", quality=80), collections=["memes"])

    assert finding.verdict.outcome in (Outcome.REVIEW, Outcome.CLEAN)
    assert len(finding.candidates) <= ROUNDS * VERIFY_AT_MOST


@pytest.mark.parametrize("key", ["astronaut", "river-city"])
async def test_noise_does_not_hide_a_copy(library: Services, key: str) -> None:
    """A copy whose every value is moved by 16 of 255 is still that copy."""
    image = photograph(key) if key == "astronaut" else drawn(key)
    finding = await search(library, saved(noisy(image, 16), "JPEG", quality=80), collections=["library"])

    assert finding.verdict.outcome is Outcome.MATCH
    assert finding.verdict.best
    assert finding.verdict.best.reference.key == key


@pytest.mark.parametrize("strength", [16, 48, 96])
async def test_noise_makes_no_match(library: Services, strength: int) -> None:
    """A stranger under however much noise is clean."""
    finding = await search(library, saved(noisy(photograph("rocket"), strength)), collections=["library"])

    assert finding.verdict.outcome is Outcome.CLEAN


async def test_a_common_screen_is_told_when_it_is_added(library: Services) -> None:
    """A screenshot of an app as a reference draws in others of that app: the one who adds it hears so."""
    pair = make("same_ui", (), 7)[6]
    report = await add_check.add(library, Entry(key="screen", collection="screens"), saved(pair.reference))

    assert "screen" in [reason_of(note) for note in report.notes]


@pytest.mark.parametrize("number", range(6))
async def test_another_screen_of_an_app_is_no_match(library: Services, number: int) -> None:
    """The same app with other people, words and pictures is not called a copy."""
    query = make("same_ui", (), 6)[number].query
    finding = await search(library, saved(query), collections=["screens"])

    assert finding.verdict.outcome is not Outcome.MATCH


@pytest.mark.parametrize("name", ["coarse noise", "small words"])
async def test_a_picture_that_costs_too_much_is_not_clean(library: Services, sscd: SscdEmbedder, name: str) -> None:
    """Beyond its budget of CPU time a picture is looked at in part only, and goes to review with that reason."""
    async with Runner(sscd, threads=1, budget_s=0.0) as runner:
        hurried = replace(library, runner=runner)
        finding = await search(hurried, saved(PICTURES[name]()), collections=["screens"], all_candidates=True)

    assert (finding.verdict.outcome, finding.verdict.partial) == (Outcome.REVIEW, "budget")
