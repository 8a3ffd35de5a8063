"""Who keeps the loops and the fronts of the running bot: each stands behind a wall of its own.

looped       a loop is begun again whenever it ends
connected    a front is connected again, while the others, the page and the API go on

All ends on purpose where no front has ever worked and every one of them was refused: nobody is served then, and who
has just started the bot should read why.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.fronts.connectors import Connector
from bot.services import Services
from core.backoff import LOOP, Pauses
from core.errors import EnvironmentTrouble
from core.walls import first_of, kept_up
from handlers.parts import Parts, Why


async def looped(services: Services, name: str, work: Callable[[Services], Awaitable[None]]) -> None:
    """Run a loop of the handlers for ever."""
    parts = services.parts
    parts.begins(name, is_front=False)

    async def once() -> None:
        parts.works(name)
        await work(services)

    def ended(_error: Exception | None) -> None:
        parts.fails(name, Why.STOPPED)
        parts.restarts(name)

    await kept_up(f"The loop '{name}'", once, pauses=Pauses(LOOP), on_end=ended)


async def connected(services: Services, connector: Connector) -> None:
    """Keep a front connected for ever; raises EnvironmentTrouble where nobody can be served."""
    name, parts = connector.front.name, services.parts

    def ended(error: Exception | None) -> None:
        bottom = first_of(error) if error else None
        is_refused = isinstance(bottom, EnvironmentTrouble)
        parts.fails(name, Why.REFUSED if is_refused else Why.STOPPED)
        parts.restarts(name)
        if bottom and is_refused and _nobody_is_served(parts):
            raise bottom

    await kept_up(name.title(), partial(connector.run, services), on_end=ended)


def _nobody_is_served(parts: Parts) -> bool:
    return all(part.why is Why.REFUSED and not part.has_worked for part in parts.all if part.is_front)
