"""Telegram as a front: fetching by file id, and each act on posts, against the peer."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.fronts.telegram.render import JOINER
from core.chat import Community, Said
from core.errors import RetryLater, Unscannable
from core.ports import Front
from core.types import Act, ActState, Platform
from tests.bot import cases
from tests.bot.fronts.telegram.kit import KNOWN, WORDS
from tests.bot.fronts.telegram.play import Play, event_of, played
from tests.peers.telegram_caller import gif
from tests.peers.telegram_server import TelegramServer

# --- fetching


async def test_an_image_is_fetched_by_its_file_id(telegram: TelegramServer, front: Front) -> None:
    """The bytes of a file as they are; of a photo the size that is useful."""
    chat = telegram.group("Pictures")
    alice = telegram.user("alice")
    document = telegram.post(chat, alice, document=("a.png", KNOWN, "image/png"))

    assert await front.fetch(event_of(document)) == KNOWN


async def test_a_dead_link_is_asked_for_again(telegram: TelegramServer, front: Front) -> None:
    """A link that died between the question and the download costs one more question."""
    event = event_of(telegram.post(telegram.group("Pictures"), telegram.user("alice"), photo=KNOWN))
    telegram.fail("file", code=404, description="Not Found")

    assert await front.fetch(event)
    assert len(telegram.called("getFile")) == 2


@pytest.mark.parametrize(
    ("method", "code", "words", "reason"),
    [
        ("getFile", 400, "Bad Request: file is too big", "too-large"),
        ("getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable", "gone"),
        ("file", 404, "Not Found", "gone"),
    ],
)
async def test_what_can_never_be_fetched_is_unscannable(
    telegram: TelegramServer, front: Front, method: str, code: int, words: str, reason: str
) -> None:
    """Too large, or gone: never "try again", and never clean."""
    event = event_of(telegram.post(telegram.group("Pictures"), telegram.user("alice"), photo=KNOWN))
    telegram.fail(method, times=9, code=code, description=words)

    with pytest.raises(Unscannable) as error:
        await front.fetch(event)
    assert error.value.reason == reason


async def test_a_file_above_our_own_limit_is_not_downloaded(telegram: TelegramServer, front: Front) -> None:
    """Its size is known before its bytes are."""
    large = ("a.png", bytes(3 << 20), "image/png")
    event = event_of(telegram.post(telegram.group("Pictures"), telegram.user("alice"), document=large))

    with pytest.raises(Unscannable) as error:
        await front.fetch(event)
    assert error.value.reason == "too-large"
    assert telegram.downloads == []


@pytest.mark.parametrize("method", ["getFile", "file"])
async def test_trouble_on_the_way_is_tried_again_later(telegram: TelegramServer, front: Front, method: str) -> None:
    """502, and a server that is down; an odd 404 for the method says nothing about the token."""
    event = event_of(telegram.post(telegram.group("Pictures"), telegram.user("alice"), photo=KNOWN))
    telegram.fail(method)
    with pytest.raises(RetryLater):
        await front.fetch(event)
    telegram.down = True
    with pytest.raises(RetryLater):
        await front.fetch(event)
    telegram.down = False
    telegram.fail("getFile", code=404, description="Not Found: method not found")
    with pytest.raises(RetryLater):
        await front.fetch(event)
    assert await front.fetch(event)


# --- acts on a post


async def test_a_flag_is_a_reaction_and_goes_with_a_restore(play: Play) -> None:
    """The reaction is on the post, and then not."""
    done = await play.do(Act.FLAG)
    flagged = play.post.reactions
    restored = await play.do(Act.RESTORE)

    assert done.state is restored.state is ActState.DONE
    assert flagged == ["👀"]
    assert play.post.reactions == []
    assert not play.telegram.called("sendPhoto")


async def test_a_reply_names_the_image_and_goes_with_a_restore(play: Play) -> None:
    """It names the image, not the person, and mentions nobody."""
    await play.do(Act.REPLY)
    (reply,) = play.telegram.said(play.group)
    await play.do(Act.RESTORE)

    assert WORDS("found.edited", title="“Five koi”") in reply.shown
    assert "alice" not in reply.shown
    assert reply.reply_to is play.post
    assert reply.deleted


async def test_a_removed_post_is_gone_and_a_second_try_is_no_failure(play: Play) -> None:
    """What the first try deleted is done for the second; what somebody else deleted is gone."""
    first = await play.do(Act.REMOVE)
    play.attempts = 2
    second = await play.do(Act.REMOVE)
    play.attempts = 1
    third = await play.do(Act.REMOVE)

    assert play.post.deleted
    assert (first.state, second.state, third.state) == (ActState.DONE, ActState.DONE, ActState.GONE)


async def test_without_the_right_a_removal_is_forbidden(play: Play) -> None:
    """The right is named as Telegram names it; a post above 48 hours old is told apart from that."""
    play.telegram.make_admin(play.group, play.telegram.me, can_restrict_members=True)
    forbidden = await play.do(Act.REMOVE)
    play.telegram.make_admin(play.group, play.telegram.me)
    play.telegram.turn(hours=49)
    old = await play.do(Act.REMOVE)

    assert (forbidden.state, forbidden.sentence) == (ActState.FORBIDDEN, "no-permission|Delete messages")
    assert (old.state, old.sentence) == (ActState.UNSUPPORTED, "too-old")


@pytest.mark.parametrize(
    "what",
    [
        {"photo": KNOWN},
        {"document": ("a.png", KNOWN, "image/png")},
        {"animation": gif()},
        {"sticker": KNOWN},
    ],
    ids=["photo", "document", "animation", "sticker"],
)
async def test_what_was_removed_is_posted_again(telegram: TelegramServer, front: Front, what: dict[str, Any]) -> None:
    """As it was, with its author's name; a second removal deletes all of the new post."""
    play = played(telegram, front, **what)
    await play.do(Act.REMOVE)
    restored = await play.do(Act.RESTORE)
    again = telegram.said(play.group)
    kind = next(iter(what))
    removed = await play.do(Act.REMOVE)
    second = await play.do(Act.RESTORE)

    assert restored.state is removed.state is second.state is ActState.DONE
    assert kind in again[0].content
    assert again[0].unique == play.post.unique
    assert again[-1].shown == WORDS("done.restored", name="alice")
    assert all(one.deleted for one in again)
    assert len(telegram.said(play.group)) == len(again)


async def test_what_was_hidden_is_hidden_again(telegram: TelegramServer, front: Front) -> None:
    """A photo that its author hid as a spoiler."""
    play = played(telegram, front, photo=KNOWN, more={"has_media_spoiler": True})
    await play.do(Act.REMOVE)
    await play.do(Act.RESTORE)

    assert telegram.called("sendPhoto")[-1].params["has_spoiler"] == "true"


async def test_without_the_original_nothing_is_posted_again(play: Play) -> None:
    """If Telegram has forgotten the file, the card will say so."""
    await play.do(Act.REMOVE)
    play.telegram.fail("sendPhoto", code=400, description="Bad Request: wrong file identifier/HTTP URL specified")
    failed = await play.do(Act.RESTORE)

    assert (failed.state, failed.sentence) == (ActState.UNSUPPORTED, "no-original")


async def test_a_timeout_ends_with_a_release(play: Play) -> None:
    """Until the time that the policy says; twice is once, and the release lifts what we did."""
    first = await play.do(Act.TIMEOUT)
    until = play.telegram.member(play.group, play.alice).until
    play.attempts = 2
    await play.do(Act.TIMEOUT)
    barred = play.telegram.is_restricted(play.group, play.alice)
    released = await play.do(Act.RELEASE)

    assert first.state is released.state is ActState.DONE
    assert abs(until - datetime.now(UTC).timestamp() - 3600) < 10
    assert barred
    assert not play.telegram.is_restricted(play.group, play.alice)


async def test_what_the_administrators_did_to_somebody_stays(play: Play) -> None:
    """Whom they barred for good, or banned, is neither barred for less nor released."""
    play.telegram.restrict(play.group, play.alice)
    await play.do(Act.TIMEOUT)
    await play.do(Act.RELEASE)
    kept = play.telegram.member(play.group, play.alice)
    restricted = (kept.status, kept.until)
    play.telegram.set_member(play.group, play.alice, play.telegram.founder, "kicked")
    await play.do(Act.TIMEOUT)
    await play.do(Act.RELEASE)

    assert restricted == ("restricted", 0)
    assert play.telegram.is_banned(play.group, play.alice)


async def test_who_can_t_be_timed_out(telegram: TelegramServer, front: Front) -> None:
    """Administrators, also anonymous ones, and nobody in channels, private chats and basic groups."""
    play = played(telegram, front)
    telegram.make_admin(play.group, play.alice)
    admin = await play.do(Act.TIMEOUT)
    event = play.case.event
    play.case = replace(play.case, event=replace(event, author=str(play.group.id)))
    anonymous = await play.do(Act.TIMEOUT)
    basic = telegram.group("Basic", admin=True, basic=True)
    space = replace(event.space, community=str(basic.id), channel=str(basic.id))
    play.case = replace(play.case, event=replace(event, space=space, author=str(telegram.user("bo").id)))
    group = await play.do(Act.TIMEOUT)

    assert (admin.state, admin.sentence) == (ActState.FORBIDDEN, "is-admin")
    assert (anonymous.state, anonymous.sentence) == (ActState.FORBIDDEN, "is-admin")
    assert (group.state, group.sentence) == (ActState.UNSUPPORTED, "no-timeout-here")


async def test_who_posts_as_a_channel_is_barred_as_one(play: Play) -> None:
    """The person may go on in their own name; the undo lets the channel in again."""
    play.case = replace(play.case, event=replace(play.case.event, author="-100999"))
    barred = await play.do(Act.TIMEOUT)
    then = set(play.group.barred)
    released = await play.do(Act.RELEASE)

    assert barred.state is released.state is ActState.DONE
    assert (then, play.group.barred) == ({-100999}, set())


async def test_what_was_written_with_a_post_comes_back(play: Play) -> None:
    """Below its author's name, in the caption or, if it is too long for one, in a message of its own."""
    play.case = replace(play.case, event=replace(play.case.event, text="Look <here> https://e.org"))
    await play.do(Act.REMOVE)
    await play.do(Act.RESTORE)
    short = play.telegram.said(play.group)
    await play.do(Act.REMOVE)
    play.case = replace(play.case, event=replace(play.case.event, text="x" * 4096))
    await play.do(Act.RESTORE)
    long = play.telegram.said(play.group)
    await play.do(Act.REMOVE)

    assert [one.shown for one in short] == [WORDS("done.restored", name="alice") + "\n\nLook <here> https://e.org"]
    assert [one.shown for one in long] == ["", WORDS("done.restored", name="alice"), "x" * 4096]
    assert all(one.deleted for one in (*short, *long))


async def test_what_comes_back_calls_nobody_again(play: Play) -> None:
    """Whom the author mentioned was told once; and a text that is full of mentions is whole all the same."""
    text = "@all_of_you " * 341
    play.case = replace(play.case, event=replace(play.case.event, text=text))
    await play.do(Act.REMOVE)
    await play.do(Act.RESTORE)
    _, _, *words = play.telegram.said(play.group)

    assert len(words) == 2
    assert "".join(one.shown.replace(JOINER, "") for one in words).strip() == text.strip()
    assert not any(one.words.marked("mention") for one in words)


async def test_whether_cards_can_be_written_is_asked_without_writing(play: Play) -> None:
    """In a group, in private, and not where the bot was thrown out, is not let write, or was blocked."""

    async def state(log: str) -> tuple[ActState, str]:
        community = Community(platform=Platform.TELEGRAM, id=str(play.group.id), log=log)
        carried = await play.front.can_show(community)
        return carried.state, carried.sentence

    mo, ann = play.telegram.user("mo"), play.telegram.user("ann")
    play.telegram.make_admin(play.group, mo)
    chat, of_a_member = play.telegram.start(mo), play.telegram.start(ann)
    fine = [await state(str(play.mods.id)), await state(str(chat.id))]
    play.telegram.block(mo)
    muted, gone = play.telegram.group("Muted"), play.telegram.group("Gone")
    play.telegram.restrict(muted, play.telegram.me)
    play.telegram.kick_bot(gone)

    assert fine == [(ActState.DONE, "")] * 2
    assert await state(str(muted.id)) == (ActState.FORBIDDEN, "no-permission|Post messages")
    assert await state(str(gone.id)) == (ActState.FORBIDDEN, "kicked")
    assert await state(str(of_a_member.id)) == (ActState.FORBIDDEN, "not-staff")
    assert (await state("")) == (ActState.UNSUPPORTED, "not-possible")
    assert [one for one in (muted, gone, play.mods, chat) if play.telegram.said(one)] == []


async def test_somebody_who_runs_the_chat_is_warned(play: Play) -> None:
    """The owner in private if the bot may write to them, else another administrator, else all."""
    warning = Said(key="said.no-card", values={"why": "It is gone."})
    mo = play.telegram.user("mo")
    play.telegram.make_admin(play.group, mo)
    in_the_chat = await play.front.warn(play.case.event.space, warning, "en")
    play.telegram.start(mo)
    to_mo = await play.front.warn(play.case.event.space, warning, "en")
    play.telegram.start(play.telegram.founder)
    to_the_owner = await play.front.warn(play.case.event.space, warning, "en")
    told = [len(play.telegram.said(one)) for one in map(play.telegram.private, (mo, play.telegram.founder))]
    play.telegram.block(mo)
    play.telegram.block(play.telegram.founder)
    play.telegram.kick_bot(play.group)

    assert in_the_chat and to_mo and to_the_owner
    assert told == [len(play.telegram.said(play.group))] * 2 == [1, 1]
    assert not await play.front.warn(play.case.event.space, warning, "en")


async def test_without_the_right_nobody_is_timed_out(play: Play) -> None:
    """The right is named."""
    play.telegram.make_admin(play.group, play.telegram.me, can_delete_messages=True)
    forbidden = await play.do(Act.TIMEOUT)

    assert (forbidden.state, forbidden.sentence) == (ActState.FORBIDDEN, "no-permission|Ban users")


@pytest.mark.parametrize("act", [Act.FLAG, Act.REMOVE, Act.CARD, Act.TIMEOUT])
async def test_trouble_with_telegram_is_tried_again(play: Play, act: Act) -> None:
    """No answer, 502, and a group that has moved but whose move we have not heard of."""
    for method in ("setMessageReaction", "deleteMessage", "sendMessage", "restrictChatMember"):
        play.telegram.fail(method)
    with pytest.raises(RetryLater) as error:
        await play.do(act)
    play.telegram.down = True
    with pytest.raises(RetryLater):
        await play.do(act)

    assert str(error.value) == "unreachable"


async def test_posts_of_a_group_that_moved_are_gone(telegram: TelegramServer, front: Front) -> None:
    """Once the community has its new id, its old messages can't be reached, and no new one is mistaken for them."""
    play = played(telegram, front)
    basic = telegram.group("Basic", admin=True, basic=True)
    post = telegram.post(basic, play.alice, photo=KNOWN)
    play.case = replace(play.case, event=event_of(post))
    new = telegram.migrate(basic)
    with pytest.raises(RetryLater):
        await play.do(Act.REMOVE)
    event = play.case.event
    play.case = replace(play.case, event=replace(event, space=replace(event.space, community=str(new.id))))
    gone = await play.do(Act.REMOVE)

    assert gone.state is ActState.GONE


async def test_too_many_requests_are_waited_out(play: Play) -> None:
    """Telegram says how long; the act is done then, once."""
    play.telegram.limit("setMessageReaction", 1)
    done = await play.do(Act.FLAG)

    assert done.state is ActState.DONE
    assert len(play.telegram.called("setMessageReaction")) == 2


async def test_deleting_does_not_wait_behind_messages(play: Play) -> None:
    """Only messages count against a group's limit: thirty posts of a raid are deleted at once."""
    async with asyncio.timeout(5):
        for _ in range(30):
            post = play.telegram.post(play.group, play.alice, photo=KNOWN)
            play.case = replace(cases.case(event=event_of(post)))
            await play.do(Act.REMOVE)

    assert len(play.telegram.called("deleteMessage")) == 30
