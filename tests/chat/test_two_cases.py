"""A message with pictures of two known images has two cards: it comes back when nobody wants it gone any more, once."""

import asyncio
from typing import Any

import pytest

from core.types import Mode, Platform
from core.wording import Words
from handlers import references
from handlers.chat import data
from handlers.references import Entry
from tests.chat.discord import DiscordStage
from tests.chat.stage import GENERAL, LOG, PATIENCE_S, Stage, known
from tests.chat.test_author_acts import FATES, needs
from tests.chat.test_bursts import all_stand, given_back, until, watched
from tests.small import drawn, saved

EN = Words.of("en")
OTHER, OTHER_TITLE = "ringaloo", "Ringaloo"
FIRST, SECOND = 1, 2
"""The numbers of the cases: of the image that everybody knows, and of the other one."""


def other() -> bytes:
    return saved(drawn(OTHER), "PNG")


@pytest.fixture
async def stage(stage: Stage) -> Stage:
    """A front where a message may show several pictures, and a second known image."""
    if stage.platform is Platform.MATRIX:
        pytest.skip("each picture is a post there")
    entry = Entry(key=OTHER, collection="brands", title=OTHER_TITLE)
    await references.add(stage.services, entry, other())
    return stage


async def two_cards(stage: Stage, mode: Mode = Mode.FLAG) -> list[Any]:
    """A post of each image, and one message with both: it is on the cards of both."""
    await watched(stage, mode)
    posts = [await stage.post("ann", known())]
    await are_open(stage, {FIRST: 1})
    posts.append(await stage.post("bo", other()))
    await are_open(stage, {FIRST: 1, SECOND: 1})
    posts.append(await stage.post("ann", known(), other(), text="both"))
    await are_open(stage, {FIRST: 2, SECOND: 2})
    return posts


async def are_open(stage: Stage, posts: dict[int, int]) -> None:
    """Wait until each case stands for so many posts."""

    async def have_grown() -> bool:
        found = {one.id: one.burst.posts if one.burst else 1 for one in await stage.services.cases.newest()}
        return found == posts

    await until(have_grown)


async def decided(stage: Stage, number: int, action: str) -> str:
    return await stage.press_data("mo", data.of_case(number, action, 2))


async def says(stage: Stage, number: int, text: str) -> None:
    """Wait until the card of a case says this."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for card in await stage.cards(2):
                if f"{number}" in card.text.partition("\n")[0] and text in card.text:
                    return
            await asyncio.sleep(0.1)


async def row(stage: Stage, number: int, state: str, *, act: str = "restore") -> None:
    """Wait until this was done for both posts of a case, or for so many as say so."""

    async def is_done() -> bool:
        case = await stage.services.cases.get(number)
        tallies = case.burst.tallies if case.burst else ()
        return any(one.act == act and one.state == state for one in tallies)

    await until(is_done)


def apart(stage: Stage) -> bool:
    """Whether each picture of an album is a message of its own."""
    return stage.platform is Platform.TELEGRAM


async def test_an_undo_leaves_what_another_violation_removed(stage: Stage) -> None:
    """Both are violations: the undo of the first gives back its own post, and its card says what stays; the undo of the
    second gives back the message of both, once."""
    posts = await two_cards(stage)
    await decided(stage, FIRST, "violation")
    await decided(stage, SECOND, "violation")
    await all_stand(stage, posts, "gone")
    await decided(stage, FIRST, "undo")
    await row(stage, FIRST, "done")
    if not apart(stage):
        await says(stage, FIRST, EN("failure.stays-violation", what=SECOND))
    first = await stage.reposts()
    await decided(stage, SECOND, "undo")
    await given_back(stage, 4 if apart(stage) else 3)
    await row(stage, SECOND, "done")

    assert first == (2 if apart(stage) else 1)
    assert await stage.reposts() == (4 if apart(stage) else 3)


async def test_undone_in_the_same_moment_it_comes_back_once(stage: Stage) -> None:
    """Two moderators take back the two violations at once."""
    posts = await two_cards(stage)
    await decided(stage, FIRST, "violation")
    await decided(stage, SECOND, "violation")
    await all_stand(stage, posts, "gone")
    await stage.make_staff("bo")
    await asyncio.gather(decided(stage, FIRST, "undo"), decided(stage, SECOND, "undo"))
    await given_back(stage, 4 if apart(stage) else 3)
    await until(lambda: _nothing_waits(stage))

    assert await stage.reposts() == (4 if apart(stage) else 3)


async def _nothing_waits(stage: Stage) -> bool:
    return await stage.services.cases.waiting_actions() == 0


async def test_decided_anew_the_message_that_came_back_goes_again(stage: Stage) -> None:
    """Whichever card is pressed, it is about the message that stands by then, and its pictures come back once more."""
    await two_cards(stage)
    for action in ("violation", "undo"):
        await decided(stage, FIRST, action)
        await until(lambda: _nothing_waits(stage))
    await given_back(stage, 2)
    await decided(stage, SECOND, "violation")
    await until(lambda: _nothing_waits(stage))
    back = await stage.reposts()
    await decided(stage, SECOND, "undo")
    await until(lambda: _nothing_waits(stage))

    assert back == (2 if apart(stage) else 1)
    assert await stage.reposts() == (4 if apart(stage) else 3)


async def test_suspected_abuse_is_never_posted_again(stage: Stage) -> None:
    """Of a message with two images the second is suspected abuse: the undo of the first card posts the other posts of
    its burst again, but not that message, and the moderators keep no copy of that message."""
    posts = await two_cards(stage)
    await decided(stage, FIRST, "violation")
    await all_stand(stage, posts[:1], "gone")
    await until(lambda: _nothing_waits(stage))
    for _ in range(2):
        await decided(stage, SECOND, "abuse")
    await all_stand(stage, posts, "gone")
    await until(lambda: _nothing_waits(stage))
    await decided(stage, FIRST, "undo")
    await until(lambda: _nothing_waits(stage))

    assert await stage.reposts() == (2 if apart(stage) else 1)
    if isinstance(stage, DiscordStage):
        written = stage.server.messages(stage.channels[GENERAL]) + stage.server.messages(stage.channels[LOG])
        ours = [one for one in written if one.author == stage.server.bot]
        assert other() not in [file.data for one in ours for file in one.attachments]


@pytest.mark.parametrize("act", ["quarantine", "ban"])
async def test_an_author_of_two_cases_is_free_after_both_undos(stage: Stage, act: str) -> None:
    """Acted on by hand for each: the second card says that it was done before, and the first undo leaves it."""
    needs(stage, act)
    await watched(stage)
    await stage.empower("mo", may_ban=True)
    if stage.can.has_roles:
        await stage.use("mo", "roles", use="quarantine", who=stage.role())
    for number, picture in ((FIRST, known()), (SECOND, other())):
        await stage.post("ann", picture)
        await are_open(stage, dict.fromkeys(range(1, number + 1), 1))
    for number in (FIRST, SECOND):
        await decided(stage, number, "violation")
        for _ in range(2 if act == "ban" else 1):
            await decided(stage, number, act)
        await until(lambda: _nothing_waits(stage))
    acted = await stage.fate("ann")
    await says(stage, SECOND, EN("failure.barred-too", what=FIRST))
    await decided(stage, FIRST, "undo")
    await until(lambda: _nothing_waits(stage))
    await says(stage, FIRST, EN("failure.stays-barred", what=SECOND))
    still = await stage.fate("ann")
    await decided(stage, SECOND, "undo")
    await until(lambda: _nothing_waits(stage))

    assert (acted, still) == (FATES[act], FATES[act])
    assert await stage.fate("ann") in ("in", "out")


async def test_an_album_of_ten_with_three_images(stage: Stage) -> None:
    """It is on three cards; whoever takes all three back has it posted again once, by all moderators at once, too."""
    third = saved(drawn("five-koi"), "PNG")
    await references.add(stage.services, Entry(key="five-koi", collection="brands", title="Five koi"), third)
    await watched(stage)
    pictures = (known(), other(), third)
    for number, picture in enumerate(pictures, 1):
        await stage.post("bo", picture)
        await are_open(stage, dict.fromkeys(range(1, number + 1), 1))
    album = await stage.post("ann", *(pictures[number % 3] for number in range(10)))
    await are_open(stage, dict.fromkeys((1, 2, 3), 2))
    for number in (1, 2, 3):
        await decided(stage, number, "violation")
    await until(lambda: _nothing_waits(stage))
    gone = await stage.stands(album)
    for number in (1, 2, 3):
        await decided(stage, number, "undo")
    await until(lambda: _nothing_waits(stage))

    assert gone == "gone"
    assert await stage.reposts() == (6 if apart(stage) else 4)
