"""Questions and reports on Telegram, as people use them; the peer is in the same process."""

from core.types import Platform
from core.wording import Words
from store.sql.db import Database
from tests.bot.cli.semantic_kit import words_known
from tests.bot.fronts.telegram.kit import KNOWN, STRANGE, TITLE, WORDS, Town
from tests.small import saved, scribble


async def community(town: Town) -> object:
    return await town.services.communities.get(Platform.TELEGRAM, str(town.group.id))


# --- questions


async def test_an_image_in_private_is_answered_by_reply(town: Town) -> None:
    """Known with its title and picture, strange as not seen before; each answer replies to its image."""
    chat = town.telegram.start(town.alice)
    known = town.telegram.post(chat, town.alice, document=("a.png", KNOWN, "image/png"))
    strange = town.telegram.post(chat, town.alice, photo=STRANGE)
    await town.telegram.until(lambda: len([one for one in town.telegram.said(chat) if one.reply_to]) >= 3)
    answers = {one.reply_to: one for one in town.telegram.said(chat)}

    assert TITLE in answers[known].shown
    assert answers[known].photo
    assert WORDS("answer.unknown") in answers[strange].shown


async def test_a_search_as_a_reply_answers_each_who_asks(town: Town) -> None:
    """Two people who ask about the same post both get an answer, in a group that was never set up."""
    post = town.post()
    first = await town.bot.told(town.group, town.bobby, "/search", reply_to=post)
    second = await town.bot.told(town.group, town.alice, "这张搜图", reply_to=post)

    assert TITLE in first.shown
    assert TITLE in second.shown
    assert first.reply_to is not second.reply_to


async def test_say_it_first_and_send_it_next(town: Town) -> None:
    """After /search alone, the person's next image in that chat is the question; nobody else's."""
    asked = await town.says("/search", town.alice)
    town.post(who=town.bobby)
    answer = await town.bot.told(town.group, town.alice, "", document=("a.png", KNOWN, "image/png"))
    await town.bot.idle()

    assert asked == WORDS("said.send-it")
    assert TITLE in answer.shown
    assert len(town.telegram.said(town.group)) == 2


async def test_the_name_of_the_bot_is_a_question(town: Town) -> None:
    """An image that names the bot is looked up; a text that names it without an image is not answered."""
    name = f"@{town.telegram.me.name}"
    town.telegram.post(town.group, town.alice, text=f"{name} is nice")
    answer = await town.bot.told(town.group, town.alice, "", caption=name, document=("a.png", KNOWN, "image/png"))

    assert TITLE in answer.shown
    assert len(town.telegram.said(town.group)) == 1


async def test_an_album_counts_its_pictures(town: Town) -> None:
    """Above the number that one person may ask in a minute the person is told how long to wait, once."""
    chat = town.telegram.start(town.alice)
    album = town.telegram.album(chat, town.alice, [STRANGE] * 7)
    await town.bot.idle()
    await town.telegram.until(lambda: len([one for one in town.telegram.said(chat) if one.reply_to in album]) >= 5)
    said = [one.shown for one in town.telegram.said(chat) if one.reply_to in album]
    slow = [one for one in said if "seconds" in one]

    assert len(said) == 5
    assert slow in ([WORDS("said.slow-down", seconds=seconds)] for seconds in (58, 59, 60))


async def test_text_in_private_is_told_what_to_do(town: Town) -> None:
    """Nothing that a person writes in private stays without an answer; commands of groups say so."""
    chat = town.telegram.start(town.alice)
    await town.bot.idle()
    hello = town.telegram.said(chat)[-1].shown
    help_ = await town.bot.told(chat, town.alice, "hi")
    staff = await town.bot.told(chat, town.alice, "/mode flag")

    assert "startgroup=setup&admin=delete_messages+restrict_members" in hello
    assert help_.shown == WORDS("help.private")
    assert staff.shown == WORDS("said.not-here")


async def test_people_are_spoken_to_in_their_language(town: Town) -> None:
    """In private the language of the person's app counts, in a group that of the community."""
    li = town.telegram.user("lilei", "zh-hans")
    chat = town.telegram.start(li)
    town.telegram.post(chat, li, photo=STRANGE)
    answer = await town.telegram.until(
        lambda: [one for one in town.telegram.said(chat) if one.reply_to and one.reply_to.content]
    )
    await town.set_up()
    town.telegram.post(town.group, li, text="/mode flag")
    refused = await town.telegram.until(lambda: [one for one in town.telegram.said(chat) if one.reply_to is None])

    assert Words.of("zh")("answer.unknown") in answer[0].shown
    assert refused[0].shown == f"Pictures\n{WORDS('said.staff-only')}"


# --- words


async def test_known_images_are_found_by_words(town: Town, db: Database) -> None:
    """A title that leads to its source, with its owner; without such a model, without words and without a find, why."""
    off = await town.says("/find something red", town.alice)
    async with words_known(town.services, db, "brands"):
        found = await town.bot.told(town.group, town.alice, "/find something red")
        nothing = await town.says("/find green", town.alice)
        empty = await town.says("/find", town.alice)

    assert off == WORDS("said.find-off")
    assert found.shown.startswith(WORDS("said.find", text="something red"))
    assert "A *red* one" in found.shown
    assert "Studio <Red>" in found.shown
    assert "Blue" not in found.shown
    assert nothing == WORDS("said.find-nothing", text="green")
    assert empty == WORDS("said.unknown", usage="/find WORDS")


# --- reports


async def test_a_report_is_thanked_for_in_private(town: Town) -> None:
    """The moderators get a card with the picture; the group reads nothing, and nothing is deleted."""
    await town.set_up()
    chat = town.telegram.start(town.bobby)
    await town.bot.idle()
    before = len(town.telegram.said(town.group))
    post = town.post(STRANGE)
    asked = town.telegram.post(town.group, town.bobby, text="/report", reply_to=post)
    card = await town.card(WORDS("card.report-one"))
    thanks = await town.telegram.until(lambda: town.telegram.said(chat)[-1:])

    assert thanks[0].shown == f"Pictures\n{WORDS('said.report-thanks')}"
    assert (await town.telegram.until(lambda: asked.reactions)) == ["✍"]
    assert card.photo
    assert not post.deleted
    assert len(town.telegram.said(town.group)) == before


async def test_who_can_t_be_told_in_private_is_told_in_the_group(town: Town) -> None:
    """Somebody who never started the bot reads the thanks as a short reply; a report of nothing tells its usage."""
    await town.set_up()
    post = town.post(STRANGE)

    assert await town.says("/report", town.bobby, reply_to=post) == WORDS("said.report-thanks")
    assert WORDS("said.unknown", usage="/report") == await town.says("/report", town.bobby)


async def test_a_reported_album_is_one_case(town: Town) -> None:
    """Whichever picture is reported, the album has one card; one that has a card already counts the report there."""
    await town.set_up()
    await town.says("/unwatch")
    strange = town.telegram.album(town.group, town.alice, [STRANGE, saved(scribble(3))])
    await town.says("/report", town.bobby, reply_to=strange[1])
    first = await town.card()
    await town.bot.idle()
    await town.says("/watch")
    known = town.telegram.album(town.group, town.alice, [STRANGE, KNOWN])
    second = await town.card(TITLE)
    await town.says("/report", town.bobby, reply_to=known[0])
    await town.card(TITLE, WORDS("card.report-one"))
    await town.bot.idle()

    assert town.cards() == [first, second]
    assert len(await town.services.cases.newest()) == 2
