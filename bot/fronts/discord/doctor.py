"""What lacks on Discord's side, and where to click: token, message content intent, permissions. REST only.

logged_in    a client that has a token and no gateway          examine    one check a line, for `resight doctor`
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager

import discord

from bot.fronts.discord.addresses import PERSON
from bot.fronts.discord.rights import NEEDS, WATCHING, lacking
from bot.fronts.discord.wire import UNREACHABLE
from bot.settings import Settings
from core.cases import Policy
from core.chat import Community
from core.errors import EnvironmentTrouble, RetryLater
from core.types import Act, Mode, Platform, Space
from handlers.communities import EVERYWHERE
from handlers.owners import PlacesNeeds

type Check = tuple[str, str, str]
"""Name, state (ok, warning, bad), sentence."""

type Channels = Mapping[int, discord.abc.GuildChannel]

WHERE = "Channel > Edit > Permissions"
INTENT = "Developer Portal > your application > Bot > Privileged Gateway Intents > Message Content Intent"


@asynccontextmanager
async def logged_in(settings: Settings) -> AsyncIterator[discord.Client]:
    """Raises EnvironmentTrouble for a token that is not accepted, RetryLater if Discord does not answer."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            await client.login(settings.discord_token.get_secret_value())
        except discord.LoginFailure:
            raise EnvironmentTrouble(
                "Discord does not accept the token: set RESIGHT_DISCORD_TOKEN to the one that the Developer Portal "
                "shows under Bot > Reset Token."
            ) from None
        except (*UNREACHABLE, discord.HTTPException) as error:
            raise RetryLater("Discord does not answer.") from error
        yield client


async def examine(settings: Settings, services: PlacesNeeds) -> list[Check]:
    """Everything in order; without the token nothing else can be looked at."""
    try:
        async with logged_in(settings) as client:
            return await _checks(client, services)
    except (EnvironmentTrouble, RetryLater) as error:
        return [("discord", "bad", str(error))]


async def _checks(client: discord.Client, services: PlacesNeeds) -> list[Check]:
    checks: list[Check] = [("discord", "ok", f"The token is that of {client.user}."), _intent(client)]
    policies = await services.policies.of_platform(Platform.DISCORD)
    for community in await services.communities.all(Platform.DISCORD):
        name = f"discord: {community.name or community.id}"
        warnings = [(name, "warning", sentence) async for sentence in _community(client, community, policies)]
        checks += warnings or [(name, "ok", "All permissions are there.")]
    return checks


def _intent(client: discord.Client) -> Check:
    flags = client.application_flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return "discord intent", "ok", "Message content can be read."
    sentence = f"Posted images can't be seen, search and reports work: switch it on at {INTENT}."
    return "discord intent", "bad", sentence


async def _community(
    client: discord.Client, community: Community, policies: Mapping[Space, Policy]
) -> AsyncIterator[str]:
    """A sentence for each thing that lacks in a server."""
    try:
        guild = await client.fetch_guild(int(community.id))
        me = await guild.fetch_member(client.user.id if client.user else 0)
        channels = {channel.id: channel for channel in await guild.fetch_channels()}
    except (discord.NotFound, discord.Forbidden):
        yield "The bot is not in this server any more: invite it again."
        return
    except (*UNREACHABLE, discord.HTTPException):
        yield "Discord does not answer."
        return
    for sentence in _server(me, channels, community, policies):
        yield sentence


def _server(
    me: discord.Member, channels: Channels, community: Community, policies: Mapping[Space, Policy]
) -> Iterator[str]:
    yield from _lacking(me, channels, community.log, NEEDS[Act.CARD], "for the moderators' cards")
    mine = {space.channel: policy for space, policy in policies.items() if space.community == community.id}
    if everywhere := mine.pop(EVERYWHERE, None):
        others = [str(one.id) for one in channels.values() if isinstance(one, discord.TextChannel)]
        mine |= {name: everywhere for name in others if name not in mine}
    for name, policy in mine.items():
        if policy.mode is not Mode.OFF:
            yield from _lacking(me, channels, name, _needed(policy), "that is watched")


def _needed(policy: Policy) -> tuple[str, ...]:
    """To see what is posted, and to do what may be asked for: by the policy, or by a moderator who says violation."""
    acts = [] if policy.mode is Mode.DRY_RUN else [*policy.flag]
    return (*WATCHING, *(need for act in (*acts, *policy.enforce) for need in NEEDS[act]))


def _lacking(me: discord.Member, channels: Channels, number: str, needed: tuple[str, ...], what: str) -> Iterator[str]:
    if number.startswith(PERSON):
        return
    channel = channels.get(int(number)) if number else None
    if channel is None:
        yield f"The channel {what} is not there: choose one with /setup or /log, or leave it with /unwatch."
        return
    if names := ", ".join(lacking(channel.permissions_for(me), needed)):
        yield f"In #{channel.name}, {what}, these permissions are missing: {names} ({WHERE})."
