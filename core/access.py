"""What a program may do with a token of the API. Pure.

A token is shown once and kept as its SHA-256, which is safe for 256 random bits (unlike for passwords).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.types import Platform, Space


class Scope(StrEnum):
    """One kind of thing that the API does; `admin` includes all others."""

    READ = "read"
    SEARCH = "search"
    ADD = "add"
    MODERATE = "moderate"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is listed; whoever holds the secret itself is `name` to the audit log.

    `community` is the one it is limited to, as PLATFORM:ID, "" = it is not.
    """

    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    community: str = ""

    @property
    def home(self) -> Space | None:
        """The community that the token is limited to, as a space without a channel; None = no limit."""
        return home_of(self.community) if self.community else None

    def allows(self, needed: Scope) -> bool:
        """Return whether one of the token's scopes includes the scope that is needed."""
        return allows(self.scopes, needed)


def home_of(community: str) -> Space:
    """Return the community that PLATFORM:ID names; raises ValueError for anything else."""
    platform, _, number = community.partition(":")
    if not number.strip():
        raise ValueError(community)
    return Space(platform=Platform(platform), community=number.strip(), channel="")


def allows(scopes: Collection[Scope], needed: Scope) -> bool:
    """Return whether one of the scopes is the needed one, or `admin`."""
    return needed in scopes or Scope.ADMIN in scopes
