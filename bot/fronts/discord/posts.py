"""What the bot writes on Discord: cards and alerts, answers and public replies, and posts that come back.

show            posted once, then kept up to date
reply           follows up on a command, or is written below a message
keep, repost    a card keeps the pictures of removed posts, hidden; from those copies they are posted again

can_write, warn   whether a card could be posted; and what the owner hears if not

A message that may have been posted by a try whose answer was lost is looked for before it is posted again.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import discord

from bot.fronts.discord.access import ALSO, KEPT, KEPT_NAME, Access, Original, fitting, is_found, nonce, numbered
from bot.fronts.discord.addresses import PERSON, Receipt, Target, target_of
from bot.fronts.discord.messages import data_of_buttons
from bot.fronts.discord.render import LONGEST, buttons_of, embeds_of, escaped, message_of, plain, value_of
from bot.fronts.discord.rights import NEEDS, lacking, right_of, rights_in
from bot.fronts.discord.wire import TOO_LATE, asking
from core.chat import DONE, Carried
from core.chat_port import Outgoing, Removal, Removed
from core.errors import Refused, RetryLater
from core.messages import Answer, Right
from core.telling import units
from core.types import Act, ActState, ImageEvent, Intent, Space
from core.wording import Words
from handlers.chat import data

TOO_LATE_TO_ANSWER = Carried(state=ActState.GONE, sentence="timeout")
ORIGINAL: Any = "@original"
"""Discord's name for the first answer to a command; discord.py expects a number."""

KEPT_NOTHING = "kept-nothing"


async def show(access: Access, address: str, message: Outgoing, receipt: str) -> Carried:
    if receipt:
        return await _renew(access, message, Receipt.read(receipt))
    place = await access.addressed(address)
    wanted = _cases(button.data for card in message.answer.cards for button in card.buttons)
    if message.tries > 1 and (
        earlier := await access.earlier(place, lambda it: bool(wanted & _cases(data_of_buttons(it))))
    ):
        return await _renew(access, message, Receipt.of(earlier))
    return await _post(access, message, place)


def _cases(buttons: Any) -> set[int]:
    """The numbers of the cases that buttons are about."""
    meant = map(data.read, buttons)
    return {one.case for one in meant if isinstance(one, data.OfCase)}


async def _post(access: Access, message: Outgoing, place: discord.abc.Messageable) -> Carried:
    """With the pictures that are about to be removed; where they can't be had just now, the removal sees to it."""
    try:
        copies = await originals(access, message.keeps)
    except RetryLater:
        copies = []
    given = message_of(message.answer)
    given["files"] = [*given.get("files", []), *copies]
    if message.calls.isdecimal():
        given |= {"content": f"<@&{message.calls}>", "allowed_mentions": _calling(int(message.calls))}
    sent = await place.send(**given, nonce=nonce(message.key))
    return Carried(state=ActState.DONE, receipt=str(Receipt.of(sent)))


def _calling(role: int) -> discord.AllowedMentions:
    """Only the people of that role are called."""
    return discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(role)], replied_user=False)


async def _renew(access: Access, message: Outgoing, at: Receipt) -> Carried:
    """The files stay as they are, but for those of which nothing may be kept."""
    cards = message.answer.cards
    files: dict[str, Any] = {"attachments": []} if message.bare else {}
    embeds = embeds_of(cards, has_picture=at.has_picture and not message.bare)
    post = access.channel(at.channel).get_partial_message(at.message)
    await post.edit(embeds=embeds, view=buttons_of(*cards), **files)
    return Carried(state=ActState.DONE, receipt=str(at))


async def reply(access: Access, event: ImageEvent, below: str, message: Outgoing) -> Carried:
    """The answer to a question where it was asked; a public reply below the post, as text without a preview."""
    to, is_answer = target_of(event), event.intent is Intent.QUERY
    given = message_of(message.answer) if is_answer else {"content": _text(message.answer), "suppress_embeds": True}
    if to.token:
        return await _follow_up(access, event, to, given)
    place, number = access.channel(to.channel, event.space.community), to.message if is_answer else int(below)
    if message.tries > 1 and (earlier := await _own_reply(access, place, number, given)):
        return Carried(state=ActState.DONE, receipt=_receipt(earlier, is_answer))
    sent = await place.send(**given, reference=place.get_partial_message(number), nonce=nonce(message.key))
    return Carried(state=ActState.DONE, receipt=_receipt(sent, is_answer))


def _receipt(message: discord.Message, is_answer: bool) -> str:
    return str(Receipt.of(message)) if is_answer else str(message.id)


def _text(answer: Answer) -> str:
    """A card as lines of text; links without a preview, behind what they are called."""
    lines = [escaped(card.title) for card in answer.cards]
    lines += [
        f"{escaped(line.label)}{card.colon}{value_of(line)}" for card in answer.cards for line in card.lines if line.url
    ]
    return "\n".join(lines)


async def _own_reply(
    access: Access, place: discord.PartialMessageable, number: int, given: dict[str, Any]
) -> discord.Message | None:
    """A reply to the same message that says the same: one message may ask about several pictures."""
    titles = [embed.title for embed in given.get("embeds", [])]

    def is_it(earlier: discord.Message) -> bool:
        is_reply = earlier.reference is not None and earlier.reference.message_id == number
        return is_reply and earlier.content == given["content"] and [one.title for one in earlier.embeds] == titles

    return await access.earlier(place, is_it, after=discord.Object(number))


async def _follow_up(access: Access, event: ImageEvent, to: Target, given: dict[str, Any]) -> Carried:
    """In place of "is thinking", which is the same however often it is done.

    For a message with several pictures there are as many answers, one below the other.
    """
    hook = discord.Webhook.partial(to.application, to.token, client=access.client)
    hook.type = discord.WebhookType.application  # the only kind whose messages can be for one pair of eyes
    try:
        if event.group:
            await hook.send(**given, ephemeral=bool(event.space.community))
        else:
            await hook.edit_message(ORIGINAL, embeds=given["embeds"], attachments=given.get("files", []))
    except discord.HTTPException as error:
        if error.code in TOO_LATE or error.status in (401, 404):
            return TOO_LATE_TO_ANSWER
        raise
    return DONE


async def withdraw(access: Access, receipt: str) -> Carried:
    """Delete what was told; what somebody else has deleted is gone, too."""
    at = Receipt.read(receipt)
    await access.channel(at.channel).get_partial_message(at.message).delete()
    return DONE


async def erase(access: Access, event: ImageEvent, message: str) -> Carried:
    """Delete a message of ours in the place of a post."""
    await access.place_of(event).get_partial_message(int(message)).delete()
    return DONE


async def keep(access: Access, removal: Removal) -> Carried:
    """Attach the pictures to the card, unless they are there; the answer says what an undo will lack.

    What can't be kept is removed all the same. Of a burst's posts that show the same, one is kept, and the first as it
    was, with whatever else it showed: it may go after one of the others.
    """
    if not removal.keeps:
        return DONE
    async with access.keeping.setdefault(removal.card, asyncio.Lock()):
        card = await _card(access, removal.card)
        kept = [file.filename for file in card.attachments if is_kept(file.filename)] if card else []
        names = kept if removal.alike else own(kept)
        if names and removal.alike:  # unless, of the first post's pictures, it is the one that was lost
            return DONE if _which_is_alike(names) else await keep_apart(access, removal)
        return Carried(state=ActState.DONE, sentence=_lost(names) if names else await _keep(access, card, removal))


async def _keep(access: Access, card: discord.Message | None, removal: Removal) -> str:
    """What an undo will lack, as a key of the words, or ""."""
    if card is None:
        return KEPT_NOTHING
    files = await originals(access, removal.keeps, also=removal.alike)
    stands_for_all = any(is_found(file.filename) for file in files)
    beside = [one for one in card.attachments if not (stands_for_all and is_also(one.filename))]
    try:
        await card.edit(attachments=[*beside, *files])
    except (discord.Forbidden, discord.NotFound):
        return KEPT_NOTHING
    return _lost([file.filename for file in files])


def _which_is_alike(names: Sequence[str]) -> str:
    """The copy that shows what all posts of a burst do: of a post of several pictures one; "" where it was lost."""
    of_one = [name for name in names if (kept := KEPT_NAME.match(name)) and int(kept["total"] or len(names)) == 1]
    return next(iter([*filter(is_found, names), *of_one]), "")


async def keep_apart(access: Access, removal: Removal) -> Carried:
    """Attach the pictures of a burst's post that shows several to a message of their own, below the card."""
    card = Receipt.read(removal.card) if removal.card else None
    files = await originals(access, removal.keeps) if card else []
    if card is None or not files:
        return Carried(state=ActState.DONE, sentence=KEPT_NOTHING if removal.keeps else "")
    said = Words.of(removal.language)("done.kept-apart")
    key, names = f"kept {removal.keeps[0].message}", [file.filename for file in files]
    below = access.channel(card.channel)
    try:
        card_message = below.get_partial_message(card.message)
        sent = await below.send(said, files=files, nonce=nonce(key), reference=card_message)
    except (discord.Forbidden, discord.NotFound):
        return Carried(state=ActState.DONE, sentence=KEPT_NOTHING)
    return Carried(state=ActState.DONE, sentence=_lost(names), receipt=str(Receipt.of(sent)))


def _lost(names: Sequence[str]) -> str:
    """What is not among these files, as a key of the words; each name says how many files there were."""
    kept = [found for name in names if (found := KEPT_NAME.match(name))]
    if not kept:
        return KEPT_NOTHING
    lacking = int(kept[0]["total"] or len(kept)) - len(kept)
    return f"kept-some|{lacking}" if lacking > 0 else ""


async def originals(access: Access, posts: tuple[ImageEvent, ...], *, also: bool = False) -> list[discord.File]:
    """The pictures of posts that are about to be removed, as hidden files. Raises RetryLater."""
    files = [file for event in posts for file in await access.pictures(event)]
    return numbered(fitting(files), f"{KEPT}-{ALSO if also else ''}of-{len(files)}", hidden=True)


def is_also(name: str) -> bool:
    """Whether a file of a card is the copy of a further post of a burst, which went before the first."""
    kept = KEPT_NAME.match(name)
    return kept is not None and bool(kept["also"])


def own(names: Sequence[str]) -> list[str]:
    """The files that a card keeps of the post that it shows."""
    return [name for name in names if not is_also(name)]


def is_kept(name: str) -> bool:
    """Whether a file of a card is one that it keeps for an undo; older cards do not say of how many."""
    return KEPT_NAME.match(name) is not None


async def _card(access: Access, receipt: str) -> discord.Message | None:
    """The moderators' card as it is now."""
    if not receipt:
        return None
    at = Receipt.read(receipt)
    try:
        return await access.channel(at.channel).fetch_message(at.message)
    except (discord.NotFound, discord.Forbidden):
        return None


async def repost(access: Access, removed: Removed) -> Carried:
    """With the author's name, and with what they wrote."""
    place, name = access.place_of(removed.event), f"{removed.key}-"

    def is_it(earlier: discord.Message) -> bool:
        return any(file.filename.startswith(name) for file in earlier.attachments)

    first, *further = contents(plain(Words.of(removed.language), removed.above), removed.text)
    pictures = await _copies(access, removed.card)
    names = [one.name for one in pictures]
    shown = [alike] if removed.alike and (alike := _which_is_alike(names)) else own(names) or names
    pictures = [one for one in pictures if one.name in shown]
    sent = await access.earlier(place, is_it) if removed.tries > 1 else None
    if sent is None and not pictures:
        return Carried(state=ActState.UNSUPPORTED, sentence="no-original")
    sent = sent or await place.send(first, files=numbered(pictures, removed.key), nonce=nonce(removed.key))
    below = [await place.send(text, nonce=nonce(f"{name}{part}")) for part, text in enumerate(further)]
    receipt = "+".join(str(message.id) for message in (sent, *below))
    lost = "" if removed.alike else _lost([one.name for one in pictures])
    return Carried(state=ActState.DONE, receipt=receipt, sentence=lost)


def contents(above: str, text: str) -> list[str]:
    """The author and the text as messages: one, or where they are too long for that, the text in its own ones."""
    whole = "\n".join(filter(None, [above, escaped(text)]))
    return [whole] if units(whole) <= LONGEST else [above, *_pieces(text)]


def _pieces(text: str) -> list[str]:
    """A text in as many messages as it needs: with its markup escaped it may be twice as long."""
    if units(escaped(text)) <= LONGEST:
        return [escaped(text)] if text.strip() else []
    half = len(text) // 2
    at = next((at for sign in "\n " if (at := text.rfind(sign, 1, half)) > 0), half)
    return [*_pieces(text[:at]), *_pieces(text[at:])]


async def kept(access: Access, receipt: str) -> bytes | None:
    """The copy of the picture that a case is about; None where a card keeps none, or does not say which it is."""
    copies = await _copies(access, receipt)
    which = _which_is_alike([one.name for one in copies])
    return next((one.data for one in copies if one.name == which), None)


async def _copies(access: Access, receipt: str) -> list[Original]:
    """What the card kept."""
    card = await _card(access, receipt)
    kept = [file for file in card.attachments if is_kept(file.filename)] if card else []
    try:
        return [Original(file.filename, await access.files.get(file.url)) for file in kept]
    except Refused:
        return []


async def may_read(access: Access, address: str, community: str) -> bool:
    """A channel's readers are the server's own matter; who gets cards alone must be of its staff. Raises RetryLater."""
    guild = access.client.get_guild(int(community)) if address.startswith(PERSON) else None
    if guild is None:
        return True
    number = int(address.removeprefix(PERSON))
    with asking(), contextlib.suppress(discord.NotFound, discord.Forbidden):
        member = guild.get_member(number) or await guild.fetch_member(number)
        return right_of(member.guild_permissions) > Right.EVERYBODY
    return False


async def can_write(access: Access, address: str) -> Carried:
    """Whether a card could be posted there: done, or why not."""
    place = await access.addressed(address)
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
