"""What is done to a post and its author on Discord, and how it is taken back.

flag      a reaction           taken back by   restore: our reaction and reply go; a removed post's pictures are posted
reply     names the image                      again, from the copies that were attached to the card before the deletion
remove    deletes the post
timeout   bars the author      taken back by   release

The state of a post follows from the actions that were done before; nothing is remembered here.
"""

from collections.abc import Awaitable, Callable, Mapping

import discord
from discord.utils import utcnow

from bot.fronts.discord.access import LOOK_BACK, Access, nonce, numbered
from bot.fronts.discord.addresses import Receipt
from bot.fronts.discord.cards import escaped
from bot.fronts.discord.rights import permission_name
from bot.fronts.discord.wire import answers, forbidden, may_have_worked
from core.chat import Carried, Order
from core.errors import Refused
from core.policy import VARIANT
from core.telling import one_line
from core.types import Act, ActState, Outcome
from core.wording import Words
from handlers.chat.cards import reply_card
from handlers.post_state import before

MARK = "⚠️"
KEPT = "removed"
"""How the files are named that a card keeps for an undo."""

REASON = 512
DONE = Carried(state=ActState.DONE)


def words_of(order: Order) -> Words:
    return Words.of(order.community.language)


def place_of(access: Access, order: Order) -> discord.PartialMessageable:
    event = order.about.event
    return access.channel(event.thread or event.space.channel, event.space.community)


def reason(order: Order, key: str = "discord.reason") -> str:
    """For the server's audit log."""
    if key == "discord.reason" and order.about.verdict.reason == VARIANT:
        key = "discord.reason-variant"
    return one_line(words_of(order)(key, number=order.case.id), REASON)


async def flag(access: Access, order: Order) -> Carried:
    await place_of(access, order).get_partial_message(int(before(order).main)).add_reaction(MARK)
    return DONE


async def reply(access: Access, order: Order) -> Carried:
    """In public, with no word about the author."""
    post, place = before(order), place_of(access, order)
    if order.action.attempts > 1 and (earlier := await _own_reply(access, place, int(post.main))):
        return Carried(state=ActState.DONE, receipt=str(earlier))
    sent = await place.send(
        reply_text(order),
        reference=place.get_partial_message(int(post.main)),
        nonce=nonce(order.case.opened_at, order.action.key),
        suppress_embeds=True,
    )
    return Carried(state=ActState.DONE, receipt=str(sent.id))


async def _own_reply(access: Access, place: discord.PartialMessageable, message: int) -> int | None:
    async for one in place.history(limit=LOOK_BACK, after=discord.Object(message)):
        if one.author.id == access.me and one.reference and one.reference.message_id == message:
            return one.id
    return None


def reply_text(order: Order) -> str:
    """What it is, or may be, and where it is from."""
    words, verdict = words_of(order), order.about.verdict
    if verdict.best is None:
        return words("answer.known")
    shown = reply_card(words, verdict.best, is_sure=verdict.outcome is Outcome.MATCH)
    sources = [f"{line.label}{shown.colon}<{line.url}>" for line in shown.lines]
    return "\n".join([escaped(shown.title), *sources])


async def remove(access: Access, order: Order) -> Carried:
    """Keep the pictures, then delete. A post that is gone after a try that may have worked was removed by us."""
    has_copies = await keep(access, order)
    post, place = before(order), place_of(access, order)
    with answers() as met:
        try:
            await access.client.http.delete_message(place.id, int(post.main), reason=reason(order))
        except discord.NotFound:
            if order.action.attempts == 1 and not post.removed and not may_have_worked(met):
                raise
    return DONE if has_copies else Carried(state=ActState.DONE, sentence=words_of(order)("discord.kept-nothing"))


async def keep(access: Access, order: Order) -> bool:
    """Attach the pictures to the card, unless they are there; what can't be kept is removed all the same."""
    if order.case.is_suspected:
        return True
    card = await card_message(access, order)
    if card is None or any(is_kept(file) for file in card.attachments):
        return card is not None
    files = await originals(access, order)
    try:
        await card.edit(attachments=[*card.attachments, *files])
    except (discord.Forbidden, discord.NotFound):
        return False
    return bool(files)


async def originals(access: Access, order: Order) -> list[discord.File]:
    """The pictures of all posts of the case that are about to be removed, as hidden files."""
    if order.case.is_suspected:
        return []
    waiting = {
        picture.event.message: picture.event
        for picture in reversed(order.case.pictures)
        if any(action.act is Act.REMOVE and action.state is ActState.WAITING for action in picture.actions)
    }
    pictures = [picture for event in waiting.values() for picture in await access.pictures(event)]
    return numbered(pictures, KEPT, hidden=True)


def is_kept(file: discord.Attachment) -> bool:
    return file.filename.removeprefix("SPOILER_").startswith(f"{KEPT}-")


async def card_message(access: Access, order: Order) -> discord.Message | None:
    """The moderators' card as it is now."""
    receipt = order.case.receipt(Act.CARD)
    if not receipt:
        return None
    at = Receipt.read(receipt)
    try:
        return await access.channel(at.channel, order.community.id).fetch_message(at.message)
    except (discord.NotFound, discord.Forbidden):
        return None


async def restore(access: Access, order: Order) -> Carried:
    """Everything of ours goes; what was removed is posted again, by us, with the author's name."""
    post, place = before(order), place_of(access, order)
    if post.flagged:
        await _quietly(place.get_partial_message(int(post.main)).remove_reaction(MARK, discord.Object(access.me)))
    if post.reply:
        await _quietly(place.get_partial_message(int(post.reply)).delete())
    return await _post_again(access, order, place) if post.removed else DONE


async def _quietly(taking_back: Awaitable[None]) -> None:
    """What is gone already need not be taken back."""
    try:
        await taking_back
    except discord.NotFound:
        return


async def _post_again(access: Access, order: Order, place: discord.PartialMessageable) -> Carried:
    name = f"restored-{order.case.id}-{order.action.id}"
    if order.action.attempts > 1 and (earlier := await _own_file(access, place, name)):
        return Carried(state=ActState.DONE, receipt=str(earlier))
    pictures = await _copies(access, order)
    if not pictures:
        return Carried(state=ActState.UNSUPPORTED, sentence="no-original")
    author = escaped(one_line(order.about.event.author_name) or order.about.event.author)
    sent = await place.send(
        words_of(order)("discord.restored", name=author),
        files=numbered(pictures, name),
        nonce=nonce(order.case.opened_at, order.action.key),
    )
    return Carried(state=ActState.DONE, receipt=str(sent.id))


async def _copies(access: Access, order: Order) -> list[tuple[str, bytes]]:
    """What the card kept."""
    card = await card_message(access, order)
    try:
        return (
            [(file.filename, await access.files.get(file.url)) for file in card.attachments if is_kept(file)]
            if card
            else []
        )
    except Refused:
        return []


async def _own_file(access: Access, place: discord.PartialMessageable, name: str) -> int | None:
    async for one in place.history(limit=LOOK_BACK):
        if one.author.id == access.me and any(file.filename.startswith(f"{name}-") for file in one.attachments):
            return one.id
    return None


async def timeout(access: Access, order: Order) -> Carried:
    until = (utcnow() + order.policy.timeout).isoformat()
    return await _bar(access, order, until, "discord.reason")


async def release(access: Access, order: Order) -> Carried:
    return await _bar(access, order, None, "discord.reason-undo")


async def _bar(access: Access, order: Order, until: str | None, why: str) -> Carried:
    event = order.about.event
    community, author = int(event.space.community), int(event.author)
    try:
        await access.client.http.edit_member(
            community, author, reason=reason(order, why), communication_disabled_until=until
        )
    except discord.NotFound:
        left = Carried(state=ActState.UNSUPPORTED, sentence=words_of(order)("discord.left"))
        return left if until else DONE
    except discord.Forbidden as error:
        return await _protected(access, order, error)
    return DONE


async def _protected(access: Access, order: Order, error: discord.Forbidden) -> Carried:
    """Why somebody can't be timed out: we may not, nobody may, or our role is too low."""
    event = order.about.event
    guild = await _guild(access, int(event.space.community))
    me = guild.me or await guild.fetch_member(access.me)
    if not (me.guild_permissions.moderate_members or me.guild_permissions.administrator):
        return forbidden(error, permission_name("moderate_members"))
    member = await guild.fetch_member(int(event.author))
    if member.guild_permissions.administrator or member.id == guild.owner_id:
        return Carried(state=ActState.FORBIDDEN, sentence="is-admin")
    return Carried(state=ActState.FORBIDDEN, sentence=words_of(order)("discord.role-too-low"))


async def _guild(access: Access, number: int) -> discord.Guild:
    return access.client.get_guild(number) or await access.client.fetch_guild(number)


ACTS: Mapping[Act, Callable[[Access, Order], Awaitable[Carried]]] = {
    Act.FLAG: flag,
    Act.REPLY: reply,
    Act.REMOVE: remove,
    Act.TIMEOUT: timeout,
    Act.RESTORE: restore,
    Act.RELEASE: release,
}
