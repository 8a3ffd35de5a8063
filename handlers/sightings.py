"""Keeps embeddings of screened images, where staff chose so, and compares new references with them; never a picture.

    screened image --remember--> embeddings of its whole frames, for some hours      new reference --recall--> Memory

What a memory says is an estimate: without pictures nothing can be checked pair by pair. Measured with sscd_distilled on
photographs and drawings under the edits of `lab.edits`: of 504 copies of the whole picture (recompressed, cropped to
60 %, mirrored, bordered, captioned, turned by 5 degrees ...) 98 % had a cosine of 0.75 or more, of 210 copies inside
screenshots and collages 5 %; of 2,046 pairs of strangers and of 2,340 pairs of strangers in screenshots of one app,
none. Of these screenshots 2 to 19 % reached 0.45, by the app; of the pairs of strangers none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.chat import Recent
from core.looks import View
from core.matches import Finding
from core.telling import address
from core.types import ImageEvent, Intent, Vector, Vectors
from handlers.needs import HasCommunities, HasRunner, HasScreened

COPY_COSINE = 0.75
"""Cosine of whole images from which one counts as a copy of the other."""

ALIKE_COSINE = 0.45
"""Cosine of whole images from which they look alike, as screens of one app and memes of one template do."""

MOST_FRAMES = 4
MOST_LINKS = 3
DRAWN_LEAST, DRAWN_SHARE = 3, 0.01
"""A reference is common if more than this share of all images, and at least so many, look like it and are no copies."""


class RecallNeeds(HasRunner, HasScreened, Protocol):
    """What looks references up among the images that are remembered."""


class RememberNeeds(HasRunner, HasCommunities, HasScreened, Protocol):
    """What remembers an image, where a community chose so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """How often images like a reference were seen lately.

    seen      images that are remembered          copies    of them, those that it would have matched
    alike     those that look alike only          links     to a few of the copies
    """

    seen: int = 0
    copies: int = 0
    alike: int = 0
    links: tuple[str, ...] = ()

    @property
    def is_common(self) -> bool:
        """Whether so many different images look like the reference that it is a common screen or template."""
        return self.alike >= DRAWN_LEAST and self.alike > DRAWN_SHARE * self.seen


async def remember(services: RememberNeeds, event: ImageEvent, finding: Finding) -> None:
    """Keep the embeddings of a screened image if its community wants that; never those of a query."""
    look = finding.look
    if look is None or event.intent is Intent.QUERY:
        return
    community = await services.communities.get(event.space.platform, event.space.community)
    whole = [number for number, view in enumerate(look.views) if view == View(frame=view.frame)][:MOST_FRAMES]
    if community.remember_hours and whole:
        await services.screened.remember(event, services.runner.spec, look.vectors[whole])


async def recall(services: RecallNeeds, community: str, references: Sequence[Vectors]) -> list[Sightings]:
    """Return for each reference (its embeddings [frames, dim]) what a community, "" = all, would have seen of it."""
    memories, spec = [Sightings() for _ in references], services.runner.spec
    async for page in services.screened.each(community, spec):
        closest = _closest(references, page)
        memories = [_and(memory, page, row, spec.floor) for memory, row in zip(memories, closest, strict=True)]
    return memories


def _closest(references: Sequence[Vectors], page: Sequence[Recent]) -> Vectors:
    """Return the best cosine of any two frames, [references, images]."""
    ours, theirs = [len(embeddings) for embeddings in references], [len(recent.vectors) for recent in page]
    cosines = np.concatenate(references) @ np.concatenate([recent.vectors for recent in page]).T
    rows = np.maximum.reduceat(cosines, np.cumsum([0, *ours[:-1]]), axis=0)
    closest: Vectors = np.maximum.reduceat(rows, np.cumsum([0, *theirs[:-1]]), axis=1)
    return closest


def _and(memory: Sightings, page: Sequence[Recent], closest: Vector, floor: float) -> Sightings:
    """Return the sightings with a further page of images; `closest` are their cosines, below `floor` none counts."""
    copies = np.flatnonzero(closest >= max(COPY_COSINE, floor))
    near = np.flatnonzero(closest >= max(ALIKE_COSINE, floor))
    links = filter(None, (address(page[number].link) for number in copies[:MOST_LINKS]))
    return Sightings(
        seen=memory.seen + len(page),
        copies=memory.copies + len(copies),
        alike=memory.alike + len(near) - len(copies),
        links=(*memory.links, *links)[:MOST_LINKS],
    )
