"""What the bot writes on Discord: the moderators' card, answers, alerts.

card     posted once, then kept up to date          alert   posted once a burst, then its counter
answer   follows up on a command, or replies to the message that asked

A message that may have been posted by a try whose answer was lost is looked for before it is posted again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord.utils import utcnow

from bot.fronts.discord.acts import originals, words_of
from bot.fronts.discord.cards import buttons_of, embed_of
from bot.fronts.discord.hands import LOOK_BACK, Hands, Receipt, evidence, nonce
from bot.fronts.discord.wire import TOO_LATE
from core.cases import Case
from core.chat import Alert, Carried, Order
from core.errors import RetryLater
from core.messages import Card
from core.types import Act, ActState
from core.wording import Words
from handlers.chat.cards import alert_card, answer_card, case_card, kept_until

TOO_LATE_TO_ANSWER = Carried(state=ActState.GONE, sentence="timeout")
PERSON = "user:"
ORIGINAL: Any = "@original"
"""Discord's name for the first answer to a command; discord.py expects a number."""


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


def target_of(case: Case) -> Target:
    """What `answer_to` says; "" = below the message with the picture."""
    event = case.event
    kind, _, rest = event.answer_to.partition(":")
    where, _, what = rest.partition(":")
    if kind == "interaction":
        return Target(application=int(where), token=what)
    if kind == "message":
        return Target(channel=int(where), message=int(what))
    return Target(channel=int(event.thread or event.space.channel), message=int(event.message))


def quiet_buttons(card: Card, case: int) -> discord.ui.View:
    """Buttons that discord.py need not remember: `bot.fronts.discord.buttons` knows them by their custom ids."""
    view = buttons_of(card, case)
    view.stop()
    return view


async def card(hands: Hands, order: Order) -> Carried:
    """Show the case as it now stands."""
    known = order.case.receipt(Act.CARD)
    if known:
        return await _renew(hands, order, Receipt.read(known))
    if not order.community.log:
        return Carried(state=ActState.UNSUPPORTED, sentence="not-possible")
    place = hands.channel(order.community.log, order.community.id)
    if order.action.attempts > 1 and (found := await _own_card(hands, place, order.case.id)):
        return await _renew(hands, order, found)
    return await _post(hands, order, place)


async def _own_card(hands: Hands, place: discord.PartialMessageable, case: int) -> Receipt | None:
    async for one in place.history(limit=LOOK_BACK):
        if one.author.id == hands.me and any(name.startswith(f"case:{case}:") for name in _custom_ids(one)):
            return Receipt.of(one)
    return None


def _custom_ids(message: discord.Message) -> Sequence[str]:
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [getattr(part, "custom_id", None) or "" for row in rows for part in row.children]


async def _post(hands: Hands, order: Order, place: discord.PartialMessageable) -> Carried:
    """With the pictures that are about to be removed; where they can't be had just now, the removal sees to it."""
    shown = case_as_card(hands, order)
    try:
        copies = await originals(hands, order)
    except RetryLater:
        copies = []
    sent = await place.send(
        embed=embed_of(shown, has_picture=bool(order.picture)),
        view=quiet_buttons(shown, order.case.id),
        files=[*evidence(order.picture, shown), *copies],
        nonce=nonce("card", order.case.id, order.case.opened_at),
    )
    return Carried(state=ActState.DONE, receipt=str(Receipt.of(sent)))


async def _renew(hands: Hands, order: Order, at: Receipt) -> Carried:
    """The files stay as they are, but for those of which nothing may be kept."""
    shown, is_bare = case_as_card(hands, order), order.case.is_suspected
    message = hands.channel(at.channel, order.community.id).get_partial_message(at.message)
    embed = embed_of(shown, has_picture=at.has_picture and not is_bare)
    files: dict[str, Any] = {"attachments": []} if is_bare else {}
    await message.edit(embed=embed, view=quiet_buttons(shown, order.case.id), **files)
    return Carried(state=ActState.DONE, receipt=str(at))


def case_as_card(hands: Hands, order: Order) -> Card:
    until = kept_until(order.case, hands.keep_evidence, utcnow())
    return case_card(words_of(order), order.case, order.community, until)


async def answer(hands: Hands, order: Order) -> Carried:
    """Tell the one who asked, in their language."""
    event, to = order.about.event, target_of(order.about)
    words = Words.of(event.language or order.community.language)
    card = answer_card(words, order.about)
    embed, files = embed_of(card, has_picture=bool(order.picture)), evidence(order.picture, card)
    if to.token:
        return await _follow_up(hands, order, to, embed, files)
    place = hands.channel(to.channel, event.space.community)
    if order.action.attempts > 1 and (known := await _own_answer(hands, place, to.message, embed)):
        return Carried(state=ActState.DONE, receipt=str(known))
    sent = await place.send(
        embed=embed,
        files=files,
        reference=place.get_partial_message(to.message),
        nonce=nonce("answer", order.case.opened_at, order.action.key),
    )
    return Carried(state=ActState.DONE, receipt=str(Receipt.of(sent)))


async def _own_answer(
    hands: Hands, place: discord.PartialMessageable, message: int, embed: discord.Embed
) -> Receipt | None:
    """An answer to the same message that says the same: one message may ask about several pictures."""
    async for one in place.history(limit=LOOK_BACK, after=discord.Object(message)):
        is_reply = one.reference is not None and one.reference.message_id == message
        if one.author.id == hands.me and is_reply and [said.title for said in one.embeds] == [embed.title]:
            return Receipt.of(one)
    return None


async def _follow_up(
    hands: Hands, order: Order, to: Target, embed: discord.Embed, files: Sequence[discord.File]
) -> Carried:
    """In place of "is thinking", which is the same however often it is done.

    For a message with several pictures there are as many answers, one below the other.
    """
    hook = discord.Webhook.partial(to.application, to.token, client=hands.client)
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


async def alert(hands: Hands, about: Alert, case: Case, picture: bytes | None) -> Carried:
    """Tell a channel or a person, or bring the counter of what was told up to date."""
    words = Words.of(about.subscription.language)
    shown = alert_card(words, about, case)
    if about.receipt:
        at = Receipt.read(about.receipt)
        await (
            hands.channel(at.channel)
            .get_partial_message(at.message)
            .edit(embed=embed_of(shown, has_picture=at.has_picture), view=quiet_buttons(shown, case.id))
        )
        return Carried(state=ActState.DONE, receipt=about.receipt)
    place = await _subscriber(hands, about.subscription.channel)
    sent = await place.send(
        embed=embed_of(shown, has_picture=bool(picture)),
        view=quiet_buttons(shown, case.id),
        files=evidence(picture, shown),
        nonce=nonce("alert", about.id, about.first_at),
    )
    return Carried(state=ActState.DONE, receipt=str(Receipt.of(sent)))


async def withdraw(hands: Hands, about: Alert) -> Carried:
    """Delete what was told; what somebody else has deleted is gone, too."""
    at = Receipt.read(about.receipt)
    await hands.channel(at.channel).get_partial_message(at.message).delete()
    return Carried(state=ActState.DONE)


async def _subscriber(hands: Hands, channel: str) -> discord.abc.Messageable:
    if channel.startswith(PERSON):
        return await hands.client.create_dm(discord.Object(int(channel.removeprefix(PERSON))))
    return hands.channel(channel)
