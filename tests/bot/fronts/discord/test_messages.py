"""Discord's payloads as image events: every picture that a message shows, by a name that lasts."""

from typing import Any

import discord
import pytest

from bot.fronts.discord.messages import (
    incoming_of,
    incoming_of_option,
    is_by_bot,
    is_expired,
    person_of,
    pictures_of,
)
from core.messages import may_be_picture
from core.types import Intent, Platform, Space
from tests.clock import Clock

CDN = "https://cdn.discordapp.com"
SIGNED = "ex=66aa0000&is=66a80000&hm=abc&"
STATE: Any = discord.Client(intents=discord.Intents.none())._connection
AUTHOR = {"id": "7", "username": "ann", "global_name": "Ann", "discriminator": "0", "avatar": None}
ROBOT = {**AUTHOR, "id": "8", "bot": True}
GUILD = {
    "id": "1",
    "name": "Club",
    "owner_id": "9",
    "roles": [
        {"id": "1", "name": "@everyone", "permissions": str(0b11 << 10), "position": 0},
        {"id": "5", "name": "Mods", "permissions": str(1 << 13), "position": 1},
        {"id": "6", "name": "Admins", "permissions": str(1 << 3), "position": 2},
    ],
    "channels": [{"id": "2", "type": 0, "name": "general", "position": 0, "permission_overwrites": []}],
    "threads": [
        {
            "id": "3",
            "type": 11,
            "parent_id": "2",
            "guild_id": "1",
            "owner_id": "9",
            "name": "thread",
            "message_count": 1,
            "member_count": 1,
            "thread_metadata": {"archived": False, "auto_archive_duration": 60, "archive_timestamp": "2026-05-01"},
        }
    ],
}


def attachment(number: int = 11, name: str = "a.png", kind: str | None = "image/png") -> dict[str, Any]:
    url = f"{CDN}/attachments/2/{number}/{name}?{SIGNED}"
    return {"id": str(number), "filename": name, "size": 1, "url": url, "proxy_url": url, "content_type": kind}


def sticker(number: int, kind: int) -> dict[str, Any]:
    return {"id": str(number), "name": "wave", "format_type": kind}


def preview(url: str, **more: Any) -> dict[str, Any]:
    picture = {"url": url, "proxy_url": "https://images-ext-1.discordapp.net/external/x/p.png", "width": 1, "height": 1}
    return {"type": "article", "thumbnail": picture, **more}


def payload(**more: Any) -> dict[str, Any]:
    plain = {"id": "44", "channel_id": "2", "author": AUTHOR, "content": "", "type": 0, "pinned": False, "tts": False}
    lists: dict[str, Any] = {"attachments": [], "embeds": [], "mentions": [], "mention_roles": []}
    return {**plain, **lists, "mention_everyone": False, "edited_timestamp": None, "timestamp": "2026-05-01", **more}


def forwarded(**more: Any) -> dict[str, Any]:
    said = {"type": 0, "content": "", "embeds": [], "attachments": [], "timestamp": "2026-05-01", **more}
    return {"message_snapshots": [{"message": {**said, "edited_timestamp": None}}]}


def message(*, where: str = "channel", roles: tuple[str, ...] = (), **more: Any) -> discord.Message:
    """A message by Ann in a guild's channel, in a thread of it, or to the bot alone."""
    said = payload(**more)
    if where == "private":
        channel: Any = discord.DMChannel(me=None, state=STATE, data={"id": 2, "recipients": [AUTHOR]})  # type: ignore[arg-type, typeddict-item]
        return discord.Message(state=STATE, channel=channel, data=said)  # type: ignore[arg-type]
    guild = discord.Guild(data=GUILD, state=STATE)  # type: ignore[arg-type]
    said |= {"guild_id": "1", "member": {"roles": list(roles), "joined_at": "2026-01-01", "flags": 0}}
    channel = guild.get_channel_or_thread(3 if where == "thread" else 2)
    return discord.Message(state=STATE, channel=channel, data=said)  # type: ignore[arg-type]


def test_an_attachment_becomes_an_event() -> None:
    """The event says where, who, and which picture of which message."""
    (event,) = incoming_of(message(attachments=[attachment()])).events()

    assert event.space == Space(platform=Platform.DISCORD, community="1", channel="2")
    assert (event.message, event.image, event.thread, event.group) == ("44", "attachment-11", "", "")
    assert (event.author, event.author_name, event.file_name) == ("7", "Ann", "a.png")
    assert event.link == "https://discord.com/channels/1/2/44"
    assert event.hint.startswith(f"{CDN}/attachments/2/11/")
    assert event.intent is Intent.POSTED


def test_a_thread_belongs_to_its_channel() -> None:
    """Policies are the channel's, and the answer goes to the thread."""
    (event,) = incoming_of(message(where="thread", attachments=[attachment()])).events()

    assert (event.space.channel, event.thread) == ("2", "3")


def test_a_direct_message_has_no_community() -> None:
    """What is sent to the bot alone belongs to nobody else."""
    (event,) = incoming_of(message(where="private", attachments=[attachment()])).events(Intent.QUERY)

    assert (event.space.community, event.space.channel) == ("", "2")
    assert event.intent is Intent.QUERY


def test_an_album_is_a_group() -> None:
    """Several pictures of one message belong together, each with a key of its own."""
    events = incoming_of(message(attachments=[attachment(11), attachment(12)])).events()

    assert [event.group for event in events] == ["44", "44"]
    assert len({event.dedupe_key for event in events}) == 2


@pytest.mark.parametrize(("kind", "looked_at"), [(1, True), (2, True), (3, False), (4, True)])
def test_stickers_with_a_picture_are_looked_at(kind: int, looked_at: bool) -> None:
    """PNG, APNG and GIF stickers are pictures; Lottie is a drawing program."""
    found = [one.image for one in pictures_of(message(sticker_items=[sticker(31, kind)]))]

    assert found == (["sticker-31"] if looked_at else [])


def test_forwards_are_looked_into() -> None:
    """A forward has its pictures in the snapshot of the message that it forwards."""
    inside = forwarded(attachments=[attachment(21)], embeds=[preview("https://a.example/p.png")])
    found = pictures_of(message(**inside, message_reference={"type": 1, "message_id": "4", "channel_id": "2"}))

    assert found[0].image == "forward-21"
    assert found[1].image.startswith("forward-embed-")


def test_link_previews_are_read_from_discords_own_copy() -> None:
    """Nothing is asked of the linked site, and the name follows from the link."""
    first = pictures_of(message(embeds=[preview("https://a.example/p.png")]))
    again = pictures_of(message(embeds=[preview("https://a.example/p.png"), preview("https://a.example/q.png")]))

    assert first[0].hint.startswith("https://images-ext-1.discordapp.net/")
    assert first[0].image == again[0].image != again[1].image
    assert first[0].file_name == "p.png"


def test_videos_of_link_previews_are_looked_at() -> None:
    """A GIF of a search site is a film; where a page plays one, Discord has no copy of it, and shows its own still."""
    film = {"url": "https://a.example/f.mp4", "proxy_url": "https://images-ext-1.discordapp.net/external/x/f.mp4"}
    played = pictures_of(message(embeds=[preview("https://a.example/p.png", type="gifv", video=film)]))
    paged = pictures_of(
        message(embeds=[preview("https://a.example/p.png", video={"url": "https://a.example/embed/1"})])
    )

    assert [one.file_name for one in played] == ["p.png", "f.mp4"]
    assert played[1].hint == film["proxy_url"]
    assert [one.file_name for one in paged] == ["p.png"]


def test_a_signature_does_not_change_a_name() -> None:
    """Links to Discord's own files are signed anew at each look; sites tell pictures apart in the query."""

    def name(url: str) -> str:
        return pictures_of(message(embeds=[preview(url)]))[0].image

    assert name(f"{CDN}/attachments/1/2/a.png?{SIGNED}") == name(f"{CDN}/attachments/1/2/a.png?ex=1&is=2&hm=3")
    assert name("https://a.example/p?index=1") != name("https://a.example/p?index=2")


def test_an_embed_that_shows_an_attachment_counts_once() -> None:
    """A card of another bot is one picture, not two."""
    shown = {"type": "rich", "image": {"url": f"{CDN}/attachments/2/11/a.png?ex=1", "proxy_url": "x"}}

    assert [one.image for one in pictures_of(message(attachments=[attachment()], embeds=[shown]))] == ["attachment-11"]


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("image/png", "a", True),
        ("image/heic; q=1", "a.bin", True),
        ("text/plain", "a.PNG", True),
        (None, "a.webp", True),
        (None, "unknown", True),
        ("application/octet-stream", "a.xyz123", True),
        ("", "a.mp3", False),
        ("", "a.zip", False),
        ("video/mp4", "a.mp4", True),
        ("video/quicktime", "a", True),
        ("text/plain", "a.WEBM", True),
        (None, "a.mov", True),
        ("audio/mp4", "a.m4a", False),
        (None, "a.mp3", False),
        ("text/plain; charset=utf-8", "notes.txt", False),
        ("application/pdf", "a.pdf", False),
    ],
)
def test_what_may_be_a_picture(kind: str | None, name: str, expected: bool) -> None:
    """By type or by name; what nobody names is left to the decoder."""
    assert may_be_picture(kind, name) is expected


def test_staff_and_roles_are_told() -> None:
    """The intake needs to know whose posts are not looked at."""
    for role, staff in (("5", True), ("6", True), (None, False)):
        (event,) = incoming_of(message(attachments=[attachment()], roles=(role,) if role else ())).events()
        assert event.by_staff is staff
        assert set(event.roles) == {"1", role} - {None}


def test_who_is_a_bot() -> None:
    """Other bots and webhooks; what an app writes that somebody brought along is that person's."""
    person, bot = message(), message(author=ROBOT)
    hook = message(webhook_id="99")
    used = {"id": "5", "type": 2, "user": AUTHOR}
    brought, installed = (
        message(author=ROBOT, interaction_metadata={**used, "authorizing_integration_owners": owners})
        for owners in ({"1": AUTHOR["id"]}, {"0": "1"})
    )

    assert [is_by_bot(one) for one in (person, bot, hook, brought, installed)] == [False, True, True, False, True]
    assert [incoming_of(one).author.id for one in (bot, brought)] == ["8", AUTHOR["id"]]
    assert [incoming_of(one).by_bot for one in (bot, brought)] == [True, False]


def test_a_link_says_when_it_expires(clock: Clock) -> None:
    """An expired link need not be asked for; one that says nothing is tried."""
    now = int(clock().timestamp())

    assert is_expired(f"{CDN}/a.png?ex={now - 1:x}&is=1&hm=1", clock())
    assert not is_expired(f"{CDN}/a.png?ex={now + 9:x}&is=1&hm=1", clock())
    assert not is_expired(f"{CDN}/a.png", clock())
    assert not is_expired(f"{CDN}/a.png?ex=soon", clock())


def test_a_picture_of_a_command_has_its_own_key() -> None:
    """Two people may ask about the same file."""
    said = message(attachments=[attachment()])
    space, person = Space(platform=Platform.DISCORD, community="", channel="2"), person_of(said.author)
    shown = [incoming_of_option(said.attachments[0], space, person, asked) for asked in (1, 2)]
    events = [event for one in shown for event in one.events(Intent.QUERY)]

    assert events[0].dedupe_key != events[1].dedupe_key
    assert events[0].hint


def test_the_bots_own_name_is_no_part_of_a_text() -> None:
    """It is told apart, so that a question is what else was written; names of others stay."""
    said = incoming_of(message(content="<@100> 搜图 <@7>"), me=100)

    assert (said.names_bot, said.text) == (True, "搜图 <@7>")
    assert not incoming_of(message(content="搜图"), me=100).names_bot


def media(number: int | None = None, url: str = "https://a.example/p.png", kind: str = "image/png") -> dict[str, Any]:
    """An item of a component: an uploaded file, if it has a number, or a link."""
    url = f"{CDN}/attachments/2/{number}/p.png?{SIGNED}" if number else url
    copy = "https://images-ext-1.discordapp.net/external/x/p.png"
    return {"url": url, "proxy_url": copy, "content_type": kind} | ({"attachment_id": str(number)} if number else {})


def components() -> list[dict[str, Any]]:
    """One of each kind that shows a picture, and what shows none, in a container and outside."""
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "a text"}],
        "accessory": {"type": 11, "media": media(url="https://a.example/thumb.png")},
    }
    gallery = {
        "type": 12,
        "items": [{"media": media(21)}, {"media": media(url="https://a.example/p.mp4", kind="video/mp4")}],
    }
    inside = [section, {"type": 13, "file": media(23)}, {"type": 14}]
    return [{"type": 17, "components": inside}, gallery, {"type": 10, "content": "a text"}]


def test_pictures_of_components_are_looked_at() -> None:
    """Galleries, thumbnails of sections and files, in containers, too; also where such a message is forwarded."""
    found = pictures_of(message(components=components(), flags=1 << 15))
    inside = forwarded(components=components())
    again = pictures_of(message(**inside, message_reference={"type": 1, "message_id": "4", "channel_id": "2"}))

    assert [one.image.partition("-")[0] for one in found] == ["embed", "attachment", "attachment", "embed"]
    assert [one.image for one in found[1:3]] == ["attachment-23", "attachment-21"]
    assert found[0].hint.startswith("https://images-ext-1.discordapp.net/")
    assert [one.image for one in again] == [f"forward-{one.image.removeprefix('attachment-')}" for one in found]


def test_an_uploaded_file_that_a_component_shows_counts_once() -> None:
    """Whether or not Discord lists it among the attachments."""
    shown = [{"type": 12, "items": [{"media": media(11)}]}]

    assert [one.image for one in pictures_of(message(components=shown, attachments=[attachment(11)]))] == [
        "attachment-11"
    ]


def test_data_of_buttons_are_read() -> None:
    """So that a command about one of our cards knows its case."""
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Why?", "custom_id": "c:12:w"}]}

    assert incoming_of(message(components=[row])).buttons == ("c:12:w",)
