"""What moderators read of a raid and of single posts: the whole bot in small, played on a platform made of names.

    posts --handlers/intake, screen--> verdict, case --handlers/outbox--> ChatFront --> Played.shown: an answer to draw

Pictures are drawn by lab/drawings, looked at by the default model, and kept in a database that ends with the story.
Only the platform is made up (bench/chat_platforms.py).
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.chat_platforms import BOSS, LOG, Cast, Played, with_rooms
from bot.services import Services
from core.cases import Case, Policy
from core.chat import Community
from core.looks import Look, Material, View
from core.matches import Difference, Evidence
from core.messages import Answer, Incoming, Person, Pressed, Right, Shown
from core.model_ports import WorthACheck, always
from core.types import Act, Intent, Mode, Platform, Purpose, Quad
from embed.models.sscd import SscdEmbedder
from embed.runner import Runner
from handlers import intake, outbox, references, report, screen
from handlers.chat import data, incoming, presses
from handlers.chat.acts import ChatFront
from handlers.chat.context import Connection
from handlers.chat.patience import Patience
from handlers.collections import create_collection
from handlers.references import Entry
from handlers.screening import LEASE
from lab.drawings.demo import demo_set, jpeg, strangers
from lab.edits import first as edits
from store.sql.db import Database
from tests.clock import Clock
from tests.embed.decode.films import restless
from tests.small import assemble

LANGUAGES = ("en", "zh")
ENFORCE = (Act.REMOVE, Act.TELL)
SCAM, LURE = "zorbacoin", "I got mine already, be quick!"
POSTS, PEOPLE, AT_ONCE = 200, 20, 25
PAUSE_S = 0.5


@dataclass(frozen=True, slots=True)
class Scene:
    """Messages of the bot at one moment of a story, one below the other; `caption` says which moment, in words."""

    caption: str
    shown: Sequence[Answer]


@dataclass
class Story:
    """One platform with a community that is set up, and the bot."""

    cast: Cast
    services: Services
    platform: Played
    clock: Clock
    connection: Connection
    boss: Person
    posted: int = 0
    asked: int = 0

    async def post(self, who: Person, picture: bytes | None, *, text: str = "") -> Incoming:
        """Somebody posts a picture, and the bot looks at it; None is one that nobody can decrypt."""
        message = await self.accept(who, picture, text=text)
        await self.work()
        return message

    async def accept(self, who: Person, picture: bytes | None, *, channel: str = "general", text: str = "") -> Incoming:
        """Somebody posts a picture."""
        message = self._message(who, channel, text, "" if picture is None else "picture.jpg")
        if picture is not None:
            self.platform.images[message.pictures[0].image] = picture
        await intake.accept(self.services, message.events())
        return message

    def _message(self, who: Person, channel: str, text: str, file_name: str = "") -> Incoming:
        self.posted += 1
        space, number = self.cast.space(channel), str(7000 + self.posted)
        return Incoming(
            space=space,
            message=number,
            author=who,
            number=self.posted,
            text=text,
            pictures=(Shown(image=number, file_name=file_name),),
            link=self.cast.link.format(channel=space.channel, message=number),
        )

    async def work(self) -> None:
        """What the loops of `bot.serve` do until nothing is left."""
        while waiting := await self.services.inbox.claim(8, LEASE):
            for one in waiting:
                await screen.screen(self.services, one)
        while actions := await self.services.cases.claim_actions(32):
            await asyncio.gather(*(outbox.carry_out(self.services, one) for one in actions))

    async def report(self, message: Incoming, reporter: Person) -> None:
        """Somebody shows a post to the moderators."""
        await report.report(self.services, message.events(Intent.REPORTED), reporter.id)
        await self.work()

    async def case(self) -> Case:
        return (await self.services.cases.newest())[0]

    async def card(self, language: str = "") -> Answer:
        """The newest card as it is now, in another language if one is named."""
        self.asked += 1
        await self._speak(language)
        await self.services.cases.ask((await self.case()).id, f"picture-{self.asked}", [Act.CARD])
        self.clock.turn(seconds=4)
        await self.work()
        return self.platform.shown[-1]

    async def _speak(self, language: str) -> None:
        community = await self.services.communities.get(self.cast.platform, self.cast.community)
        if language and language != community.language:
            await self.services.communities.put(replace(community, language=language), BOSS)

    async def press(self, action: str) -> Sequence[Answer]:
        """The boss presses a button of the newest card: what is answered."""
        case = await self.case()
        self.asked += 1
        press = Pressed(
            who=self.boss,
            space=self.cast.space(LOG),
            message="1",
            data=data.of_case(case.id, action, case.burst.posts if case.burst else 1),
            number=self.asked,
            right=Right.MANAGER,
        )
        reaction = await presses.pressed(self.connection, press)
        await self.work()
        return [one for one in (reaction.note, reaction.message) if one and not one.is_empty]

    async def say(self, text: str, channel: str) -> Sequence[Answer]:
        """What the boss gets for a command."""
        message = replace(self._message(self.boss, channel, text), pictures=())
        before = len(self.platform.shown)
        answer = await incoming.heard(self.connection, message)
        return [*self.platform.shown[before:], *([] if answer.is_empty else [with_rooms(self.cast, answer)])]


class OnceRunner(Runner):
    """A runner that looks at each picture once: a raid posts the same two hundred times."""

    def __init__(self) -> None:
        super().__init__(SscdEmbedder(), threads=2, budget_s=60)
        self._known: dict[tuple[object, ...], Any] = {}

    async def look(self, data: bytes, sha256: str = "") -> Look:
        return await self._once(("look", data), lambda: super(OnceRunner, self).look(data, sha256))

    async def verify(
        self,
        look: Look,
        pairs: Sequence[tuple[View, Material]],
        is_worth_a_check: WorthACheck = always,
        *,
        at_a_glance: bool = False,
    ) -> list[Evidence | None]:
        ask = partial(super().verify, look, pairs, is_worth_a_check, at_a_glance=at_a_glance)
        pictures = tuple((view, stored.picture) for view, stored in pairs)
        return await self._once(("verify", look.picture.sha256, pictures, at_a_glance), ask)

    async def evidence(
        self, posted: bytes, reference: bytes, quad: Quad | None, differs: Sequence[Difference] = ()
    ) -> bytes:
        ask = partial(super().evidence, posted, reference, quad, differs)
        return await self._once(("evidence", posted, reference), ask)

    async def _once[T](self, key: tuple[object, ...], ask: Callable[[], Awaitable[T]]) -> T:
        if key not in self._known:
            self._known[key] = await ask()
        found: T = self._known[key]
        return found


@asynccontextmanager
async def told(
    runner: Runner, cast: Cast, language: str, mode: Mode = Mode.FLAG, refuses: str = ""
) -> AsyncIterator[Story]:
    """A community in which the scam is known, watched in this mode."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        async with Database.open(Path(folder) / "story.db") as db:
            platform = Played(cast, clock, refuses)
            services = await assemble(db, runner, clock=clock, fronts={}, default=Policy(mode=mode, enforce=ENFORCE))
            front = ChatFront(platform, clock, services.keep_evidence)
            services.fronts[cast.platform.value] = front  # type: ignore[index]  # a dict
            connection = Connection(services=services, chat=platform, patience=Patience(60, clock))
            await _furnished(services, cast, language)
            yield Story(cast, services, platform, clock, connection, cast.somebody(BOSS, 90))


async def _furnished(services: Services, cast: Cast, language: str) -> None:
    image = next(one for one in demo_set() if one.key == SCAM)
    await create_collection(services, "scams", Purpose.BLOCKLIST)
    entry = Entry(key=SCAM, collection="scams", title=image.title, source_url="https://example.org/warnings/42")
    await references.add(services, entry, jpeg(image.draw()))
    where = cast.space(LOG)
    community = Community(
        platform=cast.platform,
        id=cast.community,
        name="Picture club",
        language=language,
        log=where.channel,
        set_up_at=services.clock(),
    )
    await services.communities.put(community, BOSS)


def copy() -> bytes:
    """The scam, cropped and saved again."""
    return jpeg(edits.crop_75(next(one for one in demo_set() if one.key == SCAM).draw()), quality=70)


def stranger() -> bytes:
    return jpeg(next(iter(strangers())).draw())


def film() -> bytes:
    """Forty seconds in which the scam is shown for one."""
    return restless(40, still_at=31.0, still=copy())


async def _raid(story: Story, posts: int) -> None:
    """The raid goes on until there are so many posts."""
    people, channels = story.cast.people(), story.cast.open_channels
    picture = copy()
    while story.posted < posts:
        for _ in range(min(AT_ONCE, posts - story.posted)):
            number = story.posted
            who, where = people[number * 7 % PEOPLE], channels[number * 3 % len(channels)]
            await story.accept(who, picture, channel=where, text="" if number else LURE)
            story.clock.turn(seconds=PAUSE_S)
        await story.work()


async def raid(runner: Runner, cast: Cast, posts: int = POSTS) -> Mapping[str, Sequence[Scene]]:
    """The card after one post, seven and all; after one press for all, an act on an author by hand, and the undo.

    By language: the card is shown in each of them.
    """
    scenes: dict[str, list[Scene]] = {language: [] for language in LANGUAGES}
    async with told(runner, cast, LANGUAGES[0], refuses="announcements") as story:

        async def see(caption: str, said: Sequence[Answer] = ()) -> None:
            for language, seen in scenes.items():
                shown = await story.card(language)
                seen.append(Scene(caption, [shown, *(replace(one, language=language) for one in said)]))

        for count in (1, 7, posts):
            await _raid(story, count)
            await see(f"posts {count}")
        await see("violation", await story.press("violation"))
        await _raid(story, posts + 3)
        if Act.BAN in story.platform.can.does:
            await see("ban", [*await story.press(Act.BAN.value), *await story.press(Act.BAN.value)])
        else:
            await see("late")
        await see("undo", await story.press("undo"))
    return scenes


async def dry_run(runner: Runner, cast: Cast, language: str) -> Sequence[Scene]:
    """A small raid where nothing is touched yet."""
    async with told(runner, cast, language, Mode.DRY_RUN) as story:
        await _raid(story, 7)
        return [Scene("dry-run", [await story.card()])]


async def single(runner: Runner, cast: Cast, language: str) -> Sequence[Scene]:
    """Cards of a video, of a report of something unknown, and of an encrypted post whose key is missing."""
    async with told(runner, cast, language) as story:
        bo, kim, lea, *_ = story.cast.people()
        await story.post(bo, film(), text="wait for the end")
        scenes = [Scene("video", [await story.card()])]
        await story.report(await story.post(kim, stranger(), text="join us, link in my profile"), lea)
        said = await story.press("add")
        scenes.append(Scene("report", [await story.card(), *said]))
        if story.cast.platform is Platform.MATRIX:
            await story.report(await story.post(kim, None), lea)
            scenes.append(Scene("no-key", [await story.card()]))
        return scenes


async def listed(runner: Runner, cast: Cast, language: str) -> Sequence[Scene]:
    """/cases with a burst, a report and single posts, a page of two; /settings without the extra for videos."""
    async with told(runner, cast, language) as story:
        story.services = replace(story.services, sees_videos=False)
        story.connection = replace(story.connection, services=story.services)
        people = story.cast.people()
        for number, other in enumerate(strangers()):
            text = "what is this?" if number == 2 else ""
            await story.report(await story.post(people[number], jpeg(other.draw()), text=text), people[number + 1])
            story.clock.turn(minutes=11)
        await _raid(story, story.posted + 7)
        cases = Scene("cases", await story.say("/cases", LOG))
        return [cases, Scene("settings", await story.say("/settings", "general"))]
