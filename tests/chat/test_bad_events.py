"""What no library can read, a place that moves, cards where posts are watched, and staff that are put out."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from core.types import Mode, Outcome, Platform, Space
from core.wording import Words
from tests.chat.answers import discord_answers, matrix_answers, telegram_answers
from tests.chat.discord import DiscordStage
from tests.chat.matrix import MatrixStage
from tests.chat.stage import GENERAL, LOG, PATIENCE_S, TITLE, Stage, known
from tests.chat.telegram import TelegramStage
from tests.chat.test_presses import a_card, label
from tests.small import saved, scribble

EN = Words.of("en")
HUGE = 10**30
NOBODY: Mapping[str, Any] = {"id": 1, "is_bot": False, "first_name": "x"}

TO_TELEGRAM: Mapping[str, dict[str, Any]] = {
    "a kind of tomorrow": {"telepathy": {"text": "x"}},
    "nothing": {},
    "a message without its chat": {"message": {"message_id": 1, "date": 1, "from": NOBODY, "text": "x"}},
    "a message that is none": {"message": 7},
    "a chat of no kind": {"message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "swarm"}, "text": "/help"}},
    "a chat with a huge number": {
        "message": {"message_id": HUGE, "date": 1, "chat": {"id": HUGE, "type": "group"}, "text": "x"}
    },
    "a time that is none": {
        "message": {"message_id": 1, "date": "soon", "chat": {"id": 5, "type": "private"}, "text": "x"}
    },
    "a photo without a file": {
        "message": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "photo": [{}], "from": NOBODY}
    },
    "a press of nobody": {"callback_query": {"id": "1", "data": "c:1:v", "chat_instance": "1"}},
    "a membership without its sides": {"my_chat_member": {"chat": {"id": -5, "type": "group"}, "date": 1}},
}
"""What an update holds beside its number."""

TO_MATRIX: Mapping[str, tuple[str, dict[str, Any]]] = {
    "a kind that nobody knows": ("m.room.message", {"msgtype": "x" * 3000, "body": ""}),
    "a picture at no address": ("m.room.message", {"msgtype": "m.image", "body": "a", "url": 7, "info": "x"}),
    "a file without a key": ("m.room.message", {"msgtype": "m.image", "body": "a", "file": {"url": "x", "key": 3}}),
    "details that are a list": ("m.sticker", {"url": "mxc://x/y", "info": [], "body": {}}),
    "a change to a number": ("m.room.message", {"msgtype": "m.text", "body": "a", "m.new_content": 3}),
    "mentions of nobody": ("m.room.message", {"msgtype": "m.text", "body": "!help", "m.mentions": {}}),
    "buttons of somebody": ("m.room.message", {"msgtype": "m.text", "body": "1", "org.resight.buttons": [1, {}]}),
    "secrets of nobody": ("m.room.encrypted", {"algorithm": "x", "ciphertext": [], "session_id": {}}),
}
"""Contents that a homeserver passes on as they are."""

TO_DISCORD: Mapping[str, tuple[str, Any]] = {
    "a kind of tomorrow": ("TELEPATHY_CREATE", {"id": "1"}),
    "nothing": ("MESSAGE_CREATE", {}),
    "a message without its author": ("MESSAGE_CREATE", {"id": "5", "channel_id": "7", "content": "x"}),
    "a message whose parts are none": (
        "MESSAGE_CREATE",
        {"id": "5", "channel_id": "7", "author": None, "attachments": None, "embeds": None},
    ),
    "a number that is none": ("MESSAGE_CREATE", {"id": "five", "channel_id": "7", "author": {"id": "1"}}),
    "a huge number": ("MESSAGE_CREATE", {"id": str(HUGE), "channel_id": str(HUGE), "author": {"id": str(HUGE)}}),
    "an interaction of nobody": ("INTERACTION_CREATE", {"id": "1", "type": 2, "token": "x", "application_id": "1"}),
    "a server without itself": ("GUILD_UPDATE", {"id": None}),
    "a thread of nowhere": ("THREAD_CREATE", {"id": "1", "type": 99, "guild_id": "1"}),
    "a member of nobody": ("GUILD_MEMBER_UPDATE", {"guild_id": "1", "user": None, "roles": None}),
}


async def settled(stage: Stage, outcomes: Sequence[Outcome]) -> None:
    """Wait until so many posts were looked at, with these outcomes."""
    async with asyncio.timeout(PATIENCE_S):
        while [one.verdict.outcome for one in await stage.services.cases.newest()] != list(outcomes):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def flagging(stage: Stage, log: str = LOG) -> None:
    await stage.use("mo", "setup", log=stage.channel(log), mode="flag", language="en")


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says above a mere note, but for the library's own voice."""
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


async def test_events_that_nobody_can_read(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """An event that can't be read costs itself alone: one line in the log at most, and the next post is looked at."""
    if stage.platform is Platform.TERMINAL:
        pytest.skip("nothing is between it and its window")
    await flagging(stage)
    if isinstance(stage, TelegramStage):
        for odd in TO_TELEGRAM.values():
            stage.server.updates.tell(odd)
    elif isinstance(stage, DiscordStage):
        for name, payload in TO_DISCORD.values():
            stage.server.tell(name, payload)
    elif isinstance(stage, MatrixStage):
        for kind, content in TO_MATRIX.values():
            await stage.here.people["ann"].send(stage.space().channel, kind, content)
    await stage.post("ann", known())
    await settled(stage, [Outcome.MATCH])
    await stage.cards(1, saying=TITLE)

    odd = {Platform.TELEGRAM: TO_TELEGRAM, Platform.DISCORD: TO_DISCORD, Platform.MATRIX: TO_MATRIX}
    assert len(told(caplog)) <= len(odd[stage.platform])
    assert stage.services.parts.down == ()
    if isinstance(stage, TelegramStage):
        await stage.server.until(lambda: not stage.server.pending)


@pytest.mark.usefixtures("no_bursts")
async def test_a_community_that_moves(stage: Stage) -> None:
    """Its settings, its cases and where its cards go come along, and it is looked at as before."""
    if not isinstance(stage, TelegramStage):
        pytest.skip("numbers are for ever here")
    server, services = stage.server, stage.services
    basic = server.group("Old", admin=True, basic=True)
    server.make_admin(basic, stage.people["mo"])
    stage.chats[GENERAL] = basic
    await stage.use("mo", "setup", log=basic.id, mode="flag", language="zh")
    await stage.post("ann", known())
    await settled(stage, [Outcome.MATCH])
    new = server.migrate(basic)
    stage.chats[GENERAL] = new
    server.make_admin(new, stage.people["mo"])
    await stage.idle()
    community = await services.communities.get(Platform.TELEGRAM, str(new.id))
    policies = await services.policies.of_platform(Platform.TELEGRAM)
    await stage.post("ann", known())
    await settled(stage, [Outcome.MATCH, Outcome.MATCH])

    space = Space(platform=Platform.TELEGRAM, community=str(new.id), channel=str(new.id))
    assert (community.log, community.language) == (str(new.id), "zh")
    assert {one: policy.mode for one, policy in policies.items()} == {space: Mode.FLAG}
    assert {case.event.space.community for case in await services.cases.newest()} == {space.community}
    assert (await services.communities.get(Platform.TELEGRAM, str(basic.id))).log == ""


@pytest.mark.usefixtures("no_bursts")
async def test_cards_where_posts_are_watched(stage: Stage) -> None:
    """The bot's own cards, answers and reposts are never looked at: one post, one card."""
    await flagging(stage, GENERAL)
    await stage.post("ann", known())
    await settled(stage, [Outcome.MATCH])
    await stage.post("bo", saved(scribble(5)))
    await stage.post("ann", known())
    await settled(stage, [Outcome.MATCH, Outcome.MATCH])
    await asyncio.sleep(0.2)

    cases = await stage.services.cases.newest()
    assert len(cases) == 2
    assert {case.event.author for case in cases} == {cases[0].event.author}


async def test_who_is_put_out_between_press_and_answer(stage: Stage) -> None:
    """It counts who they are when they press, and not when they saw the card: one sentence, and nothing is done."""
    card, post = await a_card(stage, Mode.FLAG)
    await stage.make_staff("bo")
    await stage.press("bo", card, label("why"))
    await stage.make_staff("bo", is_staff=False)
    said = await stage.press("bo", card, label("violation"))
    await asyncio.sleep(0.1)
    (case,) = await stage.services.cases.newest()

    assert said == EN("said.staff-only")
    assert case.decisions == ()
    assert await stage.stands(post) != "gone"


async def test_who_is_put_out_between_the_question_and_the_answer(stage: Stage) -> None:
    """What is asked twice is asked of the staff both times."""
    card, _ = await a_card(stage, Mode.FLAG)
    await stage.make_staff("bo")
    asked = await stage.press("bo", card, label("abuse"))
    await stage.make_staff("bo", is_staff=False)
    said = await stage.press("bo", card, label("abuse"))
    (case,) = await stage.services.cases.newest()

    assert asked == EN("abuse.again")
    assert said == EN("said.staff-only")
    assert not case.is_suspected


async def test_who_is_put_out_uses_no_command(stage: Stage) -> None:
    """Whoever ran the community a moment ago changes nothing in it."""
    await flagging(stage)
    await stage.make_staff("bo")
    before = await stage.services.policies.for_space(stage.space())
    first = await stage.use("bo", "settings")
    await stage.make_staff("bo", is_staff=False)
    second = await stage.use("bo", "mode", mode="enforce")

    assert first.text != second.text == EN("said.staff-only")
    assert await stage.services.policies.for_space(stage.space()) == before


@pytest.mark.parametrize(("answer", "key"), [("400", "problem.internal"), ("503", "failure.unreachable")])
async def test_who_asks_while_the_platform_fails(
    stage: Stage, answer: str, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    """They read one sentence: that it is our fault, which the log tells in one line, or that nobody answers."""
    if stage.platform is Platform.TERMINAL:
        pytest.skip("nothing is between it and its window")
    post = await stage.post("ann", known())
    if isinstance(stage, TelegramStage):
        telegram_answers(stage.server, answer, "getChatAdministrators")
        said = await stage.use("mo", "settings")
    elif isinstance(stage, MatrixStage):
        matrix_answers(stage.proxy, answer, "GET /_matrix/client/v3/rooms/")
        said = await stage.use("mo", "why", link=f"https://matrix.to/#/{stage.space().channel}/{post.id}")
    else:
        assert isinstance(stage, DiscordStage)
        link = f"https://discord.com/channels/{stage.guild.id}/{stage.channels[GENERAL].id}/{post.id}"
        discord_answers(stage.server, answer, "GET /channels/")
        said = await stage.use("mo", "why", link=link)
    stage.answers("")
    faults = [one for one in caplog.records if one.levelno >= logging.ERROR]

    assert EN(key) in said.text
    assert "Traceback" not in said.text
    assert (len(faults), [one.exc_info for one in faults]) == ((1, [None]) if answer == "400" else (0, []))
