"""What each community chose about single references: one row a reference, with who chose last.

    act_on_variants   templates of it are acted on, too, or no longer
    variants          all of a community's, for every image that is screened
    of, about         the rows, for who shows them

A row goes with its reference.
"""

from collections.abc import Collection as Group
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, select
from sqlalchemy.exc import IntegrityError

from core.chat import Choice
from core.errors import NotFound
from core.ports import Clock
from core.types import Platform, Space
from store.sql.audit import note
from store.sql.db import Database
from store.sql.tables.communities import reference_choices
from store.sql.upsert import upsert

KEY = ("platform", "community", "reference")


class SqlChoices:
    """`core.chat_ports.Choices` on the SQL database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def act_on_variants(self, space: Space, reference: UUID, on: bool, by: str) -> Choice:
        """See `core.chat_ports.Choices.act_on_variants`."""
        place = {"platform": space.platform.value, "community": space.community}
        values = {"variants": on, "by": by, "at": self._clock()}
        other = reference_choices.c.variants.is_not(on)
        this_choice = select(reference_choices).where(_home(space), reference_choices.c.reference == reference)
        try:
            async with self._db.write() as connection:
                put = upsert(connection, reference_choices).values(**place, reference=reference, **values)
                changed = put.on_conflict_do_update(index_elements=list(KEY), set_=values, where=other)
                if (await connection.execute(changed)).rowcount:
                    details = {**place, "reference": str(reference), "on": on}
                    await note(connection, self._clock(), by, "reference.variants", details)
                return _choice((await connection.execute(this_choice)).mappings().one())
        except IntegrityError:
            raise NotFound("There is no such reference any more.") from None

    async def variants(self, space: Space) -> frozenset[UUID]:
        """See `core.chat_ports.Choices.variants`."""
        asked = select(reference_choices.c.reference).where(_home(space), reference_choices.c.variants)
        async with self._db.read() as connection:
            return frozenset((await connection.execute(asked)).scalars())

    async def of(self, space: Space, references: Group[UUID]) -> Mapping[UUID, Choice]:
        """See `core.chat_ports.Choices.of`."""
        asked = select(reference_choices).where(_home(space), reference_choices.c.reference.in_(references))
        return {choice.reference: choice for choice in await self._load(asked)}

    async def about(self, reference: UUID) -> list[Choice]:
        """See `core.chat_ports.Choices.about`."""
        asked = select(reference_choices).where(reference_choices.c.reference == reference)
        return await self._load(asked.order_by(reference_choices.c.platform, reference_choices.c.community))

    async def _load(self, asked: Select[Any]) -> list[Choice]:
        async with self._db.read() as connection:
            return [_choice(row) for row in (await connection.execute(asked)).mappings()]


def _home(space: Space) -> ColumnElement[bool]:
    there = reference_choices.c.platform == space.platform.value
    return and_(there, reference_choices.c.community == space.community)


def _choice(row: RowMapping) -> Choice:
    values = {name: row[name] for name in ("community", "reference", "variants", "by", "at")}
    return Choice(platform=Platform(row["platform"]), **values)
