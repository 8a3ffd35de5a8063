"""Reports: taken in private, counted by person, and braked in three ways."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.services import Services
from core.cases import Case
from core.chat import Community, Said
from core.types import Act, ImageEvent, Intent, Outcome, Platform
from handlers.report import report
from handlers.screen import screen
from handlers.screening import LEASE
from tests.clock import Clock
from tests.small import SPACE, FakeFront, event, saved, scribble

HERE = Community(platform=Platform.DISCORD, id=SPACE.community, log="mod-log")


@pytest.fixture
async def desk(services: Services, front: FakeFront) -> Services:
    """A community whose moderators read in a channel; one image is posted in a channel that is not watched."""
    await services.communities.put(HERE, "ann")
    front.images = {"one": saved(scribble(3)), "two": saved(scribble(4))}
    return services


def reported(*images: str) -> Sequence[ImageEvent]:
    return [event(image, message="m", intent=Intent.REPORTED) for image in images or ("one",)]


async def screened(services: Services) -> list[Case]:
    for waiting in await services.inbox.claim(9, LEASE):
        await screen(services, waiting)
    return await services.cases.newest()


async def test_a_report_makes_a_case_whatever_is_found(desk: Services) -> None:
    """A reported image that matches nothing still reaches the moderators, with a card and its evidence."""
    said = await report(desk, reported(), "bo")
    (case,) = await screened(desk)

    assert said == Said(key="said.report-thanks")
    assert (case.verdict.outcome, case.event.intent) == (Outcome.CLEAN, Intent.REPORTED)
    assert [one.act for one in case.actions] == [Act.CARD]
    assert await desk.media.get(case.thumbnail)


async def test_a_second_person_is_counted_on_the_same_case(desk: Services) -> None:
    """The card is renewed with one more reporter; there is no second case."""
    await report(desk, reported(), "bo")
    await screened(desk)
    said = await report(desk, reported(), "cy")
    (case,) = await screened(desk)

    assert said == Said(key="said.report-thanks")
    assert case.reports == 2
    assert [one.act for one in case.actions] == [Act.CARD, Act.CARD]


async def test_one_person_counts_once(desk: Services) -> None:
    """Who reports the same post again is thanked and not counted again."""
    await report(desk, reported(), "bo")
    said = await report(desk, reported(), "bo")
    (case,) = await screened(desk)

    assert said == Said(key="said.report-again")
    assert case.reports == 1


async def test_a_community_may_ask_for_several_reporters(desk: Services) -> None:
    """Below the number of distinct people nothing reaches the moderators."""
    await desk.communities.put(replace(HERE, reporters_needed=3), "ann")
    await report(desk, reported(), "bo")
    await report(desk, reported(), "cy")
    before = await screened(desk)
    await report(desk, reported(), "di")
    after = await screened(desk)

    assert before == []
    assert [case.reports for case in after] == [3]


async def test_one_person_may_report_so_much_an_hour(desk: Services, clock: Clock) -> None:
    """Beyond it the person reads how long to wait; an hour later the next report counts."""
    await desk.communities.put(replace(HERE, reports_an_hour=2), "ann")
    for number in range(2):
        await report(desk, [event("one", message=str(number), intent=Intent.REPORTED)], "bo")
        clock.turn(minutes=10)
    refused = await report(desk, reported(), "bo")
    clock.turn(minutes=41)
    taken = await report(desk, reported(), "bo")

    assert refused == Said(key="said.report-too-many", values={"minutes": 41})
    assert taken == Said(key="said.report-thanks")


async def test_an_ignored_person_does_not_learn_of_it(desk: Services) -> None:
    """The same thanks, and nothing reaches the moderators."""
    await desk.communities.put(replace(HERE, ignored_reporters=("bo",)), "ann")
    said = await report(desk, reported(), "bo")

    assert said == Said(key="said.report-thanks")
    assert await screened(desk) == []


async def test_a_report_needs_a_picture_and_somebody_who_reads_it(services: Services) -> None:
    """A message without an image, or a community without a place for cards, says so."""
    assert await report(services, [], "bo") == Said(key="said.no-image")
    assert await report(services, reported(), "bo") == Said(key="said.report-nowhere")


async def test_an_album_is_one_case(desk: Services) -> None:
    """Two pictures of one message make one case with both in it."""
    pair = [replace(one, group="m") for one in reported("one", "two")]
    await report(desk, pair, "bo")
    (case,) = await screened(desk)

    assert len(case.pictures) == 2
