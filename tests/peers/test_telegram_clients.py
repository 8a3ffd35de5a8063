"""Two clients that share no code agree with the Telegram peer: what they get from it, they understand.

python-telegram-bot by polling and by webhook, aiogram by polling: the same evening in a few chats. Then every kind of
update and every answer, read by aiogram's models, which refuse what Telegram would not say.
"""

import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import telegram as ptb
from aiohttp import web
from PIL import Image
from telegram.error import TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from tests.peers.telegram_caller import SMALL, gif, hook, keys, looks, png
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_updates import SECRET_HEADER
from tests.peers.telegram_world import Chat, User

type Ptb = Application[Any, Any, Any, Any, Any, Any]
type Context = CallbackContext[Any, Any, Any, Any]


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@dataclass
class Evening:
    """The chats that both clients are tried in."""

    telegram: TelegramServer
    alice: User = field(init=False)
    group: Chat = field(init=False)
    strict: Chat = field(init=False)
    mods: Chat = field(init=False)

    def __post_init__(self) -> None:
        self.alice = self.telegram.user("alice", language="en")
        self.group = self.telegram.group("Pictures", admin=True)
        self.strict = self.telegram.group("No admin")
        self.mods = self.telegram.group("Mods", admin=True)

    def posts(self) -> None:
        """Seven messages with pictures."""
        telegram, alice = self.telegram, self.alice
        channel = telegram.channel("News")
        private = telegram.start(alice)
        telegram.post(self.group, alice, photo=png(), caption="look")
        telegram.album(self.group, alice, [png("blue"), png("green")])
        telegram.channel_post(channel, photo=png("black"))
        telegram.post(private, alice, document=("x.png", SMALL, "image/png"), forward_from=channel)
        telegram.post(self.strict, alice, photo=png("gray", (100, 100)))
        telegram.post(private, alice, document=("big.png", bytes(21 << 20), "image/png"))

    async def check(self, seen: list[str]) -> None:
        """What must have come of it: reply, reaction, deletion, restriction, alert; then a pressed button."""
        telegram = self.telegram
        await telegram.until(lambda: len(seen) >= 7)
        reply, *_ = telegram.said(self.group)
        alert, *_ = telegram.said(self.mods)
        assert sorted(seen) == sorted(
            [
                "supergroup (1600, 1200) JPEG",
                "supergroup album (1600, 1200) JPEG",
                "supergroup album (1600, 1200) JPEG",
                "channel (1600, 1200) JPEG",
                "private (60, 40) PNG",
                "supergroup (100, 100) JPEG message can't be deleted",
                "private file is too big",
            ]
        )
        assert (reply.text, reply.reply_to and reply.reply_to.caption) == ("match", "look")
        assert reply.reply_to and reply.reply_to.deleted
        assert reply.reply_to.reactions == ["👀"]
        assert telegram.is_restricted(self.group, self.alice)
        assert (alert.caption, alert.buttons[0].data) == ("alert", "fp:1")
        assert Image.open(io.BytesIO(alert.photo or b"")).size == (1600, 1200)
        told = await telegram.press(alert, self.alice, "FP").answer()
        await telegram.until(lambda: not alert.buttons)
        telegram.react(reply, self.alice, "👎")
        await telegram.until(lambda: seen[7:] == ["button fp:1", "reaction 👎"])
        assert (told.text, told.show_alert) == ("thanks", True)


def words(*parts: object) -> str:
    return " ".join(str(part) for part in parts if part)


class PtbBot:
    """The bot of the evening with python-telegram-bot."""

    def __init__(self, evening: Evening) -> None:
        self.evening = evening
        self.seen: list[str] = []

    async def image(self, update: ptb.Update, context: Context) -> None:
        message = update.effective_message
        assert message and (message.photo or message.document)
        row = [message.chat.type, "album" if message.media_group_id else ""]
        try:
            file = await (message.photo[-1] if message.photo else message.document).get_file()  # type: ignore[union-attr]
            data = bytes(await file.download_as_bytearray())
            row.append(looks(data))
            await self.act(message, context.bot, data)
        except TelegramError as error:
            row.append(error.message[0].lower() + error.message[1:])  # the library writes it with a capital
        self.seen.append(words(*row))

    async def act(self, message: ptb.Message, bot: ptb.Bot, data: bytes) -> None:
        if message.chat.id == self.evening.strict.id:
            await message.delete()
        if message.chat.id != self.evening.group.id or message.media_group_id:
            return
        assert message.from_user
        await message.reply_text("match", do_quote=True)
        await message.set_reaction("👀")
        await message.delete()
        await bot.restrict_chat_member(message.chat.id, message.from_user.id, ptb.ChatPermissions.no_permissions())
        keys = ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("FP", callback_data="fp:1")]])
        await bot.send_photo(self.evening.mods.id, data, caption="alert", reply_markup=keys)

    async def button(self, update: ptb.Update, _: Context) -> None:
        query = update.callback_query
        assert query
        self.seen.append(f"button {query.data}")
        await query.answer("thanks", show_alert=True)
        await query.edit_message_reply_markup(None)

    async def reaction(self, update: ptb.Update, _: Context) -> None:
        assert update.message_reaction
        self.seen.extend(f"reaction {getattr(one, 'emoji', '')}" for one in update.message_reaction.new_reaction)

    def application(self) -> Ptb:
        telegram = self.evening.telegram
        builder = ApplicationBuilder().token(telegram.token).concurrent_updates(8)
        builder = builder.base_url(f"{telegram.url}/bot").base_file_url(f"{telegram.url}/file/bot")
        app = builder.rate_limiter(AIORateLimiter(max_retries=3)).build()
        app.add_handler(MessageHandler(filters.PHOTO | filters.Document.IMAGE, self.image))
        app.add_handler(CallbackQueryHandler(self.button))
        app.add_handler(MessageReactionHandler(self.reaction))
        return app


@asynccontextmanager
async def listening(app: Ptb, by: str) -> AsyncIterator[None]:
    """The application at work."""

    async def receive(request: web.Request) -> int:
        assert request.headers[SECRET_HEADER] == "sEcret"
        await app.update_queue.put(ptb.Update.de_json(await request.json(), app.bot))
        return 200

    assert app.updater
    kinds = ptb.Update.ALL_TYPES
    async with app, hook(receive) as url:
        await app.start()
        if by == "polling":
            await app.updater.start_polling(timeout=5, allowed_updates=kinds)
        else:
            await app.bot.set_webhook(url, secret_token="sEcret", allowed_updates=kinds)
        try:
            yield
        finally:
            if by == "polling":
                await app.updater.stop()
            await app.stop()


@pytest.mark.parametrize("by", ["polling", "webhook"])
async def test_python_telegram_bot_spends_an_evening(
    telegram: TelegramServer, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """python-telegram-bot gets every picture, acts on one, and waits out a limit, by polling and by webhook."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # or it warns of its own next major version at each limit
    evening = Evening(telegram)
    bot = PtbBot(evening)
    app = bot.application()
    async with listening(app, by):
        await telegram.polled()
        evening.posts()
        await evening.check(bot.seen)
        telegram.limit("sendMessage", retry_after=1)
        started = time.monotonic()
        await app.bot.send_message(evening.mods.id, "late")

    assert time.monotonic() - started > 1
    assert [str(call) for call in telegram.called("sendMessage")][-2:] == [
        "sendMessage (Too Many Requests: retry after 1)",
        "sendMessage (ok)",
    ]
    assert telegram.pending == []


async def test_aiogram_spends_the_same_evening(telegram: TelegramServer) -> None:
    """aiogram, which shares no code with the other client, reads every payload and does the same."""
    from tests.peers.aiogram_bot import AiogramBot

    evening = Evening(telegram)
    bot = AiogramBot(evening)
    async with bot.listening():
        evening.posts()
        await evening.check(bot.seen)


def one_of_each(telegram: TelegramServer) -> None:
    """Make the peer say everything it can say."""
    alice, forum = telegram.user("alice", language="de"), telegram.group("Forum", admin=True, forum=True)
    private, channel = telegram.start(alice), telegram.channel("News", username="news")
    post = telegram.channel_post(channel, photo=SMALL, caption="@resight_test_bot see https://example.org")
    telegram.edit(post, caption="corrected")
    topic = telegram.topic(forum, "Cats")
    for source in (post, channel, forum, alice, "Somebody"):
        telegram.post(private, alice, photo=SMALL, forward_from=source)
    reply = telegram.post(forum, alice, sticker=SMALL, reply_to=post, thread=topic)
    telegram.edit(telegram.post(private, alice, text="/check@resight_test_bot 🙂 @alice", reply_to=reply), text="no")
    telegram.post(forum, alice, animation=gif(), more={"has_media_spoiler": True})
    telegram.react(reply, alice, "🔥")
    telegram.restrict(forum, alice, "can_send_messages", until=telegram.now() + 60)
    telegram.make_admin(forum, alice, can_delete_messages=True)
    telegram.block(alice)
    telegram.migrate(telegram.group("Old", basic=True))
    telegram.kick_bot(forum)
    telegram.press(telegram.write(private, telegram.me, markup=keys("yes")), alice, "yes")


async def test_every_update_is_one_that_both_clients_know(telegram: TelegramServer) -> None:
    """Every kind of update that the peer makes is parsed by aiogram's strict models and by python-telegram-bot."""
    from aiogram.types import Update

    telegram.updates.allow(ptb.Update.ALL_TYPES)
    one_of_each(telegram)

    read = [Update.model_validate(update) for update in telegram.pending]
    again = [ptb.Update.de_json(update) for update in telegram.pending]

    assert {update.event_type for update in read} == {
        *("message", "edited_message", "channel_post", "edited_channel_post"),
        *("callback_query", "message_reaction", "my_chat_member", "chat_member"),
    }
    assert [update.update_id for update in again] == [update.update_id for update in read]


async def test_every_answer_is_one_that_a_client_knows(telegram: TelegramServer) -> None:
    """The results of the Bot API's methods are parsed by aiogram's strict models."""
    import aiogram.types as aio

    from tests.peers.aiogram_bot import AiogramBot

    evening = Evening(telegram)
    bot, group, photo = AiogramBot(evening).bot, evening.group.id, aio.BufferedInputFile(SMALL, "a.png")
    telegram.make_admin(evening.group, evening.alice, can_delete_messages=True)
    album = await bot.send_media_group(group, [aio.InputMediaPhoto(media=photo, caption="one") for _ in range(2)])
    sent = await bot.send_document(group, photo, caption="<b>A</b> &amp; B", parse_mode="HTML")
    await bot.send_animation(group, aio.BufferedInputFile(gif(), "a.gif"))
    await bot.edit_message_media(aio.InputMediaPhoto(media=photo), chat_id=group, message_id=sent.message_id)
    await bot.edit_message_caption(chat_id=group, message_id=sent.message_id, caption="C")
    copied = await bot.copy_message(group, group, sent.message_id)
    forwarded = await bot.forward_message(group, group, album[0].message_id)
    assert album[0].photo and forwarded.photo
    await bot.send_photo(group, album[0].photo[-1].file_id)
    await bot.set_my_commands([aio.BotCommand(command="check", description="Prüfen")], language_code="de")
    await bot.send_chat_action(group, "typing")
    await bot.delete_messages(group, [copied.message_id, forwarded.message_id])

    assert sent.html_text == "<b>A</b> &amp; B"
    assert sent.document and sent.document.thumbnail
    assert forwarded.photo[-1].file_unique_id == album[0].photo[-1].file_unique_id
    assert [one.caption for one in telegram.said(evening.group)] == ["one", "one", "C", "", ""]
    assert {one.status for one in await bot.get_chat_administrators(group)} == {"creator", "administrator"}
    assert (await bot.get_chat_member(group, evening.alice.id)).status == "administrator"
    assert (await bot.get_chat(group)).max_reaction_count == 11
    assert (await bot.get_me()).can_read_all_group_messages
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.get_my_commands(language_code="de")
    assert telegram.commands("de") == {"check": "Prüfen"}
    assert telegram.commands("en") == {}
    await bot.session.close()
