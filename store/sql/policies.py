"""What each community wants, per channel.

the channel's own policy  ->  else its community's ("*")  ->  else the platform's default
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.cases import Policy, Rule, Thresholds
from core.ports import Clock
from core.types import Kind, Mode, Platform, Space
from store.sql.audit import note
from store.sql.db import Database
from store.sql.tables.communities import policies
from store.sql.upsert import upsert

EVERYWHERE = "*"
"""The channel of a policy for all of a community."""


class SqlPolicies:
    """`core.chat_ports.Policies` on the SQL database."""

    def __init__(self, db: Database, clock: Clock, default: Callable[[Platform], Policy]) -> None:
        self._db = db
        self._clock = clock
        self._default = default

    async def for_space(self, space: Space) -> Policy:
        """See `core.chat_ports.Policies.for_space`."""
        async with self._db.read() as connection:
            return await self._holding(connection, space)

    async def _holding(self, connection: AsyncConnection, space: Space) -> Policy:
        fitting = (
            select(policies)
            .where(policies.c.platform == space.platform.value, policies.c.community == space.community)
            .where(policies.c.channel.in_((space.channel, EVERYWHERE)))
            .order_by(policies.c.channel == EVERYWHERE)  # the channel's own first
        )
        row = (await connection.execute(fitting)).mappings().first()
        return self._default(space.platform) if row is None else policy_of(row)

    async def set(self, space: Space, policy: Policy, by: str) -> None:
        """See `core.chat_ports.Policies.set`."""
        async with self._db.write() as connection:
            await self._set(connection, space, policy, by)

    async def change(self, space: Space, how: Callable[[Policy], Policy], by: str) -> Policy:
        """See `core.chat_ports.Policies.change`."""
        async with self._db.write() as connection:
            changed = how(await self._holding(connection, space))
            await self._set(connection, space, changed, by)
        return changed

    async def _set(self, connection: AsyncConnection, space: Space, policy: Policy, by: str) -> None:
        place, wanted = _place(space), policy_row(policy)
        put = upsert(connection, policies).values(**place, **wanted)
        await connection.execute(put.on_conflict_do_update(index_elements=list(place), set_=wanted))
        await note(connection, self._clock(), by, "policy.set", {**place, **wanted})

    async def forget(self, space: Space, by: str) -> None:
        """See `core.chat_ports.Policies.forget`."""
        place = _place(space)
        async with self._db.write() as connection:
            gone = await connection.execute(delete(policies).filter_by(**place))
            if gone.rowcount:
                await note(connection, self._clock(), by, "policy.forgotten", place)

    async def of_platform(self, platform: str) -> Mapping[Space, Policy]:
        """See `core.chat_ports.Policies.of_platform`."""
        theirs = select(policies).where(policies.c.platform == str(platform))
        async with self._db.read() as connection:
            rows = (await connection.execute(theirs)).mappings().all()
        return {_space(row): policy_of(row) for row in rows}


def policy_row(policy: Policy) -> dict[str, Any]:
    """Return a policy as columns of `policies`."""
    return {
        "mode": policy.mode.value,
        "match_at": policy.thresholds.match,
        "review_at": policy.thresholds.review,
        "rules": [_rule_row(rule) for rule in policy.rules],
        "flag": policy.flag,
        "enforce": policy.enforce,
        "timeout_s": int(policy.timeout.total_seconds()),
        "purge_s": int(policy.purge.total_seconds()),
    }


def policy_of(row: RowMapping) -> Policy:
    """Return the policy that a row of `policies` holds."""
    return Policy(
        mode=Mode(row["mode"]),
        thresholds=Thresholds(match=row["match_at"], review=row["review_at"]),
        rules=tuple(_rule_of(rule) for rule in row["rules"]),
        flag=row["flag"],
        enforce=row["enforce"],
        timeout=timedelta(seconds=row["timeout_s"]),
        purge=timedelta(seconds=row["purge_s"]),
    )


def _rule_row(rule: Rule) -> dict[str, str]:
    return {"mode": rule.mode.value, "collection": rule.collection, "kind": rule.kind.value if rule.kind else ""}


def _rule_of(row: Mapping[str, str]) -> Rule:
    kind = Kind(row["kind"]) if row["kind"] else None
    return Rule(mode=Mode(row["mode"]), collection=row["collection"], kind=kind)


def _place(space: Space) -> dict[str, str]:
    return {"platform": space.platform.value, "community": space.community, "channel": space.channel}


def _space(row: RowMapping) -> Space:
    return Space(platform=Platform(row["platform"]), community=row["community"], channel=row["channel"])
