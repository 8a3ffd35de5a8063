"""From a post to its card, on both platforms: the real bot as a process, its peers in this one, over real sockets.

    steady   one post a second        burst   200 posts at once        add   a reference added in chat -> the next match

Each post shows another known image: copies of one would be one card. The posts go round 20 communities: Telegram lets
a bot write twenty messages a minute to one group, and the bot keeps to that, so in one group the 21st card of a minute
waits for its turn. `python -m bench.bench_chat [--quick]`.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from PIL import Image

from bench.table import Line, show
from tests.e2e.command import resight
from tests.e2e.running import running
from tests.e2e.stage import DiscordStage, Stage, TelegramStage
from tests.peers.discord_server import DiscordServer
from tests.peers.telegram_server import TelegramServer
from tests.small import saved, scribble

STEADY, BURST, COMMUNITIES = 60, 200, 20
WARM = 3
KNOWN = WARM + STEADY + BURST
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


def known(number: int) -> Image.Image:
    """Return one of the known images."""
    return scribble(number, 640, 480)


def copies(count: int, first: int) -> list[bytes]:
    """Return a smaller copy of each of so many known images."""
    small = [known(first + number).resize((480, 360)) for number in range(count)]
    return [saved(one, "JPEG", quality=80) for one in small]


def carded(stages: Sequence[Stage]) -> set[str]:
    """The posts that have a card, as channel and message: its link to the post ends in both."""
    links = [button.url or "" for stage in stages for card in stage.cards() for button in card.raw.buttons]
    return {"/".join(link.split("/")[-2:]) for link in links if link}


def name_of(stage: Stage, post: Any) -> str:
    """The end of the link to a post."""
    channel = stage.channel.id if isinstance(stage, DiscordStage) else 0
    if isinstance(stage, TelegramStage):
        channel = int(str(stage.chat.id).removeprefix("-100"))
    return f"{channel}/{post.id}"


async def watched(stages: Sequence[Stage], posted: dict[str, float], count: int) -> Told:
    """Wait until all posts have their card; `posted` is filled meanwhile."""
    seen: dict[str, float] = {}
    while len(seen) < count:
        await asyncio.sleep(LOOK_EVERY)
        now = time.perf_counter()
        for post in carded(stages) & posted.keys() - seen.keys():
            seen[post] = now - posted[post]
    return Told(list(seen.values()))


async def posting(stages: Sequence[Stage], images: Sequence[bytes], pause: float) -> Told:
    """Post one image after the other, round the communities."""
    posted: dict[str, float] = {}
    watching = asyncio.create_task(watched(stages, posted, len(images)))
    for stage, image in zip(cycle(stages), images, strict=False):
        name = name_of(stage, stage.post(image))
        posted[name] = time.perf_counter()
        await asyncio.sleep(pause)
    return await watching


async def added(stages: Sequence[Stage], rounds: int) -> Told:
    """From the click on "add as reference" to the card of a copy that is posted once it is answered."""
    seconds = []
    for number, stage in zip(range(rounds), cycle(stages), strict=False):
        image = scribble(KNOWN + number, 640, 480)
        post = stage.post(saved(image))
        started = time.perf_counter()
        await stage.add_reference(post)
        name = name_of(stage, stage.post(saved(image.resize((480, 360)), "JPEG", quality=80)))
        while name not in carded([stage]):  # noqa: ASYNC110  another process's card rings no bell here
            await asyncio.sleep(LOOK_EVERY)
        seconds.append(time.perf_counter() - started)
    return Told(seconds)


async def measure(stages: Sequence[Stage], quick: bool) -> list[Line]:
    for stage in stages:
        await stage.set_up()
    await posting(stages, copies(WARM, 0), 0.5)  # warm
    rows = [
        ("one post a second", await posting(stages, copies(10 if quick else STEADY, WARM), 1.0), None),
        (f"burst of {BURST}", await posting(stages, copies(BURST, WARM + STEADY), 0.0), None),
        ("add a reference in chat, then its copy is carded", await added(stages, 3 if quick else 20), 1.0),
    ]
    name = stages[0].name
    return [
        Line(f"{name}: {what}, median", f"{told.median:.2f} s", f"p95 {told.p95:.2f} s", told.median, limit)
        for what, told, limit in rows
    ]


async def both(quick: bool) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        home, pictures = Path(folder) / "data", Path(folder) / "known"
        pictures.mkdir()
        for number in range(KNOWN):
            known(number).save(pictures / f"{number}.png")
        assert resight(home, "add", pictures).code == 0
        async with (
            DiscordServer() as discord,
            TelegramServer() as telegram,
            running(home, discord=discord, telegram=telegram),
        ):
            lines = await measure([DiscordStage(discord, "en") for _ in range(COMMUNITIES)], quick)
            return lines + await measure([TelegramStage(telegram, "en") for _ in range(COMMUNITIES)], quick)


def main(quick: bool) -> None:
    """Print the table."""
    show("Post to card in chats", asyncio.run(both(quick)))


if __name__ == "__main__":
    main("--quick" in sys.argv)
