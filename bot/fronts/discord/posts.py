"""What the bot writes on Discord: the moderators' card, answers, alerts.

card     posted once, then kept up to date          alert   posted once a burst, then its counter
answer   follows up on a command, or replies to the message that asked

can_write, warn   whether a card could be posted; and what the owner hears if not

A message that may have been posted by a try whose answer was lost is looked for before it is posted again.
"""

import contextlib
from collections.abc import Sequence
from typing import Any

import discord
from discord.utils import utcnow

from bot.fronts.discord.access import LOOK_BACK, Access, nonce
from bot.fronts.discord.acts import originals, words_of
from bot.fronts.discord.addresses import PERSON, Receipt, Target, target_of
from bot.fronts.discord.answers import message_of
from bot.fronts.discord.cards import buttons_of, embed_of, evidence
from bot.fronts.discord.messages import data_of_buttons
from bot.fronts.discord.rights import NEEDS, lacking, rights_in
from bot.fronts.discord.wire import TOO_LATE, asking
from core.cases import Case
from core.chat import Alert, Carried, Community, Order
from core.errors import RetryLater
from core.messages import Answer, Card
from core.types import Act, ActState, Space
from core.wording import Words
from handlers.chat import data
from handlers.chat.cards import alert_card, answer_card, case_card, kept_until

DONE = Carried(state=ActState.DONE)
NOT_POSSIBLE = Carried(state=ActState.UNSUPPORTED, sentence="not-possible")
TOO_LATE_TO_ANSWER = Carried(state=ActState.GONE, sentence="timeout")
ORIGINAL: Any = "@original"
"""Discord's name for the first answer to a command; discord.py expects a number."""


async def card(access: Access, order: Order) -> Carried:
    """Show the case as it now stands."""
    if receipt := order.case.receipt(Act.CARD):
        return await _renew(access, order, Receipt.read(receipt))
    if not order.community.log:
        return NOT_POSSIBLE
    place = await access.addressed(order.community.log, order.community.id)
    if order.action.attempts > 1 and (earlier := await _own_card(access, place, order.case.id)):
        return await _renew(access, order, earlier)
    return await _post(access, order, place)


async def _own_card(access: Access, place: discord.abc.Messageable, case: int) -> Receipt | None:
    async for one in place.history(limit=LOOK_BACK):
        about = [data.read(name) for name in data_of_buttons(one)]
        if one.author.id == access.me and any(isinstance(of, data.OfCase) and of.case == case for of in about):
            return Receipt.of(one)
    return None


async def _post(access: Access, order: Order, place: discord.abc.Messageable) -> Carried:
    """With the pictures that are about to be removed; where they can't be had just now, the removal sees to it."""
    shown = _shown(access, order)
    try:
        copies = await originals(access, order)
    except RetryLater:
        copies = []
    sent = await place.send(
        embed=embed_of(shown, has_picture=bool(order.picture)),
        view=buttons_of(shown),
        files=[*evidence(order.picture, shown), *copies],
        nonce=nonce("card", order.case.id, order.case.opened_at),
    )
    return Carried(state=ActState.DONE, receipt=str(Receipt.of(sent)))


async def _renew(access: Access, order: Order, at: Receipt) -> Carried:
    """The files stay as they are, but for those of which nothing may be kept."""
    shown, is_bare = _shown(access, order), order.case.is_suspected
    message = access.channel(at.channel, order.community.id).get_partial_message(at.message)
    embed = embed_of(shown, has_picture=at.has_picture and not is_bare)
    files: dict[str, Any] = {"attachments": []} if is_bare else {}
    await message.edit(embed=embed, view=buttons_of(shown), **files)
    return Carried(state=ActState.DONE, receipt=str(at))


def _shown(access: Access, order: Order) -> Card:
    until = kept_until(order.case, access.keep_evidence, utcnow())
    return case_card(words_of(order), order.case, order.community, until, variants=order.variants)


async def answer(access: Access, order: Order) -> Carried:
    """Tell the one who asked, in their language."""
    event, to = order.about.event, target_of(order.about)
    words = Words.of(event.language or order.community.language)
    card = answer_card(words, order.about)
    embed, files = embed_of(card, has_picture=bool(order.picture)), evidence(order.picture, card)
    if to.token:
        return await _follow_up(access, order, to, embed, files)
    place = access.channel(to.channel, event.space.community)
    if order.action.attempts > 1 and (earlier := await _own_answer(access, place, to.message, embed)):
        return Carried(state=ActState.DONE, receipt=str(earlier))
    sent = await place.send(
        embed=embed,
        files=files,
        reference=place.get_partial_message(to.message),
        nonce=nonce("answer", order.case.opened_at, order.action.key),
    )
    return Carried(state=ActState.DONE, receipt=str(Receipt.of(sent)))


async def _own_answer(
    access: Access, place: discord.PartialMessageable, message: int, embed: discord.Embed
) -> Receipt | None:
    """An answer to the same message that says the same: one message may ask about several pictures."""
    async for one in place.history(limit=LOOK_BACK, after=discord.Object(message)):
        is_reply = one.reference is not None and one.reference.message_id == message
        if one.author.id == access.me and is_reply and [said.title for said in one.embeds] == [embed.title]:
            return Receipt.of(one)
    return None


async def _follow_up(
    access: Access, order: Order, to: Target, embed: discord.Embed, files: Sequence[discord.File]
) -> Carried:
    """In place of "is thinking", which is the same however often it is done.

    For a message with several pictures there are as many answers, one below the other.
    """
    hook = discord.Webhook.partial(to.application, to.token, client=access.client)
    hook.type = discord.WebhookType.application  # the only kind whose messages can be for one pair of eyes
    event = order.about.event
    try:
        if event.group:
            await hook.send(embed=embed, files=files, ephemeral=bool(event.space.community))
        else:
            await hook.edit_message(ORIGINAL, embed=embed, attachments=files)
    except discord.HTTPException as error:
        if error.code in TOO_LATE or error.status in (401, 404):
            return TOO_LATE_TO_ANSWER
        raise
    return Carried(state=ActState.DONE)


async def alert(access: Access, about: Alert, case: Case, picture: bytes | None) -> Carried:
    """Tell a channel or a person, or bring the counter of what was told up to date."""
    words = Words.of(about.subscription.language)
    shown = alert_card(words, about, case)
    if about.receipt:
        at = Receipt.read(about.receipt)
        await (
            access.channel(at.channel)
            .get_partial_message(at.message)
            .edit(embed=embed_of(shown, has_picture=at.has_picture), view=buttons_of(shown))
        )
        return Carried(state=ActState.DONE, receipt=about.receipt)
    place = await access.addressed(about.subscription.channel)
    sent = await place.send(
        embed=embed_of(shown, has_picture=bool(picture)),
        view=buttons_of(shown),
        files=evidence(picture, shown),
        nonce=nonce("alert", about.id, about.first_at),
    )
    return Carried(state=ActState.DONE, receipt=str(Receipt.of(sent)))


async def withdraw(access: Access, about: Alert) -> Carried:
    """Delete what was told; what somebody else has deleted is gone, too."""
    at = Receipt.read(about.receipt)
    await access.channel(at.channel).get_partial_message(at.message).delete()
    return Carried(state=ActState.DONE)


async def can_write(access: Access, community: Community) -> Carried:
    """Whether a card could be posted where the community's cards go: done, or why not."""
    if not community.log:
        return NOT_POSSIBLE
    place = await access.addressed(community.log, community.id)
    if isinstance(place, discord.DMChannel):
        return DONE
    channel = access.client.get_channel(place.id) or await access.client.fetch_channel(place.id)
    me = channel.guild.me if isinstance(channel, discord.abc.GuildChannel | discord.Thread) else None
    missing = lacking(rights_in(channel, me), NEEDS[Act.CARD]) if me else []
    return Carried(state=ActState.FORBIDDEN, sentence=f"no-permission|{missing[0]}") if missing else DONE


async def warn(access: Access, space: Space, warning: Answer) -> bool:
    """Tell the owner of the server alone, or else the channel; False if nobody could be told. Raises RetryLater."""
    guild = access.client.get_guild(int(space.community))
    addresses = [f"{PERSON}{guild.owner_id}"] if guild and guild.owner_id else []
    for address in (*addresses, space.channel):
        with asking(), contextlib.suppress(discord.Forbidden, discord.NotFound):
            place = await access.addressed(address, space.community)
            await place.send(**message_of(warning))
            return True
    return False
