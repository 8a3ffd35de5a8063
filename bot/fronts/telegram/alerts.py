"""/alerts on Telegram: who hears of matches in a collection.

add, invite, remove, list     in a group or channel, by its staff
join, remove, list            also in private, by anybody: a code is what allows it
"""

from collections.abc import Awaitable, Callable

from telegram.constants import ChatType

from bot.fronts.telegram.events import space_of
from bot.fronts.telegram.talk import Ask, Talk, Unclear, by_of, place_of
from core.chat import Said
from core.errors import NotFound
from core.types import Platform
from handlers import alerts as handler

type Answering = Callable[[Talk, Ask], Awaitable[Said]]


async def alerts(talk: Talk, ask: Ask) -> Said:
    """The word after the command says what."""
    what = ask.rest(0)
    answer = WAYS.get(what.name.lower())
    if answer is None:
        raise Unclear("alerts")
    if ask.message.chat.type == ChatType.PRIVATE and answer in (add, invite):
        return Said(key="said.not-here")
    try:
        return await answer(talk, what)
    except NotFound:
        return Said(key="telegram.no-code" if answer is join else "said.no-collection")


async def add(talk: Talk, ask: Ask) -> Said:
    language = await talk.language(ask.message.chat, ask.message.from_user)
    space, place = space_of(ask.message), str(place_of(ask.message))
    return await handler.subscribe(talk.services, space, _collection(ask), place, language, by_of(ask.message))


async def remove(talk: Talk, ask: Ask) -> Said:
    space, place = space_of(ask.message), str(place_of(ask.message))
    return await handler.unsubscribe(talk.services, space, _collection(ask), place, by_of(ask.message))


async def listed(talk: Talk, ask: Ask) -> Said:
    return await handler.listed(talk.services, space_of(ask.message), str(place_of(ask.message)))


async def invite(talk: Talk, ask: Ask) -> Said:
    return await handler.invite(talk.services, space_of(ask.message), _collection(ask), by_of(ask.message))


async def join(talk: Talk, ask: Ask) -> Said:
    """Redeem an invitation for this chat."""
    if not ask.word(0):
        raise Unclear("alerts")
    language = await talk.language(ask.message.chat, ask.message.from_user)
    place, code = str(place_of(ask.message)), ask.word(0).upper()
    return await handler.join(talk.services, Platform.TELEGRAM, place, code, language, by_of(ask.message))


def _collection(ask: Ask) -> str:
    name = ask.options.get("collection") or ask.word(0)
    if not name:
        raise Unclear("alerts")
    return name


WAYS: dict[str, Answering] = {"add": add, "remove": remove, "list": listed, "invite": invite, "join": join}
