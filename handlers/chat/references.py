"""The staff's commands about known images: taken from messages, taken back, listed.

/references add --> from_post.add_message --> "Added ..." [Undo] --press--> from_post.take_back
"""

from core.chat import Said
from core.errors import NotFound
from core.messages import Answer, Asked, Button, Incoming, Row
from core.telling import one_line
from core.types import ImageEvent, Intent
from handlers import from_post
from handlers.chat import data
from handlers.chat.context import Context, ContextWith
from handlers.chat.errors import known
from handlers.chat.options import Given
from handlers.collections import visible_one
from handlers.from_post import BLOCKLIST, FromPostNeeds
from handlers.needs import HasReferences
from handlers.references import SyncNeeds

KEY, TITLE = 80, 60
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
    sent, into = given.values.get("image"), given.text("collection") or BLOCKLIST
    message = sent if isinstance(sent, Incoming) else shown(context.asked)
    done = await from_post.add_message(
        context.services,
        await _events(context, message),
        name_of(message) if message else "",
        collection=into,
        purpose=given.purpose(),
        title=given.text("title"),
        by=context.by,
    )
    return Answer(said=done, language=context.language, buttons=_undo(context, done, message, into))


async def _events(context: Context, message: Incoming | None) -> list[ImageEvent]:
    album = await context.chat.album(message) if message else ()
    return [event for one in album for event in one.events(Intent.POSTED)]


def _undo(context: Context, done: Said, message: Incoming | None, collection: str) -> tuple[Button, ...]:
    """Nothing where nothing was added, or where the collection's name is too long for a button."""
    pressed = data.of_adding(name_of(message), collection) if message and done.key in UNDONE else ""
    return (Button(label=context.words("decision.undo"), data=pressed),) if pressed else ()


async def remove(context: ContextWith[SyncNeeds], given: Given) -> Answer:
    into = given.text("collection") or BLOCKLIST
    with known("said.no-collection"):
        return context.answer(await from_post.remove_one(context.services, context.space, given.text("key"), into))


async def listed(context: ContextWith[HasReferences], given: Given) -> Answer:
    """The newest, with their keys to remove them by."""
    if not given.text("collection") and await _is_unmade(context):
        return context.answer(Said(key="said.references", values={"collection": BLOCKLIST, "count": 0}))
    with known("said.no-collection"):
        heading, newest = await from_post.listed(context.services, context.space, given.text("collection") or BLOCKLIST)
    return context.answer(
        heading, *(Row(code=one_line(one.key, KEY), text=one_line(one.title, TITLE)) for one in newest)
    )


async def _is_unmade(context: ContextWith[HasReferences]) -> bool:
    """Whether the collection that is meant where none is named is made with its first image, which has not come yet."""
    try:
        await visible_one(context.services, context.space, BLOCKLIST)
    except NotFound:
        return True
    return False
