"""The Discord peer keeps its promises to discord.py, and to hikari as a second opinion."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import discord
import httpx
import pytest
import yarl
from discord import app_commands

from tests.peers.discord_client import PNG, Bot, Buttons, Hikari, Scene, first_answer, running
from tests.peers.discord_gateway import Op
from tests.peers.discord_server import DiscordServer

MEMBER_UPDATE, MESSAGE_DELETE = 24, 72  # in the audit log
MESSAGE_CONTENT = discord.Intents.message_content.flag
MESSAGE_CONTENT_LIMITED = discord.ApplicationFlags.gateway_message_content_limited.flag


@pytest.fixture
async def peer() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server
        assert server.gaps == []


@pytest.fixture
def set_up(peer: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A scene whose bot has not started; discord.py knows where to connect."""
    monkeypatch.setattr(discord.http.Route, "BASE", f"{peer.url}/api/v10")
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(peer.gateway_url))
    monkeypatch.setattr(discord.asset.Asset, "BASE", peer.url)
    guild = peer.guild("Pictures")
    return Scene(peer, guild, peer.channel(guild, "general"), peer.member(guild, "alice"))


@pytest.fixture
async def scene(set_up: Scene) -> AsyncIterator[Scene]:
    async with running(Bot(), set_up.peer.token) as set_up.bot:
        yield set_up


async def test_a_bot_downloads_and_moderates_an_image(scene: Scene) -> None:
    """A posted picture can be downloaded, answered, reacted to and deleted, and its author timed out, with reasons."""
    posted = scene.peer.post(scene.channel, scene.alice, "look", files={"my cat.png": PNG})
    message = await scene.seen()
    picture = message.attachments[0]
    assert await picture.read() == await picture.read(use_cached=True) == PNG
    told = (picture.filename, picture.width, picture.height, picture.content_type)
    assert told == ("my_cat.png", 64, 48, "image/png")
    await message.reply("seen before")
    await message.add_reaction("⚠️")
    assert posted.reactions == {"⚠️": ["TestBot"]}
    await scene.bot.http.delete_message(message.channel.id, message.id, reason="a copy")
    assert isinstance(message.author, discord.Member)
    await message.author.timeout(timedelta(minutes=5), reason="brand image")

    answer = scene.peer.messages(scene.channel)[0]
    assert (answer.content, answer.reply_to, answer.author) == ("seen before", posted.id, scene.peer.bot)
    assert posted.deleted
    assert scene.peer.is_timed_out(scene.guild, scene.alice)
    assert [(entry.action_type, entry.target_id, entry.reason) for entry in scene.peer.audit(scene.guild)] == [
        (MESSAGE_DELETE, scene.alice.id, "a copy"),
        (MEMBER_UPDATE, scene.alice.id, "brand image"),
    ]


async def test_the_files_of_a_deleted_message_are_gone(scene: Scene) -> None:
    """Who deletes a message while it is being downloaded takes the picture away, unless somebody forwarded it."""
    kept = scene.peer.post(scene.channel, scene.alice, files={"kept.png": PNG})
    scene.peer.forward(scene.channel, scene.alice, kept)
    lost = scene.peer.post(scene.channel, scene.alice, files={"lost.png": PNG})
    first, third = (await scene.seen(1)), (await scene.seen(3))
    scene.peer.cdn_delay = 60
    downloads = [asyncio.create_task(message.attachments[0].read()) for message in (first, third)]
    await scene.peer.until(lambda: len(scene.peer.downloads) == 2)
    scene.peer.delete(kept)
    scene.peer.delete(lost)
    scene.peer.cdn_delay = 0
    assert await downloads[0] == PNG
    with pytest.raises(discord.NotFound):
        await downloads[1]


async def test_a_card_shows_its_file_embed_and_buttons(scene: Scene) -> None:
    """A card with a file, an embed that shows the file, and buttons, arrives as it was sent."""
    embed = discord.Embed(title="Match", description="99 %").set_image(url="attachment://evidence.png")
    file = discord.File(io.BytesIO(PNG), "evidence.png")
    sent = await scene.place.send("alert", embed=embed, file=file, view=Buttons())
    card = scene.peer.messages(scene.channel)[0]
    assert card.text == "alert\nMatch\n99 %"
    assert card.attachments == [("evidence.png", PNG)]
    assert [button.custom_id for button in card.buttons] == ["no-match", "delete", "explain"]
    assert sent.embeds[0].image.url == sent.attachments[0].url
    assert sent.embeds[0].image.width == 64


async def test_a_button_answers_whoever_pressed_it(scene: Scene) -> None:
    """A press is answered by a follow-up for one pair of eyes, or by a change of the card."""
    card = await scene.card()
    noted = scene.peer.press(card, scene.alice, "no-match")
    assert (await noted.answer()).content == "noted"
    assert noted.ephemeral
    assert scene.peer.messages(scene.channel) == [card]
    changed = await scene.peer.press(card, scene.alice, "Delete").answer()
    assert (changed, changed.content, changed.buttons) == (card, "deleted by alice", [])
    with pytest.raises(LookupError, match="no button 'Delete'"):
        scene.peer.press(card, scene.alice, "Delete")


async def test_menus_and_forms_carry_what_was_entered(scene: Scene) -> None:
    """A choice from a menu and the text of a form reach the bot."""
    card = await scene.card()
    assert (await scene.peer.choose(card, scene.alice, "verdict", ["No"]).answer()).content == "chosen ['No']"
    explain = scene.peer.press(card, scene.alice, "explain")
    assert (await explain.opened())["title"] == "Why?"
    assert (await scene.peer.submit(explain, reason="it is ours").answer()).content == "because it is ours"


async def test_a_slash_command_gets_its_picture(scene: Scene) -> None:
    """A deferred command downloads the picture it was given, and its later answer is for one pair of eyes."""
    assert await scene.peer.commands("search") >= {"references", "Report image"}
    search = scene.peer.slash(scene.channel, scene.alice, "search", image=("cat.png", PNG))
    assert (await search.answer()).content == f"cat.png 64x48 {len(PNG)} bytes"
    assert search.ephemeral
    assert scene.peer.messages(scene.channel) == []
    with pytest.raises(LookupError, match="needs \\['image'\\]"):
        scene.peer.slash(scene.channel, scene.alice, "search")


async def test_a_subcommand_gets_every_kind_of_option(scene: Scene) -> None:
    """Strings, numbers, channels, members and roles arrive, and so does the language of the member."""
    role = scene.peer.role(scene.guild, "Mods")
    given = {"name": "cat", "count": 3, "score": 0.5, "where": scene.channel, "who": scene.alice, "role": role}
    used = scene.peer.slash(scene.channel, scene.alice, "references add", locale="zh-CN", **given)
    assert (await used.answer()).content == "zh-CN cat 3 0.5 general alice Mods"


async def test_a_context_menu_gets_its_message(scene: Scene) -> None:
    """The menu of a message hands the bot the message with its pictures."""
    posted = scene.peer.post(scene.channel, scene.alice, files={"a.png": PNG, "b.png": PNG})
    report = scene.peer.context_menu("Report image", scene.channel, scene.alice, posted)
    assert (await report.answer()).content == "2 pictures"


async def test_an_answer_that_comes_too_late_is_refused(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three seconds after a command Discord no longer knows it."""
    errors: list[BaseException] = []

    async def note(_interaction: object, error: app_commands.AppCommandError) -> None:
        errors.append(error.__cause__ or error)

    monkeypatch.setattr(scene.bot.tree, "on_error", note)
    scene.peer.slash(scene.channel, scene.alice, "slow")
    scene.peer.advance(4)
    await scene.peer.until(lambda: errors)
    assert isinstance(errors[0], discord.NotFound)
    assert errors[0].code == 10062


async def test_a_follow_up_that_comes_too_late_is_refused(scene: Scene) -> None:
    """A quarter of an hour after a press, Discord takes no more follow-ups."""
    noted = scene.peer.press(await scene.card(), scene.alice, "no-match")
    await noted.answer()
    scene.peer.advance(15 * 60)
    url = f"{scene.peer.url}/api/v10/webhooks/{scene.peer.backend.application_id}/{noted.record.token}"
    async with httpx.AsyncClient() as client:
        refused = await client.post(url, json={"content": "one more thing"})
    assert (refused.status_code, refused.json()["code"]) == (401, 50027)


async def test_direct_messages_go_both_ways(scene: Scene) -> None:
    """A member can write to the bot alone, and gets the answer there."""
    direct = scene.peer.direct(scene.alice)
    scene.peer.post(direct, scene.alice, "is this mine?", files={"a.png": PNG})
    message = await scene.seen()
    assert message.guild is None
    await message.reply("yes")
    assert [told.content for told in scene.peer.messages(direct)] == ["is this mine?", "yes"]


async def test_a_forward_keeps_its_pictures_in_the_snapshot(scene: Scene) -> None:
    """A forwarded picture is not an attachment of the forward, and can be downloaded all the same."""
    posted = scene.peer.post(scene.channel, scene.alice, files={"a.png": PNG})
    scene.peer.forward(scene.channel, scene.alice, posted)
    message = await scene.seen(2)
    assert message.attachments == []
    assert await message.message_snapshots[0].attachments[0].read() == PNG


async def test_a_sticker_can_be_downloaded(scene: Scene) -> None:
    """discord.py finds a sticker under the address that it computes itself."""
    scene.peer.post(scene.channel, scene.alice, sticker=PNG)
    assert await (await scene.seen()).stickers[0].read() == PNG


async def test_a_link_preview_comes_later(scene: Scene) -> None:
    """A preview is added to a message by an update, names its author, leaves no time of editing, and shows a file."""
    posted = scene.peer.post(scene.channel, scene.alice, "https://shop.example/cat")
    await scene.seen()
    link = scene.peer.host("/external/猫.png", PNG)
    preview = {"type": "link", "thumbnail": {"url": "https://shop.example/cat.png", "proxy_url": link}}
    scene.peer.edit(posted, embeds=[preview])
    await scene.peer.until(lambda: scene.bot.edited)
    edited = scene.bot.edited[0]
    assert (edited.edited_at, edited.author.name) == (None, "alice")
    thumbnail = edited.embeds[0].thumbnail.proxy_url
    assert thumbnail is not None
    assert await scene.bot.http.get_from_cdn(thumbnail) == PNG


async def test_a_thread_is_seen_like_a_channel(scene: Scene) -> None:
    """A picture in a thread reaches the bot, which can answer there."""
    thread = scene.peer.thread(scene.channel, scene.alice, "cats")
    scene.peer.post(thread, scene.alice, files={"a.png": PNG})
    message = next(message for message in [await scene.seen(1), await scene.seen(2)] if message.attachments)
    assert isinstance(message.channel, discord.Thread)
    await message.reply("here too")
    assert scene.peer.messages(thread)[-1].content == "here too"


async def test_what_was_missed_is_replayed_after_a_broken_socket(scene: Scene) -> None:
    """A picture that is posted while the socket is down arrives by RESUME."""
    await scene.peer.ready()
    scene.peer.drop()
    scene.peer.post(scene.channel, scene.alice, "while away", files={"b.png": PNG})
    assert not scene.peer.connected
    assert (await scene.seen()).content == "while away"
    await scene.peer.ready()
    assert scene.peer.ops.count(Op.RESUME) == scene.peer.ops.count(Op.IDENTIFY) == 1


async def test_a_forgotten_session_begins_anew(scene: Scene) -> None:
    """RESUME of a forgotten session is refused, the bot identifies again, and what it missed stays missed."""
    scene.peer.forget_sessions()
    scene.peer.drop()
    scene.peer.post(scene.channel, scene.alice, "missed")
    await scene.peer.ready()
    scene.peer.post(scene.channel, scene.alice, "heard")
    assert (await scene.seen()).content == "heard"
    assert scene.peer.ops.count(Op.IDENTIFY) == 2


async def test_a_closed_gateway_is_reopened(scene: Scene) -> None:
    """A close code that allows it is followed by RESUME."""
    scene.peer.close_gateway(4000)
    await scene.peer.until(lambda: Op.RESUME in scene.peer.ops)
    await scene.peer.ready()


async def test_history_pages_forward_without_gaps(scene: Scene) -> None:
    """A bot that was away reads all it missed after a message, in order, a hundred at a time."""
    first = scene.peer.post(scene.channel, scene.alice, "first")
    missed = [scene.peer.post(scene.channel, scene.alice, str(number)).id for number in range(230)]
    read = [message.id async for message in scene.place.history(after=discord.Object(first.id), limit=None)]
    assert read == missed
    pages = [call for call in scene.peer.calls if call.method == "GET" and "after" in call.query]
    assert [call.query["limit"] for call in pages] == ["100", "100", "100"]


async def test_a_missing_permission_is_refused(scene: Scene) -> None:
    """What the bot may not do any more answers 50013, and works again once the permission is back."""
    posted = scene.peer.post(scene.channel, scene.alice, "x")
    message = await scene.seen()
    scene.peer.revoke(scene.guild, "manage_messages", "attach_files")
    attempts: list[Callable[[], Awaitable[object]]] = [
        message.delete,
        lambda: scene.place.send(file=discord.File(io.BytesIO(PNG), "a.png")),
    ]
    for attempt in attempts:
        with pytest.raises(discord.Forbidden) as refusal:
            await attempt()
        assert refusal.value.code == 50013
    scene.peer.grant(scene.guild, "manage_messages", "attach_files")
    for attempt in attempts:
        await attempt()
    assert posted.deleted


async def test_links_expire_and_can_be_refreshed(scene: Scene) -> None:
    """A link stops working when it expires, and a fresh one for the same file works."""
    scene.peer.post(scene.channel, scene.alice, files={"a.png": PNG})
    picture = (await scene.seen()).attachments[0]
    scene.peer.expire_urls()
    with pytest.raises(discord.NotFound):
        await picture.read()
    again = await scene.place.fetch_message(scene.bot.seen[0].id)
    assert await again.attachments[0].read() == PNG
    async with httpx.AsyncClient(headers={"Authorization": f"Bot {scene.peer.token}"}) as client:
        asked = {"attachment_urls": [picture.url]}
        fresh = (await client.post(f"{scene.peer.url}/api/v10/attachments/refresh-urls", json=asked)).json()
        assert (await client.get(fresh["refreshed_urls"][0]["refreshed"])).content == PNG
        scene.peer.advance(scene.peer.url_ttl + 1)
        assert (await client.get(fresh["refreshed_urls"][0]["refreshed"])).status_code == 404


async def test_a_rate_limit_is_waited_out(scene: Scene) -> None:
    """discord.py understands the 429, waits and tries again."""
    scene.peer.limit("POST /channels/", retry_after=0.1)
    await scene.place.send("patience")
    assert [call.status for call in scene.peer.calls if call.path.endswith("/messages")] == [429, 200]
    assert [message.content for message in scene.peer.messages(scene.channel)] == ["patience"]


async def test_a_nonce_makes_one_message_of_two_requests(scene: Scene) -> None:
    """A message whose first answer was lost is not written twice."""
    scene.peer.fail("POST /channels/", status=503, after=True)
    with pytest.raises(discord.DiscordServerError):
        await scene.place.send("once", nonce="case-1")
    sent = await scene.place.send("once", nonce="case-1")
    other = await scene.place.send("twice", nonce="case-2")
    assert sent.nonce == "case-1"
    assert [message.id for message in scene.peer.messages(scene.channel)] == [sent.id, other.id]


async def test_calls_and_reasons_are_on_record(scene: Scene) -> None:
    """Each request is noted with its body, reason and status, and an ordered failure shows."""
    scene.peer.fail("PUT /guilds/", status=403, json={"message": "Missing Permissions", "code": 50013})
    with pytest.raises(discord.Forbidden):
        await scene.place.guild.ban(discord.Object(scene.alice.id), reason="再见", delete_message_seconds=60)
    await scene.place.guild.ban(discord.Object(scene.alice.id), reason="再见")
    calls = [(call.method, call.query, call.reason, call.status) for call in scene.peer.calls[-2:]]
    assert calls == [
        ("PUT", {"delete_message_seconds": "60"}, "再见", 403),
        ("PUT", {"delete_message_seconds": "86400"}, "再见", 204),
    ]
    assert scene.peer.is_banned(scene.guild, scene.alice)


async def test_a_bot_without_the_content_intent_sees_no_pictures(set_up: Scene) -> None:
    """Without the intent a message arrives empty unless it mentions the bot."""
    async with running(Bot(message_content=False), set_up.peer.token) as set_up.bot:
        set_up.peer.post(set_up.channel, set_up.alice, "look", files={"a.png": PNG})
        set_up.peer.post(set_up.channel, set_up.alice, f"<@{set_up.peer.bot.id}>", files={"a.png": PNG})
        seen = [await set_up.seen(1), await set_up.seen(2)]
    assert [(bool(message.content), len(message.attachments)) for message in seen] == [(False, 0), (True, 1)]


@pytest.mark.parametrize("granted", [True, False])
async def test_the_content_intent_must_be_granted(granted: bool) -> None:
    """An application that was not granted the intent says so in its flags, and is thrown out if it asks for it."""
    async with DiscordServer(message_content=granted) as peer, httpx.AsyncClient() as client:
        client.headers["Authorization"] = f"Bot {peer.token}"
        for path in ("applications/@me", "oauth2/applications/@me"):
            flags = (await client.get(f"{peer.url}/api/v10/{path}")).json()["flags"]
            assert bool(flags & MESSAGE_CONTENT_LIMITED) is granted
        assert await first_answer(peer, intents=MESSAGE_CONTENT) == ("READY" if granted else 4014)


@pytest.fixture
async def hikari(peer: DiscordServer) -> AsyncIterator[Hikari]:
    client = Hikari(peer)
    await client.bot.start(check_for_updates=False)
    command = client.bot.rest.slash_command_builder("search", "Search")
    await client.bot.rest.set_application_commands(peer.backend.application_id, [command])
    yield client
    await client.bot.close()


async def test_hikari_understands_the_peer_too(peer: DiscordServer, hikari: Hikari) -> None:
    """Another library sees guild and picture, reacts, replies, and answers a command and a button."""
    guild = peer.guild("Pictures")
    channel, alice = peer.channel(guild, "general"), peer.member(guild, "alice")
    posted = peer.post(channel, alice, "look", files={"猫.png": PNG})
    reply = (await peer.until(lambda: peer.messages(channel)[1:]))[0]
    assert (hikari.guilds, hikari.pictures) == (["Pictures"], [PNG])
    assert posted.reactions == {"👀": ["TestBot"]}
    assert (reply.content, reply.reply_to) == ("seen", posted.id)
    assert (await peer.slash(channel, alice, "search").answer()).content == "here"
    assert (await peer.press(reply, alice, "Go").answer()).content == "here"


async def test_hikari_resumes_as_well(peer: DiscordServer, hikari: Hikari) -> None:
    """What hikari missed while its socket was cut is replayed to it."""
    guild = peer.guild("Pictures")
    channel, alice = peer.channel(guild, "general"), peer.member(guild, "alice")
    await peer.until(lambda: hikari.guilds)
    peer.drop()
    peer.post(channel, alice, "look", files={"a.png": PNG})
    await peer.until(lambda: hikari.pictures)
    assert peer.ops.count(Op.RESUME) == peer.ops.count(Op.IDENTIFY) == 1
