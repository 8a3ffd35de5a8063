"""The walls around the screening loop: a bug costs the image on which it is met, and nothing else."""

import asyncio
from typing import Any

import pytest

from bot.services import Services
from core.cases import Policy, Waiting
from core.types import Mode
from handlers import intake
from handlers.screen import screen_forever
from tests.handlers.test_screen import until
from tests.small import SPACE, FakeFront, event, saved, scribble


async def test_a_row_that_can_neither_be_concluded_nor_put_back_stops_no_other(
    services: Services, front: FakeFront, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug met again at the last wall: the loop goes on, and the row waits for the end of its lease."""
    await services.policies.set(SPACE, Policy(mode=Mode.DRY_RUN), "ann")
    front.images = {"poison": saved(scribble(1)), "other": saved(scribble(2))}
    conclude = services.cases.conclude

    async def failing(waiting: Waiting, *given: Any, **said: Any) -> int | None:
        if waiting.event.image == "poison":
            raise KeyError("a column")
        return await conclude(waiting, *given, **said)

    async def broken(*_: object, **__: object) -> None:
        raise KeyError("a column")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.cases, "conclude", failing)
        patch.setattr(services.inbox, "release", broken)
        await intake.accept(services, [event("poison"), event("other")])
        loop = asyncio.create_task(screen_forever(services))
        await until(services, 1)
        is_over = loop.done()
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)

    assert not is_over
    assert "left until its lease runs out" in caplog.text
