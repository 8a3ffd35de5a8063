"""Identities: what is the same stays the same, and what differs differs."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases import Case, DecisionRecord
from core.looks import EmbedderSpec, Picture
from core.matches import Verdict
from core.types import Decision, ImageEvent, Intent, Mode, Outcome, Platform, Point, Reference, Space, reference_id

AT = datetime(2026, 5, 1, tzinfo=UTC)
PLACE = Space(platform=Platform.DISCORD, community="guild", channel="pictures")
EVENT = ImageEvent(space=PLACE, message="m", image="one", author="ann")
NAMES = st.text("ab/%25F\n", max_size=6)
SPEC = EmbedderSpec(
    name="sscd",
    model_sha256="ab",
    dim=512,
    input_size=288,
    resize="square",
    runtime="ort-1",
    precision="fp32",
    floor=0.3,
)
EVENTS = st.builds(
    ImageEvent,
    space=st.builds(Space, platform=st.sampled_from(Platform), community=st.just("guild"), channel=NAMES),
    message=NAMES,
    image=NAMES,
    author=st.just("ann"),
    revision=st.integers(0, 3),
    intent=st.sampled_from(Intent),
)


def test_reference_ids_never_change() -> None:
    """The id of a reference is a constant of its collection and key: catalogues of old releases stay good."""
    known = UUID("5a7adee4-fdcf-5979-b3d8-cb47a245fe65")

    assert reference_id("brands", "quillbird") == known
    assert Reference(key="quillbird", collection="brands", title="other words").id == known


@given(st.text("abc", max_size=4), NAMES, st.text("abc", max_size=4), NAMES)
def test_reference_ids_differ(one: str, key: str, other: str, other_key: str) -> None:
    """Two references have one id only if collection and key are the same."""
    assert (reference_id(one, key) == reference_id(other, other_key)) == ((one, key) == (other, other_key))


def test_each_frame_has_its_own_point() -> None:
    """A point's id tells reference and frame, and nothing else."""
    ids = [
        Point(reference=reference_id("c", key), collection="c", part=part, vector=np.zeros(2, np.float32)).id
        for key in "ab"
        for part in range(3)
    ]

    assert len(set(ids)) == 6


@given(EVENTS, EVENTS)
def test_dedupe_keys_are_injective(one: ImageEvent, other: ImageEvent) -> None:
    """Two events have one dedupe key only if they are the same image of the same message, revision and intent."""

    def names(event: ImageEvent) -> tuple[object, ...]:
        place = event.space.platform, event.space.channel, event.message
        return *place, event.image, event.revision, event.intent

    assert (one.dedupe_key == other.dedupe_key) == (names(one) == names(other))


def test_a_percent_sign_is_no_slash() -> None:
    """A name that looks like an escaped one is not taken for it."""
    assert replace(EVENT, image="a/b").dedupe_key != replace(EVENT, image="a%2Fb").dedupe_key


@pytest.mark.parametrize("name", [one.name for one in fields(EmbedderSpec)])
def test_the_space_changes_with_whatever_changes_a_vector(name: str) -> None:
    """Every field that makes vectors incomparable makes another space; how to search does not."""
    changes: dict[str, object] = {name: getattr(SPEC, name) * 2 if name != "mirror_invariant" else False}
    changed = replace(SPEC, **changes)  # type: ignore[arg-type]

    assert (changed.space_id != SPEC.space_id) == (name not in {"floor", "mirror_invariant"})


def test_the_pixel_hash_tells_pictures_apart() -> None:
    """The same pixels in another file have the same hash; other pixels or another size have not."""
    frame = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    picture = Picture(sha256="a", format="PNG", width=4, height=4, frame_count=1, frames=(frame,))
    same = replace(picture, sha256="b", format="BMP")

    assert same.pixel_hash == picture.pixel_hash
    assert replace(picture, width=8, height=8).pixel_hash != picture.pixel_hash
    assert replace(picture, frames=(frame + 1,)).pixel_hash != picture.pixel_hash


def test_the_standing_decision_is_the_newest_that_was_not_taken_back() -> None:
    """An undone decision counts no longer."""
    plain = Case(
        id=1,
        event=EVENT,
        sha256="",
        verdict=Verdict(outcome=Outcome.MATCH),
        mode=Mode.FLAG,
        would_have=(),
        opened_at=AT,
    )
    said = DecisionRecord(id=1, case=1, decision=Decision.UNSURE, by="ann", at=AT)
    undone = replace(said, id=2, undone_at=AT, undone_by="bo")

    assert plain.standing is None
    assert replace(plain, decisions=(said, undone)).standing == said
    assert replace(plain, decisions=(undone,)).standing is None
