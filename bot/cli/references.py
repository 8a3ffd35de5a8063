"""`resight references`: what a community chooses about one known image."""

from typing import Annotated

import typer

from bot.cli.base import Json, run_command

references_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Choices about single references.")


@references_app.command("variants")
def variants(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="Key of the reference.")],
    collection: Annotated[str, typer.Option("--collection", "-c", help="Its collection.")] = "library",
    community: Annotated[str, typer.Option(help="Whose choice it is, as discord:ID, telegram:ID or web:web.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Leave its variants alone again.")] = False,
    as_json: Json = False,
) -> None:
    """Act on a reference's variants in a community, too; without --community: who does. The bot may go on running."""
    from bot.cli import references_command
    from bot.settings import load

    settings = load(**context.obj)
    if community:
        run_command(references_command.choose(settings, collection, key, community, not off, as_json))
    else:
        run_command(references_command.show(settings, collection, key, off, as_json))
