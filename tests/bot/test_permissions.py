"""Who may do what: every command and button of the staff, tried by everybody who is not, changes nothing.

The tables come from the program itself, so a command that is new is tried as well.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from simcord.enums import AppCommandType, OptionType
from sqlalchemy import select

from core.messages import Right
from core.types import Mode, Platform
from core.wording import Words
from embed.runner import Runner
from handlers.chat import data
from handlers.chat.commands import COMMANDS
from handlers.chat.data import LETTERS
from store.sql.db import Database
from store.sql.tables.catalogue import collections, reference_images
from store.sql.tables.communities import communities, invites, policies, subscriptions
from store.sql.tables.judged import decisions
from tests.bot.fronts.discord.rig import Place, Rig, known, rigged
from tests.bot.fronts.telegram.kit import WORDS, Town, town_on
from tests.bot.fronts.telegram.test_presses import forged
from tests.peers.discord_world import BUTTON, Message, User
from tests.peers.telegram_server import TelegramServer

EN = Words.of("en")
STAFF = [one.name for one in COMMANDS if one.who > Right.EVERYBODY]
CHOICES = (collections, communities, decisions, invites, policies, reference_images, subscriptions)
ARGUMENTS = {
    "setup": "here enforce en",
    "mode": "enforce",
    "threshold": "10 5",
    "actions": "enforce delete",
    "references add": "",
    "references remove": "koi",
    "exempt": "5",
    "admit": "5",
    "case": "1",
    "alerts add": "brands",
    "alerts remove": "brands",
    "alerts invite": "brands",
    "alerts join": "ABCDEF",
    "reset": "",
    "unwatch": "",
    "language": "zh",
    "log": "{group}",
    "brakes": "5 1",
    "ignore": "5",
    "remember": "24",
    "watch": "enforce",
}


async def state(db: Database) -> list[list[str]]:
    """Everything that staff can choose."""
    async with db.read() as connection:
        return [sorted(str(tuple(row)) for row in await connection.execute(select(table))) for table in CHOICES]


# ---- Telegram: every command x everybody who is not staff


@pytest.fixture
async def town(db: Database, toy_runner: Runner) -> AsyncIterator[Town]:
    async with TelegramServer() as telegram, town_on(telegram, db, toy_runner) as one:
        await one.set_up()
        one.post()
        await one.card()
        yield one


async def test_telegram_commands_are_for_the_staff(town: Town, db: Database) -> None:
    """A member, the staff of another group and somebody in private change nothing and are told so."""
    foreign = town.telegram.group("Elsewhere", admin=True)
    town.telegram.make_admin(foreign, town.bobby)
    before = await state(db)
    private = [town.telegram.start(who) for who in (town.alice, town.bobby)]
    for name, who in itertools.product(STAFF, (town.alice, town.bobby)):
        text = f"/{name} {ARGUMENTS.get(name, '')}".format(group=town.group.id)
        town.telegram.post(town.group, who, text=text, reply_to=town.telegram.messages(town.group)[0])
    for name in STAFF:
        text = f"/{name} {ARGUMENTS.get(name, '')}".format(group=town.group.id)
        town.telegram.post(town.telegram.private(town.alice), town.alice, text=text)
    await town.bot.idle()

    assert await state(db) == before
    for chat in private:
        refused = [one for one in town.telegram.said(chat) if WORDS("said.staff-only") in one.shown]
        assert len(refused) == len(STAFF), "members and foreigners are told"
    assert set(ARGUMENTS) <= set(STAFF)


async def test_telegram_buttons_are_for_the_staff(town: Town, db: Database) -> None:
    """Every letter, pressed by a member and by the staff of another group."""
    foreign = town.telegram.group("Elsewhere", admin=True)
    town.telegram.make_admin(foreign, town.bobby)
    (card,) = town.cards()
    before = await state(db)
    told = [
        (await town.telegram.press(forged(card, f"c:1:{letter}"), who, f"c:1:{letter}").answer()).text
        for letter, who in itertools.product(LETTERS.values(), (town.alice, town.bobby))
    ]

    assert set(told) == {WORDS("said.staff-only")}
    assert await state(db) == before


# ---- Discord: every command x everybody who is not staff, past what Discord itself would not offer them


@pytest_asyncio.fixture
async def rig(tmp_path: Path, migrated: Path) -> AsyncIterator[Rig]:
    async with rigged(tmp_path, migrated) as one:
        yield one


def leaves(command: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """A command's subcommands with their paths, or itself."""
    nested = [one for one in command.get("options", []) if one["type"] in (1, 2)]
    if not nested:
        return [(path, command)]
    return [leaf for one in nested for leaf in leaves(one, (*path, one["name"]))]


def filled(place: Place, rig: Rig, leaf: Any) -> dict[str, Any]:
    """A value for each option that it needs."""
    role = rig.server.role(place.guild, "Somebody")
    values: dict[int, Any] = {
        OptionType.STRING: "koi",
        OptionType.INTEGER: 5,
        OptionType.NUMBER: 5.0,
        OptionType.BOOLEAN: True,
        OptionType.USER: place.bo,
        OptionType.CHANNEL: place.log,
        OptionType.ROLE: role,
        OptionType.MENTIONABLE: place.bo,
        OptionType.ATTACHMENT: ("a.jpg", known()),
    }
    needed = [one for one in leaf.get("options", []) if one.get("required")]
    return {one["name"]: one["choices"][0]["value"] if one.get("choices") else values[one["type"]] for one in needed}


def forced(rig: Rig, place: Place, who: User, root: Any, path: tuple[str, ...], leaf: Any) -> Any:
    """Use a command that Discord would not offer this person."""
    from simcord import interactions as wire

    server: Any = rig.server
    data, resolved = server._options(leaf, filled(place, rig, leaf), place.channel, who)
    _, nesting = wire.walk_to_subcommand(root, list(path))
    shown = {"options": wire.nest_options(root, nesting, data), "resolved": resolved}
    return server._command_used(place.channel, who, root, shown, "en-US")


FOR_EVERYBODY = {("search",), ("help",), ("find",), ("alerts", "join"), ("alerts", "leave"), ("alerts", "list")}


async def test_discord_commands_are_for_the_staff(rig: Rig) -> None:
    """A member who gets past Discord's own list of commands is told that it is for the staff, and changes nothing."""
    place = await rig.set_up()
    before = await state(rig.db)
    backend: Any = rig.server.backend
    roots = [
        command
        for scope in backend.commands.values()
        for (_, kind), command in scope.items()
        if kind == AppCommandType.CHAT_INPUT
    ]
    tried = 0
    for root in roots:
        for path, leaf in leaves(root):
            if (root["name"], *path) in FOR_EVERYBODY:
                continue
            answer = await forced(rig, place, place.alice, root, path, leaf).answer()
            assert EN("said.staff-only") in answer.text, (root["name"], path, answer.text)
            tried += 1

    assert tried >= 20
    assert await state(rig.db) == before


def pressed(rig: Rig, message: Message, who: User, button: str) -> Any:
    """Press a button that the message may not have: an altered client can send anything."""
    server: Any = rig.server
    return server._component_used(message, who, {"custom_id": button, "type": BUTTON, "id": 1}, {}, "en-US")


async def test_discord_buttons_are_for_the_staff(rig: Rig) -> None:
    """A member presses what a card offers, and what an altered client would send."""
    place = await rig.set_up(Mode.DRY_RUN)
    post = rig.post(place)
    await rig.matched(place, post)
    (card,) = await rig.cards(place)
    before = await state(rig.db)
    number = str(next(one.custom_id for one in card.buttons if one.custom_id)).split(":")[1]
    for action in data.LETTERS:
        refused = await pressed(rig, card, place.alice, data.of_case(int(number), action)).note()
        assert refused.text == EN("said.staff-only"), action

    assert await state(rig.db) == before


async def test_another_guild_decides_nothing_here(rig: Rig) -> None:
    """The staff of one guild can't decide a case of another, whatever number they send."""
    here, there = await rig.set_up(), await rig.set_up()
    post = rig.post(here)
    await rig.matched(here, post)
    theirs = rig.post(there)
    await rig.matched(there, theirs)
    (card,) = await rig.cards(here)
    (other,) = await rig.cards(there)
    stolen = next(one.custom_id for one in card.buttons if (one.custom_id or "").endswith(":v"))
    pressed(rig, other, there.mo, stolen or "")
    await asyncio.sleep(0.5)
    cases = [
        one for one in await rig.services.cases.newest(limit=50) if one.event.space.community == str(here.guild.id)
    ]

    assert [one.decisions for one in cases] == [()]
    assert cases[0].event.space.platform is Platform.DISCORD
