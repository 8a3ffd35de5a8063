"""Search by PDQ hash: references whose hash is near to that of a whole frame of the query, in any pose.

    Look --near--> hits --of lists--> matches        known by their hash only: there is no picture to check
                        --with pictures--> hits      stand in for the vector search while its store does not answer

Near-identical copies share their hash; most edits that change the layout do not. So it never proves a picture clean.
"""

from collections.abc import Collection as Group
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.confidence import hash_confidence
from core.looks import Look, View
from core.matches import HashHit, Hit, Match
from core.odds import log_odds
from core.types import Damage, Kind, Reference
from handlers.needs import PictureNeeds

NEAR_HASH, CLEAR_HASH = 31, 50
"""PDQ distance within which a hash counts, and quality from which, as its authors advise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashNeighbour:
    """A reference near by hash, and the frame of the query that it is near to."""

    hit: HashHit
    frame: int

    @property
    def cosine(self) -> float:
        """1 for equal hashes, 0 where half of the bits differ, as for strangers."""
        return 1 - self.hit.distance / 128

    def without_picture(self, damaged: Group[UUID]) -> "HashNeighbour":
        """Return it as known by its hash only, if it is one of these damaged references."""
        reference = self.hit.reference
        if reference.id not in damaged:
            return self
        return replace(self, hit=replace(self.hit, reference=replace(reference, damaged=Damage.PICTURE)))


async def near(
    services: PictureNeeds, look: Look, collections: Group[str], ignored: Group[UUID]
) -> list[HashNeighbour]:
    """Return references near by hash, nearest first; none if every frame is too plain to be hashed."""
    clear = [hashes for hashes in look.hashes if hashes.quality >= CLEAR_HASH]
    if not clear or not services.runner.stages.hashes:
        return []
    poses = [bits for hashes in clear for bits in hashes.poses]
    hits = await services.references.by_hash(poses, collections, within=NEAR_HASH)
    return [
        HashNeighbour(hit=hit, frame=clear[hit.pose // len(clear[0].poses)].view.frame)
        for hit in hits
        if hit.reference.id not in ignored
    ]


def listed(neighbours: Sequence[HashNeighbour]) -> list[Match]:
    """Return matches with references from hash lists, and with those whose picture or vectors are damaged."""
    return [_match(neighbour) for neighbour in neighbours if _is_only_hash(neighbour.hit.reference)]


def pictured(neighbours: Sequence[HashNeighbour]) -> list[tuple[Hit, View]]:
    """Return the other references as hits, as a vector search would have found them."""
    return [
        (
            Hit(reference=neighbour.hit.reference.id, part=neighbour.hit.part, score=neighbour.cosine),
            View(frame=neighbour.frame),
        )
        for neighbour in neighbours
        if not _is_only_hash(neighbour.hit.reference)
    ]


def _is_only_hash(reference: Reference) -> bool:
    return reference.is_hash_only or reference.is_set_aside


def _match(neighbour: HashNeighbour) -> Match:
    """Return the match; its content stays unsettled, because without a picture nobody can tell what differs."""
    value = hash_confidence(neighbour.hit.distance)
    return Match(
        reference=neighbour.hit.reference,
        kind=Kind.EDITED,
        confidence=value,
        cosine=neighbour.cosine,
        frame=neighbour.frame,
        score=log_odds(value),
    )
