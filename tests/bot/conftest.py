"""What the tests of the fronts share: a Telegram of one's own, with the bare front on it or a whole bot in a group."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import now
from bot.fronts.telegram.acting import TelegramActing
from bot.fronts.telegram.api import Api
from core.ports import Front
from embed.runner import Runner
from handlers.chat.acts import ChatFront
from store.sql.db import Database
from tests.bot.fronts.telegram.kit import Town, settings_for, town_on
from tests.bot.fronts.telegram.play import KEEP, Play, played
from tests.peers.telegram_server import TelegramServer


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def town(telegram: TelegramServer, db: Database, toy_runner: Runner) -> AsyncIterator[Town]:
    """A group that was set up, with every loop of the bot running."""
    async with town_on(telegram, db, toy_runner, asks_a_minute=4) as town:
        yield town


@pytest.fixture
async def front(telegram: TelegramServer) -> AsyncIterator[Front]:
    api = Api(settings_for(telegram))
    yield ChatFront(TelegramActing(api.bot, 2 << 20), now, KEEP)
    await api.close()


@pytest.fixture
async def play(telegram: TelegramServer, front: Front) -> Play:
    """A post in a group, and the orders about it."""
    return played(telegram, front)
