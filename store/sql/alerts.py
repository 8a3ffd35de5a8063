"""Brand alerts: who subscribed to which collection, and the bursts of matches that each is told of.

    collection --< subscription --< alert (one reference, one burst: a counter)
        |               ^             ^
        +--< invite ----+             +-- conclude (store/sql/cases.py) calls `raise_alerts` in its own transaction

An alert is due while its count is above the one that its subscriber was told; one message is edited for each burst.
"""

import secrets
from collections.abc import Collection as Group
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    LABEL_STYLE_TABLENAME_PLUS_COL,
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.bursts import BURST
from core.chat import Alert, Carried, Subscription
from core.errors import NotFound
from core.matches import Verdict
from core.ports import Clock
from core.types import ImageEvent, Intent, Outcome, Platform, Reference
from store.sql.audit import note
from store.sql.case_rows import reference_in, snapshot
from store.sql.db import Database
from store.sql.outbox import in_album
from store.sql.tables.communities import alerts, invites, subscriptions
from store.sql.tables.judged import cases, matches
from store.sql.upsert import upsert

SLACK = timedelta(minutes=1)
"""Matches of the same moment may be counted in another order than they were found in."""

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits of an invitation: none looks like another (no I, L, O, 0, 1)."""

CODE_LENGTH = 8


async def raise_alerts(
    connection: AsyncConnection, at: datetime, case: int, album: int | None, event: ImageEvent, verdict: Verdict
) -> None:
    """Count a posted match for everybody who subscribed to its collection, within the caller's transaction."""
    best = verdict.best
    if event.intent is not Intent.POSTED or verdict.outcome is not Outcome.MATCH or best is None:
        return
    if album is None or not await _is_in_album(connection, album, case, best.reference):
        await _count(connection, at, case, event.space.home, best.reference)


async def _is_in_album(connection: AsyncConnection, album: int, case: int, reference: Reference) -> bool:
    """Return whether another picture of the album was counted for this reference already."""
    other = and_(in_album(album), cases.c.id != case, cases.c.outcome == Outcome.MATCH.value)
    counted = and_(matches.c.rank == 0, matches.c.reference == reference.id)
    asked = select(cases.c.id).join(matches, matches.c.case == cases.c.id).where(other, counted)
    return await connection.scalar(asked.limit(1)) is not None


async def _count(connection: AsyncConnection, at: datetime, case: int, community: str, reference: Reference) -> None:
    heard_here = subscriptions.c.community.in_(("", community))
    theirs = select(subscriptions.c.id).where(subscriptions.c.collection == reference.collection, heard_here)
    ids = set((await connection.execute(theirs)).scalars())
    running = and_(alerts.c.reference == reference.id, alerts.c.last_at >= at - BURST)
    more = update(alerts).where(running, alerts.c.subscription.in_(ids)).returning(alerts.c.subscription)
    counted = await connection.execute(more.values(count=alerts.c.count + 1, case=case, last_at=at))
    new = ids - set(counted.scalars())
    first = {"reference": reference.id, "snapshot": snapshot(reference), "case": case, "count": 1}
    rows = [{**first, "subscription": subscription, "first_at": at, "last_at": at} for subscription in sorted(new)]
    if rows:
        await connection.execute(insert(alerts), rows)


async def withdraw(connection: AsyncConnection, pictures: ColumnElement[bool]) -> None:
    """Mark the alerts as withdrawn that tell of one of these cases, within the caller's transaction.

    Which post's picture a message shows is not known, so every burst of the same reference at that time is meant.
    """
    best = select(matches.c.reference, cases.c.opened_at).join(cases, matches.c.case == cases.c.id)
    taken_back = update(alerts).values(withdrawn=True, told=alerts.c.count - 1, not_before=None)
    for reference, at in (await connection.execute(best.where(pictures, matches.c.rank == 0))).all():
        during = alerts.c.first_at <= at + SLACK, alerts.c.last_at >= at - SLACK
        await connection.execute(taken_back.where(alerts.c.reference == reference, *during))


class SqlAlerts:
    """`core.chat_ports.Alerts` on the SQL database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def subscribe(self, subscription: Subscription, by: str) -> bool:
        """See `core.chat_ports.Alerts.subscribe`."""
        now, values = self._clock(), _said(subscription)
        try:
            async with self._db.write() as connection:
                put = upsert(connection, subscriptions).values(**values, created_at=now)
                new = await connection.execute(put.on_conflict_do_nothing())
                if new.rowcount:
                    await note(connection, now, by, "alert.subscribed", values)
        except IntegrityError:
            raise NotFound(f"There is no collection '{subscription.collection}'.") from None
        return bool(new.rowcount)

    async def unsubscribe(self, collection: str, platform: str, channel: str, by: str) -> bool:
        """See `core.chat_ports.Alerts.unsubscribe`."""
        place = {"collection": collection, "platform": str(platform), "channel": channel}
        async with self._db.write() as connection:
            gone = await connection.execute(delete(subscriptions).filter_by(**place))
            if gone.rowcount:
                await note(connection, self._clock(), by, "alert.unsubscribed", place)
        return bool(gone.rowcount)

    async def subscriptions(self, platform: str | None = None, channel: str | None = None) -> list[Subscription]:
        """See `core.chat_ports.Alerts.subscriptions`."""
        wanted = {"platform": None if platform is None else str(platform), "channel": channel}
        asked = select(subscriptions).order_by(subscriptions.c.id)
        for name, value in wanted.items():
            asked = asked if value is None else asked.where(subscriptions.c[name] == value)
        async with self._db.read() as connection:
            rows = (await connection.execute(asked)).mappings().all()
        return [_subscription(row) for row in rows]

    async def invite(self, collection: str, community: str, by: str, keep: timedelta) -> str:
        """See `core.chat_ports.Alerts.invite`."""
        now, code = self._clock(), "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        values = {"collection": collection, "community": community}
        try:
            async with self._db.write() as connection:
                await connection.execute(delete(invites).where(invites.c.expires_at <= now))
                await connection.execute(insert(invites).values(**values, code=code, expires_at=now + keep))
                await note(connection, now, by, "alert.invited", values)  # not the code: whoever reads it could use it
        except IntegrityError:
            raise NotFound(f"There is no collection '{collection}'.") from None
        return f"{code[:4]}-{code[4:]}"

    async def redeem(self, code: str) -> tuple[str, str]:
        """See `core.chat_ports.Alerts.redeem`."""
        plain = "".join(filter(str.isalnum, code.upper()))  # phones turn one dash into another
        used = delete(invites).where(invites.c.code == plain).returning(invites)
        async with self._db.write() as connection:
            row = (await connection.execute(used)).first()
        if row is None:
            raise NotFound("There is no such invitation, or it was used already: ask for a new one.")
        if row.expires_at <= self._clock():
            raise NotFound("This invitation is too old: ask for a new one.")
        return row.collection, row.community

    async def due(self, limit: int, away: Group[str] = ()) -> list[Alert]:
        """See `core.chat_ports.Alerts`; without a lease, for the reason that `SqlOutbox.claim_actions` gives."""
        is_due = or_(alerts.c.not_before.is_(None), alerts.c.not_before <= self._clock())
        due = select(alerts.c.id).where(alerts.c.count > alerts.c.told, is_due).order_by(alerts.c.id).limit(limit)
        if away:
            due = due.join(subscriptions).where(subscriptions.c.platform.not_in([str(platform) for platform in away]))
        if not await self._db.holds(due):
            return []
        begun = update(alerts).where(alerts.c.id.in_(due)).values(attempts=alerts.c.attempts + 1)
        async with self._db.write() as connection:
            ids = (await connection.execute(begun.returning(alerts.c.id))).scalars().all()
            rows = (await connection.execute(_alerts().where(alerts.c.id.in_(ids)))).mappings().all()
        return [_alert(row) for row in rows]

    async def told(self, alert: Alert, carried: Carried) -> None:
        """See `core.chat_ports.Alerts`; who can't be told is not tried again until there is more to tell."""
        overtaken = 0 if alert.withdrawn else cast(alerts.c.withdrawn, Integer)  # withdrawn while it was being told
        values = {"told": alert.count - overtaken, "attempts": 0, "not_before": None}
        receipt = {"receipt": carried.receipt} if carried.receipt or alert.withdrawn else {}
        await self._set(alert, values | receipt)

    async def again(self, alert: Alert, after: timedelta) -> None:
        """See `core.chat_ports.Alerts.again`."""
        await self._set(alert, {"not_before": self._clock() + after})

    async def _set(self, alert: Alert, values: Mapping[str, Any]) -> None:
        async with self._db.write() as connection:
            await connection.execute(update(alerts).where(alerts.c.id == alert.id).values(**values))


def _said(subscription: Subscription) -> dict[str, str]:
    names = ("collection", "channel", "community", "language")
    return {name: getattr(subscription, name) for name in names} | {"platform": subscription.platform.value}


def _alerts() -> Select[Any]:
    asked = select(alerts, subscriptions).join(subscriptions).order_by(alerts.c.id)
    return asked.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)


def _subscription(row: Mapping[Any, Any]) -> Subscription:
    names = ("id", "collection", "channel", "community", "language")
    return Subscription(platform=Platform(row["platform"]), **{name: row[name] for name in names})


def _alert(row: Mapping[Any, Any]) -> Alert:
    names = ("id", "case", "count", "told", "receipt", "attempts", "first_at", "last_at", "withdrawn")
    return Alert(
        subscription=_subscription({name.removeprefix("subscriptions_"): value for name, value in row.items()}),
        reference=reference_in(row["alerts_snapshot"]),
        **{name: row[f"alerts_{name}"] for name in names},
    )
