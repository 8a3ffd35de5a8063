"""A raid on the real fronts: posts of one known image by twenty people in ten channels, one press and one undo.

    python -m bench.bench_raid_chat [--posts 200] [--fronts terminal telegram discord matrix]

The fronts of the test suite: real connectors and stores, peers over real sockets, a small model. A group on Telegram is
one channel. `bench.bench_raid` says what a burst costs in the stores, `bench.bench_platforms` what an image costs.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from core.cases import Policy
from core.types import Mode
from core.wording import Words
from embed.runner import Runner
from store.sql.db import Database
from tests.chat.conftest import FRONTS, Now, know, working
from tests.chat.matrix import MatrixStage
from tests.chat.stage import LOG, TITLE, Stage
from tests.chat.test_bursts import all_stand, burst_of, card_saying, given_back, raid, remove_all
from tests.peers.matrix_community import MANAGER
from tests.peers.matrix_homeserver import SERVER
from tests.peers.matrix_people import Person
from tests.small import Toy, assemble

EN = Words.of("en")
PEOPLE, CHANNELS, LONGEST_S = 20, 10, 1800.0


async def raiders(stage: MatrixStage, stack: AsyncExitStack) -> None:
    """Add twenty people and ten rooms to a community on Matrix: the suite has neither, they take a minute."""
    here, founder = stage.here, stage.here.founder
    power: dict[str, Any] = {"power_level_content_override": {"users": {here.bot: MANAGER, here.mo.id: MANAGER}}}
    for number in range(CHANNELS):
        name = f"room{number}"
        here.rooms[name] = room = await founder.create_room(name, [here.bot, here.mo.id], preset="public_chat", **power)  # type: ignore[index]  # the mapping of a test is a dict
        await founder.state(here.space, "m.space.child", {"via": [SERVER]}, room)
        await founder.state(room, "m.space.parent", {"via": [SERVER], "canonical": True}, here.space)
    for number in range(PEOPLE):
        name = f"raider{number}"
        here.people[name] = person = await stack.enter_async_context(Person(name, here.founder.api.url, reads=False))  # type: ignore[index]
        for channel in range(CHANNELS):
            await person.join(here.rooms[f"room{channel}"])
    await here.mo.until(lambda: all(here.mo.is_there(room, here.bot) for room in here.rooms.values()))
    await stage.idle()
    stage.crowd = lambda people, channels: [  # type: ignore[method-assign]
        (f"raider{person}", f"room{channel}") for person in range(people) for channel in range(channels)
    ]


async def a_raid(stage: Stage, posts: int) -> str:
    """Return a row of the table."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode=Mode.FLAG.value, language="en")
    began = time.perf_counter()
    sent = await raid(stage, PEOPLE, CHANNELS, posts)
    await burst_of(stage, posts, LONGEST_S)
    card = await card_saying(stage, remove_all(posts), LONGEST_S)
    carded = time.perf_counter()
    cards = len(await stage.cards(1, saying=TITLE))
    await stage.press("mo", card, remove_all(posts))
    await all_stand(stage, sent, "gone", LONGEST_S)
    removed = time.perf_counter()
    card = await card_saying(stage, EN("burst.undo", count=posts), LONGEST_S)
    await stage.press("mo", card, EN("burst.undo", count=posts))
    await given_back(stage, posts, LONGEST_S)
    back = await stage.reposts()
    seconds = carded - began, removed - carded, time.perf_counter() - removed
    return f"{posts} | {cards} | 1 | {len(sent)} | {back} | " + " | ".join(f"{one:.0f} s" for one in seconds)


async def on(front: str, posts: int) -> str:
    """Return the row of one front."""
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            db = await stack.enter_async_context(Database.open(Path(folder) / "resight.db"))
            runner = await stack.enter_async_context(Runner(Toy(), threads=2))
            services = await assemble(db, runner, clock=Now(), fronts={}, default=Policy(mode=Mode.OFF))
            await know(services)
            stage = await stack.enter_async_context(FRONTS[front](services))
            await stack.enter_async_context(working(services))
            if isinstance(stage, MatrixStage):
                await raiders(stage, stack)
            return await a_raid(stage, posts)


async def table(fronts: Sequence[str], posts: int) -> None:
    """Print the table."""
    print("| front | posts | cards | presses | removed | given back | post -> card | press -> gone | undo -> back |")
    print("|---|---|---|---|---|---|---|---|---|")
    for front in fronts:
        print(f"| {front} | {await on(front, posts)} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--fronts", nargs="+", choices=FRONTS, default=list(FRONTS))
    given = parser.parse_args()
    asyncio.run(table(given.fronts, given.posts))
