"""The bot as a running whole: what `bot.app` opens, plus the page, the API and the loops in one TaskGroup.

serving(settings) -> Address      all of it ends when the block does
run(settings, given)              the same until a signal comes; another has it read its settings again: `resight run`
"""

import asyncio
import logging
import os
import resource
import secrets
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from aiohttp import web
from rich.markup import escape

from bot import logs
from bot.app import opened
from bot.cli.output import out
from bot.fronts.connectors import Connector, connectors
from bot.metrics import Meters
from bot.services import Services
from bot.settings import Settings, load
from bot.supervisor import connected, looped
from bot.version import VERSION
from core.backoff import Pauses
from core.errors import EnvironmentTrouble, ResightError, RetryLater, UsageError
from core.walls import first_of, kept_up, stopped
from handlers import alerts, intake, outbox, screen, similar
from web import connections
from web.app import application
from web.connections import close_silent_forever
from web.context import CHANNEL, WebSettings

EXPIRE_EVERY = 60.0
UPKEEP_EVERY, AGAIN_EVERY = timedelta(days=1), timedelta(hours=1)
SOCKETS = 16_384
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is, and the services behind it."""

    host: str
    port: int
    token: str
    services: Services
    platforms: tuple[Connector, ...] = ()

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{'127.0.0.1' if host in ('0.0.0.0', '[::]') else host}:{self.port}"


@asynccontextmanager
async def serving(settings: Settings, samples: Mapping[str, bytes] | None = None) -> AsyncIterator[Address]:
    """The whole bot: pages, API and loops; all of it ends when the block does. `samples` are for the chat to offer."""
    async with opened(settings, making=True) as bare:
        platforms = connectors(settings)
        meters = Meters(VERSION)
        fronts = {**bare.fronts, **{one.front.name: one.front for one in platforms}}
        services = replace(bare, meter=meters, fronts=fronts)
        token = settings.token.get_secret_value() or own_token(settings.home)
        logs.tell(settings, token)
        known = WebSettings(
            token=token,
            host=settings.host,
            open_pages=settings.is_local,
            proxies=settings.proxies,
            version=VERSION,
            language=settings.language,
            samples=samples or {},
            exposition=lambda: meters.exposition(services),
        )
        async with listening(application(services, known), settings) as port, asyncio.TaskGroup() as group:
            await intake.put_back(services, CHANNEL)
            for one in platforms:
                services.parts.begins(one.front.name, is_front=True)
            loops = [group.create_task(looped(services, name, work)) for name, work in loops_of(services).items()]
            links = [group.create_task(connected(services, one)) for one in platforms]
            try:
                yield Address(settings.host, port, token, services, tuple(platforms))
            finally:
                await stopped(loops)  # first: what they have in hand still needs the platforms
                await stopped(links)


def loops_of(services: Services) -> dict[str, Callable[[Services], Awaitable[None]]]:
    """What the bot does for ever, by the names under which it is told of (`health.part.*`)."""
    loops: dict[str, Callable[[Services], Awaitable[None]]] = {
        "screen": screen.screen_forever,
        "outbox": outbox.carry_out_forever,
        "alerts": alerts.tell_forever,
        "expire": expire_forever,
    }
    return loops | {"similar": similar.catch_up_forever} if services.semantics else loops


@asynccontextmanager
async def listening(app: web.Application, settings: Settings) -> AsyncIterator[int]:
    """Serve on the address of the settings; the port that was taken. Raises EnvironmentTrouble if it is in use."""
    _allow_sockets()
    runner = web.AppRunner(app, access_log=None, logger=connections.log, shutdown_timeout=5.0)
    await runner.setup()
    assert runner.server is not None
    forever = partial(close_silent_forever, app, runner.server)
    closing = asyncio.create_task(kept_up("The closing of silent connections", forever), name="connections")
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        try:
            await site.start()
        except OSError as error:
            raise EnvironmentTrouble(
                f"Port {settings.port} on {settings.host} can't be opened ({error.strerror}): "
                "stop what uses it, or set RESIGHT_PORT."
            ) from None
        yield int(runner.addresses[0][1])
    finally:
        await stopped([closing])
        await runner.cleanup()


def _allow_sockets() -> None:
    """Have room for many connections: systems allow a program more open files than they give it at first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = SOCKETS if hard == resource.RLIM_INFINITY else min(SOCKETS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def expire_forever(services: Services) -> None:
    """Delete evidence, remembered images and rows when their time is over, and keep the database up once a day.

    Once an hour what was refused is tried again: not every platform tells of rights that were given.
    """
    kept_up = tried = services.clock()
    while True:
        await expire(services)
        if services.clock() - tried >= AGAIN_EVERY:
            tried = services.clock()
            await try_again(services)
        if services.clock() - kept_up >= UPKEEP_EVERY:
            kept_up = services.clock()
            await keep_up(services)
        await asyncio.sleep(EXPIRE_EVERY)


async def try_again(services: Services) -> None:
    """Once; what fails is done an hour later."""
    try:
        await outbox.again(services)
    except ResightError as error:
        log.warning("%s", error)


async def keep_up(services: Services) -> None:
    """Once; what fails is done the next day."""
    try:
        await services.upkeep()
    except ResightError as error:
        log.warning("%s", error)


async def expire(services: Services) -> None:
    """Once; a full disk or a locked database ends nothing, it is done the next time. None holds up the others."""
    for keeper in (services.media, services.decided, services.screened, services.privacy):
        try:
            await keeper.expire()
        except ResightError as error:
            log.warning("%s", error)
        except Exception:  # what people were promised does not wait for a bug of another part
            log.exception("what is too old could not be deleted")


def own_token(home: Path) -> str:
    """The API token of this installation, made at the first start and readable by its owner only."""
    path = home / "token"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    return path.read_text().strip()


async def run(settings: Settings, given: Mapping[str, object]) -> int:
    """Serve until SIGINT or SIGTERM; raises EnvironmentTrouble if no platform accepts its token (`bot.supervisor`).

    SIGHUP reads the settings (`given` on the command line, environment, `.env`) again: all ends in good order and
    starts anew with them; what comes in meanwhile is read from the platforms afterwards. Unusable settings change
    nothing, and those with which it can't start are given up for the former ones; if even these can't be started with
    for a while (a busy database), that is tried again.
    """
    ending, again = stop_signal(), signalled(signal.SIGHUP)
    former: Settings | None = None
    has_run, pauses = False, Pauses()
    while True:
        try:
            async with serving(settings) as address, asyncio.TaskGroup() as group:
                has_run, pauses = True, Pauses()
                greet(address, settings)
                inviting = group.create_task(invite(address.platforms))
                wanted = await _ended_or_changed(settings, given, ending, again)
                inviting.cancel()
        except (ResightError, ExceptionGroup) as error:
            cause = first_of(error)
            if former is not None and isinstance(cause, ResightError):
                log.warning("It can't start with the new settings, so the former ones hold. %s", cause)
                settings, former = former, None
            elif has_run and isinstance(cause, RetryLater):
                await _paused(cause, pauses.after(0.0), ending)
            else:
                raise
            if ending.is_set():
                return 0
            continue
        if wanted is None:
            return 0
        settings, former = wanted, settings


async def _paused(cause: RetryLater, seconds: float, ending: asyncio.Event) -> None:
    """Say why it can't start again yet, and wait; no longer than until it is to end."""
    log.warning("It can't start again yet: %s That is tried again in %.0f s.", cause, seconds)
    with suppress(TimeoutError):
        await asyncio.wait_for(ending.wait(), seconds)


async def _ended_or_changed(
    settings: Settings, given: Mapping[str, object], ending: asyncio.Event, again: asyncio.Event
) -> Settings | None:
    """The new settings, None when it is to end."""
    while True:
        waits = [asyncio.create_task(event.wait()) for event in (ending, again)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()
        if ending.is_set():
            return None
        again.clear()
        try:
            wanted = load(**given)
        except UsageError as error:
            log.warning("The settings were not changed. %s", error)
            continue
        if wanted == settings:
            log.warning("The settings are what they were.")
            continue
        log.warning("The settings have changed: starting anew with them.")
        return wanted


def signalled(*numbers: signal.Signals) -> asyncio.Event:
    """An event that these signals set."""
    event = asyncio.Event()
    for number in numbers:
        asyncio.get_running_loop().add_signal_handler(number, event.set)
    return event


async def invite(platforms: Sequence[Connector]) -> None:
    """Say where a community adds the bot; a platform that does not answer now is asked by its own loop."""
    for one in platforms:
        try:
            link = await one.invite_link()
        except ResightError:
            continue
        except Exception:  # a line that nobody needs ends nothing
            log.exception("The link that adds the bot on %s is not known.", one.front.name)
            continue
        out().print(f"Add it to a community on {one.front.name}: {escape(link)}", soft_wrap=True)


def stop_signal() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    return signalled(signal.SIGINT, signal.SIGTERM)


def greet(address: Address, settings: Settings) -> None:
    """Say where the page is, and where the token is if one is needed."""
    console = out()
    console.print(f"Resight is ready: [bold]{address.url}[/]")
    if not settings.token.get_secret_value():
        console.print(f"[dim]The API token is in {escape(str(settings.home / 'token'))}. Ctrl-C stops.[/]")
