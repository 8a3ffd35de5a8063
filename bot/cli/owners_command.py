"""What `resight collections owner` does; each returns its exit code. No other process may hold the data folder."""

from rich.markup import escape

from bot.app import opened
from bot.cli.output import out, print_json, table
from bot.settings import Settings
from handlers import owners
from handlers.owners import UNKNOWN, Nobodys

BY = "operator"


async def show(settings: Settings, as_json: bool) -> int:
    """Collections of a number whose platform nobody knows, and where that number is known."""
    async with opened(settings) as services:
        found = await owners.nobodys(services)
    if as_json:
        print_json({"collections": [_json(one) for one in found]})
    elif found:
        out().print(table("", ("name", "references", "number", "may be"), [_row(one) for one in found]))
        out().print("No community sees these: `resight collections owner NAME discord:ID` says whose one is.")
    else:
        out().print("Of every collection it is known whose it is: `resight collections list`.")
    return 0


async def give(settings: Settings, name: str, owner: str, as_json: bool) -> int:
    """Say whose it is."""
    async with opened(settings) as services:
        given = await owners.give(services, name, owner, BY)
    if as_json:
        print_json({"name": given.name, "owner": given.owner})
    else:
        whose = f"is {given.owner}'s" if given.owner else "is shared with all"
        out().print(f"'{given.name}' {whose}.", markup=False, soft_wrap=True)
    return 0


def _row(one: Nobodys) -> tuple[str, ...]:
    number = one.collection.owner.removeprefix(UNKNOWN)
    return escape(one.collection.name), str(one.collection.size), escape(number), escape(", ".join(one.places))


def _json(one: Nobodys) -> dict[str, object]:
    return {
        "name": one.collection.name,
        "references": one.collection.size,
        "owner": one.collection.owner,
        "may_be": list(one.places),
    }
