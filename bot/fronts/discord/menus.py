"""What is asked about one message or case: the menus of a message, `/case` and `/why`.

Search this image, Report image    everybody          Add as reference, Why?, /case, /why    the staff

A case or a message of another server is not there for those who ask.
"""

import re
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.app_commands import Range

from bot.fronts.discord.buttons import undo_adding
from bot.fronts.discord.cards import embed_of
from bot.fronts.discord.cases import case_here, show, why_of
from bot.fronts.discord.collections import moderator
from bot.fronts.discord.desk import Asked, Command, Declined, Desk, plain, text
from bot.fronts.discord.events import events_of
from bot.fronts.discord.posts import after_command
from core.cases import Case
from core.chat import Said
from core.types import ImageEvent, Intent, Platform
from handlers import from_post
from handlers.intake import accept
from handlers.report import report

LINK = re.compile(r"https?://(?:\w+\.)?discord(?:app)?\.com/channels/(\d+)/(\d+)/(\d+)")
MOST = 3
"""Pictures of one message that are explained."""

staff_menu = app_commands.default_permissions(manage_messages=True)


@app_commands.context_menu(name=text("command.search-this"))
async def search_this(interaction: Asked, message: discord.Message) -> None:
    """The answers come from the outbox."""
    desk = Desk(interaction)
    events = events_of(
        message,
        intent=Intent.QUERY,
        revision=interaction.id,
        answer_to=after_command(interaction),
        language=desk.own_language,
    )
    refused = desk.bot.questions.too_many(interaction.user.id, len(events)) if events else Said(key="said.no-image")
    if refused:
        await desk.say(refused, own=True)
    else:
        await accept(desk.services, events)


@app_commands.context_menu(name=text("command.report-this"))
@app_commands.guild_only()
async def report_this(interaction: Asked, message: discord.Message) -> None:
    desk = Desk(interaction)
    events = events_of(message, intent=Intent.REPORTED)
    await desk.say(await report(desk.services, events, str(interaction.user.id)), own=True)


@app_commands.context_menu(name=text("command.add-this"))
@app_commands.guild_only()
@staff_menu
@moderator
async def add_this(interaction: Asked, message: discord.Message) -> None:
    desk = Desk(interaction)
    number = str(message.id)
    done = await from_post.add_message(desk.services, events_of(message), number, by=desk.by)
    words = await desk.words()
    await desk.show(plain(words, done), **undo_adding(words, done, desk.here, number, from_post.BLOCKLIST))


@app_commands.context_menu(name=text("command.why-this"))
@app_commands.guild_only()
@staff_menu
@moderator
async def why_this(interaction: Asked, message: discord.Message) -> None:
    await _explain(Desk(interaction), await _events(Desk(interaction), message))


@app_commands.command(description=text("command.why"))
@app_commands.describe(link=text("option.link"))
@app_commands.guild_only()
@staff_menu
@moderator
async def why(interaction: Asked, link: str) -> None:
    """Of a message by its link, of a case by its number."""
    desk = Desk(interaction)
    if link.strip().lstrip("#").isdecimal():
        case = await case_here(desk, int(link.strip().lstrip("#")))
        return await _explain(desk, [], case.pictures)
    if found := LINK.search(link):
        return await _explain_linked(desk, *map(int, found.groups()))
    usage = (await desk.words())("discord.choose-link")
    return await desk.say(Said(key="said.unknown", values={"usage": usage}))


async def _explain_linked(desk: Desk, guild: int, channel: int, number: int) -> None:
    """A message that the asker may see too; of one that is gone, what its cases tell."""
    place = desk.guild.get_channel_or_thread(channel)
    member = desk.interaction.user
    if guild != desk.guild.id or (
        place and isinstance(member, discord.Member) and not place.permissions_for(member).view_channel
    ):
        raise Declined("said.gone")
    try:
        message = await desk.bot.get_partial_messageable(channel, guild_id=guild).fetch_message(number)
    except (discord.NotFound, discord.Forbidden):
        return await _explain(desk, [], await _cases(desk, place, channel, number))
    return await _explain(desk, await _events(desk, message))


async def _cases(desk: Desk, place: object, channel: int, number: int) -> Sequence[Case]:
    parent = place.parent_id if isinstance(place, discord.Thread) else channel
    cases = await desk.services.cases.of_message(Platform.DISCORD, str(parent), str(number))
    here = [case for case in cases if case.event.space.community == str(desk.guild.id)]
    if not here:
        raise Declined("said.gone")
    return here


async def _events(desk: Desk, message: discord.Message) -> list[ImageEvent]:
    await desk.bot.complete(message)
    return events_of(message)


async def _explain(desk: Desk, events: Sequence[ImageEvent], cases: Sequence[Case] = ()) -> None:
    words = await desk.words()
    about: list[ImageEvent | Case] = [*events, *cases]
    cards = [await why_of(desk.services, words, one) for one in about[:MOST]]
    if not cards:
        return await desk.say(Said(key="said.no-image"))
    return await desk.show(embeds=[embed_of(card) for card in cards])


@app_commands.command(description=text("command.case"))
@app_commands.describe(number=text("option.number"))
@app_commands.guild_only()
@staff_menu
@moderator
async def case(interaction: Asked, number: Range[int, 1]) -> None:
    desk = Desk(interaction)
    await desk.show(**await show(desk, await case_here(desk, number)))


COMMANDS: tuple[Command, ...] = (search_this, report_this, add_this, why_this, why, case)
