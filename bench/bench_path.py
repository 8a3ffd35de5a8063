"""The way of one Telegram update through our files: calls into a file that the way had left before.

    python -m bench.bench_path
    PYTHONPATH=OTHER_TREE python bench/bench_path.py        the same of a tree with other names

A whole bot on its peer gets one update of each kind. `sys.setprofile` notes each function of ours that begins in the
worker's task, in order; functions that begin in the same file in a row are one stay. Stays less files are the returns
that a reader makes who follows the calls. Counted twice: in the files of the Telegram front alone, and in those of
handlers/ as well.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

try:
    from store.sql.db import Database
    from tests.bot.fronts.telegram import kit
except ImportError:
    from store.db import Database  # type: ignore[import-untyped,no-redef]  # as it was called before

    from tests.bot import telegram_kit as kit  # type: ignore[attr-defined,no-redef]

from embed.runner import Runner
from tests.peers.telegram_server import TelegramServer
from tests.small import Toy, saved, scribble

WORKERS = ("telegram/worker.py", "telegram_worker.py")
type Way = list[str]


@contextmanager
def noted(way: Way) -> Iterator[None]:
    """Note the file of each function of ours that begins below the worker."""
    begun: dict[int, FrameType] = {}

    def note(frame: FrameType, event: str, _argument: object) -> None:
        name = frame.f_code.co_filename
        if event != "call" or id(frame) in begun or not _is_ours(name) or not _is_below_worker(frame):
            return
        begun[id(frame)] = frame  # kept, so that no other frame gets its number; a coroutine that goes on is none
        way.append(_short(name))

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def _is_ours(name: str) -> bool:
    return ("/bot/" in name or "/handlers/" in name) and "/tests/" not in name and "/site-packages/" not in name


def _is_below_worker(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.endswith(WORKERS):
            return True
        frame = frame.f_back
    return False


def _short(name: str) -> str:
    folder = "/handlers/" if "/handlers/" in name else "/bot/"
    return folder.strip("/") + "/" + name.rpartition(folder)[2]


def returns(way: Sequence[str]) -> tuple[int, int, int]:
    """Return stays, files and returns."""
    stays = [name for name, _ in groupby(way)]
    return len(stays), len(set(stays)), len(stays) - len(set(stays))


async def measured(town: Any, act: Callable[[], Any]) -> Way:
    """Do something and wait until its update was handled."""
    await town.bot.idle()
    way: Way = []
    with noted(way):
        act()
        await asyncio.sleep(0.3)
        await town.bot.idle()
        await asyncio.sleep(0.3)
    return way


async def updates(town: Any) -> dict[str, Way]:
    """The way of one update of each kind."""
    await town.set_up()
    picture = saved(scribble(2, 640, 480))
    town.post()
    card = await town.telegram.until(lambda: town.cards())
    press = next(one.data for one in card[-1].buttons if (one.data or "").endswith(":a"))
    telegram, group = town.telegram, town.group
    private = telegram.start(town.alice)
    return {
        "a text": await measured(town, lambda: telegram.post(group, town.alice, text="good morning")),
        "a picture": await measured(town, lambda: town.post(picture)),
        "a command": await measured(town, lambda: telegram.post(group, town.mo, text="/mode flag")),
        "a question": await measured(
            town, lambda: telegram.post(private, town.alice, document=("a.png", picture, "image/png"))
        ),
        "a pressed button": await measured(town, lambda: telegram.press(card[-1], town.mo, press)),
    }


async def main() -> None:
    """Print the table, and the way of a picture."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Database.open(Path(folder) / "resight.db") as db,
            Runner(Toy(), threads=1) as runner,
            TelegramServer() as telegram,
            kit.town_on(telegram, db, runner) as town,
        ):
            ways = await updates(town)
    print("\n| update | front: stays | files | returns | with handlers/: stays | files | returns |")
    print("|---|---|---|---|---|---|---|")
    for name, way in ways.items():
        fronts = [one for one in way if one.startswith("bot/")]
        cells = [*returns(fronts), *returns(way)]
        print(f"| {name} | {' | '.join(map(str, cells))} |")
    for name in ("a picture", "a command"):
        print(f"\n{name}: {' > '.join(one for one, _ in groupby(ways[name]))}")


if __name__ == "__main__":
    asyncio.run(main())
