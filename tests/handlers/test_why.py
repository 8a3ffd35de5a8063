"""Why a post was treated as it was."""

from dataclasses import replace

import pytest

from bot.services import Services
from core.cases import Policy
from core.errors import Unscannable
from core.types import Collection, Mode
from handlers import references
from handlers.references import Entry
from handlers.why import explain
from tests.small import SPACE, FakeFront, event, saved, scribble


@pytest.fixture
async def knowing(services: Services, front: FakeFront) -> Services:
    await services.references.create_collection(Collection(name="library"))
    await references.add(services, Entry(key="logo"), saved(scribble(1)))
    small = scribble(1).resize((200, 150))
    front.images = {"copy": saved(small, "JPEG", quality=70), "strange": saved(scribble(2))}
    return services


async def test_a_copy_passes_every_gate_but_the_moderators(knowing: Services) -> None:
    """The nearest reference comes with each gate, what was measured and what is asked."""
    found = await explain(knowing, event("copy"))
    gates = {gate.name: gate for gate in found.nearest[0].gates}

    assert found.standing == "watched"
    assert found.nearest[0].match.reference.key == "logo"
    assert [name for name, gate in gates.items() if gate.passed] == ["closeness", "copy", "review", "match", "content"]
    assert gates["match"].limit == 0.90


async def test_a_stranger_shows_where_it_stopped(knowing: Services) -> None:
    """Also the nearest reference of an image that matches nothing is named, with the gate it failed."""
    found = await explain(knowing, event("strange"))

    assert [judged.match.reference.key for judged in found.nearest] == ["logo"]
    assert not all(gate.passed for gate in found.nearest[0].gates)


async def test_the_standing_of_the_post_is_told(knowing: Services) -> None:
    """An exempt author and an unwatched channel are reasons, too."""
    exempt = await explain(knowing, event("copy", by_staff=True))
    await knowing.policies.set(SPACE, Policy(mode=Mode.OFF), "ann")
    unwatched = await explain(knowing, event("copy"))

    assert (exempt.standing, unwatched.standing) == ("exempt", "unwatched")


async def test_a_post_that_is_gone_says_so(knowing: Services) -> None:
    """There is nothing to explain without the picture."""
    with pytest.raises(Unscannable, match="gone"):
        await explain(knowing, replace(event("gone"), message="x"))
