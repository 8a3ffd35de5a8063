"""What the handlers need from outside for chats: what staff chose, who reported, who is alerted, how far was read.

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
    """What each community wants."""

    async def for_space(self, space: Space) -> Policy:
        """Return the policy that holds in a channel: its own, else its community's, else the default."""
        ...

    async def set(self, space: Space, policy: Policy, by: str) -> None:
        """Give a channel (or "*", the whole community) a policy of its own; `by` goes to the audit."""
        ...

    async def change(self, space: Space, how: Callable[[Policy], Policy], by: str) -> Policy:
        """What `how` makes of the policy that holds there now becomes the place's own; no other change gets between."""
        ...

    async def forget(self, space: Space, by: str) -> None:
        """The channel goes back to its community's policy, or to the default."""
        ...

    async def of_platform(self, platform: str) -> Mapping[Space, Policy]:
        """Every policy that was set there; a channel "*" stands for all of the community."""
        ...


class Communities(Protocol):
    """What the staff of each community chose."""

    async def get(self, platform: str, community: str) -> Community:
        """The community; one that was never set up has `set_up_at` None."""
        ...

    async def put(self, community: Community, by: str) -> None:
        """Store what the staff chose, over whatever is stored; `by` goes to the audit."""
        ...

    async def change(self, community: Community, how: Callable[[Community], Community], by: str) -> Community:
        """What `how` makes of the community as it stands now, which may not be as the caller saw it; no other change
        gets between. What changes nothing is not written."""
        ...

    async def all(self, platform: str) -> list[Community]:
        """Those that were set up."""
        ...

    async def move(self, platform: str, old: str, new: str) -> None:
        """The platform gave the community (and the channel of that name) a new id; nothing about it is lost."""
        ...


class Choices(Protocol):
    """What the staff of each community chose about single references."""

    async def act_on_variants(self, space: Space, reference: UUID, on: bool, by: str) -> Choice:
        """From now on templates of the reference are acted on in this community, or no longer; how it stands.

        What holds already stays as it was chosen first. Raises NotFound for a reference that is not there.
        """
        ...

    async def variants(self, space: Space) -> frozenset[UUID]:
        """References of which this community, whatever the channel, acts on variants, too."""
        ...

    async def of(self, space: Space, references: Group[UUID]) -> Mapping[UUID, Choice]:
        """What this community chose about these references, as far as it chose anything."""
        ...

    async def about(self, reference: UUID) -> list[Choice]:
        """What every community chose about the reference."""
        ...


class Reports(Protocol):
    """Who reported which message."""

    async def file(self, space: Space, message: str, reporter: str) -> tuple[bool, int]:
        """Remember a report: whether it is this person's first of the message, and how many people there are now."""
        ...

    async def filed_since(self, platform: str, reporter: str, since: datetime) -> list[datetime]:
        """When this person reported something, oldest first."""
        ...


class Brakes(Protocol):
    """What was acted on without a moderator of late, and what holds the bot back; see `core.brakes`."""

    async def traffic(self, community: str, reference: UUID, author: str) -> Traffic:
        """What counts for one more post that matches this reference; its author is not counted among the people."""
        ...

    async def trip(self, community: str, brake: Brake, reference: UUID) -> None:
        """The brake holds from now on, for this reference alone if it is a flood of it."""
        ...

    async def release(self, community: str, reference: UUID, by: str) -> int:
        """Let go of the brakes that stand in the way of this reference; how many did."""
        ...


class Alerts(Protocol):
    """Subscriptions to collections, and the bursts that subscribers are told of."""

    async def subscribe(self, subscription: Subscription, by: str) -> bool:
        """False if it was there already."""
        ...

    async def unsubscribe(self, collection: str, platform: str, channel: str, by: str) -> bool:
        """False if it was not there."""
        ...

    async def subscriptions(self, platform: str | None = None, channel: str | None = None) -> list[Subscription]:
        """Return the subscriptions of a platform, of one channel there, or all."""
        ...

    async def invite(self, collection: str, community: str, by: str, keep: timedelta) -> str:
        """A code of a few letters with which a chat elsewhere may subscribe, once."""
        ...

    async def redeem(self, code: str) -> tuple[str, str]:
        """Collection and community of an invitation, which is used up; raises NotFound."""
        ...

    async def due(self, limit: int, away: Group[str] = ()) -> list[Alert]:
        """Bursts whose subscribers do not know the newest count yet, one more attempt counted.

        None for subscribers on the platforms that are `away`.
        """
        ...

    async def told(self, alert: Alert, carried: Carried) -> None:
        """The subscriber knows `alert.count` now (or can't be told, for good)."""
        ...

    async def again(self, alert: Alert, after: timedelta) -> None:
        """Try it again after a while."""
        ...


class Tokens(Protocol):
    """Tokens of the API; making and revoking them is the operator's alone."""

    async def find(self, secret: str) -> Token | None:
        """The token of this secret; None if there is none, or if its time is over."""
        ...


class Privacy(Protocol):
    """What is known of people goes when its time is over."""

    async def expire(self) -> int:
        """Delete what is older than it may be; the number of rows."""
        ...


class Cursors(Protocol):
    """How far each channel was read; moved forward only after the inbox has committed."""

    async def get(self, platform: str) -> Mapping[str, str]:
        """The last message of each channel."""
        ...

    async def advance(self, platform: str, cursors: Mapping[str, str]) -> None:
        """Store the last message that was read of each of these channels."""
        ...


class Updates(Protocol):
    """Raw updates of a platform that forgets what it delivered: stored before it is told, forgotten once done."""

    async def store(self, platform: str, updates: Mapping[int, bytes]) -> int:
        """Commit updates; those known already are ignored. The number of new ones."""
        ...

    async def waiting(self, platform: str, limit: int) -> list[tuple[int, bytes]]:
        """Updates that nobody has finished, oldest first."""
        ...

    async def done(self, platform: str, numbers: Sequence[int]) -> None:
        """Forget these updates: they were dealt with."""
        ...

    async def newest(self, platform: str) -> int:
        """The highest number ever stored, 0 if none."""
        ...


class Posts(Protocol):
    """The web chat's own channel: here Resight is the platform, so it keeps what was uploaded."""

    async def add(self, author: str, file_name: str, data: bytes, *, event: ImageEvent | None = None) -> Post:
        """Keep a post; with its `event`, whose message is the post's name, it waits in the inbox from the same moment.

        Both are there or neither. Raises Busy or DiskFull, and keeps nothing then.
        """
        ...

    async def get(self, post: str) -> Post:
        """Raises NotFound."""
        ...

    async def data(self, post: str) -> bytes:
        """The uploaded bytes; raises NotFound once they are gone."""
        ...

    async def newest(self, limit: int = 50) -> list[Post]:
        """Return the newest posts, newest first."""
        ...

    async def unseen(self, limit: int = 100) -> list[Post]:
        """Posts, oldest first, that an old crash left without a row of the inbox, and of which nobody has decided."""
        ...

    async def see_to(self, post: Post, event: ImageEvent | None) -> None:
        """Let such a post wait in the inbox after all, with its `event`, or leave it unlooked at; raises as `add`."""
        ...

    async def mark(self, post: str, *, removed: bool | None = None, flagged: bool | None = None) -> None:
        """Store that a post was removed or flagged, or no longer is; None leaves it as it is."""
        ...


class Screened(Protocol):
    """Embeddings of images that were looked at of late, for communities that chose so; never a picture."""

    async def remember(self, event: ImageEvent, spec: EmbedderSpec, vectors: Vectors) -> None:
        """Keep the embeddings [frames, dim] of an image's whole frames; of the same image the newest count."""
        ...

    def each(self, community: str, spec: EmbedderSpec) -> AsyncIterator[Sequence[Recent]]:
        """What is remembered of a community ("" = of all) in this model's space, in batches, oldest first."""
        ...

    async def expire(self) -> int:
        """Forget what is older than its community wants it kept; the number forgotten."""
        ...
