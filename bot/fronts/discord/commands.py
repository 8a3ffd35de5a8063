"""The table of commands (`handlers.chat.commands`) as Discord wants it, and what an interaction says of it. Pure.

    COMMANDS --definitions--> slash commands, "references add" as a subcommand       MENUS --> the menu of a message

    slash command --command_of--> Command, options --given_of--> Given        menu --target_of_menu--> a message
    whoever asks  --asked_of----> Asked                                       button --pressed_of--> Pressed

Texts are the words' own, in English and in Chinese. What Discord lets somebody use is checked again with every use.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, cast

import discord
from discord import app_commands

from bot.fronts.discord.addresses import after_command
from bot.fronts.discord.messages import incoming_of_option, person_of, place_of, space_of
from bot.fronts.discord.rights import right_of
from core.chat_port import Capabilities
from core.messages import Asked, Incoming, Person, Pressed, Right
from core.policy import ON_THE_AUTHOR
from core.types import Space
from core.wording import Words, negotiate
from handlers.chat.commands import BY_NAME, COMMANDS, MENUS, Command
from handlers.chat.errors import Unclear
from handlers.chat.options import CHANNEL, Given, Option, Type, read
from handlers.chat.questions import IN_CHINESE

CAN = Capabilities(has_channels=True, answers_alone=True, words_ask=False, does=ON_THE_AUTHOR, has_roles=True)
EN, ZH = Words.of("en"), Words.of("zh")
LOCALES = ("zh-CN", "zh-TW")
NAMES = {"search": dict(zip(LOCALES, IN_CHINESE, strict=True))}
"""Commands whose names are translated, too."""

SLASH, OF_A_MESSAGE, SUBCOMMAND, GROUP = 1, 3, 1, 2
IN_SERVERS, IN_PRIVATE = 0, 1
PERMISSIONS = {Right.EVERYBODY: None, Right.MODERATOR: str(1 << 13), Right.MANAGER: str(1 << 5)}
"""Manage Messages, Manage Server."""

TEXT = 3
TYPES = {Type.NUMBER: 4, Type.CASE: 4, Type.FLAG: 5, Type.PLACE: 7, Type.PERSON: 9, Type.PICTURE: 11}
"""Discord's numbers of the kinds of options; all others are text."""

WITH_MESSAGES, WITH_THREADS = [0, 2, 5, 13], [15, 16]
"""Kinds of channels: text, voice, announcement, stage; forum and media."""

type Json = dict[str, Any]
type Interaction = discord.Interaction[Any]


def definitions() -> list[Json]:
    """All commands and menus, for one bulk request; what can only be about a message is in the menu of one alone."""
    in_groups = groupby(COMMANDS, lambda command: command.name.partition(" ")[0])
    slash = (_slash(name, [command for command in those if not command.is_of_messages]) for name, those in in_groups)
    return [*filter(None, slash), *(_menu(key, BY_NAME[name]) for key, name in MENUS.items())]


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
    shared: Json = {"type": TYPES.get(option.type, TEXT), "name": option.name, "required": is_required}
    return shared | _described(option.text_key) | dict(_limits(option))


def _limits(option: Option) -> Iterator[tuple[str, object]]:
    """What Discord lets people choose."""
    match option.type:
        case Type.NUMBER | Type.CASE:
            yield from {"min_value": option.least, "max_value": option.most}.items()
            yield from [("autocomplete", True)] if option.type is Type.CASE else []
        case Type.CHOICE:
            yield "choices", [_choice(option, value) for value in option.choices]
        case Type.COLLECTION | Type.KEY:
            yield "autocomplete", True
        case Type.PLACE:
            yield "channel_types", WITH_MESSAGES + (WITH_THREADS if option.name == CHANNEL.name else [])


def _choice(option: Option, value: str) -> Json:
    key = option.label_key(value)
    return {"name": EN(key), "value": value, "name_localizations": dict.fromkeys(LOCALES, ZH(key))}


def numbers_of(published: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The numbers that Discord has given to the slash commands, by name: with them a command can be clicked."""
    return {str(command["name"]): str(command["id"]) for command in published if command.get("type", SLASH) == SLASH}


def data_of(interaction: Interaction) -> Json:
    """What an interaction is about, as it came."""
    return cast(Json, interaction.data or {})


def command_of(interaction: Interaction) -> tuple[Command | None, Sequence[Json]]:
    """The command of the table and its raw options; None for one of another version."""
    data = data_of(interaction)
    name, options = str(data.get("name", "")), data.get("options") or []
    for key, command in MENUS.items():
        if name == EN(f"command.{key}"):
            return BY_NAME[command], options
    while options and options[0]["type"] in (SUBCOMMAND, GROUP):
        name, options = f"{name} {options[0]['name']}", options[0].get("options") or []
    return BY_NAME.get(name), options


def target_of_menu(interaction: Interaction) -> discord.Message | None:
    """The message whose menu was opened; None for a slash command."""
    data = data_of(interaction)
    resolved = app_commands.Namespace._get_resolved_items(interaction, cast(Any, data.get("resolved") or {}))
    number = str(data.get("target_id", ""))
    messages = (item for key, item in resolved.items() if isinstance(item, discord.Message) and key.id == number)
    return next(messages, None)


def asked_of(interaction: Interaction, about: Incoming | None = None) -> Asked:
    """Who asks, where, and what Discord says that they may."""
    space, thread = _place(interaction)
    return Asked(
        who=_who(interaction),
        space=space,
        number=interaction.id,
        thread=thread,
        about=about,
        right=right_of(interaction.permissions) if interaction.guild_id else None,
        answer_to=after_command(interaction),
    )


def pressed_of(interaction: Interaction) -> Pressed:
    """The press of a button."""
    space, thread = _place(interaction)
    message = interaction.message
    return Pressed(
        who=_who(interaction),
        space=space,
        message=str(message.id if message else 0),
        data=str(data_of(interaction).get("custom_id", "")),
        number=interaction.id,
        thread=thread,
        right=right_of(interaction.permissions) if interaction.guild_id else None,
        is_alone=interaction.guild_id is None or bool(message and message.flags.ephemeral),
    )


def _who(interaction: Interaction) -> Person:
    return person_of(interaction.user, negotiate(interaction.locale.value))


def _place(interaction: Interaction) -> tuple[Space, str]:
    if interaction.channel is not None:
        return place_of(interaction.channel, interaction.guild)
    return space_of(interaction.guild_id or "", interaction.channel_id or 0), ""


def given_of(interaction: Interaction, command: Command, options: Sequence[Json], asked: Asked) -> Given:
    """The typed values; one that makes no sense, which only an altered app sends, is left out."""
    resolved = cast(Any, data_of(interaction).get("resolved") or {})
    raw = dict(iter(app_commands.Namespace(interaction, resolved, cast(Any, list(options)))))
    values = {one.name: _value(one, raw[one.name], asked) for one in command.options_for(CAN) if one.name in raw}
    return Given({name: value for name, value in values.items() if value is not None})


def _value(option: Option, raw: Any, asked: Asked) -> object:
    match option.type:
        case Type.PLACE:
            return space_of(asked.space.community, raw.id)
        case Type.PERSON:
            return person_of(raw) if isinstance(raw, discord.Role | discord.abc.User) else None
        case Type.PICTURE:
            is_file = isinstance(raw, discord.Attachment)
            return incoming_of_option(raw, asked.space, asked.who, asked.number) if is_file else None
        case Type.FLAG:
            return bool(raw)
    try:
        return read(option, str(raw))
    except Unclear:
        return None


def being_typed(command: Command, options: Sequence[Json]) -> tuple[Option | None, str, Mapping[str, str]]:
    """The option that is being typed, what it holds so far, and all that is there."""
    values = {str(option["name"]): str(option.get("value", "")) for option in options}
    name = next((str(option["name"]) for option in options if option.get("focused")), "")
    option = next((one for one in command.options if one.name == name), None)
    return option, values.get(name, ""), values
