"""The page that says how the bot is, and has it look again at what it gave up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.serve import loops_of
from bot.services import Services
from core.matches import Verdict
from core.types import Mode, Outcome
from core.wording import LANGUAGES, Words
from handlers.parts import Part, Why
from tests.small import event
from tests.web.fakes import Desk
from web.health import sentence


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


def fail(front: Desk) -> None:
    """Discord can't be reached, Telegram is connected, and subscribers are not told."""
    parts = front.services.parts
    for name in ("discord", "telegram"):
        parts.begins(name, is_front=True)
        parts.works(name)
    parts.fails("discord", Why.UNREACHABLE)
    parts.begins("alerts", is_front=False)
    parts.fails("alerts", Why.STOPPED)


async def test_a_front_that_is_down_is_shown(front: Desk) -> None:
    """With why and since when; the others are connected, and a page with trouble does not say that all is well."""
    fail(front)
    text = await page(front)

    assert "Discord is not connected: it can&#39;t be reached." in text
    assert "Telling subscribers has stopped: it failed (the log says how)." in text
    assert "Telegram is connected." in text
    assert "Since " in text
    assert "All is well." not in text


async def test_whoever_watches_hears_which_front_is_down(front: Desk) -> None:
    """503 with its name, its reason and since when; 200 once it is back."""
    fail(front)
    async with front.client.get("/readyz") as answer:
        said = await answer.json()
    front.services.parts.works("discord")
    front.services.parts.works("alerts")
    async with front.client.get("/readyz") as well:
        assert (well.status, (await well.json())["problems"]) == (200, [])

    assert (answer.status, said["status"]) == (503, "waiting")
    assert [(one["reason"], one["name"], one["why"]) for one in said["problems"]] == [
        ("front", "discord", "unreachable"),
        ("loop", "alerts", "stopped"),
    ]
    assert said["problems"][0]["message"].startswith("Discord is not connected")
    assert all(datetime.fromisoformat(one["since"]).tzinfo for one in said["problems"])


@pytest.mark.parametrize("why", Why)
async def test_every_reason_has_its_sentence(why: Why) -> None:
    """In both languages, for fronts and for loops."""
    for words in map(Words.of, LANGUAGES):
        for name, is_front in (("discord", True), ("telegram", True), ("screen", False)):
            part = Part(name=name, is_front=is_front, since=datetime.now(UTC), why=why)
            assert words(f"health.why.{why}") in sentence(part, words)


def test_every_loop_has_its_name(services: Services) -> None:
    """Of whatever the bot does for ever the page can tell."""
    whole = replace(services, semantics=object())  # type: ignore[arg-type]
    for words in map(Words.of, LANGUAGES):
        assert all(words.has(f"health.part.{name}") for name in loops_of(whole))
