"""Between rows of the case tables and the records of `core.cases`. Pure.

case_of(row, further, hanging)     a case, with the further pictures of its album and what hangs on each
match_row, match_of                a match with a snapshot of its reference as it was then
differs_of                         what differs in it, with the words that were read, as long as they are kept
snapshot, reference_in             that snapshot; alerts keep the same
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.cases import ActionRecord, Case, DecisionRecord
from core.matches import Difference, Match, Verdict
from core.types import Act, ActState, Content, Decision, How, Kind, Mode, Outcome, Purpose, Reference, What
from store.sql.inbox import event_of

type Row = Mapping[Any, Any]
type Rows = Sequence[Mapping[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetails:
    """Rows that belong to cases: matches, actions, decisions."""

    matches: Rows
    actions: Rows
    decisions: Rows


def snapshot(reference: Reference) -> dict[str, Any]:
    """Return a reference as JSON: what a case keeps of it, whatever becomes of the reference."""
    values = {name: value for name, value in asdict(reference).items() if name != "added_at"}
    return values | {"purpose": reference.purpose.value}


def reference_in(values: Mapping[str, Any]) -> Reference:
    """Return the reference that `snapshot` wrote."""
    return Reference(**{**values, "purpose": Purpose(values["purpose"])})


def match_row(case: int, rank: int, match: Match, *, with_words: bool = False) -> dict[str, Any]:
    """Return the row of a match; words read in a picture are kept only if the picture is (`store.sql.reading`)."""
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
        "second": match.second,
        "claimed": match.claimed,
        "content": match.content.value,
        "differs": [_difference_row(difference) for difference in match.differs] or None,
        "words": ([[difference.before, difference.after] for difference in match.differs] or None)
        if with_words
        else None,
    }


def _difference_row(difference: Difference) -> dict[str, Any]:
    return {
        "what": difference.what.value,
        "how": difference.how.value,
        "area": difference.area,
        "box": list(difference.box),
    }


def match_of(row: Row) -> Match:
    """Return the match that a row of `matches` holds."""
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
        second=row["second"],
        claimed=row["claimed"],
        content=Content(row["content"] or Content.UNSETTLED),
        differs=differs_of(row["differs"] or (), row["words"]),
    )


def differs_of(rows: Rows, words: Sequence[Sequence[str]] | None) -> tuple[Difference, ...]:
    """Return differences with the words that were read in each, "" once those were deleted."""
    return tuple(
        Difference(
            what=What(row["what"]),
            how=How(row["how"]),
            area=row["area"],
            box=tuple(row["box"]),
            before=before,
            after=after,
        )
        for row, (before, after) in zip(rows, words or [("", "")] * len(rows), strict=True)
    )


def action_of(row: Row) -> ActionRecord:
    """Return the action that a row of `actions` holds."""
    values = {name: row[name] for name in ("id", "case", "key", "decision", "detail", "attempts", "receipt")}
    return ActionRecord(**values, act=Act(row["act"]), state=ActState(row["state"]))


def decision_of(row: Row) -> DecisionRecord:
    """Return the decision that a row of `decisions` holds."""
    values = {name: row[name] for name in ("id", "case", "by", "at", "undone_by", "undone_at")}
    channels = None if row["channels"] is None else frozenset(row["channels"])
    return DecisionRecord(**values, decision=Decision(row["decision"]), channels=channels)


def case_of(row: Row, further: Rows, details: CaseDetails) -> Case:
    """Return the case of a joined row of `cases` and `inbox`, whose columns are named after their table.

    `further` are further pictures of any albums.
    """
    number = row["cases_id"]
    return Case(
        id=number,
        event=event_of({name.removeprefix("inbox_"): value for name, value in row.items()}),
        sha256=row["cases_sha256"],
        verdict=_verdict_of(row, details.matches),
        mode=Mode(row["cases_mode"]),
        would_have=row["cases_would_have"],
        opened_at=row["cases_opened_at"],
        thumbnail=row["cases_thumbnail"],
        actions=tuple(action_of(action) for action in details.actions if action["case"] == number),
        decisions=tuple(decision_of(decision) for decision in details.decisions if decision["case"] == number),
        further=tuple(case_of(picture, (), details) for picture in further if picture["cases_album"] == number),
        reports=row["people"],
        brake=row["cases_brake"],
        joined=row["cases_burst"],
    )


def _verdict_of(row: Row, match_rows: Rows) -> Verdict:
    return Verdict(
        outcome=Outcome(row["cases_outcome"]),
        reason=row["cases_reason"],
        partial=row["cases_partial"],
        matches=tuple(match_of(match_row) for match_row in match_rows if match_row["case"] == row["cases_id"]),
    )
