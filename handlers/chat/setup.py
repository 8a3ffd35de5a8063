"""/setup: three choices by buttons, one after the other, or all at once. Nothing is kept in memory.

    [here] [to me, in private] [elsewhere] --> [dry run] [flag] [enforce] --> [English] [中文] --> communities.set_up
    /setup here dry_run en

A pressed button holds what was chosen so far: "s:here:dry_run". Who chose "private" is in it as "p" and their number.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from core.chat import Said
from core.messages import Answer, Button, Person, Right
from core.telling import one_line
from core.types import Act, Mode, Space
from core.wording import LANGUAGES, Words, negotiate
from handlers.chat import data
from handlers.chat.channels import meant, settings, watched
from handlers.chat.context import STAFF_ONLY, Context, ContextWith, runs
from handlers.chat.errors import Refuse, Unclear
from handlers.chat.options import Given, Option, Type
from handlers.communities import SetUpNeeds, set_up
from handlers.needs import HasBotsChoice, HasTrials, HasVideos

HERE, PRIVATE, OTHER = "here", "private", "other"
WHERE = Option(name="where", type=Type.CHOICE, choices=(HERE, PRIVATE, OTHER), labels="setup")
LOG = Option(name="log", type=Type.PLACE, alone=True)
PERSON = "p"
"""In a button: before the number of the person to whom cards go in private."""

QUESTIONS = ("setup.where", "setup.mode", "setup.language")
NAME = 100


class GuidedSetUpNeeds(SetUpNeeds, HasTrials, HasBotsChoice, HasVideos, Protocol):
    """What sets a community up, shows how, and has it tried."""


async def setup(context: ContextWith[GuidedSetUpNeeds], given: Given) -> Answer:
    """All at once, or the first question."""
    place, where = given.place("log"), given.text("where")
    if place is None and not where:
        return _question(context, ())
    if place and not await runs(context, place):
        return context.refusal(STAFF_ONLY)
    if where == PRIVATE:
        where = await _in_private(context)
    language = given.text("language") or context.community.language or await _spoken(context)
    log = context.chat.address(place) if place else await _log(context, where)
    lacking = await context.chat.lacking(place, (Act.CARD,)) if place else ()
    return await _finish(context, meant(context, given), log, given.mode() or Mode.DRY_RUN, language, lacking)


async def _spoken(context: Context) -> str:
    """What the community speaks, or else the one who sets up."""
    spoken = await context.chat.language_of(context.space)
    return negotiate(spoken) if spoken else context.language


async def chosen(context: ContextWith[GuidedSetUpNeeds], choices: Sequence[str]) -> Answer:
    """A pressed button: the next question, or the end."""
    if choices[0] == PRIVATE:
        choices = [await _in_private(context), *choices[1:]]
    if len(choices) < len(QUESTIONS):
        return _question(context, choices)
    where, mode, language = choices
    if mode not in set(Mode) - {Mode.OFF} or language not in LANGUAGES:
        raise Unclear
    return await _finish(context, context.space, await _log(context, where), Mode(mode), language)


async def _in_private(context: Context) -> str:
    """The choice of the asker's own chat for the cards; raises Refuse where the bot may not write there."""
    told = Answer(said=Said(key="setup.cards"), language=context.language)
    if context.who.is_chat or not await context.chat.write_to(context.who, told):
        raise Refuse("setup.start", link=context.chat.own_link)
    return PERSON + context.who.id


def _question(context: Context, choices: Sequence[str]) -> Answer:
    words = context.words
    labels: Sequence[tuple[str, str]] = (
        [(one, words(f"setup.{one}")) for one in (HERE, PRIVATE, OTHER)],
        [(mode.value, words(f"mode.{mode}")) for mode in Mode if mode is not Mode.OFF],
        [(one, Words.of(one)("language.name")) for one in LANGUAGES],
    )[len(choices)]
    buttons = tuple(Button(label=label, data=data.of_setup(*choices, one)) for one, label in labels)
    return Answer(said=Said(key=QUESTIONS[len(choices)]), language=context.language, buttons=buttons)


async def _log(context: Context, where: str) -> str:
    """The address of the cards, "" where it is to be named there. Nobody gets them in private who is not staff."""
    if where == HERE:
        return context.address
    if where == OTHER:
        return ""
    person = Person(id=where.removeprefix(PERSON))
    is_person = where.startswith(PERSON) and person.id
    if not is_person or await context.chat.right_of(person, context.space) < Right.MANAGER:
        raise Unclear
    return context.chat.address_of(person)


async def _finish(
    context: ContextWith[GuidedSetUpNeeds],
    space: Space,
    log: str,
    mode: Mode,
    language: str,
    lacking: Sequence[Said] = (),
) -> Answer:
    """Set the community up as chosen, and say what is next, in its language."""
    name = one_line(await context.chat.community_name(context.space), NAME)
    await context.chat.begins(space, context.asked.number)
    done = await set_up(context.services, space, log=log, mode=mode, language=language, by=context.by, name=name)
    elsewhere = Said(key="setup.elsewhere", values={"chat": context.space.channel})
    nowhere = Said(key="said.no-log") if context.chat.can.has_channels else elsewhere
    then = Said(key="setup.next") if log else nowhere
    context.services.trials.begin(space.home, context.who.id)
    community = await context.services.communities.get(space.platform, space.community)
    context = replace(context, language=language, community=community)
    answer = await watched(context, space, done, (*lacking, then))
    return replace(answer, cards=(await settings(context, Given())).cards)
