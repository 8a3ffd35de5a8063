"""The commands that Telegram shows when somebody types "/": by language, and by who may use them where."""

import asyncio
import logging

from telegram import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from bot.fronts.telegram.api import Bot
from core.wording import LANGUAGES, Words

PRIVATE = ("search", "find", "alerts", "help")
GROUP = ("search", "find", "report", "help")
STAFF = (
    *("setup", "watch", "unwatch", "mode", "threshold", "actions", "add", "references", "exempt", "admit"),
    *("case", "why", "alerts", "language", "log", "brakes", "ignore", "remember"),
)
"""Also the order of the help."""

KEYS = {"add": "references-add"}
"""Commands whose description has another name in the words."""

SCOPES = (
    (BotCommandScopeAllPrivateChats(), PRIVATE),
    (BotCommandScopeAllGroupChats(), GROUP),
    (BotCommandScopeAllChatAdministrators(), (*GROUP, *STAFF)),
)
AGAIN_AFTER_S = 60.0
log = logging.getLogger(__name__)


async def announce(bot: Bot) -> None:
    """Tell Telegram the commands, until it has heard; without a menu they work all the same."""
    while True:
        try:
            for language in LANGUAGES:
                for scope, names in SCOPES:
                    await bot.set_my_commands(menu(language, names), scope, None if language == "en" else language)
            return
        except TelegramError as error:
            log.warning("The menu of commands was not set (%s); trying again in a minute.", error.message)
        except Exception:  # what it answers may be of a new kind, and nobody's post is to wait for that
            log.exception("The menu of commands was not set; trying again in a minute.")
        await asyncio.sleep(AGAIN_AFTER_S)


def menu(language: str, names: tuple[str, ...]) -> list[BotCommand]:
    words = Words.of(language)
    return [BotCommand(name, words(f"command.{KEYS.get(name, name)}")) for name in names]
