"""Numbers as people read them, and advice that follows from the card."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wording import LANGUAGES, Words
from lab import saying, suite
from lab.figures import Cut, Recall
from lab.look_alikes import KINDS
from lab.scorecard import Scorecard, scorecard
from tests.lab.cards import EDITS, answer, match, small, source, trial

EN, ZH = (Words.of(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("value", "told"), [(1, "100 %"), (0.9999, "99.9 %"), (0.57, "57 %"), (0.925, "92.5 %"), (0.00123, "0.12 %")]
)
def test_shares_are_rounded_down(value: float, told: str) -> None:
    """100 % is said only of all."""
    assert saying.share(EN, value) == told
    assert saying.share(ZH, value) == told.replace(" ", "")


@pytest.mark.parametrize(("total", "told"), [(300, "< 1 %"), (448, "< 0.67 %"), (3600, "< 0.084 %"), (2, "< 100 %")])
def test_none_is_a_bound(total: int, told: str) -> None:
    """None of N is told as less than 3 / N, rounded up, never as 0 %."""
    assert saying.of(EN, 0, total) == told
    assert saying.of(EN, 0, 0) == "–"


@given(st.floats(0, 1))
def test_a_threshold_is_rounded_up(value: float) -> None:
    """What a threshold keeps out, the number that is shown keeps out, too."""
    assert value - 1e-9 <= float(saying.cut(value)) <= value + 0.001


def perfect() -> Scorecard:
    one = source("ann")
    return scorecard(trial([one], [answer(one, edit, match("ann", 0.99)) for edit in EDITS]))


def said(card: Scorecard) -> list[str]:
    return [one.sentence for one in saying.advice(EN, card)]


def test_advice_on_what_was_found() -> None:
    """A good card says what to rely on; a bad one what not to, and where to look."""
    assert "3 of 3 copies were called a match (100 %), 3 were at least shown to a person." in said(perfect())
    assert "Found almost always: recompress, crop_50, collage_4." in said(perfect())
    told = " ".join(said(scorecard(small())))

    assert "Often missed: recompress, crop_50, collage_4." in told
    assert "1 of 11 strangers were called a match (9 %)" in told
    assert "Pairs of references that match each other: 1." in told


@pytest.mark.parametrize(
    ("cut", "recall", "told"),
    [
        (Cut(threshold=0.4251, extrapolated=True), 0.97, "0.900, is high enough"),
        (
            Cut(threshold=0.9312, extrapolated=False),
            0.93,
            "set RESIGHT_MATCH_AT to 0.932 (measured): that still finds 93 %",
        ),
        (Cut(threshold=1.0000001, extrapolated=True), 0.0, "No threshold keeps false alarms below"),
        (None, None, "0 of 3 strangers came near enough"),
    ],
)
def test_advice_on_the_threshold(cut: Cut | None, recall: float | None, told: str) -> None:
    """It says whether the threshold in force will do, which would, or that none can be named."""
    at = Recall(recall=recall, threshold=cut.threshold) if cut and recall is not None else None
    card = replace(perfect(), advised=cut, at_rates={1e-4: at})

    assert sum(told in sentence for sentence in said(card)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_advise_alike(language: str) -> None:
    """As many sentences of the same levels, in either language."""
    card = scorecard(small())
    levels = [one.level for one in saying.advice(Words.of(language), card)]

    assert levels == [one.level for one in saying.advice(EN, card)]
    assert {*levels} <= {"good", "fair", "bad"}


def test_advice_on_look_alikes() -> None:
    """A kind that is called a match is named; if none is, that is said."""
    right = answer("same_ui-0", "same_ui", None)
    wrong = answer("same_ui-1", "same_ui", None, match("x", 0.95))
    good, bad = (scorecard(replace(small(), look_alikes=some)) for some in ((right,), (right, wrong)))

    assert "None of 1 pictures made to look alike was called a match." in said(good)
    assert any("called a match (same app, other content): 1 of 2." in sentence for sentence in said(bad))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_of_edits_has_a_name(language: str) -> None:
    """Whatever the suite holds can be shown, and so can every kind of look-alike."""
    words = Words.of(language)

    assert len({saying.family(words, name) for name in suite.FAMILIES}) == len(suite.FAMILIES)
    assert len({saying.alarm_name(words, kind) for kind in KINDS}) == len(KINDS)
