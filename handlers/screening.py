"""Which images are screened next, so that one community's raid does not keep the others waiting.

claim, but leave `RESERVED` of the `AT_ONCE` places to communities that have no image in hand
others posted lately?          a raid gets half of the machine's threads
one took more than the rest?   its images are less urgent (`core.urgency`) than those of the others
"""

from collections import Counter, deque
from collections.abc import Awaitable, Callable
from collections.abc import Collection as Group
from datetime import datetime, timedelta
from typing import Protocol

from core.cases import Waiting
from core.urgency import URGENCY
from handlers.needs import HasCatalogue, HasClock, HasFronts, HasInbox, HasInboxBell, HasParts, HasRunner
from handlers.worker_pool import WorkerPool

LEASE = timedelta(seconds=120)
"""How long a claimed image is ours; after that it may be claimed again, because its worker may have died."""

AT_ONCE, RESERVED = 8, 4
"""Images in hand at once, and how many of these places are for communities that have none in hand."""

COMPANY, RAID = timedelta(seconds=10), timedelta(seconds=3)
"""For how long a community that posted counts as one that may post again at any moment; over how long shares of the
work are compared to find a raid."""


class ScreeningNeeds(HasRunner, HasCatalogue, HasInbox, HasFronts, HasClock, HasParts, HasInboxBell, Protocol):
    """What says which images are screened next."""


class Screening:
    """Claims images for a worker pool, and counts how many each community has in hand."""

    def __init__(
        self, services: ScreeningNeeds, pool: WorkerPool, screen: Callable[[Waiting], Awaitable[None]]
    ) -> None:
        self._services, self._pool, self._screen = services, pool, screen
        self._in_hand = Counter[str]()
        self._claimed_lately = deque[tuple[datetime, str]]()

    async def some(self) -> int:
        """Claim as many images as there is room for and start them; return how many.

        The last `RESERVED` places go to communities that have no image in hand.
        """
        busy, in_hand = set(self._in_hand), self._in_hand.total()
        claimed = await self._claim(self._most() - in_hand) or await self._claim(AT_ONCE - in_hand, busy, each=1)
        for waiting in claimed:
            self._start(waiting)
        return len(claimed)

    def _most(self) -> int:
        """Return how many images may be in hand before the reserved places.

        While other communities post, that is half of the threads: a thread that is at work can't be called back.
        """
        recent, half = self._services.clock() - COMPANY, max(1, self._services.runner.threads // 2)
        while self._claimed_lately and self._claimed_lately[0][0] < recent:
            self._claimed_lately.popleft()
        is_alone = len({community for _, community in self._claimed_lately}) < 2
        return AT_ONCE - RESERVED if is_alone else min(AT_ONCE - RESERVED, half)

    def _is_raid(self, community: str) -> bool:
        """Return whether the community had more images claimed within `RAID` than all others together."""
        recent = self._services.clock() - RAID
        lately = Counter(home for at, home in self._claimed_lately if at >= recent)
        return len(lately) > 1 and 2 * lately[community] > lately.total()

    def _start(self, waiting: Waiting) -> None:
        community = waiting.event.space.home
        self._in_hand[community] += 1
        self._claimed_lately.append((self._services.clock(), community))
        self._pool.start(self._work_on(waiting, self._is_raid(community)))

    async def _claim(self, room: int, besides: Group[str] = (), each: int | None = None) -> list[Waiting]:
        if room <= 0:
            return []
        fronts = self._services.fronts.keys() - self._services.parts.unreachable
        untried = not self._services.catalogue.is_up
        return await self._services.inbox.claim(room, LEASE, fronts, untried=untried, besides=besides, each=each)

    async def _work_on(self, waiting: Waiting, is_raid: bool) -> None:
        URGENCY.set(int(is_raid))
        try:
            await self._screen(waiting)
        finally:
            self._in_hand -= Counter((waiting.event.space.home,))  # those with none are not counted any more
            self._services.inbox_bell.ring()
