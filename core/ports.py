"""What the handlers need from outside, as protocols.

    Catalogue    nearest vectors          store/vectors/catalogue.py (Qdrant),
                                          store/vectors/exact.py (the oracle of the tests)
    References   what each vector means   store/sql/references.py (SQL: the truth)
    Inbox        events awaiting verdict  store/sql/inbox.py
    Cases        cases, actions, decisions  store/sql/cases.py
    MediaShelf   thumbnails               store/sql/media.py
    Fetcher      URL -> bytes             handlers/fetch.py
    Front        a platform               bot/*_front.py

What only chats need is in `core.chat_ports`, the models in `core.model_ports`, and what `References` knows of hashes in
`core.hash_ports`. Every one is opened by `bot.app` as an async context manager and passed in; no handler opens anything
itself.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Collection as Group
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from core.cases import ActionRecord, Case, DecisionRecord, Letter, Media, Waiting
from core.chat import Alert, Carried, Order
from core.hash_ports import Hashes
from core.looks import EmbedderSpec, Material, PdqHash
from core.matches import Hit, Logos, Verdict
from core.metrics import Metric
from core.trust import TrackRecord
from core.types import (
    Act,
    Backlog,
    Collection,
    Damage,
    Decision,
    ImageEvent,
    Mode,
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

    async def collections(self) -> list[Collection]: ...

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

    async def get(self, ids: Sequence[UUID]) -> Mapping[UUID, Reference]: ...

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
    def reference(self) -> Reference: ...

    @property
    def parts(self) -> Sequence[int]:
        """Which part each vector is: the number of a frame, with INVERTED added where its colours are inverted."""
        ...

    @property
    def vectors(self) -> Vectors: ...

    @property
    def materials(self) -> Sequence[Material]:
        """One a frame."""
        ...

    @property
    def hashes(self) -> Sequence[PdqHash]: ...


class Inbox(Protocol):
    """Events that were received; each leaves with exactly one verdict."""

    async def accept(self, events: Sequence[ImageEvent]) -> int:
        """Commit the events before the platform is told; duplicates are ignored. The number of new rows."""
        ...

    async def claim(
        self,
        limit: int,
        lease: timedelta,
        platforms: Group[str] | None = None,
        *,
        untried: bool = False,
        besides: Group[str] = (),
        each: int | None = None,
    ) -> list[Waiting]:
        """Take waiting rows (and those whose lease ran out) for this worker; of these platforms, None = all.

        `besides` are communities (PLATFORM:ID) from which none are taken, `each` is how many are taken of one.
        `untried`: only those of which nobody has said yet why they must wait.
        """
        ...

    @property
    def is_open(self) -> bool:
        """Whether there is room on the disk for what comes in."""
        ...

    async def release(self, waiting: Waiting, after: timedelta, why: str, *, counts: bool = True) -> None:
        """Give a row back, to be claimed again after a while; `counts` False takes this attempt off its count."""
        ...

    async def take_over(self) -> int:
        """Make due whatever a worker that is dead had claimed: its number. Only for the one process that works here."""
        ...

    async def depth(self) -> int:
        """Number of events without a verdict."""
        ...

    async def letters(self, *, dead: bool, limit: int = 100) -> list[Letter]:
        """Events that wait, oldest first, or (`dead`) those on which we gave up, newest first."""
        ...

    async def dead(self) -> int:
        """Number of dead letters."""
        ...

    async def retry(self, ids: Group[int] | None = None) -> int:
        """Let dead letters (None = all) wait for another verdict: how many."""
        ...


class Cases(Protocol):
    """Verdicts, cases, the outbox of actions and the decisions about them."""

    async def conclude(
        self,
        waiting: Waiting,
        sha256: str,
        verdict: Verdict,
        mode: Mode,
        acts: Sequence[Act] = (),
        would_have: Sequence[Act] = (),
        thumbnail: bytes | None = None,
        brake: str = "",
    ) -> int | None:
        """The verdict, its case, its actions and its alerts in ONE transaction, and the inbox row is done.

        A match, a review, a report and whatever has acts opens a case: its number, else None. A further picture of
        an album with a case joins that one: `Act.CARD` goes to the album's case, and an act that was asked for
        its message already is not asked again.
        """
        ...

    async def get(self, number: int) -> Case:
        """The case, or for a further picture of an album the album's case. Raises NotFound."""
        ...

    async def newest(
        self, space: Space | None = None, *, home: Space | None = None, limit: int = 50, before: int | None = None
    ) -> list[Case]:
        """Cases that a moderator may look at (no queries, no further pictures), newest first.

        Of one `space`, of one community whatever its channel (`home`), or of all.
        """
        ...

    async def some(self, numbers: Group[int]) -> list[Case]:
        """The cases of these numbers, as far as they exist."""
        ...

    async def of_message(self, platform: str, channel: str, message: str) -> list[Case]:
        """The cases of a message's pictures, oldest first; no queries."""
        ...

    async def decide(self, case: int, decision: Decision, by: str, acts: Sequence[tuple[int, Act]]) -> DecisionRecord:
        """Record a decision with its actions, each with the case of its picture.

        Raises Conflict if one is in force already.
        """
        ...

    async def undo(
        self, case: int, by: str, acts: Sequence[tuple[int, Act]], expected: int | None = None
    ) -> DecisionRecord:
        """Take the decision in force back; raises Conflict if there is none, or another one than `expected`."""
        ...

    async def ask(self, case: int, cause: str, acts: Sequence[Act]) -> None:
        """Ask for actions; once for a cause, however often it is called."""
        ...

    async def claim_actions(
        self,
        limit: int,
        besides: Group[int] = (),
        *,
        acts: Group[Act] = frozenset(Act),
        each: int | None = None,
        away: Group[str] = (),
    ) -> list[ActionRecord]:
        """The next due action of each case (an album is one case), one more attempt counted.

        Of these `acts` only, and none on the platforms that are `away`. `besides` are actions that were claimed before
        and are still worked on; `each` is the most that a community may have in hand, with those.
        """
        ...

    async def finish_action(self, action: int, carried: Carried) -> None: ...

    async def newest_receipt(self, community: str, act: Act) -> str:
        """Of the last time that the act was done in the community; "" = it never was."""
        ...

    async def waiting_actions(self) -> int:
        """Number of actions that are not carried out yet."""
        ...

    async def retry_action(self, action: int, after: timedelta, why: str) -> None:
        """Leave the action waiting; those of its case behind it wait too."""
        ...

    async def excused(self, community: str, sha256: str) -> tuple[bool, frozenset[UUID]]:
        """What standing decisions of this community say of these bytes.

        (True, ...) = a moderator allowed exactly this image; the set = references that it is not a match of.
        """
        ...

    async def confirmed(self, community: str, references: Group[UUID]) -> frozenset[UUID]:
        """References for which this community's own moderators have a standing `violation`."""
        ...

    async def track_record(self, community: str, collection: str) -> TrackRecord:
        """How this community's standing decisions judged the best matches that were of a collection."""
        ...


class MediaShelf(Protocol):
    """Evidence thumbnails that expire."""

    async def put(self, data: bytes, mime: str, keep: timedelta) -> str:
        """Store a picture and return its unguessable key."""
        ...

    async def get(self, key: str) -> Media | None: ...

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
    def name(self) -> str: ...

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


class Clock(Protocol):
    """Now, in UTC: passed in so that tests can turn it."""

    def __call__(self) -> datetime: ...
