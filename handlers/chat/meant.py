"""What is not there by the name that somebody says, and what they may have meant.

async with collection_of(context, "scam"): ...     "There is no such collection here. There are: scams, brands."
await reference_of(context, "elon", "")            the one image of that key or title, or those that are like it
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from difflib import get_close_matches

from core.chat import Said
from core.errors import NotFound
from core.messages import Answer, Row
from core.telling import one_line
from core.types import OF_PICTURES, Reference
from handlers import naming
from handlers.chat.context import ContextWith
from handlers.chat.errors import Refuse
from handlers.collections import seen_here, short_name
from handlers.from_post import BLOCKLIST
from handlers.needs import HasReferences

KEY, TITLE = 80, 60
MOST_NAMES, MOST_LIKE = 8, 3


@asynccontextmanager
async def collection_of(context: ContextWith[HasReferences], name: str) -> AsyncIterator[None]:
    """What is done about a collection; one that is not there is refused with the names of those that may be meant."""
    try:
        yield
    except NotFound:
        refused = Refuse("said.no-collection")
        refused.said = replace(refused.said, more=await _others(context, name))
        raise refused from None


async def _others(context: ContextWith[HasReferences], name: str) -> tuple[Said, ...]:
    seen = await seen_here(context.services, context.space)
    names = sorted(short_name(one.name) for one in seen if one.purpose in OF_PICTURES)
    like = get_close_matches(name.casefold(), names, MOST_LIKE) or names[:MOST_NAMES]
    return (Said(key="said.collections", values={"names": ", ".join(like)}),) if like else ()


async def reference_of(context: ContextWith[HasReferences], said: str, into: str) -> Reference | Answer:
    """The community's own image of that key or title, or the answer that says which ones come near."""
    collection = into or BLOCKLIST
    async with collection_of(context, collection):
        meant = await naming.meant(context.services, context.space, said, collection)
    if meant.reference:
        return meant.reference
    key = "said.alike" if meant.alike else "said.no-reference"
    told = Said(key=key, values={"title": one_line(said, TITLE), "collection": collection})
    return replace(context.answer(told, *rows_of(meant.alike)), refusal=True)


def rows_of(references: Sequence[Reference]) -> list[Row]:
    """A line an image: its key, to be copied, and its title."""
    return [Row(code=one_line(one.key, KEY), text=one_line(one.title, TITLE)) for one in references]
