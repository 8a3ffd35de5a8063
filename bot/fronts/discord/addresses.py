"""How places, messages and interactions are written down, so that they are found again after a restart. Pure.

Receipt    a message of ours, as the outbox remembers it: "channel/message", and whether it shows the evidence
Target     where an answer goes: `after_command` and `below` write it, `target_of` reads it
PERSON     how a person is addressed, where all else is the number of a channel
"""

from dataclasses import dataclass
from typing import Self

import discord

from core.types import ImageEvent

HOSTS = frozenset(
    {"cdn.discordapp.com", "media.discordapp.net", "images-ext-1.discordapp.net", "images-ext-2.discordapp.net"}
)
"""Where Discord keeps files, and copies of pictures from elsewhere."""

EVIDENCE = "evidence.jpg"
"""The file name under which the evidence picture is attached."""

PERSON = "user:"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a message of ours is."""

    channel: int
    message: int
    has_picture: bool = False

    def __str__(self) -> str:
        return f"{self.channel}/{self.message}" + ("/e" if self.has_picture else "")

    @classmethod
    def read(cls, text: str) -> Self:
        channel, message, *rest = text.split("/")
        return cls(int(channel), int(message), bool(rest))

    @classmethod
    def of(cls, message: discord.Message) -> Self:
        return cls(message.channel.id, message.id, any(file.filename == EVIDENCE for file in message.attachments))


@dataclass(frozen=True, slots=True)
class Target:
    """Where an answer goes: after a command (`application`, `token`), or below a message."""

    application: int = 0
    token: str = ""
    channel: int = 0
    message: int = 0


def after_command(interaction: discord.Interaction) -> str:
    """`ImageEvent.answer_to` for a command."""
    return f"interaction:{interaction.application_id}:{interaction.token}"


def below(message: discord.Message) -> str:
    """`ImageEvent.answer_to` for a message other than the one with the picture."""
    return f"message:{message.channel.id}:{message.id}"


def target_of(event: ImageEvent) -> Target:
    """What `answer_to` says; "" = below the message with the picture."""
    kind, _, rest = event.answer_to.partition(":")
    where, _, what = rest.partition(":")
    if kind == "interaction":
        return Target(application=int(where), token=what)
    if kind == "message":
        return Target(channel=int(where), message=int(what))
    return Target(channel=int(event.thread or event.space.channel), message=int(event.message))
