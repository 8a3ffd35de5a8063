"""The images in messages of Telegram, from the JSON that the Bot API sends."""

from typing import Any

import pytest
from telegram import Message

from bot.fronts.telegram.events import Hint, counts, events_of, is_image, link_of, pictures, read_hint
from core.types import ImageEvent, Intent, Platform

CHAT = {"id": -1001234567890, "type": "supergroup", "title": "Pictures"}
ANN = {"id": 5001, "is_bot": False, "first_name": "Ann", "last_name": "Lee", "username": "ann"}


def size(side: int, name: str = "photo") -> dict[str, Any]:
    """A PhotoSize."""
    return {"file_id": f"id-{name}-{side}", "file_unique_id": f"{name}-{side}", "width": side, "height": side * 3 // 4}


def file(name: str, **more: Any) -> dict[str, Any]:
    return {"file_id": f"id-{name}", "file_unique_id": name, **more}


def message(**said: Any) -> Message:
    base = {"message_id": 7, "date": 1_770_000_000, "chat": CHAT, "from": ANN}
    return Message.de_json(base | said, None)


FILM = {"width": 640, "height": 480, "duration": 3}
PHOTO = [size(90), size(320), size(800), size(1280)]


@pytest.mark.parametrize(
    ("said", "hints"),
    [
        ({"photo": PHOTO}, ["photo:id-photo-800"]),
        ({"photo": [size(90), size(320)]}, ["photo:id-photo-320"]),
        ({"photo": [size(1280), size(90)]}, ["photo:id-photo-1280"]),
        ({"new_chat_photo": PHOTO}, ["photo:id-photo-800"]),
        ({"document": file("d", mime_type="image/png")}, ["document:id-d"]),
        ({"document": file("d", file_name="a.JPG", mime_type="text/plain")}, ["document:id-d"]),
        ({"document": file("d")}, ["document:id-d"]),
        ({"document": file("d", file_name="a.zip", mime_type="application/zip")}, []),
        ({"document": file("d", mime_type="video/mp4", thumbnail=size(320))}, ["document:id-photo-320:id-d"]),
        ({"document": file("d", mime_type="application/pdf", thumbnail=size(320))}, []),
        ({"animation": file("a", mime_type="image/gif", **FILM), "document": file("a")}, ["animation:id-a"]),
        (
            {"animation": file("a", mime_type="video/mp4", thumbnail=size(320), **FILM), "document": file("a")},
            ["animation:id-photo-320:id-a"],
        ),
        ({"animation": file("a", mime_type="video/mp4", **FILM)}, ["animation:id-a"]),
        ({"video": file("v", thumbnail=size(320), **FILM)}, ["video:id-photo-320:id-v"]),
        ({"video": file("v", thumbnail=size(320), cover=PHOTO, **FILM)}, ["video:id-photo-800:id-v"]),
        ({"text": "nothing"}, []),
        ({"voice": file("v", duration=3)}, []),
    ],
)
def test_each_kind_of_image_is_found(said: dict[str, Any], hints: list[str]) -> None:
    """The picture itself or what stands for it; the hint also holds the file that can be posted again."""
    assert [found.hint for found in pictures(message(**said))] == hints


@pytest.mark.parametrize(
    ("moves", "hint"),
    [
        ({"is_animated": False, "is_video": False}, "sticker:id-s"),
        ({"is_animated": True, "is_video": False}, "sticker:id-photo-320:id-s"),
        ({"is_animated": False, "is_video": True}, "sticker:id-photo-320:id-s"),
    ],
)
def test_of_a_moving_sticker_the_thumbnail_is_looked_at(moves: dict[str, bool], hint: str) -> None:
    """A still one is an image itself."""
    sticker = file("s", type="regular", width=512, height=512, thumbnail=size(320), **moves)

    assert [found.hint for found in pictures(message(sticker=sticker))] == [hint]


def test_a_quoted_message_of_another_chat_shows_its_picture() -> None:
    """An external reply shows the image here, so it is looked at here."""
    quoted = {"origin": {"type": "hidden_user", "date": 1, "sender_user_name": "X"}, "photo": PHOTO}

    assert [found.hint for found in pictures(message(external_reply=quoted))] == ["photo:id-photo-800"]


def test_paid_media_are_looked_at_where_they_are_shown() -> None:
    """A photo or a video that was paid for; a mere preview has no file."""
    media = [
        {"type": "photo", "photo": PHOTO},
        {"type": "video", "video": file("v", thumbnail=size(320), **FILM)},
        {"type": "preview"},
    ]
    found = pictures(message(paid_media={"star_count": 1, "paid_media": media}))

    assert [one.hint for one in found] == ["photo:id-photo-800", "video:id-photo-320:id-v"]


def test_an_event_says_where_the_image_was_posted() -> None:
    """Space, message, author, album, link and topic; the image by the id that is the same for every bot."""
    said = message(photo=PHOTO, media_group_id="99", message_thread_id=3, is_topic_message=True)
    (event,) = events_of(said, by_staff=True)

    assert event == ImageEvent(
        space=event.space,
        message="7",
        image="photo-800",
        author="5001",
        author_name="Ann Lee",
        group="99",
        link="https://t.me/c/1234567890/7",
        thread="3",
        hint="photo:id-photo-800",
    )
    assert (event.space.platform, event.space.community, event.space.channel) == (
        Platform.TELEGRAM,
        "-1001234567890",
        "-1001234567890",
    )
    assert event.by_staff


def test_a_chain_of_replies_is_no_topic() -> None:
    """Outside of forums the thread's number can't be written to."""
    (event,) = events_of(message(photo=PHOTO, message_thread_id=3))

    assert event.thread == ""


def test_a_private_chat_is_no_community() -> None:
    """It has a channel, which is the person, and no link."""
    (event,) = events_of(message(photo=PHOTO, chat={"id": 5001, "type": "private"}))

    assert (event.space.community, event.space.channel, event.link) == ("", "5001", "")


def test_a_question_is_told_apart_by_its_own_message() -> None:
    """Message and author are those of who asks, the picture that of the post; an album is asked picture by picture."""
    post = message(photo=PHOTO, media_group_id="99")
    question = message(message_id=8, text="/search", **{"from": ANN | {"id": 5002}})
    (event,) = events_of(post, intent=Intent.QUERY, language="zh", asked=question)

    assert (event.message, event.author, event.image, event.group) == ("8", "5002", "photo-800", "")
    assert (event.intent, event.language, event.link) == (Intent.QUERY, "zh", "https://t.me/c/1234567890/7")


def test_the_same_picture_twice_in_a_message_is_one() -> None:
    """What it shows and what it quotes may be the same."""
    quoted = {"origin": {"type": "hidden_user", "date": 1, "sender_user_name": "X"}, "photo": PHOTO}

    assert len(events_of(message(photo=PHOTO, external_reply=quoted))) == 1


def test_a_channel_writes_in_its_own_name() -> None:
    """The author is the channel; the signature is its name, if there is one."""
    news = {"id": -1009, "type": "channel", "title": "News", "username": "news"}
    signed = Message.de_json(
        {"message_id": 4, "date": 1, "chat": news, "sender_chat": news, "author_signature": "Jo", "photo": PHOTO}, None
    )
    (event,) = events_of(signed)

    assert (event.author, event.author_name, event.link) == ("-1009", "Jo", "https://t.me/news/4")


def test_basic_groups_have_no_links() -> None:
    """Telegram has none for their messages."""
    assert link_of(message(chat={"id": -5, "type": "group", "title": "G"})) == ""


def test_whose_posts_count() -> None:
    """People's always, our own never, other bots' if the operator wants it; who writes as a chat is no bot."""
    bot = {"id": 9, "is_bot": True, "first_name": "Bot"}
    group = {"id": 1087968824, "is_bot": True, "first_name": "Group"}

    assert counts(message(), 9, include_bots=False)
    assert not counts(message(**{"from": bot}), 9, include_bots=True)
    assert not counts(message(**{"from": bot}), 8, include_bots=False)
    assert counts(message(**{"from": bot}), 8, include_bots=True)
    assert counts(message(sender_chat=CHAT, **{"from": group}), 9, include_bots=False)


def test_a_hint_is_read_back() -> None:
    """With the file to post again, or the same one; a bare file id is a photo's."""
    assert read_hint("video:A:B") == Hint("video", "A", "B")
    assert read_hint("document:A") == Hint("document", "A", "A")
    assert read_hint("A") == Hint("photo", "A", "A")


@pytest.mark.parametrize(
    ("mime", "name", "expected"),
    [("", "", True), ("application/octet-stream", "x.webp", True), ("", "x.unknown", True), ("", "x.mp3", False)],
)
def test_a_type_that_nobody_tells_may_be_an_image(mime: str, name: str, expected: bool) -> None:
    """Unless the name says something else."""
    assert is_image(mime, name) is expected
