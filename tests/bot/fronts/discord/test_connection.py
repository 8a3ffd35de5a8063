"""What the operator set, and what Discord granted: each test has a bot of its own."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bot.fronts.discord.access import Files
from bot.fronts.discord.acting import DiscordActing
from bot.fronts.discord.client import Bot
from bot.fronts.discord.front import Discord
from bot.fronts.discord.messages import space_of
from bot.services import Services
from bot.settings import load
from core.errors import EnvironmentTrouble, RetryLater
from core.types import Mode
from handlers import communities
from handlers.communities import EVERYWHERE
from handlers.parts import Why
from tests.bot.fronts.discord.rig import Rig, known, rigged
from tests.peers.discord_server import DiscordServer

IDENTIFY = 2
NEEDED = 1374389660736


async def test_asking_too_much(tmp_path: Path, migrated: Path) -> None:
    """Everybody has an allowance, and hears when it is there again."""
    async with rigged(tmp_path, migrated, asks_a_minute=1) as few:
        place = few.place()
        first = await few.ask(place, files={"a.jpg": known()})
        second = await few.ask(place, files={"a.jpg": known()})
        third = await few.told(place, "search", place.alice, image=known())

        assert "River city" in first.text
        assert "ask again in" in second.text
        assert "ask again in" in third


async def test_without_the_intent(tmp_path: Path, migrated: Path) -> None:
    """Questions and reports are answered; the staff hear what lacks, and no channel is read."""
    async with rigged(tmp_path, migrated, message_content=False) as blind:
        place = blind.place()
        said = await blind.told(place, "setup", log=place.log)
        post = blind.post(place)
        menu = blind.server.context_menu("Search this image", place.channel, place.bo, post)
        answer = await menu.answer()
        reported = blind.server.context_menu("Report image", place.channel, place.bo, post)
        thanks = await reported.answer()
        cards = await blind.cards(place)

        assert "Message Content Intent" in said
        assert "River city" in answer.text
        assert "Thank you" in thanks.text
        assert len(cards) == 1
        assert not [call for call in blind.server.calls if call.method == "GET" and call.path.endswith("/messages")]


async def test_staff_may_include_bots(tmp_path: Path, migrated: Path) -> None:
    """Then their posts are looked at, also those that consist of components, but never our own."""
    async with rigged(tmp_path, migrated) as all_:
        place = await all_.set_up()
        await all_.told(place, "bots", which="on")
        robot = all_.server.member(place.guild, "robot", bot=True)
        post = all_.post(place, who=robot)
        await all_.matched(place, post)
        picture = all_.server.host("/external/shown.jpg", known())
        gallery = {"type": 12, "items": [{"media": {"url": picture}}]}
        shown = all_.post(place, who=robot, files={}, components=[{"type": 17, "components": [gallery]}])
        await all_.matched(place, post, shown)


def discord_of(server: DiscordServer, token: str = "") -> Discord:
    return Discord(load(discord_token=token or server.token, discord_url=server.url))


async def test_a_token_that_is_not_accepted(services: Services) -> None:
    """One sentence with the way out, wherever it is noticed."""
    async with DiscordServer() as server:
        discord = discord_of(server, "wrong.token.here")
        with pytest.raises(EnvironmentTrouble, match="RESIGHT_DISCORD_TOKEN"):
            await discord.run(services)
        with pytest.raises(EnvironmentTrouble, match="RESIGHT_DISCORD_TOKEN"):
            await discord.invite_link()
        (check,) = await discord.doctor(services)

    assert check[1] == "bad"
    assert "RESIGHT_DISCORD_TOKEN" in check[2]


async def test_a_token_that_was_reset_while_the_bot_ran(
    tmp_path: Path, migrated: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The gateway says it first; the front is told of as refused, and comes back once the token is right again."""
    async with rigged(tmp_path, migrated) as rig:
        rig.server.close_gateway(4004)
        await rig.server.until(lambda: [part.why for part in rig.services.parts.down] == [Why.REFUSED])
        await rig.server.ready(20)
        await rig.server.until(lambda: not rig.services.parts.down)

    assert "RESIGHT_DISCORD_TOKEN" in caplog.text


async def test_no_network_is_waited_out(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    """It is said in one line, without a traceback, and tried again; the link can't be shown yet."""
    async with DiscordServer() as server:
        discord = discord_of(server)
    with pytest.raises(RetryLater):
        await discord.invite_link()
    task = asyncio.create_task(discord.run(services))
    await asyncio.sleep(1.5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert [check[1] for check in await discord.doctor(services)] == ["bad"]
    assert task.cancelled()
    assert "can't be reached" in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_bot_that_was_refused_the_intent_goes_on_without(tmp_path: Path, migrated: Path) -> None:
    """The application's flags may promise what the gateway then refuses."""
    async with rigged(tmp_path, migrated) as rig:
        rig.server._gateway.message_content = False
        rig.server.close_gateway(4014)
        place = rig.place()
        await rig.server.until(lambda: not rig.server.connected)
        await rig.server.ready(20)
        answer = await rig.ask(place, files={"a.jpg": known()})

        assert "River city" in answer.text


async def test_the_invitation(services: Services) -> None:
    """Exactly the permissions that are needed."""
    async with DiscordServer() as server:
        link = await discord_of(server).invite_link()

        assert f"client_id={server.backend.application_id}" in link
    assert "scope=bot+applications.commands" in link
    assert link.endswith(f"permissions={NEEDED}")
    assert services


async def test_a_dropped_socket_is_told_in_one_line(
    tmp_path: Path, migrated: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """discord.py would show a traceback; nothing is lost, so nothing is to be worried about."""
    caplog.set_level(logging.INFO)
    async with rigged(tmp_path, migrated) as rig:
        rig.server.drop()
        await rig.server.ready(20)

    assert "Traceback" not in caplog.text


async def test_the_doctor_finds_nothing(tmp_path: Path, migrated: Path) -> None:
    """Token, intent and each community have a line."""
    async with rigged(tmp_path, migrated) as rig:
        place = await rig.set_up()
        checks = await rig.discord.doctor(rig.services)

    assert [(name, state) for name, state, _ in checks] == [
        ("discord", "ok"),
        ("discord intent", "ok"),
        (f"discord: {place.guild.name}", "ok"),
    ]


async def test_the_doctor_names_what_lacks(tmp_path: Path, migrated: Path) -> None:
    """Permissions by name and channel, with where to click; a channel or server that is gone."""
    async with rigged(tmp_path, migrated) as rig:
        place, gone, everywhere = await rig.set_up(), await rig.set_up(), await rig.set_up()
        await rig.told(everywhere, "watch", everywhere=True)
        rig.server.revoke(place.guild, "manage_messages", "administrator", channel=place.channel)
        rig.server.revoke(place.guild, "attach_files", channel=place.log)
        rig.server.revoke(everywhere.guild, "read_message_history", channel=everywhere.channel)
        rig.server.backend.delete_channel(gone.log.id)
        said = "\n".join(
            f"{state} {name}: {sentence}" for name, state, sentence in await rig.discord.doctor(rig.services)
        )

    assert f"warning discord: {place.guild.name}: In #general, that is watched, these permissions are missing" in said
    assert "Manage Messages (Channel > Edit > Permissions)" in said
    assert "In #mod-log, for the moderators' cards, these permissions are missing: Attach Files" in said
    assert "Read Message History (Channel > Edit > Permissions)" in said
    assert "The channel for the moderators' cards is not there" in said


async def test_the_doctor_names_the_intent(tmp_path: Path, migrated: Path) -> None:
    """And where to switch it on."""
    async with rigged(tmp_path, migrated, message_content=False) as rig:
        checks = await rig.discord.doctor(rig.services)

    assert checks[1][1] == "bad"
    assert "Privileged Gateway Intents" in checks[1][2]


SERVERS, CHANNELS, MOST_REQUESTS = 20, 20, 25


async def test_a_start_with_nothing_new_asks_for_little(tmp_path: Path, migrated: Path) -> None:
    """A tenth of 200 servers with 20 watched channels each, all read before: no history is asked for."""
    async with rigged(tmp_path, migrated) as rig:
        for number in range(SERVERS):
            guild = rig.server.guild(f"Server {number}")
            channels = [rig.server.channel(guild, f"channel-{number}") for number in range(CHANNELS)]
            everywhere = space_of(guild.id, EVERYWHERE)
            await communities.set_up(rig.services, everywhere, log="", mode=Mode.DRY_RUN, language="en", by="me")
            for channel in channels:
                rig.server.post(channel, rig.server.owner(guild), "hello")
        await level(rig, SERVERS * CHANNELS)
        before, access = len(rig.server.calls), rig.access
        await access.client.close()
        await rig.server.until(lambda: rig.discord.acting.access not in (access, None))
        await level(rig, SERVERS * CHANNELS)
        asked = rig.server.calls[before:]

    assert "/users/@me" in [call.path for call in asked]
    assert len(asked) <= MOST_REQUESTS


async def level(rig: Rig, channels: int) -> None:
    """Wait until so many channels were read to their end."""
    reader = rig.access.client.reader  # type: ignore[attr-defined]
    await rig.server.until(lambda: len(reader._level) >= channels, 60, f"{channels} channels that were read")


async def test_a_start_tells_what_is_watched_and_can_not_be_read(
    tmp_path: Path, migrated: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One line a channel: hidden, gone, or of a server that put the bot out; not again with each new session."""
    async with rigged(tmp_path, migrated) as rig:
        seen, other = await rig.set_up(), await rig.set_up()
        await communities.watch(rig.services, replace(seen.space, channel="77"), Mode.FLAG, "mo")
        rig.server.revoke(seen.guild, "view_channel", channel=seen.channel)
        rig.server.kick(other.guild)
        await rig.server.until(lambda: rig.access.client.get_guild(other.guild.id) is None)
        for _ in range(2):
            logins = rig.server.ops.count(IDENTIFY)
            rig.server.forget_sessions()
            rig.server.drop()
            while rig.server.ops.count(IDENTIFY) == logins:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            await rig.server.ready(30)
        await rig.server.until(lambda: caplog.text.count("I may not read") >= 3)
        told = [one.getMessage() for one in caplog.records if "I may not read" in one.getMessage()]

    assert len(told) == 3
    for name in ("#general of", f"channel 77 of {seen.guild.name}", f"the server {other.guild.id}, which I am not in"):
        assert sum(name in one for one in told) == 1


async def test_a_closed_connection_is_heard_no_more(services: Services) -> None:
    """discord.py says a while after the end that it is ready: the database may be closed by then."""
    settings, heard = load(discord_token="x"), list[str]()

    class Listening(Bot):
        async def on_ready(self) -> None:
            heard.append("ready")

    async with Files(settings) as files, Listening(settings, services, DiscordActing(), files, may_read=True) as bot:
        bot.dispatch("ready")
        await asyncio.sleep(0)
    bot.dispatch("ready")
    await asyncio.sleep(0)

    assert heard == ["ready"]
