"""What a bot may do at the Telegram peer is what it may do at Telegram, and refusals come in Telegram's words."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.peers.telegram_caller import SMALL, Caller, calling, keys
from tests.peers.telegram_server import TelegramServer


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    async with calling() as caller:
        yield caller


@pytest.fixture
def telegram(api: Caller) -> TelegramServer:
    return api.telegram


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * 4097, "message is too long"),
        (" ", "message text is empty"),
        ("<b>a", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("é<x>a</x>", 'can\'t parse entities: Unsupported start tag "x" at byte offset 2'),
        ("I <3 you", "can't parse entities: Unclosed start tag at byte offset 2"),
        ("a</b>", "can't parse entities: Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ],
)
async def test_texts_that_telegram_refuses(telegram: TelegramServer, api: Caller, text: str, words: str) -> None:
    """A text that is too long, empty, or wrongly tagged is refused with the reason."""
    group = telegram.group("Pictures")
    assert await api.no("sendMessage", chat_id=group.id, text=text, parse_mode="HTML") == f"Bad Request: {words}"


async def test_html_counts_as_people_read_it(telegram: TelegramServer, api: Caller) -> None:
    """Limits and entities count the text without its tags; a test sees it as it was sent and as it is read."""
    group, html = telegram.group("Pictures"), f"🙂 <b>{'x' * 4000}</b> <a href='https://a.test/'>a &lt; b</a>"
    said = await api.do("sendMessage", chat_id=group.id, text=html, parse_mode="HTML")
    message, *_ = telegram.said(group)

    assert (message.text, message.shown) == (html, f"🙂 {'x' * 4000} a < b")
    assert said["entities"] == [
        {"type": "bold", "offset": 3, "length": 4000},
        {"type": "text_link", "offset": 4004, "length": 5, "url": "https://a.test/"},
    ]


@pytest.mark.parametrize(("data", "fine"), [("x", True), ("ü" * 32, True), ("ü" * 32 + "x", False), ("", False)])
async def test_a_button_carries_64_bytes(telegram: TelegramServer, api: Caller, data: str, fine: bool) -> None:
    """callback_data has 1 to 64 bytes, whatever its letters."""
    group = telegram.group("Pictures")
    said = await api.raw("sendMessage", chat_id=group.id, text="?", reply_markup=keys(data))
    assert said["ok"] is fine
    assert said.get("description", "") == ("" if fine else "Bad Request: BUTTON_DATA_INVALID")


async def test_a_press_is_answered_once(telegram: TelegramServer, api: Caller) -> None:
    """A second answer, and one that comes too late, is refused; the first one's words reach the person."""
    alice, group = telegram.user("alice"), telegram.group("Pictures")
    await api.do("sendMessage", chat_id=group.id, text="?", reply_markup=keys("yes"))
    press = telegram.press(telegram.said(group)[0], alice, "Yes")
    late = telegram.press(telegram.said(group)[0], alice, "yes")
    late.expired = True
    await api.do("answerCallbackQuery", callback_query_id=press.id, text="done")
    for one in (press, late):
        words = await api.no("answerCallbackQuery", callback_query_id=one.id)
        assert words == "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert (await press.answer()).text == "done"
    with pytest.raises(LookupError, match="no button 'no'"):
        telegram.press(telegram.said(group)[0], alice, "no")


async def test_who_may_be_written_to(telegram: TelegramServer, api: Caller) -> None:
    """A bot can't write to somebody who has not started it, or has blocked it, or whom it never met."""
    alice = telegram.user("alice")
    words = "Forbidden: bot can't initiate conversation with a user"
    assert await api.no("sendMessage", chat_id=alice.id, text="hello") == words
    telegram.start(alice)
    await api.do("sendMessage", chat_id=alice.id, text="hello")
    telegram.block(alice)
    assert await api.no("sendMessage", chat_id=alice.id, text="?") == "Forbidden: bot was blocked by the user"
    assert await api.no("sendMessage", chat_id=99, text="hello") == "Bad Request: chat not found"


async def test_what_may_be_deleted(telegram: TelegramServer, api: Caller) -> None:
    """Other people's messages need the right to delete, and all must be younger than 48 hours and still there."""
    alice, group = telegram.user("alice"), telegram.group("Pictures")
    first, second = (telegram.post(group, alice, text=text) for text in ("one", "two"))
    wanted: dict[str, Any] = {"chat_id": group.id, "message_id": first.id}
    assert await api.no("deleteMessage", **wanted) == "Bad Request: message can't be deleted"
    telegram.make_admin(group, telegram.me, can_delete_messages=True)
    await api.do("deleteMessage", **wanted)
    assert await api.no("deleteMessage", **wanted) == "Bad Request: message to delete not found"
    telegram.turn(hours=48)
    assert (
        await api.no("deleteMessage", **wanted | {"message_id": second.id}) == "Bad Request: message can't be deleted"
    )
    telegram.delete(second)
    assert telegram.messages(group) == []


async def test_what_may_be_edited_and_answered(telegram: TelegramServer, api: Caller) -> None:
    """Only own messages, only with a difference; a reply needs its message, a reaction an emoji that Telegram has."""
    alice, group = telegram.user("alice"), telegram.group("Pictures")
    theirs = telegram.post(group, alice, text="one")
    mine = await api.do("sendMessage", chat_id=group.id, text="two", reply_markup=keys("yes"))
    place: dict[str, Any] = {"chat_id": group.id, "message_id": mine["message_id"]}
    words = await api.no("editMessageText", **place, text="two", reply_markup=keys("yes"))
    assert words.startswith("Bad Request: message is not modified: specified new message content and reply markup")
    await api.do("editMessageText", **place, text="two")
    assert (telegram.said(group)[0].text, telegram.said(group)[0].buttons) == ("two", [])
    assert await api.no("editMessageCaption", **place, caption="c") == (
        "Bad Request: there is no caption in the message to edit"
    )
    place["message_id"] = theirs.id
    assert await api.no("editMessageText", **place, text="three") == "Bad Request: message can't be edited"
    for emoji, fine in (("👀", True), ("❤️", True), ("🦆", False)):
        said = await api.raw("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": emoji}])
        assert said.get("description", "") == ("" if fine else "Bad Request: REACTION_INVALID")
    telegram.delete(theirs)
    reply: dict[str, Any] = {"message_id": theirs.id}
    words = await api.no("sendMessage", chat_id=group.id, text="?", reply_parameters=reply)
    assert words == "Bad Request: message to be replied not found"
    reply["allow_sending_without_reply"] = True
    assert "reply_to_message" not in await api.do("sendMessage", chat_id=group.id, text="?", reply_parameters=reply)


async def test_who_may_be_restricted(telegram: TelegramServer, api: Caller) -> None:
    """It needs the right, a supergroup, and somebody who is no administrator; when its time is over it ends."""
    alice, mod, group = telegram.user("alice"), telegram.user("mod"), telegram.group("Pictures")
    basic = telegram.group("Old", basic=True, admin=True)
    wanted: dict[str, Any] = {"chat_id": group.id, "user_id": alice.id, "until_date": telegram.now() + 60}
    wanted["permissions"] = {"can_send_messages": True}
    words = "Bad Request: not enough rights to restrict/unrestrict chat member"
    assert await api.no("restrictChatMember", **wanted) == words
    telegram.make_admin(group, telegram.me)
    telegram.make_admin(group, mod)
    await api.do("restrictChatMember", **wanted)
    telegram.post(group, alice, text="only words")
    with pytest.raises(PermissionError, match="alice is restricted"):
        telegram.post(group, alice, photo=SMALL)
    words = await api.no("restrictChatMember", **wanted | {"user_id": mod.id})
    assert words == "Bad Request: user is an administrator of the chat"
    words = await api.no("banChatMember", **wanted | {"user_id": telegram.founder.id})
    assert words == "Bad Request: can't remove chat owner"
    words = await api.no("restrictChatMember", **wanted | {"chat_id": basic.id})
    assert words == "Bad Request: method is available only for supergroups"
    telegram.turn(seconds=61)
    assert not telegram.is_restricted(group, alice)
    await api.do("banChatMember", chat_id=group.id, user_id=alice.id)
    assert telegram.is_banned(group, alice)


async def test_a_group_that_moved_says_where_to(telegram: TelegramServer, api: Caller) -> None:
    """After the migration both chats say so, and a call to the old one is told the new id."""
    alice = telegram.user("alice")
    old = telegram.group("Pictures", basic=True, people=[alice])
    new = telegram.migrate(old)
    said = await api.raw("sendMessage", chat_id=old.id, text="hello")
    moves = [one["message"] for one in telegram.pending if "message" in one]

    assert said["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert said["parameters"] == {"migrate_to_chat_id": new.id}
    assert [one.get("migrate_to_chat_id") for one in moves] == [new.id, None]
    assert [one.get("migrate_from_chat_id") for one in moves] == [None, old.id]
    await api.do("sendMessage", chat_id=new.id, text="hello")


async def test_topics_of_a_forum(telegram: TelegramServer, api: Caller) -> None:
    """A message of a topic names it and answers its first message; an unknown topic is refused."""
    alice, forum = telegram.user("alice"), telegram.group("Forum", forum=True)
    cats = telegram.topic(forum, "Cats")
    telegram.post(forum, alice, text="miau", thread=cats)
    got = telegram.pending[-1]["message"]
    assert (got["message_thread_id"], got["is_topic_message"]) == (cats, True)
    assert got["reply_to_message"]["forum_topic_created"]["name"] == "Cats"
    await api.do("sendMessage", chat_id=forum.id, text="hello", message_thread_id=cats)
    words = await api.no("sendMessage", chat_id=forum.id, text="hello", message_thread_id=99)
    assert words == "Bad Request: message thread not found"
