"""The staff's commands about known images: taken from messages, taken back, listed. Renamed: handlers/chat/naming.py.

/references add --> from_post.add_message --> "Added ..." [Undo] --press--> from_post.take_back
"""

from dataclasses import replace

from core.chat import Said
from core.chat_port import Chat
from core.errors import NotFound
from core.messages import Answer, Asked, Button, Incoming
from core.telling import moment
from core.types import ImageEvent, Intent, Space
from core.wording import Words
from handlers import from_post, naming
from handlers.chat import data
from handlers.chat.context import Context, ContextWith
from handlers.chat.meant import collection_of, reference_of, rows_of
from handlers.chat.options import INTO, Given
from handlers.collections import own_one, short_name, visible_one
from handlers.from_post import BLOCKLIST, FromPostNeeds
from handlers.needs import HasReferences
from handlers.references import SyncNeeds

UNDONE = ("said.added", "said.added-some")


def shown(asked: Asked) -> Incoming | None:
    """The message whose pictures are meant: the command's own, else the one that it is about."""
    own = asked.own if asked.own and asked.own.pictures else None
    return own or asked.about


def name_of(message: Incoming) -> str:
    """What names a message or an album in the keys of its pictures."""
    return message.group if message.group and message.group != message.message else message.message


async def add(context: ContextWith[FromPostNeeds], given: Given) -> Answer:
    """Add every picture of the message or album that is meant."""
    sent = given.values.get("image")
    message = sent if isinstance(sent, Incoming) else shown(context.asked)
    title, into = await _title_and_collection(context, given)
    if title and (wrong := naming.refused(title)):
        return context.refusal(wrong)
    done = await from_post.add_message(
        context.services,
        await _events(context, message),
        name_of(message) if message else "",
        collection=into,
        purpose=given.purpose(),
        title=title,
        otherwise=nameless(context.chat, context.words, context.space, moment(context.services.clock())),
        by=context.by,
    )
    return Answer(
        said=and_how(context.chat, done), language=context.language, buttons=_undo(context, done, message, into)
    )


async def _title_and_collection(context: ContextWith[HasReferences], given: Given) -> tuple[str, str]:
    """All words are the title, unless the last ones name a collection that there is: "Elon giveaway in scams"."""
    title, into = " ".join(given.text("title").split()), given.text("collection")
    head, between, last = f" {title}".rpartition(" ")
    before, _, word = head.rpartition(" ")
    if into or not between or word.lower() not in INTO:
        return title, into or BLOCKLIST
    try:
        return before.strip(), short_name((await own_one(context.services, context.space, last)).name)
    except NotFound:
        return title, BLOCKLIST


def nameless(chat: Chat, words: Words, space: Space, when: str) -> str:
    """The title of a picture about which nothing says anything: where it is from, and when it was added."""
    where = chat.name_of(space)
    return words("title.of-place", where=where, when=when) if where else words("title.of", when=when)


def and_how(chat: Chat, done: Said) -> Said:
    """With how another title is given, where one was."""
    titled = [one for one in done.more if one.key == "said.titled"]
    how = Said(key="said.rename-reply")
    if not chat.can.words_ask:
        how = Said(key="said.rename-command", values={"usage": "/references rename"})
    return replace(done, more=(*titled, how, *done.more[len(titled) :])) if titled else done


async def _events(context: Context, message: Incoming | None) -> list[ImageEvent]:
    """The pictures of the whole album; what the asker wrote with a picture of their own is the command."""
    album = await context.chat.album(message) if message else ()
    own = context.asked.own
    plain = [replace(one, text="") if own and one.message == own.message else one for one in album]
    return [event for one in plain for event in one.events(Intent.POSTED)]


def _undo(context: Context, done: Said, message: Incoming | None, collection: str) -> tuple[Button, ...]:
    """Nothing where nothing was added, or where the collection's name is too long for a button."""
    pressed = data.of_adding(name_of(message), collection) if message and done.key in UNDONE else ""
    undone = (Button(label=context.words("decision.undo"), data=pressed),) if pressed else ()
    titled = data.of_title(name_of(message)) if message and not context.chat.can.words_ask and undone else ""
    return (*undone, Button(label=context.words("title.another"), data=titled)) if titled else undone


async def remove(context: ContextWith[SyncNeeds], given: Given) -> Answer:
    """The image of that key, or of that title where only one is called so."""
    found = await reference_of(context, given.text("key"), given.text("collection"))
    if isinstance(found, Answer):
        return found
    into = given.text("collection") or BLOCKLIST
    return context.answer(await from_post.remove_one(context.services, context.space, found.key, into))


async def listed(context: ContextWith[HasReferences], given: Given) -> Answer:
    """The newest, or those that are called so, with their keys to rename or remove them by."""
    into, called = given.text("collection") or BLOCKLIST, given.text("title")
    if not given.text("collection") and await _is_unmade(context):
        return context.answer(Said(key="said.references", values={"collection": BLOCKLIST, "count": 0}))
    async with collection_of(context, into):
        heading, newest = await from_post.listed(context.services, context.space, into, called)
    return context.answer(heading, *rows_of(newest))


async def _is_unmade(context: ContextWith[HasReferences]) -> bool:
    """Whether the collection that is meant where none is named is made with its first image, which has not come yet."""
    try:
        await visible_one(context.services, context.space, BLOCKLIST)
    except NotFound:
        return True
    return False
