"""A post that an old crash left unseen, through the whole program: the doctor tells of it, and a start looks at it."""

import asyncio
import re
from pathlib import Path

from aiohttp import ClientSession

from tests.e2e.command import resight
from tests.e2e.running import running
from tests.handlers.test_unseen import crashed


async def test_a_start_looks_at_what_a_crash_left(tmp_path: Path) -> None:
    """Of the built-in channel, without anybody's doing; then the doctor has nothing more to say."""
    home = tmp_path / "home"
    home.mkdir()
    crashed(home / "resight.db")
    assert "a crash left unseen: 2." in resight(home, "doctor", "--json").sentence
    async with running(home) as bot, ClientSession() as client:
        url, token = re.search(r"http://\S+", bot.said), (home / "token").read_text().strip()
        assert url
        told = await _looked_at(client, f"{url[0]}/api/posts/lost", token)

    assert told["verdict"] == "clean"
    assert "left unseen: " not in resight(home, "doctor", "--json").sentence


async def _looked_at(client: ClientSession, address: str, token: str) -> dict[str, str]:
    """The post, once it has its verdict."""
    for _ in range(100):
        async with client.get(address, headers={"Authorization": f"Bearer {token}"}) as answer:
            told = dict(await answer.json())
        if told["status"] == "done":
            return told
        await asyncio.sleep(0.2)
    raise AssertionError(f"it still waits: {told}")
