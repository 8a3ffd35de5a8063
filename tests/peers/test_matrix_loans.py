"""A community that was lent before is as good as a new one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from tests.peers.matrix_community import PASSWORD, STAFF
from tests.peers.matrix_homeserver import LACKING, homeserver, is_there
from tests.peers.matrix_loans import Loan, lent
from tests.peers.matrix_people import Api
from tests.peers.matrix_proxy import Proxy

LATE = {"msgtype": "m.text", "body": "late"}
pytestmark = pytest.mark.skipif(not is_there(), reason=LACKING)


@asynccontextmanager
async def borrowed() -> AsyncIterator[tuple[Loan, Api]]:
    """A loan, and the bot's account, which goes where it is invited."""
    async with lent(homeserver().url) as loan, Api(homeserver().url) as bot:
        who = {"type": "m.id.user", "user": loan.here.bot}
        login = {"type": "m.login.password", "identifier": who, "password": PASSWORD}
        bot.token = (await bot.ask("POST", "/login", login))["access_token"]
        following = asyncio.create_task(follow(bot))
        await loan.begin()
        yield loan, bot
        following.cancel()


async def follow(bot: Api) -> None:
    while True:
        for room in (await bot.ask("GET", "/sync", timeout="0"))["rooms"].get("invite", {}):
            await bot.ask("POST", f"/join/{room}", {})
        await asyncio.sleep(0.05)


async def rooms_of(bot: Api) -> set[str]:
    """The bot is still in the rooms for two of tests before, in which it is alone."""
    return set((await bot.ask("GET", "/joined_rooms"))["joined_rooms"])


async def test_who_borrows_it_next_finds_it_as_it_was() -> None:
    """Nothing that was written is read, nobody is staff who was made so, and nobody but mo is alone with the bot."""
    async with borrowed() as (loan, bot):
        first, general = loan.here, loan.here.rooms["general"]
        before, rooms_before = await first.founder.states(general), await rooms_of(bot)
        await first.write("ann", general, "hello")
        await first.make_staff("bo")
        await first.make_staff("ann")
        alone = await first.direct("ann")
        await first.mo.until(lambda: first.mo.messages(general))
    async with borrowed() as (loan, bot):
        here = loan.here
        written = [one for person in here.people.values() for room in person.timelines for one in person.messages(room)]
        now, rooms = await here.founder.states(general), await rooms_of(bot)
        members = await bot.ask("GET", f"/rooms/{alone}/joined_members")
        heard = await here.write("ann", general, "hello again")
        await here.mo.until(lambda: [one for one in here.mo.messages(general) if one.id == heard.id])

    assert here is first
    assert written == []
    assert now == before
    assert set(members["joined"]) == {here.bot}
    assert rooms_before >= {here.space, *here.rooms.values(), *loan.as_new}
    assert rooms == {*rooms_before, alone}
    assert STAFF not in before["m.room.power_levels", ""]["users"].values()


async def test_what_can_not_be_put_back_is_lent_no_more() -> None:
    """A community from which somebody was banned, or whose test failed, is not for others."""
    async with borrowed() as (loan, _):
        banned, ann = loan.here, loan.here.people["ann"].id
        await banned.founder.kick(banned.rooms["general"], ann)
    with pytest.raises(ZeroDivisionError):
        async with borrowed() as (loan, _):
            failed = loan.here
            raise ZeroDivisionError
    async with borrowed() as (loan, _):
        assert loan.here not in (banned, failed)


async def test_nothing_that_was_asked_for_comes_later() -> None:
    """Who drains the way to the homeserver waits for what is under way, also if the one who asked does not."""
    async with lent(homeserver().url) as loan, Proxy(homeserver().url) as proxy, Api(proxy.url) as api:
        mo, general = loan.here.mo, loan.here.rooms["general"]
        api.token = mo.api.token
        asked = [
            asyncio.create_task(api.ask("PUT", f"/rooms/{general}/send/m.room.message/{number}", LATE))
            for number in range(9)
        ]
        while not proxy._under_way:  # noqa: ASYNC110  before they are done
            await asyncio.sleep(0)
        for one in asked:
            one.cancel()
        await proxy.drain()
        await mo.caught_up()
        came = len(mo.messages(general))
        with pytest.raises(aiohttp.ClientError):
            await api.ask("GET", "/account/whoami")
        await asyncio.sleep(0.3)
        await mo.caught_up()

        assert came > 0
        assert len(mo.messages(general)) == came
