"""`resight chat`: talk to the bot in the terminal, in a community of its own that knows your references.

Nothing goes out: it is for trying commands, cards and buttons before a real community sees them.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import typer

from bot.cli.base import group, run_command
from bot.cli.opening import opened
from bot.fronts.terminal.front import Terminal
from bot.serve import stopped
from bot.services import Services
from bot.settings import Settings, load
from core.types import Platform
from handlers import alerts, outbox, screen

HELLO = """\
You are in #general, a channel of a community of your own. Begin with /setup log=#mod-log; Ctrl-D ends.
  /help       a command                 +FILE TEXT  post a picture
  >3 TEXT     reply to message 3        !3 1        press the first button below message 3
  =ann        speak as ann, a member    =you        speak as yourself, who runs the community
  #mod-log    go to another channel     #           write to the bot alone\
"""
LOOK_EVERY_S, LONGEST_S = 0.2, 60.0
app = group()


@app.command()
def chat(context: typer.Context) -> None:
    """Talk to the bot in the terminal: every command, card and button, in a community of your own."""
    run_command(talk(load(**context.obj)))


async def talk(settings: Settings) -> int:
    """Hear line after line until there are no more."""
    async with opened(settings, making=True) as bare:
        fronts = dict(bare.fronts)
        services = replace(bare, fronts=fronts)
        terminal = Terminal(services, _show, settings.language)
        fronts[Platform.TERMINAL] = terminal.front
        await terminal.begin()
        _show(HELLO)
        async with working(services, terminal):
            while line := await asyncio.to_thread(sys.stdin.readline):
                await terminal.said(line)
                await terminal.keep()
            await _rest(services)
            terminal.look()
            await terminal.keep()
    return 0


async def _rest(services: Services) -> None:
    """Wait until what was posted has its verdict and all that follows from it is done: input may come from a file."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_S):
            while await services.inbox.depth() or await services.cases.waiting_actions():  # noqa: ASYNC110  stores ring no bell
                await asyncio.sleep(LOOK_EVERY_S)


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
        await terminal.keep()


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
