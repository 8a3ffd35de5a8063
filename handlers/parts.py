"""The parts of the running bot, fronts and loops, and which of them do not work just now.

parts.begins(name)   parts.works(name)   parts.fails(name, Why.UNREACHABLE)     told by whoever runs the part
parts.down           for `/readyz`, `/metrics` and the health page
parts.unreachable    fronts through which nothing can be done: their images and actions wait, and cost no attempt
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum


class Why(StrEnum):
    """Why a part does not work; keys of the words (`health.why.*`)."""

    CONNECTING = "connecting"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    SECOND_PROGRAM = "second-program"
    HOOKED = "hooked"
    STOPPED = "stopped"


DEAF = frozenset({Why.SECOND_PROGRAM, Why.HOOKED})
"""Reasons for which a front receives nothing, but can still carry out actions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The state of a front, by its platform's name, or of a loop; `why` None = it works; `since` is when that began."""

    name: str
    is_front: bool
    since: datetime
    why: Why | None = None
    has_worked: bool = False
    restarts: int = 0


def _now() -> datetime:
    return datetime.now(UTC)


class Parts:
    """The state of each front and loop that has begun."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._all: dict[str, Part] = {}

    @property
    def all(self) -> tuple[Part, ...]:
        """The state of every front and loop."""
        return tuple(self._all.values())

    @property
    def down(self) -> tuple[Part, ...]:
        """The fronts and loops that do not work."""
        return tuple(part for part in self._all.values() if part.why)

    @property
    def unreachable(self) -> frozenset[str]:
        """The names of the fronts through which nothing can be done on their platform now."""
        return frozenset(part.name for part in self.down if part.is_front and part.why not in DEAF)

    def begins(self, name: str, *, is_front: bool) -> None:
        """Note that a front has yet to connect, or that a loop runs."""
        why = Why.CONNECTING if is_front else None
        self._all[name] = Part(name=name, is_front=is_front, since=self._clock(), why=why, has_worked=not is_front)

    def works(self, name: str) -> None:
        """Note that a front or loop works."""
        self._change(name, None)

    def fails(self, name: str, why: Why) -> None:
        """Note that a front or loop does not work, and why."""
        self._change(name, why)

    def restarts(self, name: str) -> None:
        """Note that a front or loop ended and was started again."""
        if part := self._all.get(name):
            self._all[name] = replace(part, restarts=part.restarts + 1)

    def _change(self, name: str, why: Why | None) -> None:
        """Change the state of a part; a state that holds already keeps the time when it began."""
        part = self._all.get(name)
        if part is None or (part.why is why and part.has_worked):
            return
        since = part.since if part.why is why or (part.why and why) else self._clock()
        self._all[name] = replace(part, why=why, since=since, has_worked=part.has_worked or why is None)
