"""Receiving from Telegram: nothing is confirmed before it is stored, nothing stored is lost or done twice."""

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import ClientSession, web
from pydantic import SecretStr
from telegram import Message as TelegramMessage
from telegram.ext import ExtBot

from bot.fronts import worker
from bot.fronts.telegram import loop, received
from bot.fronts.telegram.api import Api
from bot.fronts.telegram.front import Telegram
from bot.fronts.telegram.loop import SECRET_HEADER, hook, receive
from bot.fronts.telegram.pictures import pictures
from bot.services import Services
from core.backoff import Backoff
from core.errors import EnvironmentTrouble, RetryLater
from core.messages import Shown
from core.types import Platform
from embed.runner import Runner
from handlers.bell import Bell
from handlers.parts import Why
from store.sql.db import Database
from store.sql.updates import SqlUpdates
from tests.bot.fronts.telegram.kit import (
    HERE,
    KNOWN,
    STRANGE,
    TITLE,
    WORDS,
    bot_on,
    services_for,
    settings_for,
    town_on,
)
from tests.peers.telegram_server import TelegramServer

TELEGRAM = Platform.TELEGRAM


@pytest.fixture
async def services(telegram: TelegramServer, db: Database, toy_runner: Runner) -> Services:
    """What a bot would have, without one that runs."""
    return await services_for(Telegram(settings_for(telegram)), db, toy_runner)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that a test can wait for."""
    monkeypatch.setattr(loop, "BOT_API", Backoff(0.05, 60.0))
    monkeypatch.setattr(loop, "CONFLICT_PAUSE_S", 0.2)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class FullDisk(SqlUpdates):
    """Stores nothing until there is room."""

    is_full = True

    async def store(self, platform: str, received: Mapping[int, bytes]) -> int:
        if self.is_full:
            raise RetryLater("The disk is full.")
        return await super().store(platform, received)


# --- polling


async def test_nothing_is_confirmed_before_it_is_stored(
    telegram: TelegramServer, services: Services, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """While storing fails Telegram keeps the updates; afterwards they are stored and confirmed."""
    disk = FullDisk(db, services.clock)
    api = Api(settings_for(telegram))
    receiving = asyncio.create_task(receive(api, settings_for(telegram), replace(services, updates=disk), Bell()))
    telegram.start(telegram.user("alice"))
    await telegram.until(lambda: telegram.polls > 3)
    unconfirmed, kept = len(telegram.pending), await disk.waiting(TELEGRAM, 9)
    disk.is_full = False
    await telegram.until(lambda: not telegram.pending)
    stored = await disk.waiting(TELEGRAM, 9)
    receiving.cancel()
    await asyncio.gather(receiving, return_exceptions=True)
    await api.close()

    assert (unconfirmed, kept) == (1, [])
    assert json.loads(stored[0][1])["message"]["text"] == "/start"
    assert caplog.text.count("The disk is full.") == 1


async def test_what_was_stored_before_a_crash_is_worked_off_after_it(
    telegram: TelegramServer, db: Database, toy_runner: Runner
) -> None:
    """The first process only stores and dies; the second has nothing to receive, and answers all of it once."""
    alice = telegram.user("alice")
    chat = telegram.private(alice)
    alice.started = True
    first = Telegram(settings_for(telegram))
    services = await services_for(first, db, toy_runner)
    api = Api(settings_for(telegram))
    storing = asyncio.create_task(receive(api, settings_for(telegram), services, Bell()))
    for picture in (KNOWN, STRANGE):
        telegram.post(chat, alice, document=("a.png", picture, "image/png"))
    await telegram.until(lambda: not telegram.pending)
    storing.cancel()
    await asyncio.gather(storing, return_exceptions=True)
    await api.close()
    async with bot_on(telegram, db, toy_runner) as bot:
        await telegram.until(lambda: len(telegram.said(chat)) == 2)
        await bot.idle()

    assert len(telegram.said(chat)) == 2


async def test_what_was_handled_but_not_crossed_off_makes_nothing_twice(
    telegram: TelegramServer, db: Database, toy_runner: Runner
) -> None:
    """A crash between the two hands the update out again: there is still one question and one answer."""
    async with town_on(telegram, db, toy_runner) as town:
        chat = telegram.start(town.alice)
        telegram.post(chat, town.alice, document=("a.png", KNOWN, "image/png"))
        await telegram.until(lambda: [one for one in telegram.said(chat) if TITLE in one.shown])
        await town.bot.idle()
        await town.bot.at_rest()
    async with bot_on(telegram, db, toy_runner) as again:
        question = next(one for one in telegram.messages(chat) if one.content and not one.by_bot)
        update = {"update_id": 999, "message": question.json()}
        await again.services.updates.store(TELEGRAM, {999: json.dumps(update).encode()})
        await again.idle()

    assert len([one for one in telegram.said(chat) if TITLE in one.shown]) == 1


async def test_updates_that_come_twice_count_once(telegram: TelegramServer, db: Database, toy_runner: Runner) -> None:
    """Posts, commands and buttons."""
    async with town_on(telegram, db, toy_runner) as town:
        telegram.duplicates = 2
        await town.set_up()
        post = town.post()
        card = await town.card(TITLE)
        await telegram.press(card, town.mo, next(one.data for one in card.buttons if one.data.endswith(":v"))).answer()
        await telegram.until(lambda: post.deleted)
        await town.bot.idle()

        assert len(town.cards()) == len(await town.services.cases.newest()) == 1
        assert len(telegram.said(town.group)) == 1


async def test_an_outage_is_told_until_it_is_over(telegram: TelegramServer, db: Database, toy_runner: Runner) -> None:
    """What can't be reached is down; where another program receives in our place we can act all the same."""
    async with town_on(telegram, db, toy_runner) as town:
        parts = town.services.parts
        assert parts.down == ()
        telegram.down = True
        await telegram.until(lambda: [part.why for part in parts.down] == [Why.UNREACHABLE])
        assert parts.unreachable == {"telegram"}
        telegram.down = False
        await telegram.until(lambda: not parts.down)
        telegram.fail("getUpdates", code=409, description="Conflict: terminated by other getUpdates request")
        telegram.start(town.alice)  # what waits for updates comes back, and asks again
        await telegram.until(lambda: [part.why for part in parts.down] == [Why.SECOND_PROGRAM])
        assert not parts.unreachable
        await telegram.until(lambda: not parts.down)


async def test_no_menu_ends_the_front(
    telegram: TelegramServer, db: Database, toy_runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever comes of the menu of commands, commands work."""

    async def fails(*_: object) -> bool:
        raise KeyError("an answer of tomorrow")

    monkeypatch.setattr(ExtBot, "set_my_commands", fails)
    async with town_on(telegram, db, toy_runner) as town:
        assert await town.says("/help")


async def test_after_a_quiet_week_numbers_may_begin_anew(
    telegram: TelegramServer, db: Database, toy_runner: Runner
) -> None:
    """Telegram then counts from any number: lower ones than the last are received all the same."""
    async with town_on(telegram, db, toy_runner) as town:
        await town.says("/help")
        await town.bot.idle()
        telegram.updates._last = telegram.updates.confirmed = 500

        assert await town.says("/mode flag") == WORDS("said.mode", place=HERE, mode=WORDS("mode.flag"))


async def test_an_outage_is_waited_out(
    telegram: TelegramServer, db: Database, toy_runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    """What was posted meanwhile is looked at afterwards; the log says it once."""
    async with town_on(telegram, db, toy_runner) as town:
        await town.set_up()
        telegram.down = True
        await asyncio.sleep(0.5)
        town.post()
        telegram.down = False
        await town.card(TITLE)

    assert caplog.text.count("gives no updates") == 1


@pytest.mark.parametrize(("other", "sentence"), [(False, "Another program"), (True, "A webhook is set")])
async def test_a_conflict_is_told_in_one_sentence(
    telegram: TelegramServer, services: Services, caplog: pytest.LogCaptureFixture, other: bool, sentence: str
) -> None:
    """Somebody else polls, or a webhook is set: it says what to do, and goes on as soon as it can."""
    words = "can't use getUpdates method while webhook is active" if other else "terminated by other getUpdates request"
    telegram.fail("getUpdates", times=2, code=409, description=f"Conflict: {words}")
    api = Api(settings_for(telegram))
    receiving = asyncio.create_task(receive(api, settings_for(telegram), services, Bell()))
    await telegram.polled()
    receiving.cancel()
    await asyncio.gather(receiving, return_exceptions=True)
    await api.close()

    assert caplog.text.count(sentence) == 1
    assert telegram.token not in caplog.text


async def test_a_wrong_token_ends_it(telegram: TelegramServer, services: Services) -> None:
    """At the start, and when it is revoked later; a single odd 404 does not."""
    wrong = Telegram(settings_for(telegram).model_copy(update={"telegram_token": SecretStr("1:x")}))
    with pytest.raises(EnvironmentTrouble, match="RESIGHT_TELEGRAM_TOKEN"):
        await wrong.run(services)
    with pytest.raises(EnvironmentTrouble, match="RESIGHT_TELEGRAM_TOKEN"):
        await wrong.invite_link()
    right = Telegram(settings_for(telegram))
    telegram.fail("getUpdates", code=404, description="Not Found: method not found")
    running = asyncio.create_task(right.run(services))
    await telegram.polled()
    telegram.fail("getMe", times=99, code=401, description="Unauthorized")
    telegram.fail("getUpdates", times=99, code=401, description="Unauthorized")
    telegram.start(telegram.user("alice"))
    with pytest.raises(EnvironmentTrouble, match="RESIGHT_TELEGRAM_TOKEN"):
        await running


async def test_an_update_that_nobody_understands_stops_nothing(
    telegram: TelegramServer, db: Database, toy_runner: Runner
) -> None:
    """What Telegram may invent next is crossed off; what comes after it is answered."""
    async with town_on(telegram, db, toy_runner) as town:
        telegram.updates.add("message", {"message_id": "?", "date": "never", "chat": 5})

        assert await town.says("/mode flag") == WORDS("said.mode", place=HERE, mode=WORDS("mode.flag"))
        await town.bot.idle()


async def test_an_update_without_a_number_hides_no_other(
    telegram: TelegramServer, db: Database, toy_runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    """It can neither be stored nor confirmed, and one that is larger than any database's numbers can't, either."""
    async with town_on(telegram, db, toy_runner) as town:
        asked = Api.updates

        async def odd(self: Api, offset: int | None, kinds: Sequence[str], wait: int) -> list[dict[str, Any]]:
            return [{"message": {}}, {"update_id": 1 << 63}, *await asked(self, offset, kinds, 0 if wait else wait)]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Api, "updates", odd)
            await telegram.until(lambda: "without a number" in caplog.text, timeout=40)
            assert await town.says("/mode flag") == WORDS("said.mode", place=HERE, mode=WORDS("mode.flag"))


async def test_half_a_letter_holds_up_nobody(telegram: TelegramServer, db: Database, toy_runner: Runner) -> None:
    """Half a surrogate pair, which no database takes as text: in a name of a person or a file it is a question mark."""
    async with town_on(telegram, db, toy_runner) as town:
        await town.set_up()
        odd = telegram.user("odd \ud83d", language="en")
        telegram.post(town.group, odd, document=("half \ud83d.png", KNOWN, "image/png"))
        card = await town.card(TITLE)
        await town.bot.idle()

    assert "odd ?" in card.shown


async def test_a_post_on_which_we_fail_holds_up_no_other(
    telegram: TelegramServer, db: Database, toy_runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug is told; the others are looked at, and that one after the next start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(received, "pictures", failing_on("poison.png"))
        patch.setattr(worker, "INTAKE", Backoff(0.05, 0.05))
        async with town_on(telegram, db, toy_runner) as town:
            await town.set_up()
            for name in ("a.png", "poison.png", "b.png"):
                telegram.post(town.group, town.alice, document=(name, KNOWN, "image/png"))
            await telegram.until(lambda: len(town.cards()) == 2)
            async with asyncio.timeout(20):
                while "is set aside" not in caplog.text:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
    async with bot_on(telegram, db, toy_runner):
        await telegram.until(lambda: len(town.cards()) == 3)


def failing_on(name: str) -> Callable[[TelegramMessage], list[Shown]]:
    """`pictures` with a bug."""

    def failing(message: TelegramMessage) -> list[Shown]:
        found = pictures(message)
        if any(one.file_name == name for one in found):
            raise KeyError("bitrate")
        return found

    return failing


async def test_posts_wait_until_it_is_known_who_is_staff(
    telegram: TelegramServer, db: Database, toy_runner: Runner
) -> None:
    """If Telegram does not say who the administrators are, the post is neither dropped nor taken for anybody's."""
    async with town_on(telegram, db, toy_runner) as town:
        await town.set_up()
        await asyncio.sleep(0)
    async with bot_on(telegram, db, toy_runner):
        telegram.fail("getChatAdministrators")
        town.post()
        await town.card(TITLE)

    assert len(town.cards()) == 1


async def test_a_slow_chat_holds_up_no_other(telegram: TelegramServer, db: Database, toy_runner: Runner) -> None:
    """In one chat an image is downloaded for long; another is answered meanwhile, and the first in its order."""
    async with town_on(telegram, db, toy_runner) as town:
        post = town.post(STRANGE)
        telegram.file_delay = 1.5
        telegram.post(town.group, town.mo, text="/add", reply_to=post)
        telegram.post(town.group, town.mo, text="/mode flag")
        quick = await town.bot.told(town.mods, town.mo, "/mode flag")
        early = len(telegram.said(town.group))
        await telegram.until(lambda: len(telegram.said(town.group)) == 2)
        slow = [one.shown for one in telegram.said(town.group)]

    assert quick.shown == slow[1] == WORDS("said.mode", place=HERE, mode=WORDS("mode.flag"))
    assert early == 0
    assert slow[0].startswith(WORDS("said.added", count=1, collection="blocklist"))


async def test_a_backlog_is_worked_off(telegram: TelegramServer, db: Database, toy_runner: Runner) -> None:
    """Posts that waited at Telegram each have one verdict, more than it gives at once, and questions their answer."""
    async with town_on(telegram, db, toy_runner) as town:
        await town.set_up()
    for number in range(105):
        telegram.post(town.group, town.alice, document=("a.png", STRANGE, "image/png"))
        if number % 50 == 0:
            telegram.post(town.mods, town.mo, text="/mode flag")
    async with bot_on(telegram, db, toy_runner) as bot:
        await telegram.until(lambda: len(telegram.said(town.mods)) == 4, timeout=40)
        async with asyncio.timeout(60):
            while telegram.pending or await bot.services.inbox.depth():  # noqa: ASYNC110
                await asyncio.sleep(0.1)


async def test_bots_are_looked_at_if_staff_say_so(telegram: TelegramServer, db: Database, toy_runner: Runner) -> None:
    """By default the posts of other bots are passed over."""
    async with town_on(telegram, db, toy_runner) as town:
        await town.set_up()
        robot = telegram.user("robot")
        robot.is_bot = True
        town.post(who=robot)
        await town.bot.idle()
        before = town.cards()
        await town.says("/bots on")
        town.post(who=robot)
        await town.card(TITLE)

    assert before == []


# --- groups that move


async def test_a_group_that_becomes_a_supergroup_keeps_everything(
    telegram: TelegramServer, db: Database, toy_runner: Runner
) -> None:
    """Its set-up, its references and its watch go on under the new id; the move is noted once."""
    async with town_on(telegram, db, toy_runner) as town:
        basic = telegram.group("Basic", admin=True, basic=True)
        telegram.make_admin(basic, town.mo)
        await town.bot.told(basic, town.mo, "/setup here flag en")
        new = telegram.migrate(basic)
        post = telegram.post(new, town.alice, document=("a.png", KNOWN, "image/png"))
        await telegram.until(lambda: post.reactions)
        await town.bot.idle()
        communities = await town.services.communities.all(TELEGRAM)

    assert [(one.id, one.log) for one in communities] == [(str(new.id), str(new.id))]


# --- webhook


async def test_a_webhook_receives_and_is_taken_back(telegram: TelegramServer, db: Database, toy_runner: Runner) -> None:
    """Telegram is told the address and a secret; everything works as with polling, and afterwards polls work again."""
    port = free_port()
    hooked = {"telegram_webhook": f"http://127.0.0.1:{port}/hook", "telegram_webhook_port": port}
    async with town_on(telegram, db, toy_runner, **hooked) as town:
        await town.set_up()
        town.post()
        await town.card(TITLE)
        polls = telegram.polls
    async with bot_on(telegram, db, toy_runner):
        pass

    assert polls == 0
    assert telegram.called("setWebhook")[0].params["secret_token"]
    assert telegram.updates.hook is None


@dataclass
class Hook:
    """A webhook's server, called as anybody may call it."""

    url: str
    services: Services

    async def post(self, data: bytes, secret: str = "s3cret") -> int:
        body, headers = io.BytesIO(data), {SECRET_HEADER: secret}
        async with ClientSession() as session, session.post(self.url, data=body, headers=headers) as answer:
            return answer.status

    async def stored(self) -> list[int]:
        return [number for number, _ in await self.services.updates.waiting(TELEGRAM, 9)]


@pytest.fixture
async def called(services: Services) -> AsyncIterator[Hook]:
    runner = web.AppRunner(hook(services, Bell(), "s3cret"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Hook(f"http://127.0.0.1:{runner.addresses[0][1]}/any/path", services)
    await runner.cleanup()


async def test_only_telegram_may_call_the_webhook(called: Hook) -> None:
    """Without the secret nothing is read; what is too large or no update is refused; the rest is stored."""
    update = b'{"update_id": 7, "message": {}}'
    answers = [
        await called.post(update, "wrong"),
        await called.post(update, ""),
        await called.post(b"x" * (2 << 20)),
        await called.post(b"{}"),
        await called.post(b"[1]"),
        await called.post(b"\xff\xfe"),
    ]
    before = await called.stored()
    taken = await called.post(update)

    assert answers == [403, 403, 413, 400, 400, 400]
    assert before == []
    assert (taken, await called.stored()) == (200, [7])


async def test_a_webhook_confirms_only_what_is_stored(services: Services, db: Database) -> None:
    """With a full disk the answer is no, so Telegram sends it again."""
    disk = FullDisk(db, services.clock)
    runner = web.AppRunner(hook(replace(services, updates=disk), Bell(), "s3cret"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here = Hook(f"http://127.0.0.1:{runner.addresses[0][1]}/", services)
    refused = await here.post(b'{"update_id": 7, "message": {}}')
    disk.is_full = False
    taken = await here.post(b'{"update_id": 7, "message": {}}')
    await runner.cleanup()

    assert (refused, taken) == (503, 200)


async def test_a_webhook_that_can_t_be_opened_is_told(telegram: TelegramServer, services: Services) -> None:
    """A port in use, and an address that Telegram refuses: both with the setting to change."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = settings_for(telegram, telegram_webhook="http://127.0.0.1/", telegram_webhook_port=port)
        with pytest.raises(EnvironmentTrouble, match="RESIGHT_TELEGRAM_WEBHOOK_PORT"):
            await Telegram(settings).run(services)
    telegram.fail("setWebhook", code=400, description="Bad Request: bad webhook: HTTPS url must be provided")
    settings = settings_for(telegram, telegram_webhook="http://x/", telegram_webhook_port=free_port())
    with pytest.raises(EnvironmentTrouble, match="RESIGHT_TELEGRAM_WEBHOOK is not usable"):
        await Telegram(settings).run(services)
