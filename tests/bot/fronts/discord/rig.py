"""Resight in the test's own process, connected to the Discord peer: real stores, a toy model, real sockets.

async with rigged(folder) as rig:
    place = rig.place()           a guild with a watched channel, one for the moderators, and people
    rig.services, rig.front       what the bot works with
"""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord as discord_py
import pytest

from bot.fronts.discord.access import Access
from bot.fronts.discord.client import Bot
from bot.fronts.discord.front import Discord
from bot.fronts.discord.messages import incoming_of
from bot.services import Services
from bot.settings import Settings
from bot.supervisor import connected
from core.cases import ActionRecord, Case, Policy
from core.chat import Community, Order
from core.matches import Verdict
from core.types import Act, ActState, ImageEvent, Mode, Outcome, Platform, Space
from core.wording import Words
from embed.runner import Runner
from handlers import alerts, outbox, references, screen
from handlers.chat.acts import ChatFront
from handlers.collections import create_collection
from handlers.references import Entry
from store.sql.db import Database
from tests.bot.cases import match, reference
from tests.clock import Clock
from tests.peers.discord_interactions import Interaction
from tests.peers.discord_server import DiscordServer
from tests.peers.discord_world import Channel, Guild, Message, User
from tests.small import Toy, assemble, drawn, saved

NUMBERS = itertools.count(1)
KNOWN, TITLE = "river-city", "River city"
EN = Words.of("en")
STAFF = ("manage_guild", "manage_messages")


class Now(Clock):
    """The time as it is: pauses between tries must pass."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


def known() -> bytes:
    """An edited copy of the known image."""
    image = drawn(KNOWN)
    return saved(image.resize((700, 700 * image.height // image.width)), "JPEG", quality=70)


@dataclass
class Place:
    """A guild: Alice and Bo post, Mo is staff."""

    guild: Guild
    channel: Channel
    log: Channel
    alice: User
    bo: User
    mo: User

    @property
    def space(self) -> Space:
        return Space(platform=Platform.DISCORD, community=str(self.guild.id), channel=str(self.channel.id))

    @property
    def community(self) -> Community:
        return Community(platform=Platform.DISCORD, id=str(self.guild.id), name=self.guild.name, log=str(self.log.id))


@dataclass
class Rig:
    """The bot with what it stands on."""

    server: DiscordServer
    services: Services
    discord: Discord
    db: Database
    seen: dict[int, list[ImageEvent]] = field(default_factory=dict)

    @property
    def front(self) -> ChatFront:
        return self.discord.front

    @property
    def access(self) -> Access:
        assert self.discord.acting.access
        return self.discord.acting.access

    def place(self) -> Place:
        """A new guild in which nothing is set up."""
        number = next(NUMBERS)
        guild = self.server.guild(f"Guild {number}")
        names: Mapping[str, Sequence[str]] = {"alice": (), "bo": (), "mo": STAFF}
        people = {name: self.server.member(guild, f"{name}{number}", permissions=may) for name, may in names.items()}
        channel, log = self.server.channel(guild, "general"), self.server.channel(guild, "mod-log")
        return Place(guild, channel, log, **people)

    async def set_up(self, mode: Mode = Mode.DRY_RUN, **options: Any) -> Place:
        """A new guild in which the staff have said what they want."""
        place = self.place()
        await self.told(place, "setup", log=place.log, mode=mode.value, language="en", **options)
        self.services.trials._trials.clear()  # Mo has tried it out
        return place

    def slash(self, place: Place, command: str, person: User | None = None, /, **options: Any) -> Interaction:
        """Use a command in the watched channel, as staff unless said otherwise."""
        return self.server.slash(place.channel, person or place.mo, command, **options)

    async def told(self, place: Place, command: str, person: User | None = None, /, **options: Any) -> str:
        """What the person reads."""
        return (await self.slash(place, command, person, **options).answer()).text

    def post(self, place: Place, **more: Any) -> Message:
        files = more.pop("files", {"picture.jpg": known()})
        return self.server.post(more.pop("channel", place.channel), more.pop("who", place.alice), files=files, **more)

    async def ask(self, place: Place, **more: Any) -> Message:
        """Alice writes to the bot alone; its answer."""
        direct, messages = self.server.direct(place.alice), self.server.messages
        said = self.post(place, channel=direct, **{"files": {}, **more})
        return (await self.server.until(lambda: messages(direct)[messages(direct).index(said) + 1 :]))[0]

    async def verdicts(self, place: Place) -> dict[str, list[str]]:
        """The outcomes of each post of a guild that was looked at and found."""
        found: dict[str, list[str]] = {}
        for case in await self.services.cases.newest(limit=500):
            if case.event.space.community == str(place.guild.id):
                found.setdefault(case.event.message, []).append(case.verdict.outcome)
        return found

    async def matched(self, place: Place, *posts: Message) -> None:
        """Wait until each of these posts has one case, and nothing else has."""
        wanted = {str(post.id): [Outcome.MATCH] for post in posts}
        async with asyncio.timeout(15):
            while await self.verdicts(place) != wanted:  # noqa: ASYNC110  the stores ring no bell for tests
                await asyncio.sleep(0.05)

    async def cards(self, place: Place, count: int = 1) -> list[Message]:
        """What the moderators see, once there is so much."""
        messages = self.server.messages
        return await self.server.until(lambda: messages(place.log) if len(messages(place.log)) >= count else [])

    async def card_says(self, place: Place, *words: str) -> Message:
        """The newest card, once it says all of this."""

        def found() -> list[Message]:
            return [one for one in self.server.messages(place.log)[-1:] if all(word in one.text for word in words)]

        return (await self.server.until(found, what=f"a card with {words}"))[0]

    async def events(self, post: Message) -> list[ImageEvent]:
        """The events of a post, as they were when it was first asked for."""
        if post.id not in self.seen:
            channel = await self.server.until(lambda: self.access.client.get_channel(post.raw.channel_id))
            assert isinstance(channel, discord_py.TextChannel | discord_py.Thread)
            self.seen[post.id] = incoming_of(await channel.fetch_message(post.id)).events()
        return self.seen[post.id]

    async def order(self, act: Act, place: Place, post: Message, *done: ActionRecord, attempts: int = 1) -> Order:
        """An order about a post to which some has been done."""
        events = await self.events(post)
        action = ActionRecord(id=90, case=1, act=act, key=f"{post.id}:{act}:{len(done)}", attempts=attempts)
        case = a_case(events[0], *done, action)
        return Order(action=action, case=case, about=case, community=place.community, policy=Policy(), picture=known())

    def calls(self, method: str, ending: str = "") -> list[Any]:
        return [one for one in self.server.calls if one.method == method and one.path.endswith(ending)]


def a_case(event: ImageEvent, *actions: ActionRecord) -> Case:
    found = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(match(reference(TITLE)),))
    return Case(
        id=next(NUMBERS) + 1000,
        event=event,
        sha256="aa",
        verdict=found,
        mode=Mode.ENFORCE,
        would_have=(),
        opened_at=datetime.now(UTC),
        thumbnail="key",
        actions=actions,
    )


def done(act: Act, number: int, receipt: str = "") -> ActionRecord:
    """An action that was carried out before."""
    return ActionRecord(id=number, case=1, act=act, key=f"{act}-{number}", state=ActState.DONE, receipt=receipt)


def waiting(act: Act, number: int = 95) -> ActionRecord:
    return ActionRecord(id=number, case=1, act=act, key=f"{act}-{number}")


@asynccontextmanager
async def rigged(folder: Path, migrated: Path, *, message_content: bool = True, **settings: Any) -> AsyncIterator[Rig]:
    """Everything runs until the block ends; the peer must have been able to do all that was asked of it."""
    shutil.copy(migrated, folder / "resight.db")
    async with (
        DiscordServer(message_content=message_content) as server,
        Database.open(folder / "resight.db") as db,
        Runner(Toy(), threads=2) as runner,
    ):
        given: Any = {"discord_token": server.token, "discord_url": server.url, "asks_a_minute": 100} | settings
        discord = Discord(Settings(home=folder, **given))
        bare = await assemble(db, runner, clock=Now(), default=Policy(mode=Mode.OFF))
        services = replace(bare, fronts={discord.front.name: discord.front})
        await create_collection(services, "brands", purpose=reference("").purpose)
        await references.add(services, Entry(key=KNOWN, collection="brands", title=TITLE), saved(drawn(KNOWN)))
        async with running(services, discord), _impatient():
            await server.commands("search")
            await server.ready()
            yield Rig(server, services, discord, db)
        assert server.gaps == []


@asynccontextmanager
async def _impatient() -> AsyncIterator[None]:
    """Without discord.py's five seconds in front of each new session: the peer allows as many as one likes."""

    async def at_once(*_: object, **__: object) -> None:
        return

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bot, "before_identify_hook", at_once)
        yield


@asynccontextmanager
async def running(services: Services, discord: Discord) -> AsyncIterator[None]:
    """The loops of `bot.serve` that matter here."""
    loops = (screen.screen_forever, outbox.carry_out_forever, alerts.tell_forever)
    services.parts.begins(discord.front.name, is_front=True)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(loop(services)) for loop in loops]
        tasks.append(group.create_task(connected(services, discord)))
        yield
        for task in tasks:
            task.cancel()
