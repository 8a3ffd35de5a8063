"""What the bot knows of its rooms is there again after a restart."""

import asyncio
from pathlib import Path

import pytest

from bot.fronts.matrix.front import Matrix
from bot.fronts.matrix.writing import Link
from bot.settings import load
from core.cases import Policy
from core.errors import RetryLater
from core.messages import Person, Right
from core.types import Mode
from embed.runner import Runner
from store.sql.db import Database
from tests.chat.conftest import Now
from tests.chat.matrix import on_matrix
from tests.chat.stage import GENERAL, PATIENCE_S
from tests.peers.matrix_community import PASSWORD
from tests.peers.matrix_homeserver import LACKING, homeserver, is_there
from tests.small import assemble

pytestmark = pytest.mark.skipif(not is_there(), reason=LACKING)


async def test_who_is_where_is_known_again(db: Database, toy_runner: Runner, tmp_path: Path) -> None:
    """The room that somebody has with the bot alone, and the staff, of whom nobody has written anything since."""
    services = await assemble(db, toy_runner, clock=Now(), fronts={}, default=Policy(mode=Mode.OFF))
    async with on_matrix(services) as stage:
        here, place = stage.here, stage.space()
        mo, ann = (Person(id=here.people[name].id) for name in ("mo", "ann"))

    login = {"matrix_url": homeserver().url, "matrix_user": here.bot, "matrix_password": PASSWORD}
    again = Matrix(load(home=tmp_path, **login))
    running = asyncio.create_task(again.run(services))
    try:
        rooms = (await _link(again)).rooms
        assert rooms.with_person(mo.id)
        assert await again.chat.right_of(mo, place) is Right.MANAGER
        assert ann.id in rooms.joined[here.rooms[GENERAL]].members
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _link(connector: Matrix) -> Link:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return connector.acting.link
            except RetryLater:
                await asyncio.sleep(0.05)
