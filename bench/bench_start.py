"""Requests that a Discord bot makes at its start: 200 servers with 20 watched channels each.

    python -m bench.bench_start [--servers 200] [TREE]

The real bot as a process of its own against its peer. All channels are read; then the bot
    resumes its session
    begins a new session            in the same process
    is started again                with nothing new
    is started again                after 5 minutes: 1 % of the channels have 2 new messages
    is started again                after a day: 1 % of the channels have 250 new messages, which are three pages

What time passes is nothing to the bot: only how much was written in it. TREE measures another tree of Resight.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

import psutil

from bench.bench_burst import at_rest
from bench.table import Line, show
from core.root import ROOT
from tests.e2e.running import Bot, running
from tests.peers.discord_server import Channel, DiscordServer, User

CHANNELS, MOST = 20, 250
SHARE = 0.01
TRIES, QUIET_S, PATIENCE_S = 20, 6.0, 600.0


async def populate(server: DiscordServer, servers: int) -> dict[int, list[Channel]]:
    """Make servers whose channels all have a message; return the channels of each."""
    channels: dict[int, list[Channel]] = {}
    for number in range(servers):
        guild = server.guild(f"Server {number}")
        channels[guild.id] = [server.channel(guild, f"channel-{name}") for name in range(CHANNELS)]
        for channel in channels[guild.id]:
            post(server, channel, 1)
        await asyncio.sleep(0)
    return channels


def post(server: DiscordServer, channel: Channel, count: int) -> None:
    for _ in range(count):
        server.post(channel, owner_of(server, channel), "hello")


def owner_of(server: DiscordServer, channel: Channel) -> User:
    return server.owner(server.backend.guilds[channel.guild_id or 0])


async def watch(server: DiscordServer, channel: Channel) -> None:
    """Watch all channels beside this; on a busy machine the bot may miss the three seconds that Discord gives it."""
    owner = owner_of(server, channel)
    for command, options in (("setup", {"log": channel}), ("watch", {"everywhere": True})):
        for _ in range(TRIES):
            used = server.slash(channel, owner, command, mode="dry_run", **options)
            try:
                await used.answer()
                break
            except TimeoutError:
                continue


async def quiet(server: DiscordServer, bot: Bot) -> None:
    """Wait until nothing is asked for any more."""
    before = -1
    while before != len(server.calls):
        before = len(server.calls)
        await asyncio.sleep(QUIET_S)
        await at_rest(psutil.Process(bot.process.pid))


async def session(server: DiscordServer, bot: Bot, *, is_new: bool) -> int:
    """Cut the connection; return how many requests the bot makes until it is at rest again."""
    before = len(server.calls)
    server.drop()
    if is_new:
        server.forget_sessions()
    await server.until(lambda: not server.connected, 30)
    await server.until(lambda: server.connected, 60)
    await quiet(server, bot)
    return told(server, before)


def told(server: DiscordServer, before: int) -> int:
    asked = server.calls[before:]
    kinds = Counter(call.path.rsplit("/", 1)[-1].split("?")[0] for call in asked)
    print(f"{len(asked)}: {kinds.most_common(6)}", file=sys.stderr)
    return len(asked)


async def start(server: DiscordServer, home: Path, tree: Path) -> int:
    """Start the bot; return how many requests it makes until it is at rest."""
    before = len(server.calls)
    async with running(home, discord=server, patience_s=PATIENCE_S, PYTHONPATH=str(tree)) as bot:
        await quiet(server, bot)
    return told(server, before)


async def measured(servers: int, tree: Path) -> list[Line]:
    async with DiscordServer() as server:
        channels = await populate(server, servers)
        news = [one[3] for one in list(channels.values())[:: round(1 / (SHARE * CHANNELS))]]
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "data"
            async with running(home, discord=server, patience_s=PATIENCE_S, PYTHONPATH=str(tree)) as bot:
                for some in channels.values():
                    await watch(server, some[0])
                await quiet(server, bot)
                figures = {
                    "a resumed session": await session(server, bot, is_new=False),
                    "a new session": await session(server, bot, is_new=True),
                }
            figures["a start with nothing new"] = await start(server, home, tree)
            for name, count in (("5 minutes", 2), ("a day", 250)):
                for channel in news:
                    post(server, channel, count)
                figures[f"a start after {name}, {len(news)} channels with {count} messages"] = await start(
                    server, home, tree
                )
    return [Line(name, f"{count} requests", "", count, MOST) for name, count in figures.items()]


def main(servers: int, tree: Path) -> None:
    """Print the table."""
    show(f"Requests of {servers} servers with {CHANNELS} watched channels", asyncio.run(measured(servers, tree)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--servers", type=int, default=200)
    given = parser.parse_args()
    main(given.servers, given.tree.resolve())
