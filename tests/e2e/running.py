"""The real bot as a process of its own, connected to peers that live in the test.

async with running(home, discord=server, telegram=other) as bot:
    bot.said                  all it wrote
    bot.kill()                -9, as the power cut does
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.command import command, environment, is_warm, warm_one
from tests.e2e.warm import Started
from tests.peers.discord_server import DiscordServer
from tests.peers.telegram_server import TelegramServer

READY = "Resight is ready"
PATIENCE_S = 60.0


@dataclass
class Bot:
    """The process and what it wrote so far."""

    process: asyncio.subprocess.Process | Started
    lines: list[str] = field(default_factory=list)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def said(self) -> str:
        return "".join(self.lines)

    async def listen(self) -> None:
        """Collect its output until it ends."""
        assert self.process.stdout
        async for line in self.process.stdout:
            self.lines.append(line.decode())
            if READY in self.lines[-1]:
                self.ready.set()
        self.ready.set()

    async def kill(self) -> None:
        """Without warning."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """As an operator does; the exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 30)


@asynccontextmanager
async def running(
    home: Path,
    *,
    discord: DiscordServer | None = None,
    telegram: TelegramServer | None = None,
    wait: bool = True,
    patience_s: float = PATIENCE_S,
    **extra: str,
) -> AsyncIterator[Bot]:
    """`resight run` until the block ends, connected if `wait`; a traceback in its output fails the test."""
    settings = {"RESIGHT_PORT": "0", "RESIGHT_KEEP_EVIDENCE_DAYS": "7"}
    if discord:
        settings |= {"RESIGHT_DISCORD_TOKEN": discord.token, "RESIGHT_DISCORD_URL": discord.url}
    if telegram:
        settings |= {"RESIGHT_TELEGRAM_TOKEN": telegram.token, "RESIGHT_TELEGRAM_URL": telegram.url}
    polls = telegram.polls if telegram else 0
    bot = Bot(await (_forked if is_warm(extra) else _started)(home, settings | extra))
    listening = asyncio.create_task(bot.listen())
    watching = asyncio.create_task(bot.process.watch()) if isinstance(bot.process, Started) else None
    try:
        if wait:
            await asyncio.wait_for(bot.ready.wait(), patience_s)
            assert READY in bot.said, bot.said
            await _connected(bot, discord, telegram, polls)
        yield bot
    except Exception as error:
        error.add_note(f"The bot said:\n{bot.said}")
        raise
    finally:
        if bot.process.returncode is None:
            assert await bot.stop() == 0, bot.said
        await listening
        if watching:
            await watching
        assert "Traceback" not in bot.said, bot.said


async def _forked(home: Path, settings: dict[str, str]) -> Started:
    return await warm_one().start(["run"], environment(home, settings), home.parent)


async def _started(home: Path, settings: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command("run"),
        env=environment(home, settings),
        cwd=home.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=1 << 20,
    )


async def _connected(bot: Bot, discord: DiscordServer | None, telegram: TelegramServer | None, polls: int) -> None:
    """Wait for both platforms, unless it ends before."""

    async def both() -> None:
        if discord:
            await discord.ready(30)
            await discord.commands("search", timeout=30)
        if telegram:
            await telegram.polled(polls)

    connecting, ending = asyncio.ensure_future(both()), asyncio.ensure_future(bot.process.wait())
    await asyncio.wait([connecting, ending], return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if not connecting.done() or connecting.exception():
        connecting.cancel()
        raise AssertionError(f"it did not connect:\n{bot.said}")
