"""`resight chat`: talk to the bot in the terminal, in a community of its own that knows your references.

Nothing goes out: it is for trying commands, cards and buttons before a real community sees them.
"""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import typer

from bot.cli.base import group, run_command
from bot.cli.opening import opened
from bot.fronts.terminal.front import Terminal
from bot.services import Services
from bot.settings import Settings, load
from core.ports import Front
from core.types import Platform
from core.walls import stopped
from handlers import alerts, outbox, screen

HELLO = """\
You are in #general, a channel of a community of your own, which you run. Nothing goes out. Ctrl-D ends.
  /help       a command                 +FILE TEXT  post a picture
  >3 TEXT     reply to message 3        !3 1        press the first button below message 3
  =ann        write as ann, a member    =           write as yourself again
  #mod-log    go to another channel     #           write to the bot alone
  ?           these lines
Begin with /setup log=#mod-log, then +FILE /references add TITLE, then =ann, then +FILE."""
LOOK_EVERY_S, LONGEST_S = 0.2, 60.0
MOST_OF_LINE, MOST_LINES = 1 << 20, 100
app = group()


@app.command()
def chat(context: typer.Context) -> None:
    """Talk to the bot in the terminal: every command, card and button, in a community of your own."""
    run_command(talk(load(**context.obj)))


async def talk(settings: Settings) -> int:
    """Hear line after line until there are no more."""
    async with opened(settings, making=True) as bare:
        services, terminal = _alone(bare, settings)
        await terminal.begin()
        _show(HELLO)
        try:
            async with working(services, terminal):
                await _hear_all(services, terminal)
        finally:
            await terminal.keep()
    return 0


def _alone(bare: Services, settings: Settings) -> tuple[Services, Terminal]:
    """Return the services with the terminal for their only front: what waits for other platforms goes on waiting."""
    fronts: dict[str, Front] = {}
    services = replace(bare, fronts=fronts)
    terminal = Terminal(services, _show, settings.language)
    fronts[Platform.TERMINAL] = terminal.front
    for platform in set(Platform) - {Platform.TERMINAL}:
        services.parts.begins(platform, is_front=True)
    return services, terminal


async def _hear_all(services: Services, terminal: Terminal) -> None:
    """Do what each line says; what comes from a file or a pipe waits until all that follows from it is done."""
    is_typed = sys.stdin.isatty()
    async for line in _lines():
        if line.strip() == "?":
            _show(HELLO)
        else:
            await terminal.said(line)
        if not is_typed:
            await _rest(services)
            terminal.look()


async def _lines() -> AsyncIterator[str]:
    """Yield the lines of standard input, read in a thread that nobody waits for: Ctrl-C ends the chat at once."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str](MOST_LINES)

    def read() -> None:
        with contextlib.suppress(RuntimeError), open(0, "rb", buffering=0, closefd=False) as file:  # the loop has ended
            while line := file.readline(MOST_OF_LINE):
                asyncio.run_coroutine_threadsafe(lines.put(os.fsdecode(line)), loop).result()
            asyncio.run_coroutine_threadsafe(lines.put(""), loop).result()

    threading.Thread(target=read, name="terminal", daemon=True).start()
    while line := await lines.get():
        yield line


async def _rest(services: Services) -> None:
    """Wait until what was posted has its verdict and all that follows from it is done."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_S):
            while await _waits(services):  # noqa: ASYNC110  stores ring no bell
                await asyncio.sleep(LOOK_EVERY_S / 4)


async def _waits(services: Services) -> bool:
    here = Platform.TERMINAL
    return bool(await services.inbox.depth(here) or await services.cases.waiting_actions(here))


@asynccontextmanager
async def working(services: Services, terminal: Terminal) -> AsyncIterator[None]:
    """What the bot does by itself: look at what is posted, carry out, alert; and show what has changed."""
    loops = (screen.screen_forever, outbox.carry_out_forever, alerts.tell_forever)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(loop(services)) for loop in loops]
        tasks.append(group.create_task(_look_forever(terminal)))
        try:
            yield
        finally:
            await stopped(tasks)


async def _look_forever(terminal: Terminal) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        terminal.look()


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
