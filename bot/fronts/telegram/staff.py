"""What the staff choose by commands on Telegram; `bot.fronts.telegram.desk` has checked that the asker is staff.

    "/mode flag collection=logos" --Ask--> a function here --> handlers.communities --> Said

STAFF       every command of the staff, also those of the modules beside this one
IN_PRIVATE  those that work in a private chat, and check by themselves
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram import Message, MessageEntity
from telegram.constants import ChatType

from bot.fronts.telegram import alerts, cases, references
from bot.fronts.telegram.events import author_of, name_of, space_of
from bot.fronts.telegram.setup import setup
from bot.fronts.telegram.talk import Ask, Talk, Unclear, by_of, place_of, plain, replied
from core.chat import Community, Said
from core.errors import NotFound
from core.types import Act, Kind, Mode
from core.wording import LANGUAGES
from handlers import communities
from handlers.references import visible_one

type Answering = Callable[[Talk, Ask], Awaitable[Said | None]]

ACTS = {
    "react": Act.FLAG,
    "flag": Act.FLAG,
    "reply": Act.REPLY,
    "delete": Act.REMOVE,
    "remove": Act.REMOVE,
    "timeout": Act.TIMEOUT,
}
NOTHING = "none"


async def watch(talk: Talk, ask: Ask) -> Said | None:
    """Look at this chat; where no cards can go yet, say how they can."""
    said = await communities.watch(talk.services, space_of(ask.message), _mode(ask, 0), by_of(ask.message))
    if (await talk.community(ask.message.chat)).log:
        return said
    words = await talk.words(ask.message)
    await talk.write(ask.message, f"{plain(words, said)} {plain(words, Said(key='telegram.no-log'))}")
    return None


async def unwatch(talk: Talk, ask: Ask) -> Said:
    return await communities.unwatch(talk.services, space_of(ask.message), by_of(ask.message))


async def mode(talk: Talk, ask: Ask) -> Said:
    """The chat's mode, or an exception from it."""
    chosen, space, kind = _mode(ask, 0), space_of(ask.message), ask.options.get("kind", "")
    if chosen is None or (kind and kind not in set(Kind)):
        raise Unclear("mode")
    collection = ask.options.get("collection", "")
    try:
        full = (await visible_one(talk.services, space, collection)).name if collection else ""
    except NotFound:
        return Said(key="said.no-collection")
    exception = Kind(kind) if kind else None
    return await communities.set_mode(talk.services, space, chosen, by_of(ask.message), full, exception)


async def threshold(talk: Talk, ask: Ask) -> Said:
    """`/threshold 90 50`, or how many strangers may be taken for a match: `/threshold 1 in 10000 50`."""
    *match, review = ask.words or ("",)
    space, by = space_of(ask.message), by_of(ask.message)
    return await communities.set_thresholds(talk.services, space, " ".join(match), _percent(review), by)


async def actions(talk: Talk, ask: Ask) -> Said:
    """What flag or enforce does, and how many minutes a time-out lasts."""
    chosen, names, minutes = _mode(ask, 0), ask.word(1).lower().split(","), ask.word(2)
    acts = [ACTS[name] for name in names if name in ACTS]
    if chosen is None or len(acts) != len(names) - names.count(NOTHING) or not (minutes or "1").isdecimal():
        raise Unclear("actions")
    lasting = timedelta(minutes=min(int(minutes), 10**6)) if minutes else None
    return await communities.set_acts(talk.services, space_of(ask.message), chosen, acts, by_of(ask.message), lasting)


async def exempt(talk: Talk, ask: Ask) -> Said:
    return await _about(talk, ask, communities.exempt)


async def admit(talk: Talk, ask: Ask) -> Said:
    return await _about(talk, ask, communities.admit)


async def ignore(talk: Talk, ask: Ask) -> Said:
    return await _about(talk, ask, communities.ignore)


async def _about(talk: Talk, ask: Ask, choose: Callable[..., Awaitable[Said]]) -> Said:
    """A choice about a person."""
    who, name = await _person(talk, ask)
    if not who:
        return Said(key="telegram.who")
    return await choose(talk.services, await talk.community(ask.message.chat), who, name, by_of(ask.message))


async def _person(talk: Talk, ask: Ask) -> tuple[str, str]:
    """Id and name of who wrote the message that this one answers, or of who is named in it; Telegram tells bots
    nobody's id by a user name, so only who wrote something of late is known by it.
    """
    target = replied(ask.message)
    if target is not None:
        return author_of(target), name_of(target)
    named = ask.message.parse_entities([MessageEntity.TEXT_MENTION]) if ask.message.text else {}
    user = next((one.user for one in named), None) or talk.memory.person(ask.word(0).removeprefix("@"))
    if user is not None:
        return str(user.id), user.full_name
    number = ask.word(0).removeprefix("-")
    return (ask.word(0), ask.word(0)) if number.isdecimal() else ("", "")


async def brakes(talk: Talk, ask: Ask) -> Said:
    people, an_hour = ask.word(0), ask.word(1)
    if not (people.isdecimal() and an_hour.isdecimal()):
        raise Unclear("brakes")
    community = await talk.community(ask.message.chat)
    return await communities.set_brakes(talk.services, community, int(people), int(an_hour), by_of(ask.message))


async def remember(talk: Talk, ask: Ask) -> Said:
    """How many hours embeddings of what is looked at here are kept."""
    if not ask.word(0).isdecimal():
        raise Unclear("remember")
    community = await talk.community(ask.message.chat)
    return await communities.set_memory(talk.services, community, int(ask.word(0)), by_of(ask.message))


async def language(talk: Talk, ask: Ask) -> Said:
    if ask.word(0) not in LANGUAGES:
        raise Unclear("language")
    community = await talk.community(ask.message.chat)
    return await communities.set_language(talk.services, community, ask.word(0), by_of(ask.message))


async def cards(talk: Talk, ask: Ask) -> Said:
    """/log: the cards of this chat come here, or those of the chat that is named, if the asker runs that one, too."""
    message, named = ask.message, ask.word(0)
    if named == "here" and message.chat.type != ChatType.PRIVATE:
        return await _log_here(talk, message, await talk.community(message.chat))
    if not named.removeprefix("-").isdecimal():
        raise Unclear("log")
    if not await _runs(talk, message, int(named)):
        return Said(key="said.staff-only")
    return await _log_here(talk, message, await talk.community(int(named)))


async def _runs(talk: Talk, message: Message, chat: int) -> bool:
    """Whether the asker is staff of another chat; who writes in the name of a chat is somebody only there."""
    user = message.from_user
    return user is not None and not message.sender_chat and await talk.staff.has(chat, user.id)


async def _log_here(talk: Talk, message: Message, community: Community) -> Said:
    return await communities.set_log(talk.services, community, str(place_of(message)), by_of(message))


def _mode(ask: Ask, number: int) -> Mode | None:
    """The mode by its place, None if none is named."""
    word = ask.word(number).lower()
    if word and word not in set(Mode):
        raise Unclear(ask.name)
    return Mode(word) if word else None


def _percent(word: str) -> float:
    number = word.removesuffix("%")
    if not number.isdecimal() or len(number) > 3:
        raise Unclear("threshold")
    return int(number) / 100


STAFF: dict[str, Answering] = {
    "setup": setup,
    "watch": watch,
    "unwatch": unwatch,
    "mode": mode,
    "threshold": threshold,
    "actions": actions,
    "add": references.add,
    "references": references.references,
    "exempt": exempt,
    "admit": admit,
    "case": cases.case,
    "why": cases.why,
    "alerts": alerts.alerts,
    "language": language,
    "log": cards,
    "brakes": brakes,
    "ignore": ignore,
    "remember": remember,
}
IN_PRIVATE = frozenset({"alerts", "log"})
