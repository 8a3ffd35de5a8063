"""`resight references`: what a community chooses about one known image. It works beside a running bot."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.markup import escape

from bot.cli.base import Json, group, run_command
from bot.cli.opening import opened_database
from bot.cli.output import out, print_json, table
from bot.clock import now
from bot.settings import Settings, load
from core.access import home_of
from core.chat import Choice
from core.errors import UsageError
from core.types import Space
from handlers.choices import act_on_variants
from store.sql.choices import SqlChoices
from store.sql.references import SqlReferences

BY = "operator"

app = group("references", "Choices about single references.")


@app.command("variants")
def variants(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="Key of the reference.")],
    collection: Annotated[str, typer.Option("--collection", "-c", help="Its collection.")] = "library",
    community: Annotated[str, typer.Option(help="Whose choice it is, as discord:ID, telegram:ID or web:web.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Leave its variants alone again.")] = False,
    as_json: Json = False,
) -> None:
    """Act on a reference's variants in a community, too; without --community: who does. The bot may go on running."""
    settings = load(**context.obj)
    if community:
        run_command(choose(settings, collection, key, community, not off, as_json))
    else:
        run_command(show(settings, collection, key, off, as_json))


@dataclass(frozen=True, slots=True)
class Shelves:
    """`handlers.choices.Stores` beside a bot that may be running."""

    references: SqlReferences
    choices: SqlChoices


async def choose(settings: Settings, collection: str, key: str, community: str, on: bool, as_json: bool) -> int:
    """Choose for one community; raises NotFound."""
    space = _space(community)
    async with _shelves(settings) as shelves:
        reference = await shelves.references.find(collection, key)
        choice = await act_on_variants(shelves, space, reference.id, on, BY)
    if as_json:
        print_json({"key": key, "collection": collection, **_json(choice)})
    else:
        what = "now count as matches" if choice.variants else "are left alone"
        out().print(f"Variants of '{key}' {what} in {community}.", markup=False, soft_wrap=True)
    return 0


async def show(settings: Settings, collection: str, key: str, off: bool, as_json: bool) -> int:
    """The communities that act on variants of the reference."""
    if off:
        raise UsageError("Say in which community: --community discord:ID, telegram:ID or web:web.")
    async with _shelves(settings) as shelves:
        reference = await shelves.references.find(collection, key)
        chosen = [one for one in await shelves.choices.about(reference.id) if one.variants]
    if as_json:
        print_json({"key": key, "collection": collection, "variants": [_json(one) for one in chosen]})
    elif chosen:
        out().print(table("", ("community", "chosen by", "at"), _rows(chosen)))
    else:
        out().print(f"Nobody acts on variants of '{key}'.", markup=False, soft_wrap=True)
    return 0


def _space(community: str) -> Space:
    try:
        return home_of(community)
    except ValueError:
        raise UsageError(f"'{community}' is no community: say discord:ID, telegram:ID or web:web.") from None


@asynccontextmanager
async def _shelves(settings: Settings) -> AsyncIterator[Shelves]:
    async with opened_database(settings, alone=False) as db:
        yield Shelves(SqlReferences(db, now), SqlChoices(db, now))


def _rows(chosen: Sequence[Choice]) -> list[Sequence[str]]:
    return [(escape(f"{one.platform}:{one.community}"), escape(one.by), f"{one.at:%Y-%m-%d %H:%M}") for one in chosen]


def _json(choice: Choice) -> dict[str, Any]:
    return {
        "platform": choice.platform.value,
        "community": choice.community,
        "variants": choice.variants,
        "by": choice.by,
        "at": choice.at.isoformat(),
    }
