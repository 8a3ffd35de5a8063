"""The bot of an evening with aiogram. Its import takes four seconds: a test that uses it imports it, not its file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import aiogram
import aiogram.types as aio
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.peers.telegram_caller import looks
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_world import Chat


class Evening(Protocol):
    """The chats that it is tried in."""

    telegram: TelegramServer
    group: Chat
    strict: Chat
    mods: Chat


class AiogramBot:
    """The bot of the evening with aiogram, whose models refuse what Telegram would not say."""

    def __init__(self, evening: Evening) -> None:
        self.evening = evening
        self.seen: list[str] = []
        telegram = evening.telegram
        self.bot = aiogram.Bot(telegram.token, AiohttpSession(api=TelegramAPIServer.from_base(telegram.url)))
        self.dispatcher = aiogram.Dispatcher()
        images = aiogram.F.photo | aiogram.F.document
        self.dispatcher.message(images)(self.image)
        self.dispatcher.channel_post(images)(self.image)
        self.dispatcher.callback_query()(self.button)
        self.dispatcher.message_reaction()(self.reaction)

    async def image(self, message: aio.Message) -> None:
        row = [message.chat.type, "album" if message.media_group_id else ""]
        try:
            file = message.photo[-1] if message.photo else message.document
            assert file
            data = await self.bot.download(file)
            assert data
            row.append(looks(data.read()))
            await self.act(message, data)
        except aiogram.exceptions.TelegramAPIError as error:
            row.append(error.message.removeprefix("Bad Request: "))
        self.seen.append(" ".join(filter(None, row)))

    async def act(self, message: aio.Message, data: Any) -> None:
        if message.chat.id == self.evening.strict.id:
            await message.delete()
        if message.chat.id != self.evening.group.id or message.media_group_id:
            return
        assert message.from_user
        await message.reply("match")
        await message.react([aio.ReactionTypeEmoji(emoji="👀")])
        await message.delete()
        await self.bot.restrict_chat_member(message.chat.id, message.from_user.id, aio.ChatPermissions())
        keys = [[aio.InlineKeyboardButton(text="FP", callback_data="fp:1")]]
        data.seek(0)
        await self.bot.send_photo(
            self.evening.mods.id,
            aio.BufferedInputFile(data.read(), "e.jpg"),
            caption="alert",
            reply_markup=aio.InlineKeyboardMarkup(inline_keyboard=keys),
        )

    async def button(self, query: aio.CallbackQuery) -> None:
        self.seen.append(f"button {query.data}")
        await query.answer("thanks", show_alert=True)
        assert isinstance(query.message, aio.Message)
        await query.message.edit_reply_markup()

    async def reaction(self, change: aio.MessageReactionUpdated) -> None:
        self.seen.extend(f"reaction {getattr(one, 'emoji', '')}" for one in change.new_reaction)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        kinds = self.dispatcher.resolve_used_update_types()
        polling = self.dispatcher.start_polling(self.bot, handle_signals=False, allowed_updates=kinds)
        task = asyncio.create_task(polling)
        try:
            await self.evening.telegram.polled()
            yield
        finally:
            await self.dispatcher.stop_polling()
            await task
