"""/references and /add on Telegram: a chat's own known images, taken from messages; an album is taken whole.

    /add --> from_post.add_message --> "Added ..." [Undo: r:<message>:<collection>] --> from_post.take_back

The button holds the message and the collection, which is all that an undo needs.
"""

import html

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.fronts.telegram.cards import escaped
from bot.fronts.telegram.events import events_of, pictures, space_of
from bot.fronts.telegram.talk import Ask, Talk, Unclear, by_of, plain, replied
from core.chat import Said
from core.errors import NotFound
from core.telling import one_line
from core.types import OF_PICTURES, Purpose, Reference
from core.wording import Words
from handlers import from_post

KEY, TITLE, DATA_BYTES = 80, 60, 64
UNDONE = ("said.added", "said.added-some")


async def references(talk: Talk, ask: Ask) -> Said | None:
    """The word after the command says what: add, remove or list."""
    what = ask.rest(0)
    try:
        match what.name.lower():
            case "add":
                return await add(talk, what)
            case "remove" if what.word(0):
                collection = what.word(1) or from_post.BLOCKLIST
                return await from_post.remove_one(talk.services, space_of(ask.message), what.word(0), collection)
            case "list":
                return await _list(talk, what)
    except NotFound:
        return Said(key="said.no-collection")
    raise Unclear("references")


async def add(talk: Talk, ask: Ask) -> Said | None:
    """Add the pictures of the message that this one answers, or its own: [collection] [title...] [purpose=...]."""
    message, target = ask.message, replied(ask.message)
    shown = message if target is None or pictures(message) else target
    events = [event for one in await talk.album(shown) for event in events_of(one)]
    collection, purpose = ask.word(0) or from_post.BLOCKLIST, ask.options.get("purpose", Purpose.BLOCKLIST.value)
    if purpose not in OF_PICTURES:
        raise Unclear("add")
    said = await from_post.add_message(
        talk.services,
        events,
        name_of(shown),
        collection=collection,
        purpose=Purpose(purpose),
        title=" ".join(ask.words[1:]),
        by=by_of(message),
    )
    words = await talk.words(message)
    await talk.say(message, said, _undo(words, name_of(shown), collection) if said.key in UNDONE else None)
    return None


def name_of(message: Message) -> str:
    """What names a message or an album in the keys of its pictures."""
    return message.media_group_id or str(message.message_id)


def _undo(words: Words, name: str, collection: str) -> InlineKeyboardMarkup | None:
    """None for a collection whose name is too long for a button."""
    data = f"r:{name}:{collection}"
    if len(data.encode()) > DATA_BYTES:
        return None
    return InlineKeyboardMarkup.from_button(InlineKeyboardButton(words("decision.undo"), callback_data=data))


async def _list(talk: Talk, ask: Ask) -> Said | None:
    """The newest, with their keys to remove them by."""
    message = ask.message
    collection = ask.word(0) or from_post.BLOCKLIST
    heading, newest = await from_post.listed(talk.services, space_of(message), collection)
    lines = [plain(await talk.words(message), heading), *(_row(one) for one in newest)]
    await talk.write(message, "\n".join(lines))
    return None


def _row(one: Reference) -> str:
    return f"<code>{html.escape(one_line(one.key, KEY))}</code> {escaped(one_line(one.title, TITLE))}"
