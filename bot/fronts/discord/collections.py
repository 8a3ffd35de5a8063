"""The staff's commands about known images and about alerts; a person alone may join, leave and list alerts, too.

A channel that hears of matches is named by its number, a person by "user:" and theirs.
"""

import discord
from discord import app_commands

from bot.fronts.discord.buttons import undo_adding
from bot.fronts.discord.cards import escaped
from bot.fronts.discord.desk import Asked, Command, Desk, plain, staff, text
from bot.fronts.discord.events import event_of_option
from bot.fronts.discord.posts import PERSON
from core.types import OF_PICTURES, Intent, Platform, Purpose
from handlers import alerts as subscriptions
from handlers import from_post
from handlers.chat.cards import title_of

PURPOSES = [app_commands.Choice(name=text(f"purpose.{one}"), value=one.value) for one in OF_PICTURES]
moderator = staff("manage_messages", "manage_guild")

references = app_commands.Group(
    name="references",
    description=text("command.references"),
    guild_only=True,
    default_permissions=discord.Permissions(manage_messages=True),
)
alerts = app_commands.Group(
    name="alerts", description=text("command.alerts"), default_permissions=discord.Permissions(manage_guild=True)
)


@references.command(name="add", description=text("command.references-add"))
@app_commands.describe(
    image=text("option.image"),
    title=text("option.title"),
    collection=text("option.collection"),
    purpose=text("option.purpose"),
)
@app_commands.choices(purpose=PURPOSES)
@moderator
async def add(
    interaction: Asked, image: discord.Attachment, title: str = "", collection: str = "", purpose: str = ""
) -> None:
    desk = Desk(interaction)
    event = event_of_option(image, desk.space(), interaction.user, interaction.id, intent=Intent.POSTED)
    into = collection or from_post.BLOCKLIST
    done = await from_post.add_message(
        desk.services,
        [event],
        event.message,
        collection=into,
        purpose=Purpose(purpose or Purpose.BLOCKLIST),
        title=title,
        by=desk.by,
    )
    words = await desk.words()
    await desk.show(plain(words, done), **undo_adding(words, done, event.space, event.message, into))


@references.command(name="remove", description=text("command.references-remove"))
@app_commands.describe(key=text("option.key"), collection=text("option.collection"))
@moderator
async def remove(interaction: Asked, key: str, collection: str = "") -> None:
    desk = Desk(interaction)
    into = collection or from_post.BLOCKLIST
    await desk.say(await from_post.remove_one(desk.services, desk.space(), key, into))


@references.command(name="list", description=text("command.references-list"))
@app_commands.describe(collection=text("option.collection"))
@moderator
async def list_references(interaction: Asked, collection: str = "") -> None:
    desk = Desk(interaction)
    heading, newest = await from_post.listed(desk.services, desk.space(), collection or from_post.BLOCKLIST)
    lines = [f"`{one.key.replace('`', '')}` {escaped(title_of(one)) if one.title else ''}".rstrip() for one in newest]
    await desk.say(heading, *lines)


def subscriber(desk: Desk) -> str:
    """Who hears of it: the channel, or the person who writes to the bot alone."""
    interaction = desk.interaction
    return str(interaction.channel_id) if interaction.guild_id else f"{PERSON}{interaction.user.id}"


@alerts.command(name="add", description=text("command.alerts-add"))
@app_commands.describe(collection=text("option.collection"))
@staff("manage_guild")
async def subscribe(interaction: Asked, collection: str) -> None:
    desk = Desk(interaction)
    speaks = (await desk.words()).language
    done = await subscriptions.subscribe(desk.services, desk.space(), collection, subscriber(desk), speaks, desk.by)
    await desk.say(done)


@alerts.command(name="remove", description=text("command.alerts-remove"))
@app_commands.describe(collection=text("option.collection"))
@staff("manage_guild", in_private=True)
async def unsubscribe(interaction: Asked, collection: str) -> None:
    desk = Desk(interaction)
    await desk.say(await subscriptions.unsubscribe(desk.services, desk.here, collection, subscriber(desk), desk.by))


@alerts.command(name="list", description=text("command.alerts-list"))
@staff("manage_guild", in_private=True)
async def list_alerts(interaction: Asked) -> None:
    desk = Desk(interaction)
    await desk.say(await subscriptions.listed(desk.services, desk.here, subscriber(desk)))


@alerts.command(name="invite", description=text("command.alerts-invite"))
@app_commands.describe(collection=text("option.collection"))
@staff("manage_guild")
async def invite(interaction: Asked, collection: str) -> None:
    desk = Desk(interaction)
    await desk.say(await subscriptions.invite(desk.services, desk.space(), collection, desk.by))


@alerts.command(name="join", description=text("command.alerts-join"))
@app_commands.describe(code=text("option.code"))
@staff("manage_guild", in_private=True)
async def join(interaction: Asked, code: str) -> None:
    desk = Desk(interaction)
    speaks = (await desk.words()).language
    channel = subscriber(desk)
    await desk.say(await subscriptions.join(desk.services, Platform.DISCORD, channel, code.strip(), speaks, desk.by))


COMMANDS: tuple[Command, ...] = (references, alerts)
