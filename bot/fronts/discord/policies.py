"""The staff's commands about channels: set up, watch, modes, thresholds, what is done.

Each says what `handlers.communities` says, and which permissions we lack for it.
"""

from datetime import timedelta

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bot.fronts.discord.acts import NEEDS
from bot.fronts.discord.desk import WATCHING, Asked, Command, Desk, Place, lacking, staff, text
from core.chat import Said
from core.types import Act, Kind, Mode, Space
from core.wording import LANGUAGES, Words, negotiate
from handlers import communities
from handlers.references import visible_one

MODES = [Choice(name=text(f"mode.{mode}"), value=mode.value) for mode in Mode]
ON = [choice for choice in MODES if choice.value != Mode.OFF]
ACTING = [choice for choice in MODES if choice.value in (Mode.FLAG, Mode.ENFORCE)]
KINDS = [Choice(name=text(f"kind.{kind}"), value=kind.value) for kind in Kind]
LANGUAGE_CHOICES = [Choice(name=Words.of(language)("language.name"), value=language) for language in LANGUAGES]
manager = staff("manage_guild")
managers_only = app_commands.default_permissions(manage_guild=True)


@app_commands.command(description=text("command.setup"))
@app_commands.describe(
    log=text("option.log"),
    mode=text("option.mode"),
    language=text("option.language"),
    channel=text("option.channel"),
)
@app_commands.choices(mode=ON, language=LANGUAGE_CHOICES)
@app_commands.guild_only()
@managers_only
@manager
async def setup(
    interaction: Asked, log: discord.TextChannel, mode: str = "", language: str = "", channel: Place | None = None
) -> None:
    desk = Desk(interaction)
    space, chosen = desk.space(channel), Mode(mode or Mode.DRY_RUN)
    speaks = language or (await desk.community()).language or negotiate(desk.guild.preferred_locale.value)
    await desk.bot.reader.begin(space, interaction.id)
    done = await communities.set_up(
        desk.services, space, log=str(log.id), mode=chosen, language=speaks, by=desk.by, name=desk.guild.name
    )
    await _say(desk, done, space, log)


async def _say(desk: Desk, done: Said, space: Space, log: discord.TextChannel | None = None) -> None:
    """What was done, and what lacks for it; then what was posted meanwhile is read."""
    place = desk.guild.get_channel(int(space.channel)) if space.channel != communities.EVERYWHERE else None
    wanted: list[tuple[Place, tuple[str, ...]]] = [(log, NEEDS[Act.CARD])] if log else []
    if isinstance(place, Place):
        wanted.append((place, WATCHING))
    words = await desk.words()
    await desk.say(done, *desk.lacking(words, *wanted))
    await desk.bot.look_again(desk.guild)


@app_commands.command(description=text("command.watch"))
@app_commands.describe(
    channel=text("option.channel"),
    mode=text("option.mode"),
    everywhere=text("option.everywhere"),
)
@app_commands.choices(mode=ON)
@app_commands.guild_only()
@managers_only
@manager
async def watch(interaction: Asked, channel: Place | None = None, mode: str = "", everywhere: bool = False) -> None:
    desk = Desk(interaction)
    space = desk.space(channel, everywhere=everywhere)
    await desk.bot.reader.begin(space, interaction.id)
    await _say(desk, await communities.watch(desk.services, space, Mode(mode) if mode else None, desk.by), space)


@app_commands.command(description=text("command.unwatch"))
@app_commands.describe(channel=text("option.channel"), everywhere=text("option.everywhere"))
@app_commands.guild_only()
@managers_only
@manager
async def unwatch(interaction: Asked, channel: Place | None = None, everywhere: bool = False) -> None:
    desk = Desk(interaction)
    space = desk.space(channel, everywhere=everywhere)
    await desk.say(await communities.unwatch(desk.services, space, desk.by))


@app_commands.command(description=text("command.mode"))
@app_commands.describe(
    mode=text("option.mode"),
    channel=text("option.channel"),
    collection=text("option.collection"),
    kind=text("option.kind"),
)
@app_commands.choices(mode=MODES, kind=KINDS)
@app_commands.guild_only()
@managers_only
@manager
async def mode(
    interaction: Asked, mode: str, channel: Place | None = None, collection: str = "", kind: str = ""
) -> None:
    """Of a channel; or an exception from it for a collection, a kind of match, or both."""
    desk = Desk(interaction)
    space = desk.space(channel)
    named = (await visible_one(desk.services, space, collection)).name if collection else ""
    await desk.bot.reader.begin(space, interaction.id)
    done = await communities.set_mode(
        desk.services, space, Mode(mode), desk.by, collection=named, kind=Kind(kind) if kind else None
    )
    await _say(desk, done, space)


@app_commands.command(description=text("command.threshold"))
@app_commands.describe(match=text("option.match"), review=text("option.review"), channel=text("option.channel"))
@app_commands.guild_only()
@managers_only
@manager
async def threshold(
    interaction: Asked, match: Range[str, 1, 40], review: Range[int, 1, 100], channel: Place | None = None
) -> None:
    desk = Desk(interaction)
    space = desk.space(channel)
    await desk.say(await communities.set_thresholds(desk.services, space, match, review / 100, desk.by))


@app_commands.command(description=text("command.actions"))
@app_commands.describe(
    mode=text("option.which"),
    react=text("option.react"),
    reply=text("option.reply"),
    delete=text("option.delete"),
    timeout=text("option.timeout"),
    minutes=text("option.minutes"),
    channel=text("option.channel"),
)
@app_commands.choices(mode=ACTING)
@app_commands.guild_only()
@managers_only
@manager
async def actions(
    interaction: Asked,
    mode: str,
    react: bool = False,
    reply: bool = False,
    delete: bool = False,
    timeout: bool = False,  # noqa: ASYNC109  what Discord shows is the name
    minutes: Range[int, 1, 40320] | None = None,
    channel: Place | None = None,
) -> None:
    """What is not named is not done any more."""
    desk = Desk(interaction)
    wanted = {Act.FLAG: react, Act.REPLY: reply, Act.REMOVE: delete, Act.TIMEOUT: timeout}
    acts = [act for act, is_wanted in wanted.items() if is_wanted]
    if not acts:
        usage = (await desk.words())("discord.choose-acts")
        return await desk.say(Said(key="said.unknown", values={"usage": usage}))
    lasting = timedelta(minutes=minutes) if minutes else None
    done = await communities.set_acts(desk.services, desk.space(channel), Mode(mode), acts, desk.by, lasting)
    return await desk.say(done, *_lacking_for(desk, await desk.words(), acts))


def _lacking_for(desk: Desk, words: Words, acts: list[Act]) -> list[str]:
    """Permissions that these acts need and we have not."""
    needed = tuple(dict.fromkeys(need for act in acts for need in NEEDS[act]))
    channel = desk.guild.get_channel(int(desk.here.channel))
    line = lacking(words, channel, needed) if isinstance(channel, Place) else ""
    return [line] if line else []


COMMANDS: tuple[Command, ...] = (setup, watch, unwatch, mode, threshold, actions)
