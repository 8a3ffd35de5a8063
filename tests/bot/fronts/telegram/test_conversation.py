"""What is particular to talking on Telegram: whose eyes an answer is for, chats that write, and our own faults."""

import logging
from collections.abc import AsyncIterator

import pytest

from bot.fronts.telegram import conversation
from core.types import Mode
from embed.runner import Runner
from store.sql.db import Database
from tests.bot.fronts.telegram.kit import HERE, KNOWN, STRANGE, TITLE, WORDS, Town, town_on
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_world import Chat


@pytest.fixture
async def town(telegram: TelegramServer, db: Database, toy_runner: Runner) -> AsyncIterator[Town]:
    async with town_on(telegram, db, toy_runner) as town:
        await town.set_up()
        yield town


# --- whose eyes an answer is for


async def test_staff_are_answered_in_private(town: Town) -> None:
    """Under the name of the chat, with a mark on the command; what has buttons stays where it was asked."""
    chat = town.telegram.start(town.mo)
    post = town.post(STRANGE, who=town.mo)
    asked = town.telegram.post(town.group, town.mo, text="/mode flag")
    await town.telegram.until(lambda: asked.reactions)
    answer = town.telegram.said(chat)[-1].shown
    added = await town.bot.told(town.group, town.mo, "/add", reply_to=post)

    assert answer == f"Pictures\n{WORDS('said.mode', place=HERE, mode=WORDS('mode.flag'))}"
    assert asked.reactions == ["✍"]
    assert [one.label for one in added.buttons] == [WORDS("decision.undo")]


async def test_who_has_blocked_the_bot_is_answered_where_they_asked(town: Town) -> None:
    """Nobody is left without an answer, nor is one whose command can't be marked."""
    chat = town.telegram.start(town.mo)
    town.telegram.fail("setMessageReaction", code=400, description="Bad Request: REACTION_INVALID")
    town.telegram.post(town.group, town.mo, text="/mode flag")
    await town.telegram.until(lambda: [one for one in town.telegram.said(chat) if WORDS("mode.flag") in one.shown])
    town.telegram.block(town.mo)

    assert await town.says("/mode enforce") == WORDS("said.mode", place=HERE, mode=WORDS("mode.enforce"))


async def test_settings_are_one_table(town: Town) -> None:
    """What was chosen, what may be done, and where the cards go, by name."""
    await town.says("/remember 24")
    shown = await town.says("/settings")

    assert WORDS("settings.title", name="Pictures") in shown
    assert WORDS("mode.dry_run") in shown
    assert "Moderators" in shown
    assert WORDS("settings.hours", hours=24) in shown


# --- chats that write, and people without a user name


async def test_posts_of_the_linked_channel_are_not_looked_at(town: Town) -> None:
    """Telegram forwards them into the group by itself; what a member posts in the name of a channel is looked at."""
    channel = town.telegram.channel("News")
    forwarded = {"sender_chat": channel.json(), "is_automatic_forward": True}
    town.post(more=forwarded)
    await town.bot.idle()
    before = town.cards()
    town.post(more={"sender_chat": channel.json()})
    card = await town.card(TITLE)

    assert before == []
    assert "News" in card.shown


async def test_who_has_no_user_name_is_named_by_number(town: Town) -> None:
    """Of somebody in the chat the number tells the name, also if they never wrote; of anybody else it has to do."""
    ann = town.telegram.user("Ann Smith")

    assert await town.says(f"/exempt {ann.id}") == WORDS("said.exempt", name="Ann Smith")
    assert await town.says("/exempt 12345") == WORDS("said.exempt", name="12345")


# --- places and links


async def test_a_chat_is_named_by_its_name_or_link(town: Town) -> None:
    """/log in the moderators' group names the other one; one that the asker does not run is refused."""
    public = town.telegram.group("Public", admin=True, username="public_pictures")
    town.telegram.make_admin(public, town.mo)
    by_name = await town.bot.told(town.mods, town.mo, "/log @public_pictures")
    by_link = await town.bot.told(town.mods, town.mo, "/log https://t.me/public_pictures")
    refused = await town.bot.told(town.mods, town.mo2, "/log @public_pictures")
    unknown = await town.bot.told(town.mods, town.mo, "/log @nobody_knows")

    assert by_name.shown == by_link.shown == WORDS("said.log")
    assert refused.shown == WORDS("said.staff-only")
    assert unknown.shown.startswith(WORDS("said.unknown", usage="/log"))


async def test_cards_go_to_no_chat_that_the_asker_does_not_run(town: Town) -> None:
    """/setup names only a place that they run: a stranger's group is not to be filled with cards."""
    foreign = town.telegram.group("Foreign", admin=True)
    refused = await town.says(f"/setup here enforce en log={foreign.id}")
    taken = await town.says(f"/setup here enforce en log={town.mods.id}")

    assert refused == WORDS("said.staff-only")
    assert taken.startswith(WORDS("said.set-up", place=HERE, mode=WORDS("mode.enforce")))


@pytest.mark.parametrize("username", ["", "pictures_here"])
async def test_why_by_the_link_of_a_post(town: Town, username: str) -> None:
    """Bots can't fetch a message, so its case tells; a post without one, and one of another chat, is not there."""
    town.group.username = username
    post = town.post()
    await town.card(TITLE)
    where = username or f"c/{str(town.group.id)[4:]}"
    known = await town.says(f"/why https://t.me/{where}/{post.id}")
    gone = await town.says(f"/why https://t.me/{where}/99999")
    elsewhere = await town.says(f"/why https://t.me/c/5/{post.id}")

    assert TITLE in known
    assert gone == elsewhere == WORDS("said.gone")


# --- rights that the bot lacks


async def test_it_says_which_rights_it_lacks(town: Town) -> None:
    """Where it sees nothing, what the acts that were chosen need, and where it can't post cards."""
    town.telegram.make_admin(town.group, town.telegram.me, can_delete_messages=True)
    acts = await town.says("/actions enforce delete,timeout 60")
    town.telegram.demote_bot(town.group)
    both = await town.says("/actions enforce delete,timeout 60")
    watched = await town.says("/watch")
    enforced = await town.says("/watch enforce")

    assert acts.splitlines()[-1] == WORDS("telegram.lacking", rights="“Ban users”")
    assert both.splitlines()[-1] == WORDS("telegram.lacking", rights="“Delete messages”, “Ban users”")
    assert "\n" not in watched
    assert enforced.splitlines()[-1] == WORDS("telegram.lacking", rights="“Delete messages”, “Ban users”")


async def test_in_privacy_mode_it_says_that_it_sees_nothing(
    telegram: TelegramServer, db: Database, toy_runner: Runner
) -> None:
    """Unless it is an administrator."""
    telegram.privacy = True
    async with town_on(telegram, db, toy_runner) as town:
        await town.set_up()
        seeing = await town.says("/watch")
        telegram.demote_bot(town.group)
        blind = await town.says("/watch")

    assert WORDS("telegram.hello-privacy") not in seeing
    assert blind.splitlines()[-1] == WORDS("telegram.hello-privacy")


async def test_where_a_right_is_back_what_was_missed_comes(town: Town) -> None:
    """Without a card nothing is removed; as soon as the bot is let in again the moderators see the case."""
    town.telegram.kick_bot(town.mods)
    post = town.post()
    await town.bot.idle()
    await town.bot.at_rest()
    before = town.cards()
    town.telegram.add_bot(town.mods, admin=True)
    await town.card(TITLE)

    assert before == []
    assert not post.deleted


# --- our own faults, and Telegram's


async def test_a_400_is_our_fault(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """It is told as one, and the log has it; "try again" would help nobody."""
    town.telegram.fail("sendMessage", code=400, description="Bad Request: can't parse entities: byte offset 7")
    with caplog.at_level(logging.ERROR):
        told = await town.says("/mode flag", more={"sender_chat": town.group.json()})

    assert told == WORDS("problem.internal")
    assert "Can't parse entities" in caplog.text
    assert (await town.services.policies.for_space(town.space)).mode is Mode.FLAG


async def test_an_answer_is_tried_again(town: Town) -> None:
    """Silence is the worst answer; what a chat does not allow is no fault of ours."""
    town.telegram.fail("sendMessage", times=2, code=502)

    assert await town.says("/mode flag", more={"sender_chat": town.group.json()})


async def test_what_takes_long_is_noted_first(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram waits a few seconds for the note on a press; what comes of it is then written below."""
    monkeypatch.setattr(conversation, "PATIENCE_S", 0.01)
    town.post()
    card = await town.card(TITLE)
    town.telegram.file_delay = 1.0
    told = await town.telegram.press(card, town.mo, WORDS("card.why")).answer()
    early = [one for one in town.telegram.said(town.mods) if one.reply_to is card]
    await town.telegram.until(lambda: [one for one in town.telegram.said(town.mods) if one.reply_to is card])

    assert (told.text, early) == ("", [])


async def test_an_edit_asks_nothing(town: Town) -> None:
    """A command in an edited message is none; another picture in private is a new question."""
    chat = town.telegram.start(town.alice)
    message = town.telegram.post(town.group, town.mo, text="Hello")
    town.telegram.edit(message, text="/mode flag")
    question = town.telegram.post(chat, town.alice, photo=STRANGE)
    await answers(town, chat, 1)
    town.telegram.edit(question, photo=KNOWN)
    found = await answers(town, chat, 2)

    assert [TITLE in one for one in found] == [False, True]
    assert (await town.services.policies.for_space(town.space)).mode is Mode.DRY_RUN


async def answers(town: Town, chat: Chat, count: int) -> list[str]:
    """So many answers to pictures in private."""

    def found() -> list[str]:
        shown = [one.shown for one in town.telegram.said(chat) if one.reply_to and one.reply_to.content]
        return shown if len(shown) >= count else []

    return await town.telegram.until(found)
