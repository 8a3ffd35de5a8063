"""Between rows of the case tables and the records of `core.types`. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from core.types import (
    Act,
    ActionRecord,
    ActState,
    Case,
    Decision,
    DecisionRecord,
    Kind,
    Match,
    Mode,
    Outcome,
    Purpose,
    Reference,
    Verdict,
)
from store.inbox import event_of

type Row = Mapping[Any, Any]
type Rows = Sequence[Mapping[Any, Any]]


def match_row(case: int, rank: int, match: Match) -> dict[str, Any]:
    reference = match.reference
    snapshot = {name: value for name, value in asdict(reference).items() if name != "added_at"}
    return {
        "case": case,
        "rank": rank,
        "reference": reference.id,
        "snapshot": snapshot | {"purpose": reference.purpose.value},
        "kind": match.kind.value,
        "confidence": match.confidence,
        "cosine": match.cosine,
        "inliers": match.inliers,
        "area": match.area,
        "quad": match.quad,
        "frame": match.frame,
    }


def match_of(row: Row) -> Match:
    said = dict(row["snapshot"])
    quad = row["quad"]
    return Match(
        reference=Reference(**said | {"purpose": Purpose(said["purpose"])}),
        kind=Kind(row["kind"]),
        confidence=row["confidence"],
        cosine=row["cosine"],
        inliers=row["inliers"],
        area=row["area"],
        quad=tuple((x, y) for x, y in quad) if quad else None,  # type: ignore[arg-type]  # four of them, as written
        frame=row["frame"],
    )


def action_of(row: Row) -> ActionRecord:
    said = {name: row[name] for name in ("id", "case", "key", "decision", "detail")}
    return ActionRecord(**said, act=Act(row["act"]), state=ActState(row["state"]))


def decision_of(row: Row) -> DecisionRecord:
    said = {name: row[name] for name in ("id", "case", "by", "at", "undone_by", "undone_at")}
    return DecisionRecord(**said, decision=Decision(row["decision"]))


def case_of(row: Row, found: Rows, asked_for: Rows, said: Rows) -> Case:
    number = row["cases_id"]
    verdict = Verdict(
        outcome=Outcome(row["cases_outcome"]),
        reason=row["cases_reason"],
        partial=row["cases_partial"],
        matches=tuple(match_of(one) for one in found if one["case"] == number),
    )
    return Case(
        id=number,
        event=event_of({name.removeprefix("inbox_"): value for name, value in row.items()}),
        sha256=row["cases_sha256"],
        verdict=verdict,
        mode=Mode(row["cases_mode"]),
        would_have=Act(row["cases_would_have"]) if row["cases_would_have"] else None,
        opened_at=row["cases_opened_at"],
        thumbnail=row["cases_thumbnail"],
        actions=tuple(action_of(one) for one in asked_for if one["case"] == number),
        decisions=tuple(decision_of(one) for one in said if one["case"] == number),
    )
