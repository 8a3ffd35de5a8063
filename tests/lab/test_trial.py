"""What is asked of the real search: which references, what is the same, what is right and what is wrong."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from bot.services import Services
from core.errors import NotFound
from core.matches import Finding, Match, Verdict
from core.types import Collection, Kind, Outcome
from handlers import references
from handlers.references import Entry
from handlers.search import search
from lab import trial
from tests.lab.cards import match, source
from tests.small import saved, scribble


async def fill(services: Services, count: int, collection: str = "library", first: int = 0) -> None:
    """Scribbles as references, each another one."""
    if collection not in {one.name for one in await services.references.collections()}:
        await services.references.create_collection(Collection(name=collection))
    for number in range(first, first + count):
        await references.add(services, Entry(key=f"s{number:02}", collection=collection), saved(scribble(number)))


def asking(services: Services) -> trial.Ask:
    async def ask(data: bytes, ignored: frozenset[UUID]) -> Finding:
        return await search(services, data, all_candidates=True, ignored=ignored)

    return ask


def found(matches: Sequence[Match]) -> Finding:
    return Finding(sha256="", verdict=Verdict(outcome=Outcome.CLEAN), candidates=tuple(matches))


async def test_a_seed_draws_the_same_references(services: Services) -> None:
    """The same seed gives the same sample in the same order, another seed another one."""
    await fill(services, 12)
    one, again, other = [await trial.sample(services, (), 4, seed) for seed in (1, 1, 2)]
    keys = [[source.reference.key for source in some] for some in (one, again, other)]

    assert keys[0] == keys[1] == sorted(keys[0])
    assert keys[0] != keys[2]
    assert all(source.picture.startswith(b"\xff\xd8") for source in one)


async def test_a_growing_catalogue_keeps_most_of_its_sample(services: Services) -> None:
    """New references push out a few of those drawn before, they do not shuffle the rest."""
    await fill(services, 8)
    before = {source.reference.key for source in await trial.sample(services, (), 4, 0)}
    await fill(services, 3, first=8)
    after = {source.reference.key for source in await trial.sample(services, (), 4, 0)}

    assert before - after <= before
    assert after - before <= {"s08", "s09", "s10"}


async def test_only_the_chosen_collections_are_sampled(services: Services) -> None:
    """A named collection is all that is drawn from, and an unknown one is an error, not an empty card."""
    await fill(services, 2)
    await fill(services, 3, "other", first=20)

    assert {one.reference.collection for one in await trial.sample(services, ["other"], 60, 0)} == {"other"}
    assert len(await trial.sample(services, (), 60, 0)) == 5
    with pytest.raises(NotFound):
        await trial.sample(services, ["nowhere"], 60, 0)


async def test_references_that_match_unedited_are_set_aside(services: Services) -> None:
    """Eight files of one picture are found as twins, though one search shows fewer candidates; a stranger is none."""
    await fill(services, 1, first=50)
    for number in range(8):
        picture = saved(scribble(7), "JPEG", quality=70 + 3 * number)
        await references.add(services, Entry(key=f"same-{number}", collection="library"), picture)
    sources = {one.reference.key: one for one in await trial.sample(services, (), 60, 0)}
    studied, answer = await trial.study(services, sources["same-3"], asking(services))
    alone, _ = await trial.study(services, sources["s50"], asking(services))

    assert {one.reference.key for one in studied.twins} == {f"same-{number}" for number in range(8) if number != 3}
    assert answer.wrong == ()
    assert alone.twins == ()


async def test_the_answer_tells_right_from_wrong(services: Services) -> None:
    """The source's own pair is right, its twins are neither, what is below the candidate floor was never met."""
    one = source("ann", match("twin", 0.99))
    query = next(trial.copies([one], ["mirror"], 0))
    low = replace(match("far", 0.5, Kind.SIMILAR), cosine=services.runner.spec.floor - 0.1)
    answer = trial.judged(services, query, found([match("bob", 0.4), match("twin", 0.99), match("ann", 0.3), low]))

    assert (answer.confidence, answer.rank, answer.alarm) == (0.3, 2, 0.4)
    assert [one.reference.key for one in answer.wrong] == ["bob"]
    assert trial.judged(services, query, found([])).confidence == 0


async def test_the_closest_below_the_floor_count_where_none_is_above(services: Services) -> None:
    """As in a search: two of them, unless something above the floor was met."""
    floor = services.runner.spec.floor
    faint = [replace(match(f"faint-{gap}", 0.4, Kind.SIMILAR), cosine=floor - gap) for gap in (0.01, 0.02, 0.03, 0.2)]
    similar = match("similar", 0.3, Kind.SIMILAR)
    met = [{one.reference.key for one in trial.in_force(services, some)} for some in (faint, [*faint, similar])]

    assert met == [{"faint-0.01", "faint-0.02"}, {"similar"}]


async def test_a_real_copy_is_found_by_the_real_search(services: Services) -> None:
    """From the stored picture through an edit and the search to the answer."""
    await fill(services, 6)
    sources = await trial.sample(services, (), 3, 0)
    queries = list(trial.copies(sources, ["recompress", "mirror"], 0))
    answers = [trial.judged(services, one, await asking(services)(one.draw(), frozenset())) for one in queries]

    assert [one.query.edit for one in answers] == ["recompress", "mirror"] * 3
    assert all(one.true and one.true.reference == one.query.source.reference for one in answers if one.query.source)
    assert min(one.confidence for one in answers) > max(one.alarm for one in answers)


async def test_nothing_is_stored(services: Services) -> None:
    """No case, no event, no reference: the catalogue was only read."""
    await fill(services, 3)
    before = await services.references.totals()
    for one in trial.copies(await trial.sample(services, (), 2, 0), ["mirror"], 0):
        await asking(services)(one.draw(), frozenset())

    assert await services.references.totals() == before
    assert await services.cases.newest() == []
    assert await services.inbox.depth() == 0


def test_strangers_are_drawn_and_edited() -> None:
    """Each stranger is asked as it is and under each edit; drawing twice gives the same file."""
    queries = list(trial.strangers(["mirror"], 0))

    assert len(queries) == 2 * len({one.picture for one in queries})
    assert {one.edit for one in queries} == {trial.UNEDITED, "mirror"}
    assert queries[1].draw() == queries[1].draw() != queries[0].draw()
