"""Which matches a decision on an image excuses, and which of several decisions counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from core.cases import Thresholds
from core.decided import DecidedMatch, accusing, lies_in, seen, settled, without
from core.decided_images import DecidedFrame, DecidedImages, Ruling, case_of, is_known, reference_of
from core.looks import View, ViewHash
from core.matches import Match
from core.policy import is_sure
from core.types import Content, Decision, Kind, Purpose, Quad, Reference

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
LOGO, OTHER = Reference(key="logo", collection="brands"), Reference(key="other", collection="brands")
LIMITS = Thresholds(match=0.9, review=0.5)


def quad(left: float, top: float, right: float, bottom: float) -> Quad:
    return (left, top), (right, top), (right, bottom), (left, bottom)


def match(
    reference: Reference = LOGO,
    box: Quad | None = None,
    content: Content = Content.SAME,
    kind: Kind = Kind.EDITED,
    confidence: float = 0.97,
    frame: int = 0,
) -> Match:
    return Match(
        reference=reference,
        kind=kind,
        confidence=confidence,
        cosine=0.8,
        content=content,
        quad=box,
        frame=frame,
        area=1.0,
    )


def ruling(
    decision: Decision = Decision.ALLOWED, case: int = 12, minutes: int = 0, *about: Reference, same: bool = True
) -> Ruling:
    ids = frozenset(reference.id for reference in about)
    at = NOON + timedelta(minutes=minutes)
    same_ids = ids if same else frozenset[UUID]()
    return Ruling(case=case, decision=decision, by="ann", at=at, references=ids, same=same_ids, is_known=bool(about))


def decided(rule: Ruling, box: Quad | None = None, content: Content = Content.SAME, sure: bool = True) -> DecidedMatch:
    found = match(reference_of(rule, has_picture=True), box, content)
    return DecidedMatch(ruling=rule, match=found, is_sure=sure)


def test_an_allowed_image_excuses_what_is_in_it() -> None:
    """Every match that lies in it, and none beside it or in another frame."""
    inside, beside = match(box=quad(0.1, 0.1, 0.4, 0.9)), match(OTHER, quad(0.6, 0.1, 0.9, 0.9))
    elsewhere = match(OTHER, quad(0.1, 0.1, 0.4, 0.9), frame=1)
    left_half = decided(ruling(Decision.ALLOWED, 12, 0, LOGO, OTHER), quad(0, 0, 0.5, 1))

    assert without([inside, beside, elsewhere], [left_half]) == [beside, elsewhere]


def test_what_was_put_onto_an_allowed_image_is_not_excused() -> None:
    """A small match with a reference that was not there then; one with the image itself, in another list, is."""
    allowed, sticker = decided(ruling(Decision.ALLOWED, 12, 0, LOGO)), match(OTHER, quad(0.1, 0.1, 0.4, 0.4))
    itself = match(OTHER, quad(0.02, 0, 1, 1))

    assert without([match(LOGO), sticker, itself], [allowed]) == [sticker]


def test_the_very_file_that_was_allowed_is_excused_in_full() -> None:
    """Also for what is in it and was added since; that one reference does not match it says nothing of others."""
    small = match(OTHER, quad(0.1, 0.1, 0.4, 0.4))

    def same_file(rule: Ruling) -> DecidedMatch:
        found = match(reference_of(rule, has_picture=True), kind=Kind.EXACT)
        return DecidedMatch(ruling=rule, match=found, is_sure=True)

    assert without([small], [same_file(ruling(Decision.ALLOWED, 12, 0, LOGO))]) == []
    assert without([small], [same_file(ruling(Decision.NOT_A_MATCH, 12, 0, LOGO))]) == [small]


def test_no_match_excuses_one_reference() -> None:
    """The one that was ruled out; the others still match."""
    ruled_out = decided(ruling(Decision.NOT_A_MATCH, 12, 0, LOGO))

    assert without([match(LOGO), match(OTHER)], [ruled_out]) == [match(OTHER)]


def test_the_newest_decision_about_a_part_counts() -> None:
    """What was allowed first and called a violation later is not excused, and the other way round."""
    allowed, accused = ruling(minutes=0), ruling(Decision.VIOLATION, 13, 1)
    again = ruling(case=14, minutes=2)

    assert without([match()], [decided(allowed), decided(accused)]) == [match()]
    assert without([match()], [decided(allowed), decided(accused), decided(again)]) == []


def test_what_is_not_sure_excuses_nothing() -> None:
    """An image that may be another one is no edit of what was allowed."""
    assert without([match()], [decided(ruling(), sure=False)]) == [match()]


@pytest.mark.parametrize(
    ("found", "same", "is_excused"),
    [
        (Content.SAME, False, False),
        (Content.SAME, True, True),
        (Content.UNSETTLED, False, True),
        (Content.OTHER, True, False),
    ],
)
def test_unsettled_content_excuses_what_is_as_unsettled(found: Content, same: bool, is_excused: bool) -> None:
    """The very content of a reference is excused only by an image that showed it, too; another content never."""
    rule = ruling(Decision.ALLOWED, 12, 0, LOGO, same=same)
    unsettled = decided(rule, content=Content.UNSETTLED)

    assert (without([match(content=found)], [unsettled]) == []) == is_excused


def test_a_violation_is_a_match_of_its_own() -> None:
    """Until somebody decides otherwise; of an image that a reference matched the reference tells."""
    unknown, known = ruling(Decision.VIOLATION), ruling(Decision.VIOLATION, 13, 0, LOGO)
    allowed = ruling(case=14, minutes=1)

    assert [case_of(one.reference) for one in accusing([decided(unknown, sure=False)], LIMITS)] == [12]
    assert accusing([decided(known)], LIMITS) == []
    assert accusing([decided(unknown), decided(allowed)], LIMITS) == []


@pytest.mark.parametrize(
    ("decision", "purpose"),
    [
        (Decision.ALLOWED, Purpose.ALLOWLIST),
        (Decision.VIOLATION, Purpose.BLOCKLIST),
        (Decision.ABUSE, Purpose.ILLEGAL),
    ],
)
def test_the_image_of_a_case_as_a_reference(decision: Decision, purpose: Purpose) -> None:
    """It is told by the number of its case, and treated as such an image is on a list."""
    reference = reference_of(ruling(decision), has_picture=True)

    assert (reference.title, reference.purpose, reference.collection) == ("#12", purpose, "")
    assert case_of(reference) == 12
    assert case_of(LOGO) is None
    assert (is_known(reference), is_known(LOGO)) == (False, True)


def test_a_box_is_cut_at_the_rim() -> None:
    """Of a crop the whole lies outside of the picture: what is seen of it is all of the picture."""
    larger = match(box=quad(-0.2, -0.2, 1.2, 1.2))

    assert seen(larger.quad) == (0.0, 0.0, 1.0, 1.0)
    assert lies_in(match(), larger)
    assert not lies_in(match(box=quad(0.5, 0.5, 0.5, 0.9)), larger)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (match(content=Content.UNSETTLED), True),
        (match(content=Content.OTHER), False),
        (match(kind=Kind.SIMILAR), False),
        (match(confidence=0.89), False),
        (match(kind=Kind.EXACT, content=Content.OTHER), True),
    ],
)
def test_sure_is_what_the_pair_check_calls_a_match(found: Match, expected: bool) -> None:
    """As for a reference: a copy, sure enough, whose content is not another."""
    assert is_sure(found, LIMITS) == expected


def images(*rulings: Ruling) -> DecidedImages:
    """One frame each: the first has a picture, the second only a hash."""
    frames = [DecidedFrame(id=number, rulings=(rule,), has_picture=number == 0) for number, rule in enumerate(rulings)]
    vectors = np.eye(len(rulings), 8, dtype=np.float32)
    hashes = np.stack([np.full(32, 255 * (number == 1), np.uint8) for number in range(len(rulings))])
    return DecidedImages(rulings=rulings, frames=tuple(frames), vectors=vectors, hashes=hashes)


def test_decided_frames_are_found_by_what_is_kept_of_them() -> None:
    """By embedding from a cosine on, with the view that is nearest; without a picture by hash."""
    kept = images(ruling(case=1), ruling(case=2))
    views = (View(frame=0), View(frame=0, mirrored=True))
    vectors = np.array([[0.6, 0, 0.8, 0, 0, 0, 0, 0], [0.8, 0, 0.6, 0, 0, 0, 0, 0]], np.float32)
    near = kept.closest(views, vectors, 0.5)
    poses = (bytes(32), b"\xff" * 31 + b"\xf0", *[bytes(range(32))] * 6)
    by_hash = kept.near_by_hash([ViewHash(view=View(frame=3), poses=poses, quality=90)], within=10)

    assert [(one.frame.id, one.view.mirrored, round(one.cosine, 2)) for one in near] == [(0, True, 0.8)]
    assert kept.closest(views, vectors, 0.9) == []
    assert [(one.frame.id, one.number, one.distance) for one in by_hash] == [(1, 3, 4)]


def test_of_equally_close_frames_the_newest_decision_comes_first() -> None:
    """So that it is among the few that are compared."""
    rulings = [ruling(case=number, minutes=number) for number in range(1, 9)]
    frames = tuple(DecidedFrame(id=rule.case, rulings=(rule,)) for rule in rulings)
    vectors = np.full((8, 4), 0.5, np.float32)
    hashes = np.zeros((8, 32), np.uint8)
    kept = DecidedImages(rulings=tuple(rulings), frames=frames, vectors=vectors, hashes=hashes)

    assert [one.frame.id for one in kept.closest((View(frame=0),), vectors[:1], 0.5)] == [8, 7, 6, 5, 4, 3]


def test_two_copies_of_one_reference_show_the_same() -> None:
    """Whatever the pair check of the two could tell; not where the reference is only a part, or lies elsewhere."""
    rule = ruling(Decision.ALLOWED, 12, 0, LOGO)
    unsettled = decided(rule, content=Content.UNSETTLED)
    beside = match(LOGO, quad(0.1, 0.1, 0.4, 0.4))

    assert [one.match.content for one in settled([unsettled], [match(LOGO)], LIMITS)] == [Content.SAME]
    assert settled([unsettled], [match(OTHER)], LIMITS) == [unsettled]
    assert settled([unsettled], [beside], LIMITS) == [unsettled]


def test_the_closest_comes_before_newer_ones_that_are_less_close() -> None:
    """However many variants of one frame were decided since, the copy itself is compared."""
    rulings = [ruling(case=number, minutes=number) for number in range(1, 12)]
    frames = tuple(DecidedFrame(id=rule.case, rulings=(rule,)) for rule in rulings)
    vectors = np.zeros((11, 2), np.float32)
    vectors[:] = (0.97, np.sqrt(1 - 0.97**2))
    vectors[0] = (1, 0)
    kept = DecidedImages(rulings=tuple(rulings), frames=frames, vectors=vectors, hashes=np.zeros((11, 32), np.uint8))

    assert kept.closest((View(frame=0),), vectors[:1], 0.5)[0].frame.id == 1


def test_the_closest_of_either_sort_is_always_compared() -> None:
    """Eight violations are closer: what may excuse the image is looked at, too."""
    rulings = [ruling(Decision.VIOLATION, number, number) for number in range(1, 9)] + [ruling(case=9)]
    frames = tuple(DecidedFrame(id=rule.case, rulings=(rule,)) for rule in rulings)
    vectors = np.tile(np.array([1, 0], np.float32), (9, 1))
    vectors[8] = (0.6, 0.8)
    kept = DecidedImages(rulings=tuple(rulings), frames=frames, vectors=vectors, hashes=np.zeros((9, 32), np.uint8))

    assert [one.frame.id for one in kept.closest((View(frame=0),), vectors[:1], 0.5)][-1] == 9


def test_a_reference_without_a_collection_is_no_case() -> None:
    """Unless its key says so."""
    assert case_of(Reference(key="logo", collection="")) is None


def frame(rule: Ruling, of: int = 1, number: int = 0) -> DecidedFrame:
    return DecidedFrame(id=number, rulings=(rule,), of=of)


@pytest.mark.parametrize(
    ("visible", "of", "alone", "expected"),
    [(1.0, 1, True, True), (0.4, 1, True, False), (1.0, 2, True, False), (1.0, 1, False, False)],
)
def test_a_part_of_what_was_decided_is_a_doubt(visible: float, of: int, alone: bool, expected: bool) -> None:
    """Half of a picture, one of several frames, one picture of an album: a person says what was meant."""
    rule = replace(ruling(Decision.VIOLATION), is_alone=alone)
    part = replace(decided(rule), frame=frame(rule, of), visible=visible)
    (accused,) = accusing([part], LIMITS)

    assert (accused.confidence >= LIMITS.match) == expected


def test_all_frames_of_an_animation_are_the_animation() -> None:
    """Each of those that are kept must be there."""
    rule = ruling(Decision.VIOLATION)
    both = [replace(decided(rule), frame=frame(rule, 2, number)) for number in (0, 1)]

    assert [one.confidence for one in accusing(both, LIMITS)] == [0.97, 0.97]


def test_abuse_counts_also_where_a_reference_matched() -> None:
    """And a doubt about it is none where the image is surely one that was allowed."""
    rule = ruling(Decision.ABUSE, 12, 0, LOGO)
    allowed = decided(ruling(case=9, minutes=-9))

    assert [one.reference.purpose for one in accusing([decided(rule)], LIMITS)] == [Purpose.ILLEGAL]
    assert accusing([decided(rule, sure=False), allowed], LIMITS) == []


def test_a_part_that_was_accused_since_excuses_nothing_around_it() -> None:
    """A violation on a crop, or on what was put onto an allowed image, counts for the whole."""
    allowed = decided(ruling(Decision.ALLOWED, 12, 0, LOGO))
    crop = decided(ruling(Decision.VIOLATION, 13, 1), quad(0.2, 0.2, 0.7, 0.7))

    assert without([match()], [allowed, crop]) == [match()]


def test_decisions_hold_in_their_channels() -> None:
    """Those of moderators of some channels count there alone."""
    here = Ruling(case=1, decision=Decision.ALLOWED, by="ann", at=NOON, channels=frozenset({"pictures"}), sha256="ff")
    kept = images(here, ruling(case=2))

    assert [one.case for one in kept.in_channel("pictures").rulings] == [1, 2]
    assert [one.case for one in kept.in_channel("next").rulings] == [2]
    assert kept.in_channel("next").vectors.shape == (1, 8)
    assert kept.of_file("ff") == here
    assert kept.in_channel("next").of_file("ff") is None
    assert kept.of_file("") is None
