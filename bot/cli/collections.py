"""`resight collections`: what there is, what it is for, and how its second vectors are compared."""

import sys
from typing import Annotated

import typer

from bot.cli.base import Json, run_command
from core.errors import UsageError
from core.metrics import Metric
from core.types import Purpose

collections_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="List, create and delete collections.")


@collections_app.command("list")
def list_collections(context: typer.Context, as_json: Json = False) -> None:
    """All collections with their purpose and size."""
    from bot.cli import commands
    from bot.settings import load

    run_command(commands.list_collections(load(**context.obj), as_json))


@collections_app.command("create")
def create_collection(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="1 to 64 letters, digits, '-', '_' or '.'.")],
    purpose: Annotated[Purpose, typer.Option(help="What it is for.")] = Purpose.LIBRARY,
    owner: Annotated[str, typer.Option(help="Its community, such as discord:ID; empty = shared with all.")] = "",
    as_json: Json = False,
) -> None:
    """Create a collection."""
    from bot.cli import commands
    from bot.settings import load

    run_command(commands.create_collection(load(**context.obj), name, purpose, owner, as_json))


@collections_app.command("compare")
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
    from bot.cli import similar_command
    from bot.settings import load

    run_command(similar_command.compare_by(load(**context.obj), name, metric, similar_at, as_json))


@collections_app.command("owner")
def owner_of_collection(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The collection; without one, those whose community nobody knows.")] = "",
    community: Annotated[
        str | None, typer.Argument(help="discord:ID, telegram:ID or web:web; an empty word = shared with all.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say whose a collection is, or list those of a number that may be of Discord or of Telegram."""
    from bot.cli import owners_command
    from bot.settings import load

    settings = load(**context.obj)
    if not name:
        run_command(owners_command.show(settings, as_json))
    elif community is None:
        raise UsageError(f"Say whose '{name}' is: discord:ID, telegram:ID, web:web, or '' for all.")
    else:
        run_command(owners_command.give(settings, name, community, as_json))


@collections_app.command("delete")
def delete_collection(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The collection.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a collection with all its references."""
    from bot.cli import commands
    from bot.settings import load

    if not yes and not (sys.stdin.isatty() and typer.confirm(f"Delete '{name}' with all its references?")):
        raise UsageError(f"'{name}' was not deleted: confirm it, or say --yes.")
    run_command(commands.delete_collection(load(**context.obj), name, as_json))
