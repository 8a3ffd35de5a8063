"""Tokens on the command line, and what they open of a bot that runs."""

from pathlib import Path

import aiohttp

from tests.e2e.command import resight
from tests.e2e.running import running


async def test_a_token_from_its_making_to_its_end(tmp_path: Path) -> None:
    """Shown once, good for its scopes on a running bot, and worth nothing after it was revoked."""
    home = tmp_path / "data"
    async with running(home, RESIGHT_MODEL="classic") as bot, aiohttp.ClientSession() as session:
        url = next(word for word in bot.said.split() if word.startswith("http://127.0.0.1"))
        made = resight(home, "tokens", "create", "shop", "--scope", "read", "--json").lines[0]
        headers = {"Authorization": f"Bearer {made['token']}"}

        async def status(method: str, path: str) -> int:
            async with session.request(method, url + path, headers=headers) as answer:
                return answer.status

        before = await status("GET", "/api/cases"), await status("DELETE", "/api/collections/library")
        listed = resight(home, "tokens", "list", "--json").lines[0]["tokens"]
        assert resight(home, "tokens", "revoke", "shop").code == 0
        after = await status("GET", "/api/cases")

    assert (before, after) == ((200, 403), 401)
    assert [(one["name"], one["scopes"]) for one in listed] == [("shop", ["read"])]
    assert listed[0]["used_at"]
    assert made["token"] not in bot.said


def test_what_must_be_said(tmp_path: Path) -> None:
    """A scope, a usable name, a folder with data, and the name of a token that exists."""
    assert resight(tmp_path, "tokens", "create", "x").code == 2
    for community in ("123", "discord:", "icq:1"):
        told = resight(tmp_path, "tokens", "create", "x", "--scope", "read", "--community", community)
        assert (told.code, "is no community" in told.sentence) == (2, True)
    assert resight(tmp_path / "none", "tokens", "create", "x", "--scope", "read").code == 4
    assert resight(tmp_path / "none", "tokens", "list").code == 4
