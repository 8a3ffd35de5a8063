"""What goes wrong between two machines: no image without a verdict, nothing done twice, every failure on the card.

Each test has a bot and peers of its own; verdicts are read from the bot's database, the rest is what people see.
On Discord it is killed at each point of a post's way in `test_soak`.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from core.types import Mode
from tests.e2e.stage import DiscordStage, TelegramStage
from tests.e2e.world import World, copy, make_catalogue, slow_downloads, stranger, world
from tests.small import drawn, saved

MISSED = 105
"""Over one page of a channel's history, and over one answer of getUpdates; 500: `python -m tests.soak downtime`."""

PLATFORMS = pytest.mark.parametrize("platform", ["discord", "telegram"])


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that knows one image."""
    return make_catalogue(tmp_path_factory.mktemp("trouble"))


async def cut_off(here: World) -> Any:
    """A post whose image was being fetched when the bot was killed."""
    async with here.bot() as bot:
        await here.stage.set_up()
        slow_downloads(here, 30)
        post = here.stage.post(copy())
        await here.until(lambda: here.verdicts()[str(post.id), ""])
        await bot.kill()
    slow_downloads(here, 0)
    return post


async def test_killed_between_receipt_and_verdict(catalogue: Path, tmp_path: Path) -> None:
    """An image whose download was under way when the bot died has its verdict and one card after the restart."""
    async with world("telegram", catalogue, tmp_path) as here:
        post = await cut_off(here)
        async with here.bot():
            await here.stage.card_says("case.would_have_flag")
            await here.until(lambda: here.is_screened(post))

        assert len(here.stage.cards()) == 1


async def test_killed_between_verdict_and_action(catalogue: Path, tmp_path: Path) -> None:
    """A deletion that was decided but not done when the bot died is done once after the restart, and told."""
    async with world("telegram", catalogue, tmp_path) as here:
        async with here.bot() as bot:
            await here.stage.set_up()
            post = here.stage.post(copy())
            card = await here.stage.card()
            refuse_deletions(here, times=1000)
            await here.stage.press(card, "violation")
            await here.until(lambda: deletions(here))
            await bot.kill()
        refuse_deletions(here, times=0)
        async with here.bot():
            await here.until(lambda: here.stage.is_gone(post))
            await here.stage.card_says(here.stage.did("remove"))

        assert len(here.stage.cards()) == 1
        assert len([done for done in deletions(here) if done]) == 1


async def test_killed_between_an_action_and_its_note(catalogue: Path, tmp_path: Path) -> None:
    """A deletion whose answer never arrived is not told as a failure after the restart, and nothing is done twice."""
    async with world("telegram", catalogue, tmp_path) as here:
        async with here.bot() as bot:
            await here.stage.set_up()
            post = here.stage.post(copy())
            card = await here.stage.card()
            lose_the_answer_to_a_deletion(here)
            await here.stage.press(card, "violation")
            await here.until(lambda: here.stage.is_gone(post))
            await bot.kill()
        async with here.bot():
            await here.stage.card_says(here.stage.did("remove"))

        assert len(here.stage.cards()) == 1


async def test_stopped_in_the_middle_of_work(catalogue: Path, tmp_path: Path) -> None:
    """Whatever hangs, it ends within 20 s of SIGTERM with exit code 0, and the next start looks at what was left."""
    async with world("discord", catalogue, tmp_path) as here:
        async with here.bot() as bot:
            await here.stage.set_up()
            slow_downloads(here, 60)
            posts = [here.stage.post(copy()) for _ in range(3)]
            await here.until(lambda: all(here.verdicts()[str(post.id), ""] for post in posts))
            async with asyncio.timeout(20):
                assert await bot.stop() == 0
        slow_downloads(here, 0)
        async with here.bot():
            await here.until(lambda: here.is_screened(*posts))
            await here.stage.card_says(here.stage.words("burst.posts-many", count=3))

        assert len(here.stage.cards()) == 1


def refuse_deletions(here: World, times: int) -> None:
    """Answer deletions with 502 so often; 0 = no longer."""
    if here.discord:
        here.discord.recover()
        if times:
            here.discord.fail("DELETE /channels/", times=times, status=502)
    if here.telegram:
        here.telegram.recover()
        if times:
            here.telegram.fail("deleteMessage", times=times, code=502)


def lose_the_answer_to_a_deletion(here: World) -> None:
    if here.discord:
        here.discord.fail("DELETE /channels/", times=1, status=0, after=True)
    if here.telegram:
        here.telegram.lose_answers("deleteMessage")


def deletions(here: World) -> list[bool]:
    """Whether each attempt to delete a message was carried out."""
    if here.discord:
        tried = [call for call in here.discord.calls if call.method == "DELETE" and "/reactions/" not in call.path]
        return [call.status < 300 for call in tried]
    assert here.telegram
    return [call.ok for call in here.telegram.called("deleteMessage")]


@PLATFORMS
async def test_what_was_posted_while_it_was_down(platform: str, catalogue: Path, tmp_path: Path) -> None:
    """Hundreds of images posted during an outage each have one verdict after it, in the channel's order of cards."""
    async with world(platform, catalogue, tmp_path) as here:
        async with here.bot() as bot:
            await here.stage.set_up()
            first = here.stage.post(stranger())
            await here.until(lambda: here.is_screened(first))
            await bot.kill()
        images = [stranger(seed) for seed in range(5)]
        posts = [here.stage.post(images[number % 5]) for number in range(MISSED - 2)]
        posts += [here.stage.post(copy()), here.stage.post(copy())]
        async with here.bot():
            await here.until(lambda: here.is_screened(first, *posts), 120)
            await here.stage.card_says(here.stage.words("burst.posts-many", count=2))

        assert here.verdicts().total() == MISSED + 1
        assert len(here.stage.cards()) == 1


@PLATFORMS
async def test_a_platform_in_trouble(platform: str, catalogue: Path, tmp_path: Path) -> None:
    """429 and 502 answers are waited out: the card is posted once, the post is flagged once."""
    async with world(platform, catalogue, tmp_path) as here, here.bot():
        await here.stage.set_up()
        await here.stage.command("mode", mode="flag")
        trouble(here)
        post = here.stage.post(copy())
        await here.until(lambda: here.stage.is_flagged(post))
        await here.stage.card_says(here.stage.did("flag"))

        assert len(here.stage.cards()) == 1


def trouble(here: World) -> None:
    """One refusal for each thing that the bot will try."""
    if here.discord:
        here.discord.limit("POST /channels/", retry_after=0.3)
        here.discord.fail("PUT /channels/", times=1, status=502)
        here.discord.fail("GET /attachments/", times=1, status=503)
    if here.telegram:
        here.telegram.limit("sendPhoto")
        here.telegram.fail("setMessageReaction")
        here.telegram.fail("file")


@PLATFORMS
async def test_an_expired_link_is_renewed(platform: str, catalogue: Path, tmp_path: Path) -> None:
    """Links that died before the download are asked for again."""
    async with world(platform, catalogue, tmp_path) as here:
        post = await cut_off(here)
        expire_links(here)
        async with here.bot():
            await here.stage.card_says("case.would_have_flag")

        assert here.verdicts()[str(post.id), "match"] == 1


def expire_links(here: World) -> None:
    if here.discord:
        here.discord.expire_urls()
    if here.telegram:
        here.telegram.expire_files()


async def test_a_message_deleted_while_it_is_fetched(catalogue: Path, tmp_path: Path) -> None:
    """Its image is unscannable because it is gone, which is never told as clean."""
    async with world("discord", catalogue, tmp_path) as here, here.bot():
        assert here.discord
        await here.stage.set_up()
        slow_downloads(here, 30)
        post = here.stage.post(copy())
        await here.until(lambda: here.verdicts()[str(post.id), ""])
        here.discord.delete(post)
        slow_downloads(here, 0)
        await here.until(lambda: here.is_screened(post))

        assert here.verdicts()[str(post.id), "unscannable"] == 1


@PLATFORMS
async def test_a_permission_that_was_taken_away(platform: str, catalogue: Path, tmp_path: Path) -> None:
    """A deletion that the bot may not do any more stands on the card as a failure, with the permission's name."""
    async with world(platform, catalogue, tmp_path) as here, here.bot():
        await here.stage.set_up()
        post = here.stage.post(copy())
        card = await here.stage.card()
        take_rights_away(here)
        await here.stage.press(card, "violation")
        failed = await here.stage.card_says(here.stage.did("remove", "forbidden"))

        assert not here.stage.is_gone(post)
        assert ("Manage Messages" if here.discord else "Delete messages") in failed.text


def take_rights_away(here: World) -> None:
    if isinstance(here.stage, DiscordStage):
        here.stage.server.revoke(here.stage.guild, "manage_messages", "administrator")
    if isinstance(here.stage, TelegramStage):
        here.stage.server.make_admin(here.stage.chat, here.stage.server.me, can_restrict_members=True)


async def test_a_dropped_socket_is_resumed(catalogue: Path, tmp_path: Path) -> None:
    """What was posted while the gateway's socket was down, or its session was lost, is looked at once."""
    async with world("discord", catalogue, tmp_path) as here, here.bot():
        assert here.discord
        await here.stage.set_up()
        here.discord.drop()
        resumed = here.stage.post(copy())
        await here.until(lambda: here.is_screened(resumed))
        here.discord.drop()
        here.discord.forget_sessions()
        backfilled = here.stage.post(copy())
        await here.until(lambda: here.is_screened(resumed, backfilled), 60)
        await here.stage.card_says(here.stage.words("burst.posts-many", count=2))

        assert (here.verdicts().total(), len(here.stage.cards())) == (2, 1)


async def test_updates_that_come_twice(catalogue: Path, tmp_path: Path) -> None:
    """Telegram delivers every update again: there is one verdict, one card and one decision."""
    async with world("telegram", catalogue, tmp_path) as here, here.bot():
        assert here.telegram
        await here.stage.set_up()
        here.telegram.duplicates = 2
        post = here.stage.post(copy())
        card = await here.stage.card()
        await here.stage.press(card, "violation")
        await here.until(lambda: here.stage.is_gone(post))
        decided = await here.stage.card_says(here.stage.did("remove"))

        assert here.verdicts().total() == len(here.stage.cards()) == 1
        assert decided.text.count(here.stage.did("remove")) == 1


@PLATFORMS
async def test_a_brake_and_its_button(platform: str, catalogue: Path, tmp_path: Path) -> None:
    """After so many removals a day the next copy stays, and the card says why, until somebody lets the bot go on.

    Then what was held back is removed, too: the decision on the burst holds for it; and the button is gone.
    """
    async with world(platform, catalogue, tmp_path) as here, here.bot(RESIGHT_POSTS_A_DAY="1") as bot:
        stage = here.stage
        await stage.set_up(Mode.ENFORCE)
        first = stage.post(copy())
        await stage.press(await stage.card(), "violation")
        await here.until(lambda: stage.is_gone(first))
        second = stage.post(saved(drawn("river-city").resize((490, 400)), "JPEG"))
        await here.until(lambda: stage.is_gone(second))
        third = stage.post(saved(drawn("river-city").resize((480, 400)), "JPEG"))
        card = await stage.card_says("brake.daily")
        assert not stage.is_gone(third)
        buttons = len(card.raw.buttons)
        told = await stage.pressed(card, "release")
        fourth = stage.post(saved(drawn("river-city").resize((470, 400)), "JPEG"))
        await here.until(lambda: stage.is_gone(third) and stage.is_gone(fourth))

        assert stage.words("brake.released") in told
        await here.until(lambda: len(stage.cards()[-1].raw.buttons) < buttons)
        assert "Traceback" not in bot.said


@PLATFORMS
async def test_suspected_abuse_leaves_no_picture(platform: str, catalogue: Path, tmp_path: Path) -> None:
    """The post goes, the card has no picture any more and names the hotlines, and an undo posts nothing again."""
    async with world(platform, catalogue, tmp_path) as here, here.bot():
        stage = here.stage
        await stage.set_up()
        post = stage.post(copy())
        card = await stage.card()
        assert card.picture
        await stage.press(card, "abuse")
        assert not stage.is_gone(post)  # it asks once more
        await stage.press(card, "abuse")
        await here.until(lambda: stage.is_gone(post))
        routes = stage.words("abuse.routes").partition(":")[0]  # what follows has addresses, which are no links there
        bare = await stage.card_says(routes, stage.did("remove"))
        await here.until(lambda: not any(one.picture for one in stage.cards()))
        before = len(stage.posts())
        await stage.press(bare, "undo")
        await stage.card_says(stage.words("act_state.unsupported"))

        assert len(stage.posts()) == before
        assert len(stage.cards()) == 1
