"""Commands, buttons, menus and forms of the Discord peer: what members use, and what the bot answers.

Interaction   one use of a command or component, and the answer as the member sees it
Interactions  slash commands with options, context menus, buttons, select menus, forms
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simcord import interactions as wire
from simcord.backend import models, serializers
from simcord.backend.command_access import command_access
from simcord.backend.models import Channel, Role, User
from simcord.components import walk_components
from simcord.enums import AppCommandType, InteractionType, OptionType

from tests.peers.discord_cdn import Json, file_name
from tests.peers.discord_world import BUTTON, Message, World

STRING_SELECT, TEXT_INPUT = 3, 4
RESOLVED_TYPES = (OptionType.USER, OptionType.CHANNEL, OptionType.ROLE, OptionType.MENTIONABLE)


@dataclass(frozen=True)
class Interaction:
    """`record` is simcord's: how and when the bot responded."""

    record: models.Interaction
    _world: "Interactions"
    _source_edited: str | None

    @property
    def messages(self) -> list[Message]:
        """The answer and all follow-ups that exist and are not still thought about."""
        own = [] if self.record.message_id == self.record.source_message_id else [self.record.message_id]
        return [message for message in map(self._find, [*own, *self.record.followup_ids]) if message is not None]

    @property
    def source(self) -> Message | None:
        """The message that the button or menu belongs to."""
        return self._find(self.record.source_message_id)

    @property
    def ephemeral(self) -> bool:
        """Whether only the member can see the first answer."""
        return any(message.ephemeral for message in self.messages[:1])

    @property
    def form(self) -> Json | None:
        """The form (modal) that the bot showed."""
        return self.record.modal

    async def answer(self, timeout: float = 10) -> Message:  # noqa: ASYNC109
        """The first thing the member gets to read: an answer, or the changed message that the button belongs to."""
        return await self._world.until(self._first, timeout, f"an answer to {self.record}")

    async def note(self, timeout: float = 10) -> Message:  # noqa: ASYNC109
        """The first message of its own that the member gets to read: that of the button may change by itself."""
        return (await self._world.until(lambda: self.messages, timeout, f"a message after {self.record}"))[0]

    async def opened(self, timeout: float = 10) -> Json:  # noqa: ASYNC109
        """The form that the bot shows."""
        return await self._world.until(lambda: self.form or {}, timeout, f"a form for {self.record}")

    def _first(self) -> Message | None:
        return next(iter(self.messages), None) or self._changed_source()

    def _changed_source(self) -> Message | None:
        edited = self.source is not None and self.source.raw.edited_timestamp != self._source_edited
        return self.source if edited and self.record.responded else None

    def _find(self, number: int | None) -> Message | None:
        found = self._world.backend.messages.get(self.record.channel_id, {}).get(number or 0)
        view = self._world.view(found) if found is not None else None
        return view if view is not None and not view.loading else None


class Interactions(World):
    """Options, buttons and menus are found by the names that the bot gave them; what a member could not do raises."""

    def slash(
        self, channel: Channel, user: User, command: str, /, *, locale: str = "en-US", **options: Any
    ) -> Interaction:
        """Use a command, such as "search" or "references add".

        A file is bytes or a pair of name and bytes; users, channels and roles are given as such.
        """
        name, *path = command.split()
        root = self._command(name, AppCommandType.CHAT_INPUT, channel, user)
        leaf, nesting = wire.walk_to_subcommand(root, path)
        data, resolved = self._options(leaf, options, channel, user)
        filled = {"options": wire.nest_options(root, nesting, data), "resolved": resolved}
        return self._command_used(channel, user, root, filled, locale)

    def context_menu(
        self, name: str, channel: Channel, user: User, message: Message, *, locale: str = "en-US"
    ) -> Interaction:
        """Use a command from the menu of a message."""
        root = self._command(name, AppCommandType.MESSAGE, channel, user)
        shown = {str(message.id): dict(serializers.message_payload(self.backend, message.raw))}
        filled = {"target_id": str(message.id), "resolved": {"messages": shown}}
        return self._command_used(channel, user, root, filled, locale)

    async def suggested(
        self, channel: Channel, user: User, command: str, option: str, typed: str, /, **filled: Any
    ) -> list[Json]:
        """What the bot offers while somebody types into an option that is completed."""
        name, *path = command.split()
        root = self._command(name, AppCommandType.CHAT_INPUT, channel, user)
        leaf, nesting = wire.walk_to_subcommand(root, path)
        declared = {one["name"]: one for one in leaf["options"]}
        assert declared[option].get("autocomplete"), f"{option} of {command} is not completed"
        values = [{"name": key, "type": declared[key]["type"], "value": value} for key, value in filled.items()]
        values.append({"name": option, "type": declared[option]["type"], "value": typed, "focused": True})
        data = {"id": root["id"], "name": root["name"], "type": int(root["type"])}
        data["options"] = wire.nest_options(root, nesting, values)
        used = self._emit(InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, channel, user, data, "en-US")
        await self.until(lambda: used.record.autocomplete_choices is not None, what=f"suggestions for {option}")
        return list(used.record.autocomplete_choices or [])

    def press(self, message: Message, user: User, button: str, *, locale: str = "en-US") -> Interaction:
        """Press a button, known by its custom_id or its label."""
        fits = [part for part in self._usable(message, BUTTON) if button in (part.get("custom_id"), part.get("label"))]
        if not fits:
            raise LookupError(f"no button {button!r} that can be pressed: {message.buttons}")
        return self._component_used(message, user, fits[0], {}, locale)

    def choose(
        self, message: Message, user: User, menu: str, values: Sequence[Any], *, locale: str = "en-US"
    ) -> Interaction:
        """Choose from a select menu, known by its custom_id: strings, or users, channels and roles."""
        part = next(part for part in walk_components(message.components) if part.get("custom_id") == menu)
        if part["type"] == STRING_SELECT:
            offered = [option["value"] for option in part["options"]]
            assert set(values) <= set(offered), f"{menu} offers {offered}"
            return self._component_used(message, user, part, {"values": list(values)}, locale)
        resolved: Json = {}
        chosen = [self._resolve(value, resolved, message.channel, user) for value in values]
        return self._component_used(message, user, part, {"values": chosen, "resolved": resolved}, locale)

    def submit(self, interaction: Interaction, *, locale: str = "en-US", **fields: Any) -> Interaction:
        """Fill in and send the form that an interaction opened: texts, or lists for menus, by custom_id."""
        form = interaction.form
        assert form is not None, "the bot has shown no form"
        data = {"custom_id": form["custom_id"], "components": [_filled(row, fields) for row in form["components"]]}
        channel = self.backend.channels[interaction.record.channel_id]
        user = self.backend.users[interaction.record.user_id]
        return self._emit(InteractionType.MODAL_SUBMIT, channel, user, data, locale, interaction.source)

    def _command(self, name: str, kind: AppCommandType, channel: Channel, user: User) -> Json:
        command = self.backend.find_command(name, channel.guild_id, kind)
        if command is None:
            raise LookupError(f"no command {name!r}: the bot has synced {sorted(self.synced())}")
        access = command_access(self.backend, command, user_id=user.id, channel_id=channel.id)
        if not access.allowed:
            raise PermissionError(f"{user.name} is not offered {name!r}: {access.reason}")
        return command

    def synced(self) -> set[str]:
        """The names of all commands that the bot has synced."""
        return {name for scope in self.backend.commands.values() for name, _ in scope}

    def _command_used(self, channel: Channel, user: User, root: Json, filled: Json, locale: str) -> Interaction:
        data = {"id": root["id"], "name": root["name"], "type": int(root["type"])} | filled
        if root.get("guild_id"):
            data["guild_id"] = root["guild_id"]
        return self._emit(InteractionType.APPLICATION_COMMAND, channel, user, data, locale)

    def _usable(self, message: Message, kind: int) -> list[Json]:
        parts = walk_components(message.components)
        return [part for part in parts if part["type"] == kind and not part.get("disabled")]

    def _component_used(self, message: Message, user: User, part: Json, extra: Json, locale: str) -> Interaction:
        data = {"custom_id": part["custom_id"], "component_type": part["type"], "id": part.get("id")} | extra
        return self._emit(InteractionType.MESSAGE_COMPONENT, message.channel, user, data, locale, message)

    def _emit(
        self,
        kind: InteractionType,
        channel: Channel,
        user: User,
        data: Json,
        locale: str,
        source: Message | None = None,
    ) -> Interaction:
        guild = channel.guild_id
        record, payload = wire.base_payload(
            self.backend, type=int(kind), channel_id=channel.id, guild_id=guild, user_id=user.id, data=data
        )
        payload |= {"locale": locale, "authorizing_integration_owners": {"0": str(guild or 0)}}
        if source is not None:
            record.source_message_id = source.id
            payload["message"] = dict(serializers.message_payload(self.backend, source.raw))
        edited = source.raw.edited_timestamp if source is not None else None
        self.backend.emit("INTERACTION_CREATE", payload)
        return Interaction(record, self, edited)

    def _options(self, leaf: Json, given: Json, channel: Channel, user: User) -> tuple[list[Json], Json]:
        declared = {option["name"]: option for option in leaf.get("options") or ()}
        missing = {name for name, option in declared.items() if option.get("required")} - given.keys()
        if missing or given.keys() - declared.keys():
            raise LookupError(f"{leaf['name']} has the options {sorted(declared)} and needs {sorted(missing)}")
        resolved: Json = {}
        values = {name: self._value(declared[name], value, resolved, channel, user) for name, value in given.items()}
        return [{"name": name, "type": declared[name]["type"], "value": values[name]} for name in values], resolved

    def _value(self, option: Json, value: Any, resolved: Json, channel: Channel, user: User) -> Any:
        if option["type"] in RESOLVED_TYPES:
            return self._resolve(value, resolved, channel, user)
        if option["type"] == OptionType.ATTACHMENT:
            pair = (f"{option['name']}.png", value) if isinstance(value, bytes) else value
            name, data = wire.validate_option_value(option["name"], option, pair)
            return wire.store_interaction_attachment(self.backend, channel.id, file_name(name), data, resolved)
        return wire.validate_option_value(option["name"], option, value)

    def _resolve(self, value: User | Channel | Role, resolved: Json, channel: Channel, user: User) -> str:
        """Put a user, channel or role next to its id, which is all that an option itself holds."""
        number = str(value.id)
        if isinstance(value, Role):
            resolved.setdefault("roles", {})[number] = dict(serializers.role_payload(value))
        elif isinstance(value, Channel):
            resolved.setdefault("channels", {})[number] = self._seen_channel(value, user)
        else:
            resolved.setdefault("users", {})[number] = dict(serializers.user_payload(value))
            resolved.setdefault("members", {}).update(self._seen_member(value, channel))
        return number

    def _seen_channel(self, channel: Channel, user: User) -> Json:
        assert channel.guild_id is not None, "nobody can choose a channel of direct messages"
        rights = self.backend.compute_permissions(channel.guild_id, user.id, channel.id)
        return {**serializers.channel_payload(self.backend, channel), "permissions": str(rights)}

    def _seen_member(self, user: User, channel: Channel) -> Json:
        guild = self.backend.guilds.get(channel.guild_id or 0)
        if guild is None or user.id not in guild.members:
            return {}
        payload = serializers.member_payload(self.backend, guild, guild.members[user.id], with_user=False)
        rights = self.backend.compute_permissions(guild.id, user.id, channel.id)
        return {str(user.id): {**payload, "permissions": str(rights)}}


def _filled(row: Json, fields: Json) -> Json:
    """A row or label of a form with what was entered, as a client sends it back."""
    if "component" in row:
        return {"type": row["type"], "id": row.get("id"), "component": _entered(row["component"], fields)}
    entered = [_entered(part, fields) for part in row.get("components") or ()]
    return {"type": row["type"], "id": row.get("id"), "components": entered}


def _entered(part: Json, fields: Json) -> Json:
    key = "value" if part["type"] == TEXT_INPUT else "values"
    empty: Any = "" if part["type"] == TEXT_INPUT else []
    entered = fields.get(part["custom_id"], part.get("value", empty))
    return {"type": part["type"], "id": part.get("id"), "custom_id": part["custom_id"], key: entered}
