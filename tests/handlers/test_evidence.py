"""The evidence picture of a case, and of a search."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from bot.services import Services
from core.cases import Case, Policy
from core.matches import Finding, Match, Verdict
from core.types import Collection, Kind, Mode, Outcome, Reference
from handlers import evidence, intake, references
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from handlers.search import search
from tests.clock import Clock
from tests.small import KEEP, SPACE, FakeFront, event, saved, scribble

KNOWN = saved(scribble(1))
COPY = saved(scribble(1).resize((200, 150)), "JPEG", quality=70)


async def case_of(services: Services, front: FakeFront, data: bytes) -> Case:
    await services.references.create_collection(Collection(name="library"))
    await references.add(services, Entry(key="logo"), KNOWN)
    await services.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    front.images = {"one": data}
    await intake.accept(services, [event()])
    (waiting,) = await services.inbox.claim(1, LEASE)
    await screen(services, waiting)
    (case,) = await services.cases.newest()
    return case


async def test_both_pictures_stand_side_by_side(services: Services, front: FakeFront) -> None:
    """An edited copy is shown beside what it is a copy of, and then what differs."""
    picture = await evidence.picture(services, await case_of(services, front, COPY))

    assert picture
    with Image.open(BytesIO(picture)) as image:
        assert (image.format, image.width > 3 * 200) == ("JPEG", True)


async def test_what_differs_is_shown_on_its_own(services: Services, front: FakeFront) -> None:
    """Of the posted picture, as large as it was kept; without a place or a picture to compare there is none."""
    case = await case_of(services, front, COPY)
    shown = await evidence.difference(services, case)
    assert shown and case.verdict.best
    nowhere = replace(case, verdict=replace(case.verdict, matches=(replace(case.verdict.best, quad=None),)))
    nothing_kept = replace(case, thumbnail="")
    unknown = await evidence.difference(services, nowhere), await evidence.difference(services, nothing_kept)
    await references.remove(services, "library", ["logo"])

    with Image.open(BytesIO(shown)) as image:
        assert (image.format, image.size) == ("JPEG", (200, 150))
    assert unknown == (None, None)
    assert await evidence.difference(services, case) is None


async def test_the_same_bytes_need_no_thumbnail(services: Services, front: FakeFront) -> None:
    """Of an identical file the known picture stands for both."""
    case = await case_of(services, front, KNOWN)

    assert case.thumbnail == ""
    assert await evidence.picture(services, case)


async def test_expired_evidence_is_gone(services: Services, front: FakeFront, clock: Clock) -> None:
    """Once the thumbnail's time is over there is no evidence picture any more."""
    case = await case_of(services, front, COPY)
    clock.at += KEEP
    clock.turn(seconds=1)

    assert await evidence.picture(services, case) is None


async def test_a_search_shows_what_it_found(services: Services) -> None:
    """Of the looked at picture, at more than a thumbnail's size; of known bytes the known picture stands for both."""
    large = scribble(1, 900, 300)
    await services.references.create_collection(Collection(name="library"))
    await references.add(services, Entry(key="logo"), known := saved(large))
    sizes = []
    for data in (saved(large, "JPEG", quality=80), known):
        finding = await search(services, data)
        assert finding.verdict.best
        picture = await evidence.of_finding(services, finding, finding.verdict.best)
        assert picture
        with Image.open(BytesIO(picture)) as image:
            sizes.append(image.size)

    (three, _), (two, high) = sizes
    assert three > 1000
    assert high > 140
    assert two < three


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("all_candidates", [False, True])
def test_only_a_match_or_a_doubt_is_worth_showing(outcome: Outcome, all_candidates: bool) -> None:
    """What a clean image was compared with is shown to whoever asks for all candidates."""
    match, other = (Match(reference=Reference(key=key, collection="a"), kind=Kind.EDITED, confidence=0.9, cosine=0.9)
                    for key in ("match", "other"))  # fmt: skip
    verdict = Verdict(outcome=outcome, matches=(match,))
    finding = Finding(sha256="", verdict=verdict, candidates=(other,))
    without = replace(finding, verdict=replace(verdict, matches=()))
    asked_for = other if all_candidates else None
    is_shown = outcome in (Outcome.MATCH, Outcome.REVIEW)

    assert evidence.worth_showing(finding, all_candidates=all_candidates) == (match if is_shown else asked_for)
    assert evidence.worth_showing(without, all_candidates=all_candidates) == asked_for


async def test_a_search_may_be_overtaken(services: Services) -> None:
    """Of a reference that was removed meanwhile there is nothing to show."""
    await services.references.create_collection(Collection(name="library"))
    await references.add(services, Entry(key="logo"), KNOWN)
    finding = await search(services, COPY)
    assert finding.verdict.best
    await references.remove(services, "library", ["logo"])

    assert await evidence.of_finding(services, finding, finding.verdict.best) is None


async def test_of_what_is_known_by_its_hash_only_the_posted_picture_is_shown(
    services: Services, front: FakeFront
) -> None:
    """There is no picture to stand beside it."""
    case = await case_of(services, front, COPY)
    assert case.verdict.best
    listed = replace(case.verdict.best, reference=Reference(key="listed", collection="library"))
    picture = await evidence.picture(services, replace(case, verdict=replace(case.verdict, matches=(listed,))))
    thumbnail = await services.media.get(case.thumbnail)

    assert thumbnail
    assert picture == thumbnail.data
