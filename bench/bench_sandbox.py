"""What a decoder that can do nothing else costs an image: the sandbox beside the same decoder in this process.

Run it on an idle machine: `python -m bench.bench_sandbox`.
"""

import asyncio
import time
from collections.abc import Callable

from bench.photos import jpeg, mosaics
from core.looks import Picture
from embed.decode import decode_here
from embed.sandbox import Sandbox

TIMES = 60


def fastest(decode: Callable[[bytes, str], Picture], data: bytes) -> float:
    """Milliseconds of the fastest of `TIMES` calls."""
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        decode(data, "")
        spent.append(time.perf_counter() - began)
    return 1000 * min(spent)


async def main() -> None:
    data = jpeg(next(mosaics(1)))
    async with Sandbox(1) as sandbox:
        inside, outside = fastest(sandbox.decode, data), fastest(decode_here, data)
    print(f"JPEG of 1 MP, {len(data) // 1000} KB, fastest of {TIMES}")
    print(f"in the sandbox {inside:.1f} ms, in this process {outside:.1f} ms: {inside - outside:.1f} ms more")


if __name__ == "__main__":
    asyncio.run(main())
