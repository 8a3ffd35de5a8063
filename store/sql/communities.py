"""What the staff of each community chose, and what becomes of it when the platform renames the community.

get, put, all     one row a community
move              a new id, in every table that names the old one
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.chat import Community
from core.ports import Clock
from core.types import Platform
from store.sql.audit import note
from store.sql.db import Database
from store.sql.tables.catalogue import collections
from store.sql.tables.communities import communities, invites, policies, reference_choices, subscriptions
from store.sql.tables.judged import actions, brakes, cases, inbox, reports, screened
from store.sql.upsert import upsert

CHOSEN = (
    "name",
    "language",
    "log",
    "reporters_needed",
    "reports_an_hour",
    "remember_hours",
    "include_bots",
    "quarantine",
    "ping",
)
PLAIN = ("id", *CHOSEN, "set_up_at")
LISTS = ("exempt", "ignored_reporters")

OF_A_PLATFORM: dict[Table, tuple[str, ...]] = {
    communities: ("id", "log"),
    policies: ("community", "channel"),
    reference_choices: ("community",),
    reports: ("community",),
    subscriptions: ("channel",),
    inbox: ("community",),
    screened: ("community",),
}
"""Columns that may hold the old id, in tables that tell platforms apart.

Messages stay where they were written: a platform counts them anew in the new channel, so an old number there would be
somebody else's message.
"""

ADDRESSES: dict[Table, str] = {communities: "log", subscriptions: "channel"}
"""Columns that may hold ID/THREAD: a thread stays where it was, and what was written there goes to the new place."""

WITH_PLATFORM: dict[Table, str] = {
    cases: "community",
    actions: "home",
    subscriptions: "community",
    invites: "community",
    brakes: "community",
    collections: "owner",
}
"""Columns that hold PLATFORM:ID: a subscriber and the community it listens to may be on different platforms."""


class SqlCommunities:
    """`core.chat_ports.Communities` on the SQL database.

    `on_move` are called after a move, so that caches of owners and decisions are emptied.
    """

    def __init__(self, db: Database, clock: Clock, *on_move: Callable[[], None]) -> None:
        self._db = db
        self._clock = clock
        self._on_move = on_move

    async def get(self, platform: str, community: str) -> Community:
        """See `core.chat_ports.Communities.get`."""
        async with self._db.read() as connection:
            return await _get(connection, platform, community)

    async def put(self, community: Community, by: str) -> None:
        """See `core.chat_ports.Communities.put`."""
        async with self._db.write() as connection:
            await self._put(connection, community, by)

    async def change(self, community: Community, how: Callable[[Community], Community], by: str) -> Community:
        """See `core.chat_ports.Communities.change`."""
        async with self._db.write() as connection:
            now = await _get(connection, community.platform, community.id)
            changed = how(now)
            if changed != now:
                await self._put(connection, changed, by)
        return changed

    async def _put(self, connection: AsyncConnection, community: Community, by: str) -> None:
        now, key = self._clock(), {"platform": community.platform.value, "id": community.id}
        chosen = {name: getattr(community, name) for name in CHOSEN}
        chosen |= {name: list(getattr(community, name)) for name in LISTS}
        values = chosen | {"set_up_at": community.set_up_at or now}
        put = upsert(connection, communities).values(**key, **values)
        await connection.execute(put.on_conflict_do_update(index_elements=list(key), set_=values))
        lists = {name: len(getattr(community, name)) for name in LISTS}  # the log can't forget whom they name
        await note(connection, now, by, "community.set", {**key, **chosen, **lists})

    async def all(self, platform: str) -> list[Community]:
        """See `core.chat_ports.Communities.all`."""
        theirs = select(communities).where(communities.c.platform == str(platform)).order_by(communities.c.id)
        async with self._db.read() as connection:
            return [_community(row) for row in (await connection.execute(theirs)).mappings()]

    async def move(self, platform: str, old: str, new: str) -> None:
        """See `core.chat_ports.Communities`; what the new id has of its own already is newer, and stays.

        Dedupe keys of the inbox stay as they are: the platform may count messages from 1 again under the new id.
        """
        if old == new:
            return
        async with self._db.write() as connection:
            for table, columns in OF_A_PLATFORM.items():
                await _rename(connection, table, str(platform), columns, old, new)
            for table, column in ADDRESSES.items():
                await _leave_threads(connection, table, str(platform), column, old, new)
            for table, column in WITH_PLATFORM.items():
                renamed = update(table).where(table.c[column] == f"{platform}:{old}")
                await connection.execute(renamed.values({column: f"{platform}:{new}"}))
            details = {"platform": str(platform), "old": old, "new": new}
            await note(connection, self._clock(), "resight", "community.moved", details)
        for tell in self._on_move:
            tell()


async def _get(connection: AsyncConnection, platform: str, community: str) -> Community:
    asked = select(communities).where(communities.c.platform == str(platform), communities.c.id == community)
    row = (await connection.execute(asked)).mappings().first()
    return _community(row) if row else Community(platform=Platform(platform), id=community)


async def _rename(
    connection: AsyncConnection, table: Table, platform: str, columns: tuple[str, ...], old: str, new: str
) -> None:
    """Replace the old id by the new one; a row that would then be there twice is deleted."""
    for name in columns:
        await _put_instead(connection, table, platform, name, table.c[name] == old, new)


async def _leave_threads(
    connection: AsyncConnection, table: Table, platform: str, name: str, old: str, new: str
) -> None:
    """Replace the addresses of threads of the old id by the new id."""
    within = func.substr(table.c[name], 1, len(old) + 1) == f"{old}/"
    await _put_instead(connection, table, platform, name, within, new)


async def _put_instead(
    connection: AsyncConnection, table: Table, platform: str, name: str, which: ColumnElement[bool], new: str
) -> None:
    there = table.c.platform == platform
    renamed = update(table).prefix_with("OR IGNORE").where(there, which).values({name: new})
    await connection.execute(renamed)
    await connection.execute(delete(table).where(there, which))


def _community(row: Mapping[Any, Any]) -> Community:
    values: dict[str, Any] = {name: row[name] for name in PLAIN} | {name: tuple(row[name]) for name in LISTS}
    return Community(platform=Platform(row["platform"]), **values)
