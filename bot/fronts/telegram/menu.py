"""The commands that Telegram shows when somebody types "/": by language, and by who may use them where.

Made from the table (`handlers.chat.commands`): of a group of commands there is its first word.
"""

import asyncio
import logging
from collections.abc import Iterable

from telegram import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from bot.fronts.telegram.api import Bot
from core.backoff import MENU, Pauses
from core.messages import Right
from core.wording import LANGUAGES, Words
from handlers.chat.commands import COMMANDS, SHORT, Command

log = logging.getLogger(__name__)


def _names(commands: Iterable[Command]) -> tuple[str, ...]:
    """Their first words, each once, and behind them the short names of those that have one."""
    full = [command.name for command in commands]
    short = [name for name, meant in SHORT.items() if meant in full]
    return tuple(dict.fromkeys([*(name.partition(" ")[0] for name in full), *short]))


PRIVATE = _names(command for command in COMMANDS if command.in_private)
GROUP = _names(command for command in COMMANDS if command.in_community and command.who is Right.EVERYBODY)
STAFF = _names(command for command in COMMANDS if command.in_community)

SCOPES = (
    (BotCommandScopeAllPrivateChats(), PRIVATE),
    (BotCommandScopeAllGroupChats(), GROUP),
    (BotCommandScopeAllChatAdministrators(), STAFF),
)


async def announce(bot: Bot) -> None:
    """Tell Telegram the commands, until it has heard; without a menu they work all the same."""
    pauses = Pauses(MENU)
    while True:
        try:
            for language in LANGUAGES:
                for scope, names in SCOPES:
                    await bot.set_my_commands(menu(language, names), scope, None if language == "en" else language)
            return
        except TelegramError as error:
            log.warning("The menu of commands was not set (%s); trying again later.", error.message)
        except Exception:  # what it answers may be of a new kind, and nobody's post is to wait for that
            log.exception("The menu of commands was not set; trying again later.")
        await asyncio.sleep(pauses.after())


def menu(language: str, names: Iterable[str]) -> list[BotCommand]:
    """Each with its sentence in that language."""
    words = Words.of(language)
    return [BotCommand(name, words(f"command.{SHORT.get(name, name).replace(' ', '-')}")) for name in names]
