"""/cases: the open cases of a community, newest first, five a page; each with a button that shows its card.

    nothing asked for     those of which only a part could be looked at are counted, not listed: most long videos
    sort, who, channel, collection, key     narrow it down; the buttons of a page say all of it (`handlers.chat.data`)
    "#12"                                   the card of case 12 with its picture and its own buttons
    "Newer", "Older"                        the next page, in place of this one

It names people and what they posted, so it is for the staff's eyes: where the cards go, or for the asker alone. Where
cards of several communities go, those of all that the asker is staff of are listed.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from core.cases import Case, Sort, Wanted
from core.chat import Community, Said
from core.errors import NotFound
from core.messages import Answer, Button, Right, Row
from core.telling import address, moment, one_line, sureness, title_of
from core.titles import of_file, of_text
from core.types import Intent, Space
from core.wording import Words
from handlers.chat import data
from handlers.chat.card_text import comma, counted
from handlers.chat.cases import case_of
from handlers.chat.context import STAFF_ONLY, Context, ContextWith, is_log, may
from handlers.chat.errors import Refuse
from handlers.chat.meant import collection_of, reference_of
from handlers.chat.options import Given
from handlers.collections import short_name, visible_one
from handlers.from_post import BLOCKLIST
from handlers.needs import HasCases, HasCommunities, HasReferences

PAGE = 5
MOST = 1000
"""Cases that are counted; beyond that it is "more than"."""

TITLE, NAME = 80, 40


class ListNeeds(HasReferences, HasCases, HasCommunities, Protocol):
    """What lists open cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Where it is asked, and the communities whose cases may be read there, its own first.

    `is_log`: whether the cards of any of them go there.
    """

    context: ContextWith[ListNeeds]
    spaces: Sequence[Space]
    is_log: bool = False

    async def knowing(self, collection: str) -> ContextWith[ListNeeds]:
        """The asking as one in the first of these communities that sees this collection; else as it is."""
        for space in self.spaces:
            with suppress(NotFound):
                await visible_one(self.context.services, space, collection)
                return replace(self.context, asked=replace(self.context.asked, space=space))
        return self.context


async def listed(context: ContextWith[ListNeeds], given: Given) -> Answer:
    """The newest page; where others read along, it is written to the asker alone."""
    here = await _here(context)
    wanted = await _wanted(here, given)
    if isinstance(wanted, Answer):
        return wanted
    page = await _page(here, wanted, before=given.number("before"))
    if context.chat.can.answers_alone or here.is_log:
        return page
    if await context.chat.write_to(context.who, page):
        return context.answer(Said(key="cases.sent"))
    return context.refusal(Said(key="cases.write-first", values={"link": context.chat.own_link}))


async def turned(context: ContextWith[ListNeeds], view: data.OfList) -> Answer:
    """The page before or after a case, for those who may read it."""
    if context.asked.is_private:
        here = await _of_case(context, view.case)
    elif await may(context, Right.MODERATOR):
        here = await _here(context)
    else:
        raise Refuse(STAFF_ONLY.key)
    wanted = Wanted(
        sort=view.sort,
        author=view.author,
        channel=view.channel,
        collection=await _full_name(here, view.collection),
        reference=view.reference,
    )
    return await _page(here, wanted, **{"after" if view.is_newer else "before": view.case})


async def _wanted(here: Here, given: Given) -> Wanted | Answer:
    """What is to be listed; an answer where a known image is named that there is not."""
    who, channel = given.person(), given.place("channel")
    into, key = given.text("collection"), given.text("key")
    found = await reference_of(await here.knowing(into or BLOCKLIST), key, into) if key else None
    if isinstance(found, Answer):
        return found
    return Wanted(
        sort=Sort(given.text("sort")) if given.text("sort") else None,
        author=who.id if who else given.lost.get("who", "").removeprefix("@"),
        channel=channel.channel if channel else "",
        collection="" if found else await _full_name(here, into),
        reference=found.id if found else None,
    )


async def _full_name(here: Here, collection: str) -> str:
    """The full name of a collection, "" for none; refused where nobody here has it."""
    if not collection:
        return ""
    context = await here.knowing(collection)
    async with collection_of(context, collection):
        return (await visible_one(context.services, context.space, collection)).name


async def _of_case(context: ContextWith[ListNeeds], number: int) -> Here:
    """In private: the community of a case, for its staff."""
    case, community = await case_of(context.services, context.space, number)
    space = case.event.space
    if await context.chat.right_of(context.who, space) < Right.MODERATOR:
        raise Refuse(STAFF_ONLY.key)
    return Here(context=replace(context, language=community.language or context.language), spaces=[space])


async def _here(context: ContextWith[ListNeeds]) -> Here:
    """This community, and those whose cards come here if the asker is of their staff.

    A place that is none itself speaks their language.
    """
    others = [one async for one in _others(context)]
    if others and not context.community.set_up_at:
        context = replace(context, language=others[0].language or context.language)
    spaces = [context.space, *map(_space_of, others)]
    return Here(context=context, spaces=spaces, is_log=context.is_log or bool(others))


def _space_of(community: Community) -> Space:
    """Where each community is one chat: that chat."""
    return Space(platform=community.platform, community=community.id, channel=community.id)


async def _others(context: ContextWith[ListNeeds]) -> AsyncIterator[Community]:
    """Other communities whose cards come here; without channels, moderators have a chat of their own."""
    if context.chat.can.has_channels or context.who.is_chat:
        return
    for one in await context.services.communities.all(context.space.platform):
        comes_here = one.id != context.space.community and is_log(one, context.space, context.address)
        if comes_here and await context.chat.right_of(context.who, _space_of(one)) >= Right.MODERATOR:
            yield one


async def _page(here: Here, wanted: Wanted, *, before: int | None = None, after: int | None = None) -> Answer:
    """One page; the newest one where there is nothing newer, or nothing older any more."""
    context, homes = here.context, {space.home for space in here.spaces}
    cases = context.services.cases
    found = await cases.open(homes, wanted, limit=PAGE + 1, before=before, after=after)
    if (after is not None and len(found) <= PAGE) or (before is not None and not found):
        before = after = None
        found = await cases.open(homes, wanted, limit=PAGE + 1)
    quiet = await _quiet(here, wanted)
    if not found:
        return context.answer(Said(key="cases.none" if wanted == Wanted() else "cases.none-such", more=quiet))
    is_more, shown = len(found) > PAGE, found[-PAGE:] if after is not None else found[:PAGE]
    newer = shown[0].id if (is_more if after is not None else before is not None) else None
    older = shown[-1].id if is_more or after is not None else None
    count = await cases.count_open(homes, wanted, MOST + 1)
    page = _shown(context, shown, wanted, count, newer, older)
    return replace(page, said=replace(page.said, more=(*page.said.more, *quiet))) if page.said else page


async def _quiet(here: Here, wanted: Wanted) -> tuple[Said, ...]:
    """How many cases are left out of which only a part could be looked at, and how they are listed."""
    if wanted.sort is not None:
        return ()
    homes, those = {space.home for space in here.spaces}, replace(wanted, sort=Sort.PARTIAL)
    count = await here.context.services.cases.count_open(homes, those, MOST + 1)
    key = "cases.quiet-many" if count > MOST else "cases.quiet"
    return (Said(key=key, values={"count": min(count, MOST), "usage": Sort.PARTIAL.value}),) if count else ()


def _shown(
    context: Context, shown: Sequence[Case], wanted: Wanted, count: int, newer: int | None, older: int | None
) -> Answer:
    """The page as an answer; how the next one is asked for in words where that is too long for a button."""
    turns = [(way, number) for way, number in (("newer", newer), ("older", older)) if number]
    buttons = [
        *(Button(label=f"#{one.id}", data=data.of_case(one.id, "open"), beside=True) for one in shown),
        *(_turning(context, way, number, wanted, beside=len(turns) > 1 and way == "older") for way, number in turns),
    ]
    key = "cases.open-many" if count > MOST else "cases.open"
    is_further = older and not buttons[-1].data
    more = (Said(key="cases.further", values={"usage": f"before={older}"}),) if is_further else ()
    told = Said(key=key, values={"count": min(count, MOST)}, more=more)
    rows = [_row(context, one) for one in shown]
    return replace(context.answer(told, *rows), buttons=tuple(one for one in buttons if one.data))


def _turning(context: Context, way: str, number: int, wanted: Wanted, *, beside: bool) -> Button:
    """The button for the next page in this direction; without data where that is too long."""
    return Button(label=context.words(f"cases.{way}"), data=_turn(number, wanted, way), beside=beside)


def _turn(number: int, wanted: Wanted, way: str) -> str:
    return data.of_list(
        data.OfList(
            case=number,
            is_newer=way == "newer",
            sort=wanted.sort,
            author=wanted.author,
            channel=wanted.channel,
            collection=short_name(wanted.collection) if wanted.collection else "",
            reference=wanted.reference,
        )
    )


def _row(context: Context, case: Case) -> Row:
    """Number, what it is, how sure, who, where and when; the title leads to the post."""
    note = " · ".join(part for part in _facts(context, case) if part)
    return Row(code=f"#{case.id}", text=called(context.words, case), url=address(case.event.link), note=note)


def called(words: Words, case: Case) -> str:
    """The best match; of what is like nothing known, what the post would be called as a reference."""
    best = case.verdict.best
    named = title_of(best.reference) if best else of_text(case.event.text) or of_file(case.event.file_name)
    return one_line(named, TITLE) or words("cases.untitled")


def author_of(case: Case) -> str:
    """Who posted it, by name if there is one, as one short line."""
    return one_line(case.event.author_name, NAME) or one_line(case.event.author, NAME)


def _facts(context: Context, case: Case) -> Iterator[str]:
    words, event, best = context.words, case.event, case.verdict.best
    yield words("cases.sort.reported") if event.intent is Intent.REPORTED else words(f"verdict.{case.verdict.outcome}")
    if best:
        yield comma(words, [words(f"kind.{best.kind}"), sureness(words, best.confidence)])
    yield from _who_and_where(context, case)
    yield moment(case.opened_at)


def _who_and_where(context: Context, case: Case) -> Iterator[str]:
    """The author and the channel; of a burst how many posts, and how many of both where there are several."""
    words, burst, where = context.words, case.burst, one_line(context.chat.name_of(case.event.space), NAME)
    if burst is None or burst.posts == 1:
        yield from (author_of(case), where)
        return
    yield counted(words, "burst.posts", burst.posts)
    yield counted(words, "burst.people", burst.people) if burst.people > 1 else author_of(case)
    yield words("burst.channels", count=burst.channels) if burst.channels > 1 else where
