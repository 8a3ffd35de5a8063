"""Nothing that is posted in a watched channel is missed, and nothing that was posted outside of the watch is read."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
import pytest_asyncio

from bot.fronts.discord.reader import Reader
from core.types import ImageEvent, Mode, Platform, Space
from handlers import communities
from tests.bot.fronts.discord.rig import Place, Rig, known, rigged
from tests.small import saved, scribble

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> AsyncIterator[Rig]:
    async with rigged(tmp_path_factory.mktemp("discord"), migrated) as one:
        yield one


async def of_nothing(message: discord.Message) -> list[ImageEvent]:
    raise AssertionError(f"message {message.id} was read")


async def cursor(rig: Rig, place: Place) -> str:
    """How far the watched channel was read."""
    return (await rig.services.cursors.get(Platform.DISCORD)).get(str(place.channel.id), "")


async def lose_the_session(rig: Rig) -> None:
    """The gateway forgets the bot: nothing is replayed, and the bot has to come anew."""
    rig.server.drop()
    rig.server.forget_sessions()


async def settled(rig: Rig, place: Place) -> None:
    """Wait until everything that stands in the channel was read."""
    newest = str(rig.server.messages(place.channel)[-1].id)
    async with asyncio.timeout(15):
        while await cursor(rig, place) < newest:  # noqa: ASYNC110  the stores ring no bell for tests
            await asyncio.sleep(0.05)


async def test_what_is_posted_is_looked_at_once(rig: Rig) -> None:
    """A post makes one case, a text none; the cursor follows both."""
    place = await rig.set_up()
    post = rig.post(place)
    rig.post(place, files={}, text="nice")
    await rig.matched(place, post)
    await settled(rig, place)


async def test_unwatched_channels_are_not_looked_at(rig: Rig) -> None:
    """What the staff have not chosen is nobody's business, and no cursor is kept for it."""
    place = await rig.set_up()
    other = rig.server.channel(place.guild, "private-matters")
    rig.post(place, channel=other)
    post = rig.post(place)
    await rig.matched(place, post)

    assert str(other.id) not in await rig.services.cursors.get(Platform.DISCORD)


async def test_staff_and_exempt_people_are_not_looked_at(rig: Rig) -> None:
    """By permission, by name and by role; and they are again once they are admitted."""
    place = await rig.set_up()
    role = rig.server.role(place.guild, "Artists")
    rig.server.backend.edit_member(place.guild.id, place.bo.id, {"role_ids": [role.id]})
    await rig.told(place, "exempt", who=role)
    rig.post(place, who=place.mo)
    rig.post(place, who=place.bo)
    rig.post(place, who=rig.server.owner(place.guild))
    post = rig.post(place)
    await rig.matched(place, post)
    await rig.told(place, "admit", who=role)
    again = rig.post(place, who=place.bo)
    await rig.matched(place, post, again)


async def test_other_bots_are_not_looked_at(rig: Rig) -> None:
    """Unless the operator says so."""
    place = await rig.set_up()
    robot = rig.server.member(place.guild, f"robot{place.guild.id}", bot=True)
    rig.post(place, who=robot)
    post = rig.post(place)
    await rig.matched(place, post)


async def test_link_previews_come_later(rig: Rig) -> None:
    """A link has no picture when it is posted; Discord adds one, and that is looked at."""
    place = await rig.set_up()
    post = rig.post(place, files={}, text="https://example.org/page")
    picture = rig.server.host(f"/external/{post.id}/page.jpg", known())
    shown = {"url": "https://example.org/page.jpg", "proxy_url": picture, "width": 1, "height": 1}
    rig.server.edit(post, embeds=[{"type": "article", "url": "https://example.org/page", "thumbnail": shown}])
    await rig.matched(place, post)
    rig.server.edit(post, text="look: https://example.org/page")
    again = rig.post(place)
    await rig.matched(place, post, again)


async def test_a_lost_session_loses_no_post(rig: Rig) -> None:
    """In channels and threads, of members whose roles must be asked for."""
    place = await rig.set_up()
    first = rig.post(place)
    await rig.matched(place, first)
    await settled(rig, place)
    await lose_the_session(rig)
    thread = rig.server.thread(place.channel, place.alice, "pictures")
    missed = [rig.post(place), rig.post(place, channel=thread), rig.post(place, who=place.bo)]
    rig.post(place, who=place.mo)
    await rig.server.ready(30)
    await rig.matched(place, first, *missed)


async def test_a_channel_that_may_not_be_read_stops_no_other(rig: Rig) -> None:
    """Its live posts are looked at all the same."""
    place = await rig.set_up()
    closed = rig.server.channel(place.guild, "closed")
    await rig.told(place, "watch", channel=closed)
    rig.server.revoke(place.guild, "read_message_history", "administrator", channel=closed)
    await lose_the_session(rig)
    missed = rig.post(place)
    rig.post(place, channel=closed)
    await rig.server.ready(30)
    live = rig.post(place, channel=closed)
    await rig.matched(place, missed, live)


async def test_what_was_posted_while_a_channel_was_hidden_is_read_later(rig: Rig) -> None:
    """Its cursor waits, also through a lost session; what others post meanwhile does not move it."""
    place = await rig.set_up()
    before = rig.post(place)
    await rig.matched(place, before)
    await settled(rig, place)
    rig.server.revoke(place.guild, "view_channel", channel=place.channel)
    hidden = [rig.post(place)]
    await lose_the_session(rig)
    await rig.server.ready(30)
    hidden.append(rig.post(place))
    await asyncio.sleep(0.3)
    assert await rig.verdicts(place) == {str(before.id): ["match"]}
    rig.server.grant(place.guild, "view_channel", channel=place.channel)
    live = rig.post(place)
    await rig.matched(place, before, *hidden, live)
    await settled(rig, place)


async def test_what_was_posted_between_a_kick_and_the_return_is_read_later(rig: Rig) -> None:
    """The staff's choices hold, and nothing is missed."""
    place = await rig.set_up()
    before = rig.post(place)
    await rig.matched(place, before)
    await settled(rig, place)
    rig.server.kick(place.guild)
    missed = [rig.post(place) for _ in range(2)]
    await rig.server.until(lambda: rig.access.client.get_guild(place.guild.id) is None)
    rig.server.invite(place.guild)
    live = rig.post(place)
    await rig.matched(place, before, *missed, live)


async def test_no_history_is_asked_for_where_nothing_is_new(rig: Rig) -> None:
    """Discord says with a server which message is the newest; only a channel with more than was read is asked."""
    place, other = await rig.set_up(), await rig.set_up()
    posts = [rig.post(one) for one in (place, other)]
    for one, post in zip((place, other), posts, strict=True):
        await rig.matched(one, post)
        await settled(rig, one)
    await lose_the_session(rig)
    missed = rig.post(other)
    asked = len(rig.server.calls)
    await rig.server.ready(30)
    await rig.matched(other, posts[1], missed)
    histories = [
        call.path for call in rig.server.calls[asked:] if call.method == "GET" and call.path.endswith("/messages")
    ]

    assert f"/channels/{other.channel.id}/messages" in histories
    assert f"/channels/{place.channel.id}/messages" not in histories
    live = rig.post(place)
    await rig.matched(place, posts[0], live)
    await settled(rig, place)


async def test_what_was_posted_before_the_watch_is_not_read(rig: Rig) -> None:
    """Neither before the first nor between two watches; what comes after is not missed."""
    place = rig.place()
    rig.post(place)
    await rig.told(place, "setup", log=place.log, mode="dry_run")
    first = rig.post(place)
    await rig.matched(place, first)
    await rig.told(place, "unwatch")
    rig.post(place)
    await rig.told(place, "watch")
    await lose_the_session(rig)
    second = rig.post(place)
    await rig.server.ready(30)
    await rig.matched(place, first, second)


async def test_a_watch_of_everything(rig: Rig) -> None:
    """Also of channels that come later; a channel that was left stays left."""
    place = await rig.set_up()
    left = rig.server.channel(place.guild, "off-topic")
    await rig.told(place, "watch", everywhere=True)
    await rig.told(place, "unwatch", channel=left)
    await lose_the_session(rig)
    new = rig.server.channel(place.guild, "new")
    rig.post(place, channel=left)
    missed = rig.post(place, channel=new)
    await rig.server.ready(30)
    await rig.matched(place, missed)


async def test_a_restart_loses_no_post(rig: Rig) -> None:
    """What was posted while the bot was away is looked at once, in threads that were opened meanwhile, too."""
    place = await rig.set_up()
    access = rig.access
    first = rig.post(place)
    await rig.matched(place, first)
    await settled(rig, place)
    rig.server.close_gateway(4000)
    await access.client.close()
    thread = rig.server.thread(place.channel, place.alice, "meanwhile")
    missed = [rig.post(place), rig.post(place, channel=thread)]
    await rig.server.until(lambda: rig.discord.acting.access is not access and rig.discord.acting.access is not None)
    await rig.server.ready(30)
    await rig.matched(place, first, *missed)


async def test_a_question_in_private(rig: Rig) -> None:
    """An image is answered below it, a text with what the bot can do, in the language that was written."""
    place = rig.place()
    answer = await rig.ask(place, files={"a.jpg": known()})
    help_, hilfe = await rig.ask(place, text="hello"), await rig.ask(place, text="你好")

    assert "River city" in answer.text
    assert answer.attachments[0].name == "evidence.jpg"
    assert answer.reply_to
    assert "Send me an image" in help_.text
    assert "发一张图片" in hilfe.text


async def test_an_album_in_private_has_an_answer_for_each_picture(rig: Rig) -> None:
    """Nobody wonders which of them was meant."""
    place = rig.place()
    direct = rig.server.direct(place.alice)
    rig.post(place, channel=direct, files={"a.jpg": known(), "b.png": saved(scribble(3))})
    answers = await rig.server.until(lambda: found if len(found := rig.server.messages(direct)[1:]) == 2 else [])

    assert sorted("River city" in answer.text for answer in answers) == [False, True]


async def test_a_link_in_private_is_answered_when_its_picture_comes(rig: Rig) -> None:
    """It gets no lecture about how to send an image."""
    place = rig.place()
    direct = rig.server.direct(place.alice)
    post = rig.post(place, channel=direct, files={}, text="https://example.org/a")
    shown = {"url": "https://example.org/a.jpg", "proxy_url": rig.server.host(f"/x/{post.id}.jpg", known())}
    rig.server.edit(post, embeds=[{"type": "image", "url": "https://example.org/a", "thumbnail": shown}])
    answers = await rig.server.until(lambda: rig.server.messages(direct)[1:])

    assert "River city" in answers[0].text


@pytest.mark.parametrize("text", ["搜图", "search", "<@{me}>", "<@{me}> 搜图"])
async def test_a_question_in_public(rig: Rig, text: str) -> None:
    """As a reply to an image, whoever posted it; the answer is below the question, and not a case for moderators."""
    place = await rig.set_up()
    post = rig.post(place, who=place.bo, channel=rig.server.channel(place.guild, "chat"))
    asked = [
        rig.server.post(post.channel, who, text.format(me=rig.server.bot.id), reply_to=post)
        for who in (place.alice, place.bo)
    ]
    answers = await rig.server.until(lambda: found if len(found := rig.server.messages(post.channel)[3:]) == 2 else [])

    assert {answer.reply_to for answer in answers} == {one.id for one in asked}
    assert all("River city" in answer.text for answer in answers)
    assert rig.server.messages(place.log) == []


async def test_a_mention_with_an_image_is_a_question(rig: Rig) -> None:
    """A word in a sentence is none."""
    place = rig.place()
    rig.server.post(place.channel, place.alice, "I search for my cat", files={"a.jpg": known()})
    rig.server.post(place.channel, place.alice, f"<@{rig.server.bot.id}> ?", files={"a.jpg": known()})
    answers = await rig.server.until(lambda: rig.server.messages(place.channel)[2:])

    assert len(answers) == 1
    assert answers[0].reply_to == rig.server.messages(place.channel)[1].id


async def test_an_image_that_was_announced_is_a_question(rig: Rig) -> None:
    """Who asks without an image sends it next; other people's images are none, and one is enough."""
    place = rig.place()
    rig.server.post(place.channel, place.alice, f"<@{rig.server.bot.id}> 搜图")
    said = (await rig.server.until(lambda: rig.server.messages(place.channel)[1:]))[0]
    rig.server.post(place.channel, place.bo, "mine", files={"b.jpg": known()})
    sent = rig.server.post(place.channel, place.alice, files={"a.jpg": known()})
    answers = await rig.server.until(lambda: rig.server.messages(place.channel)[4:])
    rig.server.post(place.channel, place.alice, files={"a.jpg": known()})
    await asyncio.sleep(0.5)

    assert said.text
    assert [one.reply_to for one in answers] == [sent.id]
    assert len(rig.server.messages(place.channel)) == 6


async def test_what_is_told_at_the_end_is_not_read(rig: Rig) -> None:
    """A guild that the gateway tells of while the connection closes begins no reading that nothing could end."""
    place = await rig.set_up()
    guild = rig.access.client.get_guild(place.guild.id)
    assert guild
    reader = Reader(rig.services, of_nothing)
    running = asyncio.create_task(reader.run())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await reader.catch_up(guild)

    assert reader._reading == {}


async def test_a_watch_that_began_elsewhere(rig: Rig) -> None:
    """A policy that was not set by a command begins with what is posted next, which is not missed."""
    place = rig.place()
    rig.post(place)
    space = Space(platform=Platform.DISCORD, community=str(place.guild.id), channel=str(place.channel.id))
    await communities.set_up(rig.services, space, log=str(place.log.id), mode=Mode.DRY_RUN, language="en", by="me")
    await lose_the_session(rig)
    await rig.server.ready(30)
    live = rig.post(place)
    await rig.matched(place, live)
