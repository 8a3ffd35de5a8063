"""Times the stages of one image; the verdict carries the figures."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Stopwatch:
    """`with watch("search"): ...`; `watch.timings_ms` has each stage and the total, in milliseconds."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self._stages[stage] = self._stages.get(stage, 0.0) + (time.perf_counter() - started) * 1000

    def include(self, stages: Mapping[str, float]) -> None:
        """Add stages that were timed elsewhere."""
        for stage, ms in stages.items():
            self._stages[stage] = self._stages.get(stage, 0.0) + ms

    @property
    def timings_ms(self) -> dict[str, float]:
        """Milliseconds of each stage, and in `total` those since the start."""
        total = (time.perf_counter() - self._started) * 1000
        return {stage: round(ms, 2) for stage, ms in {**self._stages, "total": total}.items()}
