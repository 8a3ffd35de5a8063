"""Where the bot is not any more, moderators read that it may not see the post: nobody can tell that it is gone."""

from collections.abc import AsyncIterator

import pytest

from core.cases import KICKED, Policy
from core.chat import Said
from core.chat_port import Outgoing, Removal
from core.errors import Unscannable
from core.messages import Answer
from core.types import ActState, ImageEvent, Mode, Platform, Space
from embed.runner import Runner
from store.sql.db import Database
from tests.chat.conftest import Now
from tests.chat.matrix import MatrixStage, on_matrix
from tests.chat.stage import LOG
from tests.peers.matrix_homeserver import LACKING, is_there
from tests.small import assemble

pytestmark = pytest.mark.skipif(not is_there(), reason=LACKING)
REMOVAL = Removal(reason=Said(key="done.reason-copy", values={"number": 1}), language="en")


@pytest.fixture
async def stage(db: Database, toy_runner: Runner) -> AsyncIterator[MatrixStage]:
    services = await assemble(db, toy_runner, clock=Now(), fronts={}, default=Policy(mode=Mode.OFF))
    async with on_matrix(services) as made:
        yield made


@pytest.mark.parametrize("how", ["was put out", "left", "was never there"])
async def test_what_can_not_be_seen_is_not_gone(stage: MatrixStage, how: str) -> None:
    """A removal, a file and a card: each says so, whatever the homeserver answers about the event."""
    here, place = stage.here, stage.space()
    post = await stage.post("ann", b"a picture")
    note = Outgoing(answer=Answer(said=Said(key="matrix.moved")), key="note")
    shown = await stage.acting.show(place.channel, note, "")
    if how == "was never there":
        room = await here.founder.create_room("else")
        place = Space(platform=Platform.MATRIX, community=room, channel=room)
        shown_at = f"{room}/{post.id}"
    else:
        link, shown_at = stage.connector.acting.link, shown.receipt
        if how == "left":
            await link.wire.ask("POST", f"/rooms/{place.channel}/leave", {})
        else:
            await here.founder.kick(place.channel, here.bot)
        await stage.idle()
        assert link.rooms.find(place.channel) is None
        post = await stage.post("ann", b"another picture")
    event = ImageEvent(space=place, message=post.id, image=post.id, author=stage.named("ann"))
    removed = await stage.acting.delete(event, post.id, REMOVAL)
    other = Outgoing(answer=Answer(said=Said(key="said.staff-only")), key="other")
    changed = await stage.acting.show(place.channel, other, shown_at)

    assert (removed.state, removed.sentence) == (ActState.FORBIDDEN, KICKED)
    assert (changed.state, changed.sentence) == (ActState.FORBIDDEN, KICKED)
    with pytest.raises(Unscannable) as told:
        await stage.acting.fetch(event)
    assert told.value.reason == "no-access"


async def test_a_post_that_is_gone_is_gone(stage: MatrixStage) -> None:
    """In a room where the bot is: an event that was never there, or that somebody redacted."""
    post = await stage.post("ann", b"a picture")
    await stage.here.mo.redact(post.room, post.id)
    for message in (post.id, "$never-was-there"):
        event = ImageEvent(space=stage.space(), message=message, image=message, author=stage.named("ann"))
        assert (await stage.acting.delete(event, message, REMOVAL)).state is ActState.GONE
        with pytest.raises(Unscannable) as told:
            await stage.acting.fetch(event)
        assert told.value.reason == "gone"


async def test_the_place_for_cards_is_not_there_any_more(stage: MatrixStage) -> None:
    """Whoever runs the community is told so."""
    log = stage.here.rooms[LOG]
    await stage.here.founder.kick(log, stage.here.bot)
    await stage.idle()
    shown = await stage.acting.show(log, Outgoing(answer=Answer(said=Said(key="matrix.moved")), key="x"), "")

    assert (shown.state, shown.sentence) == (ActState.FORBIDDEN, KICKED)
