"""What `resight inbox list|retry` do; each returns its exit code. They need the database only, so the bot may run."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from rich.markup import escape

from bot.cli.output import out, print_json, table
from bot.clock import now
from bot.data_folder import database_of
from bot.settings import Settings
from core.cases import Letter
from core.errors import NotFound
from core.wording import Words
from store.sql.db import Database
from store.sql.inbox import SqlInbox


async def show(settings: Settings, limit: int, as_json: bool) -> int:
    """What waits and what is dead."""
    async with _inbox(settings) as inbox:
        depth, waiting = await inbox.depth(), await inbox.letters(dead=False, limit=limit)
        dead = await inbox.letters(dead=True, limit=limit)
    if as_json:
        print_json({"depth": depth, "waiting": [_json(one) for one in waiting], "dead": [_json(one) for one in dead]})
        return 0
    if waiting or dead:
        rows = [_row(one, "waiting", one.why) for one in waiting]
        rows += [_row(one, "gave up", _reason(one)) for one in dead]
        out().print(table("", ("number", "state", "where", "message", "received", "tries", "why"), rows))
    hint = ": `resight inbox retry NUMBER` looks again." if dead else "."
    out().print(f"{depth} waiting, {len(dead)} given up{hint}")
    return 0


async def retry(settings: Settings, numbers: Sequence[int] | None, as_json: bool) -> int:
    """Let dead letters wait again; raises NotFound if none of them is one."""
    async with _inbox(settings) as inbox:
        count = await inbox.retry(numbers)
    if numbers and not count:
        raise NotFound("None of these is an image on which we gave up: see `resight inbox list`.")
    if as_json:
        print_json({"retried": count})
    else:
        out().print(f"{count} will be looked at again.")
    return 0


@asynccontextmanager
async def _inbox(settings: Settings) -> AsyncIterator[SqlInbox]:
    """The inbox beside a bot that may be running: a folder without a database is not made into one."""
    async with Database.open(database_of(settings.home)) as db:
        yield SqlInbox(db, now)


def _row(one: Letter, state: str, why: str) -> tuple[str, ...]:
    space = one.event.space
    where, received = f"{space.platform} {space.community}/{space.channel}", f"{one.received_at:%Y-%m-%d %H:%M:%S}"
    said = (str(one.id), state, where, one.event.message, received, str(one.attempts), why)
    return tuple(escape(part) for part in said)


def _reason(one: Letter) -> str:
    return Words.of("en")(f"reason.{one.reason}")


def _json(one: Letter) -> dict[str, Any]:
    space = one.event.space
    return {
        "number": one.id,
        "platform": space.platform.value,
        "community": space.community,
        "channel": space.channel,
        "message": one.event.message,
        "image": one.event.image,
        "received_at": one.received_at.isoformat(),
        "attempts": one.attempts,
        "why": one.why,
        "reason": one.reason,
    }
