"""What the bot makes of updates from Telegram, from the JSON that the Bot API sends."""

from dataclasses import replace
from typing import Any

import pytest
from telegram import Message, Update, User

from bot.fronts.telegram.pictures import Hint, pictures, read_hint
from bot.fronts.telegram.received import Reader, Received, link_of
from core.messages import Incoming, Person
from core.types import ImageEvent, Platform, Space

CHAT = {"id": -1001234567890, "type": "supergroup", "title": "Pictures"}
PRIVATE = {"id": 5001, "type": "private", "first_name": "Ann"}
ME = User(9, "Resight", is_bot=True, username="Bot")
BOT = {"id": 11, "is_bot": True, "first_name": "Robot"}
ANN = {"id": 5001, "is_bot": False, "first_name": "Ann", "last_name": "Lee", "username": "ann"}


def size(side: int, name: str = "photo") -> dict[str, Any]:
    """A PhotoSize."""
    return {"file_id": f"id-{name}-{side}", "file_unique_id": f"{name}-{side}", "width": side, "height": side * 3 // 4}


def file(name: str, **more: Any) -> dict[str, Any]:
    return {"file_id": f"id-{name}", "file_unique_id": name, **more}


def message(**said: Any) -> Message:
    base = {"message_id": 7, "date": 1_770_000_000, "chat": CHAT, "from": ANN}
    return Message.de_json(base | said, None)


def received(said: Message, *, follow_links: bool = False) -> Received:
    """What the bot makes of a message."""
    reader = Reader(ME, follow_links=follow_links)
    return reader.received(Update(1, message=said))


def understood(said: Message, *, follow_links: bool = False) -> Incoming:
    found = received(said, follow_links=follow_links).message
    assert found
    return found


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
        ({"document": file("d", mime_type="video/webm")}, ["document:id-d"]),
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
    """The file, and of a video the picture in front of it."""
    assert [found.hint for found in pictures(message(**said))] == hints


@pytest.mark.parametrize(
    ("moves", "hint"),
    [
        ({"is_animated": False, "is_video": False}, "sticker:id-s"),
        ({"is_animated": True, "is_video": False}, "sticker:id-photo-320:id-s"),
        ({"is_animated": False, "is_video": True}, "sticker:id-photo-320:id-s"),
    ],
)
def test_a_moving_sticker_has_a_thumbnail_in_front(moves: dict[str, bool], hint: str) -> None:
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


def test_a_message_says_where_its_picture_was_posted() -> None:
    """Space, message, author, album, link and topic; the image by the id that is the same for every bot."""
    said = understood(message(photo=PHOTO, media_group_id="99", message_thread_id=3, is_topic_message=True))
    (event,) = replace(said, by_staff=True).events()

    assert event == ImageEvent(
        space=Space(platform=Platform.TELEGRAM, community="-1001234567890", channel="-1001234567890"),
        message="7",
        image="photo-800",
        author="5001",
        author_name="Ann Lee",
        group="99",
        link="https://t.me/c/1234567890/7",
        thread="3",
        hint="photo:id-photo-800",
        by_staff=True,
    )
    assert said.author == Person(id="5001", name="Ann Lee", handle="@ann")


def test_a_chain_of_replies_is_no_topic() -> None:
    """Outside of forums the thread's number can't be written to; a topic's beginning is no message that is answered."""
    beginning = {**message().to_dict(), "forum_topic_created": {"name": "t", "icon_color": 1}}

    assert understood(message(photo=PHOTO, message_thread_id=3)).thread == ""
    assert understood(message(text="/why", reply_to_message=beginning)).replied_to is None


def test_a_private_chat_is_no_community() -> None:
    """It has a channel, which is the person, and no link."""
    said = understood(message(photo=PHOTO, chat={"id": 5001, "type": "private"}))

    assert said.is_private
    assert (said.space.channel, said.link) == ("5001", "")


def test_the_message_that_is_answered_comes_with_it() -> None:
    """With its author and its pictures, also another bot's, and the data of its buttons."""
    keys = {"inline_keyboard": [[{"text": "x", "callback_data": "c:12:v"}, {"text": "y", "url": "https://e.org"}]]}
    target = {**message(photo=PHOTO, **{"from": BOT}).to_dict(), "reply_markup": keys}
    said = understood(message(message_id=8, text="/search", reply_to_message=target))

    assert said.replied_to
    assert [one.image for one in said.replied_to.pictures] == ["photo-800"]
    assert (said.replied_to.author.id, said.replied_to.buttons) == ("11", ("c:12:v",))


def test_the_same_picture_twice_in_a_message_is_one() -> None:
    """What it shows and what it quotes may be the same."""
    quoted = {"origin": {"type": "hidden_user", "date": 1, "sender_user_name": "X"}, "photo": PHOTO}

    assert len(pictures(message(photo=PHOTO, external_reply=quoted))) == 1


def test_a_channel_writes_in_its_own_name() -> None:
    """The author is the channel; the signature is its name, if there is one. All of its posts are looked at."""
    news = {"id": -1009, "type": "channel", "title": "News", "username": "news"}
    post = {"message_id": 4, "date": 1, "chat": news, "sender_chat": news, "author_signature": "Jo", "photo": PHOTO}
    said = understood(Message.de_json(post, None))

    assert said.author == Person(id="-1009", name="Jo", is_chat=True)
    assert said.link == "https://t.me/news/4"
    assert not said.by_staff


@pytest.mark.parametrize(
    ("more", "by_staff"),
    [
        ({"sender_chat": CHAT}, True),
        ({"sender_chat": {"id": -1009, "type": "channel", "title": "News"}, "is_automatic_forward": True}, True),
        ({"sender_chat": {"id": -1009, "type": "channel", "title": "News"}}, False),
    ],
)
def test_who_writes_as_a_chat(more: dict[str, Any], by_staff: bool) -> None:
    """The group itself and the posts of its linked channel are its staff's; whoever writes as another channel is a
    member, and no bot, although Telegram names one.
    """
    said = understood(message(photo=PHOTO, **more, **{"from": BOT}))

    assert said.author.is_chat
    assert said.pictures
    assert said.by_staff is by_staff


def test_basic_groups_have_no_links() -> None:
    """Telegram has none for their messages."""
    assert link_of(message(chat={"id": -5, "type": "group", "title": "G"})) == ""


def test_whose_pictures_count() -> None:
    """People's pictures and those of other bots, which are told as such; our own never."""

    def shown(author: dict[str, Any]) -> tuple[int, bool]:
        read = understood(message(photo=PHOTO, **{"from": author}))
        return len(read.pictures), read.by_bot

    assert shown(ANN) == (1, False)
    assert shown(BOT) == (1, True)
    assert shown(ME.to_dict()) == (0, True)


@pytest.mark.parametrize(
    ("text", "chat", "meant"),
    [
        ("/start", PRIVATE, "/help"),
        ("/start join_AB12", PRIVATE, "/alerts join AB12"),
        ("/start setup", PRIVATE, "/help"),
        ("/start@Bot setup", CHAT, "/setup@Bot"),
        ("/start", CHAT, "/help"),
        ("/startle", CHAT, "/startle"),
        ("/mode flag", CHAT, "/mode flag"),
    ],
)
def test_deep_links_are_commands(text: str, chat: dict[str, Any], meant: str) -> None:
    """What "/start" and the word behind it mean, in private and in groups."""
    assert understood(message(text=text, chat=chat)).text == meant


def test_who_is_named_without_a_user_name_is_named_by_number() -> None:
    """In commands only: there the number says who is meant."""
    entity = {"type": "text_mention", "offset": 8, "length": 6, "user": {"id": 7, "is_bot": False, "first_name": "Bo"}}

    assert understood(message(text="/exempt Bo Lee", entities=[entity])).text == "/exempt 7"
    assert understood(message(text="Hello   Bo Lee", entities=[entity])).text == "Hello   Bo Lee"


def test_the_name_of_the_bot_is_heard() -> None:
    """In text and caption, in any case, as a mention."""
    mention = [{"type": "mention", "offset": 0, "length": 4}]

    assert understood(message(text="@BOT hi", entities=mention)).names_bot
    assert understood(message(photo=PHOTO, caption="@bot hi", caption_entities=mention)).names_bot
    assert not understood(message(text="@boy hi", entities=mention)).names_bot
    assert not understood(message(text="@bot hi")).names_bot


def test_what_telegram_itself_says_in_private_is_no_message() -> None:
    """That something was pinned asks nothing; a voice message does."""
    pinned = {"pinned_message": message().to_dict()}

    assert received(message(chat=PRIVATE, **pinned)).message is None
    assert received(message(chat=PRIVATE, voice=file("v", duration=3))).message
    assert received(message(chat=CHAT, new_chat_photo=PHOTO)).message


def test_moves_are_noticed_in_both_chats() -> None:
    """The old number and the new one."""
    assert received(message(chat={"id": -5, "type": "group"}, migrate_to_chat_id=-1005)).moved == (-5, -1005)
    assert received(message(chat={"id": -1005, "type": "supergroup"}, migrate_from_chat_id=-5)).moved == (-5, -1005)
    assert received(message(text="x")).moved is None


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ({"message": message(chat=CHAT).to_dict()}, ("-1001234567890", "7")),
        ({"message": {"message_id": 7, "date": 0, "chat": CHAT}}, ("-1001234567890", "7")),
        ({}, ("5001", "0")),
    ],
)
def test_a_press_says_who_pressed_what_where(where: dict[str, Any], place: tuple[str, str]) -> None:
    """Also below a message from long ago, of which Telegram tells its number and its chat only, or nothing."""
    query = {"id": "77", "from": ANN, "chat_instance": "1", "data": "c:12:v", **where}
    received = Reader(ME, follow_links=False).received(Update.de_json({"update_id": 3, "callback_query": query}, None))
    press = received.press

    assert press
    assert received.query == "77"
    assert (press.who.signature, press.data, press.number) == ("@ann", "c:12:v", 3)
    assert (press.space.channel, press.message) == place


def test_a_hint_is_read_back() -> None:
    """With the file to post again, or the same one; a bare file id is a photo's."""
    assert read_hint("video:A:B") == Hint("video", "A", "B")
    assert read_hint("document:A") == Hint("document", "A", "A")
    assert read_hint("A") == Hint("photo", "A", "A")
