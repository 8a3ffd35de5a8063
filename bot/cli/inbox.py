"""`resight inbox`: images that wait for their verdict, and those on which we gave up. It works beside a running bot."""

from typing import Annotated

import typer

from bot.cli.base import Json, run_command
from core.errors import UsageError

inbox_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="What waits, and what we gave up.")


@inbox_app.command("list")
def list_letters(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most images of each sort.")] = 50,
    as_json: Json = False,
) -> None:
    """Images that wait, oldest first, and images on which we gave up, newest first."""
    from bot.cli import inbox_command
    from bot.settings import load

    run_command(inbox_command.show(load(**context.obj), limit, as_json))


@inbox_app.command("retry")
def retry(
    context: typer.Context,
    numbers: Annotated[list[int] | None, typer.Argument(metavar="NUMBER...", help="As `inbox list` shows.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All on which we gave up.")] = False,
    as_json: Json = False,
) -> None:
    """Look again at images on which we gave up."""
    from bot.cli import inbox_command
    from bot.settings import load

    if bool(numbers) == every:
        raise UsageError("Say which, as `resight inbox list` numbers them, or --all.")
    run_command(inbox_command.retry(load(**context.obj), numbers, as_json))
