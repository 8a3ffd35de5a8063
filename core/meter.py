"""What is counted while the bot works, as a port: `bot/metrics.py` turns it into Prometheus' text. Pure."""

from collections.abc import Mapping
from typing import Protocol

from core.types import Act, ActState, Outcome


class Meter(Protocol):
    """Told of everything that is worth a curve on an operator's screen; it must not raise and not wait."""

    def verdict(self, platform: str, outcome: Outcome, reason: str, timings_ms: Mapping[str, float]) -> None:
        """An image has its verdict; `timings_ms` are the stages it went through."""
        ...

    def action(self, act: Act, state: ActState) -> None:
        """An action was carried out, or not."""
        ...

    def retry(self, what: str) -> None:
        """An image or an action goes back to be tried again."""
        ...


class Unmeasured:
    """`Meter` where nobody looks."""

    def verdict(self, platform: str, outcome: Outcome, reason: str, timings_ms: Mapping[str, float]) -> None:
        """See `core.meter.Meter.verdict`."""

    def action(self, act: Act, state: ActState) -> None:
        """See `core.meter.Meter.action`."""

    def retry(self, what: str) -> None:
        """See `core.meter.Meter.retry`."""
