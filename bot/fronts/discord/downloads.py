"""Bounded downloads from Discord's own hosts, and from nowhere else.

link --expired? wrong host?--> SafeFetcher (no redirects, size limit) --> bytes, whatever they are: the decoder judges
"""

from contextlib import AsyncExitStack
from typing import Self

from yarl import URL

from bot.fronts.discord.addresses import HOSTS
from bot.settings import Settings
from core.errors import Refused
from handlers.fetch import Limits, SafeFetcher

STATUS = "status"
"""The reason of a refusal that a fresh link may cure."""


def anything(_head: bytes) -> bool:
    """Bytes of an unknown type go to the decoder, so that they end as unscannable, with its reason."""
    return True


class Files(AsyncExitStack):
    """An async context manager. `discord_url` of the settings is allowed as it stands: a proxy, or a test's server."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        limits = Limits(bytes=settings.max_image_mb << 20, redirects=0)
        base = URL(settings.discord_url)
        self._base = (base.host, base.port) if settings.discord_url else None
        self._discord = SafeFetcher(anything, limits=limits)
        self._other = SafeFetcher(anything, limits=limits, also_allow=self._is_base)

    async def __aenter__(self) -> Self:
        for fetcher in (self._discord, self._other):
            await self.enter_async_context(fetcher)
        return self

    async def get(self, url: str) -> bytes:
        """The bytes behind a link; raises Refused or RetryLater."""
        try:
            parts = URL(url)
        except ValueError:
            raise Refused("url", "This is not a valid link.") from None
        if parts.host in HOSTS and parts.scheme == "https":
            return await self._discord.fetch(url)
        if (parts.host, parts.port) == self._base:
            return await self._other.fetch(url)
        raise Refused("host", "The file is not kept by Discord.")

    def _is_base(self, _address: str, port: int) -> bool:
        """The name of the settings may lead into the own network."""
        return self._base is not None and port == self._base[1]
