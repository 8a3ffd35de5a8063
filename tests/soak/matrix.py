"""People post on Matrix while their homeserver is killed and started again, and while the bot's network is cut.

Each post must have exactly one verdict in the end, and one card counts all copies of the known image.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.matrix import MatrixWorld, matrix_world
from tests.e2e.world import copy, stranger
from tests.peers.matrix_community import GENERAL, Post
from tests.peers.matrix_homeserver import Homeserver
from tests.peers.matrix_people import Person

CUT_S = 1.0
SETTLED_S = 300.0
STRANGERS = 5
COPY_EACH = 25


@dataclass
class Kept:
    """What came of it; `lost` has no verdict, `twice` has more than one, `counted` is what the card says of `copies`.

    `undone` are orders to the platform that ended otherwise than done.
    """

    posts: int
    restarts: int
    cuts: int
    lost: int
    twice: int
    wrong: int
    copies: int
    cards: int
    counted: int
    undone: int
    seconds: float

    @property
    def is_right(self) -> bool:
        found = (self.lost, self.twice, self.wrong, self.undone, self.cards, self.counted)
        return found == (0, 0, 0, 0, 1, self.copies)


async def weather(catalogue: Path, folder: Path, posts: int, restarts: int, cuts: int) -> Kept:
    """Post so much, evenly between the troubles, with a bot in a process of its own."""
    started = time.monotonic()
    (folder / "synapse").mkdir()
    async with AsyncExitStack() as stack:
        own = stack.enter_context(Homeserver(folder / "synapse"))
        here = await stack.enter_async_context(matrix_world(catalogue, folder, on=own))
        await stack.enter_async_context(here.bot())
        await here.set_up()
        made = asyncio.create_task(_posts(here, posts))
        await _troubles(here, own, restarts, cuts, made)
        sent = await made
        await here.until(lambda: here.has_verdict([post for post, _ in sent]), SETTLED_S)
        copies = [post for post, is_copy in sent if is_copy]
        await here.until(lambda: here.counted() >= len(copies), SETTLED_S)
        await here.here.mo.caught_up()
        return _kept(here, sent, restarts, cuts, time.monotonic() - started)


async def _posts(here: MatrixWorld, count: int) -> list[tuple[Post, bool]]:
    """Every so many a copy; files that were uploaded once are posted again and again."""
    ann, room = here.here.people["ann"], here.here.rooms[GENERAL]
    files = [
        await ann.content(room, stranger(seed), "", "image/jpeg", "m.image", None, {}) for seed in range(STRANGERS)
    ]
    known = await ann.content(room, copy(), "", "image/jpeg", "m.image", None, {})
    return [await _one(ann, room, number, files, known) for number in range(count)]


async def _one(
    ann: Person, room: str, number: int, files: list[dict[str, object]], known: dict[str, object]
) -> tuple[Post, bool]:
    is_copy = number % COPY_EACH == COPY_EACH - 1
    content = known if is_copy else files[number % STRANGERS]
    return Post(await ann.send(room, "m.room.message", content), room), is_copy


async def _troubles(here: MatrixWorld, own: Homeserver, restarts: int, cuts: int, made: "asyncio.Task[object]") -> None:
    """Restarts and cuts by turns, also once all is posted."""

    async def cut() -> None:
        here.proxy.cut()
        await asyncio.sleep(CUT_S)
        here.proxy.mend()

    async def restart() -> None:
        await asyncio.to_thread(own.restart)

    kinds: list[Callable[[], Awaitable[None]]] = []
    for number in range(max(restarts, cuts)):
        kinds += [restart] * (number < restarts) + [cut] * (number < cuts)
    for trouble in kinds:
        await asyncio.sleep(CUT_S)
        await trouble()
    await asyncio.wait([made])


def _kept(here: MatrixWorld, sent: list[tuple[Post, bool]], restarts: int, cuts: int, seconds: float) -> Kept:
    found = here.verdicts()
    counts = Counter({post.id: 0 for post, _ in sent})
    counts.update(Counter(message for (message, _), count in found.items() for _ in range(count)))
    wanted = {post.id: "match" if is_copy else "clean" for post, is_copy in sent}
    wrong = sum(count for (message, outcome), count in found.items() if wanted.get(message, outcome) != outcome)
    lost = sum(counts[post.id] == 0 for post, _ in sent)
    twice = sum(counts[post.id] > 1 for post, _ in sent)
    copies = sum(is_copy for _, is_copy in sent)
    return Kept(
        len(sent),
        restarts,
        cuts,
        lost,
        twice,
        wrong,
        copies,
        len(here.cards()),
        here.counted(),
        here.undone(),
        round(seconds, 1),
    )
