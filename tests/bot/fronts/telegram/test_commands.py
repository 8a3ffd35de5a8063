"""What the staff set up, choose and ask on Telegram; the peer is in the same process."""

from datetime import timedelta

import pytest

from bot.fronts.telegram import greeting
from bot.fronts.telegram.api import Api
from bot.fronts.telegram.menu import GROUP, PRIVATE, STAFF
from bot.fronts.telegram.recent import Administrators
from core.messages import Right
from core.thresholds import threshold_for
from core.types import Act, Kind, Mode, Platform, Purpose
from core.wording import Words
from embed.runner import Runner
from handlers.chat.commands import COMMANDS
from store.sql.db import Database
from tests.bot.fronts.telegram.kit import HERE, KNOWN, STRANGE, TITLE, WORDS, Town, settings_for, town_on
from tests.peers.telegram_server import TelegramServer


async def community(town: Town) -> object:
    return await town.services.communities.get(Platform.TELEGRAM, str(town.group.id))


# --- set-up


async def test_set_up_by_buttons(town: Town) -> None:
    """Three questions one after the other; only staff can answer them."""
    asked = await town.bot.told(town.group, town.mo, "/setup")
    refused = await town.telegram.press(asked, town.alice, WORDS("setup.here")).answer()
    await town.telegram.press(asked, town.mo, WORDS("setup.here")).answer()
    second = asked.shown
    await town.telegram.press(asked, town.mo, WORDS("mode.flag")).answer()
    third = asked.shown
    await town.telegram.press(asked, town.mo, "中文").answer()
    found = await town.services.communities.get(Platform.TELEGRAM, str(town.group.id))

    assert refused.text == WORDS("said.staff-only")
    assert (second, third) == (WORDS("setup.mode"), WORDS("setup.language"))
    zh = Words.of("zh")
    assert asked.shown.startswith(zh("said.set-up", place=zh("place.chat"), mode=zh("mode.flag")))
    assert zh("setup.next") in asked.shown
    assert zh("settings.title", name="Pictures") in asked.shown
    assert asked.buttons == []
    assert (found.log, found.language, found.name) == (str(town.group.id), "zh", "Pictures")
    assert (await town.services.policies.for_space(town.space)).mode is Mode.FLAG


async def test_cards_in_private(town: Town) -> None:
    """Who wants the cards in private must have started the bot; it says so, and works afterwards."""
    asked = await town.bot.told(town.group, town.mo, "/setup")
    refused = await town.telegram.press(asked, town.mo, WORDS("setup.private")).answer()
    town.telegram.start(town.mo)
    await town.telegram.press(asked, town.mo, WORDS("setup.private")).answer()
    await town.telegram.press(asked, town.mo, WORDS("mode.dry_run")).answer()
    await town.telegram.press(asked, town.mo, "English").answer()
    town.post()
    chat = town.telegram.private(town.mo)
    card = await town.telegram.until(lambda: [one for one in town.telegram.said(chat) if one.buttons])

    assert "https://t.me/" in refused.text
    assert TITLE in card[0].shown


async def test_cards_in_another_group(town: Town) -> None:
    """The code for the other group works there for who runs both groups, and for nobody else."""
    said = await town.says("/setup other dry_run en")
    code = next(line for line in said.splitlines() if "/log" in line).partition("/log")[2]
    stranger = town.telegram.user("eve")
    town.telegram.make_admin(town.mods, stranger)
    refused = await town.bot.told(town.mods, stranger, f"/log{code}")
    taken = await town.bot.told(town.mods, town.mo, f"/log{code}")
    found = await town.services.communities.get(Platform.TELEGRAM, str(town.group.id))

    assert refused.shown == WORDS("said.staff-only")
    assert taken.shown == WORDS("said.log")
    assert found.log == str(town.mods.id)


async def test_a_deep_link_sets_up(town: Town) -> None:
    """Telegram sends "/start setup" into a group that was chosen through the invitation link: the set-up begins."""
    asked = await town.bot.told(town.group, town.mo, f"/start@{town.telegram.me.name} setup")

    assert asked.shown == WORDS("setup.where")


async def test_where_it_was_added_it_says_hello_once(
    telegram: TelegramServer, db: Database, toy_runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new group reads what to do, in the language of who added the bot; nothing is watched before that."""
    monkeypatch.setattr(greeting, "GREET_AFTER_S", 0.1)
    async with town_on(telegram, db, toy_runner) as town:
        telegram.founder.language = "zh-hans"
        group = telegram.group("New")
        telegram.add_bot(group, admin=True)
        hello = await telegram.until(lambda: telegram.said(group))
        telegram.post(group, town.alice, document=("a.png", KNOWN, "image/png"))
        await town.bot.idle()

        assert [one.shown for one in telegram.said(group)] == [Words.of("zh")("telegram.hello")]
        assert hello[0].reply_to is None
        assert await town.services.cases.newest() == []


# --- the staff's choices


async def test_only_staff_may_choose(town: Town) -> None:
    """Every command of the staff is refused to anybody else, in private and with a mark, and changes nothing."""
    chat = town.telegram.start(town.alice)
    names = [one.name for one in COMMANDS if one.who > Right.EVERYBODY]
    asked = [town.telegram.post(town.group, town.alice, text=f"/{name}") for name in names]
    await town.telegram.until(lambda: all(one.reactions == ["✍"] for one in asked))
    refused = [one.shown for one in town.telegram.said(chat) if WORDS("said.staff-only") in one.shown]

    assert refused == [f"Pictures\n{WORDS('said.staff-only')}"] * len(names)

    assert await town.services.communities.all(Platform.TELEGRAM) == []


async def test_an_anonymous_administrator_is_staff(town: Town) -> None:
    """Who writes in the group's own name may choose; who writes in the name of another chat may not."""
    group = {"sender_chat": town.group.json()}
    channel = {"sender_chat": town.telegram.channel("Elsewhere").json()}

    assert await town.says("/mode flag", town.alice, more=group) == WORDS(
        "said.mode", place=HERE, mode=WORDS("mode.flag")
    )
    assert await town.says("/watch enforce", town.alice, more=channel) == WORDS("said.staff-only")


async def test_rights_are_looked_up_live(telegram: TelegramServer) -> None:
    """Who was promoted is believed after seconds, who was demoted is not after a minute; in between nobody is asked."""
    now = [0.0]
    api = Api(settings_for(telegram))
    staff, alice = Administrators(api.bot, lambda: now[0]), telegram.user("alice")
    group = telegram.group("Pictures")
    before = await staff.has(group.id, alice.id, now=False)
    telegram.make_admin(group, alice)
    at_once = await staff.has(group.id, alice.id, now=False)
    now[0] = 6.0
    soon = await staff.has(group.id, alice.id, now=False)
    telegram.set_member(group, alice, telegram.founder, "member")
    now[0] = 60.0
    still = await staff.has(group.id, alice.id, now=False)
    asking = await staff.has(group.id, alice.id, now=True)
    now[0] = 67.0
    later = await staff.has(group.id, alice.id, now=False)
    await api.close()

    assert (before, at_once, soon, still, later) == (False, False, True, True, False)
    assert not asking, "who asks must run it now"
    assert len(telegram.called("getChatAdministrators")) == 4


async def test_modes_and_limits(town: Town) -> None:
    """Mode, exceptions from it, limits and acts are kept as they were said."""
    await town.set_up()
    said = [
        await town.says("/mode flag"),
        await town.says("/mode enforce collection=brands kind=exact"),
        await town.says("/threshold 95% 60"),
        await town.says("/actions enforce react,delete,timeout 90"),
        await town.says("/actions flag react,reply"),
    ]
    policy = await town.services.policies.for_space(town.space)

    assert said[0] == WORDS("said.mode", place=HERE, mode=WORDS("mode.flag"))
    assert (policy.mode, policy.thresholds.match, policy.thresholds.review) == (Mode.FLAG, 0.95, 0.60)
    assert [(one.mode, one.collection, one.kind) for one in policy.rules] == [(Mode.ENFORCE, "brands", Kind.EXACT)]
    assert "about 1 in" in await town.says("/threshold 1 in 10,000 50")
    assert (await town.services.policies.for_space(town.space)).thresholds.match == threshold_for(1e-4)
    assert policy.enforce == (Act.FLAG, Act.REMOVE, Act.TIMEOUT)
    assert policy.flag == (Act.FLAG, Act.REPLY)
    assert policy.timeout == timedelta(minutes=90)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "/mode",
            "/mode loud",
            "/mode flag kind=odd",
            "/threshold",
            "/threshold ninety",
            "/actions enforce burn",
            "/brakes 1",
            "/remember long",
        ),
        *("/language fr", "/log", "/case x", "/references", "/references remove", "/alerts", "/alerts add"),
    ],
)
async def test_what_was_not_understood_is_told_with_its_usage(town: Town, text: str) -> None:
    """A slip costs one look at the answer."""
    name = text.split()[0].removeprefix("/")

    assert f"/{name}" in (said := await town.says(text))
    assert said.startswith(WORDS("said.unknown", usage="")[:10])


async def test_what_the_handlers_refuse_is_told(town: Town) -> None:
    """A sentence of the handlers reaches the person; so does a collection that does not exist."""
    await town.set_up()

    assert await town.says("/threshold 50 90") == WORDS("said.thresholds-wrong")
    assert await town.says("/threshold nine in ten 50") == WORDS("said.thresholds-wrong")
    assert (await town.says("/mode flag collection=none")).startswith(WORDS("said.no-collection"))
    assert (await town.says("/references list none")).startswith(WORDS("said.no-collection"))
    assert (await town.says("/alerts add none")).startswith(WORDS("said.no-collection"))


async def test_a_watched_channel_without_a_place_for_cards_says_so(town: Town) -> None:
    """Watching alone shows nobody anything, so the next step is named."""
    watched = WORDS("said.watched", place=HERE, mode=WORDS("mode.dry_run"))

    assert await town.says("/watch") == f"{watched}\n{WORDS('said.no-log')}"
    assert await town.says("/log here") == WORDS("said.log")
    assert await town.says("/watch") == watched


async def test_people_are_exempted_by_reply_by_name_and_by_number(town: Town) -> None:
    """Their posts are not looked at until they are admitted again; reports can be ignored the same way."""
    await town.set_up()
    post = town.post(STRANGE)
    said = [
        await town.says("/exempt", reply_to=post),
        await town.says("/exempt @bobby"),
        await town.says("/exempt 12345"),
    ]
    town.telegram.post(town.group, town.bobby, text="hi")
    by_name = await town.says("/ignore @bobby")
    exempt = (await town.services.communities.get(Platform.TELEGRAM, str(town.group.id))).exempt
    await town.says("/admit", reply_to=post)
    found = await town.services.communities.get(Platform.TELEGRAM, str(town.group.id))

    assert said[0] == WORDS("said.exempt", name="alice")
    assert said[1] == WORDS("said.who")
    assert exempt == (str(town.alice.id), "12345")
    assert found.exempt == ("12345",)
    assert by_name == WORDS("said.ignored", name="bobby")
    assert found.ignored_reporters == (str(town.bobby.id),)


async def test_brakes_memory_and_language(town: Town) -> None:
    """What was chosen is said in the community's language from then on."""
    await town.set_up()
    memory = await town.says("/remember 24")
    brakes = await town.says("/brakes 3 20")
    language = await town.says("/language zh")
    found = await town.services.communities.get(Platform.TELEGRAM, str(town.group.id))

    assert brakes == WORDS("said.brakes", people=3, an_hour=20)
    assert language == Words.of("zh")("said.language")
    assert memory == WORDS("said.remember", hours=24)
    assert (found.reporters_needed, found.reports_an_hour, found.language) == (3, 20, "zh")
    assert found.remember_hours == 24


async def test_a_channel_is_run_from_within(town: Town) -> None:
    """Posts in a channel are by its administrators: commands there are obeyed, and its images are looked at."""
    channel = town.telegram.channel("News")
    await town.bot.told(channel, None, "/setup here dry_run en")
    town.telegram.channel_post(channel, document=("a.png", KNOWN, "image/png"))
    card = await town.telegram.until(lambda: [one for one in town.telegram.said(channel) if one.buttons])

    assert TITLE in card[0].shown


async def test_posts_of_staff_are_not_looked_at(town: Town) -> None:
    """An administrator's post makes no case; a member's does."""
    await town.set_up()
    town.post(who=town.mo)
    town.post()
    await town.card(TITLE)
    await town.bot.idle()

    assert len(await town.services.cases.newest()) == 1


# --- references


async def test_a_post_becomes_a_reference_and_is_taken_back(town: Town) -> None:
    """Added from a reply, found in the next post's question, taken back by the button of staff alone."""
    post = town.post(STRANGE)
    added = await town.bot.told(town.group, town.mo, "/add Blue boat collection=logos", reply_to=post)
    found = await town.bot.told(town.group, town.alice, "/search", reply_to=post)
    listed = await town.says("/references list logos")
    said = added.shown
    refused = await town.telegram.press(added, town.alice, WORDS("decision.undo")).answer()
    taken = await town.telegram.press(added, town.mo, WORDS("decision.undo")).answer()
    after = await town.bot.told(town.group, town.alice, "/search", reply_to=post)

    assert said.startswith(WORDS("said.added", count=1, collection="logos"))
    assert "Blue boat" in found.shown
    assert f"telegram-{town.group.id}-{post.id}-1" in listed
    assert refused.text == WORDS("said.staff-only")
    assert taken.text == added.shown == WORDS("said.taken-back", count=1)
    assert added.buttons == []
    assert WORDS("answer.unknown") in after.shown


async def test_an_album_is_added_whole(town: Town) -> None:
    """By a reply to one of its pictures, or by its own caption, although its pictures come one by one.

    What is worth knowing follows on lines of its own: one is a copy of a known image, later both are the same images.
    """
    first = town.telegram.album(town.group, town.alice, [KNOWN, STRANGE])
    await town.bot.idle()
    town.telegram.post(town.group, town.mo, text="/references add", reply_to=first[1])
    added = await town.telegram.until(
        lambda: [one.shown for one in town.telegram.said(town.group) if "blocklist" in one.shown]  # not the greeting
    )
    by_reply = added[0]
    again = await town.says("/add", reply_to=first[0])
    town.telegram.album(town.group, town.mo, [KNOWN, STRANGE], caption="/add collection=second")
    by_caption = await town.telegram.until(
        lambda: [one for one in town.telegram.said(town.group) if "second" in one.shown]
    )

    first_line, *more = by_reply.split("\n")
    assert first_line == WORDS("said.added", count=2, collection="blocklist")
    assert more[-1].startswith("This looks like “Red river”")
    assert again == WORDS("said.added-before", collection="blocklist")
    first_line, *more = by_caption[0].shown.split("\n")
    assert first_line == WORDS("said.added", count=2, collection="second")
    notes = [line for line in more if "the same image as" in line]
    assert notes
    assert all(note.endswith("in blocklist.") for note in notes)


async def test_a_reference_is_removed_by_its_key(town: Town) -> None:
    """One of the community's own; a collection may say what it is for."""
    post = town.post(STRANGE)
    await town.says("/references add collection=fine purpose=allowlist", reply_to=post)
    key = f"telegram-{town.group.id}-{post.id}-1"
    purposes = {one.name: one.purpose for one in await town.services.references.collections()}
    removed = await town.says(f"/references remove {key} fine")

    assert purposes[f"telegram-{town.group.id}.fine"] is Purpose.ALLOWLIST
    assert removed == WORDS.sentences["said.removed"].format(key=key)


async def test_a_message_without_a_picture_adds_nothing(town: Town) -> None:
    """It is told, and no button is offered."""
    post = town.telegram.post(town.group, town.alice, text="no picture")
    added = await town.bot.told(town.group, town.mo, "/add", reply_to=post)

    assert added.shown == WORDS("said.no-image")
    assert added.buttons == []


# --- cases, alerts, menu


async def test_a_case_is_shown_where_it_belongs(town: Town) -> None:
    """In its group without buttons, with the moderators with them, and not at all elsewhere."""
    elsewhere, stranger = town.telegram.group("Elsewhere", admin=True), town.telegram.user("eve")
    town.telegram.make_admin(elsewhere, town.mo)
    town.telegram.make_admin(town.mods, stranger)
    await town.set_up()
    town.post()
    await town.card(TITLE)
    (case,) = await town.services.cases.newest()
    here = await town.bot.told(town.group, town.mo, f"/case {case.id}")
    there = await town.bot.told(town.mods, town.mo, f"/case {case.id}")
    nowhere = await town.bot.told(elsewhere, town.mo, f"/case {case.id}")
    denied = await town.bot.told(town.mods, stranger, f"/case {case.id}")

    assert TITLE in here.shown
    assert [one for one in here.buttons if one.data] == []
    assert [one for one in there.buttons if one.data]
    assert nowhere.shown == denied.shown == WORDS("said.no-case")


async def test_why_a_post_was_treated_so(town: Town) -> None:
    """By a reply to the post, by its number, and by a reply to the card."""
    await town.set_up()
    post = town.post()
    card = await town.card(TITLE)
    (case,) = await town.services.cases.newest()
    by_post = await town.says("/why", reply_to=post)
    by_number = await town.says(f"/why {case.id}")
    by_card = await town.bot.told(town.mods, town.mo, "/why", reply_to=card)

    for text in (by_post, by_number, by_card.shown):
        assert WORDS("why.watched") in text
        assert TITLE in text


async def test_alerts_by_code(town: Town) -> None:
    """A code from the staff subscribes a private chat through a deep link, once; there it can be ended."""
    invited = await town.says("/alerts invite brands")
    code = invited.split()[-1]
    chat = town.telegram.start(town.alice)
    await town.bot.idle()
    joined = await town.bot.told(chat, town.alice, f"/start join_{code}")
    twice = await town.bot.told(chat, town.alice, f"/alerts join {code}")
    listed = await town.bot.told(chat, town.alice, "/alerts list")
    add = await town.bot.told(chat, town.alice, "/alerts add brands")
    removed = await town.bot.told(chat, town.alice, "/alerts remove brands")

    assert joined.shown == WORDS("said.subscribed", collection="brands")
    assert twice.shown == WORDS("said.no-code")
    assert listed.shown == WORDS("said.subscriptions", collections="brands")
    assert add.shown == WORDS("said.not-here")
    assert removed.shown == WORDS("said.unsubscribed", collection="brands")


async def test_an_alert_comes_once_and_counts(town: Town) -> None:
    """A second post of the image within the burst changes the number in the message."""
    await town.set_up()
    await town.says("/alerts add brands")
    town.post()
    found = await town.telegram.until(lambda: [one for one in town.telegram.said(town.group) if TITLE in one.shown])
    town.post()
    await town.telegram.until(lambda: "2" in found[0].shown.splitlines()[-1], timeout=20)

    assert found[0].photo
    assert len([one for one in town.telegram.said(town.group) if TITLE in one.shown]) == 1


async def test_the_menu_is_set_in_both_languages(town: Town) -> None:
    """What the menu offers is answered: everybody's commands in groups, those of the staff to administrators."""
    await town.telegram.until(lambda: len(town.telegram.called("setMyCommands")) == 6)
    group = town.telegram.commands("", "all_group_chats")
    admin = town.telegram.commands("zh", "all_chat_administrators")

    assert set(group) == set(GROUP) == {"search", "find", "report", "help"}
    assert {*group, "setup", "references", "alerts", "add"} < set(admin) == set(STAFF)
    assert set(town.telegram.commands("", "all_private_chats")) == set(PRIVATE)
    assert admin["mode"] == Words.of("zh")("command.mode")
    assert town.telegram.commands("", "all_private_chats")["search"] == WORDS("command.search")


async def test_help_tells_each_what_they_can_do(town: Town) -> None:
    """Staff read every command of theirs, others only what everybody may."""
    everybody = await town.says("/help", town.alice)
    staff = await town.says("/help")

    assert everybody.splitlines()[0] == WORDS("help.community")
    for command in COMMANDS:
        line = f"/{command.name} – {WORDS(command.text_key)}"
        assert line in staff.splitlines() or not command.in_community
        assert (line in everybody.splitlines()) == (command.in_community and command.who is Right.EVERYBODY)


async def test_commands_for_other_bots_are_theirs(town: Town) -> None:
    """A command that names another bot, or that we do not have, is not answered in a group."""
    town.telegram.post(town.group, town.mo, text="/mode@other_bot flag")
    town.telegram.post(town.group, town.mo, text="/roll")
    await town.bot.idle()

    assert town.telegram.said(town.group) == []


async def test_a_command_that_names_us_is_ours(town: Town) -> None:
    """With our name in any case."""
    name = town.telegram.me.name.upper()

    assert await town.says(f"/mode@{name} flag") == WORDS("said.mode", place=HERE, mode=WORDS("mode.flag"))
