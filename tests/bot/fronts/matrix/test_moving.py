"""Rooms of version 12, whose creators stand above all levels, and rooms that are upgraded to them."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.cases import Policy
from core.chat import Community, Said
from core.chat_port import Removal
from core.messages import Person, Right
from core.types import ActState, ImageEvent, Mode, Platform, Space
from embed.runner import Runner
from store.sql.db import Database
from tests.bot.fronts.matrix.test_rooms import ANN, MO, USUAL, room, rooms, state
from tests.chat.conftest import Now
from tests.chat.matrix import MatrixStage, on_matrix
from tests.chat.stage import LOG, PATIENCE_S
from tests.peers.matrix_homeserver import LACKING, is_there
from tests.small import assemble

needs_synapse = pytest.mark.skipif(not is_there(), reason=LACKING)


@pytest.fixture
async def stage(db: Database, toy_runner: Runner) -> AsyncIterator[MatrixStage]:
    services = await assemble(db, toy_runner, clock=Now(), fronts={}, default=Policy(mode=Mode.OFF))
    async with on_matrix(services) as made:
        place = made.space()
        mine = Community(
            platform=Platform.MATRIX, id=place.community, log=made.here.rooms[LOG], language="en", set_up_at=Now()()
        )
        await services.communities.put(mine, "mo")
        await services.policies.set(place, Policy(mode=Mode.FLAG), "mo")
        yield made


@needs_synapse
async def test_rooms_of_version_12(stage: MatrixStage) -> None:
    """Their names have no server, their creators are in no list of levels and run them, and posts are removed there."""
    place, founder = stage.space(), stage.here.founder
    post = await stage.post("ann", text="look")
    removed = ImageEvent(space=place, message=post.id, image=post.id, author=stage.named("ann"))
    removal = Removal(reason=Said(key="done.reason-copy", values={"number": 1}), language="en")

    assert (await founder.state_of(place.channel, "m.room.create"))["room_version"] == "12"
    assert ":" not in place.channel
    assert await stage.chat.right_of(Person(id=founder.id), place) is Right.MANAGER
    assert (await stage.acting.delete(removed, post.id, removal)).state is ActState.DONE
    assert await stage.stands(post) == "gone"


@needs_synapse
async def test_an_upgraded_room_goes_on(stage: MatrixStage) -> None:
    """With its settings and in its community, once the bot was invited there; whoever runs it is told."""
    here, old = stage.here, stage.space()
    await stage.idle()
    new = (await here.founder.api.ask("POST", f"/rooms/{old.channel}/upgrade", {"new_version": "12"}))[
        "replacement_room"
    ]
    for person in (here.bot, here.mo.id):
        await here.founder.invite(new, person)
    place = Space(platform=Platform.MATRIX, community=old.community, channel=new)

    async with asyncio.timeout(PATIENCE_S):
        while (await stage.services.policies.for_space(place)).mode is not Mode.FLAG:  # noqa: ASYNC110  no bell rings
            await asyncio.sleep(0.1)
    link = stage.connector.acting.link
    assert link.rooms.space_of(new) == place
    assert (await stage.services.policies.for_space(old)).mode is Mode.OFF
    told = await here.mo.until(lambda: [one for one in here.said(here.mo, new) if "upgraded" in one.body])
    assert len(told) == 1


def test_only_who_runs_a_room_moves_it() -> None:
    """A moderator's word moves nothing."""
    for sender, there in ((MO, "!new"), (ANN, "")):
        gone = state("m.room.tombstone", {"replacement_room": "!new"}, sender=sender)
        found = rooms(room("!r", USUAL, gone)).find("!r")
        assert found and found.successor == there


def test_a_space_that_moves_takes_its_rooms_along() -> None:
    """And a room that moves stays in its community, though the space does not list it yet."""
    found = rooms(room("!r"), room("!s"), room("!n"), room("!t"))
    found.homes = {"!r": "!s"}

    assert found.move("!r", "!n") == {"!n": "!s"}
    assert found.move("!s", "!t") == {"!r": "!t", "!n": "!t"}
    assert (found.community_of("!r"), found.community_of("!n")) == ("!t", "!t")
