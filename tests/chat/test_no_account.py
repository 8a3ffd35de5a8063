"""Posts of nobody who could be acted on, on every front: an integration, the bot itself, who writes as the group."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.cases import Policy
from core.types import Act, Mode, Platform
from core.wording import Words
from handlers.chat import data
from tests.chat.discord import DiscordStage
from tests.chat.matrix import MatrixStage
from tests.chat.stage import LOG, PATIENCE_S, TITLE, Stage
from tests.chat.telegram import TelegramStage
from tests.chat.test_author_acts import BY_HAND, needs
from tests.small import SAME, event

EN = Words.of("en")
WEBHOOK = "424242424242424242"
REASONS = ("is-me", "no-account", "is-admin")
PEOPLE = ("ann", "bo", "mo")


def bot(stage: Stage) -> str:
    if isinstance(stage, DiscordStage):
        assert stage.connector.acting.access
        return str(stage.connector.acting.access.me)
    if isinstance(stage, TelegramStage):
        return str(stage.server.me.id)
    assert isinstance(stage, MatrixStage)
    return stage.here.bot


def nobody(stage: Stage) -> str:
    """Who has no account of their own: an integration, or who writes in the group's name."""
    return stage.space().channel if isinstance(stage, TelegramStage) else WEBHOOK


async def posted_by(stage: Stage, author: str, *enforce: Act) -> None:
    """The card of a post by that author, which is a violation, for which just this is done."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    await stage.empower("mo", may_ban=True)
    if stage.can.has_roles:
        await stage.use("mo", "roles", use="quarantine", who=stage.role())
    services = stage.services
    await services.policies.set(stage.space(), Policy(mode=Mode.FLAG, enforce=enforce), "mo")
    await services.inbox.accept([event("posted", stage.space(), message="4321", author=author, author_name="Hook")])
    (waiting,) = await services.inbox.claim(1, timedelta(minutes=1))
    best = SAME.matches[0]
    verdict = replace(SAME, matches=(replace(best, reference=replace(best.reference, title=TITLE)),))
    await services.cases.conclude(waiting, "aa", verdict, Mode.FLAG, (Act.CARD,), (), None, "")
    services.outbox_bell.ring()
    await stage.cards(1, saying=TITLE)
    await stage.press_data("mo", data.of_case(1, "violation"))


async def refused(stage: Stage, act: str) -> str:
    """What is read after the press, at once or on the card."""
    told = await stage.press_data("mo", data.of_case(1, act))
    if told.endswith(EN("twice.press")):
        told = await stage.press_data("mo", data.of_case(1, act))
    if not told.startswith(EN("said.by-hand", act=EN(f"act.{act}"), who="*").partition("*")[0]):
        return told
    reasons = [EN(f"failure.{one}") for one in REASONS]
    async with asyncio.timeout(PATIENCE_S):
        while True:
            card = (await stage.cards(1, saying=TITLE))[-1].text
            if any(one in card for one in reasons):
                return card
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("act", BY_HAND)
async def test_nothing_is_done_to_the_bot_itself(stage: Stage, act: str) -> None:
    """A post of its own that somebody reported: the refusal is in words, and everybody stays."""
    needs(stage, act)
    before = [await stage.fate(person) for person in PEOPLE]
    await posted_by(stage, bot(stage))
    told = await refused(stage, act)

    refusals = (EN("failure.is-me"), EN("said.your-role"), EN("said.your-right", permission="").partition("  ")[0])
    assert any(one in told for one in refusals)
    assert [await stage.fate(person) for person in PEOPLE] == before


@pytest.mark.parametrize("act", BY_HAND)
async def test_nothing_is_done_to_who_has_no_account(stage: Stage, act: str) -> None:
    """A webhook, or an administrator who writes as the group: in words, and nobody else is hit."""
    needs(stage, act)
    if isinstance(stage, MatrixStage):
        pytest.skip("whoever is bridged has an account there")
    before = [await stage.fate(person) for person in PEOPLE]
    await posted_by(stage, nobody(stage))
    told = await refused(stage, act)

    assert EN("failure.no-account") in told or EN("failure.is-admin") in told
    assert [await stage.fate(person) for person in PEOPLE] == before


@pytest.mark.parametrize("who", [bot, nobody])
async def test_a_word_to_nobody_is_refused_in_words(stage: Stage, who: Callable[[Stage], str]) -> None:
    """Told as staff chose for a violation: nobody is written to, and it is no fault of ours."""
    if stage.platform is Platform.TERMINAL or (isinstance(stage, MatrixStage) and who is nobody):
        pytest.skip("whoever posts there has an account")
    before = [len(stage.told(person)) for person in PEOPLE]
    await posted_by(stage, who(stage), Act.TELL)
    card = await stage.cards(1, saying=f"{EN('act.tell')}: {EN('act_state.unsupported')}")
    reasons = [EN(f"failure.{one}") for one in ("is-me", "no-account", "no-way-to-author")]

    assert any(one in card[-1].text for one in reasons)
    assert [len(stage.told(person)) for person in PEOPLE][:2] == before[:2]
