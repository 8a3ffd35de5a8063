"""A scorecard as plain values, for `--json` and DIR/scorecard.json; shares and confidences are 0..1."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.matches import Match
from core.types import Reference
from lab.figures import Bin, Interval, Recall
from lab.scorecard import Alarms, Scorecard, Tally, Trial

type Plain = dict[str, Any]


def as_json(card: Scorecard) -> Plain:
    """Return every figure of the card; rates are keys such as "0.001", what can't be told is null."""
    return {
        "settings": _settings(card.trial),
        "recall": {
            "unedited": _tally(card.unedited),
            "overall": _tally(card.overall),
            "edits": {edit.name: {"family": edit.family, **_tally(edit.tally)} for edit in card.edits},
        },
        "micro_average_precision": _round(card.uap),
        "recall_at_precision_0.999": _recall(card.at_precision),
        "recall_at_false_alarm_rate": {f"{rate:g}": _recall(edit) for rate, edit in card.at_rates.items()},
        "strangers": {"left_out": _alarms(card.left_out), "drawn": _alarms(card.drawn)},
        "look_alikes": {kind: _alarms(alarms) for kind, alarms in card.look_alikes.items()},
        "recommended_threshold": card.advised
        and {"threshold": _round(card.advised.threshold), "extrapolated": card.advised.extrapolated},
        "calibration": _calibration(card),
        "confidences": {"right": list(card.right_bars), "wrong": list(card.wrong_bars)},
        "unscannable": card.unscannable,
        **_lists(card),
    }


def _settings(trial: Trial) -> Plain:
    return {
        "made_at": trial.made_at.isoformat(timespec="seconds"),
        "model": trial.model,
        "match_at": trial.thresholds.match,
        "review_at": trial.thresholds.review,
        "seed": trial.seed,
        "collections": list(trial.collections),
        "catalogue": trial.known,
        "references": len(trial.sources),
        "edits": list(trial.edits),
        "seconds": round(trial.seconds, 1),
    }


def _tally(tally: Tally) -> Plain:
    return {
        "total": tally.total,
        "matched": tally.matched,
        "shown": tally.shown,
        "first": tally.first,
        "recall": _round(tally.share),
        "interval": _interval(tally.interval),
    }


def _alarms(alarms: Alarms) -> Plain:
    return {
        "total": alarms.total,
        "pictures": alarms.pictures,
        "matched": alarms.matched,
        "shown": alarms.shown,
        "near": alarms.near,
        "highest": _round(alarms.highest),
        "interval": _interval(alarms.interval),
    }


def _recall(recall: Recall | None) -> Plain | None:
    if recall is None:
        return None
    threshold = None if recall.threshold is None else _round(recall.threshold)
    return {"recall": _round(recall.recall), "threshold": threshold, "extrapolated": recall.extrapolated}


def _calibration(card: Scorecard) -> Plain:
    made = card.calibration
    return {
        "pairs": made.pairs,
        "shown": made.shown,
        "ece": _round(made.ece),
        "ece_by_count": _round(made.ece_by_count),
        "ece_shown": _round(made.ece_shown),
        "bins": _bins(made.bins),
        "bins_by_count": _bins(made.by_count),
    }


def _bins(bins: Sequence[Bin]) -> list[Plain]:
    return [
        {
            "low": _round(interval.low),
            "high": _round(interval.high),
            "confidence": _round(interval.confidence),
            "right": _round(interval.right),
            "pairs": int(interval.weight),
        }
        for interval in bins
    ]


def _lists(card: Scorecard) -> Plain:
    return {
        "weakest_references": [
            {**_named(weak.reference), **_tally(weak.tally), "lost": list(weak.lost), "lack": weak.lack}
            for weak in card.weakest
        ],
        "attracting_references": [
            {
                **_named(attractor.reference),
                "shown": attractor.shown,
                "picture": attractor.picture,
                "edit": attractor.edit,
                **_pair(attractor.nearest),
            }
            for attractor in card.attractors
        ],
        "matching_references": {
            "pairs": card.twin_pairs,
            "listed": [
                {"one": _named(pair.one), "other": _named(pair.other.reference), **_pair(pair.other)}
                for pair in card.twins
            ],
        },
    }


def _named(reference: Reference) -> Mapping[str, str]:
    return {"collection": reference.collection, "key": reference.key}


def _pair(match: Match) -> Plain:
    return {"kind": match.kind.value, "confidence": _round(match.confidence), "cosine": _round(match.cosine)}


def _interval(interval: Interval) -> list[float]:
    return [_round(interval.low), _round(interval.high)]


def _round(value: float) -> float:
    return round(value, 6)
