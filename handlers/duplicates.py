"""Groups of references that are copies of one another.

    every reference --its stored picture, itself left out--> search --copies--> pairs --joined--> groups

Two members of a group need not match each other directly: a crop of the left half and one of the right belong to the
picture that both are from.
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
        one
        for one in finding.candidates
        if one.kind in COPIES and one.confidence >= least and one.reference.id in within
    ]


def grouped(references: Iterable[Reference], pairs: Mapping[UUID, Sequence[Match]]) -> list[list[Member]]:
    """Return groups of two or more references, the largest first, in each the picture with most pixels first."""
    known = {one.id: one for one in references}
    leader = {identity: identity for identity in known}

    def lead(identity: UUID) -> UUID:
        while leader[identity] != identity:
            leader[identity] = identity = leader[leader[identity]]
        return identity

    best: dict[UUID, Match] = {}
    for identity, matches in pairs.items():
        for match in matches:
            leader[lead(match.reference.id)] = lead(identity)
            for one in (identity, match.reference.id):
                if one not in best or best[one].confidence < match.confidence:
                    best[one] = match
    groups: dict[UUID, list[Member]] = {}
    for identity in best:
        groups.setdefault(lead(identity), []).append(Member(reference=known[identity], match=best[identity]))
    ordered = (sorted(group, key=lambda one: (-one.pixels, one.reference.key)) for group in groups.values())
    return sorted(ordered, key=lambda group: (-len(group), group[0].reference.collection, group[0].reference.key))
