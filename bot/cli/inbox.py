"""`resight inbox`: images that wait for their verdict, and those on which we gave up. It works beside a running bot."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer
from rich.markup import escape

from bot.cli.base import Json, group, run_command
from bot.cli.opening import opened_database
from bot.cli.output import out, print_json, table
from bot.clock import now
from bot.settings import Settings, load
from core.cases import Letter
from core.errors import NotFound, UsageError
from core.wording import Words
from store.sql.inbox import SqlInbox

app = group("inbox", "What waits, and what we gave up.")


@app.command("list")
def list_letters(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most images of each sort.")] = 50,
    as_json: Json = False,
) -> None:
    """Images that wait, oldest first, and images on which we gave up, newest first."""
    run_command(show(load(**context.obj), limit, as_json))


@app.command("retry")
def retry_letters(
    context: typer.Context,
    numbers: Annotated[list[int] | None, typer.Argument(metavar="NUMBER...", help="As `inbox list` shows.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All on which we gave up.")] = False,
    as_json: Json = False,
) -> None:
    """Look again at images on which we gave up."""
    if bool(numbers) == every:
        raise UsageError("Say which, as `resight inbox list` numbers them, or --all.")
    run_command(retry(load(**context.obj), numbers, as_json))


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
    async with opened_database(settings, alone=False) as db:
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
