"""The bot killed with -9 again and again while people post: nothing may be lost, done wrongly, or done twice.

    at random moments      from before it is ready to in the middle of an action, while posts come in all the time
    at nine points         of one post's way, as they show from outside: in the database and at the platform

Afterwards every post has exactly one verdict, the right one; copies of the confirmed image are gone, strangers are not,
and all copies have one card, which grows all the time and counts them right.
"""

import asyncio
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.types import Mode
from tests.e2e.running import Bot, running
from tests.e2e.world import World, copy, slow_downloads, stranger, world
from tests.small import drawn, saved

COPY_EACH = 3
"""Every third post is a copy."""

CALM: dict[str, Any] = {"RESIGHT_POSTS_A_DAY": "1000000", "RESIGHT_PEOPLE_AN_HOUR": "1000000"}
WHILE_IT_STARTS = 1 / 3  # of the random kills
START_S, LONGEST_LIFE_S = 2.0, 4.0
PATIENCE_S = 120.0
TICK_S = 0.002

type Moment = Callable[["Victim", Any], bool]


@dataclass
class Victim:
    """What the harness sees of one post's way."""

    here: World
    connection: sqlite3.Connection
    posted_at: float = 0.0

    def row(self, post: Any) -> tuple[int, str | None] | None:
        """Attempts and outcome of its inbox row, None = there is none yet."""
        asked = "SELECT attempts, outcome FROM inbox WHERE message = ?"
        found: tuple[int, str | None] | None = self.connection.execute(asked, (str(post.id),)).fetchone()
        return found

    def action(self, post: Any, act: str) -> tuple[int, str] | None:
        """Attempts and state of an action about it."""
        asked = """SELECT a.attempts, a.state FROM actions a
                   JOIN cases c ON c.id = a."case" JOIN inbox i ON i.id = c.inbox
                   WHERE i.message = ? AND a.act = ? ORDER BY a.id LIMIT 1"""
        found: tuple[int, str] | None = self.connection.execute(asked, (str(post.id), act)).fetchone()
        return found

    @property
    def age(self) -> float:
        return time.monotonic() - self.posted_at


POINTS: Mapping[str, Moment] = {
    "received": lambda it, _: it.age > 0.003,
    "committed": lambda it, post: it.row(post) is not None,
    "claimed": lambda it, post: (it.row(post) or (0, None))[0] >= 1,
    "downloading": lambda it, post: (it.row(post) or (0, None))[0] >= 1 and it.age > 0.03,
    "looking": lambda it, post: (it.row(post) or (0, None))[0] >= 1 and it.age > 0.12,
    "judged": lambda it, post: (it.row(post) or (0, None))[1] is not None,
    "acting": lambda it, post: (it.action(post, "remove") or (0, ""))[0] >= 1,
    "acted": lambda it, post: it.here.stage.is_gone(post),
    "noted": lambda it, post: (it.action(post, "remove") or (0, ""))[1] == "done",
}


@dataclass
class Tally:
    """What came of it."""

    kills: int = 0
    images: int = 0
    lost: int = 0
    without_verdict: int = 0
    wrong_verdicts: int = 0
    wrong_removals: int = 0
    missing_removals: int = 0
    more_cards: int = 0
    wrong_counts: int = 0
    seconds: float = 0.0
    integrity: str = ""
    hits: dict[str, int] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        """But for a card that stands twice, which a platform without idempotency keys allows once in a thousand."""
        wrong = self.lost + self.without_verdict + self.wrong_verdicts + self.wrong_removals + self.missing_removals
        wrong += self.wrong_counts
        return wrong == 0 and self.integrity == "ok"


@dataclass
class Crowd:
    """Posts that come in all the time, every `copy_each`th a copy of the confirmed image."""

    here: World
    dice: random.Random
    copy_each: int = COPY_EACH
    posts: list[tuple[Any, bool]] = field(default_factory=list)

    def post(self) -> tuple[Any, bool]:
        number = len(self.posts)
        is_copy = number % self.copy_each == 0
        image = _copy(self.dice) if is_copy else stranger(self.dice.randrange(40))
        self.posts.append((self.here.stage.post(image), is_copy))
        return self.posts[-1]

    async def go_on(self, every: float) -> None:
        while True:
            self.post()
            await asyncio.sleep(self.dice.uniform(0, 2 * every))


def _copy(dice: random.Random) -> bytes:
    return saved(drawn("river-city").resize((dice.randrange(420, 560), 400)), "JPEG", quality=dice.randrange(70, 95))


async def at_random(
    platform: str,
    catalogue: Path,
    folder: Path,
    kills: int,
    seed: int = 1,
    every: float = 0.4,
    copy_each: int = COPY_EACH,
) -> Tally:
    """Kill it while it starts or within its first seconds, over and over, while people post."""
    dice, began = random.Random(seed), time.monotonic()
    async with prepared(platform, catalogue, folder) as here:
        crowd, tally = Crowd(here, dice, copy_each), Tally()
        posting = asyncio.create_task(crowd.go_on(every))
        for _ in range(kills):
            async with alive(here, wait=False) as bot:
                await _a_moment(bot, dice)
                await bot.kill()
                tally.kills += 1
        posting.cancel()
        return await settled(here, crowd, tally, began)


async def _a_moment(bot: Bot, dice: random.Random) -> None:
    """However slow the machine, most of its lives are long enough to work in."""
    if dice.random() < WHILE_IT_STARTS:
        await asyncio.sleep(dice.uniform(0.3, START_S))
        return
    await asyncio.wait_for(bot.ready.wait(), PATIENCE_S)
    await asyncio.sleep(dice.uniform(0, LONGEST_LIFE_S))


async def at_points(platform: str, catalogue: Path, folder: Path, times: int, seed: int = 2) -> Tally:
    """Kill it at each of the nine points, so many times."""
    dice, began = random.Random(seed), time.monotonic()
    async with prepared(platform, catalogue, folder) as here:
        crowd, tally = Crowd(here, dice), Tally()
        for _ in range(times):
            for name, is_there in POINTS.items():
                slow_downloads(here, 0.08 if name == "downloading" else 0)
                await _killed_at(here, crowd, tally, name, is_there)
        slow_downloads(here, 0)
        return await settled(here, crowd, tally, began)


async def _killed_at(here: World, crowd: Crowd, tally: Tally, name: str, is_there: Moment) -> None:
    async with alive(here, wait=True) as bot:
        await _idle(here)
        with closing(sqlite3.connect(f"file:{here.home}/resight.db?mode=ro", uri=True)) as connection:
            victim = Victim(here, connection)
            posts = [crowd.post() for _ in range(COPY_EACH)]
            victim.posted_at = time.monotonic()
            (post,) = (post for post, is_copy in posts if is_copy)
            while not is_there(victim, post) and victim.age < 20:  # noqa: ASYNC110  it is watched from outside
                await asyncio.sleep(TICK_S)
            tally.hits[name] = tally.hits.get(name, 0) + (victim.age < 20)
        await bot.kill()
        tally.kills += 1


async def _idle(here: World) -> None:
    """What the last kill left behind is done: the point is to be this post's."""
    await here.until(lambda: not _open(here.home), PATIENCE_S)


def _open(home: Path) -> int:
    asked = """SELECT (SELECT count(*) FROM inbox WHERE outcome IS NULL)
                    + (SELECT count(*) FROM actions WHERE state = 'waiting')"""
    with closing(sqlite3.connect(home / "resight.db", timeout=10)) as db:
        (count,) = db.execute(asked).fetchone()
    return int(count)


async def _finished(here: World, posts: int) -> None:
    """Until nothing is open any more, or nothing has moved for a long time: what is missing then is counted."""
    last, moved = (-1, -1), time.monotonic()
    while time.monotonic() - moved < PATIENCE_S:
        now = (here.verdicts().total(), _open(here.home))
        if now[0] >= posts and now[1] == 0:
            return
        if now != last:
            last, moved = now, time.monotonic()
        await asyncio.sleep(0.5)


@asynccontextmanager
async def prepared(platform: str, catalogue: Path, folder: Path) -> AsyncIterator[World]:
    """A community that enforces and has confirmed the known image."""
    async with world(platform, catalogue, folder) as here:
        async with here.bot(**CALM):
            await here.stage.set_up(Mode.ENFORCE)
            first = here.stage.post(copy())
            await here.stage.press(await here.stage.card(), "violation")
            await here.until(lambda: here.stage.is_gone(first))
        yield here


@asynccontextmanager
async def alive(here: World, *, wait: bool) -> AsyncIterator[Bot]:
    """The bot, ready and connected if `wait`; otherwise it may be killed before it is."""
    async with running(here.home, discord=here.discord, telegram=here.telegram, wait=wait, **CALM) as bot:
        yield bot


async def settled(here: World, crowd: Crowd, tally: Tally, began: float) -> Tally:
    """Let it finish undisturbed, and count."""
    async with here.bot(**CALM):
        await _finished(here, len(crowd.posts))
        await asyncio.sleep(1)
    verdicts = here.verdicts()
    for post, is_copy in crowd.posts:
        mine = {outcome: count for (message, outcome), count in verdicts.items() if message == str(post.id)}
        tally.images += 1
        tally.lost += not mine
        tally.without_verdict += "" in mine
        tally.wrong_verdicts += mine != {"match" if is_copy else "clean": 1}
        tally.wrong_removals += here.stage.is_gone(post) and not is_copy
        tally.missing_removals += is_copy and not here.stage.is_gone(post)
    copies = 1 + sum(is_copy for _, is_copy in crowd.posts)
    tally.more_cards = len(here.stage.cards()) - 1
    tally.wrong_counts = int(here.stage.words("burst.posts-many", count=copies) not in here.stage.cards()[0].text)
    with closing(sqlite3.connect(here.home / "resight.db")) as db:
        tally.integrity = db.execute("PRAGMA integrity_check").fetchone()[0]
    tally.seconds = time.monotonic() - began
    return tally
