"""For which part of an image the decisions on other images hold: what they excuse, and what they accuse. Pure.

    decided images --pair check--> DecidedMatches
    with them and the matches of references:  --without--> matches that are left      --accusing--> matches of their own

A decision holds for an image, so for its edits, too: a match that lies in an image which a moderator allowed, or of
which they said that this reference does not match it, is left out; an image that they called a violation is known from
then on. The newest decision about an image counts. Which images there are: `core.decided_images`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from core.cases import Thresholds
from core.decided_images import DecidedFrame, Ruling, case_of
from core.matches import Match
from core.policy import COPIES, is_sure, shows_the_same
from core.types import GUILTY, Box, Content, Decision, Kind, Quad

LEAST_INSIDE = 0.85
"""Share of a match's box that must lie in a decided image for the decision to hold for the match."""

LEAST_WHOLE = 0.95
"""Share of a picture that a decided image must fill to be all that the picture shows."""

LEAST_VISIBLE = 0.85
"""Share of an image called a violation which a copy must show: what is cut off may have been what was meant."""

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedMatch:
    """A decided image that may be in another image, and the match of the two; `is_sure`: it surely is.

    `frame` is the decided frame that matched, None = the files or their pixels are equal. `visible` is the share (0..1)
    of it that can be seen in the other image.
    """

    ruling: Ruling
    match: Match
    is_sure: bool
    frame: DecidedFrame | None = None
    visible: float = 1.0

    @property
    def is_same_file(self) -> bool:
        """Whether both are the same file."""
        return self.match.kind is Kind.EXACT and case_of(self.match.reference) is not None and self.frame is None

    @property
    def is_whole(self) -> bool:
        """Whether the decided image is all that the other one shows."""
        return self.match.kind is Kind.EXACT or self.match.area >= LEAST_WHOLE


def _at(one: DecidedMatch) -> datetime:
    return one.ruling.at


def accusing(found: Sequence[DecidedMatch], thresholds: Thresholds) -> list[Match]:
    """Return the matches with images that moderators called a violation or abuse, and nothing else since.

    Of an image that a reference matched, the reference tells of a violation. What is not sure to be the very image that
    was decided about is in doubt, and is none where the image is surely one that was allowed.
    """
    guilty = [one for one in found if _accuses(one)]
    surely = [one.match for one in guilty if one.is_sure and _is_all_of(one, found) and _stands(one, found)]
    allowed = [one for one in found if one.ruling.decision is Decision.ALLOWED]
    doubts = [one.match for one in guilty if one.match not in surely and _stands(one, found)]
    return [*surely, *(in_doubt(match, thresholds) for match in doubts if not _is_in(match, allowed))]


def _accuses(one: DecidedMatch) -> bool:
    is_unknown = one.ruling.decision is Decision.VIOLATION and not one.ruling.is_known
    return is_unknown or one.ruling.decision is Decision.ABUSE


def _is_all_of(one: DecidedMatch, found: Sequence[DecidedMatch]) -> bool:
    """Return whether all that the decision was about is in the other image: every frame, and most of the picture."""
    if not one.ruling.is_alone or one.ruling.is_preview or one.visible < LEAST_VISIBLE:
        return False
    if one.frame is None:
        return True
    its = {other.frame.id for other in found if other.frame and other.is_sure and other.ruling == one.ruling}
    return len(its) >= one.frame.of


def _stands(one: DecidedMatch, found: Sequence[DecidedMatch]) -> bool:
    """Return whether nobody excused the image since."""
    about = one.match.reference.id
    since = [other for other in found if _at(other) > _at(one) and _takes_back(other.ruling, about)]
    return not _is_in(one.match, since)


def _takes_back(ruling: Ruling, image: UUID) -> bool:
    """Return whether a decision says that a violation, seen as a reference with this id, is none or is not there."""
    is_no_match = ruling.decision is Decision.NOT_A_MATCH and image in ruling.references
    return is_no_match or ruling.decision is Decision.ALLOWED


def _is_in(match: Match, decided: Iterable[DecidedMatch]) -> bool:
    """Return whether a match is one of these images, surely there: in the same frame and at the same place."""
    return any(one.is_sure and _is_at(match, one.match) for one in decided)


def _is_at(match: Match, other: Match) -> bool:
    return lies_in(match, other) and lies_in(other, match)


def in_doubt(match: Match, thresholds: Thresholds) -> Match:
    """Return the match with a confidence that is a person's to judge."""
    return replace(match, confidence=min(match.confidence, math.nextafter(thresholds.match, 0)))


def settled(found: Iterable[DecidedMatch], matches: Sequence[Match], thresholds: Thresholds) -> list[DecidedMatch]:
    """Return the decided images, those with settled content that are the picture of a reference which is there, too.

    Two images that surely are the picture of one reference show the same content, whatever the pair check of the two
    could tell.
    """
    sure = [match for match in matches if is_sure(match, thresholds) and shows_the_same(match)]
    return [
        replace(one, match=replace(one.match, content=Content.SAME)) if one.is_sure and _is_one_of(one, sure) else one
        for one in found
    ]


def _is_one_of(one: DecidedMatch, matches: Iterable[Match]) -> bool:
    return any(match.reference.id in one.ruling.same and _is_at(match, one.match) for match in matches)


def without(matches: Sequence[Match], found: Iterable[DecidedMatch]) -> list[Match]:
    """Return the matches that no decision excuses; of decisions about the same part the newest counts."""
    newest_first = sorted((one for one in found if one.is_sure), key=_at, reverse=True)
    return [match for match in matches if not _is_excused(match, newest_first)]


def _is_excused(match: Match, newest_first: Sequence[DecidedMatch]) -> bool:
    for one in newest_first:
        is_in = lies_in(match, one.match)
        if one.ruling.decision in GUILTY and (is_in or lies_in(one.match, match)):
            return False
        if is_in and excuses(one, match) and _is_alike(match, one):
            return True
    return False


def excuses(decided: DecidedMatch, match: Match) -> bool:
    """Return whether a decision excuses a match that lies in its image.

    With a reference that was told when it was made; that an image is allowed also with one that is the image itself,
    added since, and in the very file with any. What somebody puts onto an allowed image was not allowed with it.
    """
    ruling, is_told = decided.ruling, match.reference.id in decided.ruling.references
    is_itself = decided.is_same_file or lies_in(decided.match, match)
    if ruling.decision is Decision.NOT_A_MATCH:
        return is_told
    return ruling.decision is Decision.ALLOWED and (is_told or is_itself)


def _is_alike(match: Match, decided: DecidedMatch) -> bool:
    """Return whether the decided image matched the reference as this one does.

    Where nobody can tell whether the decided image shows the same content, it excuses a copy whose content is as
    unsettled, or the same content as it showed itself; never another content of the same frame.
    """
    if shows_the_same(decided.match):
        return True
    is_copy = match.kind in COPIES and match.content is not Content.OTHER
    return is_copy and (not shows_the_same(match) or match.reference.id in decided.ruling.same)


def lies_in(match: Match, whole: Match) -> bool:
    """Return whether a match lies in what another match found, in the same frame."""
    return match.frame == whole.frame and _share_inside(seen(match.quad), seen(whole.quad)) >= LEAST_INSIDE


def seen(quad: Quad | None) -> Box:
    """Return the box around a quad, cut at the rim of the picture; for None the whole picture."""
    if quad is None:
        return WHOLE
    xs, ys = zip(*quad, strict=True)
    left, top, right, bottom = (min(max(value, 0.0), 1.0) for value in (min(xs), min(ys), max(xs), max(ys)))
    return left, top, right, bottom


def _share_inside(box: Box, other: Box) -> float:
    """Return the share (0..1) of a box that another one covers; 0 for a box without an area."""
    wide = min(box[2], other[2]) - max(box[0], other[0])
    high = min(box[3], other[3]) - max(box[1], other[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return max(wide, 0.0) * max(high, 0.0) / area if area > 0 else 0.0
