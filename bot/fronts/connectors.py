"""Which platforms are served: those whose token is set. Their libraries are imported only then.

connectors(settings) -> [Connector]      a front for the outbox, and a loop that receives
"""

from collections.abc import Sequence
from typing import Protocol

from bot.services import Services
from bot.settings import Settings
from core.errors import EnvironmentTrouble
from core.extras import pip_install
from core.ports import Front


class Connector(Protocol):
    """One platform: what goes out through `front`, what comes in through `run`."""

    @property
    def front(self) -> Front: ...

    async def run(self, services: Services) -> None:
        """Connect and receive until cancelled, and tell `services.parts` how that goes.

        Raises EnvironmentTrouble if the token is not accepted; after that or a bug it is called again.
        """
        ...

    async def invite_link(self) -> str:
        """The address where a community's owner adds the bot."""
        ...

    async def doctor(self, services: Services) -> Sequence[tuple[str, str, str]]:
        """Name, state (ok, warning, bad) and a sentence of each thing looked at: what lacks, and where to click."""
        ...


def connectors(settings: Settings) -> list[Connector]:
    """One for each token that is set."""
    found: list[Connector] = []
    if settings.discord_token.get_secret_value():
        from bot.fronts.discord.front import Discord

        found.append(Discord(settings))
    if settings.telegram_token.get_secret_value():
        from bot.fronts.telegram.front import Telegram

        found.append(Telegram(settings))
    if settings.matrix_url:
        found.append(_matrix(settings))
    return found


def _matrix(settings: Settings) -> Connector:
    """Raises EnvironmentTrouble without the extra."""
    try:
        from bot.fronts.matrix.front import Matrix
    except ImportError as error:
        raise EnvironmentTrouble(f"Matrix needs more: {pip_install('matrix')}. Or empty RESIGHT_MATRIX_URL.") from error
    return Matrix(settings)
