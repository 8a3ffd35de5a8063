"""A scorecard counts what its answers say, and nothing else."""

import json
from dataclasses import replace

import pytest

from core.types import Kind, Outcome
from lab.scorecard import pairs_of, scorecard, twin_pairs
from lab.scorecard_json import as_json
from tests.lab.cards import answer, match, small, source, trial


def test_recall_counts_verdicts_not_names() -> None:
    """A copy is found if its own pair is sure enough; only copies make a match, and rank 1 is counted apart."""
    card = scorecard(small())
    lines = {one.name: one.tally for one in card.edits}

    assert (card.overall.total, card.overall.matched, card.overall.shown, card.overall.first) == (9, 5, 6, 5)
    assert [lines[name].matched for name in ("recompress", "crop_50", "collage_4")] == [2, 2, 1]
    assert (lines["recompress"].shown, lines["recompress"].first) == (3, 2)
    assert (card.unedited.total, card.unedited.matched) == (3, 2)
    assert 0 < card.overall.interval.low < 5 / 9 < card.overall.interval.high < 1


def test_each_copy_is_a_stranger_to_all_others() -> None:
    """The best wrong pair of a copy counts as a false alarm, in its own row beside the strangers'."""
    card = scorecard(small())

    assert (card.left_out.total, card.left_out.pictures) == (9, 3)
    assert (card.left_out.matched, card.left_out.shown, card.left_out.highest) == (0, 1, 0.61)
    assert (card.left_out.near, card.drawn.near) == (3, 1)
    assert (card.drawn.total, card.drawn.pictures, card.drawn.matched) == (2, 1, 1)
    assert card.left_out.interval.high == pytest.approx(3 / 9)
    assert card.drawn.interval.high < 1


def test_look_alikes_are_counted_apart() -> None:
    """What was made to look like a reference has a row of its own a kind, and moves no rate, threshold or precision."""
    alike = [answer("same_ui-0", "same_ui", None), answer("same_ui-1", "same_ui", None, match("x", 0.95))]
    alike += [answer("near_scene-0", "near_scene", None, match("y", 0.6, Kind.SIMILAR))]
    made = scorecard(replace(small(), look_alikes=tuple(alike)))
    plain = scorecard(small())
    counts = {kind: (one.total, one.matched, one.shown) for kind, one in made.look_alikes.items()}

    assert counts == {"same_ui": (2, 1, 1), "near_scene": (1, 0, 1)}
    assert (made.uap, made.at_rates, made.drawn) == (plain.uap, plain.at_rates, plain.drawn)
    assert as_json(made)["look_alikes"]["same_ui"]["matched"] == 1


def test_a_surer_but_wrong_kind_is_no_false_match() -> None:
    """A template or a look-alike never makes the verdict match, however sure it is."""
    one = source("ann")
    made = trial([one], [answer(one, "recompress", match("ann", 0.99), match("bob", 0.95, Kind.TEMPLATE))])
    card = scorecard(made)

    assert (card.left_out.matched, card.left_out.shown) == (0, 1)


def test_pairs_of_all_queries_are_ranked_together() -> None:
    """Average precision looks at every pair of every query, and missed copies count as not found."""
    made = small()
    scores, truths = pairs_of((*made.copies, *made.strangers))
    card = scorecard(made)

    assert (len(scores), sum(truths)) == (10, 6)
    assert sum(card.right_bars) == 6
    assert sum(card.wrong_bars) == 4
    assert card.uap == pytest.approx(5 / 9 * 1 + 1 / 9 * 6 / 8)  # five right ones, two wrong ones, the sixth
    assert card.at_precision.recall == pytest.approx(5 / 9)


def test_the_weakest_come_first_with_what_they_lack() -> None:
    """A picture that is not even found unedited, then one with little texture; what is always found is not listed."""
    card = scorecard(small())

    assert [(one.reference.key, one.lack) for one in card.weakest] == [("flat", "itself"), ("bob", "texture")]
    assert card.weakest[0].lost == ("recompress", "crop_50", "collage_4")


def test_a_crowd_of_twins_is_named_as_the_reason() -> None:
    """Where so many references look the same, a copy may meet all of them but its own."""
    crowd = source("one", *(match(f"same-{number}", 0.9) for number in range(5)))
    copies = [answer(crowd, "recompress", None), answer(source("b"), "recompress", match("b", 0.99))]
    copies += [answer(source("c"), "recompress", match("c", 0.99))]
    made = trial([crowd, source("b"), source("c")], copies, edits=("recompress",))

    assert [(one.reference.key, one.lack) for one in scorecard(made).weakest] == [("one", "place")]


def test_references_that_attract_are_listed_by_how_often() -> None:
    """How often a reference was shown for another picture counts before how near it came."""
    card = scorecard(small())

    assert [(one.reference.key, one.shown) for one in card.attractors] == [("bob", 1), ("ann", 1)]
    assert (card.attractors[1].picture, card.attractors[1].edit) == ("library/flat", "recompress")


def test_twins_are_told_once() -> None:
    """Two references that match each other are one pair, from whichever side it was seen."""
    ann, bob = source("ann", match("bob", 0.97)), source("bob", match("ann", 0.96), match("eve", 0.99))

    assert [(pair.one.key, pair.other.reference.key) for pair in twin_pairs([ann, bob])] == [
        ("bob", "eve"),
        ("ann", "bob"),
    ]


def test_what_could_not_be_scanned_is_missed() -> None:
    """It is neither clean nor forgotten: it counts as a copy that was not found."""
    one = source("ann")
    lost = replace(answer(one, "collage_4", None), outcome=Outcome.UNSCANNABLE)
    card = scorecard(trial([one], [answer(one, "recompress", match("ann", 0.99)), lost]))

    assert (card.unscannable, card.overall.matched, card.overall.total) == (1, 1, 2)


def test_few_strangers_name_no_threshold() -> None:
    """From eleven strangers nothing follows about one in 10,000."""
    card = scorecard(small())

    assert card.advised is None
    assert set(card.at_rates) == {1e-2, 1e-3, 1e-4}


def test_json_holds_every_figure_and_nothing_that_json_cannot() -> None:
    """The plain values survive JSON; what can't be told is null."""
    told = as_json(scorecard(small()))

    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["recall"]["edits"]["collage_4"]["matched"] == 1
    assert told["recommended_threshold"] is None
    assert told["strangers"]["drawn"]["matched"] == 1
    assert told["matching_references"]["pairs"] == 1
