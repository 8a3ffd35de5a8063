"""Evidence to kind and confidence: ranges, caps, and more evidence never counting against a pair."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calibration import CATALOGUE
from core.calibration_content import OTHER
from core.cases import Thresholds
from core.confidence import MOST_CLASH, SIMILAR_CAP, TEMPLATE_CAP, confidence, kind_of, score
from core.matches import Evidence
from core.types import Content, Kind, Quad

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
        (replace(COPY, agreement=0.9, words=1, words_changed=1), Kind.EDITED),
        (replace(COPY, agreement=0.4), Kind.EDITED),
        (replace(COPY, agreement=0.4, words=9, words_changed=2), Kind.TEMPLATE),
        (replace(COPY, agreement=0.4, inliers=24), Kind.TEMPLATE),
        (replace(COPY, agreement=0.39), Kind.TEMPLATE),
        (replace(COPY, agreement=0.4, inliers=11), Kind.SIMILAR),
        (replace(COPY, agreement=0.2), Kind.SIMILAR),
        (replace(COPY, windows=5), Kind.SIMILAR),
        (replace(COPY, quad=None), Kind.SIMILAR),
        (replace(COPY, area=0.09, overlap=0.15), Kind.SIMILAR),
        (replace(COPY, area=0.09, overlap=0.35), Kind.EDITED),
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


@pytest.mark.parametrize("agreement", [0.6, 0.8, 1.0])
def test_more_agreement_makes_a_copy_surer(agreement: float) -> None:
    """With the same features on one alignment, more agreeing pixels never make it less sure."""
    less = replace(COPY, inliers=30, pairs=60, agreement=agreement - 0.1, correlation=agreement - 0.1)
    more = replace(less, agreement=agreement, correlation=agreement)

    assert confidence(0.5, less) <= confidence(0.5, more)


@given(COSINE, EVIDENCE, st.integers(2, 1000))
def test_a_larger_catalogue_asks_for_more(cosine: float, evidence: Evidence, times: int) -> None:
    """The same evidence is never surer among more references."""
    assert confidence(cosine, evidence, CATALOGUE * times) <= confidence(cosine, evidence, CATALOGUE)


def test_a_plain_copy_is_a_match_and_a_stranger_is_not() -> None:
    """The usual evidence of a copy is beyond the match threshold, that of strangers below review."""
    assert confidence(0.9, COPY) > Thresholds().match
    assert confidence(0.35, Evidence(agreement=0.1, windows=200)) < Thresholds().review


def test_an_apps_chrome_is_no_review() -> None:
    """Other screenshots of an app are told once, when its screenshot is added: not with every post."""
    chrome = Evidence(inliers=40, pairs=90, agreement=0.55, windows=150, area=1.0, overlap=1.0, quad=QUAD)

    assert confidence(0.95, Evidence()) >= Thresholds().review
    assert confidence(0.95, replace(Evidence(), of_screen=True)) < Thresholds().review
    assert confidence(0.95, replace(chrome, of_screen=True)) < Thresholds().review
    assert confidence(0.95, replace(COPY, of_screen=True)) > Thresholds().match


@given(COSINE, EVIDENCE, st.floats(-12, 12))
def test_an_unsettled_content_never_makes_a_pair_surer(cosine: float, evidence: Evidence, odds: float) -> None:
    """The more speaks for other content, the less sure is a pair that nobody may act on."""
    unread, read, more = (replace(evidence, other_odds=value) for value in (None, odds, odds + 1))

    assert confidence(cosine, more) <= confidence(cosine, read) <= confidence(cosine, unread)


@given(COSINE, EVIDENCE, st.floats(0, 20))
def test_what_differs_counts_against_a_copy_and_not_against_a_frame(
    cosine: float, evidence: Evidence, beyond: float
) -> None:
    """The clearer the content is another, the lower the score; a template is told as surely as its frame agrees."""
    read = replace(evidence, content=Content.OTHER, other_odds=OTHER)
    other = replace(read, other_odds=OTHER + beyond)

    assert score(cosine, other) == pytest.approx(score(cosine, read) - min(beyond, MOST_CLASH))
    assert kind_of(read) is not Kind.TEMPLATE or confidence(cosine, other) == pytest.approx(confidence(cosine, read))


def test_an_unsettled_copy_is_a_match_for_a_person_and_the_same_content_is_surer() -> None:
    """At the limit of other content a copy is just a match; of the same content it keeps its confidence."""
    unsettled, same = (replace(COPY, other_odds=OTHER, content=one) for one in (Content.UNSETTLED, Content.SAME))

    assert confidence(0.9, unsettled) == pytest.approx(Thresholds().match)
    assert confidence(0.9, same) == confidence(0.9, COPY) > 0.99
