"""What an undo for all gives back on Discord, where files go with their message: copies that the card keeps."""

import asyncio

import pytest

from bot.fronts.discord import access
from core.types import Decision
from core.wording import Words
from tests.chat.discord import DiscordStage
from tests.chat.stage import GENERAL, LOG, TITLE, Stage, known
from tests.chat.test_bursts import all_stand, burst_of, card_saying, given_back, remove_all, watched
from tests.peers.discord_world import Message
from tests.small import drawn, saved

EN = Words.of("en")
STRANGER = saved(drawn("ringaloo"), "PNG")
SMALL_STRANGER = saved(drawn("ringaloo").resize((200, 160)), "JPEG", quality=50)
SMALLER = saved(drawn("river-city").resize((500, 400)), "JPEG", quality=80)


@pytest.fixture(autouse=True)
def impatient() -> None:
    """Cards are renewed at their own pace: what they keep is what was looked at by then."""


@pytest.fixture(params=["discord"])
def stage(stage: Stage) -> DiscordStage:
    assert isinstance(stage, DiscordStage)
    return stage


def apart(stage: DiscordStage) -> list[Message]:
    """The messages of the moderators' channel that keep copies for an undo, beside the card."""
    written = stage.server.messages(stage.channels[LOG])
    return [one for one in written if EN("done.kept-apart") in one.content]


def came_back(stage: DiscordStage) -> list[list[bytes]]:
    """The pictures of each post that was given back."""
    written = stage.server.messages(stage.channels[GENERAL])
    ours = [one for one in written if one.author == stage.server.bot and one.attachments]
    return [[file.data for file in one.attachments] for one in ours]


async def removed_and_given_back(stage: DiscordStage, posts: list[Message]) -> list[list[bytes]]:
    count = len(posts)
    await burst_of(stage, count)
    await stage.press("mo", await card_saying(stage, remove_all(count)), remove_all(count))
    await all_stand(stage, posts, "gone")
    await stage.press("mo", await card_saying(stage, EN("burst.undo", count=count)), EN("burst.undo", count=count))
    await given_back(stage, count)
    return came_back(stage)


async def test_the_copy_of_an_album_will_do_for_all(stage: DiscordStage) -> None:
    """Whoever posted first had another picture with it: each further post gets back the one it showed, and no message
    more stands among the moderators."""
    await watched(stage)
    posts = [await stage.post("ann", STRANGER, known())]
    await stage.cards(1, saying=TITLE)
    posts += [await stage.post(who, known()) for who in ("bo", "ann", "bo")]
    back = await removed_and_given_back(stage, posts)

    assert apart(stage) == []
    assert sorted(back, key=len) == [[known()]] * 3 + [[STRANGER, known()]]


async def test_a_copy_that_was_lost_is_kept_by_the_next_post(
    stage: DiscordStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first post's picture was too large to be kept beside the others: what follows keeps its own."""
    monkeypatch.setattr(access, "LARGEST_FILE", len(known()))
    larger = saved(drawn("river-city"), "PNG")
    assert len(larger) > len(known()) > len(SMALLER)
    await watched(stage)
    posts = [await stage.post("ann", SMALL_STRANGER, larger)]
    await stage.cards(1, saying=TITLE)
    posts.append(await stage.post("bo", SMALLER))
    back = await removed_and_given_back(stage, posts)

    assert [SMALLER] in back
    assert len(apart(stage)) == 1


@pytest.mark.parametrize("is_album_first", [True, False])
async def test_no_copy_of_suspected_abuse_is_left(stage: DiscordStage, is_album_first: bool) -> None:
    """Removed as a violation first, which keeps copies on the card and below it; called suspected abuse after its undo,
    all of them go, whatever was kept for whom."""
    await watched(stage)
    albums = [(known(), SMALLER), (known(),)]
    posts = []
    for number, pictures in enumerate(albums if is_album_first else albums[::-1], 1):
        posts.append(await stage.post("ann", *pictures))
        await burst_of(stage, number)
    await stage.press("mo", await card_saying(stage, remove_all(2)), remove_all(2))
    await all_stand(stage, posts, "gone")
    kept = len(apart(stage))
    await stage.press("mo", await card_saying(stage, EN("burst.undo", count=2)), EN("burst.undo", count=2))
    await given_back(stage, 2)
    card = await card_saying(stage, EN(f"decision.{Decision.ABUSE}"))
    for _ in range(2):
        await stage.press("mo", card, EN(f"decision.{Decision.ABUSE}"))
    await card_saying(stage, EN("abuse.routes").partition("\n")[0][:40])
    async with asyncio.timeout(60):
        while any(one.attachments for one in stage.server.messages(stage.channels[LOG])):  # noqa: ASYNC110
            await asyncio.sleep(0.1)

    assert kept == (0 if is_album_first else 1)
    assert apart(stage) == []
    assert all(not pictures for pictures in came_back(stage))
