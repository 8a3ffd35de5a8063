"""Between rows of the case tables and the records of `core.cases`. Pure.

case_of(row, further, hanging)     a case, with the further pictures of its album and what hangs on each
match_row, match_of                a match with a snapshot of its reference as it was then
snapshot, reference_in             that snapshot; alerts keep the same
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.cases import ActionRecord, Case, DecisionRecord
from core.matches import Match, Verdict
from core.types import Act, ActState, Decision, Kind, Mode, Outcome, Purpose, Reference
from store.inbox import event_of

type Row = Mapping[Any, Any]
type Rows = Sequence[Mapping[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """Rows that hang on cases, of any number of them."""

    matches: Rows
    actions: Rows
    decisions: Rows


def snapshot(reference: Reference) -> dict[str, Any]:
    said = {name: value for name, value in asdict(reference).items() if name != "added_at"}
    return said | {"purpose": reference.purpose.value}


def reference_in(said: Mapping[str, Any]) -> Reference:
    return Reference(**{**said, "purpose": Purpose(said["purpose"])})


def match_row(case: int, rank: int, match: Match) -> dict[str, Any]:
    return {
        "case": case,
        "rank": rank,
        "reference": match.reference.id,
        "snapshot": snapshot(match.reference),
        "kind": match.kind.value,
        "confidence": match.confidence,
        "cosine": match.cosine,
        "inliers": match.inliers,
        "area": match.area,
        "quad": match.quad,
        "frame": match.frame,
        "claimed": match.claimed,
    }


def match_of(row: Row) -> Match:
    quad = row["quad"]
    return Match(
        reference=reference_in(row["snapshot"]),
        kind=Kind(row["kind"]),
        confidence=row["confidence"],
        cosine=row["cosine"],
        inliers=row["inliers"],
        area=row["area"],
        quad=tuple((x, y) for x, y in quad) if quad else None,  # type: ignore[arg-type]  # four of them, as written
        frame=row["frame"],
        claimed=row["claimed"],
    )


def action_of(row: Row) -> ActionRecord:
    said = {name: row[name] for name in ("id", "case", "key", "decision", "detail", "attempts", "receipt")}
    return ActionRecord(**said, act=Act(row["act"]), state=ActState(row["state"]))


def decision_of(row: Row) -> DecisionRecord:
    said = {name: row[name] for name in ("id", "case", "by", "at", "undone_by", "undone_at")}
    return DecisionRecord(**said, decision=Decision(row["decision"]))


def case_of(row: Row, further: Rows, hanging: Hanging) -> Case:
    """The case of a row of `cases` and `inbox`, columns named after their table; `further` of any albums."""
    number = row["cases_id"]
    return Case(
        id=number,
        event=event_of({name.removeprefix("inbox_"): value for name, value in row.items()}),
        sha256=row["cases_sha256"],
        verdict=_verdict_of(row, hanging.matches),
        mode=Mode(row["cases_mode"]),
        would_have=row["cases_would_have"],
        opened_at=row["cases_opened_at"],
        thumbnail=row["cases_thumbnail"],
        actions=tuple(action_of(one) for one in hanging.actions if one["case"] == number),
        decisions=tuple(decision_of(one) for one in hanging.decisions if one["case"] == number),
        further=tuple(case_of(one, (), hanging) for one in further if one["cases_album"] == number),
        reports=row["people"],
        brake=row["cases_brake"],
    )


def _verdict_of(row: Row, found: Rows) -> Verdict:
    return Verdict(
        outcome=Outcome(row["cases_outcome"]),
        reason=row["cases_reason"],
        partial=row["cases_partial"],
        matches=tuple(match_of(one) for one in found if one["case"] == row["cases_id"]),
    )
