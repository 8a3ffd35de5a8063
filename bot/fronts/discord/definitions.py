"""The table of commands as the JSON that Discord wants. Pure.

    handlers.chat.commands.COMMANDS --definitions--> slash commands, "references add" as a subcommand
    handlers.chat.commands.MENUS    --definitions--> entries in the menu of a message

Texts are the words' own, in English and in Chinese. What Discord lets somebody use is checked again with every use.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from core.chat_port import Capabilities
from core.messages import Right
from core.wording import Words
from handlers.chat.commands import BY_NAME, COMMANDS, MENUS, Command
from handlers.chat.options import CHANNEL, Option, Type
from handlers.chat.questions import IN_CHINESE

CAN = Capabilities(has_channels=True, answers_alone=True)
EN, ZH = Words.of("en"), Words.of("zh")
LOCALES = ("zh-CN", "zh-TW")
NAMES = {"search": dict(zip(LOCALES, IN_CHINESE, strict=True))}
"""Commands whose names are translated, too."""

SLASH, OF_A_MESSAGE, SUBCOMMAND = 1, 3, 1
IN_SERVERS, IN_PRIVATE = 0, 1
PERMISSIONS = {Right.EVERYBODY: None, Right.MODERATOR: str(1 << 13), Right.MANAGER: str(1 << 5)}
"""Manage Messages, Manage Server."""

TYPES = {
    Type.TEXT: 3,
    Type.CHOICE: 3,
    Type.COLLECTION: 3,
    Type.KEY: 3,
    Type.NUMBER: 4,
    Type.FLAG: 5,
    Type.PLACE: 7,
    Type.PERSON: 9,
    Type.PICTURE: 11,
}
WITH_MESSAGES, WITH_THREADS = [0, 2, 5, 13], [15, 16]
"""Kinds of channels: text, voice, announcement, stage; forum and media."""

type Json = dict[str, Any]


def definitions() -> list[Json]:
    """All commands and menus, for one bulk request."""
    in_groups = groupby(COMMANDS, lambda command: command.name.partition(" ")[0])
    slash = (_slash(name, [command for command in those if _has_slash(command)]) for name, those in in_groups)
    return [*filter(None, slash), *(_menu(key, BY_NAME[name]) for key, name in MENUS.items())]


def _has_slash(command: Command) -> bool:
    """A slash command is about no message: what can only be about one is in the menu of a message alone."""
    return bool(command.options) or not command.about


def _slash(name: str, commands: Sequence[Command]) -> Json | None:
    """A command, or a group of them."""
    if not commands:
        return None
    is_group = commands[0].name != name
    options = [_subcommand(command) for command in commands] if is_group else _options(commands[0])
    shared: Json = {"type": SLASH, "name": name, "name_localizations": NAMES.get(name), "options": options}
    return shared | _described(f"command.{name}") | _offered(commands)


def _subcommand(command: Command) -> Json:
    name = command.name.partition(" ")[2]
    return {"type": SUBCOMMAND, "name": name, "options": _options(command)} | _described(command.text_key)


def _menu(key: str, command: Command) -> Json:
    text = f"command.{key}"
    names = dict.fromkeys(LOCALES, ZH(text))
    return {"type": OF_A_MESSAGE, "name": EN(text), "name_localizations": names} | _offered([command])


def _described(key: str) -> Json:
    return {"description": EN(key), "description_localizations": dict.fromkeys(LOCALES, ZH(key))}


def _offered(commands: Sequence[Command]) -> Json:
    """To whom, and where: what one of a group allows, the group does."""
    contexts = [IN_SERVERS] if any(command.in_community for command in commands) else []
    contexts += [IN_PRIVATE] if any(command.in_private for command in commands) else []
    return {
        "default_member_permissions": PERMISSIONS[min(command.who for command in commands)],
        "contexts": contexts,
    }


def _options(command: Command) -> list[Json]:
    """Required options first, as Discord wants them; without a message that it is about, the first one is required."""
    options = command.options_for(CAN)
    built = [
        _option(option, is_required=option.required or (command.about and option is options[0])) for option in options
    ]
    return sorted(built, key=lambda option: not option["required"])


def _option(option: Option, *, is_required: bool) -> Json:
    shared: Json = {"type": TYPES[option.type], "name": option.name, "required": is_required}
    return shared | _described(option.text_key) | dict(_limits(option))


def _limits(option: Option) -> Iterator[tuple[str, object]]:
    """What Discord lets people choose."""
    match option.type:
        case Type.NUMBER:
            yield from {"min_value": option.least, "max_value": option.most}.items()
        case Type.CHOICE:
            yield "choices", [_choice(option, value) for value in option.choices]
        case Type.COLLECTION | Type.KEY:
            yield "autocomplete", True
        case Type.PLACE:
            yield "channel_types", WITH_MESSAGES + (WITH_THREADS if option.name == CHANNEL.name else [])


def _choice(option: Option, value: str) -> Json:
    key = option.label_key(value)
    return {"name": EN(key), "value": value, "name_localizations": dict.fromkeys(LOCALES, ZH(key))}


def menu_of(name: str, words: Words) -> str:
    """Where the menu of a message has a command that is no slash command, "" for any other."""
    key = next((key for key, command in MENUS.items() if command == name and not _has_slash(BY_NAME[name])), "")
    return words("discord.menu", name=words(f"command.{key}")) if key else ""


def numbers_of(published: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The numbers that Discord has given to the slash commands, by name: with them a command can be clicked."""
    return {str(command["name"]): str(command["id"]) for command in published if command.get("type", SLASH) == SLASH}
