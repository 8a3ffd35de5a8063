"""A client in a process of its own: posts every JPEG of a folder to /api/search and prints what it saw as JSON.

python -m bench.client URL TOKEN FOLDER CONCURRENCY
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp


async def ask(session: aiohttp.ClientSession, data: bytes) -> dict[str, Any]:
    """One search: its verdict, its wall time as the client saw it, and the stages the server tells."""
    started = time.perf_counter()
    async with session.post("/api/search", data=data, headers={"Content-Type": "image/jpeg"}) as response:
        told = await response.json()
        response.raise_for_status()
    wall = (time.perf_counter() - started) * 1000
    return {"wall_ms": wall, "verdict": told["verdict"], "timings_ms": told["timings_ms"]}


async def main(url: str, token: str, folder: str, concurrency: int) -> None:
    """Ask for every image, at most `concurrency` at a time."""
    images = [path.read_bytes() for path in sorted(Path(folder).glob("*.jpg"))]
    headers = {"Authorization": f"Bearer {token}"}
    connector = aiohttp.TCPConnector(limit=concurrency)
    slots = asyncio.Semaphore(concurrency)
    async with aiohttp.ClientSession(url, headers=headers, connector=connector) as session:

        async def one(data: bytes) -> dict[str, Any]:
            async with slots:
                return await ask(session, data)

        await asyncio.gather(*(one(data) for data in images[:concurrency]))  # warm
        started = time.perf_counter()
        answers = await asyncio.gather(*(one(data) for data in images))
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "answers": answers}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
