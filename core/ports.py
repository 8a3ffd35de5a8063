"""Ports: what the handlers need from outside, as protocols.

    Catalogue    nearest vectors          store/vectors/catalogue.py (Qdrant),
                                          store/vectors/exact.py (the oracle of the tests)
    References   what each vector means   store/sql/references.py (SQL: the truth)
    MediaStore   thumbnails               store/sql/media.py
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

from core.cases import Case, Media, Profile
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
        """Open the vector space of one embedding model, or make it; raises WrongSpace for another dimension or metric.

        Vectors are made unit length whatever the metric, so cosine, dot and euclidean rank alike.
        """
        ...

    async def upsert(self, points: Sequence[Point]) -> None:
        """Store the points, all or none; raises DataError for a vector that is not finite, zero or of wrong size."""
        ...

    async def delete(self, references: Sequence[UUID]) -> None:
        """Delete every point of these references; unknown ones are ignored."""
        ...

    async def search(self, vectors: Vectors, collections: Group[str], *, limit: int, floor: float) -> list[list[Hit]]:
        """Return the nearest points in the named collections for each row of `vectors`, closest first.

        `limit` is per row; hits that don't meet `floor` under the space's metric are left out. Without a collection
        there are no hits.
        """
        ...

    async def count(self, collections: Group[str] | None = None) -> int:
        """Return the number of points, in all collections or the named ones."""
        ...

    def references(self) -> AsyncIterator[UUID]:
        """Yield the reference of each point, so a reference comes once for each of its points."""
        ...

    async def clear(self) -> None:
        """Delete every point of the open space."""
        ...

    async def ping(self) -> None:
        """Raise StoreDown if the store does not answer."""
        ...

    @property
    def is_up(self) -> bool:
        """False while the store is known not to answer: then every call raises StoreDown at once."""
        ...


class References(Hashes, Protocol):
    """Collections and references in SQL: the truth that the catalogue is a projection of."""

    async def collections(self) -> list[Collection]:
        """Return all collections with their sizes."""
        ...

    async def collection(self, name: str) -> Collection:
        """Return a collection; raises NotFound."""
        ...

    async def create_collection(self, collection: Collection) -> None:
        """Store a new collection; raises Conflict if the name is taken."""
        ...

    async def set_comparison(self, name: str, metric: Metric, similar_at: float | None) -> None:
        """Compare the collection's semantic vectors by this metric and threshold from now on; raises NotFound."""
        ...

    async def set_owner(self, name: str, owner: str, by: str) -> None:
        """Give a collection to a community (PLATFORM:ID), or ("") to everybody; raises NotFound."""
        ...

    async def delete_collection(self, name: str) -> int:
        """Delete a collection with its references; return how many those were. Raises NotFound."""
        ...

    async def known(self, collection: str, keys: Sequence[str]) -> Mapping[str, Reference]:
        """Return the references of these keys in the collection; unknown keys are left out."""
        ...

    async def put(self, entries: "Sequence[NewReference]", *, seen: Sequence[Reference] | None = None) -> None:
        """Insert or replace references with vectors, pictures and hashes in one transaction; mark them unsynced.

        Of two entries with one key the later one counts. `seen` is what the caller read under these keys before: raises
        Overtaken if something changed since; None = replace whatever is there. Raises NotFound without the collection.
        """
        ...

    async def describe(self, said: Mapping[UUID, Mapping[str, str]]) -> None:
        """Store these words of references; their other words, pictures and vectors stay."""
        ...

    async def retitle(self, reference: UUID, title: str, by: str) -> str:
        """Give a reference another title, note who did, and return the one it had; raises NotFound."""
        ...

    async def rename(self, reference: Reference, key: str) -> None:
        """Give a reference another key, and with it another id, everywhere; raises Conflict for a taken key."""
        ...

    async def remove(self, collection: str, keys: Sequence[str]) -> list[str]:
        """Delete references; return the keys that existed."""
        ...

    async def get(self, ids: Sequence[UUID]) -> Mapping[UUID, Reference]:
        """Return the references with these ids; unknown ids are left out."""
        ...

    async def find(self, collection: str, key: str) -> Reference:
        """Return the reference of a key; raises NotFound."""
        ...

    def each(self, collection: str | None = None) -> AsyncIterator[Reference]:
        """Yield all references (of one collection), ordered by collection and key."""
        ...

    async def newest(self, collection: str, limit: int) -> list[Reference]:
        """Return the references of a collection that were added last, newest first."""
        ...

    async def called(self, collection: str, text: str, limit: int) -> list[Reference]:
        """Return references of a collection with this text in their title or key, newest first; "" = all.

        Capital letters make no difference, in ASCII.
        """
        ...

    async def page(self, collection: str, after: str, limit: int) -> list[Reference]:
        """Return references of a collection with a key after `after`, ordered by key."""
        ...

    async def by_content(self, sha256: str, collections: Group[str]) -> list[Reference]:
        """Return the references in these collections whose file has this SHA-256."""
        ...

    def points(self) -> AsyncIterator[Sequence[Point]]:
        """Yield every stored vector in batches, as a rebuild of the catalogue writes them."""
        ...

    async def backlog(self, limit: int) -> Backlog:
        """Return changes that the catalogue has not confirmed yet, at most about `limit` points."""
        ...

    async def confirm(self, backlog: Backlog) -> None:
        """Store that the catalogue has applied this backlog."""
        ...

    async def set_aside(self, ids: Group[UUID], damaged: Damage) -> None:
        """Store what of these references can't be read back; for `Damage.VECTORS` their vectors are deleted."""
        ...

    async def damaged(self, limit: int) -> list[Reference]:
        """Return references of which something can't be read back."""
        ...

    async def count_damaged(self) -> int:
        """Return the number of references of which something can't be read back."""
        ...

    async def picture(self, reference: UUID) -> Media | None:
        """Return the stored picture of a reference (JPEG, at most 448 px long), of an animation the first frame.

        None also for a reference that is known by its hash only.
        """
        ...

    async def materials(self, parts: Sequence[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], Material]:
        """Return what is kept of these (reference, frame) pairs; unknown ones are left out."""
        ...

    async def logos(self, collections: Group[str]) -> Logos:
        """Return the logos in those of the collections that are a brand's; the same object until something changes."""
        ...

    async def totals(self) -> tuple[int, int]:
        """Return the number of references and of vectors."""
        ...

    async def bind_space(self, spec: EmbedderSpec) -> None:
        """Store the embedding model at the first call; raises WrongSpace if another one is stored."""
        ...

    async def rebind_space(self, spec: EmbedderSpec) -> None:
        """Replace the stored embedding model; every vector must be put again."""
        ...


class NewReference(Protocol):
    """A reference ready to be stored; see `handlers.references.Prepared`.

    `materials` and `hashes` have one item for each frame; a reference known by its hash only has no vectors and no
    materials.
    """

    @property
    def reference(self) -> Reference:
        """The reference itself."""
        ...

    @property
    def parts(self) -> Sequence[int]:
        """The part that each vector belongs to: the frame's number, plus `INVERTED` for its inverted colours."""
        ...

    @property
    def vectors(self) -> Vectors:
        """The embeddings [parts, dim], one row for each of `parts`."""
        ...

    @property
    def materials(self) -> Sequence[Material]:
        """What is kept of each frame."""
        ...

    @property
    def hashes(self) -> Sequence[PdqHash]:
        """The PDQ hashes, one for each frame."""
        ...


class MediaStore(Protocol):
    """Evidence thumbnails that expire."""

    async def put(self, data: bytes, mime: str, keep: timedelta) -> str:
        """Store a picture for the time `keep`; return its unguessable key."""
        ...

    async def get(self, key: str) -> Media | None:
        """Return the picture of a key; None for an unknown key and after its time is over."""
        ...

    async def expire(self) -> int:
        """Delete pictures whose time is over; return how many."""
        ...


class Fetcher(Protocol):
    """Downloads an image from a URL that a person gave; the only way to such bytes."""

    async def fetch(self, url: str) -> bytes:
        """Return the bytes; raises Refused (an address never visited, too large, no picture) or Unreachable."""
        ...


class Front(Protocol):
    """The adapter of one platform."""

    @property
    def name(self) -> str:
        """The platform's name, as in `core.types.Platform`."""
        ...

    @property
    def keeps_posts(self) -> bool:
        """Whether the card keeps the post's pictures, so that it must be shown before the post is removed."""
        ...

    async def fetch(self, event: ImageEvent) -> bytes:
        """Return the posted image's bytes; raises Unscannable("gone") if the platform lost it, or RetryLater."""
        ...

    async def kept(self, event: ImageEvent, receipt: str) -> bytes | None:
        """Return the copy of a removed image that the message of this receipt keeps; None where it keeps none, or where
        nobody can tell which it is. Raises RetryLater."""
        ...

    async def profile(self, event: ImageEvent) -> Profile:
        """Return what the platform tells about the account of the event's author. Raises RetryLater."""
        ...

    async def preview(self, event: ImageEvent, *, is_all: bool) -> bytes | None:
        """Return the bytes of the picture that the platform shows of a video before it is played.

        None where there is none, or where it is surely a frame of the video and `is_all` is false: then the video
        itself was looked at. Raises RetryLater, and Unscannable for one that people see and that can't be had.
        """
        ...

    async def carry_out(self, order: Order) -> Carried:
        """Carry out an order, once however often it is asked; raises RetryLater if a later try may work."""
        ...

    async def alert(self, alert: Alert, case: Case, picture: bytes | None) -> Carried:
        """Tell a subscriber about a burst, or update the counter in the message that `alert.receipt` names."""
        ...

    async def withdraw(self, alert: Alert) -> Carried:
        """Delete the message that `alert.receipt` names, or at least its picture."""
        ...

    async def discard(self, receipt: str) -> Carried:
        """Delete a message that keeps pictures of a removed post, or at least its pictures. Raises RetryLater."""
        ...

    async def can_show(self, community: Community) -> Carried:
        """Return whether the community's moderators could be shown a card now: done, or why not. Raises RetryLater."""
        ...

    async def warn(self, space: Space, warning: Said, language: str) -> bool:
        """Warn whoever runs the community, or else the channel; return False if nobody was told. Raises RetryLater."""
        ...


class Clock(Protocol):
    """Returns the time now, in UTC; tests pass in one that they can turn."""

    def __call__(self) -> datetime: ...
