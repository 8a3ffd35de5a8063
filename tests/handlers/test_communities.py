"""What a community's staff may choose, and what never can be chosen."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services import Services
from core.cases import Policy, Rule, Thresholds
from core.chat import Community
from core.thresholds import threshold_for
from core.types import Act, Intent, Kind, Mode, Platform
from handlers import communities
from handlers.intake import accept
from tests.small import SPACE, event

HERE = Community(platform=Platform.DISCORD, id=SPACE.community)


async def policy(services: Services) -> Policy:
    return await services.policies.for_space(SPACE)


async def test_three_choices_set_a_community_up(services: Services) -> None:
    """Log channel, mode and language are kept, and the channel is watched from now on."""
    said = await communities.set_up(services, SPACE, log="mod-log", mode=Mode.DRY_RUN, language="zh", by="ann")
    here = await services.communities.get(SPACE.platform, SPACE.community)

    assert said.values == {"mode": Mode.DRY_RUN}
    assert (here.log, here.language, here.set_up_at) == ("mod-log", "zh", services.clock())
    assert (await policy(services)).mode is Mode.DRY_RUN


async def test_a_channel_that_is_watched_again_keeps_what_was_chosen(services: Services) -> None:
    """Thresholds and exceptions survive unwatching; the mode starts in dry run again."""
    await communities.set_thresholds(services, SPACE, "95 %", 0.6, "ann")
    await communities.set_mode(services, SPACE, Mode.ENFORCE, "ann")
    await communities.unwatch(services, SPACE, "ann")
    off = (await policy(services)).mode
    await communities.watch(services, SPACE, None, "ann")

    assert off is Mode.OFF
    assert await policy(services) == Policy(mode=Mode.DRY_RUN, thresholds=Thresholds(match=0.95, review=0.6))


async def test_an_unwatched_channel_takes_nothing_in(services: Services) -> None:
    """After unwatching, posts are ignored, while a question is still answered."""
    await communities.unwatch(services, SPACE, "ann")

    assert await accept(services, [event()]) == 0
    assert await accept(services, [event(intent=Intent.QUERY)]) == 1


async def test_a_mode_may_be_for_a_collection_and_a_kind(services: Services) -> None:
    """An exception replaces the one before it for the same collection and kind, and leaves the channel's mode."""
    await communities.set_mode(services, SPACE, Mode.FLAG, "ann", "brands", Kind.TEMPLATE)
    await communities.set_mode(services, SPACE, Mode.OFF, "ann", "brands", Kind.TEMPLATE)
    found = await policy(services)

    assert found.mode is Mode.DRY_RUN
    assert found.rules == (Rule(mode=Mode.OFF, collection="brands", kind=Kind.TEMPLATE),)


async def test_flag_never_removes(services: Services) -> None:
    """What deletes or times out can be chosen for enforce only."""
    refused = await communities.set_acts(services, SPACE, Mode.FLAG, [Act.REMOVE], "ann")
    too_long = await communities.set_acts(services, SPACE, Mode.ENFORCE, [Act.TIMEOUT], "ann", timedelta(days=29))
    untouched = await policy(services)
    day = timedelta(days=1)
    await communities.set_acts(services, SPACE, Mode.FLAG, [Act.REPLY], "ann")
    await communities.set_acts(services, SPACE, Mode.ENFORCE, [Act.TIMEOUT, Act.REMOVE], "ann", day)
    found = await policy(services)

    assert (refused.key, too_long.key, untouched) == ("said.acts-harmless", "said.acts-wrong", Policy())
    assert (found.flag, found.enforce, found.timeout) == ((Act.REPLY,), (Act.REMOVE, Act.TIMEOUT), day)


@pytest.mark.parametrize(("match", "review"), [("50", 0.9), ("120", 0.5), ("0.9", 0.0), ("often", 0.5)])
async def test_thresholds_must_make_sense(services: Services, match: str, review: float) -> None:
    """A review above the match, or a confidence beyond 0..1, is refused and nothing changes."""
    refused = await communities.set_thresholds(services, SPACE, match, review, "ann")

    assert refused.key == "said.thresholds-wrong"
    assert (await policy(services)).thresholds == Thresholds()


async def test_a_threshold_may_be_a_rate_of_false_alarms(services: Services) -> None:
    """Who says how many strangers may be taken for a match gets the confidence for that, and hears both."""
    said = await communities.set_thresholds(services, SPACE, "1 in 10000", 0.5, "ann")
    found = (await policy(services)).thresholds

    assert found == Thresholds(match=threshold_for(1e-4), review=0.5)
    assert said.values["match"] == f"{100 * found.match:.4g}%"
    assert int(str(said.values["strangers"]).replace(",", "")) >= 9_000


async def test_exempt_people_and_roles_are_not_looked_at(services: Services) -> None:
    """A person, a role and the staff are passed over until they are admitted again."""
    await communities.exempt(services, HERE, "trusted", "Trusted", "ann")
    posts = [event("a", author="zed", roles=("trusted",)), event("b", author="trusted"), event("c", by_staff=True)]
    exempt = await accept(services, posts)
    here = await services.communities.get(HERE.platform, HERE.id)
    await communities.admit(services, here, "trusted", "Trusted", "ann")

    assert exempt == 0
    assert await accept(services, posts) == 2


@pytest.mark.parametrize(("people", "an_hour"), [(0, 10), (101, 10), (3, 0), (3, 1001), (-1, -1)])
async def test_senseless_brakes_are_refused(services: Services, people: int, an_hour: int) -> None:
    """Nobody can need no reporter or take no report at all; nothing changes."""
    refused = await communities.set_brakes(services, HERE, people, an_hour, "ann")

    assert refused.key == "said.brakes-wrong"
    assert await services.communities.get(HERE.platform, HERE.id) == HERE


@pytest.mark.parametrize(("people", "an_hour"), [(1, 1), (3, 5), (100, 1000)])
async def test_brakes_are_kept(services: Services, people: int, an_hour: int) -> None:
    """Reporters and reports an hour, from the least to the most."""
    await communities.set_brakes(services, HERE, people, an_hour, "ann")
    here = await services.communities.get(HERE.platform, HERE.id)

    assert (here.reporters_needed, here.reports_an_hour) == (people, an_hour)


async def test_ignoring_twice_hears_again(services: Services) -> None:
    """The same command takes a person off the list."""
    first = await communities.ignore(services, HERE, "bo", "Bo", "ann")
    ignored = await services.communities.get(HERE.platform, HERE.id)
    second = await communities.ignore(services, ignored, "bo", "Bo", "ann")
    heard = await services.communities.get(HERE.platform, HERE.id)

    assert (first.key, second.key) == ("said.ignored", "said.heard")
    assert (ignored.ignored_reporters, heard.ignored_reporters) == (("bo",), ())


async def test_language_and_log_can_be_changed(services: Services) -> None:
    """Both are kept with everything else as it was."""
    await services.communities.put(replace(HERE, name="Guild"), "ann")
    await communities.set_language(services, HERE, "zh", "ann")
    here = await services.communities.get(HERE.platform, HERE.id)
    await communities.set_log(services, here, "other", "ann")
    here = await services.communities.get(HERE.platform, HERE.id)

    assert (here.name, here.language, here.log) == ("Guild", "zh", "other")


async def test_two_of_the_staff_who_choose_at_the_same_moment_lose_nothing(services: Services) -> None:
    here = await services.communities.get(HERE.platform, HERE.id)
    await asyncio.gather(
        communities.exempt(services, here, "1", "one", "ann"),
        communities.exempt(services, here, "2", "two", "bob"),
        communities.set_language(services, here, "zh", "ann"),
        communities.set_brakes(services, here, 3, 5, "bob"),
        communities.set_mode(services, SPACE, Mode.ENFORCE, "ann", "library"),
        communities.set_mode(services, SPACE, Mode.FLAG, "bob", "brands"),
        communities.set_thresholds(services, SPACE, "95 %", 0.6, "ann"),
    )
    kept, rules = await services.communities.get(HERE.platform, HERE.id), (await policy(services)).rules

    assert (set(kept.exempt), kept.language, kept.reporters_needed) == ({"1", "2"}, "zh", 3)
    assert {rule.collection for rule in rules} == {"library", "brands"}
    assert (await policy(services)).thresholds.review == 0.6


async def test_who_was_forgotten_does_not_come_back_with_a_choice_that_was_made_of_older_words(
    services: Services,
) -> None:
    await communities.exempt(services, HERE, "1", "one", "ann")
    seen = await services.communities.get(HERE.platform, HERE.id)
    await services.communities.put(replace(seen, exempt=()), "forgetting")
    await communities.set_language(services, seen, "zh", "ann")

    assert (await services.communities.get(HERE.platform, HERE.id)).exempt == ()
