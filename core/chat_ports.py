"""Ports for chats: what staff chose, who reported, who is alerted, how far channels were read.

Policies     per channel              store/sql/policies.py
Communities  per community            store/sql/communities.py
Choices      per reference            store/sql/choices.py
Reports      who reported what        store/sql/reports.py
Brakes       what holds the bot back  store/sql/brakes.py
Alerts       subscriptions, bursts    store/sql/alerts.py
Tokens       what programs may do     store/sql/tokens.py
Privacy      how long rows live       store/sql/privacy.py
Cursors      what was received last   store/sql/cursors.py
Updates      raw updates of a poll    store/sql/updates.py
Posts        the web channel's posts  store/sql/posts.py
Screened     what was looked at       store/sql/screened.py
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from collections.abc import Collection as Group
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from core.access import Token
from core.brakes import Brake, Traffic
from core.cases import Policy, Post
from core.chat import Alert, Carried, Choice, Community, Recent, Subscription
from core.looks import EmbedderSpec
from core.types import ImageEvent, Space, Vectors


class Policies(Protocol):
    """The policy of each channel and community."""

    async def for_space(self, space: Space) -> Policy:
        """Return the policy that holds in a channel: its own, else its community's, else the default."""
        ...

    async def set(self, space: Space, policy: Policy, by: str) -> None:
        """Give a channel (or "*", the whole community) a policy of its own; `by` goes to the audit."""
        ...

    async def change(self, space: Space, how: Callable[[Policy], Policy], by: str) -> Policy:
        """Give the channel the policy that `how` makes of the one in force there, and return it; atomic."""
        ...

    async def forget(self, space: Space, by: str) -> None:
        """Delete the channel's own policy: its community's holds again, or the default."""
        ...

    async def of_platform(self, platform: str) -> Mapping[Space, Policy]:
        """Return every policy that was set on a platform; the channel "*" stands for the whole community."""
        ...


class Communities(Protocol):
    """What the staff of each community chose."""

    async def get(self, platform: str, community: str) -> Community:
        """Return a community; `set_up_at` is None for one that was never set up."""
        ...

    async def put(self, community: Community, by: str) -> None:
        """Store what the staff chose, over whatever is stored; `by` goes to the audit."""
        ...

    async def change(self, community: Community, how: Callable[[Community], Community], by: str) -> Community:
        """Store what `how` makes of the community as it is stored now, and return it; atomic.

        The stored community may differ from the caller's. Nothing is written if `how` changes nothing.
        """
        ...

    async def all(self, platform: str) -> list[Community]:
        """Return the communities of a platform that were set up."""
        ...

    async def move(self, platform: str, old: str, new: str) -> None:
        """Rename a community, and its channel of the same name, in everything that is stored about it."""
        ...


class Choices(Protocol):
    """What the staff of each community chose about single references."""

    async def act_on_variants(self, space: Space, reference: UUID, on: bool, by: str) -> Choice:
        """Choose whether this community acts on variants (templates) of a reference; return the choice that holds.

        Choosing what holds already changes nothing, not even who chose it. Raises NotFound for an unknown reference.
        """
        ...

    async def variants(self, space: Space) -> frozenset[UUID]:
        """Return the references on whose variants this community acts, whatever the channel."""
        ...

    async def of(self, space: Space, references: Group[UUID]) -> Mapping[UUID, Choice]:
        """Return what this community chose about these references; those without a choice are left out."""
        ...

    async def about(self, reference: UUID) -> list[Choice]:
        """Return what each community chose about the reference."""
        ...


class Reports(Protocol):
    """Who reported which message."""

    async def file(self, space: Space, message: str, reporter: str) -> tuple[bool, int]:
        """Store a report; return whether it is this person's first of the message, and how many people reported it."""
        ...

    async def filed_since(self, platform: str, reporter: str, since: datetime) -> list[datetime]:
        """Return when this person filed reports, oldest first."""
        ...


class Brakes(Protocol):
    """What the bot did without a moderator lately, and the brakes that hold it back; see `core.brakes`."""

    async def traffic(self, community: str, reference: UUID, author: str) -> Traffic:
        """Return the counts that decide about one more post with this reference; its author is not counted."""
        ...

    async def trip(self, community: str, brake: Brake, reference: UUID) -> None:
        """Make the brake hold from now on; a brake for a flood holds for this reference alone."""
        ...

    async def release(self, community: str, reference: UUID, by: str) -> int:
        """Release the brakes that keep the bot from acting on this reference; return how many."""
        ...


class Alerts(Protocol):
    """Subscriptions to collections, and the bursts of matches that subscribers are told about."""

    async def subscribe(self, subscription: Subscription, by: str) -> bool:
        """Store a subscription; return False if it was there already."""
        ...

    async def unsubscribe(self, collection: str, platform: str, channel: str, by: str) -> bool:
        """Delete a subscription; return False if there was none."""
        ...

    async def subscriptions(self, platform: str | None = None, channel: str | None = None) -> list[Subscription]:
        """Return the subscriptions of a platform, of one channel there, or all."""
        ...

    async def invite(self, collection: str, community: str, by: str, keep: timedelta) -> str:
        """Return a new code of a few letters with which a chat elsewhere may subscribe, once."""
        ...

    async def redeem(self, code: str) -> tuple[str, str]:
        """Use up an invitation and return its collection and community; raises NotFound."""
        ...

    async def due(self, limit: int, away: Group[str] = ()) -> list[Alert]:
        """Return bursts whose subscribers do not know the newest count yet, and count the attempt.

        Subscribers on the platforms in `away` are left out.
        """
        ...

    async def told(self, alert: Alert, carried: Carried) -> None:
        """Store that the subscriber knows `alert.count` now, or can't be told, for good."""
        ...

    async def again(self, alert: Alert, after: timedelta) -> None:
        """Let the alert be tried again after a while."""
        ...


class Tokens(Protocol):
    """Tokens of the API; only the operator makes and revokes them."""

    async def find(self, secret: str) -> Token | None:
        """Return the token of this secret; None if there is none or if it has expired."""
        ...


class Privacy(Protocol):
    """Deletes what is known about people once its time is over."""

    async def expire(self) -> int:
        """Delete rows that are older than they may be; return how many."""
        ...


class Cursors(Protocol):
    """How far each channel was read; a cursor moves only after the inbox has committed."""

    async def get(self, platform: str) -> Mapping[str, str]:
        """Return the last message that was read of each channel."""
        ...

    async def advance(self, platform: str, cursors: Mapping[str, str]) -> None:
        """Store the last message that was read of each of these channels."""
        ...


class Updates(Protocol):
    """Raw updates of a platform that delivers each only once: stored before it is told, deleted once dealt with."""

    async def store(self, platform: str, updates: Mapping[int, bytes]) -> int:
        """Commit updates, ignoring those that are stored already; return the number of new ones."""
        ...

    async def waiting(self, platform: str, limit: int) -> list[tuple[int, bytes]]:
        """Return updates that were not dealt with yet, oldest first."""
        ...

    async def done(self, platform: str, numbers: Sequence[int]) -> None:
        """Forget these updates: they were dealt with."""
        ...

    async def newest(self, platform: str) -> int:
        """Return the highest number of an update that was ever stored, 0 if none was."""
        ...


class Posts(Protocol):
    """The posts of the built-in web channel: there Resight is the platform, so it keeps what was uploaded."""

    async def add(self, author: str, file_name: str, data: bytes, *, event: ImageEvent | None = None) -> Post:
        """Keep a post; with its `event` (whose message is the post's name) it is put into the inbox at once. Return the
        post.

        Both are stored or neither. Raises Busy or DiskFull.
        """
        ...

    async def get(self, post: str) -> Post:
        """Return a post; raises NotFound."""
        ...

    async def data(self, post: str) -> bytes:
        """Return the uploaded bytes; raises NotFound once they are gone."""
        ...

    async def newest(self, limit: int = 50) -> list[Post]:
        """Return the newest posts, newest first."""
        ...

    async def unseen(self, limit: int = 100) -> list[Post]:
        """Return undecided posts that an old crash left without a row in the inbox, oldest first."""
        ...

    async def see_to(self, post: Post, event: ImageEvent | None) -> None:
        """Put such a post into the inbox with its `event`, or (None) leave it unlooked at; raises as `add` does."""
        ...

    async def mark(self, post: str, *, removed: bool | None = None, flagged: bool | None = None) -> None:
        """Store that a post was removed or flagged, or no longer is; None leaves it as it is."""
        ...


class Screened(Protocol):
    """Embeddings of recently screened images, for communities that chose to keep them; never a picture."""

    async def remember(self, event: ImageEvent, spec: EmbedderSpec, vectors: Vectors) -> None:
        """Keep the embeddings [frames, dim] of an image's whole frames; those of an earlier copy are replaced."""
        ...

    def each(self, community: str, spec: EmbedderSpec) -> AsyncIterator[Sequence[Recent]]:
        """Yield what is kept of a community ("" = of all) in this model's vector space, in batches, oldest first."""
        ...

    async def expire(self) -> int:
        """Delete what is older than its community wants it kept; return how many images were forgotten."""
        ...
