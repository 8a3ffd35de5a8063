"""Whether the bot can do its work: for `/readyz`, `/metrics` and the health page.

look(services) -> Health      `problems` are stable words (`health.*` in the words); none = ready
"""

from dataclasses import dataclass

from core.errors import ResightError
from handlers.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of the queues and of what the bot stands on; times in seconds.

    `damaged` references are told and stop nothing: the bot works without them.
    """

    database: bool = True
    store_answers: bool = True
    has_room: bool = True
    waiting: int = 0
    oldest_s: float = 0.0
    dead: int = 0
    actions: int = 0
    damaged: int = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps it from taking images in, or from looking at them."""
        wrong = {
            "database": not self.database,
            "disk": not self.has_room,
            "store": not self.store_answers,
        }
        return tuple(name for name, is_wrong in wrong.items() if is_wrong)


async def look(services: Services) -> Health:
    """Never raises: a database that does not answer is a problem like the others."""
    answers, room = services.catalogue.is_up, services.inbox.is_open
    try:
        oldest = await services.inbox.letters(dead=False, limit=1)
        return Health(
            store_answers=answers,
            has_room=room,
            waiting=await services.inbox.depth(),
            oldest_s=(services.clock() - oldest[0].received_at).total_seconds() if oldest else 0.0,
            dead=await services.inbox.dead(),
            actions=await services.cases.waiting_actions(),
            damaged=await services.references.count_damaged(),
        )
    except ResightError:
        return Health(database=False, store_answers=answers, has_room=room)
