"""Two bots for the tests of the Discord peer: they note what they see, and answer a few commands and buttons.

Bot      the one with discord.py, which is as it is apart from its base addresses
Buttons  the buttons and the menu under its cards
Scene    a guild with this bot in it, a channel and a member
running  a started bot, for the time of a block
Hikari   the one with hikari

`first_answer` is what the gateway says to a client that is no library at all.
"""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord
import hikari
from discord import app_commands
from PIL import Image

from tests.peers.discord_gateway import Op
from tests.peers.discord_server import Channel, DiscordServer, Guild, Message, User


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "PNG")
    return out.getvalue()


PNG = png()


class Reason(discord.ui.Modal, title="Why?"):
    reason: discord.ui.TextInput["Reason"] = discord.ui.TextInput(label="Reason", custom_id="reason")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"because {self.reason.value}")


class Buttons(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="No match", custom_id="no-match")
    async def no_match(self, interaction: discord.Interaction, _button: discord.ui.Button["Buttons"]) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("noted", ephemeral=True)

    @discord.ui.button(label="Delete", custom_id="delete")
    async def delete(self, interaction: discord.Interaction, _button: discord.ui.Button["Buttons"]) -> None:
        await interaction.response.edit_message(content=f"deleted by {interaction.user.name}", view=None)

    @discord.ui.button(label="Explain", custom_id="explain")
    async def explain(self, interaction: discord.Interaction, _button: discord.ui.Button["Buttons"]) -> None:
        await interaction.response.send_modal(Reason())

    @discord.ui.select(custom_id="verdict", options=[discord.SelectOption(label=label) for label in ("Yes", "No")])
    async def verdict(self, interaction: discord.Interaction, menu: discord.ui.Select["Buttons"]) -> None:
        await interaction.response.send_message(f"chosen {menu.values}", ephemeral=True)


class Bot(discord.Client):
    def __init__(self, message_content: bool = True) -> None:
        intents = discord.Intents(discord.Intents.default().value, members=True, message_content=message_content)
        super().__init__(intents=intents, guild_ready_timeout=0.1)
        self.seen: list[discord.Message] = []
        self.edited: list[discord.Message] = []
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(search)
        self.tree.add_command(slow)
        self.tree.add_command(report)
        self.tree.add_command(references)

    async def setup_hook(self) -> None:
        self.add_view(Buttons())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait the five seconds that Discord wants between two IDENTIFYs."""

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.seen.append(message)

    async def on_raw_message_edit(self, change: discord.RawMessageUpdateEvent) -> None:
        self.edited.append(change.message)


@app_commands.command(description="Search")
async def search(interaction: discord.Interaction[Bot], image: discord.Attachment) -> None:
    await interaction.response.defer(thinking=True, ephemeral=True)
    data = await image.read()
    await interaction.followup.send(f"{image.filename} {image.width}x{image.height} {len(data)} bytes")


@app_commands.command(description="For an answer that comes too late")
async def slow(interaction: discord.Interaction[Bot]) -> None:
    await interaction.response.send_message("late")


@app_commands.context_menu(name="Report image")
async def report(interaction: discord.Interaction[Bot], message: discord.Message) -> None:
    await interaction.response.send_message(f"{len(message.attachments)} pictures", ephemeral=True)


references = app_commands.Group(name="references", description="References")


@references.command(description="Add")
async def add(
    interaction: discord.Interaction[Bot],
    name: str,
    count: int,
    score: float,
    where: discord.TextChannel,
    who: discord.Member,
    role: discord.Role,
) -> None:
    told = f"{interaction.locale} {name} {count} {score} {where.name} {who.name} {role.name}"
    await interaction.response.send_message(told)


@asynccontextmanager
async def running(bot: Bot, token: str) -> AsyncIterator[Bot]:
    async with bot:
        task = asyncio.create_task(bot.start(token))
        await asyncio.wait_for(bot.wait_until_ready(), 10)
        yield bot
    await task


@dataclass
class Scene:
    """A guild with a channel and a member, and a discord.py bot in it."""

    peer: DiscordServer
    guild: Guild
    channel: Channel
    alice: User
    bot: Bot = field(init=False)

    @property
    def place(self) -> discord.TextChannel:
        """The channel as the bot knows it."""
        channel = self.bot.get_channel(self.channel.id)
        assert isinstance(channel, discord.TextChannel)
        return channel

    async def seen(self, number: int = 1) -> discord.Message:
        """The message that the bot saw as the number-th."""
        await self.peer.until(lambda: len(self.bot.seen) >= number, what=f"{number} messages seen")
        return self.bot.seen[number - 1]

    async def card(self) -> Message:
        await self.place.send("alert", view=Buttons())
        return self.peer.messages(self.channel)[-1]


class Hikari:
    """hikari, doing what a bot of ours would do."""

    def __init__(self, peer: DiscordServer) -> None:
        intents = hikari.Intents.ALL_UNPRIVILEGED | hikari.Intents.MESSAGE_CONTENT
        self.bot = hikari.GatewayBot(
            peer.token,
            rest_url=f"{peer.url}/api/v10",
            intents=intents,
            banner=None,
            logs=None,
            suppress_optimization_warning=True,
        )
        self.guilds: list[str] = []
        self.pictures: list[bytes] = []
        self.bot.subscribe(hikari.GuildAvailableEvent, self.on_guild)
        self.bot.subscribe(hikari.GuildMessageCreateEvent, self.on_message)
        self.bot.subscribe(hikari.InteractionCreateEvent, self.on_interaction)

    async def on_guild(self, event: hikari.GuildAvailableEvent) -> None:
        self.guilds.append(event.guild.name)

    async def on_message(self, event: hikari.GuildMessageCreateEvent) -> None:
        if event.is_human:
            self.pictures.append(await event.message.attachments[0].read())
            await event.message.add_reaction("👀")
            row = self.bot.rest.build_message_action_row().add_interactive_button(
                hikari.ButtonStyle.DANGER, "go", label="Go"
            )
            await event.message.respond("seen", reply=True, component=row)

    async def on_interaction(self, event: hikari.InteractionCreateEvent) -> None:
        assert isinstance(event.interaction, hikari.CommandInteraction | hikari.ComponentInteraction)
        await event.interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, "here")
        await event.interaction.fetch_initial_response()


async def first_answer(peer: DiscordServer, intents: int) -> Any:
    """What IDENTIFY is answered: the name of an event, or the code with which the socket is closed."""
    async with aiohttp.ClientSession() as session, session.ws_connect(peer.gateway_url) as socket:
        await socket.receive_json()
        await socket.send_json({"op": Op.IDENTIFY, "d": {"token": peer.token, "intents": intents}})
        answer = await socket.receive()
        return answer.data if answer.type == aiohttp.WSMsgType.CLOSE else answer.json()["t"]
