"""Groups of references that are copies of one another.

    every reference --its stored picture, itself left out--> search --copies--> pairs --joined--> groups

Two members of a group need not match each other: crops of the left and of the right half both match the whole picture.
"""

from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.matches import Finding, Match
from core.policy import COPIES
from core.types import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A reference of a group, and the surest match between it and another reference of the group."""

    reference: Reference
    match: Match

    @property
    def pixels(self) -> int:
        """Width times height of the reference's picture."""
        return self.reference.width * self.reference.height


def copies_in(finding: Finding, least: float, within: Group[UUID]) -> list[Match]:
    """Return the matches of a reference's picture that show another reference to be a copy of it."""
    return [
        candidate
        for candidate in finding.candidates
        if candidate.kind in COPIES and candidate.confidence >= least and candidate.reference.id in within
    ]


def grouped(references: Iterable[Reference], pairs: Mapping[UUID, Sequence[Match]]) -> list[list[Member]]:
    """Return groups of two or more references, the largest first, in each the picture with most pixels first."""
    by_id = {reference.id: reference for reference in references}
    leader = {identity: identity for identity in by_id}

    def lead(identity: UUID) -> UUID:
        while leader[identity] != identity:
            leader[identity] = identity = leader[leader[identity]]
        return identity

    best: dict[UUID, Match] = {}
    for identity, matches in pairs.items():
        for match in matches:
            leader[lead(match.reference.id)] = lead(identity)
            for end in (identity, match.reference.id):
                if end not in best or best[end].confidence < match.confidence:
                    best[end] = match
    groups: dict[UUID, list[Member]] = {}
    for identity in best:
        groups.setdefault(lead(identity), []).append(Member(reference=by_id[identity], match=best[identity]))
    ordered = (sorted(group, key=lambda member: (-member.pixels, member.reference.key)) for group in groups.values())
    return sorted(ordered, key=lambda group: (-len(group), group[0].reference.collection, group[0].reference.key))
