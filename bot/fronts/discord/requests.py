"""What an interaction says, as data: SDK objects in, `Asked`, `Given` and `Pressed` out. Pure.

slash command --command_of--> Command, options --given_of--> Given        menu --target_of_menu--> a message
whoever asks  --asked_of----> Asked                                       button --pressed_of--> Pressed
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import discord
from discord import app_commands

from bot.fronts.discord.addresses import after_command
from bot.fronts.discord.definitions import CAN, EN
from bot.fronts.discord.messages import incoming_of_option, person_of, place_of, space_of
from bot.fronts.discord.rights import right_of
from core.messages import Asked, Incoming, Person, Pressed
from core.types import Space
from core.wording import negotiate
from handlers.chat.commands import BY_NAME, MENUS, Command
from handlers.chat.errors import Unclear
from handlers.chat.options import Given, Option, Type, read

SUBCOMMANDS = (1, 2)
"""Kinds of options that are a subcommand, or a group of them."""

type Interaction = discord.Interaction[Any]
type Json = Mapping[str, Any]


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
    while options and options[0]["type"] in SUBCOMMANDS:
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
