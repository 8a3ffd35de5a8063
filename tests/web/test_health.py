"""The page that says how the bot is, and has it look again at what it gave up."""

from datetime import timedelta

import pytest

from core.matches import Verdict
from core.types import Mode, Outcome
from tests.conftest import event
from tests.web.fakes import Desk


async def give_up(front: Desk, image: str) -> int:
    """An image on which the bot gave up: its number."""
    inbox, cases = front.services.inbox, front.services.cases
    await inbox.accept([event(image)])
    (waiting,) = await inbox.claim(1, timedelta(minutes=1))
    await cases.conclude(waiting, "", Verdict(outcome=Outcome.UNSCANNABLE, reason="gave-up"), Mode.DRY_RUN)
    return waiting.id


async def page(front: Desk) -> str:
    async with front.client.get("/health") as answer:
        assert answer.status == 200
        return await answer.text()


async def test_all_is_well(front: Desk) -> None:
    """Nothing waits, nothing was given up, and there is nothing to press."""
    text = await page(front)

    assert "All is well." in text
    assert "Look again" not in text


@pytest.mark.parametrize("which", ["one", "all"])
async def test_what_was_given_up_is_looked_at_again(front: Desk, which: str) -> None:
    """One or all of them; a form of somebody else's making is refused."""
    numbers = [await give_up(front, image) for image in ("a", "b")]
    text = await page(front)
    token = text.split('name="csrf" value="')[1].split('"')[0]
    said = {"number": "all" if which == "all" else str(numbers[0])}
    async with front.client.post("/health/retry", data=said, allow_redirects=False) as refused:
        assert refused.status == 403
    async with front.client.post("/health/retry", data={**said, "csrf": token}, allow_redirects=False) as answer:
        assert answer.status == 303

    assert await front.services.inbox.dead() == (0 if which == "all" else 1)
    assert await front.services.inbox.depth() == (2 if which == "all" else 1)
