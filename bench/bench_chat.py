"""From a post to its card, on both platforms: the real bot as a process, its peers in this one, over real sockets.

    steady   one post a second        burst   200 posts at once        add   a reference added in chat -> the next match

The peers set no rate limits here: Discord lets a bot post about one card a second in a channel, Telegram twenty a
minute in a group, and what the platforms allow comes on top. `python -m bench.bench_chat [--quick]`.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.table import Line, show
from tests.conftest import drawn, saved, scribble
from tests.e2e.command import resight
from tests.e2e.running import running
from tests.e2e.stage import DiscordStage, Stage, TelegramStage
from tests.peers.discord_server import DiscordServer
from tests.peers.telegram_server import TelegramServer

KNOWN = "river-city"
STEADY, BURST = 60, 200
LOOK_EVERY = 0.005


@dataclass(frozen=True, slots=True)
class Told:
    """Seconds from each post to its card."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]


def copies(count: int) -> list[bytes]:
    """Copies of the known image, no two of the same bytes."""
    image = drawn(KNOWN)
    wide = [image.resize((480 + 2 * number, 400)) for number in range(count)]
    return [saved(one, "JPEG", quality=80) for one in wide]


def carded(stage: Stage) -> set[str]:
    """The messages that have a card: its link to the post ends in the message's number."""
    links = [button.url or "" for card in stage.cards() for button in card.raw.buttons]
    return {link.rpartition("/")[2] for link in links if link}


async def watched(stage: Stage, posted: dict[str, float], count: int) -> Told:
    """Wait until all posts have their card; `posted` is filled meanwhile."""
    seen: dict[str, float] = {}
    while len(seen) < count:
        await asyncio.sleep(LOOK_EVERY)
        now = time.perf_counter()
        for message in carded(stage) & posted.keys() - seen.keys():
            seen[message] = now - posted[message]
    return Told(list(seen.values()))


async def steady(stage: Stage, images: Sequence[bytes], pause: float) -> Told:
    """Post one image after the other."""
    posted: dict[str, float] = {}
    watching = asyncio.create_task(watched(stage, posted, len(images)))
    for image in images:
        post: Any = stage.post(image)
        posted[str(post.id)] = time.perf_counter()
        await asyncio.sleep(pause)
    return await watching


async def added(stage: Stage, rounds: int) -> Told:
    """From the click on "add as reference" to the card of a copy that is posted once it is answered."""
    seconds = []
    for number in range(rounds):
        image = scribble(1000 + number, 640, 480)
        post = stage.post(saved(image))
        started = time.perf_counter()
        await stage.add_reference(post)
        copy: Any = stage.post(saved(image.resize((480, 360)), "JPEG", quality=80))
        while str(copy.id) not in carded(stage):  # noqa: ASYNC110  another process's card rings no bell here
            await asyncio.sleep(LOOK_EVERY)
        seconds.append(time.perf_counter() - started)
    return Told(seconds)


async def measure(stage: Stage, quick: bool) -> list[Line]:
    await stage.set_up()
    await steady(stage, copies(3), 0.5)  # warm
    rows = [
        ("one post a second", await steady(stage, copies(10 if quick else STEADY), 1.0), None),
        (f"burst of {BURST}", await steady(stage, copies(BURST), 0.0), None),
        ("add a reference in chat, then its copy is carded", await added(stage, 3 if quick else 10), 1.0),
    ]
    return [
        Line(f"{stage.name}: {what}, median", f"{told.median:.2f} s", f"p95 {told.p95:.2f} s", told.median, limit)
        for what, told, limit in rows
    ]


async def both(quick: bool) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "data"
        drawn(KNOWN).save(Path(folder) / "known.png")
        assert resight(home, "add", Path(folder) / "known.png").code == 0
        async with (
            DiscordServer() as discord,
            TelegramServer() as telegram,
            running(home, discord=discord, telegram=telegram),
        ):
            lines = await measure(DiscordStage(discord, "en"), quick)
            return lines + await measure(TelegramStage(telegram, "en"), quick)


def main(quick: bool) -> None:
    """Print the table."""
    show("Post to card in chats", asyncio.run(both(quick)))


if __name__ == "__main__":
    main("--quick" in sys.argv)
