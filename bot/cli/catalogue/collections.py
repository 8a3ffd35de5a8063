"""`resight collections`: what there is, what it is for, whose it is, and how its second vectors are compared.

list, owner (without a name)    the database beside a running bot
create, owner, compare          the database; no other process may hold the folder. With a second model `compare` opens
                                everything, and so does `delete`: vectors have to go, too
"""

import sys
from dataclasses import dataclass
from typing import Annotated, Self

import typer
from rich.markup import escape

from bot.cli.base import Json, group, run_command
from bot.cli.opening import opened, opened_database
from bot.cli.output import out, print_json, table
from bot.clock import now
from bot.settings import Settings, load
from core.errors import UsageError
from core.metrics import Metric
from core.types import Purpose
from handlers import collections, owners, references, similar
from handlers.collections import create_default
from handlers.owners import UNKNOWN, UnownedCollection
from store.sql.communities import SqlCommunities
from store.sql.db import Database
from store.sql.policies import SqlPolicies
from store.sql.references import SqlReferences

BY = "operator"

app = group("collections", "List, create and delete collections.")


@app.command("list")
def list_collections(context: typer.Context, as_json: Json = False) -> None:
    """All collections with their purpose and size."""
    run_command(show(load(**context.obj), as_json))


@app.command("create")
def create_collection(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="1 to 64 letters, digits, '-', '_' or '.'.")],
    purpose: Annotated[Purpose, typer.Option(help="What it is for.")] = Purpose.LIBRARY,
    owner: Annotated[str, typer.Option(help="Its community, such as discord:ID; empty = shared with all.")] = "",
    as_json: Json = False,
) -> None:
    """Create a collection."""
    run_command(create(load(**context.obj), name, purpose, owner, as_json))


@app.command("compare")
def compare_collection(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The collection.")],
    metric: Annotated[Metric, typer.Option(help="How its second vectors are compared.")] = Metric.COSINE,
    similar_at: Annotated[
        float | None, typer.Option("--similar-at", help="Score from which it is similar, in the metric's own units.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Choose how a collection's second vectors are compared; the copies' are always compared by cosine."""
    run_command(compare_by(load(**context.obj), name, metric, similar_at, as_json))


@app.command("owner")
def owner_of_collection(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The collection; without one, those whose community nobody knows.")] = "",
    community: Annotated[
        str | None, typer.Argument(help="discord:ID, telegram:ID or web:web; an empty word = shared with all.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say whose a collection is, or list those of a number that may be of Discord or of Telegram."""
    settings = load(**context.obj)
    if not name:
        run_command(show_nobodys(settings, as_json))
    elif community is None:
        raise UsageError(f"Say whose '{name}' is: discord:ID, telegram:ID, web:web, or '' for all.")
    else:
        run_command(give(settings, name, community, as_json))


@app.command("delete")
def delete_collection(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The collection.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a collection with all its references."""
    if not yes and not _is_confirmed(name):
        raise UsageError(f"'{name}' was not deleted: confirm it, or say --yes.")
    run_command(delete(load(**context.obj), name, as_json))


def _is_confirmed(name: str) -> bool:
    """Ask a person at a terminal; who leaves the question has not said yes."""
    try:
        return sys.stdin.isatty() and typer.confirm(f"Delete '{name}' with all its references?")
    except typer.Abort:
        return False


async def show(settings: Settings, as_json: bool) -> int:
    """Print all collections; the bot may run."""
    async with opened_database(settings, alone=False) as db:
        known = await SqlReferences(db, now).collections()
    if as_json:
        print_json({"collections": [_collection(one.name, one.purpose, one.owner, one.size) for one in known]})
    else:
        rows = [(escape(one.name), one.purpose.value, str(one.size), escape(one.owner)) for one in known]
        out().print(table("", ("name", "purpose", "references", "owner"), rows))
    return 0


def _collection(name: str, purpose: Purpose, owner: str, size: int) -> dict[str, object]:
    return {"name": name, "purpose": purpose.value, "owner": owner, "size": size}


async def create(settings: Settings, name: str, purpose: Purpose, owner: str, as_json: bool) -> int:
    """Create a collection."""
    async with opened_database(settings, alone=True, making=True) as db:
        stores = _Stores.on(db, settings)
        await create_default(stores)
        await collections.create_collection(stores, name, purpose, owner)
    if as_json:
        print_json(_collection(name, purpose, owner, 0))
    else:
        out().print(f"'{escape(name)}' created ({purpose.value})")
    return 0


async def delete(settings: Settings, name: str, as_json: bool) -> int:
    """Delete a collection with its references."""
    async with opened(settings) as services:
        deleted = await references.delete_collection(services, name)
    if as_json:
        print_json({"name": name, "deleted_references": deleted})
    else:
        out().print(f"'{escape(name)}' deleted with {deleted} references")
    return 0


async def compare_by(settings: Settings, name: str, metric: Metric, similar_at: float | None, as_json: bool) -> int:
    """Choose how second vectors are compared; where a model makes some, they are put where they belong at once."""
    if settings.semantic_model:
        async with opened(settings) as services:
            await similar.compare_by(services, name, metric, similar_at)
    else:
        async with opened_database(settings, alone=True) as db:
            await SqlReferences(db, now).set_comparison(name, metric, similar_at)
    if as_json:
        print_json({"name": name, "metric": metric.value, "similar_at": similar_at})
    else:
        limit = "that of the settings" if similar_at is None else f"{similar_at:g}"
        out().print(f"'{escape(name)}' is compared by {metric.value}; similar from: {limit}")
    return 0


@dataclass(frozen=True, slots=True)
class _Stores:
    """`handlers.owners.Stores` on the database alone."""

    references: SqlReferences
    communities: SqlCommunities
    policies: SqlPolicies

    @classmethod
    def on(cls, db: Database, settings: Settings) -> Self:
        return cls(SqlReferences(db, now), SqlCommunities(db, now), SqlPolicies(db, now, settings.policy_of))


async def show_nobodys(settings: Settings, as_json: bool) -> int:
    """Collections of a number whose platform nobody knows, and where that number is known."""
    async with opened_database(settings, alone=False) as db:
        found = await owners.unowned(_Stores.on(db, settings))
    if as_json:
        print_json({"collections": [_nobodys_json(one) for one in found]})
    elif found:
        out().print(table("", ("name", "references", "number", "may be"), [_nobodys_row(one) for one in found]))
        out().print("No community sees these: `resight collections owner NAME discord:ID` says whose one is.")
    else:
        out().print("Of every collection it is known whose it is: `resight collections list`.")
    return 0


async def give(settings: Settings, name: str, owner: str, as_json: bool) -> int:
    """Say whose it is."""
    async with opened_database(settings, alone=True) as db:
        given = await owners.give(_Stores.on(db, settings), name, owner, BY)
    if as_json:
        print_json({"name": given.name, "owner": given.owner})
    else:
        whose = f"is {given.owner}'s" if given.owner else "is shared with all"
        out().print(f"'{given.name}' {whose}.", markup=False, soft_wrap=True)
    return 0


def _nobodys_row(one: UnownedCollection) -> tuple[str, ...]:
    number = one.collection.owner.removeprefix(UNKNOWN)
    return escape(one.collection.name), str(one.collection.size), escape(number), escape(", ".join(one.places))


def _nobodys_json(one: UnownedCollection) -> dict[str, object]:
    return {
        "name": one.collection.name,
        "references": one.collection.size,
        "owner": one.collection.owner,
        "may_be": list(one.places),
    }
