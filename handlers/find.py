"""/find: known images that show what somebody's words say, for those who may see them.

Only in collections that belong to the community or to everybody; the answer is a sentence and the references.
"""

from collections.abc import Sequence

from core.chat import Said
from core.types import Reference
from handlers import similar
from handlers.collections import visible
from handlers.similar import SimilarNeeds

MOST = 5
LONGEST = 200
"""Characters of a question; CLIP reads about a quarter of that."""


async def find(services: SimilarNeeds, community: str, text: str) -> tuple[Said, Sequence[Reference]]:
    """Return a sentence and the references found, closest first.

    Raises StoreDown, and RetryLater while references are still being embedded.
    """
    wanted = " ".join(text.split())[:LONGEST]
    if not similar.knows_words(services):
        return Said(key="said.find-off"), ()
    if not wanted:
        return Said(key="said.find-what"), ()
    similar_references = await similar.by_words(services, wanted, await visible(services, community), MOST)
    key = "said.find" if similar_references else "said.find-nothing"
    return Said(key=key, values={"text": wanted}), [
        similar_reference.reference for similar_reference in similar_references
    ]
