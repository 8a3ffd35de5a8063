"""A raid in the stores: posts of one known image by twenty people in ten channels, and one press for all of them.

    python -m bench.bench_raid [POSTS ...]

No pictures are looked at and no platform answers: what is measured is what a burst costs besides.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.cases import Policy
from core.chat import Community
from core.matches import Match, Verdict
from core.types import Act, Content, Decision, Kind, Mode, Outcome, Reference, Space
from embed.runner import Runner
from handlers import review
from handlers.outbox import carry_out
from handlers.screening import LEASE
from store.sql.db import Database
from tests.small import SPACE, FakeFront, Toy, assemble, event

LOGO = Reference(key="logo", collection="brands")
SAME = Match(reference=LOGO, kind=Kind.EDITED, confidence=0.99, cosine=0.9, content=Content.SAME)
MATCH = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(SAME,))
PEOPLE, CHANNELS = 20, 10


async def raid(posts: int, folder: Path) -> str:
    """Return a row of the table."""
    async with Database.open(folder / f"{posts}.db") as db, Runner(Toy(), threads=1) as runner:
        front = FakeFront(keeps_posts=False)
        services = await assemble(db, runner, fronts={SPACE.platform: front}, default=Policy(mode=Mode.FLAG))
        await services.communities.put(Community(platform=SPACE.platform, id=SPACE.community, log="log"), "mo")
        started = time.perf_counter()
        for number in range(posts):
            space: Space = replace(SPACE, channel=f"room{number % CHANNELS}")
            post = event("one", space, message=f"{number}", author=f"person{number % PEOPLE}")
            await services.inbox.accept([post])
            (waiting,) = await services.inbox.claim(1, LEASE)
            await services.cases.conclude(waiting, "ff", MATCH, Mode.FLAG, (Act.CARD,), late=(Act.REMOVE,))
        concluded = time.perf_counter()
        (case,) = await services.cases.newest()
        shown = time.perf_counter()
        await review.decide(services, case.id, Decision.VIOLATION, "mo")
        decided = time.perf_counter()
        while actions := await services.cases.claim_actions(32):
            await asyncio.gather(*(carry_out(services, action) for action in actions))
        done = time.perf_counter()
        removed = sum(order.action.act is Act.REMOVE for order in front.orders)
        spent = (concluded - started) / posts, shown - concluded, decided - shown, (done - decided) / posts
        cells = " | ".join(f"{seconds * 1000:.1f} ms" for seconds in spent)
        return f"| {posts} | {len(await services.cases.newest())} | 1 | {removed} | {cells} |"


async def table(sizes: Sequence[int]) -> None:
    """Print the table."""
    print("| posts | cards | presses | removed | a post joins | the case is read | the press | a removal |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for posts in sizes:
            print(await raid(posts, Path(folder)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posts", nargs="*", type=int, default=[200, 2000])
    asyncio.run(table(parser.parse_args().posts))
