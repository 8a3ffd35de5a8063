"""Cards, answers and alerts on Telegram: sent once and then renewed, against the peer."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.chat import Alert, Said, Subscription
from core.errors import RetryLater
from core.types import Act, ActState, Intent, Platform
from tests.bot import cases
from tests.bot.fronts.telegram.kit import KNOWN, WORDS
from tests.bot.fronts.telegram.play import PICTURE, Play, event_of, played
from tests.peers.telegram_world import Chat

# --- cards, answers, alerts


async def test_a_card_is_posted_once_and_then_renewed(play: Play) -> None:
    """With its picture and buttons; a renewal that changes nothing is fine, one that can't find it says so."""
    first = await play.do(Act.CARD, PICTURE)
    (card,) = play.telegram.said(play.mods)
    await play.do(Act.REMOVE)
    second = await play.do(Act.CARD)
    third = await play.do(Act.CARD)
    play.telegram.delete(card)
    gone = await play.do(Act.CARD)

    assert first.receipt == second.receipt == third.receipt == f"{play.mods.id}:{card.id}:photo"
    assert card.photo
    assert WORDS("act.remove") in card.shown
    assert [one.data for one in card.buttons if one.data] == ["c:12:v", "c:12:a", "c:12:n", "c:12:x", "c:12:w"]
    assert gone.state is ActState.GONE
    assert len(play.telegram.called("sendPhoto")) == 1


@pytest.mark.parametrize("picture", [PICTURE, None], ids=["picture", "words"])
@pytest.mark.parametrize("arrived", [True, False])
async def test_a_card_whose_answer_was_lost_is_found(play: Play, picture: bytes | None, arrived: bool) -> None:
    """By its buttons, behind what else was written since the newest card; if it never arrived it is sent."""
    play.newest = (await play.do(Act.CARD, PICTURE)).receipt
    play.case = replace(play.case, id=13, actions=())
    play.telegram.post(play.mods, play.alice, text="What is that?")
    method = "sendPhoto" if picture else "sendMessage"
    if arrived:
        play.telegram.lose_answers(method)
    else:
        play.telegram.fail(method, code=502)
    with pytest.raises(RetryLater):
        await play.do(Act.CARD, picture)
    play.attempts = 2
    done = await play.do(Act.CARD, picture)
    _, card = play.telegram.said(play.mods)

    assert done.state is ActState.DONE
    assert done.receipt == f"{play.mods.id}:{card.id}:{'photo' if picture else 'text'}"
    assert [one.data for one in card.buttons if one.data] == ["c:13:v", "c:13:a", "c:13:n", "c:13:x", "c:13:w"]


async def test_what_is_not_the_card_keeps_its_face(play: Play) -> None:
    """Other messages of ours are left as they were, and a card that is found without its picture counts."""
    play.newest = (await play.do(Act.CARD)).receipt
    play.case = replace(play.case, id=13, actions=())
    mods = replace(play.case.event.space, channel=str(play.mods.id))
    await play.front.warn(mods, Said(key="said.language"), "en")
    play.telegram.fail("sendPhoto", code=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    play.telegram.lose_answers("sendMessage")
    with pytest.raises(RetryLater):
        await play.do(Act.CARD, PICTURE)
    play.attempts = 2
    done = await play.do(Act.CARD, PICTURE)
    _, other, card = play.telegram.said(play.mods)

    assert done.receipt == f"{play.mods.id}:{card.id}:text"
    assert (other.text, list(other.buttons)) == (WORDS("said.language"), [])


async def test_a_card_without_a_picture_is_text(play: Play) -> None:
    """Where there is none, where Telegram does not take it, and where pictures are not allowed."""
    await play.do(Act.CARD)
    (card,) = play.telegram.said(play.mods)
    await play.do(Act.REMOVE)
    await play.do(Act.CARD)
    other = played(play.telegram, play.front)
    other.telegram.fail("sendPhoto", code=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    await other.do(Act.CARD, PICTURE)

    assert card.text
    assert WORDS("act.remove") in card.shown
    assert other.telegram.said(other.mods)[0].text


async def test_a_card_in_a_group_that_moved_is_posted_anew(play: Play) -> None:
    """The old message can't be edited any more; before we know of the move, it is tried again later."""
    mods = play.telegram.group("Basic", admin=True, basic=True)
    play.mods = mods
    await play.do(Act.CARD)
    new = play.telegram.migrate(mods)
    with pytest.raises(RetryLater):
        await play.do(Act.CARD)
    play.mods = new
    moved = await play.do(Act.CARD)

    assert moved.state is ActState.DONE
    assert moved.receipt.split(":")[0] == str(new.id)


async def test_a_card_that_can_t_be_posted_says_why(play: Play) -> None:
    """The bot is not in the moderators' group, or the moderator has blocked it."""
    play.telegram.kick_bot(play.mods)
    kicked = await play.do(Act.CARD, PICTURE)
    mo = play.telegram.user("mo")
    play.telegram.make_admin(play.group, mo)
    play.telegram.start(mo)
    play.telegram.block(mo)
    play.mods = play.telegram.private(mo)
    blocked = await play.do(Act.CARD)

    assert (kicked.state, kicked.sentence) == (ActState.FORBIDDEN, "kicked")
    assert (blocked.state, blocked.sentence) == (ActState.FORBIDDEN, "blocked")


async def test_an_answer_replies_to_the_question(play: Play) -> None:
    """In the language of who asked, with both pictures; also if the question is gone by then."""
    question = play.telegram.post(play.group, play.alice, photo=KNOWN)
    event = replace(event_of(question, intent=Intent.QUERY), language="zh")
    play.case = replace(play.case, event=event)
    await play.do(Act.ANSWER, PICTURE)
    play.telegram.delete(question)
    late = await play.do(Act.ANSWER)
    answer = play.telegram.said(play.group)[0]

    assert answer.reply_to is question
    assert answer.photo
    assert "Five koi" in answer.shown
    assert "见过" in answer.shown
    assert late.state is ActState.DONE


def alert_for(chat: Chat) -> Alert:
    """The first of a burst, for somebody in private."""
    to = Subscription(collection="brands", platform=Platform.TELEGRAM, channel=str(chat.id), language="en")
    now = datetime.now(UTC)
    return Alert(id=1, subscription=to, reference=cases.KOI, case=12, count=1, first_at=now, last_at=now)


async def test_an_alert_is_sent_and_counts(play: Play) -> None:
    """One message for a burst, in the subscriber's language; the counter is an edit."""
    bo = play.telegram.user("bo")
    chat = play.telegram.start(bo)
    alert = alert_for(chat)
    told = await play.front.alert(alert, play.case, PICTURE)
    counted = await play.front.alert(replace(alert, count=3, told=1, receipt=told.receipt), play.case, None)
    play.telegram.block(bo)
    blocked = await play.front.alert(alert, play.case, None)
    (message,) = play.telegram.said(chat)

    assert told == counted
    assert message.photo
    assert "Seen 3 times" in message.shown
    assert (blocked.state, blocked.sentence) == (ActState.FORBIDDEN, "blocked")


async def test_an_alert_is_taken_back(play: Play) -> None:
    """Its message is deleted; one that is too old for that has a picture of nothing in place of the other."""
    bo = play.telegram.user("bo")
    chat = play.telegram.start(bo)
    alert = alert_for(chat)
    young, old = [await play.front.alert(alert, play.case, PICTURE) for _ in range(2)]
    await play.front.withdraw(replace(alert, receipt=young.receipt))
    play.telegram.turn(hours=48)
    before = play.telegram.said(chat)[0].photo
    done = await play.front.withdraw(replace(alert, receipt=old.receipt))
    twice = await play.front.withdraw(replace(alert, receipt=young.receipt))
    (left,) = play.telegram.said(chat)

    assert done.state is twice.state is ActState.DONE
    assert left.photo != before
    assert not left.shown
