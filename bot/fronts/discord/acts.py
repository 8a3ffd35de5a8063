"""What is done to posts and their authors on Discord, and how it is taken back.

react     our reaction comes and goes
delete    a post goes; before, its pictures are attached to the card, hidden: Discord keeps none
repost    what was removed is posted again, by us, from those copies
restrict  bars an author for a while, or lifts that
"""

from collections.abc import Sequence
from datetime import datetime

import discord

from bot.fronts.discord.access import KEPT, KEPT_NAME, LOOK_BACK, Access, fitting, nonce, numbered
from bot.fronts.discord.addresses import Receipt
from bot.fronts.discord.answers import plain
from bot.fronts.discord.cards import escaped
from bot.fronts.discord.rights import permission_name
from bot.fronts.discord.wire import answers, forbidden, may_have_worked
from core.chat import Carried, Said
from core.chat_port import Removal, Removed
from core.errors import Refused
from core.telling import one_line, said, units
from core.types import ActState, ImageEvent
from core.wording import Words, negotiate

MARK = "⚠️"
KEPT_NOTHING = "kept-nothing"
REASON, LONGEST = 512, 2000
DONE = Carried(state=ActState.DONE)


def place_of(access: Access, event: ImageEvent) -> discord.PartialMessageable:
    return access.channel(event.thread or event.space.channel, event.space.community)


async def react(access: Access, event: ImageEvent, message: str, on: bool) -> Carried:
    post = place_of(access, event).get_partial_message(int(message))
    if on:
        await post.add_reaction(MARK)
        return DONE
    try:
        await post.remove_reaction(MARK, discord.Object(access.me))
    except discord.NotFound:  # what is gone already need not be taken back
        return DONE
    return DONE


async def delete(access: Access, event: ImageEvent, message: str, removal: Removal) -> Carried:
    """Keep the pictures, then delete. A post that is gone after a try that may have worked was removed by us."""
    lost = await _keep(access, removal)
    why = _reason(Words.of(removal.language), removal.reason)
    with answers() as met:
        try:
            await access.client.http.delete_message(place_of(access, event).id, int(message), reason=why)
        except discord.NotFound:
            if removal.tries == 1 and not removal.again and not may_have_worked(met):
                raise
    return Carried(state=ActState.DONE, sentence=lost)


async def erase(access: Access, event: ImageEvent, message: str) -> Carried:
    try:
        await place_of(access, event).get_partial_message(int(message)).delete()
    except discord.NotFound:
        return DONE
    return DONE


def _reason(words: Words, why: Said) -> str:
    """For the server's audit log."""
    return one_line(said(words, why), REASON)


async def _keep(access: Access, removal: Removal) -> str:
    """Attach the pictures to the card, unless they are there: what an undo will lack, as a key of the words, or "".

    What can't be kept is removed all the same.
    """
    if not removal.keeps:
        return ""
    card = await _card(access, removal.card)
    if card is None:
        return KEPT_NOTHING
    if any(is_kept(file.filename) for file in card.attachments):
        return _lost([file.filename for file in card.attachments])
    files = await originals(access, removal.keeps)
    try:
        await card.edit(attachments=[*card.attachments, *files])
    except (discord.Forbidden, discord.NotFound):
        return KEPT_NOTHING
    return _lost([file.filename for file in files])


def _lost(names: Sequence[str]) -> str:
    """What is not among these files, as a key of the words; each name says how many files there were."""
    kept = [found for name in names if (found := KEPT_NAME.match(name))]
    if not kept:
        return KEPT_NOTHING
    lacking = int(kept[0]["total"] or len(kept)) - len(kept)
    return f"kept-some|{lacking}" if lacking > 0 else ""


async def originals(access: Access, posts: tuple[ImageEvent, ...]) -> list[discord.File]:
    """The pictures of posts that are about to be removed, as hidden files. Raises RetryLater."""
    files = [file for event in posts for file in await access.pictures(event)]
    return numbered(list(fitting(files)), f"{KEPT}-of-{len(files)}", hidden=True)


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
    place, key = place_of(access, removed.event), removed.key
    first, *further = contents(plain(Words.of(removed.language), removed.above), removed.text)
    pictures = await _copies(access, removed.card)
    number = await _own_file(access, place, key) if removed.tries > 1 else None
    if number is None and not pictures:
        return Carried(state=ActState.UNSUPPORTED, sentence="no-original")
    if number is None:
        number = (await place.send(first, files=numbered(pictures, key), nonce=nonce(key))).id
    below = [(await place.send(text, nonce=nonce(key, part))).id for part, text in enumerate(further)]
    receipt = "+".join(map(str, (number, *below)))
    return Carried(state=ActState.DONE, receipt=receipt, sentence=_lost([name for name, _ in pictures]))


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


async def _copies(access: Access, receipt: str) -> list[tuple[str, bytes]]:
    """What the card kept."""
    card = await _card(access, receipt)
    kept = [file for file in card.attachments if is_kept(file.filename)] if card else []
    try:
        return [(file.filename, await access.files.get(file.url)) for file in kept]
    except Refused:
        return []


async def _own_file(access: Access, place: discord.PartialMessageable, name: str) -> int | None:
    async for message in place.history(limit=LOOK_BACK):
        if message.author.id == access.me and any(file.filename.startswith(f"{name}-") for file in message.attachments):
            return message.id
    return None


async def restrict(access: Access, event: ImageEvent, until: datetime | None, reason: Said) -> Carried:
    community, author = int(event.space.community), int(event.author)
    guild = access.client.get_guild(community) or await access.client.fetch_guild(community)
    why, end = _reason(Words.of(negotiate(guild.preferred_locale.value)), reason), until.isoformat() if until else None
    try:
        await access.client.http.edit_member(community, author, reason=why, communication_disabled_until=end)
    except discord.NotFound:
        return Carried(state=ActState.UNSUPPORTED, sentence="left") if until else DONE
    except discord.Forbidden as error:
        return await _protected(access, guild, author, error)
    return DONE


async def _protected(access: Access, guild: discord.Guild, author: int, error: discord.Forbidden) -> Carried:
    """Why somebody can't be timed out: we may not, nobody may, or our role is too low."""
    me = guild.me or await guild.fetch_member(access.me)
    if not (me.guild_permissions.moderate_members or me.guild_permissions.administrator):
        return forbidden(error, permission_name("moderate_members"))
    member = await guild.fetch_member(author)
    is_admin = member.guild_permissions.administrator or member.id == guild.owner_id
    return Carried(state=ActState.FORBIDDEN, sentence="is-admin" if is_admin else "role-too-low")
