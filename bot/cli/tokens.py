"""`resight tokens`: tokens of the API for programs, each with what it may do and until when.

They need the database only, so the bot may run.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.markup import escape

from bot.cli.base import Json, group, run_command
from bot.cli.opening import opened_database
from bot.cli.output import out, print_json, table
from bot.clock import now
from bot.settings import Settings, load
from core.access import Scope, Token, home_of
from core.errors import UsageError
from store.sql.tokens import SqlTokens

LONGEST_NAME = 40
BY = "operator"

app = group("tokens", "Tokens of the API for programs.")
Name = Annotated[str, typer.Argument(help="What the token is called; decisions made with it carry this name.")]


@app.command("create")
def create_token(
    context: typer.Context,
    name: Name,
    scope: Annotated[list[Scope], typer.Option("--scope", "-s", help="What it may do; repeatable.")],
    community: Annotated[str, typer.Option(help="Limits it to one community, as discord:ID or telegram:ID.")] = "",
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it is good for.")] = 90,
    as_json: Json = False,
) -> None:
    """Make a token and show it, this once."""
    run_command(create(load(**context.obj), name, scope, days, community, as_json))


@app.command("list")
def list_tokens(context: typer.Context, as_json: Json = False) -> None:
    """The tokens with what they may do, until when, and when each was last used."""
    run_command(show(load(**context.obj), as_json))


@app.command("revoke")
def revoke_token(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """From the next request on it opens nothing."""
    run_command(revoke(load(**context.obj), name, as_json))


async def create(
    settings: Settings, name: str, scopes: Sequence[Scope], days: int, community: str, as_json: bool
) -> int:
    """Print the secret; nothing else ever shows it."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(f"A token's name has 1 to {LONGEST_NAME} printable characters.")
    _check_community(community)
    async with _tokens(settings) as tokens:
        secret = await tokens.create(name, scopes, timedelta(days=days), BY, community)
    if as_json:
        print_json({"name": name, "token": secret})
    else:
        out().print(secret, markup=False, soft_wrap=True)
    return 0


async def show(settings: Settings, as_json: bool) -> int:
    """Everything but the secrets, which nobody knows any more."""
    async with _tokens(settings) as tokens:
        known = await tokens.all()
    if as_json:
        print_json({"tokens": [_json(one) for one in known]})
    elif known:
        out().print(table("", ("name", "may", "where", "until", "last used"), [_row(one) for one in known]))
    else:
        out().print("There are no tokens: `resight tokens create NAME --scope search` makes one.")
    return 0


async def revoke(settings: Settings, name: str, as_json: bool) -> int:
    async with _tokens(settings) as tokens:
        await tokens.revoke(name, BY)
    if as_json:
        print_json({"revoked": name})
    else:
        out().print(f"'{name}' opens nothing any more.", markup=False)
    return 0


def _check_community(said: str) -> None:
    try:
        home_of(said or "web:web")
    except ValueError:
        raise UsageError(f"'{said}' is no community: say discord:ID, telegram:ID or web:web.") from None


@asynccontextmanager
async def _tokens(settings: Settings) -> AsyncIterator[SqlTokens]:
    async with opened_database(settings, alone=False) as db:
        yield SqlTokens(db, now)


def _row(one: Token) -> tuple[str, ...]:
    used = f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else "never"
    where = escape(one.community) or "everywhere"
    return escape(one.name), ", ".join(one.scopes), where, f"{one.expires_at:%Y-%m-%d}", used


def _json(one: Token) -> dict[str, Any]:
    return {
        "name": one.name,
        "scopes": [scope.value for scope in one.scopes],
        "community": one.community,
        "expires_at": one.expires_at.isoformat(),
        "used_at": one.used_at.isoformat() if one.used_at else None,
    }
