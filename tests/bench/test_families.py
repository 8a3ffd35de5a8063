"""What the benchmark of look-alikes asks and how it counts."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.families_figures import by_family, calibration_error, figure_table, is_called_copy, tables
from bench.families_json import read_answers, write_answers
from bench.families_pictures import (
    APART,
    EVERYTHING,
    FULL,
    MEMES,
    QUICK,
    SEEN,
    UNSEEN,
    Question,
    Size,
    group_of,
    pairs,
    posted,
    questions,
)
from bench.families_run import PAIRS_A_BATCH, Answer, batches
from bench.family_sheets import ERRORS, sheet_of, sorts
from core.types import Kind, Outcome
from lab.families import suite
from lab.trial import UNEDITED

NOBODY = {"pHash <= 4": False, "PDQ <= 31": True}


def answer(family: str, called: Outcome, number: int = 0, *, is_copy: bool = False, sure: float = 0.99) -> Answer:
    edit = "emoji" if is_copy else UNEDITED
    asked = Question(group=group_of(family), family=family, number=number, edit=edit, is_copy=is_copy)
    quad = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    kind = None if called is Outcome.CLEAN else Kind.EDITED if called is Outcome.MATCH else Kind.TEMPLATE
    return Answer(question=asked, called=called, kind=kind, confidence=sure, could_act=False, quad=quad, peers=NOBODY)


def some() -> list[Answer]:
    """Two unseen families with errors, a seen one and a strip, without."""
    wrong = [answer("scoreboard", Outcome.MATCH, number, sure=0.9 + number / 100) for number in range(3)]
    right = [answer("qr_poster", Outcome.REVIEW), answer("invoice", Outcome.CLEAN), answer("footer", Outcome.CLEAN)]
    lost = [answer("qr_poster", Outcome.REVIEW, is_copy=True), answer("scoreboard", Outcome.MATCH, is_copy=True)]
    return [*wrong, *right, *lost]


@pytest.mark.parametrize("size", [EVERYTHING, FULL])
def test_every_pair_is_asked(size: Size) -> None:
    """Edits are sampled, pairs are not; fragments, memes and apps are two hundred pairs each."""
    counts = pairs(size)

    assert {name: counts[name] for name in suite.SEEN} == dict.fromkeys(suite.SEEN, suite.SEEN_PAIRS)
    assert {name: counts[name] for name in suite.UNSEEN} == dict.fromkeys(suite.UNSEEN, suite.UNSEEN_PAIRS)
    kinds = [name for name in counts if group_of(name) == APART]
    assert sum(counts[name] for name in kinds[:3]) >= 200
    assert sum(counts[name] for name in kinds[3:5]) >= 200


def test_everything_is_every_edit() -> None:
    """`--all` leaves no edit out, and asks nothing twice."""
    asked = list(questions(EVERYTHING, "scoreboard", 1))

    assert [one.edit for one in asked if not one.is_copy] == [UNEDITED, *suite.EDITS]
    assert [one.edit for one in asked if one.is_copy] == [*suite.HARD]


def test_pairs_take_turns_with_the_edits() -> None:
    """Where edits are sampled, each of them is asked of some pair of a family."""
    asked = list(questions(FULL, "scoreboard", suite.UNSEEN_PAIRS))

    assert {one.edit for one in asked if not one.is_copy} == {UNEDITED, *suite.EDITS}
    assert {one.edit for one in asked if one.is_copy} == {*suite.HARD}
    assert asked == list(questions(FULL, "scoreboard", suite.UNSEEN_PAIRS))


def test_what_shares_a_part_is_asked_as_it_is() -> None:
    """A strip, a meme, an app or a place is no family: its pairs have neither edits nor true copies."""
    asked = [*questions(FULL, "footer", 2), *questions(FULL, MEMES, 1)]

    assert {(one.group, one.edit, one.is_copy) for one in asked} == {(APART, UNEDITED, False)}
    assert posted(asked[0]).tobytes() != posted(asked[1]).tobytes()


def test_batches_hold_every_family_once() -> None:
    """No pair is lost between the processes, and no catalogue is much larger than another."""
    counts = pairs(FULL)
    made = list(batches(counts))

    assert {name: count for some in made for name, count in some.items()} == counts
    assert sum(len(some) for some in made) == len(counts)
    assert all(len(some) == 1 or sum(some.values()) <= PAIRS_A_BATCH for some in made)


def test_only_named_families_are_asked() -> None:
    """Who works on one family waits for that one only."""
    assert pairs(QUICK, ["invoice", "footer"]) == {"invoice": 1, "footer": 2}


def test_families_are_counted_apart_the_worst_first() -> None:
    """All together, then one by one; copies are not counted as look-alikes."""
    everyone, worst, other = by_family([one for one in some() if one.question.group == UNSEEN], is_copy=False)

    assert (everyone.asked, worst.name, worst.asked, other.name) == (4, "scoreboard", 3, "qr_poster")
    assert everyone.called(Outcome.MATCH) == pytest.approx(0.75)
    assert everyone.peer("PDQ <= 31") == 1.0
    assert everyone.acted == 0.0


def test_calibration_is_about_what_is_called_a_copy() -> None:
    """Of four such pairs one is a copy: what is said with certainty is wrong three times in four."""
    assert calibration_error([one for one in some() if one.question.group == UNSEEN]) == pytest.approx(0.75, abs=0.1)


def test_a_shared_meme_may_be_called_contained() -> None:
    """The picture under other words is really there; two that share a strip contain nothing of each other."""
    meme, strip = (replace(answer(name, Outcome.MATCH), kind=Kind.CONTAINED) for name in (MEMES, "footer"))

    assert not is_called_copy(meme)
    assert is_called_copy(strip)


def test_tables_have_a_cell_for_every_head() -> None:
    """Markdown shows them as tables, and seen and unseen families stand apart."""
    shown = dict(tables(some()))

    assert [title for title in shown if UNSEEN in title] and [title for title in shown if f" {SEEN}" in title]
    for text in (figure_table(some()), *shown.values()):
        assert len({line.count("|") for line in text.splitlines()}) == 1


def test_answers_come_back_from_their_file(tmp_path: Path) -> None:
    """What a run wrote can be drawn later."""
    write_answers(tmp_path / "families.json", some())

    assert read_answers(tmp_path / "families.json") == some()


def test_error_sheets_show_the_worst_of_many_families() -> None:
    """Ten errors of one family would hide all others."""
    many = [answer("scoreboard", Outcome.MATCH, number, sure=0.999) for number in range(20)]
    found = sorts([*many, answer("qr_poster", Outcome.MATCH, sure=0.8), *some()])

    assert [one.question.family for one in found["errors-match"][:2]] == ["scoreboard", "qr_poster"]
    assert len(found["errors-match"]) == ERRORS
    assert [one.question.family for one in found["errors-lost"]] == ["qr_poster"]
    assert not found["errors-acted"]


def test_a_sheet_without_cells_is_a_page() -> None:
    """Nothing to show is no crash."""
    assert sheet_of([]).width > 1000
