"""The hostile web server against the downloader as the bot runs it: real limits, all attacks, and what they cost."""

import time
from dataclasses import dataclass

import psutil

from core.errors import Refused, RetryLater
from embed.decode.picture import is_decodable
from handlers.fetch import Limits, SafeFetcher
from tests.peers.hostile import HostileServer, TableResolver
from tests.test_fetch import CASES, Scene, connects

MB = 1_000_000


@dataclass
class Hostile:
    """What came of it; memory includes the server's own, which sends up to 30 MB an attack."""

    cases: int = 0
    foreign_connections: int = 0
    inner_requests: int = 0
    longest_s: float = 0.0
    growth_mb: float = 0.0

    @property
    def is_right(self) -> bool:
        quiet = self.foreign_connections == self.inner_requests == 0
        return quiet and self.longest_s < 21 and self.growth_mb < 64


async def hostile() -> Hostile:
    """One attack after the other."""
    found, process = Hostile(), psutil.Process()
    async with HostileServer() as outer, HostileServer() as inner:
        fetcher = SafeFetcher(
            is_decodable,
            limits=Limits(),
            also_allow=lambda address, port: (address, port) == ("127.0.0.1", outer.port),
            base_resolver=TableResolver(),
        )
        async with fetcher:
            scene = Scene(outer, inner, fetcher)
            before, most = process.memory_info().rss, 0
            connects.clear()
            for address, _ in CASES:
                began = time.monotonic()
                await _tried(fetcher, scene.url(address) if address else "")
                found.longest_s = max(found.longest_s, round(time.monotonic() - began, 2))
                most = max(most, process.memory_info().rss)
                found.cases += 1
        allowed = ("127.0.0.1", outer.port)
        found.foreign_connections = sum(one != allowed for one in connects if isinstance(one, tuple))
        found.inner_requests = len(inner.asked)
    found.growth_mb = round((most - before) / MB, 1)
    return found


async def _tried(fetcher: SafeFetcher, url: str) -> None:
    try:
        await fetcher.fetch(url)
    except (Refused, RetryLater):
        return
