"""Buttons on the moderators' cards at Telegram: who may press what, once, and what becomes of the post."""

from collections.abc import AsyncIterator

import pytest

from core.types import Act, ActState, Decision
from embed.runner import Runner
from store.sql.db import Database
from tests.bot.fronts.telegram.kit import KNOWN, TITLE, WORDS, Town, bot_on, town_on
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_world import Message, User


@pytest.fixture
async def town(telegram: TelegramServer, db: Database, toy_runner: Runner) -> AsyncIterator[Town]:
    async with town_on(telegram, db, toy_runner) as town:
        await town.set_up()
        yield town


async def press(town: Town, card: Message, letter: str, who: User | None = None) -> str:
    """Press a button of a card by its letter; what the person reads."""
    data = next(one.data for one in card.buttons if one.data.endswith(f":{letter}"))
    return (await town.telegram.press(card, who or town.mo, data).answer()).text


def forged(message: Message, data: str) -> Message:
    """The same message with a button that we never gave it."""
    message.markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    return message


async def test_a_decision_is_carried_out_and_the_card_follows(town: Town) -> None:
    """Violation removes the post; the card then offers undo, and says who decided what."""
    post = town.post()
    card = await town.card(TITLE)
    told = await press(town, card, "v")
    await town.telegram.until(lambda: post.deleted)
    card = await town.card(WORDS("act.remove"), WORDS("act_state.done"))

    assert told == WORDS("decision.violation")
    assert "mo" in card.shown
    labels = [one.label for one in card.buttons if one.data]
    assert {WORDS("decision.undo"), WORDS("card.why")} < set(labels)
    assert not {WORDS("decision.violation"), WORDS("decision.allowed")}.intersection(labels)
    assert len(town.cards()) == 1


async def test_the_second_one_is_told_who_was_first(town: Town) -> None:
    """Of two decisions the first stands, and an alert names who made it; pressing one's own again is no conflict."""
    town.post()
    card = await town.card(TITLE)
    await press(town, card, "v")
    again = await town.telegram.press(forged(card, "c:1:v"), town.mo, "c:1:v").answer()
    second = await town.telegram.press(forged(card, "c:1:a"), town.mo2, "c:1:a").answer()
    (case,) = await town.services.cases.newest()

    assert again.text == WORDS("decision.violation")
    assert second.text.startswith(WORDS("said.other-first"))
    assert "@mo" in second.text
    assert second.show_alert
    assert [one.decision for one in case.decisions] == [Decision.VIOLATION]


async def test_who_runs_nothing_decides_nothing(town: Town) -> None:
    """Neither people of the moderators' group, nor the staff of another group."""
    town.post()
    card = await town.card(TITLE)
    other = town.telegram.group("Other", admin=True)
    town.telegram.make_admin(other, town.bobby)
    refused = [await press(town, card, letter, who) for letter in "va" for who in (town.alice, town.bobby)]
    (case,) = await town.services.cases.newest()

    assert set(refused) == {WORDS("said.staff-only")}
    assert case.decisions == ()


async def test_a_case_is_decided_where_its_cards_go(town: Town) -> None:
    """Data from an altered app, pressed in another chat, decides nothing; nor does an unknown case or nonsense."""
    town.post()
    await town.card(TITLE)
    other = town.telegram.group("Other", admin=True)
    town.telegram.make_admin(other, town.bobby)
    bait = await town.bot.told(other, town.bobby, "/setup")
    foreign = await town.telegram.press(forged(bait, "c:1:v"), town.bobby, "c:1:v").answer()
    own = await town.telegram.press(forged(bait, "c:1:a"), town.mo, "c:1:a").answer()
    unknown = await town.telegram.press(forged(bait, "c:999:v"), town.mo, "c:999:v").answer()
    nonsense = [
        (await town.telegram.press(forged(bait, data), town.bobby, data).answer()).text
        for data in ("c:1:z", "s:evil:dry_run:en", "s:here:dry_run:en:more", "x", "s:")
    ]
    (case,) = await town.services.cases.newest()

    assert foreign.text == WORDS("said.staff-only")
    assert own.text == WORDS("said.elsewhere")
    assert unknown.text == WORDS("said.no-case")
    assert nonsense == [""] * 5
    assert case.decisions == ()


async def test_an_undo_puts_everything_back(town: Town) -> None:
    """The picture is posted again as it was, the time-out ends, and a second violation removes the new post."""
    await town.says("/actions enforce delete,timeout 60")
    post = town.post()
    await press(town, await town.card(TITLE), "v")
    await town.telegram.until(lambda: post.deleted and town.telegram.is_restricted(town.group, town.alice))
    await press(town, await town.card(WORDS("act.timeout")), "u")
    await town.telegram.until(lambda: not town.telegram.is_restricted(town.group, town.alice))
    (again,) = await town.telegram.until(lambda: [one for one in town.telegram.said(town.group) if one.document])
    card = await town.card(WORDS("act.release"))
    await town.telegram.until(lambda: any(one.data.endswith(":v") for one in card.buttons))
    await press(town, card, "v")
    await town.telegram.until(lambda: again.deleted)

    assert again.document == KNOWN
    assert again.shown == WORDS("done.restored", name="alice")


async def test_why_is_answered_below_the_card(town: Town) -> None:
    """The button is answered at once, the explanation follows as a reply."""
    town.post()
    card = await town.card(TITLE)
    told = await press(town, card, "w")
    (reply,) = await town.telegram.until(lambda: [one for one in town.telegram.said(town.mods) if one.reply_to is card])

    assert told == ""
    assert WORDS("why.watched") in reply.shown
    assert TITLE in reply.shown


async def test_buttons_work_after_a_restart(telegram: TelegramServer, db: Database, toy_runner: Runner) -> None:
    """Another process answers the button of an old card, because all that it needs stands in it."""
    async with town_on(telegram, db, toy_runner) as town:
        await town.set_up()
        post = town.post()
        card = await town.card(TITLE)
        await town.bot.at_rest()
    async with bot_on(telegram, db, toy_runner):
        await press(town, card, "v")
        await telegram.until(lambda: post.deleted)

    assert len(town.cards()) == 1


async def test_a_button_of_a_message_from_long_ago_works(town: Town) -> None:
    """Of such a message Telegram tells its number and its chat only."""
    post = town.post()
    card = await town.card(TITLE)
    query = {"id": "1", "from": town.mo.json(), "chat_instance": "1", "data": "c:1:v"}
    old = {"message_id": card.id, "chat": town.mods.json(), "date": 0}
    town.telegram.updates.add("callback_query", {**query, "message": old})
    await town.telegram.until(lambda: post.deleted)


async def test_what_could_not_be_done_stands_on_the_card(town: Town) -> None:
    """Without the right to delete, the card says which right is missing and where it is called so."""
    town.post()
    card = await town.card(TITLE)
    town.telegram.make_admin(town.group, town.telegram.me, can_restrict_members=True)
    await press(town, card, "v")
    failed = await town.card(WORDS("act_state.forbidden"))
    (case,) = await town.services.cases.newest()

    assert "“Delete messages”" in failed.shown
    assert [(one.act, one.state) for one in case.actions if one.act is Act.REMOVE] == [(Act.REMOVE, ActState.FORBIDDEN)]
