"""What the library can't read costs that thing alone."""

from pathlib import Path
from typing import Any

import discord
import pytest
from discord.state import ConnectionState

from handlers.parts import Why
from tests.bot.fronts.discord.rig import Rig, rigged

IDENTIFY = 2
SILENT = {"id": "7", "type": 2, "name": "talk", "position": 0, "permission_overwrites": [], "nsfw": False}
"""A voice channel without its bitrate, which Discord has sent."""


async def test_an_event_that_can_t_be_read_is_passed_over(
    tmp_path: Path, migrated: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told with its numbers; the connection stays, and what comes after it is seen."""
    async with rigged(tmp_path, migrated) as rig:
        place = await rig.set_up()
        for name, broken in (
            ("CHANNEL_CREATE", SILENT | {"guild_id": str(place.guild.id)}),
            ("MESSAGE_CREATE", {"guild_id": str(place.guild.id), "id": "5"}),
            ("GUILD_ROLE_CREATE", {"guild_id": str(place.guild.id), "role": {}}),
            ("GUILD_UPDATE", {}),
            ("INTERACTION_CREATE", {"id": "x"}),
        ):
            rig.server.tell(name, broken)
        post = rig.post(place)
        await rig.matched(place, post)
        logins = rig.server.ops.count(IDENTIFY)

    assert logins == 1
    assert caplog.text.count("could not be read") == 5
    assert f"CHANNEL_CREATE could not be read (guild_id {place.guild.id}, id 7)" in caplog.text


async def test_a_server_is_looked_at_without_what_can_t_be_read(
    tmp_path: Path, migrated: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A channel, a role and a thread of a kind nobody knows; its other channels are watched, its staff are staff."""

    def alter(guild: dict[str, Any]) -> dict[str, Any]:
        more = {"channels": SILENT, "roles": {"id": "8"}, "threads": {"id": "9", "type": 11}}
        return guild | {key: [*guild.get(key, []), part] for key, part in more.items()}

    async with rigged(tmp_path, migrated) as rig:
        place = await rig.set_up()
        rig.server.alter_guilds(alter)
        rig.server.forget_sessions()
        rig.server.drop()
        missed = rig.post(place)
        await rig.server.ready(30)
        live = rig.post(place)
        await rig.matched(place, missed, live)
        said = await rig.told(place, "mode", mode="flag")

    assert said
    assert caplog.text.count("is left out") == 3
    assert "is not looked at" not in caplog.text


async def test_a_message_of_the_history_that_can_t_be_read_is_passed_over(
    tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Those around it are looked at, and it is not asked for again."""
    whole = ConnectionState.create_message
    async with rigged(tmp_path, migrated) as rig:
        place = await rig.set_up()
        rig.server.forget_sessions()
        rig.server.drop()
        posts = [rig.post(place) for _ in range(3)]

        def create(state: Any, *, channel: Any, data: Any) -> discord.Message:
            if int(data["id"]) == posts[1].id:
                raise KeyError("a field of tomorrow")
            return whole(state, channel=channel, data=data)

        monkeypatch.setattr(ConnectionState, "create_message", create)
        await rig.matched(place, posts[0], posts[2])

    assert caplog.text.count("a field of tomorrow") >= 1
    assert f"id {posts[1].id}" in caplog.text


async def break_the_front(rig: Rig) -> None:
    """A login that the library can't read: nothing is left of the connection."""
    rig.server.tell("READY", {})
    await rig.server.until(lambda: [part.why for part in rig.services.parts.down] == [Why.STOPPED])


async def test_what_was_missed_while_the_front_was_down_is_caught_up(
    tmp_path: Path, migrated: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Others ran meanwhile; the front comes back by itself, and each post is looked at once."""
    async with rigged(tmp_path, migrated) as rig:
        places = [await rig.set_up() for _ in range(3)]
        before = [rig.post(place) for place in places]
        for place, post in zip(places, before, strict=True):
            await rig.matched(place, post)
        await break_the_front(rig)
        missed = [[rig.post(place) for _ in range(2)] for place in places]
        await rig.server.ready(30)
        live = [rig.post(place) for place in places]
        for place, *posts in zip(places, before, *zip(*missed, strict=True), live, strict=True):
            await rig.matched(place, *posts)
        part = rig.services.parts.all[0]

    assert (part.why, part.restarts) == (None, 1)
    assert "Discord ended and is begun again" in caplog.text


async def test_a_reader_that_fails_ends_its_connection(tmp_path: Path, migrated: Path) -> None:
    """Without it nothing posted would be seen while all seems well; the next connection reads what was missed."""
    async with rigged(tmp_path, migrated) as rig:
        place = await rig.set_up()
        reader = rig.access.client.reader  # type: ignore[attr-defined]
        reader._queue.put_nowait(None)
        await rig.server.until(lambda: rig.server.ops.count(IDENTIFY) == 2)
        post = rig.post(place)
        await rig.matched(place, post)


async def test_a_drop_is_told_until_the_session_goes_on(tmp_path: Path, migrated: Path) -> None:
    """A front whose socket broke is down until it has resumed."""
    async with rigged(tmp_path, migrated) as rig:
        await rig.server.until(lambda: not rig.services.parts.down)
        seen = []
        whole = rig.services.parts.fails
        rig.services.parts.fails = lambda *said: (seen.append(said), whole(*said))  # type: ignore[method-assign,assignment,func-returns-value]
        rig.server.drop()
        await rig.server.until(lambda: seen)
        await rig.server.ready(30)
        await rig.server.until(lambda: not rig.services.parts.down)

    assert seen[0] == ("discord", Why.UNREACHABLE)
