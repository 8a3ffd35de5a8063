"""What each community wants, per channel; one that said nothing yet is in dry run."""

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from core.ports import Clock
from core.types import Mode, Policy, Space, Thresholds
from store.audit import note
from store.db import Database
from store.tables import policies


class SqlPolicies:
    """`core.ports.Policies` on the SQL database."""

    def __init__(self, db: Database, clock: Clock, default: Policy) -> None:
        self._db = db
        self._clock = clock
        self._default = default

    async def for_space(self, space: Space) -> Policy:
        asked = select(policies).where(
            policies.c.platform == space.platform.value,
            policies.c.community == space.community,
            policies.c.channel == space.channel,
        )
        async with self._db.read() as connection:
            row = (await connection.execute(asked)).first()
        if row is None:
            return self._default
        return Policy(mode=Mode(row.mode), thresholds=Thresholds(match=row.match_at, review=row.review_at))

    async def set(self, space: Space, policy: Policy, by: str) -> None:
        place = {"platform": space.platform.value, "community": space.community, "channel": space.channel}
        wanted: dict[str, object] = {
            "mode": policy.mode.value,
            "match_at": policy.thresholds.match,
            "review_at": policy.thresholds.review,
        }
        put = insert(policies).values(**place, **wanted)
        async with self._db.write() as connection:
            await connection.execute(put.on_conflict_do_update(index_elements=list(place), set_=wanted))
            await note(connection, self._clock(), by, "policy.set", {**place, **wanted})
