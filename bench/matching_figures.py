"""The same figures for Resight and for each peer, from the same answers. Pure.

    answers --ours(at)--> Method <--theirs(peer)-- answers and the references' marks
    Method --> uap, recall per edit, recall at a rate of false alarms, look-alikes called copies

Strangers, for a rate of false alarms, are the queries without a reference, and the copies with theirs left out: what
is the best wrong pair of each? Look-alikes are counted on their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bench.matching_peers import Marks, Peer, similarities
from bench.matching_pictures import AUGLY, Query, is_wrong_for
from bench.matching_run import Answer
from core.odds import logistic
from core.types import Outcome
from lab.figures import Point, Recall, ece, recall_at_precision, recall_at_rate, trade_off, uap

PRECISION = 0.999
CURVE = tuple(10 ** -(number / 8) for number in range(33))
"""Rates of the drawn curve: 1 to 1 in 10,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One query under one method: scores 0..1 of the right pair (0 = none) and of all wrong ones, best first.

    found     the right reference is called a copy
    alarmed   a wrong one is; of a look-alike, the one it must not be called a copy of
    mistaken  the surest one called a copy is wrong
    """

    query: Query
    true: float
    wrong: tuple[float, ...]
    found: bool
    alarmed: bool
    mistaken: bool


@dataclass(frozen=True, kw_only=True)
class Method:
    """How one method did."""

    name: str
    judged: Sequence[Judged]

    @cached_property
    def copies(self) -> Sequence[Judged]:
        return [one for one in self.judged if one.query.role == "copy"]

    @cached_property
    def strangers(self) -> Sequence[Judged]:
        return [one for one in self.judged if one.query.role == "stranger"]

    @cached_property
    def alarms(self) -> Sequence[float]:
        """The best wrong score of every query but the look-alikes."""
        return [one.wrong[0] if one.wrong else 0.0 for one in (*self.copies, *self.strangers)]

    def uap(self) -> float:
        """Micro average precision over copies and strangers."""
        return uap(*_pairs((*self.copies, *self.strangers)), positives=len(self.copies))

    def found(self, edits: Sequence[str]) -> float:
        """The share of copies under these edits that is called one."""
        return _share([one.found for one in self.copies if one.query.edit in edits])

    def chains(self) -> Recall:
        """Recall of the independent chains where `PRECISION` of all pairs is right, strangers' included."""
        some = [one for one in self.copies if one.query.edit == AUGLY]
        return recall_at_precision(*_pairs((*some, *self.strangers)), PRECISION, positives=len(some))

    def at_rate(self, rate: float) -> Recall | None:
        """Recall, mean over edits, at the threshold that this share of strangers reaches."""
        by_edit: dict[str, list[float]] = {}
        for one in self.copies:
            by_edit.setdefault(one.query.edit, []).append(one.true)
        got = [recall_at_rate(scores, self.alarms, rate) for scores in by_edit.values()]
        known = [one for one in got if one is not None]
        if not known:
            return None
        mean = float(np.mean([one.recall for one in known]))
        return Recall(recall=mean, threshold=known[0].threshold, extrapolated=known[0].extrapolated)

    def curve(self) -> Sequence[Point]:
        """Recall of all copies against the rate of false alarms."""
        return trade_off([one.true for one in self.copies], self.alarms, CURVE)

    def look_alikes(self, kind: str) -> float:
        """The share of look-alikes of this kind that is called a copy."""
        return _share([one.alarmed for one in self.judged if one.query.edit == kind and one.query.like])


def _pairs(judged: Sequence[Judged]) -> tuple[list[float], list[bool]]:
    scores = [score for one in judged for score in ((one.true,) if one.true else ()) + one.wrong]
    truths = [
        is_right for one in judged for is_right in ((True,) if one.true else ()) + (False,) * len(one.wrong)
    ]  # fmt: skip
    return scores, truths


def _share(said: Sequence[bool]) -> float:
    return float(np.mean(said)) if said else float("nan")


def ours(answers: Sequence[Answer], at: float = 0.5) -> Method:
    """Resight, where a copy is said with at least the confidence `at`."""
    return Method(name=f"Resight >= {at:g}", judged=[_ours(one, at) for one in answers])


def _ours(answer: Answer, at: float) -> Judged:
    true, said = answer.true, [one for one in answer.pairs if one.claimed >= at]
    return Judged(
        query=answer.query,
        true=logistic(true.score) if true else 0.0,
        wrong=tuple(logistic(one.score) for one in answer.wrong),
        found=true in said,
        alarmed=_is_alarmed(answer, at),
        mistaken=bool(said) and said[0].key != answer.query.right,
    )


def _is_alarmed(answer: Answer, at: float) -> bool:
    if answer.query.like is None:
        return any(one.claimed >= at for one in answer.wrong)
    mine = [one for one in answer.pairs if one.key == answer.query.like]
    return any(one.confidence >= at and is_wrong_for(answer.query, one.kind) for one in mine)


def theirs(peer: Peer, answers: Sequence[Answer], known: Mapping[str, Mapping[str, Marks]]) -> Method:
    """A peer on the same queries; `known` holds the marks of each collection's references."""
    judged = [_theirs(peer, one, known[one.query.collection]) for one in answers]
    return Method(name=peer.name, judged=judged)


def _theirs(peer: Peer, answer: Answer, known: Mapping[str, Marks]) -> Judged:
    like = dict(zip(known, similarities(peer, answer.marks, known).tolist(), strict=True))
    right, best = answer.query.right, max(like, key=lambda key: like[key])
    true = like.pop(right) if right else 0.0
    wrong = sorted(like.values(), reverse=True)
    found, alarm = true >= peer.found_at, wrong[0] if wrong else 0.0
    if answer.query.like is not None:
        alarm = like[answer.query.like]
    return Judged(
        query=answer.query,
        true=true,
        wrong=tuple(wrong),
        found=found,
        alarmed=alarm >= peer.found_at,
        mistaken=best != right and max(true, *wrong[:1], 0.0) >= peer.found_at,
    )


def confidences(answers: Sequence[Answer]) -> tuple[list[float], list[bool]]:
    """The probability that the score of every pair of copies and strangers stands for, and whether it is right.

    A pair that is only `similar` or a template shows another confidence: how alike they are, not how surely a copy.
    """
    met = [(pair, one.query.right) for one in answers if one.query.like is None for pair in one.pairs]
    return [logistic(pair.score) for pair, _ in met], [pair.key == right for pair, right in met]


def calibration_error(answers: Sequence[Answer]) -> float:
    """Expected calibration error over those pairs, ten bins of equal width."""
    return ece(*confidences(answers))


def count(judged: Sequence[Judged], what: Callable[[Judged], bool]) -> int:
    """How many of them."""
    return sum(map(what, judged))


def called_match(answers: Sequence[Answer]) -> int:
    """Strangers whose verdict is `match`, at the default thresholds."""
    return sum(one.outcome is Outcome.MATCH for one in answers if one.query.role == "stranger")


def reaching(answers: Sequence[Answer], threshold: float) -> int:
    """Strangers that would be called a match at this threshold."""
    strangers = [one for one in answers if one.query.role == "stranger"]
    return sum(any(pair.claimed >= threshold for pair in one.pairs) for one in strangers)
