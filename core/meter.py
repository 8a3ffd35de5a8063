"""What is counted while the bot works, as a port: `bot/metrics.py` turns it into Prometheus' text. Pure."""

from collections.abc import Mapping
from typing import Protocol

from core.types import Act, ActState, Outcome


class Meter(Protocol):
    """Counts what is worth a curve on an operator's screen; it must not raise and must not wait."""

    def verdict(self, platform: str, outcome: Outcome, reason: str, timings_ms: Mapping[str, float]) -> None:
        """Count a verdict; `timings_ms` are the stages that the image went through."""
        ...

    def action(self, act: Act, state: ActState) -> None:
        """Count an action that was carried out or refused."""
        ...

    def retry(self, what: str) -> None:
        """Count an image or an action that has to be tried again."""
        ...


class Unmeasured:
    """A `Meter` that counts nothing."""

    def verdict(self, platform: str, outcome: Outcome, reason: str, timings_ms: Mapping[str, float]) -> None:
        """See `core.meter.Meter.verdict`."""

    def action(self, act: Act, state: ActState) -> None:
        """See `core.meter.Meter.action`."""

    def retry(self, what: str) -> None:
        """See `core.meter.Meter.retry`."""
