"""From the answers of a trial to a scorecard: every figure that is shown, as plain records. Pure.

    Trial (what was asked, all answers) --scorecard()--> Scorecard      lab.scorecard_json makes plain values of it

Every answer to a copy counts twice: the true pair says whether copies are found, and the best wrong pair what the same
picture would have met had its reference not been there. Such strangers are as many as the queries, but only as
different as the pictures they were made from: `Alarms` tells both numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.cases import Thresholds
from core.matches import Match
from core.policy import COPIES
from core.types import Kind, Outcome, Reference
from lab import suite
from lab.figures import (
    Bin,
    Cut,
    Interval,
    Point,
    Recall,
    ece,
    recall_at_precision,
    recall_at_rate,
    reliability,
    rule_of_three,
    threshold_at,
    trade_off,
    uap,
    wilson,
)
from lab.trial import Answer, Source

RATES = (1 / 100, 1 / 1_000, 1 / 10_000)
"""False-alarm rates at which recall is told, as shares of strangers."""

ADVISED = 1 / 10_000
"""False-alarm rate that the recommended threshold is for."""

PRECISION = 0.999
CURVE = tuple(10 ** -(number / 8) for number in range(33))
"""False-alarm rates of the drawn curve: 1 to 1 in 10,000."""

BARS = 20
"""Bars of the histogram of confidences, each 0.05 wide."""

LITTLE_TEXTURE = 40
"""Number of inliers of a reference with itself below which a pair check has little to compare."""

CROWDED = 4
"""Number of twins from which a reference may find no place among the candidates of its own copies."""

NEAR = 0.10
"""Confidence below which nobody needs to look at a wrong pair."""

WEAKEST, NEAREST, TWINS = 12, 8, 12
"""Most references, wrong pairs and pairs of twins that are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was asked, and what came back. `known` counts the references in the catalogue that was searched."""

    made_at: datetime
    model: str
    thresholds: Thresholds
    seed: int
    collections: tuple[str, ...]
    edits: tuple[str, ...]
    known: int
    sources: tuple[Source, ...]
    unedited: tuple[Answer, ...]
    copies: tuple[Answer, ...]
    strangers: tuple[Answer, ...]
    look_alikes: tuple[Answer, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of `total` copies, how many were called a match, were at least shown to a person, and were ranked first."""

    total: int
    matched: int
    shown: int
    first: int

    @property
    def share(self) -> float:
        """The share of pictures that were matched."""
        return self.matched / self.total if self.total else 0.0

    @property
    def interval(self) -> Interval:
        """The 95 % interval of `share`."""
        return wilson(self.matched, self.total)

    @property
    def shown_share(self) -> float:
        """The share of pictures that were shown."""
        return self.shown / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLine:
    """How copies under one edit were found."""

    name: str
    family: str
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """Of `total` strangers made from `pictures` pictures, how many were wrongly called a match, and wrongly shown.

    `near` of them came near enough to a wrong reference to be compared with it; `highest` is the confidence of the best
    wrong pair, 0 where there is none.
    """

    total: int
    pictures: int
    matched: int
    shown: int
    near: int
    highest: float

    @property
    def interval(self) -> Interval:
        """The 95 % interval of the share that was called a match; nothing of N proves no less than 3 / N."""
        limits = wilson(self.matched, self.total)
        return limits if self.matched else Interval(low=0.0, high=rule_of_three(self.total))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weak:
    """A reference that is seldom found: its copies, the edits that hide it, what it lacks (`scorecard.lack-*`)."""

    reference: Reference
    tally: Tally
    lost: tuple[str, ...]
    lack: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attractor:
    """A reference that pictures of others come near to: how often it was shown for one, and how near at most."""

    reference: Reference
    shown: int
    nearest: Match
    picture: str
    edit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """Two references that match each other unedited."""

    one: Reference
    other: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How confidences of all pairs compare with how often they are right; `shown` only those that people see."""

    bins: tuple[Bin, ...]
    by_count: tuple[Bin, ...]
    ece: float
    ece_by_count: float
    ece_shown: float
    pairs: int
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """All figures; `trial` is what they rest on."""

    trial: Trial
    unedited: Tally
    overall: Tally
    edits: tuple[EditLine, ...]
    left_out: Alarms
    drawn: Alarms
    look_alikes: Mapping[str, Alarms]
    unscannable: int
    uap: float
    at_precision: Recall
    at_rates: Mapping[float, Recall | None]
    advised: Cut | None
    curve: tuple[Point, ...]
    calibration: Calibration
    right_bars: tuple[int, ...]
    wrong_bars: tuple[int, ...]
    weakest: tuple[Weak, ...]
    attractors: tuple[Attractor, ...]
    twins: tuple[Twins, ...]
    twin_pairs: int


def scorecard(trial: Trial) -> Scorecard:
    """Return the scorecard of a trial."""
    true = [answer.confidence for answer in trial.copies]
    alarms = [answer.alarm for answer in (*trial.copies, *trial.strangers)]
    scores, truths = pairs_of((*trial.copies, *trial.strangers))
    twins = twin_pairs(trial.sources)
    return Scorecard(
        trial=trial,
        unedited=tally(trial.unedited, trial.thresholds),
        overall=tally(trial.copies, trial.thresholds),
        edits=tuple(_edit_lines(trial)),
        left_out=_alarms(trial.copies, trial.thresholds),
        drawn=_alarms(trial.strangers, trial.thresholds),
        look_alikes=_look_alikes(trial),
        unscannable=sum(answer.outcome is Outcome.UNSCANNABLE for answer in (*trial.copies, *trial.strangers)),
        uap=uap(scores, truths, positives=len(trial.copies)),
        at_precision=recall_at_precision(scores, truths, PRECISION, positives=len(trial.copies)),
        at_rates={rate: recall_at_rate(true, alarms, rate) for rate in RATES},
        advised=threshold_at(alarms, ADVISED),
        curve=tuple(trade_off(true, alarms, CURVE)),
        calibration=_calibration(scores, truths, trial.thresholds.review),
        right_bars=_bars([score for score, is_right in zip(scores, truths, strict=True) if is_right]),
        wrong_bars=_bars([score for score, is_right in zip(scores, truths, strict=True) if not is_right]),
        weakest=tuple(_weakest(trial)),
        attractors=tuple(_attractors(trial)),
        twins=tuple(twins[:TWINS]),
        twin_pairs=len(twins),
    )


def pairs_of(answers: Sequence[Answer]) -> tuple[list[float], list[bool]]:
    """Return the confidence of every pair that any query met, and whether it is right."""
    scores: list[float] = []
    truths: list[bool] = []
    for answer in answers:
        right = [answer.true] if answer.true else []
        scores += [match.confidence for match in (*right, *answer.wrong)]
        truths += [True] * len(right) + [False] * len(answer.wrong)
    return scores, truths


def is_called(match: Match | None, thresholds: Thresholds) -> bool:
    """Return whether this pair alone makes the verdict `match`."""
    return match is not None and match.kind in COPIES and match.confidence >= thresholds.match


def tally(answers: Sequence[Answer], thresholds: Thresholds) -> Tally:
    """Return how often the true reference was found."""
    return Tally(
        total=len(answers),
        matched=sum(is_called(answer.true, thresholds) for answer in answers),
        shown=sum(answer.confidence >= thresholds.review for answer in answers),
        first=sum(answer.rank == 1 for answer in answers),
    )


def _edit_lines(trial: Trial) -> Iterator[EditLine]:
    of: dict[str, list[Answer]] = defaultdict(list)
    for answer in trial.copies:
        of[answer.query.edit].append(answer)
    for name in trial.edits:
        yield EditLine(name=name, family=suite.family_of(name), tally=tally(of[name], trial.thresholds))


def _alarms(answers: Sequence[Answer], thresholds: Thresholds) -> Alarms:
    return Alarms(
        total=len(answers),
        pictures=len({answer.query.picture for answer in answers}),
        matched=sum(any(is_called(match, thresholds) for match in answer.wrong) for answer in answers),
        shown=sum(answer.alarm >= thresholds.review for answer in answers),
        near=sum(bool(answer.wrong) for answer in answers),
        highest=max((answer.alarm for answer in answers), default=0.0),
    )


def _look_alikes(trial: Trial) -> dict[str, Alarms]:
    """Return alarms by kind, in the order asked; look-alikes are no strangers, so no threshold rests on them."""
    of: dict[str, list[Answer]] = defaultdict(list)
    for answer in trial.look_alikes:
        of[answer.query.edit].append(answer)
    return {kind: _alarms(answers, trial.thresholds) for kind, answers in of.items()}


def _calibration(scores: Sequence[float], truths: Sequence[bool], review: float) -> Calibration:
    seen = [(score, is_right) for score, is_right in zip(scores, truths, strict=True) if score >= review]
    return Calibration(
        bins=tuple(reliability(scores, truths)),
        by_count=tuple(reliability(scores, truths, by_count=True)),
        ece=ece(scores, truths),
        ece_by_count=ece(scores, truths, by_count=True),
        ece_shown=ece([score for score, _ in seen], [is_right for _, is_right in seen]),
        pairs=len(scores),
        shown=len(seen),
    )


def _bars(scores: Sequence[float]) -> tuple[int, ...]:
    return tuple(int(number) for number in np.histogram(scores, BARS, (0.0, 1.0))[0])


def _weakest(trial: Trial) -> list[Weak]:
    """Return references that are missed where most others are found, the worst first."""
    found_mostly = {edit_line.name for edit_line in _edit_lines(trial) if edit_line.tally.share > 0.5}
    of: dict[str, list[Answer]] = defaultdict(list)
    for copy in trial.copies:
        of[copy.query.picture].append(copy)
    unedited = {answer.query.picture: answer for answer in trial.unedited}
    made = [_weak(answers, unedited[picture], trial.thresholds) for picture, answers in of.items()]
    missed = [weak for weak in made if weak.lost and (weak.lack or found_mostly & {*weak.lost})]
    return sorted(missed, key=lambda weak: (weak.tally.share, weak.tally.shown_share, weak.reference.key))[:WEAKEST]


def _weak(answers: Sequence[Answer], unedited: Answer, thresholds: Thresholds) -> Weak:
    source = unedited.query.source
    assert source is not None
    return Weak(
        reference=source.reference,
        tally=tally(answers, thresholds),
        lost=tuple(answer.query.edit for answer in answers if not is_called(answer.true, thresholds)),
        lack=_lack(unedited, source, thresholds),
    )


def _lack(unedited: Answer, source: Source, thresholds: Thresholds) -> str:
    if not is_called(unedited.true, thresholds):
        return "itself"
    if unedited.true and unedited.true.kind is not Kind.EXACT and (unedited.true.inliers or 0) < LITTLE_TEXTURE:
        return "texture"
    return "place" if len(source.twins) >= CROWDED else ""


def _attractors(trial: Trial) -> list[Attractor]:
    """Return references that were the best wrong answer, the most often shown and then the nearest first."""
    met = [(answer, answer.wrong[0]) for answer in (*trial.copies, *trial.strangers) if answer.alarm >= NEAR]
    shown = Counter(match.reference.id for _, match in met if match.confidence >= trial.thresholds.review)
    nearest: dict[object, tuple[Answer, Match]] = {}
    for answer, match in sorted(met, key=lambda pair: pair[1].confidence):
        nearest[match.reference.id] = answer, match
    made = [
        Attractor(
            reference=match.reference,
            shown=shown[match.reference.id],
            nearest=match,
            picture=answer.query.picture,
            edit=answer.query.edit,
        )
        for answer, match in nearest.values()
    ]
    return sorted(made, key=lambda attractor: (-attractor.shown, -attractor.nearest.confidence))[:NEAREST]


def twin_pairs(sources: Sequence[Source]) -> list[Twins]:
    """Return each pair of references that match each other unedited, once; the surest first."""
    twins: dict[frozenset[object], Twins] = {}
    for source in sources:
        for other in source.twins:
            pair = frozenset({source.reference.id, other.reference.id})
            twins.setdefault(pair, Twins(one=source.reference, other=other))
    return sorted(twins.values(), key=lambda pair: -pair.other.confidence)
