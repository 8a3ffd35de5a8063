"""What `core.ports.References` knows of PDQ hashes; store/sql/hashes.py has it in SQL and in memory."""

from collections.abc import Collection as Group
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from core.looks import PdqHash
from core.matches import HashHit


class Hashes(Protocol):
    """The PDQ hashes of references, one for each frame; also of references known by nothing else."""

    async def by_hash(
        self, poses: Sequence[bytes], collections: Group[str], *, within: int, limit: int = 20
    ) -> list[HashHit]:
        """Return references in these collections with a PDQ hash, or its complement, at most `within` bits away.

        `poses` are hashes of the query, 32 bytes each: its eight poses, or those of several views. Nearest first, each
        reference once, with the nearest of its frames and of the poses. 0 <= `within` < 64: beyond that strangers begin
        to match.
        """
        ...

    async def hashes(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[PdqHash]]:
        """Return the hashes of these references, one for each frame; those without are left out."""
        ...

    async def unhashed(self) -> Sequence[UUID]:
        """Return references that have pictures but no hashes: they were added before there were hashes."""
        ...

    async def put_hashes(self, hashes: Mapping[UUID, Sequence[PdqHash]]) -> None:
        """Set the hashes of references that exist; nothing else about them changes."""
        ...
