"""The Telegram peer hands out updates and files like Telegram does, and fails in the ways that a test orders."""

import asyncio
import io
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientError, web
from PIL import Image

from tests.peers.telegram_caller import SMALL, Caller, calling, gif, hook, png
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_updates import SECRET_HEADER


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    async with calling() as caller:
        yield caller


@pytest.fixture
def telegram(api: Caller) -> TelegramServer:
    return api.telegram


# --- updates


async def test_an_offset_confirms_and_nothing_else_does(telegram: TelegramServer, api: Caller) -> None:
    """Updates are given again until an offset above them is asked for."""
    telegram.start(telegram.user("alice"))
    before = telegram.confirmed
    first = await api.do("getUpdates")
    assert await api.do("getUpdates") == first == telegram.pending
    assert telegram.confirmed == before

    assert await api.do("getUpdates", offset=first[-1]["update_id"] + 1) == []
    assert telegram.confirmed == first[-1]["update_id"]
    assert telegram.pending == []


async def test_a_second_poll_ends_the_first(telegram: TelegramServer, api: Caller) -> None:
    """Of two pollers the older is told that there is another, and the newer gets what comes."""
    older = asyncio.create_task(api.no("getUpdates", timeout=10))
    await telegram.polled()
    newer = asyncio.create_task(api.do("getUpdates", timeout=10))
    assert (await older).startswith("Conflict: terminated by other getUpdates request")
    telegram.start(telegram.user("alice"))
    assert len(await newer) == 1


async def test_a_poll_of_a_dead_bot_takes_nothing(telegram: TelegramServer, api: Caller) -> None:
    """What comes while only a killed bot's poll is open stays for the next one."""
    dead = asyncio.create_task(api.raw("getUpdates", timeout=10))
    await telegram.polled()
    dead.cancel()
    await asyncio.wait([dead])
    telegram.start(telegram.user("alice"))
    assert len(await api.do("getUpdates", timeout=10)) == 1


async def test_updates_that_are_off_by_default_must_be_named(telegram: TelegramServer, api: Caller) -> None:
    """Reactions come only to a bot that asks for them, and then only in chats where it is an administrator."""
    alice, group = telegram.user("alice"), telegram.group("Pictures")
    message = telegram.post(group, alice, text="hello")
    await api.do("getUpdates", offset=-1, allowed_updates=["message_reaction"])
    telegram.react(message, alice, "👎")
    telegram.make_admin(group, telegram.me)
    telegram.react(message, alice, "🤔")
    got = await api.do("getUpdates")
    assert [one["message_reaction"]["new_reaction"][0]["emoji"] for one in got[1:]] == ["🤔"]


async def test_duplicates_come_after_their_confirmation(telegram: TelegramServer, api: Caller) -> None:
    """With duplicates set, a confirmed update comes once more, and the confirmation stays."""
    telegram.duplicates = 1
    telegram.start(telegram.user("alice"))
    one = await api.do("getUpdates")
    offset = one[0]["update_id"] + 1
    assert await api.do("getUpdates", offset=offset) == one
    assert telegram.pending == []
    assert await api.do("getUpdates", offset=offset) == []


async def test_a_webhook_is_tried_until_it_takes_the_update(telegram: TelegramServer, api: Caller) -> None:
    """A refused update comes again before the next, each once more as a duplicate, with the secret, in order."""
    answers, got = [500, 503], list[tuple[str, str]]()

    async def receive(request: web.Request) -> int:
        got.append((request.headers[SECRET_HEADER], (await request.json())["message"]["text"]))
        return answers.pop(0) if answers else 200

    async with hook(receive) as url:
        telegram.duplicates = 1
        await api.do("setWebhook", url=url, secret_token="s3", max_connections=1)
        chat = telegram.start(telegram.user("alice"))
        await telegram.until(lambda: len(got) >= 2)
        error = (await api.do("getWebhookInfo"))["last_error_message"]
        telegram.post(chat, telegram.user("alice"), text="second")
        await telegram.until(lambda: len(got) == 6)
        assert "can't use getUpdates method while webhook is active" in await api.no("getUpdates")
        await api.do("deleteWebhook")

    assert error.startswith("Wrong response from the webhook: 50")
    assert got == [("s3", "/start")] * 4 + [("s3", "second")] * 2
    assert telegram.pending == []
    assert telegram.polls == 0


async def test_privacy_mode_hides_what_is_not_for_the_bot() -> None:
    """In privacy mode a bot that is no administrator hears commands, mentions and replies to it, and no more."""
    async with calling(privacy=True) as api:
        telegram = api.telegram
        alice = telegram.user("alice")
        group, ours = telegram.group("Pictures"), telegram.group("Ours", admin=True)
        asked = telegram.post(group, alice, text="/check")
        await api.do("sendMessage", chat_id=group.id, text="what?", reply_parameters={"message_id": asked.id})
        answer, *_ = telegram.said(group)
        telegram.post(group, alice, photo=SMALL, caption="for nobody")
        telegram.post(group, alice, text="/check@other_bot")
        telegram.post(group, alice, photo=SMALL, caption="hey @resight_test_bot")
        telegram.post(group, alice, photo=SMALL, reply_to=answer)
        telegram.post(ours, alice, photo=SMALL, caption="all of it")

        heard = [one["message"] for one in telegram.pending if "message" in one]
        assert [one.get("text") or one.get("caption") for one in heard] == [
            *("/check", "hey @resight_test_bot", None, "all of it")
        ]
        assert (await api.do("getMe"))["can_read_all_group_messages"] is False


async def test_the_bot_is_told_what_becomes_of_it(telegram: TelegramServer, api: Caller) -> None:
    """Being added, promoted, demoted and thrown out are updates; afterwards it may not write there."""
    group = telegram.group("Pictures")
    telegram.make_admin(group, telegram.me, can_delete_messages=True)
    telegram.demote_bot(group)
    telegram.kick_bot(group)
    changes = [one["my_chat_member"]["new_chat_member"] for one in telegram.pending]
    assert [one["status"] for one in changes] == ["member", "administrator", "member", "kicked"]
    assert changes[1]["can_delete_messages"]
    assert not changes[1]["can_restrict_members"]
    words = await api.no("sendMessage", chat_id=group.id, text="hello")
    assert words == "Forbidden: bot was kicked from the supergroup chat"


# --- files


async def test_a_photo_comes_in_sizes_and_keeps_its_unique_id(telegram: TelegramServer, api: Caller) -> None:
    """Sizes are JPEGs up to the picture's own; the same file again, or forwarded, has new ids, one unique id."""
    alice = telegram.user("alice")
    chat = telegram.start(alice)
    first = telegram.post(chat, alice, photo=png(size=(1000, 500)))
    again = telegram.post(chat, alice, photo=png(size=(1000, 500)))
    forward = telegram.post(chat, alice, forward_from=first)
    other = telegram.post(chat, alice, photo=png("blue", size=(1000, 500)))
    sizes = first.content["photo"]
    link = await api.do("getFile", file_id=sizes[0]["file_id"])
    status, data = await api.file(link["file_path"])

    assert [(one["width"], one["height"]) for one in sizes] == [(90, 45), (320, 160), (800, 400), (1000, 500)]
    assert (status, Image.open(io.BytesIO(data)).format, len(data)) == (200, "JPEG", sizes[0]["file_size"])
    assert first.unique == again.unique == forward.unique != other.unique
    assert len({one.content["photo"][-1]["file_id"] for one in (first, again, forward)}) == 3


async def test_a_link_expires_and_getfile_makes_it_good_again(telegram: TelegramServer, api: Caller) -> None:
    """A document keeps its bytes; its link is 404 after expire_files or an hour, until getFile is called anew."""
    alice = telegram.user("alice")
    message = telegram.post(telegram.start(alice), alice, document=("a.png", SMALL, "image/png"))
    file_id = message.content["document"]["file_id"]
    path = (await api.do("getFile", file_id=file_id))["file_path"]
    assert await api.file(path) == (200, SMALL)
    assert telegram.downloads == [path]
    telegram.expire_files()
    assert (await api.file(path))[0] == 404
    assert (await api.do("getFile", file_id=file_id))["file_path"] == path
    telegram.file_delay = 0.2
    started = time.monotonic()
    assert await api.file(path) == (200, SMALL)
    assert time.monotonic() - started > 0.2
    telegram.turn(hours=1)
    assert (await api.file(path))[0] == 404


async def test_files_above_20_mb_are_not_given_out(telegram: TelegramServer, api: Caller) -> None:
    """getFile refuses a file above 20 MB and an id that it does not know."""
    alice = telegram.user("alice")
    message = telegram.post(telegram.start(alice), alice, document=("a.png", bytes((20 << 20) + 1), "image/png"))
    big = message.content["document"]["file_id"]
    assert await api.no("getFile", file_id=big) == "Bad Request: file is too big"
    wrong = "Bad Request: wrong file_id or the file is temporarily unavailable"
    assert await api.no("getFile", file_id="nonsense") == wrong


async def test_a_gif_becomes_a_film_with_a_thumbnail(telegram: TelegramServer, api: Caller) -> None:
    """An animation is MPEG-4 whatever was posted, said twice as Telegram does, and its thumbnail is a JPEG."""
    alice = telegram.user("alice")
    content = telegram.post(telegram.start(alice), alice, animation=gif()).content
    thumbnail = await api.do("getFile", file_id=content["animation"]["thumbnail"]["file_id"])
    film = await api.do("getFile", file_id=content["animation"]["file_id"])

    assert content["document"]["mime_type"] == content["animation"]["mime_type"] == "video/mp4"
    assert (await api.file(film["file_path"]))[1][4:8] == b"ftyp"
    assert Image.open(io.BytesIO((await api.file(thumbnail["file_path"]))[1])).size == (64, 48)


# --- what goes wrong


async def test_ordered_failures_come_and_pass(telegram: TelegramServer, api: Caller) -> None:
    """fail and limit refuse as many calls as they say, with their parameters; calls tells which were fine."""
    group = telegram.group("Pictures")
    telegram.fail("sendMessage", times=2)
    telegram.limit("sendMessage", retry_after=3)
    said = [await api.raw("sendMessage", chat_id=group.id, text="hello") for _ in range(4)]

    assert [one.get("error_code") for one in said] == [502, 502, 429, None]
    assert said[2]["description"] == "Too Many Requests: retry after 3"
    assert said[2]["parameters"] == {"retry_after": 3}
    assert [call.ok for call in telegram.called("sendMessage")] == [False, False, False, True]


async def test_the_flood_limit_is_20_messages_a_minute_to_a_group(telegram: TelegramServer, api: Caller) -> None:
    """With flood on the 21st message is refused until the minute is over; other chats are free."""
    telegram.flood = True
    group, other = telegram.group("Pictures"), telegram.group("Other")
    for _ in range(20):
        await api.do("sendMessage", chat_id=group.id, text="hello")
    refused = await api.raw("sendMessage", chat_id=group.id, text="hello")
    assert (refused["error_code"], refused["parameters"]) == (429, {"retry_after": 60})
    await api.do("sendMessage", chat_id=other.id, text="hello")
    telegram.turn(seconds=60)
    await api.do("sendMessage", chat_id=group.id, text="hello")


async def test_a_server_that_is_down_says_nothing(telegram: TelegramServer, api: Caller) -> None:
    """While it is down connections end without an answer, those that wait too; afterwards nothing is lost."""
    waiting = asyncio.create_task(api.raw("getUpdates", timeout=10))
    await telegram.polled()
    telegram.down = True
    telegram.start(telegram.user("alice"))
    with pytest.raises(ClientError):
        await waiting
    with pytest.raises(ClientError):
        await api.raw("getMe")
    telegram.down = False
    assert len(await api.do("getUpdates")) == 1


async def test_a_lost_answer_is_a_message_all_the_same(telegram: TelegramServer, api: Caller) -> None:
    """With lose_answers the message is there, and the bot can't know."""
    group = telegram.group("Pictures")
    telegram.lose_answers("sendMessage")
    with pytest.raises(ClientError):
        await api.raw("sendMessage", chat_id=group.id, text="hello")
    assert [one.text for one in telegram.said(group)] == ["hello"]
    await api.do("sendMessage", chat_id=group.id, text="again")


async def test_strangers_are_sent_away(telegram: TelegramServer, api: Caller) -> None:
    """A wrong token is 401 and an unknown method 404, as Telegram has it."""
    unknown = await api.raw("sendTelepathy")
    async with api.session.get(f"{telegram.url}/bot999:NOBODY/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
    assert (unknown["error_code"], unknown["description"]) == (404, "Not Found: method not found")


async def test_until_tells_what_happened_instead(telegram: TelegramServer, api: Caller) -> None:
    """A wait that ends in vain shows what was waited for, what the bot has not taken, and what it called."""
    telegram.start(telegram.user("alice"))
    await api.no("sendMessage", chat_id=99, text="hello")
    with pytest.raises(TimeoutError) as caught:
        await telegram.until(lambda: telegram.polls > 5, timeout=0.05)
    for part in ("telegram.polls > 5", "1001 message", "sendMessage (Bad Request: chat not found)"):
        assert part in str(caught.value)
