"""What somebody reads in a room: its messages as they are by now, and who is there.

Timeline.take(room, event)      in the order of /sync
Message                         the newest edit, who reacted with what, whether it is gone
"""

from dataclasses import dataclass, field
from typing import Any

type Json = dict[str, Any]


@dataclass(slots=True)
class Message:
    """An event of a room's timeline as people see it by now."""

    id: str
    room: str
    sender: str
    type: str
    content: Json
    reactions: dict[str, set[str]] = field(default_factory=dict)
    is_gone: bool = False
    edits: int = 0

    @property
    def body(self) -> str:
        return str(self.content.get("body", ""))

    @property
    def answers(self) -> str:
        """The event to which this is a reply, or "" for none."""
        relates = self.content.get("m.relates_to") or {}
        return str((relates.get("m.in_reply_to") or {}).get("event_id", ""))

    @property
    def thread(self) -> str:
        relates = self.content.get("m.relates_to") or {}
        return str(relates.get("event_id", "")) if relates.get("rel_type") == "m.thread" else ""


@dataclass
class Timeline:
    """The messages of a room in their order, the reactions by their own ids, and who is in it."""

    messages: dict[str, Message] = field(default_factory=dict)
    reactions: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)

    def take(self, room: str, event: Json) -> None:
        """Take what came: a message, an edit, a reaction or a redaction."""
        content = event.get("content") or {}
        relates = content.get("m.relates_to") or {}
        target = self.messages.get(str(relates.get("event_id")))
        if event["type"] == "m.room.redaction":
            self._redact(str(event.get("redacts") or content.get("redacts")))
        elif event["type"] == "m.reaction" and target:
            target.reactions.setdefault(relates["key"], set()).add(event["sender"])
            self.reactions[event["event_id"]] = (target.id, relates["key"], event["sender"])
        elif relates.get("rel_type") == "m.replace" and target:
            target.content, target.edits = content["m.new_content"], target.edits + 1
        elif event["type"] == "m.room.member":
            self.members[event["state_key"]] = content["membership"]
        elif "state_key" not in event:
            self._add(room, event, content)

    def forget(self) -> None:
        """What was written so far; who is there is known."""
        self.messages.clear()
        self.reactions.clear()

    def _add(self, room: str, event: Json, content: Json) -> None:
        """A message; one that was unreadable and is read now keeps its place."""
        at = event["event_id"]
        gone = "redacted_because" in (event.get("unsigned") or {})
        self.messages[at] = Message(at, room, event["sender"], event["type"], content, is_gone=gone)

    def _redact(self, event: str) -> None:
        if event in self.messages:
            self.messages[event].is_gone = True
        if event in self.reactions:
            target, key, who = self.reactions.pop(event)
            self.messages[target].reactions[key].discard(who)


def place_of(token: str) -> int:
    """How far a token of /sync is in what was written in all rooms."""
    return int(token[1:].partition("_")[0].partition("~")[0]) if token else 0
