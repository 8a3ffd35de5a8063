"""What every command file needs: the option --json, and how a command's coroutine is run."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


def run_command(command: Coroutine[Any, Any, int]) -> None:
    """Run a command to its exit code; what was imported up to here stays, so the collector need not look again."""
    gc.freeze()
    gc.enable()
    if code := asyncio.run(command):
        raise typer.Exit(code)
