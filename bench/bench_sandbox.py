"""What a decoder that can do nothing else costs an image: the sandbox beside the same decoder in this process.

Run it on an idle machine: `python -m bench.bench_sandbox`.
"""

import asyncio
import time
from collections.abc import Callable
from statistics import median

from bench.photos import jpeg, mosaics
from core.looks import Picture
from embed.decode.picture import decode_here
from embed.decode.sandbox import Sandbox

TIMES, QUICK_TIMES = 500, 50


def spent(decode: Callable[[bytes, str], Picture], data: bytes) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    decode(data, "")
    return 1000 * (time.perf_counter() - began)


async def _measure(times: int) -> None:
    """Both in turns, so that a slow moment of the machine meets both."""
    data = jpeg(next(mosaics(1)))
    async with Sandbox(1) as sandbox:
        rounds = [(spent(sandbox.decode, data), spent(decode_here, data)) for _ in range(times)]
    inside, outside = zip(*rounds, strict=True)
    print(f"JPEG of 1 MP, {len(data) // 1000} KB, {times} times each in turns, ms")
    for name, figure in (("fastest", min), ("median", median)):
        print(f"{name:8} in the sandbox {figure(inside):.1f}, in this process {figure(outside):.1f}")


def main(quick: bool = False) -> None:
    asyncio.run(_measure(QUICK_TIMES if quick else TIMES))


if __name__ == "__main__":
    main()
