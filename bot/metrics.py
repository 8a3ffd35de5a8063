"""The bot's curves for Prometheus: `GET /metrics`.

    Meters   counts what the handlers tell (`core.meter.Meter`) and, when asked, looks at the queues and the stores

Names follow https://prometheus.io/docs/practices/naming/. No label holds what a stranger wrote.
"""

import contextlib
import time
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.services import Services
from core.errors import ResightError
from core.types import Act, ActState, Outcome
from handlers.health import look

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Meters:
    """`core.meter.Meter` with a registry of its own."""

    def __init__(self, version: str) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        labels = ("platform", "outcome", "reason")
        self._verdicts = Counter("resight_verdicts", "Images that have their verdict.", labels, registry=registry)
        about = "Time of each stage of an image."
        self._stages = Histogram("resight_stage_seconds", about, ("stage",), registry=registry, buckets=BUCKETS)
        self._actions = Counter("resight_actions", "Actions by how they went.", ("act", "state"), registry=registry)
        self._retries = Counter("resight_retries", "What is to be tried again.", ("what",), registry=registry)
        self._waiting = self._gauge("resight_inbox_waiting", "Images without a verdict.")
        self._oldest = self._gauge("resight_inbox_oldest_seconds", "How long the oldest of them has waited.")
        self._dead = self._gauge("resight_inbox_dead", "Images on which the bot gave up.")
        self._outbox = self._gauge("resight_outbox_waiting", "Actions that are not carried out yet.")
        self._up = self._gauge("resight_vector_store_up", "1 = it answers, 0 = images wait for it.")
        self._room = self._gauge("resight_disk_has_room", "1 = images are taken in, 0 = the disk is nearly full.")
        self._fronts = self._gauge("resight_front_up", "1 = it is connected.", ("front",))
        self._restarts = self._gauge("resight_part_restarts", "Ends of a front or a loop so far.", ("part",))
        self._references = self._gauge("resight_references", "Reference images.")
        self._gauge("resight_info", "Always 1.", ("version",)).labels(version).set(1)
        self._gauge("resight_start_time_seconds", "When it was started.").set(time.time())

    def _gauge(self, name: str, about: str, labels: tuple[str, ...] = ()) -> Gauge:
        return Gauge(name, about, labels, registry=self._registry)

    def verdict(self, platform: str, outcome: Outcome, reason: str, timings_ms: Mapping[str, float]) -> None:
        self._verdicts.labels(platform, outcome.value, reason).inc()
        for stage, milliseconds in timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def action(self, act: Act, state: ActState) -> None:
        self._actions.labels(act.value, state.value).inc()

    def retry(self, what: str) -> None:
        self._retries.labels(what).inc()

    async def exposition(self, services: Services) -> bytes:
        """Everything as Prometheus reads it; what can't be looked at now keeps its last value."""
        with contextlib.suppress(ResightError):
            await self._look(services)
        return generate_latest(self._registry)

    async def _look(self, services: Services) -> None:
        health = await look(services)
        self._waiting.set(health.waiting)
        self._oldest.set(health.oldest_s)
        self._dead.set(health.dead)
        self._outbox.set(health.actions)
        self._up.set(health.store_answers)
        self._room.set(health.has_room)
        for part in health.parts:
            self._restarts.labels(part.name).set(part.restarts)
            if part.is_front:
                self._fronts.labels(part.name).set(part.why is None)
        self._references.set((await services.references.totals())[0])
