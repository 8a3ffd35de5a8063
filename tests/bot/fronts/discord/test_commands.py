"""What people and staff can say to the bot on Discord, and who may say it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from core.cases import Rule
from core.chat import Alert, Subscription
from core.thresholds import strangers_at
from core.types import Act, ActState, Decision, Kind, Mode, Platform, Space
from core.wording import Words
from handlers import review
from handlers.collections import own_name
from tests.bot.cli.semantic_kit import words_known
from tests.bot.fronts.discord.rig import EN, TITLE, Place, Rig, a_case, known, rigged
from tests.clock import Clock
from tests.peers.discord_world import Message
from tests.small import saved, scribble
from tests.store.sql.court import Court

pytestmark = pytest.mark.asyncio(loop_scope="module")
ZH = Words.of("zh")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> AsyncIterator[Rig]:
    async with rigged(tmp_path_factory.mktemp("discord"), migrated) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def place(rig: Rig) -> Place:
    return await rig.set_up()


async def test_setting_up(rig: Rig) -> None:
    """One command: where cards go, in which language; the channel is watched in a dry run."""
    place = rig.place()
    said = await rig.told(place, "setup", log=place.log)
    community = await rig.services.communities.get(Platform.DISCORD, str(place.guild.id))
    policy = await rig.services.policies.for_space(place.space)

    assert said.startswith(EN("said.set-up", place=EN("place.here"), mode=EN("mode.dry_run")))
    assert EN("setup.next") in said
    assert EN("settings.title", name=place.guild.name) in said
    assert (community.log, community.language, community.name) == (str(place.log.id), "en", place.guild.name)
    assert policy.mode is Mode.DRY_RUN


async def test_setting_up_by_buttons(rig: Rig) -> None:
    """Three questions, one after the other in the same message, which only the asker sees; then the settings."""
    place = rig.place()
    used = rig.slash(place, "setup")
    message = await used.answer()
    assert message.text == EN("setup.where")
    for label, question in ((EN("setup.here"), "setup.mode"), (EN("mode.flag"), "setup.language")):
        changed = await rig.server.press(message, place.mo, label).answer()
        assert (changed.id, changed.text) == (message.id, EN(question))
    done = await rig.server.press(message, place.mo, "中文").answer()
    community = await rig.services.communities.get(Platform.DISCORD, str(place.guild.id))

    assert used.ephemeral
    assert done.id == message.id
    assert ZH("settings.title", name=place.guild.name) in done.text
    assert done.buttons == []
    assert (community.log, community.language) == (str(place.channel.id), "zh")


async def test_cards_to_a_person_alone(rig: Rig) -> None:
    """Who sets up may have the cards in private, and decides there."""
    place = rig.place()
    await rig.told(place, "setup", where="private", mode="dry_run", language="en")
    rig.post(place)
    direct = rig.server.direct(place.mo)
    card = (await rig.server.until(lambda: [one for one in rig.server.messages(direct) if one.buttons]))[0]
    await rig.server.press(card, place.mo, EN("decision.allowed")).answer()
    await rig.server.until(lambda: EN("decision.undo") in [one.label for one in card.buttons])
    (case,) = await rig.services.cases.newest(place.space)

    assert [one.decision for one in case.decisions] == [Decision.ALLOWED]


async def test_setting_up_names_what_lacks(rig: Rig) -> None:
    """The staff need not wait for the first failure."""
    place = rig.place()
    rig.server.revoke(place.guild, "attach_files", "administrator", channel=place.log)
    await rig.server.until(lambda: not rig.access.rights_at(place.log.id)[1] or not _may_attach(rig, place))
    rig.server.revoke(place.guild, "manage_messages", "administrator", channel=place.channel)
    await rig.server.until(lambda: not _may_delete(rig, place))
    dry = await rig.told(place, "setup", log=place.log)
    enforced = await rig.told(place, "setup", log=place.log, mode="enforce")

    assert EN("discord.lacking", channel="\\#mod-log", permissions="Attach Files") in dry
    assert "Manage Messages" not in dry
    assert EN("discord.lacking", channel="\\#general", permissions="Manage Messages") in enforced


def _may_delete(rig: Rig, place: Place) -> bool:
    rights = rig.access.rights_at(place.channel.id)[1]
    return rights is None or rights.manage_messages


def _may_attach(rig: Rig, place: Place) -> bool:
    rights = rig.access.rights_at(place.log.id)[1]
    return rights is None or rights.attach_files


async def test_every_command_of_the_staff(rig: Rig, place: Place) -> None:
    """Each says what it did, and it is done."""
    role = rig.server.role(place.guild, "Artists")
    thread = rig.server.thread(place.channel, place.mo, "talk")
    here = EN("place.here")

    async def told(command: str, **options: Any) -> str:
        return await rig.told(place, command, **options)

    assert await told("mode", mode="flag") == EN("said.mode", place=here, mode=EN("mode.flag"))
    assert await told("mode", mode="enforce", collection="brands", kind="exact")
    eighty = EN("said.thresholds", place=here, match="80%", review="40%", strangers=f"{strangers_at(0.8):,}")
    assert await told("threshold", match="80", review=40) == eighty
    assert EN("act.timeout") in await told("actions", mode="enforce", delete=True, timeout=True, minutes=30)
    assert "/actions flag" in await told("actions", mode="enforce")
    assert await told("actions", mode="flag", delete=True) == EN("said.acts-harmless")
    assert await told("exempt", who=role) == EN("said.exempt", name="Artists")
    assert place.bo.name in await told("exempt", who=place.bo)
    assert await told("admit", who=role) == EN("said.admitted", name="Artists")
    assert await told("brakes", people=2, an_hour=5) == EN("said.brakes", people=2, an_hour=5)
    assert await told("remember", hours=24) == EN("said.remember", hours=24)
    assert await told("ignore", who=place.bo) == EN("said.ignored", name=place.bo.name)
    assert await told("ignore", who=place.bo) == EN("said.heard", name=place.bo.name)
    assert await told("log", to=place.channel) == EN("said.log")
    assert "general" in await told("settings")
    assert await told("language", language="zh") == ZH("said.language")
    assert await told("unwatch") == ZH("said.unwatched", place=ZH("place.here"))
    used = rig.server.slash(thread, place.mo, "watch", mode="flag")
    assert (await used.answer()).text == ZH("said.watched", place=ZH("place.here"), mode=ZH("mode.flag"))

    policy = await rig.services.policies.for_space(place.space)
    assert policy.mode is Mode.FLAG
    assert policy.rules == (Rule(mode=Mode.ENFORCE, collection="brands", kind=Kind.EXACT),)
    assert policy.enforce == (Act.REMOVE, Act.TIMEOUT)
    assert policy.timeout == timedelta(minutes=30)
    community = await rig.services.communities.get(Platform.DISCORD, str(place.guild.id))
    assert community.exempt == (str(place.bo.id),)
    assert (community.reporters_needed, community.reports_an_hour, community.remember_hours) == (2, 5, 24)


async def test_a_sentence_instead_of_an_error(rig: Rig, place: Place) -> None:
    """What the handlers refuse is said in one sentence, for the asker alone."""
    used = rig.slash(place, "references list", collection="nothing")
    wrong = await rig.told(place, "threshold", match="40", review=80)

    assert (await used.answer()).text.startswith(EN("said.no-collection"))
    assert used.ephemeral
    assert wrong == EN("said.thresholds-wrong")


async def test_a_bug_is_not_shown(rig: Rig, place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """The person reads a plain sentence, the operator the traceback."""
    broken = rig.access.client.services.cases  # type: ignore[attr-defined]
    object.__setattr__(rig.access.client.services, "cases", None)  # type: ignore[attr-defined]
    try:
        said = await rig.told(place, "case", number=1)
    finally:
        object.__setattr__(rig.access.client.services, "cases", broken)  # type: ignore[attr-defined]

    assert said == EN("problem.internal")
    assert "AttributeError" in caplog.text


async def test_only_the_staff(rig: Rig, place: Place) -> None:
    """Discord does not offer these commands to others; who comes by another way is refused here."""
    with pytest.raises(PermissionError):
        rig.slash(place, "mode", place.alice, mode="flag")
    rig.server.backend.command_permissions.clear()
    for command in rig.server.backend.commands[None].values():
        command["default_member_permissions"] = None
    refused = await rig.told(place, "mode", place.alice, mode="enforce")
    added = rig.server.context_menu("Add as reference", place.channel, place.alice, rig.post(place))

    assert refused == (await added.answer()).text == EN("said.staff-only")
    assert (await rig.services.policies.for_space(place.space)).mode is Mode.DRY_RUN


async def test_searching(rig: Rig, place: Place) -> None:
    """The answer is for the asker alone, in their language, with both pictures."""
    used = rig.server.slash(place.channel, place.alice, "search", image=known(), locale="zh-CN")
    answer = await used.answer()
    direct = rig.server.slash(rig.server.direct(place.alice), place.alice, "search", image=("a.jpg", known()))

    assert TITLE in answer.text
    assert ZH("answer.known") in answer.text
    assert answer.attachments[0].name == "evidence.jpg"
    assert used.ephemeral
    assert TITLE in (await direct.answer()).text
    assert not direct.ephemeral


async def test_searching_in_a_message(rig: Rig, place: Place) -> None:
    """Everybody who asks is answered, for each picture; a text is no image."""
    post = rig.post(place, files={"a.jpg": known(), "b.png": saved(scribble(4))})
    for who in (place.alice, place.bo):
        used = rig.server.context_menu("Search this image", place.channel, who, post)
        answers = await rig.server.until(lambda: used.messages if len(used.messages) == 2 else [])  # noqa: B023
        assert sorted(TITLE in answer.text for answer in answers) == [False, True]
        assert all(answer.ephemeral for answer in answers)
    text = rig.server.post(place.channel, place.alice, "hello")
    nothing = rig.server.context_menu("Search this image", place.channel, place.bo, text)

    assert (await nothing.answer()).text == EN("said.no-image")


async def test_finding_by_words(rig: Rig, place: Place) -> None:
    """Titles, owners and sources as they were written, for the asker alone; or why there are none."""
    off = await rig.told(place, "find", place.alice, words="something red")
    async with words_known(rig.services, rig.db, "brands"):
        used = rig.server.slash(place.channel, place.alice, "find", words="something red", locale="zh-CN")
        found = await used.answer()
        nothing = await rig.told(place, "find", place.alice, words="green")

    assert off == EN("said.find-off")
    assert used.ephemeral
    assert found.text.startswith(EN("said.find", text="something red"))
    assert r"A \*red\* one" in found.text
    assert "<https://example.org/red?a=1&b=2>" in found.text
    assert "Blue" not in found.text
    assert nothing == EN("said.find-nothing", text="green")


async def test_what_is_offered_in_chinese(rig: Rig) -> None:
    """Names and descriptions of commands, options and choices."""
    commands = {name: one for (name, _), one in rig.server.backend.commands[None].items()}

    assert commands["search"]["name_localizations"] == {"zh-CN": "搜图", "zh-TW": "搜圖"}
    assert commands["Why?"]["name_localizations"]["zh-CN"] == ZH("command.why-this")
    assert commands["mode"]["options"][0]["choices"][0]["name_localizations"]["zh-TW"] == ZH("mode.off")
    for command in commands.values():
        for part in (command, *command.get("options", ())) if command["type"] == 1 else ():
            assert part["description_localizations"].keys() == {"zh-CN", "zh-TW"}, part["name"]


async def test_help(rig: Rig, place: Place) -> None:
    """The staff's commands are shown to the staff, and each can be clicked."""
    everybody, staff = await rig.told(place, "help", place.alice), await rig.told(place, "help")
    numbers = {name: one["id"] for (name, _), one in rig.server.backend.commands[None].items()}

    assert f"</search:{numbers['search']}>" in everybody
    assert EN("discord.menu", name=EN("command.report-this")) in everybody.replace("\\", "")
    assert "/setup" not in everybody
    assert f"</references add:{numbers['references']}>" in staff
    assert EN("command.alerts-join") in staff


async def test_what_is_offered_while_somebody_types(rig: Rig, place: Place) -> None:
    """Collections that the server sees, its own by short names; keys of the newest references, by their titles."""
    await rig.told(place, "references add", image=saved(scribble(60)), title="Logo one", collection="logos")
    other = await rig.set_up()
    key = (await rig.told(place, "references list", collection="logos")).split("`")[1]

    async def offered(where: Place, asked: str, typed: str, **filled: Any) -> list[str]:
        command, _, option = asked.partition("/")
        return [
            one["value"]
            for one in await rig.server.suggested(where.channel, where.mo, command, option, typed, **filled)
        ]

    assert await offered(place, "references list/collection", "") == ["logos", "brands"]
    assert await offered(place, "mode/collection", "LOG", mode="flag") == ["logos"]
    assert await offered(other, "references list/collection", "") == ["brands"]
    assert await offered(place, "references remove/key", "logo", collection="logos") == [key]
    assert await offered(place, "references remove/key", "") == []
    rig.server.backend.command_permissions.clear()
    for command in rig.server.backend.commands[None].values():
        command["default_member_permissions"] = None
    assert await rig.server.suggested(place.channel, place.alice, "references list", "collection", "") == []


async def test_an_answer_that_discord_refuses_is_our_fault(
    rig: Rig, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator reads why, and the person that it is a fault of ours, not to try again."""
    rig.server.fail("POST /webhooks/", status=400, json={"message": "Invalid Form Body", "code": 50035})
    said = await rig.told(place, "help")

    assert said == EN("problem.internal")
    assert [one.levelname for one in caplog.records if "refused what we sent" in one.getMessage()] == ["ERROR"]


async def test_references_from_a_command(rig: Rig, place: Place) -> None:
    """Added, found in the list, matched by the next post, removed; the collection is this server's own."""
    image = saved(scribble(50))
    added = await rig.told(
        place, "references add", image=image, title="Logo *one*", collection="logos", purpose="brand"
    )
    listed = await rig.told(place, "references list", collection="logos")
    key = listed.split("`")[1]
    removed = await rig.told(place, "references remove", key=key, collection="logos")
    again = await rig.told(place, "references list", collection="logos")
    kept = await rig.services.references.collection(own_name(place.space, "logos"))

    assert added.startswith(EN("said.added", count=1, collection="logos"))
    assert "Logo \\*one\\*" in listed
    assert removed == EN.sentences["said.removed"].format(key=key)
    assert again == EN("said.references", count=0, collection="logos")
    assert (kept.owner, kept.purpose) == (f"discord:{place.guild.id}", "brand")


async def test_a_reference_is_taken_back_by_its_button(rig: Rig, place: Place) -> None:
    """By the staff of this server only; the button goes with what it did."""
    post = rig.post(place, files={"a.png": saved(scribble(51)), "b.png": saved(scribble(52))})
    used = rig.server.context_menu("Add as reference", place.channel, place.mo, post)
    answer = await used.answer()
    name = f"r:{post.id}:blocklist"
    assert answer.text.startswith(EN("said.added", count=2, collection="blocklist"))
    assert [button.custom_id for button in answer.buttons] == [name, f"t:{post.id}"]
    refused = await rig.server.press(answer, place.alice, name).answer()
    changed = await rig.server.press(answer, place.mo, name).answer()

    assert refused.text == EN("said.staff-only")
    assert (changed.id, changed.text, changed.buttons) == (answer.id, EN("said.taken-back", count=2), [])


async def test_another_title_is_asked_for_in_a_form(rig: Rig, place: Place) -> None:
    """With the title as it is; for staff only, and after the reference is gone a sentence."""
    post = rig.post(place, text="Double your coins", files={"a.png": saved(scribble(54))})
    answer = await rig.server.context_menu("Add as reference", place.channel, place.mo, post).answer()
    pressed = rig.server.press(answer, place.mo, EN("title.another"))
    form = await pressed.opened()
    told = (await rig.server.submit(pressed, title="Coin *scam*").answer()).text
    theirs = rig.server.press(answer, place.alice, EN("title.another"))
    empty = await theirs.opened()
    refused = (await rig.server.submit(theirs, title="Mine").answer()).text
    again = rig.server.press(answer, place.mo, EN("title.another"))
    await again.opened()
    await rig.server.press(answer, place.mo, EN("decision.undo")).answer()
    gone = (await rig.server.submit(again, title="Late").answer()).text

    assert "Double your coins" in str(form) and "Double your coins" not in str(empty)
    assert EN("said.renamed", title="Coin \\*scam\\*") in told
    assert EN("said.renamed-before", title="Double your coins") in told
    assert refused == EN("said.staff-only")
    assert gone == EN("said.nothing-added")


async def test_open_cases_are_offered(rig: Rig, place: Place) -> None:
    """By number, by what they are and by whom, to the staff of their server; no other server's."""
    court = Court(rig.db, Clock(datetime(2035, 1, 1, tzinfo=UTC)))
    mine = await court.case("offered", space=place.space)
    await court.case("elsewhere", space=replace(place.space, community="1"))

    async def offered(typed: str) -> list[Any]:
        return [one["value"] for one in await rig.server.suggested(place.channel, place.mo, "case", "number", typed)]

    assert await offered("") == await offered(str(mine)) == await offered("logo") == [mine]
    assert await offered("nothing like it") == []


async def test_what_is_worth_knowing_of_a_reference_is_said(rig: Rig, place: Place) -> None:
    """Below the answer, as plain text: the title is the staff's own, and no markup."""
    await rig.told(place, "references add", image=saved(scribble(53)), title="Logo *one*", collection="logos")
    small = saved(scribble(53).resize((200, 150)), "JPEG", quality=70)
    first, *_, note = (await rig.told(place, "references add", image=small, collection="logos")).split("\n")

    assert first == EN("said.added", count=1, collection="logos")
    assert note.startswith(r"This looks like “Logo \*one\*” in logos: an edited copy, almost certainly (")


async def test_a_case_is_shown_and_decided(rig: Rig, place: Place) -> None:
    """As a card of its own, with its picture; a press renews it at once."""
    rig.post(place)
    number = await case_of(rig, place)
    used = rig.slash(place, "case", number=number)
    answer = await used.answer()
    changed = await rig.server.press(answer, place.mo, f"c:{number}:a").answer()

    assert used.ephemeral
    assert answer.attachments[0].name == "evidence.jpg"
    assert changed.id == answer.id
    assert EN("decision.undo") in [button.label for button in changed.buttons]
    await rig.card_says(place, EN("decision.allowed"))


async def case_of(rig: Rig, place: Place) -> int:
    """The number of the newest case of a guild, once its card is there."""
    card = (await rig.cards(place))[-1]
    return int((card.buttons[0].custom_id or "").split(":")[1])


async def test_cases_of_others_are_not_there(rig: Rig, place: Place) -> None:
    """Neither by number nor by a button that was copied, and nothing is decided."""
    rig.post(place)
    number = await case_of(rig, place)
    other = await rig.set_up()
    rig.post(other)
    card = (await rig.cards(other))[-1]
    mine = int((card.buttons[0].custom_id or "").split(":")[1])
    forged = replace(card, raw=_with_case(card.raw, mine, number))
    shown, why = await rig.told(other, "case", number=number), await rig.told(other, "why", link=str(number))
    pressed = await rig.server.press(forged, other.mo, f"c:{number}:v").note()

    assert shown == why == EN("said.no-case")
    assert pressed.text == EN("said.staff-only")
    assert (await rig.services.cases.get(number)).decisions == ()


def _with_case(raw: Any, old: int, new: int) -> Any:
    """A card whose buttons speak of another case."""
    rows = [{**row, "components": [_renamed(part, old, new) for part in row["components"]]} for row in raw.components]
    raw.components = rows
    return raw


def _renamed(part: dict[str, Any], old: int, new: int) -> dict[str, Any]:
    return {**part, "custom_id": part["custom_id"].replace(f":{old}:", f":{new}:")} if "custom_id" in part else part


async def test_buttons_of_a_card(rig: Rig, place: Place) -> None:
    """Who is late hears who was first; an undo of nothing is told; why is for the staff."""
    rig.post(place)
    card = (await rig.cards(place))[-1]
    number = await case_of(rig, place)
    refused = await rig.server.press(card, place.alice, f"c:{number}:w").note()
    why = await rig.server.press(card, place.mo, f"c:{number}:w").note()
    told = await rig.server.press(card, place.mo, f"c:{number}:n").note()
    await rig.server.until(lambda: EN("decision.undo") in [one.label for one in card.buttons])
    undone = rig.server.press(card, rig.server.owner(place.guild), f"c:{number}:u")
    await rig.server.until(lambda: undone.record.responded)
    await rig.server.until(lambda: EN("decision.allowed") in [one.label for one in card.buttons])
    decisions = (await rig.services.cases.get(number)).decisions

    assert refused.text == EN("said.staff-only")
    assert told.text == EN("decision.not_a_match")
    assert EN("why.watched") in why.text
    assert why.ephemeral
    assert [one.decision for one in decisions] == [Decision.NOT_A_MATCH]
    assert decisions[0].undone_by == rig.server.owner(place.guild).name


async def test_buttons_of_older_cards(rig: Rig, place: Place) -> None:
    """A card that was posted before an update is still decided."""
    rig.post(place)
    card, number = (await rig.cards(place))[-1], await case_of(rig, place)
    card.raw.components = [
        {**row, "components": [{**part, "custom_id": f"case:{number}:allowed"} for part in row["components"][:1]]}
        for row in card.raw.components
    ]
    said = await rig.server.press(card, place.mo, f"case:{number}:allowed").note()

    assert said.text == EN("decision.allowed")
    assert [one.decision for one in (await rig.services.cases.get(number)).decisions] == [Decision.ALLOWED]


async def test_who_is_no_longer_staff_decides_nothing(rig: Rig, place: Place) -> None:
    """What somebody may is what Discord says with the press, not what was known before."""
    rig.post(place)
    card, number = (await rig.cards(place))[-1], await case_of(rig, place)
    await rig.server.press(card, place.mo, f"c:{number}:w").note()
    rig.server.backend.edit_member(place.guild.id, place.mo.id, {"role_ids": []})
    said = await rig.server.press(card, place.mo, f"c:{number}:v").note()

    assert said.text == EN("said.staff-only")
    assert (await rig.services.cases.get(number)).decisions == ()


async def test_who_is_late_hears_who_was_first(rig: Rig, place: Place) -> None:
    """And the card shows how it stands."""
    rig.post(place)
    card, number = (await rig.cards(place))[-1], await case_of(rig, place)
    await rig.services.cases.decide(number, Decision.ALLOWED, "somebody", [])
    late = await rig.server.press(card, place.mo, f"c:{number}:v").note()

    assert EN("said.other-first") in late.text
    assert "somebody" in late.text


async def test_why(rig: Rig, place: Place) -> None:
    """By menu, by link, by number; of a post that is gone, what its case tells; not of another server's."""
    post = rig.post(place)
    number = await case_of(rig, place)
    link = f"https://discord.com/channels/{place.guild.id}/{place.channel.id}/{post.id}"
    other = await rig.set_up()
    by_link, by_number = await rig.told(place, "why", link=link), await rig.told(place, "why", link=f"#{number}")
    foreign, nonsense = await rig.told(other, "why", link=link), await rig.told(place, "why", link="what")
    staffs = rig.server.context_menu("Why?", place.channel, place.mo, rig.post(place, who=place.mo))
    rig.server.delete(post)
    gone, gone_case = await rig.told(place, "why", link=link), await rig.told(place, "why", link=str(number))

    assert EN("why.watched") in by_link
    assert by_link == by_number
    assert "✓" in by_link
    assert EN("why.exempt") in (await staffs.answer()).text
    assert foreign == EN("said.gone")
    assert "/why" in nonsense
    assert gone == gone_case
    assert TITLE in gone
    assert "✓" not in gone


async def test_reports(rig: Rig) -> None:
    """Thanked for in private, in the reporter's language; without a place for cards there is nobody to tell."""
    place = rig.place()
    post = rig.post(place, files={"a.png": saved(scribble(9))})
    nowhere = rig.server.context_menu("Report image", place.channel, place.bo, post, locale="zh-TW")
    assert (await nowhere.answer()).text == ZH("said.report-nowhere")
    await rig.told(place, "setup", log=place.log)
    report = rig.server.context_menu("Report image", place.channel, place.bo, post)
    assert (await report.answer()).text == EN("said.report-thanks")
    assert report.ephemeral
    card = await rig.card_says(place, EN("card.report-one"))
    again = rig.server.context_menu("Report image", place.channel, place.bo, post)

    assert (await again.answer()).text == EN("said.report-again")
    assert card.attachments


async def test_alerts_of_a_channel(rig: Rig, place: Place) -> None:
    """Subscribed, listed, told of a match, and stopped."""
    added = await rig.told(place, "alerts add", collection="brands")
    listed = await rig.told(place, "alerts list")
    rig.post(place)
    found = await rig.server.until(lambda: [one for one in rig.server.messages(place.channel) if one.embeds])
    stopped, empty = await rig.told(place, "alerts remove", collection="brands"), await rig.told(place, "alerts list")

    assert added == EN("said.subscribed", collection="brands")
    assert listed == EN("said.subscriptions", collections="brands")
    assert TITLE in found[0].text
    assert stopped == EN("said.unsubscribed", collection="brands")
    assert empty == EN("said.no-subscriptions")


async def test_alerts_of_a_person(rig: Rig, place: Place) -> None:
    """A code works in private, once; the person is told there, with a counter."""
    code = (await rig.told(place, "alerts invite", collection="brands")).split()[-1]
    direct = rig.server.direct(place.bo)
    joined = await rig.server.slash(direct, place.bo, "alerts join", code=code).answer()
    used_up = await rig.server.slash(direct, place.bo, "alerts join", code=code).answer()
    here_only = await rig.server.slash(direct, place.bo, "alerts invite", collection="brands").answer()
    rig.post(place)
    told = await rig.server.until(lambda: [one for one in rig.server.messages(direct) if TITLE in one.text])
    rig.post(place)
    await rig.server.until(lambda: "Seen 2 times" in told[0].text)

    assert joined.text == EN("said.subscribed", collection="brands")
    assert used_up.text == EN("said.no-code")
    assert here_only.text == EN("said.not-here")
    assert told[0].attachments[0].name == "evidence.jpg"


async def test_a_subscriber_that_can_not_be_told(rig: Rig, place: Place) -> None:
    """A channel that is gone or closed has a name for it, and one that takes long is tried again."""
    (event,) = await rig.events(rig.post(place))
    case = a_case(event)
    about = case.verdict.matches[0].reference
    now = datetime.now(UTC)

    def alert(channel: str, receipt: str = "") -> Alert:
        to = Subscription(collection="brands", platform=Platform.DISCORD, channel=channel)
        return Alert(
            id=9, subscription=to, reference=about, case=1, count=1, receipt=receipt, first_at=now, last_at=now
        )

    gone = await rig.front.alert(alert("1"), case, None)
    deleted = await rig.front.alert(alert(str(place.log.id), f"{place.log.id}/1"), case, None)
    rig.server.revoke(place.guild, "send_messages", "administrator", channel=place.log)
    closed = await rig.front.alert(alert(str(place.log.id)), case, None)

    assert gone.state is deleted.state is ActState.GONE
    assert (closed.state, closed.sentence) == (ActState.FORBIDDEN, "no-permission|Send Messages")


async def test_an_alert_is_taken_back(rig: Rig, place: Place) -> None:
    """When its post is called suspected child abuse, the subscriber's message goes, and its picture with it."""
    await rig.told(place, "alerts add", collection="brands")
    rig.post(place)

    def alerts() -> list[Message]:
        return [one for one in rig.server.messages(place.channel) if one.embeds and TITLE in one.text]

    (alert,) = await rig.server.until(alerts)
    assert alert.attachments
    (case,) = await rig.services.cases.newest(place.space)
    await review.decide(rig.services, case.id, Decision.ABUSE, "ann")
    await rig.server.until(lambda: not alerts())


async def test_a_watch_of_another_channel(rig: Rig, place: Place) -> None:
    """Commands work from anywhere in the server."""
    other = rig.server.channel(place.guild, "other")
    await rig.told(place, "watch", channel=other, mode="enforce")
    await rig.told(place, "threshold", match="70", review=30, channel=other)
    policies = await rig.services.policies.of_platform(Platform.DISCORD)
    space = Space(platform=Platform.DISCORD, community=str(place.guild.id), channel=str(other.id))

    assert policies[space].mode is Mode.ENFORCE
    assert policies[space].thresholds.match == 0.7
    assert policies[place.space].thresholds.match == 0.9
