"""The form that asks for another title: the button below what was added opens it, what is sent in renames.

press t:57 --open_form--> the form, with the title as it is       sent in --sent--> /references rename
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import discord

from bot.fronts.discord.commands import Interaction, asked_of, data_of
from core.errors import ResightError
from core.messages import Asked, Incoming, Right
from core.wording import Words, negotiate
from handlers import naming
from handlers.chat import data
from handlers.chat.context import Connection
from handlers.chat.options import Given
from handlers.naming import LONGEST_TITLE

FIELD = "title"


def opens_form(interaction: Interaction) -> bool:
    """Whether a pressed button asks for a form; a deferred press can't be answered with one any more."""
    return isinstance(data.read(str(data_of(interaction).get("custom_id", ""))), data.OfTitle)


async def open_form(connection: Connection, interaction: Interaction) -> None:
    """Show the form; who may not rename reads so when it is sent in."""
    pressed = str(data_of(interaction).get("custom_id", ""))
    words = Words.of(negotiate(interaction.locale.value))
    form = discord.ui.Modal(title=words("title.another"), custom_id=pressed)
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        label=words("title.label"),
        custom_id=FIELD,
        default=await _title(connection, asked_of(interaction), pressed),
        max_length=LONGEST_TITLE,
    )
    form.add_item(field)
    form.stop()  # what is sent in says all: discord.py need not remember the form
    await interaction.response.send_modal(form)


async def _title(connection: Connection, asked: Asked, pressed: str) -> str | None:
    """The title as it is now, for staff; None where there is none, or where it can't be read just now."""
    meant = data.read(pressed)
    if (asked.right or Right.EVERYBODY) < Right.MODERATOR:
        return None
    with contextlib.suppress(ResightError):
        found = await naming.of_message(connection.services, asked.space, getattr(meant, "message", ""))
        return next((one.title[:LONGEST_TITLE] for one in found if one.title), None)
    return None


def sent(interaction: Interaction) -> tuple[Asked, Given]:
    """What the form asks, as the command /references rename about what the button was below."""
    asked, form = asked_of(interaction), data_of(interaction)
    about = Incoming(space=asked.space, message="", author=asked.who, buttons=(str(form.get("custom_id", "")),))
    return replace(asked, about=about), Given({"title": next(_texts(form.get("components") or ()), "")})


def _texts(parts: Any) -> Iterator[str]:
    """What was written into the field, however it is nested."""
    for part in parts:
        if isinstance(part, Mapping):
            if part.get("custom_id") == FIELD:
                yield str(part.get("value", ""))
            yield from _texts([*(part.get("components") or ()), part.get("component")])
