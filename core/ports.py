"""What the handlers need from outside, as protocols.

    Catalogue    nearest vectors          store/vectors/catalogue.py (Qdrant),
                                          store/vectors/exact.py (the oracle of the tests)
    References   what each vector means   store/sql/references.py (SQL: the truth)
    MediaShelf   thumbnails               store/sql/media.py
    Fetcher      URL -> bytes             handlers/fetch.py
    Front        a platform               bot/fronts/*/front.py

The inbox and the cases are in `core.case_ports`, what only chats need is in `core.chat_ports`, the models are in
`core.model_ports`, and what `References` knows of hashes is in `core.hash_ports`. `bot.app` opens each as an async
context manager and passes it in; no handler opens anything itself.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Collection as Group
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from core.cases import Case, Media
from core.chat import Alert, Carried, Community, Order, Said
from core.hash_ports import Hashes
from core.looks import EmbedderSpec, Material, PdqHash
from core.matches import Hit, Logos
from core.metrics import Metric
from core.types import (
    Backlog,
    Collection,
    Damage,
    ImageEvent,
    Point,
    Reference,
    Space,
    Vectors,
)


class Catalogue(Protocol):
    """The vector store: a projection of the references' vectors that can be rebuilt at any time."""

    async def open_space(self, space_id: str, dim: int, metric: Metric = Metric.COSINE) -> None:
        """Make or open the space for one embedding identity; another dimension or metric raises WrongSpace.

        Vectors are made unit length whatever the metric, so cosine, dot and euclidean rank alike.
        """
        ...

    async def upsert(self, points: Sequence[Point]) -> None:
        """Store the points, all or none; raises DataError for a vector that is not finite, zero or of wrong size."""
        ...

    async def delete(self, references: Sequence[UUID]) -> None:
        """Forget every point of these references; unknown ones are fine."""
        ...

    async def search(self, vectors: Vectors, collections: Group[str], *, limit: int, floor: float) -> list[list[Hit]]:
        """For each row of `vectors` the nearest points in the named collections, closest first.

        `limit` is per row; hits that don't meet `floor` under the space's metric are left out. No collection named =
        no hit.
        """
        ...

    async def count(self, collections: Group[str] | None = None) -> int:
        """Number of points, in all collections or the named ones."""
        ...

    def references(self) -> AsyncIterator[UUID]:
        """The reference of every point, each once a point."""
        ...

    async def clear(self) -> None:
        """Forget every point of the open space."""
        ...

    async def ping(self) -> None:
        """Raises StoreDown if the store does not answer."""
        ...

    @property
    def is_up(self) -> bool:
        """False while it is known not to answer: then every call is StoreDown at once."""
        ...


class References(Hashes, Protocol):
    """Collections and references in SQL: the truth that the catalogue is a projection of."""

    async def collections(self) -> list[Collection]:
        """Return all collections with their sizes."""
        ...

    async def collection(self, name: str) -> Collection:
        """Raises NotFound."""
        ...

    async def create_collection(self, collection: Collection) -> None:
        """Raises Conflict if the name is taken."""
        ...

    async def set_comparison(self, name: str, metric: Metric, similar_at: float | None) -> None:
        """How its semantic vectors are compared from now on; raises NotFound."""
        ...

    async def set_owner(self, name: str, owner: str, by: str) -> None:
        """Whose it is from now on, as PLATFORM:ID, "" = everybody's; raises NotFound."""
        ...

    async def delete_collection(self, name: str) -> int:
        """Delete it with its references; the number of those. Raises NotFound."""
        ...

    async def known(self, collection: str, keys: Sequence[str]) -> Mapping[str, Reference]:
        """Those of the keys that exist in the collection."""
        ...

    async def put(self, entries: "Sequence[NewReference]", *, seen: Sequence[Reference] | None = None) -> None:
        """Insert or replace references with vectors, pictures and hashes in one transaction; marks them unsynced.

        Of two entries of one key the later one counts. `seen` is all that the caller knows under these keys: raises
        Overtaken if it is no longer so. None = whatever is there gives way. Raises NotFound without the collection.
        """
        ...

    async def describe(self, said: Mapping[UUID, Mapping[str, str]]) -> None:
        """Write down these words of references; words that are not among them, pictures and vectors stay."""
        ...

    async def rename(self, reference: Reference, key: str) -> None:
        """Give it another key, and with it another id, everywhere; raises Conflict for a taken one."""
        ...

    async def remove(self, collection: str, keys: Sequence[str]) -> list[str]:
        """Delete references; the keys that existed."""
        ...

    async def get(self, ids: Sequence[UUID]) -> Mapping[UUID, Reference]:
        """Return the references with these ids; unknown ids are left out."""
        ...

    async def find(self, collection: str, key: str) -> Reference:
        """Raises NotFound."""
        ...

    def each(self, collection: str | None = None) -> AsyncIterator[Reference]:
        """All references (of one collection), ordered by collection and key."""
        ...

    async def newest(self, collection: str, limit: int) -> list[Reference]:
        """The references of a collection that were added last, newest first."""
        ...

    async def page(self, collection: str, after: str, limit: int) -> list[Reference]:
        """References of a collection with a key past `after`, by key."""
        ...

    async def by_content(self, sha256: str, collections: Group[str]) -> list[Reference]:
        """References with exactly these bytes."""
        ...

    def points(self) -> AsyncIterator[Sequence[Point]]:
        """Every stored vector in batches: what a rebuild of the catalogue writes."""
        ...

    async def backlog(self, limit: int) -> Backlog:
        """What the catalogue has not confirmed yet, at most about `limit` points."""
        ...

    async def confirm(self, backlog: Backlog) -> None:
        """The catalogue has all of this backlog now."""
        ...

    async def set_aside(self, ids: Group[UUID], damaged: Damage) -> None:
        """Remember what of these references can't be read back; the vectors of `Damage.VECTORS` are deleted."""
        ...

    async def damaged(self, limit: int) -> list[Reference]:
        """References of which something can't be read back."""
        ...

    async def count_damaged(self) -> int:
        """How many there are."""
        ...

    async def picture(self, reference: UUID) -> Media | None:
        """The stored picture of a reference (JPEG, at most 448 px long); of an animation its first frame.

        None also for a reference that is known by its hash only.
        """
        ...

    async def materials(self, parts: Sequence[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], Material]:
        """What is kept of these (reference, frame)s, as far as it exists."""
        ...

    async def logos(self, collections: Group[str]) -> Logos:
        """The logos of those of these collections that are a brand's; the same object until something changes."""
        ...

    async def totals(self) -> tuple[int, int]:
        """Number of references and of vectors."""
        ...

    async def bind_space(self, spec: EmbedderSpec) -> None:
        """Remember the embedding identity at the first call; raises WrongSpace if another one is remembered."""
        ...

    async def rebind_space(self, spec: EmbedderSpec) -> None:
        """Replace the remembered identity; every vector must be put again."""
        ...


class NewReference(Protocol):
    """A reference ready to be stored; see `handlers.references.Prepared`.

    One a kept frame of each; a reference that is known by its hash only has no vectors and no pictures.
    """

    @property
    def reference(self) -> Reference:
        """The reference itself."""
        ...

    @property
    def parts(self) -> Sequence[int]:
        """Which part each vector is: the number of a frame, with INVERTED added where its colours are inverted."""
        ...

    @property
    def vectors(self) -> Vectors:
        """The embeddings [parts, dim], one row for each of `parts`."""
        ...

    @property
    def materials(self) -> Sequence[Material]:
        """One a frame."""
        ...

    @property
    def hashes(self) -> Sequence[PdqHash]:
        """The PDQ hashes, one for each frame."""
        ...


class MediaStore(Protocol):
    """Evidence thumbnails that expire."""

    async def put(self, data: bytes, mime: str, keep: timedelta) -> str:
        """Store a picture and return its unguessable key."""
        ...

    async def get(self, key: str) -> Media | None:
        """Return the picture of a key; None for an unknown key and after its time is over."""
        ...

    async def expire(self) -> int:
        """Delete what is past its time; the number deleted."""
        ...


class Fetcher(Protocol):
    """The one way to bytes behind a URL that a person gave."""

    async def fetch(self, url: str) -> bytes:
        """Raises Refused (never visited, too large, not a picture) or Unreachable, which may go better later."""
        ...


class Front(Protocol):
    """The adapter of one platform."""

    @property
    def name(self) -> str:
        """The platform's name, as in `core.types.Platform`."""
        ...

    @property
    def keeps_posts(self) -> bool:
        """Whether the card keeps a post's pictures, so that it must stand before the post is removed."""
        ...

    async def fetch(self, event: ImageEvent) -> bytes:
        """The posted image's bytes; raises Unscannable("gone") if the platform no longer has it, or RetryLater."""
        ...

    async def carry_out(self, order: Order) -> Carried:
        """Do it once, however often it is asked; raises RetryLater if asking again later may help."""
        ...

    async def alert(self, alert: Alert, case: Case, picture: bytes | None) -> Carried:
        """Tell a subscriber of a burst, or bring the counter of the message that `alert.receipt` names up to date."""
        ...

    async def withdraw(self, alert: Alert) -> Carried:
        """Take the message that `alert.receipt` names away, or at least its picture."""
        ...

    async def can_show(self, community: Community) -> Carried:
        """Whether its moderators could be shown a card right now: done, or why not. Raises RetryLater."""
        ...

    async def warn(self, space: Space, warning: Said, language: str) -> bool:
        """Tell whoever runs the community, or else that place; False if nobody could be told. Raises RetryLater."""
        ...


class Clock(Protocol):
    """Now, in UTC: passed in so that tests can turn it."""

    def __call__(self) -> datetime: ...
