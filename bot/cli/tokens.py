"""`resight tokens`: tokens of the API for programs, each with what it may do and until when."""

from typing import Annotated

import typer

from bot.cli.base import Json, run_command
from core.access import Scope

tokens_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Tokens of the API for programs.")
Name = Annotated[str, typer.Argument(help="What the token is called; decisions made with it carry this name.")]


@tokens_app.command("create")
def create(
    context: typer.Context,
    name: Name,
    scope: Annotated[list[Scope], typer.Option("--scope", "-s", help="What it may do; repeatable.")],
    community: Annotated[str, typer.Option(help="Limits it to one community, as discord:ID or telegram:ID.")] = "",
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it is good for.")] = 90,
    as_json: Json = False,
) -> None:
    """Make a token and show it, this once."""
    from bot.cli import tokens_command
    from bot.settings import load

    run_command(tokens_command.create(load(**context.obj), name, scope, days, community, as_json))


@tokens_app.command("list")
def list_tokens(context: typer.Context, as_json: Json = False) -> None:
    """The tokens with what they may do, until when, and when each was last used."""
    from bot.cli import tokens_command
    from bot.settings import load

    run_command(tokens_command.show(load(**context.obj), as_json))


@tokens_app.command("revoke")
def revoke(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """From the next request on it opens nothing."""
    from bot.cli import tokens_command
    from bot.settings import load

    run_command(tokens_command.revoke(load(**context.obj), name, as_json))
