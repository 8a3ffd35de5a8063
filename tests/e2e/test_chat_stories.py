"""What people do with the bot, told once and played on Discord in Chinese and on Telegram in English.

One real `resight run` process is connected to both peers over real sockets; every story has a community of its own.
What is said in both languages on each front is tests/chat's.
"""

import csv
import re
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest
import pytest_asyncio

from core.telling import host_of
from lab.edits import first as edits
from lab.hard_negatives import make
from tests.e2e.command import resight
from tests.e2e.running import running
from tests.e2e.stage import DiscordStage, Stage, TelegramStage
from tests.peers.discord_server import DiscordServer
from tests.peers.telegram_server import TelegramServer
from tests.small import drawn, saved, scribble

KNOWN, TITLE = "river-city", "River city"
SOURCE, RIGHTS = "https://example.org/river", "all rights reserved"
LANGUAGES = {"discord": "zh", "telegram": "en"}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@cache
def known() -> bytes:
    """An edited copy of the known image."""
    return saved(drawn(KNOWN).resize((700, 700 * drawn(KNOWN).height // drawn(KNOWN).width)), "JPEG", quality=70)


@cache
def screenshot() -> bytes:
    """The known image within the picture of an app."""
    return saved(edits.screenshot(drawn(KNOWN)))


def stranger(seed: int = 7) -> bytes:
    return saved(scribble(seed, 640, 480))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which one image is known to everybody."""
    folder = tmp_path_factory.mktemp("chat")
    drawn(KNOWN).save(folder / "known.png")
    row = {"key": KNOWN, "path": "known.png", "collection": "brands", "title": TITLE}
    row |= {"source_url": SOURCE, "owner": "Studio Example", "rights": RIGHTS}
    with (folder / "add.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    resight(folder / "data", "collections", "create", "brands", "--purpose", "brand")
    assert resight(folder / "data", "add", "--manifest", folder / "add.csv").code == 0
    return folder / "data"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def peers(home: Path) -> AsyncIterator[tuple[DiscordServer, TelegramServer]]:
    """Both platforms, with the bot connected."""
    async with DiscordServer() as discord, TelegramServer() as telegram:
        async with running(home, discord=discord, telegram=telegram):
            yield discord, telegram
        assert discord.gaps == []


@pytest.fixture(params=LANGUAGES)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def language(platform: str) -> str:
    return LANGUAGES[platform]


@pytest.fixture
def stage(peers: tuple[DiscordServer, TelegramServer], platform: str, language: str) -> Stage:
    """A new community on the platform."""
    discord, telegram = peers
    return DiscordStage(discord, language) if platform == "discord" else TelegramStage(telegram, language)


async def test_a_person_asks_the_bot(stage: Stage) -> None:
    """An image sent to the bot is answered with title, source, rights, certainty and both pictures."""
    answer = await stage.ask(known())
    strange = await stage.ask(stranger())

    for words in (TITLE, host_of(SOURCE), RIGHTS, "Studio Example", stage.words("sure.certain")):
        assert words in answer.text, answer.text
    assert answer.picture
    assert stage.words("answer.unknown") in strange.text


async def test_a_watched_channel_from_dry_run_to_enforce(stage: Stage) -> None:
    """Dry run touches nothing, flag marks; a press removes both copies, and what follows is removed, too: one card."""
    await stage.set_up()
    dry = stage.post(known())
    await stage.card_says("case.would_have_flag", "mode.dry_run")
    clean = stage.post(stranger())
    await stage.command("mode", mode="flag")
    flagged = stage.post(screenshot())
    await stage.until(lambda: stage.is_flagged(flagged))
    card = await stage.card_says(stage.words("burst.posts-many", count=2))
    untouched = not stage.is_flagged(dry) and not stage.is_gone(dry)
    await stage.press(card, "violation")
    await stage.until(lambda: stage.is_gone(flagged) and stage.is_gone(dry))
    await stage.command("mode", mode="enforce")
    removed = stage.post(known())
    await stage.until(lambda: stage.is_gone(removed))
    card = await stage.card_says(stage.words("burst.late-one"))

    assert card.picture
    assert TITLE in card.text
    assert untouched
    assert not stage.is_gone(clean)
    assert len(stage.cards()) == 1


async def test_other_words_in_the_same_layout_are_left_alone(stage: Stage) -> None:
    """Although the moderators called the known one a violation, nothing is done to a template; its card says so."""
    meme = make("same_template", [], 1, 1)[0]
    await stage.set_up()
    await stage.command("mode", mode="off")  # or the post of the reference itself may be looked at after it was added
    await stage.add_reference(stage.post(saved(meme.reference)))
    await stage.command("mode", mode="enforce")
    copy = stage.post(saved(meme.reference, "JPEG", quality=80))
    await stage.press(await stage.card(), "violation")
    await stage.until(lambda: stage.is_gone(copy))
    innocent = stage.post(saved(meme.query, "JPEG", quality=80))
    card = await stage.card(2)
    *_, content = stage.words("found.template").split("{title}")

    assert content in card.text
    assert stage.words("case.nothing_done") in card.text
    assert not stage.is_gone(innocent)
    assert not stage.is_flagged(innocent)


async def test_a_report_reaches_the_moderators(stage: Stage) -> None:
    """Reporting is thanked for in private and makes a card, also for an image that nobody knows."""
    await stage.set_up()
    post = stage.post(stranger(11))
    thanks = await stage.report(post)
    card = await stage.card_says("card.report-one")

    assert stage.words("said.report-thanks") in thanks
    assert card.picture
    assert not stage.is_gone(post)


async def test_a_new_reference_matches_the_next_post(stage: Stage) -> None:
    """What the staff add from a post is found in the next one; taken back, it is found no more."""
    await stage.set_up()
    first = stage.post(stranger(20 + stage.number))
    added = await stage.add_reference(first)
    stage.post(saved(scribble(20 + stage.number, 640, 480).resize((480, 360)), "JPEG", quality=75))
    await stage.card_says("case.would_have_flag")
    taken = await stage.press_undo_of_adding(added)
    again = await stage.ask(stranger(20 + stage.number))

    assert stage.words("said.added", count=1, collection="blocklist") in added.text
    assert stage.words("said.taken-back", count=1) in taken
    assert stage.words("answer.unknown") in again.text


async def test_the_buttons_of_a_card(stage: Stage) -> None:
    """A decision acts once, also when two press; who has no right is refused; the card shows how it stands."""
    await stage.set_up()
    post = stage.post(known())
    card = await stage.card()
    refused = await stage.pressed(card, "violation", "alice")
    await stage.pressed(card, "violation", "mo")
    second = await stage.pressed(card, "violation", "mo2")
    await stage.until(lambda: stage.is_gone(post))
    decided = await stage.card_says("decision.violation", stage.did("remove"))

    assert stage.words("said.staff-only") in refused
    assert stage.words("said.other-first") in second
    assert stage.words("decision.undo") in decided.buttons
    assert decided.text.count(stage.did("remove")) == 1


async def test_an_undo_puts_everything_back(stage: Stage) -> None:
    """Undo lifts the time-out and posts the removed picture again; the card says who took what back."""
    await stage.set_up()
    await stage.enforce_with_timeout()
    post = stage.post(known())
    await stage.press(await stage.card(), "violation")
    await stage.until(lambda: stage.is_gone(post) and stage.is_barred())
    decided = await stage.card_says("act.timeout", "decision.violation")
    await stage.press(decided, "undo")
    await stage.until(lambda: not stage.is_barred())
    await stage.until(lambda: [one for one in stage.posts() if one.picture])
    card = await stage.card_says("act.restore", "act.release")

    reposted = [one for one in stage.posts() if one.picture]
    assert len(reposted) == 1
    assert stage.words("decision.violation") in card.text
    assert stage.words("decision.allowed") in card.buttons


async def test_alerts_cross_platforms(
    stage: Stage, peers: tuple[DiscordServer, TelegramServer], platform: str, language: str
) -> None:
    """A chat on the other platform redeems a code and hears of a match once, with a counter for the burst."""
    discord, telegram = peers
    other: Stage = TelegramStage(telegram, language) if platform == "discord" else DiscordStage(discord, language)
    await stage.set_up()
    invited = await stage.command("alerts invite", collection="brands")
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", invited)
    assert code, invited
    joined = await other.command("alerts join", code=code[0])
    stage.post(known())
    (alert,) = await stage.until(lambda: [one for one in other.posts() if TITLE in one.text])
    stage.post(known())
    twice = re.compile(re.escape(other.words("alert.times", count=2, since="SINCE")).replace("SINCE", ".+"))
    counted = await stage.until(lambda: [one for one in other.posts() if twice.search(one.text)])

    assert other.words("said.subscribed", collection="brands") in joined
    assert alert.picture
    assert len(counted) == len([one for one in other.posts() if TITLE in one.text]) == 1


async def test_why_a_post_was_treated_so(stage: Stage) -> None:
    """Of any post the staff may ask for the nearest known image and the gates that it passed."""
    await stage.set_up()
    copy, strange = stage.post(known()), stage.post(stranger(13))
    first, second = await stage.why(copy), await stage.why(strange)

    for text in (first, second):
        assert stage.words("why.watched") in text
        assert TITLE in text
    assert first.count("✓") == 5
    assert second.count("✗") >= 3
