"""What ends the bot and what does not."""

from dataclasses import replace

import pytest

from bot.serve import expire
from core.errors import EnvironmentTrouble, RetryLater
from handlers.services import Services


class Broken:
    """A store that can't be written to."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def expire(self) -> int:
        raise self.error


@pytest.mark.parametrize("error", [EnvironmentTrouble("The disk is full."), RetryLater("It is locked.")])
async def test_a_full_disk_does_not_end_the_bot(
    services: Services, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """What could not be deleted is deleted the next time; the operator reads why."""
    await expire(replace(services, privacy=Broken(error)))

    assert str(error) in caplog.text
