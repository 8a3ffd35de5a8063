"""The commands of everybody, and the assembly of all others.

/search, /find, /help   here              /references, /alerts   collections.py
/setup, /watch, ...     policies.py       /case, /why, menus     menus.py
/exempt, /language, ... community.py      buttons                buttons.py

Texts are the words' own: Discord shows them in English and in Chinese.
"""

import logging
from collections.abc import Sequence

import discord
from discord import Locale, app_commands

from bot.fronts.discord import collections, community, menus, policies
from bot.fronts.discord.buttons import CaseButton, UndoAdding
from bot.fronts.discord.cards import escaped
from bot.fronts.discord.client import Bot
from bot.fronts.discord.desk import Asked, Command, Desk, Tree, may, text
from bot.fronts.discord.events import event_of_option
from bot.fronts.discord.posts import after_command
from bot.fronts.discord.wire import UNREACHABLE
from core.telling import one_line
from core.types import Reference
from core.wording import Words
from handlers import find as finding
from handlers.chat.cards import title_of
from handlers.intake import accept

CHINESE = {Locale.chinese: "zh-CN", Locale.taiwan_chinese: "zh-TW"}
FOR_ALL = ("search", "find", "help")
OWNER = 60
log = logging.getLogger(__name__)


class Translations(app_commands.Translator):
    """Chinese from the words; the names of commands stay, but for those that bring one along."""

    async def translate(
        self, string: app_commands.locale_str, locale: Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        del context
        if locale not in CHINESE:
            return None
        key = string.extras.get("key")
        return string.extras.get(CHINESE[locale]) or (Words.of("zh")(key) if key else None)


@app_commands.command(
    name=app_commands.locale_str("search", **{"zh-CN": "搜图", "zh-TW": "搜圖"}), description=text("command.search")
)
@app_commands.describe(image=text("option.image"))
async def search(interaction: Asked, image: discord.Attachment) -> None:
    """The answer comes from the outbox."""
    desk = Desk(interaction)
    if refused := desk.bot.questions.too_many(interaction.user.id, 1):
        return await desk.say(refused, own=True)
    event = event_of_option(
        image,
        desk.here,
        interaction.user,
        interaction.id,
        answer_to=after_command(interaction),
        language=desk.own_language,
    )
    await accept(desk.services, [event])
    return None


@app_commands.command(name="find", description=text("command.find"))
@app_commands.describe(words=text("option.words"))
async def find(interaction: Asked, words: str) -> None:
    """Known images that show what the words say; for the asker alone."""
    desk = Desk(interaction)
    if refused := desk.bot.questions.too_many(interaction.user.id, 1):
        return await desk.say(refused, own=True)
    heading, found = await finding.find(desk.services, desk.here.home, words)
    await desk.say(heading, *map(_found, found), own=True)
    return None


def _found(one: Reference) -> str:
    """A title, its owner, and where it comes from, without a preview."""
    parts = (f"**{escaped(title_of(one))}**", escaped(one_line(one.owner, OWNER)))
    source = f" <{one.source_url}>" if one.source_url else ""
    return "• " + " · ".join(part for part in parts if part) + source


@app_commands.command(name="help", description=text("command.help"))
async def help_(interaction: Asked) -> None:
    desk = Desk(interaction)
    words = Words.of(desk.own_language)
    everything = [one for one in COMMANDS if not isinstance(one, app_commands.ContextMenu)]
    menus = words("discord.help-menus", search=words("command.search-this"), report=words("command.report-this"))
    lines = [words("discord.help-private"), menus, *_lines(words, [one for one in everything if one.name in FOR_ALL])]
    if interaction.guild_id is not None and may(interaction, "manage_messages", "manage_guild"):
        lines += ["", f"**{words('discord.help-staff')}**"]
        lines += _lines(words, [one for one in everything if one.name not in FOR_ALL])
    await desk.show("\n".join(lines))


def _lines(words: Words, commands: Sequence[Command]) -> list[str]:
    return [f"`/{one.name}` {words(f'command.{one.name}')}" for one in commands]


COMMANDS: tuple[Command, ...] = (
    search,
    find,
    help_,
    *policies.COMMANDS,
    *community.COMMANDS,
    *collections.COMMANDS,
    *menus.COMMANDS,
)


def install(bot: Bot) -> None:
    """Give a client its commands and buttons; `bot.publish` tells Discord of them once it has logged in."""
    tree = Tree(bot)
    for command in COMMANDS:
        tree.add_command(command)
    bot.add_dynamic_items(CaseButton, UndoAdding)

    async def publish() -> None:
        await tree.set_translator(Translations())
        try:
            await tree.sync()
        except (*UNREACHABLE, discord.HTTPException) as error:
            log.warning("Discord: the commands could not be published (%s).", error)

    bot.publish = publish
