"""What every command file needs: options that several have, how a group of commands is made, how one is run."""

import asyncio
import gc
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.app import Group
from core.errors import UsageError

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
Names = Annotated[list[str] | None, typer.Option("--collection", "-c", help="Only this collection; repeatable.")]
Manifest = Annotated[Path | None, typer.Option("--manifest", "-m", metavar="CSV", help="Rows from a CSV file.")]
Encoding = Annotated[
    str, typer.Option(metavar="NAME", help="How the CSV is encoded, such as gb18030 or cp1252; empty = by its mark.")
]
Paths = Annotated[list[Path] | None, typer.Argument(metavar="PATH...", help="Images, or folders of images.")]


def group(name: str | None = None, about: str | None = None) -> typer.Typer:
    """Return an empty group of commands; without a name its commands are those of `resight` itself."""
    return typer.Typer(
        name=name, cls=Group, help=about, rich_markup_mode=None, no_args_is_help=True, add_completion=False
    )


def run_command(command: Coroutine[Any, Any, int]) -> None:
    """Run a command to its exit code; what was imported up to here stays, so the collector need not look again."""
    gc.freeze()
    gc.enable()
    if code := asyncio.run(command):
        raise typer.Exit(code)


def check_one_source(paths: list[Path] | None, manifest: Path | None) -> None:
    """Raise UsageError unless images are named in exactly one of the two ways."""
    if bool(paths) == (manifest is not None):
        raise UsageError("Give either paths or --manifest CSV.")
