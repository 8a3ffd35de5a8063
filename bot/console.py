"""What the command line prints: tables for people, JSON for programs, progress on stderr, colours on terminals."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

PIPE_WIDTH = 160
COLOURS = {
    "match": "bold red",
    "review": "yellow",
    "clean": "green",
    "unscannable": "magenta",
    "ok": "green",
    "warning": "yellow",
    "bad": "bold red",
}


def out() -> Console:
    """The console for results; a pipe has no width, so lines may be long there."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPE_WIDTH)


def err() -> Console:
    """The console for everything that is not the result."""
    return Console(stderr=True, highlight=False)


def print_json(value: Mapping[str, Any], file: TextIO | None = None) -> None:
    """One object, one line."""
    stream = file or sys.stdout
    stream.write(json.dumps(value, ensure_ascii=False) + "\n")
    stream.flush()


def coloured(word: str) -> str:
    """A word in the colour of its meaning."""
    colour = COLOURS.get(word)
    return f"[{colour}]{word}[/]" if colour else word


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A plain table; cells may carry rich markup."""
    made = Table(title=title or None, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, style=None, header_style="dim", overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr, if that is a terminal; the function that moves it by one."""
    console = err()
    if not console.is_terminal or total < 2:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
