"""Removals without a moderator where the moderators' card is refused: what is removed, who is told, what comes later.

    python -m bench.bench_no_card

Discord and Telegram as strict peers, the real fronts over sockets. A community is in `enforce`, its known image is
confirmed. Then the place of the cards fails in one of these ways, five copies are posted, and all that the bot writes
outside of that place is read. At last it works again, and what comes then is counted.
"""

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.cases import ActionRecord, Policy
from core.types import Act, ActState, Mode, Space
from core.wording import Words
from embed.runner import Runner
from handlers import communities, outbox
from store.sql.db import Database
from tests.chat.conftest import Now, know, working
from tests.chat.discord import DiscordStage, on_discord
from tests.chat.stage import GENERAL, LOG, TITLE, Stage
from tests.chat.telegram import TelegramStage, on_telegram
from tests.small import Toy, assemble, drawn, saved

POSTS = 5
LONGEST_S = 60.0
EN = Words.of("en")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """How the place of the cards fails, and how it works again."""

    name: str
    begins: Callable[[Any], None]
    ends: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of five copies."""

    removed: int
    told: Sequence[str]
    cards: int
    removed_later: int


def hide(stage: DiscordStage) -> None:
    stage.server.revoke(stage.guild, "view_channel", "administrator", channel=stage.channels[LOG])


def mute(stage: DiscordStage) -> None:
    stage.server.revoke(stage.guild, "send_messages", "administrator", channel=stage.channels[LOG])


def allow(stage: DiscordStage) -> None:
    stage.server.grant(stage.guild, "view_channel", "send_messages", channel=stage.channels[LOG])


def delete(stage: DiscordStage) -> None:
    stage.server.backend.delete_channel(stage.channels[LOG].id)


def another(stage: DiscordStage) -> None:
    stage.channels[LOG] = stage.server.channel(stage.guild, "mod-log-2")


def refuse(stage: DiscordStage) -> None:
    stage.server.fail(f"POST /channels/{stage.channels[LOG].id}/messages", times=999, status=400)


def break_down(stage: DiscordStage) -> None:
    stage.server.fail(f"POST /channels/{stage.channels[LOG].id}/messages", times=999, status=503)


def nothing(_stage: Stage) -> None:
    """Nobody has chosen a place, or somebody chooses one again: `tried` does that."""


def fails(description: str, code: int = 400) -> Callable[[TelegramStage], None]:
    """Telegram refuses everything that is sent to the moderators' chat, with these words."""

    def begins(stage: TelegramStage) -> None:
        for method in ("sendPhoto", "sendMediaGroup", "sendDocument"):
            stage.server.fail(method, times=999, code=code, description=description)

    return begins


def closes(stage: TelegramStage, words: str = "Bad Request: TOPIC_CLOSED") -> None:
    """Telegram refuses cards and the sign that the bot types, too."""
    fails(words)(stage)
    stage.server.fail("sendChatAction", times=999, code=400, description=words)


def disappears(stage: TelegramStage) -> None:
    closes(stage, "Bad Request: chat not found")


DISCORD = (
    Trouble("no place for cards", nothing, nothing),
    Trouble("403: log channel hidden", hide, allow),
    Trouble("403: may not write there", mute, allow),
    Trouble("404: log channel deleted", delete, another),
    Trouble("400 to each card", refuse, lambda stage: stage.server.recover()),
    Trouble("503 to each card", break_down, lambda stage: stage.server.recover()),
)
TELEGRAM = (
    Trouble("no place for cards", nothing, nothing),
    Trouble(
        "403: kicked from the log group",
        lambda stage: stage.server.kick_bot(stage.chats[LOG]),
        lambda stage: stage.server.add_bot(stage.chats[LOG], admin=True),
    ),
    Trouble(
        "400: may not write there",
        lambda stage: stage.server.restrict(stage.chats[LOG], stage.server.me),
        lambda stage: stage.server.add_bot(stage.chats[LOG], admin=True),
    ),
    Trouble(
        "400: chat not found",
        disappears,
        lambda stage: stage.server.recover(),
    ),
    Trouble("400: topic closed", closes, lambda stage: stage.server.recover()),
    Trouble("400 to each card", fails("Bad Request: can't parse entities"), lambda stage: stage.server.recover()),
    Trouble("503 to each card", fails("Service Unavailable", 503), lambda stage: stage.server.recover()),
)


def copies(count: int) -> list[bytes]:
    image = drawn("river-city")
    return [saved(image.resize((700 + 2 * n, 560)), "JPEG", quality=70) for n in range(count)]


def place_of(stage: Stage) -> str:
    """The address of the moderators' place."""
    assert isinstance(stage, DiscordStage | TelegramStage)
    return str(stage.channels[LOG].id if isinstance(stage, DiscordStage) else stage.chats[LOG].id)


async def actions(stage: Stage) -> list[ActionRecord]:
    cases = await stage.services.cases.newest(limit=50)
    return [action for case in cases for one in case.pictures for action in one.actions]


async def judged(stage: Stage, cases: int) -> None:
    """Wait until so many images have their case."""
    async with asyncio.timeout(LONGEST_S):
        while len(await stage.services.cases.newest(limit=50)) < cases:  # noqa: ASYNC110  stores ring no bell
            await asyncio.sleep(0.2)


async def at_rest(stage: Stage, most: float = LONGEST_S) -> None:
    """Wait until no action waits."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(most):
            await asyncio.sleep(0.5)
            while any(one.state is ActState.WAITING for one in await actions(stage)):  # noqa: ASYNC110
                await asyncio.sleep(0.2)


def removed_alone(done: Sequence[ActionRecord]) -> int:
    """How many posts were removed without a moderator."""
    return sum(one.act is Act.REMOVE and one.state is ActState.DONE and one.decision is None for one in done)


def said(stage: Stage) -> list[tuple[str, str]]:
    """What the bot wrote outside of the moderators' place: to whom, and what."""
    if isinstance(stage, DiscordStage):
        everybody = {"the owner": stage.server.owner(stage.guild)} | stage.people
        places = {name: stage.server.direct(person) for name, person in everybody.items()}
        places["the channel"] = stage.channels[GENERAL]
        return [
            (name, one.text)
            for name, place in places.items()
            for one in stage.server.messages(place)
            if one.author == stage.server.bot
        ]
    assert isinstance(stage, TelegramStage)
    people = {"the owner": stage.server.founder} | stage.people
    chats = {name: stage.server.private(person) for name, person in people.items()}
    chats["the group"] = stage.chats[GENERAL]
    return [
        (name, one.shown)
        for name, chat in chats.items()
        for one in stage.server.said(chat)
        if "/search" not in one.shown
    ]


async def ready(stage: Stage) -> Space:
    """A community in `enforce` whose known image a moderator has confirmed."""
    space = stage.space()
    await communities.set_up(
        stage.services, space, log=place_of(stage), mode=Mode.ENFORCE, language="en", by="mo", name="Community"
    )
    stage.services.trials._trials.clear()
    await stage.post("ann", copies(1)[0])
    await judged(stage, 1)
    card = (await stage.cards(1, saying=TITLE))[-1]
    await stage.press("mo", card, EN("decision.violation"))
    await at_rest(stage)
    return space


async def tried(stage: Stage, trouble: Trouble) -> Seen:
    """Begin the trouble, post, read, end the trouble, read again."""
    space = await ready(stage)
    before, known = removed_alone(await actions(stage)), len(said(stage))
    has_no_place = trouble.begins is nothing
    home = await stage.services.communities.get(space.platform, space.community)
    if has_no_place:
        await communities.set_log(stage.services, home, "", "mo")
    trouble.begins(stage)
    await asyncio.sleep(1)
    for picture in copies(POSTS + 1)[1:]:
        await stage.post("ann", picture)
    await judged(stage, 1 + POSTS)
    await at_rest(stage, 8 if "503" in trouble.name else LONGEST_S)
    removed = removed_alone(await actions(stage)) - before
    told = said(stage)[known:]
    log.info("%s: %s", trouble.name, told)
    trouble.ends(stage)
    if has_no_place or trouble.ends is another:
        await communities.set_log(stage.services, home, place_of(stage), "mo")
    await asyncio.sleep(1)
    await at_rest(stage)
    if not _cards(await actions(stage)):
        await outbox.again(stage.services)  # what `bot.serve` does every hour
        await at_rest(stage)
    done = await actions(stage)
    return Seen(removed, [name for name, _ in told], _cards(done), removed_alone(done) - before)


def _cards(done: Sequence[ActionRecord]) -> int:
    """How many of the five copies have their card; the first image of all had its own before."""
    shown = {one.case for one in done if one.act is Act.CARD and one.state is ActState.DONE}
    return len(shown) - 1


@asynccontextmanager
async def staged(front: Callable[..., Any], folder: Path) -> AsyncIterator[Stage]:
    async with Database.open(folder / "resight.db") as db, Runner(Toy(), threads=1) as runner:
        services = await assemble(db, runner, clock=Now(), fronts={}, default=Policy(mode=Mode.OFF))
        await know(services)
        async with front(services) as stage, working(services):
            yield stage


async def main() -> None:
    """Print the table."""
    print("\n## Removals whose card is refused, five copies\n")
    print("| front | the place of the cards | removed without a moderator | told | cards later | removed later |")
    print("|---|---|---|---|---|---|")
    for name, front, troubles in (("Discord", on_discord, DISCORD), ("Telegram", on_telegram, TELEGRAM)):
        for trouble in troubles:
            with tempfile.TemporaryDirectory() as folder:
                async with staged(front, Path(folder)) as stage:
                    seen = await tried(stage, trouble)
            told = ", ".join(dict.fromkeys(seen.told)) or "nobody"
            print(
                f"| {name} | {trouble.name} | {seen.removed} | {told} | {seen.cards} | {seen.removed_later} |",
                flush=True,
            )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for noisy in ("httpx", "discord", "aiohttp"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    asyncio.run(main())
