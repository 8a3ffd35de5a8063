"""Whether the bot can do its work: for `/readyz`, `/metrics` and the health page.

look(services) -> Health      `problems` are stable words (`health.*` in the words), `down` are fronts and loops
"""

from dataclasses import dataclass
from typing import Protocol

from core.errors import ResightError
from handlers.needs import HasCases, HasCatalogue, HasClock, HasInbox, HasParts, HasReferences
from handlers.parts import Part


class HealthNeeds(HasCatalogue, HasReferences, HasInbox, HasCases, HasClock, HasParts, Protocol):
    """What says whether the bot can do its work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of queues, stores, fronts and loops; times in seconds.

    `damaged` references are reported but stop nothing: the bot works without them.
    """

    database: bool = True
    store_answers: bool = True
    has_room: bool = True
    waiting: int = 0
    oldest_s: float = 0.0
    dead: int = 0
    actions: int = 0
    parts: tuple[Part, ...] = ()
    damaged: int = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps the bot from accepting images or from looking at them, as stable words."""
        wrong = {
            "database": not self.database,
            "disk": not self.has_room,
            "store": not self.store_answers,
        }
        return tuple(name for name, is_wrong in wrong.items() if is_wrong)

    @property
    def down(self) -> tuple[Part, ...]:
        """The fronts and loops that do not work."""
        return tuple(part for part in self.parts if part.why)

    @property
    def fronts(self) -> tuple[Part, ...]:
        """The state of each front."""
        return tuple(part for part in self.parts if part.is_front)

    @property
    def is_well(self) -> bool:
        """Whether there are no problems and every front and loop works."""
        return not self.problems and not self.down


async def look(services: HealthNeeds) -> Health:
    """Return the bot's health; never raises, because a database that does not answer is a problem like the others."""
    answers, room, parts = services.catalogue.is_up, services.inbox.is_open, services.parts.all
    try:
        oldest = await services.inbox.letters(dead=False, limit=1)
        return Health(
            store_answers=answers,
            has_room=room,
            parts=parts,
            waiting=await services.inbox.depth(),
            oldest_s=(services.clock() - oldest[0].received_at).total_seconds() if oldest else 0.0,
            dead=await services.inbox.dead(),
            actions=await services.cases.waiting_actions(),
            damaged=await services.references.count_damaged(),
        )
    except ResightError:
        return Health(database=False, store_answers=answers, has_room=room, parts=parts)
