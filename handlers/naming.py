"""A community's own references by what its staff call them, and other titles for them.

    meant(collection, "Elon giveaway")  --key, else title--> the one reference; several or none: those that are like it
    rename(reference, "Elon, second")   --> "“Elon, second”, before: “Elon giveaway”."

The pictures stay as they are, and so do cards of before: a case keeps the reference as it was then.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.chat import Said
from core.names import is_kept
from core.telling import one_line
from core.types import Reference, Space
from handlers.collections import own_one, seen_here
from handlers.from_post import BLOCKLIST, MOST_PICTURES, key_of
from handlers.needs import HasReferences

LONGEST_TITLE = 200
MOST_ALIKE = 5


@dataclass(frozen=True, slots=True)
class Meant:
    """The reference that is meant; None where several are called alike, or none is, with those that come near."""

    reference: Reference | None
    alike: Sequence[Reference] = ()


async def meant(services: HasReferences, space: Space, said: str, collection: str = BLOCKLIST) -> Meant:
    """Return the community's own reference of that key or title; raises NotFound for an unknown collection."""
    name = (await own_one(services, space, collection)).name
    if found := (await services.references.known(name, [said])).get(said):
        return Meant(found)
    alike = await services.references.called(name, said, MOST_ALIKE)
    those = [one for one in alike if said.casefold() in (one.title.casefold(), one.key.casefold())]
    return Meant(those[0], alike) if len(those) == 1 else Meant(None, alike)


async def of_message(services: HasReferences, space: Space, message: str) -> list[Reference]:
    """Return what was added from a message, in whichever collection of the community's own."""
    keys = [key_of(space, message, number) for number in range(1, MOST_PICTURES + 1)]
    own = [one.name for one in await seen_here(services, space) if one.owner == space.home]
    return [found for name in own for found in (await services.references.known(name, keys)).values()]


def refused(title: str) -> Said | None:
    """Return why this can be no title; None where it can."""
    if len(title) > LONGEST_TITLE or not is_kept(title) or not one_line(title):
        return Said(key="said.title-wrong", values={"most": LONGEST_TITLE})
    return None


async def rename(services: HasReferences, references: Sequence[Reference], title: str, by: str) -> Said:
    """Give them a title and return what to say, with the one that each had; raises NotFound for one that is gone."""
    before = [await services.references.retitle(one.id, title, by) for one in references]
    told = [Said(key="said.renamed-before", values={"title": one_line(one)}) for one in dict.fromkeys(before) if one]
    return Said(key="said.renamed", values={"title": title}, more=tuple(told))
