"""What an option may hold, while it is being typed: for platforms that offer it.

a collection    those that the community sees, its own by their short names
a key           the newest references of the collection that is named which are called so, each with its title
a case          the newest open cases, each with its best match and its author
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from core.cases import Case, Wanted
from core.errors import NotFound
from core.telling import one_line
from core.types import OF_PICTURES, Collection
from handlers.chat.card_text import title_of
from handlers.chat.commands import Command, refused_to
from handlers.chat.context import Context, ContextWith
from handlers.chat.open_cases import author_of, called
from handlers.chat.options import Option, Type
from handlers.collections import own_name, visible_one
from handlers.from_post import BLOCKLIST
from handlers.needs import HasCases, HasReferences

MOST = 25
LABEL, VALUE = 100, 100
"""Characters of what is shown and of what is meant; a value that is longer is not offered."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`value` is meant, `label` is shown."""

    value: str
    label: str


class SuggestNeeds(HasReferences, HasCases, Protocol):
    """What knows the names that there are."""


async def suggest(
    context: ContextWith[SuggestNeeds], command: Command, option: Option, typed: str, collection: str
) -> list[Suggestion]:
    """What fits what was typed so far; nothing for those who may not use the command here."""
    if await refused_to(context, command):
        return []
    match option.type:
        case Type.COLLECTION:
            offered = list(_collections(context, await context.services.references.collections()))
        case Type.KEY:
            offered = await _keys(context, collection or BLOCKLIST, typed.strip())
        case Type.CASE:
            offered = await _cases(context)
        case _:
            return []
    return list(_fitting(offered, typed))[:MOST]


def _collections(context: Context, all_: Iterable[Collection]) -> Iterator[Suggestion]:
    """The community's own first."""
    home, own = context.space.home, own_name(context.space, "")
    seen = [one for one in all_ if one.purpose in OF_PICTURES and one.owner in ("", home)]
    for one in sorted(seen, key=lambda one: (one.owner != home, one.name)):
        name = one.name.removeprefix(own) if one.owner == home else one.name
        yield Suggestion(name, name)


async def _cases(context: ContextWith[SuggestNeeds]) -> list[Suggestion]:
    """Open ones of this community; any other number can be typed."""
    found = await context.services.cases.open({context.space.home}, Wanted(), limit=MOST)
    return [Suggestion(str(one.id), one_line(_of_case(context, one), LABEL)) for one in found]


def _of_case(context: Context, case: Case) -> str:
    return " · ".join([f"#{case.id}", called(context.words, case), author_of(case)])


async def _keys(context: ContextWith[HasReferences], collection: str, typed: str) -> list[Suggestion]:
    try:
        found = await visible_one(context.services, context.space, collection)
    except NotFound:
        return []
    newest = await context.services.references.called(found.name, typed, MOST)
    return [Suggestion(one.key, one_line(f"{title_of(one)} · {one.key}", LABEL)) for one in newest]


def _fitting(offered: Iterable[Suggestion], typed: str) -> Iterator[Suggestion]:
    wanted = typed.strip().lower()
    for one in offered:
        if len(one.value) <= VALUE and wanted in f"{one.value} {one.label}".lower():
            yield one
