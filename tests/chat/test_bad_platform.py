"""Whatever a platform answers to whatever the bot asks of it, on every front that has one: what becomes of that.

400         our fault: failed, and one line of the log; nobody reads that it is theirs
403, gone   an answer: who may nothing, what is not there, what was refused and why
the rest    tried again, after the pause that the platform asks for
"""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
import pytest_asyncio
import telegram.ext

from bot.fronts.telegram import sending
from bot.fronts.telegram.api import Limiter
from core.backoff import Backoff
from core.cases import Policy
from core.chat import Carried, Community, Said
from core.chat_port import Measure, Outgoing, Removal, Removed
from core.errors import OurFault, RetryLater, Unscannable
from core.messages import Answer, Button, Card, Incoming, Person, Right, Tone
from core.types import Act, ActState, ImageEvent, Intent, Mode, Platform
from embed.runner import Runner
from handlers.chat.data import of_case
from store.sql.db import Database
from tests.chat.answers import ANSWERS, ASKED_S, PASSES
from tests.chat.conftest import FRONTS, Now, know
from tests.chat.stage import LOG, PATIENCE_S, Stage, known
from tests.small import Toy, assemble

pytestmark = pytest.mark.asyncio(loop_scope="module")
WITH_A_PLATFORM = [name for name in FRONTS if name != "terminal"]
PAUSE = Said(key="done.reason-copy", values={"number": 1})
WORD = Answer(said=PAUSE, language="en")


@dataclass(frozen=True)
class Scene:
    """A post, a card and a reply of the bot, as they were before anything went wrong."""

    stage: Stage
    event: ImageEvent
    card: str
    reply: str

    @property
    def unknown(self) -> frozenset[Act]:
        """What is done to authors on other platforms only."""
        return frozenset(UNKNOWN.values()) - self.stage.can.does

    @property
    def log(self) -> str:
        return self.stage.chat.address(self.stage.space(LOG))

    @property
    def community(self) -> Community:
        space = self.stage.space()
        return Community(platform=space.platform, id=space.community, log=self.log)

    @property
    def ann(self) -> Person:
        return Person(id=self.event.author, name="ann")


def card(number: int) -> Answer:
    button = Button(label="Why?", data=of_case(number, "why"))
    return Answer(cards=(Card(title="A card", tone=Tone.MATCH, buttons=(button,)),), language="en")


def outgoing(number: int, tries: int = 1) -> Outgoing:
    return Outgoing(answer=card(number), key=f"card {number}", tries=tries)


def removal() -> Removal:
    return Removal(reason=PAUSE, language="en")


def until() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def measure(it: Scene, act: Act) -> Measure:
    """Lifting something that was done by us: on Discord by the role, on Telegram for ever."""
    role = str(it.stage.role().id) if it.stage.can.has_roles else ""
    before = {Act.UNQUARANTINE: role or "0", Act.UNBAN: "person"}.get(act, "")
    return Measure(act=act, reason=PAUSE, language="en", before=before, purge=timedelta(hours=1), role=role)


type Call = Callable[[Scene], Awaitable[Any]]

ACTS: Mapping[str, Call] = {
    "show": lambda it: it.stage.acting.show(it.log, outgoing(77), ""),
    "renew": lambda it: it.stage.acting.show(it.log, outgoing(1), it.card),
    "reply": lambda it: it.stage.acting.reply(it.event, it.event.message, outgoing(78)),
    "answer": lambda it: it.stage.acting.reply(replace(it.event, intent=Intent.QUERY), it.event.message, outgoing(79)),
    "can_write": lambda it: it.stage.acting.can_write(it.log, it.community),
    "withdraw": lambda it: it.stage.acting.withdraw(it.card),
    "mark": lambda it: it.stage.acting.react(it.event, it.event.message, True),
    "unmark": lambda it: it.stage.acting.react(it.event, it.event.message, False),
    "delete": lambda it: it.stage.acting.delete(it.event, it.event.message, removal()),
    "erase": lambda it: it.stage.acting.erase(it.event, it.reply),
    "restrict": lambda it: it.stage.acting.restrict(it.event, until(), PAUSE, "en", ""),
    "release": lambda it: it.stage.acting.restrict(it.event, None, PAUSE, "en", "4102444800"),
    "repost": lambda it: it.stage.acting.repost(
        Removed(event=it.event, card=it.card, above=PAUSE, language="en", key="restored-1-1")
    ),
    "ban": lambda it: it.stage.acting.on_author(it.event, measure(it, Act.BAN)),
    "unban": lambda it: it.stage.acting.on_author(it.event, measure(it, Act.UNBAN)),
    "kick": lambda it: it.stage.acting.on_author(it.event, measure(it, Act.KICK)),
    "quarantine": lambda it: it.stage.acting.on_author(it.event, measure(it, Act.QUARANTINE)),
    "unquarantine": lambda it: it.stage.acting.on_author(it.event, measure(it, Act.UNQUARANTINE)),
    "tell": lambda it: it.stage.acting.tell(it.event, Outgoing(answer=WORD, key="tell 1"), WORD),
    "warn": lambda it: it.stage.acting.warn(it.stage.space(), Answer(said=PAUSE, language="en")),
    "fetch": lambda it: it.stage.acting.fetch(it.event),
}
"""What the outbox has done (`core.chat_port.Acting`)."""

ASKS: Mapping[str, Call] = {
    "right_of": lambda it: it.stage.chat.right_of(it.ann, it.stage.space()),
    "community_name": lambda it: it.stage.chat.community_name(it.stage.space()),
    "language_of": lambda it: it.stage.chat.language_of(it.stage.space()),
    "place": lambda it: it.stage.chat.place(it.stage.space(), "https://t.me/somewhere"),
    "person": lambda it: it.stage.chat.person(it.stage.space(), it.event.author),
    "album": lambda it: it.stage.chat.album(Incoming(space=it.event.space, message=it.event.message, author=it.ann)),
    "linked": lambda it: it.stage.chat.linked(it.ann, it.stage.space(), link_to(it)),
    "lacking": lambda it: it.stage.chat.lacking(it.stage.space(), (Act.CARD, Act.REMOVE)),
    "forbids": lambda it: it.stage.chat.forbids(it.ann, Act.BAN, it.event),
    "unfit": lambda it: it.stage.chat.unfit(it.stage.space(), "1", Act.QUARANTINE),
    "write_to": lambda it: it.stage.chat.write_to(it.ann, Answer(said=PAUSE, language="en")),
    "begins": lambda it: it.stage.chat.begins(it.stage.space(), 1),
    "changed": lambda it: it.stage.chat.changed(it.stage.space()),
}
"""What those who ask need (`core.chat_port.Chat`)."""

NOTHING = (None, False, Right.EVERYBODY, "", ())


def link_to(it: Scene) -> str:
    return it.event.link or f"https://t.me/somewhere/{it.event.message}"


def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let neither the libraries nor we wait between tries."""

    async def at_once(_delay: float, result: object = None) -> object:
        await asyncio.sleep(0)
        return result

    impatient = SimpleNamespace(**{**vars(asyncio), "sleep": at_once})
    monkeypatch.setattr(discord.http, "asyncio", impatient)
    monkeypatch.setattr(telegram.ext._aioratelimiter, "asyncio", impatient)
    monkeypatch.setattr(Limiter, "_get_group_limiter", lambda *_: nullcontext())  # twenty messages a minute
    monkeypatch.setattr(sending, "ANSWER", Backoff(0.0, 0.0))


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=WITH_A_PLATFORM)
async def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated: Path
) -> AsyncIterator[Scene]:
    """Everything stands before anything goes wrong; no loop of ours runs beside."""
    folder = tmp_path_factory.mktemp("bad")
    shutil.copy(migrated, folder / "resight.db")
    async with Database.open(folder / "resight.db") as db, Runner(Toy(), threads=1) as runner:
        services = await assemble(db, runner, clock=Now(), fronts={}, default=Policy(mode=Mode.OFF))
        await know(services)
        async with FRONTS[request.param](services) as stage:
            yield await begun(stage)


async def begun(stage: Stage) -> Scene:
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    await stage.post("ann", known())
    async with asyncio.timeout(PATIENCE_S):
        while not (waiting := await stage.services.inbox.claim(1, timedelta(minutes=9))):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    event, log = waiting[0].event, stage.chat.address(stage.space(LOG))
    shown = await stage.acting.show(log, outgoing(1), "")
    reply = await stage.acting.reply(event, event.message, outgoing(2))
    return Scene(stage, event, shown.receipt, reply.receipt)


async def outcome(call: Awaitable[Any]) -> Any:
    """What it returns, or the error of ours that it raises; any other error fails the test."""
    try:
        return await call
    except (RetryLater, OurFault, Unscannable) as error:
        return error


async def met(scene: Scene, answer: str, call: Call) -> tuple[Any, bool]:
    """What comes of a call while the platform answers so, and whether the platform was asked at all."""
    scene.stage.forget()
    before = scene.stage.asked
    scene.stage.answers(answer)
    try:
        came = await outcome(call(scene))
    finally:
        scene.stage.answers("")
    return came, scene.stage.asked > before or isinstance(came, RetryLater)


def faults(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [one for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", ACTS)
async def test_what_the_outbox_orders(
    scene: Scene, name: str, answer: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again, or it has a final state with a reason; a fault of ours is one line of the log."""
    hasty(monkeypatch)
    came, was_asked = await met(scene, answer, ACTS[name])

    if UNKNOWN.get(name, Act.CARD) in scene.unknown:
        assert not was_asked and came.state in (ActState.UNSUPPORTED, ActState.DONE)
    elif not was_asked:
        assert came == Carried(state=ActState.DONE)  # what the gateway told is enough
    elif answer in PASSES:
        assert isinstance(came, RetryLater), came
        assert came.after == (ASKED_S if answer == "429-later" else 0)
    elif answer == "400":
        assert came.sentence == "internal" if isinstance(came, Carried) else isinstance(came, OurFault)
        assert isinstance(came, OurFault) or came.state is ActState.FAILED
    elif isinstance(came, Carried):
        assert came.state in (ActState.FORBIDDEN, ActState.GONE, ActState.UNSUPPORTED) or name in UNDOES
        assert came.state is ActState.DONE or came.sentence
        assert came.state is not ActState.GONE or answer == "gone"
    else:
        reason = "gone" if answer == "gone" else "no-access"
        assert came is False or (isinstance(came, Unscannable) and came.reason == reason)
    told = faults(caplog)
    assert len(told) == (was_asked and answer == "400")
    assert not any(one.exc_info for one in told)


UNKNOWN = {"restrict": Act.TIMEOUT, "quarantine": Act.QUARANTINE, "unquarantine": Act.QUARANTINE}
"""Acts that some platform does not have."""

UNDOES = ("unmark", "erase", "withdraw", "release", "unban", "unquarantine")
"""What is gone, or was never there, need not be undone."""


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", ASKS)
async def test_what_those_who_ask_need(
    scene: Scene, name: str, answer: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are asked to try again, or read that it is our fault, or it is not there: never an error of a library."""
    hasty(monkeypatch)
    came, was_asked = await met(scene, answer, ASKS[name])

    if not was_asked:
        assert not faults(caplog)
    elif answer in PASSES:
        assert isinstance(came, RetryLater), came
        assert came.after == (ASKED_S if answer == "429-later" else 0)
    elif answer == "400":
        assert isinstance(came, OurFault) or came is False
        assert len(faults(caplog)) == 1
    else:
        assert not isinstance(came, Exception), came
        assert came in NOTHING or came
        assert not faults(caplog)


TWICE: Mapping[str, Callable[[Scene, int], Awaitable[Any]]] = {
    "show": lambda it, tries: it.stage.acting.show(it.log, replace(outgoing(91, tries), newest=it.card), ""),
    "reply": lambda it, tries: it.stage.acting.reply(it.event, it.event.message, outgoing(92, tries)),
    "mark": lambda it, _: it.stage.acting.react(it.event, it.event.message, True),
    "restrict": lambda it, _: it.stage.acting.restrict(it.event, until(), PAUSE, "en", ""),
    "delete": lambda it, tries: it.stage.acting.delete(it.event, it.event.message, replace(removal(), tries=tries)),
}


@pytest.mark.parametrize("name", TWICE)
async def test_what_was_done_is_not_done_again(scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform did it and its answer was lost: asked for again, it is done, and stands there once.

    Telegram has no key by which a reply could be known again, so there it may be there twice.
    """
    if UNKNOWN.get(name, Act.CARD) in scene.unknown:
        pytest.skip("this platform has no such act")
    hasty(monkeypatch)
    before = scene.stage.written
    scene.stage.lose_answers()
    first = await outcome(TWICE[name](scene, 1))
    scene.stage.answers("")
    second = await outcome(TWICE[name](scene, 2)) if isinstance(first, RetryLater) else first
    added = scene.stage.written - before

    there_is_none = name == "restrict" and Act.TIMEOUT not in scene.stage.can.does
    state = ActState.UNSUPPORTED if there_is_none else ActState.DONE
    assert isinstance(second, Carried) and second.state is state
    expected = {"show": 1, "reply": 2 if scene.stage.platform is Platform.TELEGRAM else 1}
    assert added == expected.get(name, 0)
