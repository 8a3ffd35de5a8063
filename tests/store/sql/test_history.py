"""However many images are done with: whoever asks again and again reads what is new, and finds it by an index.

Steps of SQLite's machine are counted, which are the same on every computer, over a short history and a long one.
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from bot.services import Services
from core.cases import Waiting
from core.matches import Verdict
from core.types import Act, Decision, Mode, Outcome, Platform, Space
from embed.runner import Runner
from handlers.health import look
from store.sql.db import Database
from tests.clock import Clock
from tests.history import CHANNEL, COLLECTION, COMMUNITY, REFERENCE, build
from tests.small import DONE, Toy, assemble
from tests.small import event as posted
from tests.store.sql.court import LEASE, MATCH
from tests.store.sql.test_year import plans

SHORT, LONG = 1_000, 50_000
HERE = Space(platform=Platform.DISCORD, community=COMMUNITY, channel=CHANNEL)
WEB = Space(platform=Platform.WEB, community="web", channel="channel")
KNOWN = UUID(hex=REFERENCE)
ALL = ("web", "discord", "telegram")
EVERY = 20
"""Steps between two counts."""

type Ask = Callable[["Life"], Awaitable[Any]]


class Life:
    """Services over a history, and what is new in it: an album of two, an image that waits, one on which we gave up."""

    def __init__(self, db: Database, services: Services) -> None:
        self.db, self.services = db, services
        self.steps = 0
        self.number = self.action = 0
        self.fresh = 0
        self.waiting: Waiting | None = None

    async def begin(self) -> None:
        await self.services.inbox.accept(
            [posted("one", HERE, group="album"), posted("two", HERE), posted("late", HERE)]
        )
        first, second, late = await self.services.inbox.claim(9, LEASE)
        self.number = await self.services.cases.conclude(first, "aa", MATCH, Mode.ENFORCE, [Act.FLAG, Act.CARD]) or 0
        gave_up = Verdict(outcome=Outcome.UNSCANNABLE, reason="gave-up")
        await self.services.cases.conclude(second, "", gave_up, Mode.ENFORCE)
        self.waiting = late
        self.action = (await self.services.cases.claim_actions(1))[0].id
        await self.db.analyze()

    def new(self) -> str:
        self.fresh += 1
        return f"new-{self.fresh}"

    async def conclude(self) -> None:
        """A further picture of the album, from its receipt to its case."""
        await self.services.inbox.accept([posted(self.new(), HERE, group="album", message="m-one")])
        for claimed in await self.services.inbox.claim(9, LEASE):
            await self.services.cases.conclude(claimed, "bb", MATCH, Mode.ENFORCE, [Act.FLAG, Act.CARD])

    async def decide(self) -> None:
        await self.services.cases.decide(self.number, Decision.ABUSE, "ann", [(self.number, Act.REMOVE)])
        await self.services.cases.undo(self.number, "ann", [])

    async def waited(self) -> None:
        """An image that is given back, and what a restart does."""
        assert self.waiting
        await self.services.inbox.release(self.waiting, timedelta(seconds=9), "no answer")
        await self.services.inbox.take_over()


def toy() -> Runner:
    return Runner(Toy(), threads=1)


ASKS: dict[str, Ask] = {
    "one look at the inbox": lambda life: life.services.inbox.claim(4, LEASE, ALL),
    "a look for what is untried": lambda life: life.services.inbox.claim(4, LEASE, ALL, untried=True, besides=("x",)),
    "a look on any platform": lambda life: life.services.inbox.claim(4, LEASE),
    "what was given back": lambda life: life.waited(),
    "how much waits": lambda life: life.services.inbox.depth(),
    "dead letters, counted": lambda life: life.services.inbox.dead(),
    "dead letters": lambda life: life.services.inbox.letters(dead=True),
    "letters": lambda life: life.services.inbox.letters(dead=False),
    "dead letters, again": lambda life: life.services.inbox.retry([]),
    "an image received": lambda life: life.services.inbox.accept([posted(life.new(), HERE)]),
    "a picture of an album": lambda life: life.conclude(),
    "the newest cases": lambda life: life.services.cases.newest(limit=5),
    "older cases": lambda life: life.services.cases.newest(limit=5, before=500),
    "a community's cases": lambda life: life.services.cases.newest(home=HERE, limit=5),
    "a community's older cases": lambda life: life.services.cases.newest(home=HERE, limit=5, before=500),
    "cases of no community": lambda life: life.services.cases.newest(home=replace(HERE, community="none")),
    "some cases": lambda life: life.services.cases.some({2, 4}),
    "a case": lambda life: life.services.cases.get(2),
    "a message's cases": lambda life: life.services.cases.of_message("discord", CHANNEL, "m-2"),
    "what was excused": lambda life: life.services.cases.excused(HERE, "s-2"),
    "what was decided about images": lambda life: life.services.decided.of(HERE.home, "toy", 64),
    "what was decided too long ago": lambda life: life.services.decided.expire(),
    "a decision and its undo": lambda life: life.decide(),
    "due actions": lambda life: life.services.cases.claim_actions(4),
    "actions that wait": lambda life: life.services.cases.waiting_actions(),
    "an action that is done": lambda life: life.services.cases.finish_action(life.action, DONE),
    "the newest card": lambda life: life.services.cases.newest_receipt(COMMUNITY, Act.CARD),
    "the newest card of no community": lambda life: life.services.cases.newest_receipt("none", Act.CARD),
    "an action for later": lambda life: life.services.cases.retry_action(life.action, LEASE, "busy"),
    "due alerts": lambda life: life.services.alerts.due(4),
    "pictures that expire": lambda life: life.services.media.expire(),
    "rows that expire": lambda life: life.services.privacy.expire(),
    "updates that wait": lambda life: life.services.updates.waiting("telegram", 9),
    "updates received": lambda life: life.services.updates.store("telegram", {10**9: b"x"}),
    "an update that is done": lambda life: life.services.updates.done("telegram", [10**9]),
    "the newest update": lambda life: life.services.updates.newest("telegram"),
    "the channel's posts": lambda life: life.services.posts.newest(5),
    "a post": lambda life: life.services.posts.get("p-10"),
    "a new post": lambda life: life.services.posts.add(
        "ann", "a.png", b"x", event=posted("0", WEB, message=life.new())
    ),
    "a report": lambda life: life.services.reports.file(HERE, life.new(), "ann"),
    "one's reports": lambda life: life.services.reports.filed_since("discord", "ann", Clock().at),
    "the newest references": lambda life: life.services.references.newest(COLLECTION, 5),
    "a page of references": lambda life: life.services.references.page(COLLECTION, "r-5", 5),
    "known bytes": lambda life: life.services.references.get([KNOWN]),
    "what the store lacks": lambda life: life.services.references.backlog(9),
    "what was confirmed": lambda life: life.services.cases.confirmed(HERE, {KNOWN}),
    "what was confirmed elsewhere": lambda life: life.services.cases.confirmed(WEB, {KNOWN}),
    "what is remembered too long": lambda life: life.services.screened.expire(),
    "health": lambda life: look(life.services),
}

INDEXES = {
    "one look at the inbox": "ix_inbox_open",
    "a look for what is untried": "ix_inbox_open",
    "a look on any platform": "ix_inbox_open",
    "how much waits": "ix_inbox_open",
    "letters": "ix_inbox_open",
    "dead letters, counted": "ix_inbox_unscannable",
    "dead letters": "ix_inbox_unscannable",
    "a picture of an album": "ix_inbox_group",
    "the newest cases": "ix_cases_shown",
    "a community's cases": "ix_cases_at_home",
    "what was excused": "ix_cases_content",
    "due actions": "ix_actions_waiting",
    "actions that wait": "ix_actions_waiting",
    "the newest card": "ix_actions_receipt",
    "due alerts": "ix_alerts_due",
    "pictures that expire": "ix_media_expires_at",
    "rows that expire": "ix_inbox_passing",
    "updates that wait": "ix_updates_waiting",
    "an update that is done": "ix_updates_done",
    "the channel's posts": "ix_inbox_web",
    "a new post": "ix_posts_kept",
    "the newest references": "ix_reference_images_newest",
    "what the store lacks": "ix_unsynced",
}


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A short history and a long one, made once."""
    folder = tmp_path_factory.mktemp("histories")
    made = {count: folder / f"{count}.db" for count in (SHORT, LONG)}
    for count, path in made.items():
        build(path, count)
    return made


@asynccontextmanager
async def alive(path: Path, *, counted: bool = True) -> AsyncIterator[Life]:
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.open(path))
        life = Life(db, await assemble(db, await stack.enter_async_context(toy())))
        if counted:
            event.listen(db.engine, "connect", lambda connection, _: connection.run_async(_counted(life)))
        await life.begin()
        yield life


def _counted(life: Life) -> Callable[[Any], Awaitable[None]]:
    """Have a connection count its steps."""

    def count() -> int:
        life.steps += EVERY
        return 0

    return lambda connection: connection.set_progress_handler(count, EVERY)


async def costs(path: Path) -> dict[str, int]:
    """Steps of each question; each is asked twice, because some remember an answer or open a connection first."""
    found = {}
    async with alive(path) as life:
        for name, ask in ASKS.items():
            await ask(life)
            before = life.steps
            await ask(life)
            found[name] = life.steps - before
    return found


@pytest.fixture
def own(histories: dict[int, Path], tmp_path: Path) -> dict[int, Path]:
    return {count: Path(shutil.copy(path, tmp_path)) for count, path in histories.items()}


async def test_no_question_costs_more_after_a_long_history(own: dict[int, Path]) -> None:
    """Fifty times as many rows that are done with cost none of them a third more."""
    short, long = await costs(own[SHORT]), await costs(own[LONG])
    grown = {name: (short[name], steps) for name, steps in long.items() if steps > 1.3 * short[name] + 10 * EVERY}

    assert grown == {}


async def test_the_steps_of_a_scan_are_noticed(own: dict[int, Path]) -> None:
    """What asks for a column without an index takes many more steps after a long history."""
    found = list[int]()
    for path in own.values():
        async with alive(path) as life:
            before = life.steps
            async with life.db.read() as connection:
                await connection.execute(text("SELECT count(*) FROM cases WHERE outcome = 'clean'"))
            found.append(life.steps - before)

    assert found[1] > 20 * found[0]


@pytest.mark.parametrize("has_statistics", [True, False])
async def test_every_question_names_its_index(own: dict[int, Path], has_statistics: bool) -> None:
    """The plan goes by the index that is made for it, with statistics of now and with none at all."""
    async with alive(own[LONG]) as life:
        if not has_statistics:
            async with life.db.write() as connection:
                await connection.execute(text("DELETE FROM sqlite_stat1"))
            await life.db.reopen()
        for name, index in INDEXES.items():
            async with plans(life.db) as told:
                await ASKS[name](life)
            assert any(index in one for one in told), (name, told)


async def test_statistics_are_gathered_at_the_start_and_when_asked(own: dict[int, Path]) -> None:
    """They are there as soon as a database is open, and again after `analyze`."""
    asked = text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'inbox'")
    async with Database.open(own[LONG]) as db:
        async with db.read() as connection:
            at_start = await connection.scalar(asked)
        async with db.write() as connection:
            await connection.execute(text("DELETE FROM sqlite_stat1"))
        await db.analyze()
        async with db.read() as connection:
            again = await connection.scalar(asked)

    assert at_start == again
    assert at_start
