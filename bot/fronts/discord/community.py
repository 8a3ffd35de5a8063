"""The staff's commands about people and the community: exemptions, reports, language, where cards go, memory."""

import discord
from discord import app_commands
from discord.app_commands import Range

from bot.fronts.discord.acts import NEEDS
from bot.fronts.discord.desk import Asked, Command, Desk, staff, text
from bot.fronts.discord.policies import LANGUAGE_CHOICES, manager, managers_only
from core.types import Act
from handlers import communities


@app_commands.command(description=text("command.exempt"))
@app_commands.describe(who=text("option.who"))
@app_commands.guild_only()
@managers_only
@manager
async def exempt(interaction: Asked, who: discord.Role | discord.Member) -> None:
    desk = Desk(interaction)
    name = _name(who)
    await desk.say(await communities.exempt(desk.services, await desk.community(), str(who.id), name, desk.by))


@app_commands.command(description=text("command.admit"))
@app_commands.describe(who=text("option.who"))
@app_commands.guild_only()
@managers_only
@manager
async def admit(interaction: Asked, who: discord.Role | discord.Member) -> None:
    desk = Desk(interaction)
    await desk.say(await communities.admit(desk.services, await desk.community(), str(who.id), _name(who), desk.by))


def _name(who: discord.Role | discord.Member) -> str:
    return who.name if isinstance(who, discord.Role) else who.display_name


@app_commands.command(description=text("command.language"))
@app_commands.describe(language=text("option.language"))
@app_commands.choices(language=LANGUAGE_CHOICES)
@app_commands.guild_only()
@managers_only
@manager
async def language(interaction: Asked, language: str) -> None:
    desk = Desk(interaction)
    await desk.say(await communities.set_language(desk.services, await desk.community(), language, desk.by))


@app_commands.command(name="log", description=text("command.log"))
@app_commands.describe(channel=text("option.log"))
@app_commands.guild_only()
@managers_only
@manager
async def log_(interaction: Asked, channel: discord.TextChannel) -> None:
    desk = Desk(interaction)
    done = await communities.set_log(desk.services, await desk.community(), str(channel.id), desk.by)
    await desk.say(done, *desk.lacking(await desk.words(), (channel, NEEDS[Act.CARD])))


@app_commands.command(description=text("command.brakes"))
@app_commands.describe(people=text("option.people"), an_hour=text("option.an_hour"))
@app_commands.guild_only()
@managers_only
@manager
async def brakes(interaction: Asked, people: Range[int, 1, 100], an_hour: Range[int, 1, 1000]) -> None:
    desk = Desk(interaction)
    await desk.say(await communities.set_brakes(desk.services, await desk.community(), people, an_hour, desk.by))


@app_commands.command(description=text("command.remember"))
@app_commands.describe(hours=text("option.hours"))
@app_commands.guild_only()
@managers_only
@manager
async def remember(interaction: Asked, hours: Range[int, 0, communities.LONGEST_MEMORY]) -> None:
    desk = Desk(interaction)
    await desk.say(await communities.set_memory(desk.services, await desk.community(), hours, desk.by))


@app_commands.command(description=text("command.ignore"))
@app_commands.describe(member=text("option.member"))
@app_commands.guild_only()
@app_commands.default_permissions(manage_messages=True)
@staff("manage_messages", "manage_guild")
async def ignore(interaction: Asked, member: discord.User) -> None:
    desk = Desk(interaction)
    name = member.display_name
    await desk.say(await communities.ignore(desk.services, await desk.community(), str(member.id), name, desk.by))


COMMANDS: tuple[Command, ...] = (exempt, admit, language, log_, brakes, ignore, remember)
