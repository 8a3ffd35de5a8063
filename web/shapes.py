"""The plain values of the API's answers; web/openapi.py describes exactly these."""

from datetime import datetime
from typing import Any

from core.cases import ActionRecord, Case, DecisionRecord, Post
from core.chat import Choice, Said
from core.telling import said
from core.types import Collection, Reference
from core.wording import Words
from handlers.add_check import reason_of
from handlers.search import match_json


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def action_json(action: ActionRecord) -> dict[str, Any]:
    return {"act": action.act.value, "state": action.state.value, "detail": action.detail, "decision": action.decision}


def decision_json(record: DecisionRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "decision": record.decision.value,
        "by": record.by,
        "at": moment(record.at),
        "undone_by": record.undone_by,
        "undone_at": moment(record.undone_at),
    }


def case_json(case: Case) -> dict[str, Any]:
    event = case.event
    return {
        "id": case.id,
        "platform": event.space.platform.value,
        "community": event.space.community,
        "channel": event.space.channel,
        "message": event.message,
        "author": event.author_name or event.author,
        "link": event.link,
        "sha256": case.sha256,
        "verdict": case.verdict.outcome.value,
        "reason": case.verdict.reason,
        "partial": case.verdict.partial,
        "matches": [match_json(match) for match in case.verdict.matches],
        "experience": {"right": case.experience.right, "overturned": case.experience.wrong},
        "mode": case.mode.value,
        "brake": case.brake,
        "would_have": [act.value for act in case.would_have],
        "opened_at": moment(case.opened_at),
        "actions": [action_json(action) for action in case.actions],
        "decisions": [decision_json(record) for record in case.decisions],
        "standing": case.standing.decision.value if case.standing else None,
    }


def post_json(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "status": "done" if post.outcome else "waiting",
        "author": post.author,
        "file_name": post.file_name,
        "created_at": moment(post.created_at),
        "verdict": post.outcome.value if post.outcome else None,
        "reason": post.reason,
        "case": post.case,
        "removed": post.removed,
        "flagged": post.flagged,
    }


def collection_json(collection: Collection) -> dict[str, Any]:
    return {
        "name": collection.name,
        "purpose": collection.purpose.value,
        "owner": collection.owner,
        "size": collection.size,
    }


def note_json(note: Said) -> dict[str, Any]:
    """What is worth knowing about a reference that was added; programs read the reason, people the message."""
    return {"reason": reason_of(note), "message": " ".join(said(Words.of("en"), note).split("\n"))}


def choice_json(reference: Reference, choice: Choice) -> dict[str, Any]:
    """What one community chose about a reference."""
    return {
        "key": reference.key,
        "collection": reference.collection,
        "platform": choice.platform.value,
        "community": choice.community,
        "variants": choice.variants,
        "by": choice.by,
        "at": moment(choice.at),
    }


def reference_json(reference: Reference) -> dict[str, Any]:
    return {
        "key": reference.key,
        "collection": reference.collection,
        "id": str(reference.id),
        "title": reference.title,
        "source_url": reference.source_url,
        "owner": reference.owner,
        "rights": reference.rights,
        "note": reference.note,
        "sha256": reference.sha256,
        "width": reference.width,
        "height": reference.height,
        "hash_only": reference.is_hash_only,
        "added_at": moment(reference.added_at),
    }
