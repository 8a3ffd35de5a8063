"""Posts that an old crash left without a row of the inbox: found after the update, and looked at or left on purpose."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.fronts.web.front import WebFront
from bot.services import Services
from core.cases import Policy
from core.types import Mode, Outcome, Platform, Space
from handlers import intake
from handlers.screen import screen
from handlers.screening import LEASE
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.posts import SqlPosts
from tests.clock import Clock
from tests.small import saved, scribble
from tests.store.sql.former import former

CHANNEL = Space(platform=Platform.WEB, community="web", channel="channel")
PICTURE = saved(scribble(5))
POST = "INSERT INTO posts VALUES (?, ?, 'ann', 'a.png', '2026-05-01 12:00:00.000000', 0, 0, ?)"
SEEN = (
    "INSERT INTO inbox (dedupe_key, platform, community, channel, message, image, author, author_name, file_name,"
    ' "group", link, intent, thread, hint, answer_to, language, received_at, not_before, why, reason, content,'
    " outcome, revision, attempts) VALUES ('k', ?, 'web', 'channel', ?, '0', 'ann', 'ann', 'a.png', '', '', 'posted',"
    " '', '', '', '', '2026-05-01 12:00:00.000000', '2026-05-01 12:00:00.000000', '', '', '', 'clean', 0, 0)"
)


def crashed(path: Path) -> None:
    """A database of before: one post was looked at, of two the crash took the row, one of these has no bytes."""
    with former(path, "0020") as plain:
        plain.executemany(POST, [("seen", 1, PICTURE), ("lost", 2, PICTURE), ("empty", 3, b"")])
        plain.execute(SEEN, ("web", "seen"))


async def channel(db: Database, services: Services, clock: Clock, mode: Mode, most: int = 100) -> Services:
    """The bot of today on that database."""
    inbox = SqlInbox(db, clock, most)
    posts = SqlPosts(db, clock, inbox)
    await services.policies.set(CHANNEL, Policy(mode=mode), "ann")
    return replace(services, inbox=inbox, posts=posts, fronts={Platform.WEB: WebFront(posts)})


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    crashed(tmp_path / "resight.db")
    async with Database.open(tmp_path / "resight.db") as opened:
        yield opened


async def test_what_was_left_gets_its_verdict(db: Database, services: Services, clock: Clock) -> None:
    """The one is looked at, of the other is said that it is gone; each once, however often the bot starts."""
    bot = await channel(db, services, clock, Mode.DRY_RUN)
    assert [one.id for one in await bot.posts.unseen()] == ["lost", "empty"]
    assert (await intake.put_back(bot, CHANNEL), await intake.put_back(bot, CHANNEL)) == (2, 0)
    for waiting in await bot.inbox.claim(9, LEASE):
        await screen(bot, waiting)
    posts = {one.id: (one.outcome, one.reason) for one in await bot.posts.newest()}

    assert posts["lost"][0] is Outcome.CLEAN
    assert posts["empty"] == (Outcome.UNSCANNABLE, "gone")
    assert await bot.posts.unseen() == []


async def test_an_unwatched_channel_stays_unlooked_at(db: Database, services: Services, clock: Clock) -> None:
    """Its page says so of all posts; none waits, and none is asked about again."""
    bot = await channel(db, services, clock, Mode.OFF)

    assert await intake.put_back(bot, CHANNEL) == 0
    assert (await bot.inbox.depth(), await bot.posts.unseen()) == (0, [])


async def test_what_finds_no_room_is_left_for_the_next_start(
    db: Database, services: Services, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """A full inbox takes what it can, tells of the rest, and ends nothing."""
    bot = await channel(db, services, clock, Mode.DRY_RUN, most=1)
    await intake.put_back(bot, CHANNEL)

    assert [one.id for one in await bot.posts.unseen()] == ["empty"]
    assert "left for the next start" in caplog.text
