"""What the command line prints: tables for people, JSON for programs, progress on stderr, colours on terminals."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from rich.console import Console as Rich
from rich.table import Table
from rich.text import Text

from core.names import visible

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


UNSAFE = re.compile(r"[\x7f-\x9f\u2028\u2029]")
"""Characters that JSON allows, terminals obey, and readers of lines take for line ends."""


class Console(Rich):
    """A console on which names of files and words of strangers are text, never commands of the terminal."""

    def render_str(self, text: str, **how: Any) -> Text:  # colours come as markup, so no text needs an escape
        return super().render_str(visible(text), **how)


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
    stream.write(as_line(value) + "\n")
    stream.flush()


def as_line(value: Mapping[str, Any]) -> str:
    """JSON on one line, whatever splits it, that is always UTF-8."""
    said = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", said)


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
