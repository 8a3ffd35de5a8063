"""The hashes of all files in the catalogue, in memory, so that the first question of a search costs no query."""

from collections.abc import Iterable

PREFIX = 16
"""Hexadecimal digits that are kept, 64 bits: a stranger that shares them costs one query and no more."""


class ContentHashes:
    """A set of hash prefixes, about 0.1 kB a reference; it may hold too much, never too little."""

    def __init__(self, hashes: Iterable[str]) -> None:
        self._prefixes = {sha256[:PREFIX] for sha256 in hashes}

    def add(self, hashes: Iterable[str]) -> None:
        """Add hashes of contents."""
        self._prefixes |= {sha256[:PREFIX] for sha256 in hashes}

    def may_hold(self, sha256: str) -> bool:
        """Return False only if certainly no reference has these bytes."""
        return sha256[:PREFIX] in self._prefixes
