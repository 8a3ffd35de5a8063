"""Every command of the table, on every front: the same is done, and the same is said."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.cases import Policy, Rule
from core.telling import host_of
from core.types import Act, Kind, Mode, Platform
from core.wording import Words
from handlers.chat.commands import COMMANDS
from handlers.chat.options import Option, Type
from handlers.communities import EVERYWHERE
from tests.chat.stage import GENERAL, LOG, PATIENCE_S, SOURCE, TITLE, Stage, known
from tests.small import saved, scribble

EN, ZH = Words.of("en"), Words.of("zh")
COVERED: set[str] = set()


def covers[Test](*names: str) -> Callable[[Test], Test]:
    """Which commands a test uses; `test_every_command_is_covered` adds them up."""
    COVERED.update(names)
    return lambda test: test


def here(stage: Stage) -> str:
    """How sentences name the place where it is asked."""
    return EN("place.here" if stage.can.has_channels else "place.chat")


async def set_up(stage: Stage, mode: Mode = Mode.DRY_RUN) -> None:
    """Cards go to the moderators' place, #general is watched."""
    await stage.use("mo", "setup", where=GENERAL, log=stage.channel(LOG), mode=mode.value, language="en")


@covers("setup", "log")
async def test_it_is_set_up_at_once(stage: Stage) -> None:
    """Where cards go, the mode and the language in one command; the answer says what is next and shows all settings."""
    told = await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")

    space = stage.space()
    assert EN("said.set-up", place=here(stage), mode=EN("mode.flag")) in told.text
    assert EN("setup.next") in told.text
    assert EN("settings.language") in told.text
    assert (await stage.services.policies.for_space(space)).mode is Mode.FLAG
    community = await stage.services.communities.get(space.platform, space.community)
    assert (community.log.partition("/")[0], community.language) == (stage.space(LOG).channel, "en")


@covers("setup")
async def test_it_is_set_up_by_buttons(stage: Stage) -> None:
    """Three questions, one after the other, in the message of the first."""
    asked = await stage.use("mo", "setup")
    for label in (EN("setup.here"), EN("mode.dry_run"), ZH("language.name")):
        asked = await stage.now(asked)
        await stage.press("mo", asked, label)

    space = stage.space()
    assert ZH("setup.next") in (await stage.now(asked)).text
    community = await stage.services.communities.get(space.platform, space.community)
    assert (community.log, community.language) == (space.channel, "zh")


@covers("setup")
async def test_cards_may_go_to_whoever_sets_up(stage: Stage) -> None:
    """In private, to staff only."""
    asked = await stage.use("mo", "setup")
    for label in (EN("setup.private"), EN("mode.enforce"), EN("language.name")):
        asked = await stage.now(asked)
        await stage.press("mo", asked, label)

    assert EN("said.set-up", place=here(stage), mode=EN("mode.enforce")) in (await stage.now(asked)).text
    assert (await stage.services.communities.get(stage.platform, stage.space().community)).log


@covers("watch", "unwatch", "mode", "threshold", "actions")
async def test_channels_are_as_staff_say(stage: Stage) -> None:
    """Each sentence names its place, and the policy is what was said."""
    use, place = stage.use, here(stage)
    await set_up(stage)

    assert EN("said.watched", place=place, mode=EN("mode.dry_run")) in (await use("mo", "watch")).text
    assert EN("said.mode", place=place, mode=EN("mode.flag")) in (await use("mo", "mode", mode="flag")).text
    await use("mo", "mode", mode="enforce", collection="brands", kind="exact")
    told = await use("mo", "threshold", match="80", review=40)
    assert f"{place}: a match from 80% on" in told.text
    has_timeout = Act.TIMEOUT in stage.can.does
    timeout: dict[str, Any] = {"timeout": True, "minutes": 30} if has_timeout else {}
    told = await use("mo", "actions", mode="enforce", delete=True, **timeout)
    acts = EN("card.list").join((EN("act.remove"), EN("act.timeout"))[: 1 + has_timeout])
    assert EN("said.acts", place=place, mode=EN("mode.enforce"), acts=acts) in told.text

    policy = await stage.services.policies.for_space(stage.space())
    assert policy.mode is Mode.FLAG
    assert policy.rules == (Rule(mode=Mode.ENFORCE, collection="brands", kind=Kind.EXACT),)
    assert policy.enforce == (Act.REMOVE, Act.TIMEOUT)[: 1 + has_timeout]
    assert policy.timeout == timedelta(minutes=30 if has_timeout else 60)
    assert (policy.thresholds.match, policy.thresholds.review) == (0.8, 0.4)
    assert EN("said.unwatched", place=place) in (await use("mo", "unwatch")).text
    assert (await stage.services.policies.for_space(stage.space())).mode is Mode.OFF


@covers("roles")
async def test_roles_are_chosen_where_people_have_any(stage: Stage) -> None:
    """For a quarantine and to be called by new cards; nobody named takes it back."""
    await set_up(stage)
    if not stage.can.has_roles:
        assert (await stage.use("mo", "roles", use="ping", who=stage.role())).text == EN("said.no-roles")
        return
    called = (await stage.use("mo", "roles", use="ping", who=stage.role())).text
    chosen = (await stage.use("mo", "roles", use="quarantine", who=stage.role())).text
    nobody = (await stage.use("mo", "roles", use="quarantine", who=stage.named("ann"))).text
    none = (await stage.use("mo", "roles", use="quarantine")).text

    assert called == EN("said.ping", name="Muted")
    assert chosen == EN("said.quarantine", name="Muted")
    assert nobody == EN("said.no-such-role")
    assert none == EN("said.quarantine-none")
    assert (await stage.services.communities.get(stage.platform, stage.space().community)).quarantine == ""


@covers("actions", "threshold")
async def test_what_makes_no_sense_changes_nothing(stage: Stage) -> None:
    """It is refused with its usage or its reason."""
    await set_up(stage)
    before = await stage.services.policies.for_space(stage.space())

    harmless = await stage.use("mo", "actions", mode="flag", delete=True)
    none = await stage.use("mo", "actions", mode="enforce")
    wrong = await stage.use("mo", "threshold", match="40", review=80)

    assert harmless.text == EN("said.acts-harmless")
    assert "/actions flag|enforce" in none.text
    assert wrong.text == EN("said.thresholds-wrong")
    assert await stage.services.policies.for_space(stage.space()) == before


@covers("watch", "mode", "unwatch", "reset", "settings")
async def test_everywhere_says_what_keeps_its_own(stage: Stage) -> None:
    """A setting for all channels names those that keep settings of their own, and there is a way back."""
    if not stage.can.has_channels:
        pytest.skip("a community is one chat here")
    await set_up(stage)
    everywhere = Words.of("en")("place.everywhere")

    told = await stage.use("mo", "watch", mode="enforce", everywhere=True)
    shown = await stage.use("mo", "settings")
    back = await stage.use("mo", "reset")

    assert EN("said.watched", place=everywhere, mode=EN("mode.enforce")) in told.text
    assert EN("said.own-settings") in told.text
    assert re.search(rf"#?general\W+{EN('mode.dry_run')}", told.text)
    assert EN("mode.enforce") in shown.text and EN("mode.dry_run") in shown.text
    assert EN("said.reset", place=here(stage), mode=EN("mode.enforce")) in back.text
    assert (await stage.services.policies.for_space(stage.space())).mode is Mode.ENFORCE
    assert (await stage.services.policies.for_space(stage.space(LOG))).mode is Mode.ENFORCE


@covers("mode", "threshold", "actions", "unwatch", "reset")
async def test_every_setting_can_be_made_everywhere(stage: Stage) -> None:
    """And for a channel that is named."""
    if not stage.can.has_channels:
        pytest.skip("a community is one chat here")
    named: dict[str, Any] = {"channel": stage.channel(LOG)}
    everywhere: dict[str, Any] = {"everywhere": True}
    act = Act.TIMEOUT if Act.TIMEOUT in stage.can.does else Act.BAN
    chosen: dict[str, Any] = {act.value: True}
    for where in (everywhere, named):
        await stage.use("mo", "mode", mode="enforce", **where)
        await stage.use("mo", "threshold", match="70", review=30, **where)
        await stage.use("mo", "actions", mode="enforce", **chosen, **where)
    await stage.use("mo", "unwatch", **named)
    await stage.use("mo", "reset", everywhere=True)

    policies = await stage.services.policies.of_platform(stage.platform)
    those = {space.channel: policy for space, policy in policies.items()}
    assert list(those) == [EVERYWHERE]
    assert (those[EVERYWHERE].mode, those[EVERYWHERE].thresholds.match) == (Mode.ENFORCE, 0.7)
    assert those[EVERYWHERE].enforce == (act,)


@covers("mode", "settings")
async def test_an_exception_is_told_as_one(stage: Stage) -> None:
    """A mode for some images alone says for which, and the table of settings does, too."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    told = await stage.use("mo", "mode", mode="off", collection="brands", kind="similar")
    table = await stage.use("mo", "settings")

    assert f"only for brands, {EN('kind.similar')}: {EN('mode.off')}" in told.text
    assert EN("settings.only", what=f"brands, {EN('kind.similar')}") in table.text
    assert EN("settings.mode") in table.text and EN("mode.flag") in table.text


@covers("setup")
async def test_who_is_no_longer_staff_gets_no_cards(stage: Stage) -> None:
    """Cards that went to one person alone name members: once that person lost the right, the community is told."""
    await stage.make_staff("bo")
    asked = await stage.use("mo", "setup")
    for label in (EN("setup.private"), EN("mode.flag"), EN("language.name")):
        await stage.press("mo", await stage.now(asked), label)
    await stage.make_staff("mo", is_staff=False)
    await stage.post("ann", known())

    async def refused() -> set[str]:
        found = await stage.services.cases.newest()
        return {action.detail for case in found for action in case.actions if action.act is Act.CARD}

    async with asyncio.timeout(PATIENCE_S):
        while "not-staff" not in await refused():  # noqa: ASYNC110  a platform rings no bell
            await asyncio.sleep(0.05)


@covers("mode")
async def test_an_exception_of_what_is_not_watched_changes_nothing_yet(stage: Stage) -> None:
    """A channel that is not watched stays so, and that is said: its mode is another matter."""
    told = await stage.use("mo", "mode", mode="enforce", collection="brands", kind="exact")

    what = EN("card.list").join(("brands", EN("kind.exact")))
    assert EN("said.mode-for", place=here(stage), what=what, mode=EN("mode.enforce")) in told.text
    assert EN("said.mode-asleep") in told.text


@covers("settings")
async def test_settings_of_many_channels_are_whole(stage: Stage) -> None:
    """Each of 30 channels with its mode, and what holds for the community: no platform's limit leaves it out."""
    if not stage.can.has_channels:
        pytest.skip("a community is one chat here")
    await set_up(stage)
    channels = [str(number) for number in range(801, 831)]
    for channel in channels:
        space = replace(stage.space(), channel=channel)
        await stage.services.policies.set(space, Policy(mode=Mode.FLAG), "mo")
    shown = (await stage.use("mo", "settings")).text

    assert all(re.search(rf"{channel}\W+(?:{EN('settings.mode')}\W+)?{EN('mode.flag')}", shown) for channel in channels)
    assert EN("settings.others") in shown and EN("settings.bots") in shown


@covers("setup", "references add")
async def test_a_command_is_no_try(stage: Stage) -> None:
    """A picture that comes with a command right after the set-up is not what tries it out: the next post is."""
    await set_up(stage)
    added = await stage.use("mo", "references add", picture=saved(scribble(3)))
    answer = await stage.answer("mo", known())

    assert EN("said.added", count=1, collection="blocklist") in added.text
    assert EN("answer.known") in answer.text


@covers("setup")
async def test_the_first_try_succeeds(stage: Stage) -> None:
    """Whoever sets it up tries it out: that one post is looked at although it is by staff, and answered."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="dry_run", language="en")
    answer = await stage.answer("mo", known())
    await stage.cards(1, saying=TITLE)
    await stage.post("mo", known())
    await stage.post("ann", known())
    await stage.cards(1, saying=EN("burst.posts-many", count=2))

    assert EN("answer.known") in answer.text
    assert len(await stage.services.cases.newest()) == 1, "the copy by a member joins the case of the try"


@covers("watch", "log")
async def test_cards_of_before_there_was_a_place_come(stage: Stage) -> None:
    """A channel that is only watched has no place for cards yet: they come once it has one."""
    await stage.use("mo", "watch", mode="flag")
    await stage.post("ann", known())
    async with asyncio.timeout(PATIENCE_S):
        while not await stage.services.cases.newest():  # noqa: ASYNC110  a platform rings no bell
            await asyncio.sleep(0.05)
    if stage.can.has_channels:
        await stage.use("mo", "log", to=stage.channel(LOG))
    else:  # said in the moderators' own chat, about the other one
        await stage.use("mo", "log", where=LOG, to=stage.channel(GENERAL))

    assert TITLE in (await stage.cards(1, saying=TITLE))[0].text


@covers("exempt", "admit", "ignore", "brakes", "remember", "language", "log", "bots")
async def test_people_and_the_community(stage: Stage) -> None:
    """What staff choose about people, reports, memory, language and cards."""
    await set_up(stage)
    space = stage.space()

    async def use(command: str, **options: Any) -> str:
        return (await stage.use("mo", command, **options)).text

    assert "bo" in await use("exempt", who=stage.named("bo"))
    chosen = await stage.services.communities.get(space.platform, space.community)
    assert len(chosen.exempt) == 1
    assert "bo" in await use("admit", who=stage.named("bo"))
    assert await use("brakes", people=2, an_hour=5) == EN("said.brakes", people=2, an_hour=5)
    assert await use("remember", hours=24) == EN("said.remember", hours=24)
    assert await use("bots", which="on") == EN("said.bots-on")
    assert "bo" in await use("ignore", who=stage.named("bo"))
    assert "bo" in await use("ignore", who=stage.named("bo"))
    assert await use("language", language="zh") == ZH("said.language")

    chosen = await stage.services.communities.get(space.platform, space.community)
    assert (chosen.exempt, chosen.ignored_reporters, chosen.language) == ((), (), "zh")
    assert (chosen.reporters_needed, chosen.reports_an_hour, chosen.remember_hours) == (2, 5, 24)
    assert chosen.include_bots


@covers("references add", "references list", "references remove")
async def test_known_images_come_from_messages(stage: Stage) -> None:
    """Added with a title of several words, listed with its key, removed by it; the button takes it back."""
    added = await stage.use("mo", "references add", picture=known(), title="Elon giveaway scam")
    listed = await stage.use("mo", "references list")
    key = next(word for word in re.split(r"[\s`]+", listed.text) if word.startswith(f"{stage.platform}-"))
    removed = await stage.use("mo", "references remove", key=key)

    assert EN("said.added", count=1, collection="blocklist") in added.text
    assert "Elon giveaway scam" in listed.text
    assert key in removed.text
    assert EN("said.references", collection="blocklist", count=0) in (await stage.use("mo", "references list")).text
    nowhere = (await stage.use("mo", "references list", collection="nowhere")).text
    assert nowhere == f"{EN('said.no-collection')}\n{EN('said.collections', names='blocklist, brands')}"


@covers("references rename", "references list")
async def test_a_known_image_gets_another_title(stage: Stage) -> None:
    """By its title of before, which is said again; what is not its own, or nowhere, keeps its title."""
    await stage.use("mo", "references add", picture=known(), title="Elon giveaway")
    told = await stage.use("mo", "references rename", key="elon giveaway", title="Elon giveaway, second wave")
    listed = await stage.use("mo", "references list", title="SECOND")
    theirs = await stage.use("mo", "references rename", key="river-city", title="x", collection="brands")
    nowhere = await stage.use("mo", "references rename", key="nobody", title="x")
    several = await stage.use("mo", "references rename", key="Elon", title="x")

    assert EN("said.renamed", title="Elon giveaway, second wave") in told.text
    assert EN("said.renamed-before", title="Elon giveaway") in told.text
    assert "Elon giveaway, second wave" in listed.text
    assert EN("said.no-collection") in theirs.text
    assert nowhere.text == EN("said.no-reference", title="nobody", collection="blocklist")
    assert EN("said.alike", title="Elon", collection="blocklist") in several.text
    assert "second wave" in several.text


@covers("references add")
async def test_what_was_added_is_taken_back(stage: Stage) -> None:
    """By the button below the answer."""
    added = await stage.use("mo", "references add", picture=known())
    told = await stage.press("mo", added, EN("decision.undo"))

    assert EN("said.taken-back", count=1) in (told or (await stage.now(added)).text)
    assert EN("said.references", collection="blocklist", count=0) in (await stage.use("mo", "references list")).text


@covers("alerts add", "alerts list", "alerts remove", "alerts invite", "alerts join")
async def test_alerts(stage: Stage) -> None:
    """Subscribed, listed, invited, joined and left."""
    await set_up(stage)

    async def use(command: str, **options: Any) -> str:
        return (await stage.use("mo", command, **options)).text

    assert await use("alerts add", collection="brands") == EN("said.subscribed", collection="brands")
    assert await use("alerts list") == EN("said.subscriptions", collections="brands")
    code = (await use("alerts invite", collection="brands")).split()[-1]
    assert await use("alerts remove", collection="brands") == EN("said.unsubscribed", collection="brands")
    assert await use("alerts join", code=code) == EN("said.subscribed", collection="brands")
    assert await use("alerts join", code=code) == EN("said.no-code")
    assert (await use("alerts add", collection="nowhere")).startswith(EN("said.no-collection"))


@covers("cases")
async def test_open_cases_are_listed(stage: Stage) -> None:
    """Until they are decided; more of it in tests/chat/test_open_cases.py."""
    await set_up(stage)
    none = await stage.use("mo", "cases", where=LOG)
    await stage.post("ann", known())
    await stage.cards(1, saying=TITLE)
    shown = await stage.use("mo", "cases", where=LOG)

    assert none.text == EN("cases.none")
    assert EN("cases.open", count=1) in shown.text and TITLE in shown.text
    assert "#1" in shown.buttons


@covers("search", "report", "why", "case")
async def test_questions_reports_and_cases(stage: Stage) -> None:
    """Everybody may ask and report; staff see cases and why."""
    await set_up(stage)
    answer = await stage.use("ann", "search", picture=known())
    post = await stage.post("ann", known())
    await stage.cards(1, saying=TITLE)
    thanks = await stage.use("bo", "report", about=post)
    shown = await stage.use("mo", "case", number=2)
    why = await stage.use("mo", "why", link="2")

    assert TITLE in answer.text and host_of(SOURCE) in answer.text
    assert thanks.text == EN("said.report-thanks")
    assert EN("card.title", number=2, state=EN("card.match")) in shown.text
    assert EN("why.title") in why.text and TITLE in why.text
    assert (await stage.use("mo", "case", number=999)).text == EN("said.no-case")
    assert EN("why.title") in (await stage.use("mo", "why", about=post)).text


@covers("why")
async def test_a_place_of_cards_alone_has_no_posts_to_explain(stage: Stage) -> None:
    """Where each chat is a community, /why among the moderators says that it is about a case."""
    await set_up(stage)
    post = await stage.post("mo", known(), where=LOG)
    told = (await stage.use("mo", "why", where=LOG, about=post)).text

    assert (EN("why.title") in told) == stage.can.has_channels
    assert (told == EN("said.why-elsewhere")) != stage.can.has_channels


async def test_a_group_of_commands_alone_tells_how_it_is_written(stage: Stage) -> None:
    """The staff of it, where commands are words; others read that it is for the staff."""
    if stage.platform is Platform.DISCORD:  # it offers whole commands only
        return
    await set_up(stage)
    mine, theirs = await stage.use("mo", "references"), await stage.use("ann", "references")

    assert "/references list" in mine.text and "/references remove" in mine.text
    assert theirs.text == EN("said.staff-only")


@covers("find", "help")
async def test_help_shows_what_one_may(stage: Stage) -> None:
    """Staff see the staff's commands, others theirs."""
    mine = (await stage.use("ann", "help")).text
    theirs = (await stage.use("mo", "help")).text
    found = (await stage.use("ann", "find", words="a red sneaker")).text

    assert "/search" in mine and "/mode" not in mine
    assert [command.name for command in COMMANDS if f"/{command.name}" not in theirs] == []
    assert found == EN("said.find-off")


async def test_staff_only(stage: Stage, subtests: pytest.Subtests) -> None:
    """Whoever is no staff reads one sentence, and nothing is changed."""
    for command in (one for one in COMMANDS if one.who):
        needed = (one for one in command.options if one.required or (command.about and one.type is Type.KEY))
        options = {option.name: sample(stage, option) for option in needed}
        with subtests.test(command.name), suppress(PermissionError):  # of what the platform does not even offer
            told = await stage.use("ann", command.name, **options)
            assert told.text == EN("said.staff-only")


def sample(stage: Stage, option: Option) -> Any:
    """Something that the option may be."""
    match option.type:
        case Type.NUMBER | Type.CASE:
            return max(option.least, 1)
        case Type.CHOICE:
            return option.choices[0]
        case Type.PLACE:
            return stage.channel(LOG)
        case Type.COLLECTION:
            return "brands"
    return {"match": "90"}.get(option.name, "ABC")


def test_every_command_is_covered() -> None:
    """A command that no test of this suite uses is none that works everywhere."""
    untried = sorted({command.name for command in COMMANDS} - COVERED)

    assert not untried, f"Use each once in this file, in a test below @covers(...): {', '.join(untried)}"
    assert {command.name for command in COMMANDS} >= COVERED
