"""What authors of a raid are told on Telegram, where a bot can't begin to write to anybody: no flood in the group."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.types import Act
from embed.runner import Runner
from store.sql.db import Database
from tests.bot.fronts.telegram.kit import KNOWN, TITLE, WORDS, Town, town_on
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_world import Chat, Message, User

PEOPLE = 6
WORD = WORDS("tell.removed", where="*", number=1).partition("*")[0]


@pytest.fixture(autouse=True)
def each_on_its_own() -> None:
    """Copies are one burst here, as they are for people."""


@pytest.fixture
async def town(telegram: TelegramServer, db: Database, toy_runner: Runner) -> AsyncIterator[Town]:
    async with town_on(telegram, db, toy_runner) as town:
        await town.set_up("flag")
        policy = await town.services.policies.for_space(town.space)
        await town.services.policies.set(town.space, replace(policy, enforce=(Act.REMOVE, Act.TELL)), "mo")
        yield town


async def raid(town: Town, people: list[User]) -> None:
    """A post of the known image by each, until all of them are one case."""
    for who in people:
        town.post(KNOWN, who)
    async with asyncio.timeout(30):
        while await posts(town) < len(people):  # noqa: ASYNC110  a database rings no bell
            await asyncio.sleep(0.05)


async def posts(town: Town) -> int:
    found = await town.services.cases.newest()
    return (found[0].burst.posts if found[0].burst else 1) if found else 0


async def at_rest(town: Town) -> None:
    async with asyncio.timeout(30):
        while await town.services.cases.waiting_actions():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def violation(town: Town, card: Message) -> None:
    data = next(one.data for one in card.buttons if ":v" in one.data)
    await town.telegram.press(card, town.mo, data).answer()


def told(town: Town, chat: Chat) -> list[Message]:
    return [one for one in town.telegram.said(chat) if WORD in one.shown]


async def test_a_raid_is_told_in_one_message(town: Town) -> None:
    """Who began a chat with the bot is told there, all others together; the card says so."""
    raiders = [town.telegram.user(f"raider{number}") for number in range(PEOPLE)]
    alone = town.telegram.start(raiders[3])
    await raid(town, raiders)
    await violation(town, await town.card(TITLE, str(PEOPLE)))
    await at_rest(town)
    (public,) = told(town, town.group)
    card = await town.card(WORDS("failure.told-together"))

    assert public.shown.startswith(WORDS("tell.together", people=PEOPLE, word=""))
    assert not any(one.name in public.shown for one in raiders)
    assert len(told(town, alone)) == 1
    assert WORDS("burst.tally-people", state="*", count=PEOPLE - 1).partition("*")[2] in card.shown


async def test_who_joins_a_raid_later_is_told_nothing_more_in_the_group(town: Town) -> None:
    """The group has read it once; what the bot says there is no part of the flood."""
    raiders = [town.telegram.user(f"raider{number}") for number in range(PEOPLE)]
    await raid(town, raiders[:2])
    await violation(town, await town.card(TITLE, "2"))
    await at_rest(town)
    await raid(town, raiders)
    await at_rest(town)

    assert len(told(town, town.group)) == 1


async def test_the_first_is_told_by_name_before_it_is_a_raid(town: Town) -> None:
    """Then the others together: two messages, however many follow."""
    raiders = [town.telegram.user(f"raider{number}") for number in range(PEOPLE)]
    await raid(town, raiders[:1])
    await violation(town, await town.card(TITLE))
    await at_rest(town)
    await raid(town, raiders)
    await at_rest(town)
    first, second = told(town, town.group)

    assert first.shown.startswith(f"{raiders[0].name}: ")
    assert not any(one.name in second.shown for one in raiders)
