"""The schemas of the API's answers, as OpenAPI components; web/shapes.py makes the values."""

from enum import StrEnum
from typing import Any

from core.brakes import Brake
from core.metrics import Metric
from core.types import Act, ActState, Content, Decision, How, Kind, Mode, Outcome, Platform, Purpose, What

type Node = dict[str, Any]

TEXT: Node = {"type": "string"}
WHOLE: Node = {"type": "integer"}
NUMBER: Node = {"type": "number"}
YES_NO: Node = {"type": "boolean"}
SHARE: Node = {"type": "number", "minimum": 0, "maximum": 1}
MOMENT: Node = {"type": "string", "format": "date-time"}

NOTES = (
    "same-file",
    "same-image",
    "duplicate",
    "matched",
    "common",
    "screen",
    "frame",
    "damaged",
    "partial",
    "unchecked",
)
"""What may be worth knowing about a reference that was added; see `handlers.add_check`."""


def _or_null(node: Node) -> Node:
    return {"anyOf": [node, {"type": "null"}]}


def _one_of(words: type[StrEnum]) -> Node:
    return {"type": "string", "enum": [word.value for word in words]}


def _list(name: str) -> Node:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def _record(optional: Node | None = None, /, **properties: Node) -> Node:
    """An object that always has exactly these fields, and the optional ones where they were asked for."""
    every = {**properties, **(optional or {})}
    return {"type": "object", "properties": every, "required": list(properties), "additionalProperties": False}


DIFFERENCE = _record(
    what=_one_of(What),
    how=_one_of(How),
    area={**SHARE, "description": "Share of the reference image."},
    box={
        "type": "array",
        "items": NUMBER,
        "minItems": 4,
        "maxItems": 4,
        "description": "Left, top, right, bottom, as shares of the reference's width and height.",
    },
    before={**TEXT, "description": "What was read in the reference there."},
    after={**TEXT, "description": "What was read in the query image there; of a case as long as its picture is kept."},
)
MATCH = _record(
    key=TEXT,
    collection=TEXT,
    title=TEXT,
    source_url=TEXT,
    owner=TEXT,
    rights=TEXT,
    kind=_one_of(Kind),
    confidence=SHARE,
    score=NUMBER,
    cosine=NUMBER,
    inliers=_or_null(WHOLE),
    area=NUMBER,
    content=_one_of(Content),
    differs=_list("Difference"),
)
EVIDENCE: Node = {
    "type": ["string", "null"],
    "contentEncoding": "base64",
    "contentMediaType": "image/jpeg",
    "description": "With `evidence`: the query image, the reference and what differs, side by side; null = no match.",
}
FINDING = _record(
    {"evidence": EVIDENCE},
    sha256=TEXT,
    verdict=_one_of(Outcome),
    reason=TEXT,
    partial=TEXT,
    message=TEXT,
    matches=_list("Match"),
    timings_ms={"type": "object", "additionalProperties": NUMBER},
)
POST = _record(
    id=TEXT,
    status={"type": "string", "enum": ["waiting", "done"]},
    author=TEXT,
    file_name=TEXT,
    created_at=MOMENT,
    verdict=_or_null(_one_of(Outcome)),
    reason=TEXT,
    case=_or_null(WHOLE),
    removed=YES_NO,
    flagged=YES_NO,
)
ACTION = _record(act=_one_of(Act), state=_one_of(ActState), detail=TEXT, decision=_or_null(WHOLE))
DECISION = _record(
    id=WHOLE,
    decision=_one_of(Decision),
    by=TEXT,
    at=MOMENT,
    undone_by=TEXT,
    undone_at=_or_null(MOMENT),
)
CASE = _record(
    id=WHOLE,
    platform=_one_of(Platform),
    community=TEXT,
    channel=TEXT,
    message=TEXT,
    author=TEXT,
    link=TEXT,
    sha256=TEXT,
    verdict=_one_of(Outcome),
    reason=TEXT,
    partial=TEXT,
    matches=_list("Match"),
    experience=_record(right=WHOLE, overturned=WHOLE),
    mode=_one_of(Mode),
    brake={"type": "string", "enum": ["", *Brake]},
    would_have={"type": "array", "items": _one_of(Act)},
    opened_at=MOMENT,
    actions=_list("Action"),
    decisions=_list("Decision"),
    standing=_or_null(_one_of(Decision)),
)
REFERENCE = _record(
    key=TEXT,
    collection=TEXT,
    id=TEXT,
    title=TEXT,
    source_url=TEXT,
    owner=TEXT,
    rights=TEXT,
    note=TEXT,
    sha256=TEXT,
    width=WHOLE,
    height=WHOLE,
    hash_only=YES_NO,
    added_at=_or_null(MOMENT),
)
SIMILAR = _record(
    key=TEXT,
    collection=TEXT,
    title=TEXT,
    source_url=TEXT,
    owner=TEXT,
    rights=TEXT,
    score=NUMBER,
    metric=_one_of(Metric),
)
CHOICE = _record(
    key=TEXT,
    collection=TEXT,
    platform=_one_of(Platform),
    community=TEXT,
    variants=YES_NO,
    by=TEXT,
    at=MOMENT,
)
COMPONENTS: dict[str, Node] = {
    "Error": _record(error=_record(reason=TEXT, message=TEXT)),
    "Difference": DIFFERENCE,
    "Match": MATCH,
    "Finding": FINDING,
    "Similar": SIMILAR,
    "SimilarReferences": _record(similar=_list("Similar")),
    "Received": _record(id=TEXT, status={"type": "string", "enum": ["waiting", "not-watched"]}),
    "Post": POST,
    "Action": ACTION,
    "Decision": DECISION,
    "Case": CASE,
    "Cases": _record(cases=_list("Case")),
    "Collection": _record(name=TEXT, purpose=_one_of(Purpose), owner=TEXT, size=WHOLE),
    "Collections": _record(collections=_list("Collection")),
    "Deleted": _record(deleted=WHOLE),
    "Reference": REFERENCE,
    "Choice": CHOICE,
    "References": _record(references=_list("Reference"), next=_or_null(TEXT)),
    "AddedReference": _record(
        key=TEXT,
        collection=TEXT,
        result={"type": "string", "enum": ["added", "replaced", "changed", "unchanged"]},
        notes=_list("Note"),
    ),
    "Note": _record(reason={"type": "string", "enum": list(NOTES)}, message=TEXT),
    "Removed": _record(removed=TEXT),
    "Health": _record(status={"type": "string", "const": "ok"}),
}
