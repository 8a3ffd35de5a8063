"""Evidence to kind and confidence: ranges, caps, and more evidence never counting against a pair."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.confidence import SIMILAR_CAP, TEMPLATE_CAP, confidence, kind_of
from core.types import Evidence, Kind, Quad, Thresholds

QUAD: Quad = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
SHARE = st.floats(0, 1)
COSINE = st.floats(-1, 1)
EVIDENCE = st.builds(
    Evidence,
    inliers=st.integers(0, 500),
    agreement=SHARE,
    windows=st.integers(0, 400),
    area=SHARE,
    overlap=SHARE,
    quad=st.sampled_from([None, QUAD]),
    mirrored=st.booleans(),
)
COPY = Evidence(inliers=80, agreement=0.97, windows=300, area=1.0, overlap=1.0, quad=QUAD)


@pytest.mark.parametrize(
    ("evidence", "kind"),
    [
        (COPY, Kind.EDITED),
        (replace(COPY, area=0.3), Kind.CONTAINED),
        (replace(COPY, area=0.3, overlap=0.4), Kind.EDITED),
        (replace(COPY, agreement=0.9, words=12, words_changed=11), Kind.TEMPLATE),
        (replace(COPY, agreement=0.9, words=12, words_changed=1), Kind.EDITED),
        (replace(COPY, agreement=0.4), Kind.SIMILAR),
        (replace(COPY, agreement=0.2), Kind.SIMILAR),
        (replace(COPY, windows=5), Kind.SIMILAR),
        (replace(COPY, quad=None), Kind.SIMILAR),
        (Evidence(), Kind.SIMILAR),
    ],
)
def test_kinds(evidence: Evidence, kind: Kind) -> None:
    """The evidence of a pair names its kind."""
    assert kind_of(evidence) is kind


@given(COSINE, EVIDENCE)
def test_confidence_is_a_share_within_its_caps(cosine: float, evidence: Evidence) -> None:
    """Confidence lies within 0 and 1, and what is no copy stays below what a match needs."""
    caps = {Kind.SIMILAR: SIMILAR_CAP, Kind.TEMPLATE: TEMPLATE_CAP}
    kind, value = kind_of(evidence), confidence(cosine, evidence)

    assert 0 <= value <= caps.get(kind, 1.0)
    assert max(caps.values()) < Thresholds().match


@given(EVIDENCE, COSINE, COSINE)
def test_a_closer_vector_never_lowers_confidence(evidence: Evidence, one: float, other: float) -> None:
    """Confidence is monotone in the cosine."""
    assert confidence(min(one, other), evidence) <= confidence(max(one, other), evidence)


@given(COSINE, EVIDENCE, SHARE)
@example(0.95, Evidence(agreement=0.5, windows=6, quad=QUAD), 0.8)
def test_more_agreement_never_lowers_confidence(cosine: float, evidence: Evidence, more: float) -> None:
    """Confidence is monotone in the agreeing pixels, also where they change the kind."""
    raised = replace(evidence, agreement=max(evidence.agreement, more))

    assert confidence(cosine, evidence) <= confidence(cosine, raised)


@given(COSINE, EVIDENCE, st.integers(0, 500))
def test_more_inliers_never_lower_confidence(cosine: float, evidence: Evidence, more: int) -> None:
    """Confidence is monotone in the agreeing features, also where they change the kind."""
    raised = replace(evidence, inliers=evidence.inliers + more)

    assert confidence(cosine, evidence) <= confidence(cosine, raised)


@given(COSINE, EVIDENCE, st.integers(0, 400))
def test_more_windows_never_lower_confidence(cosine: float, evidence: Evidence, more: int) -> None:
    """The same agreement over more of the picture never counts for less."""
    raised = replace(evidence, windows=evidence.windows + more)

    assert confidence(cosine, evidence) <= confidence(cosine, raised)


def test_a_plain_copy_is_a_match_and_a_stranger_is_not() -> None:
    """The usual evidence of a copy is beyond the match threshold, that of strangers below review."""
    assert confidence(0.9, COPY) > Thresholds().match
    assert confidence(0.35, Evidence(agreement=0.1, windows=200)) < Thresholds().review
