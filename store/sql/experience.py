"""How moderators have decided about matches, counted in SQL and remembered until the next decision.

A decision is about the best match of the case that people saw: the further pictures of an album add nothing, so one
press of a button is one observation. What was taken back, and `unsure`, counts nothing.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from core.matches import Experience
from core.trust import BANDS, TrackRecord
from core.types import Decision, Intent, Kind
from store.sql.db import Database
from store.sql.tables import cases, decisions, matches

RIGHT = (Decision.VIOLATION.value, Decision.ALLOWED.value)
WRONG = Decision.NOT_A_MATCH.value


class Experiences:
    """The track record of each collection in each community."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[tuple[str, str], TrackRecord] = {}
        self._changes = 0

    def forget(self) -> None:
        """Something was decided, or a community has another id: count again when asked."""
        self._known = {}
        self._changes += 1

    async def of(self, community: str, collection: str) -> TrackRecord:
        """By kind and number of the band of confidence; what nobody has decided about is not in it."""
        known = self._known.get((community, collection))
        if known is not None:
            return known
        changes = self._changes
        async with self._db.read() as connection:
            rows = (await connection.execute(_asked(community, collection))).mappings().all()
        counted = {(Kind(row["kind"]), int(row["band"])): _experience(row) for row in rows}
        if changes == self._changes:  # else what was counted may be older than a decision of the meantime
            self._known[community, collection] = counted
        return counted


def _asked(community: str, collection: str) -> Select[Any]:
    said, band = decisions.c.decision, _band().label("band")
    right = func.count().filter(said.in_(RIGHT)).label("right")
    wrong = func.count().filter(said == WRONG).label("wrong")
    about = matches.c.snapshot["collection"].as_string() == collection
    return (
        select(matches.c.kind, band, right, wrong)
        .join(cases, matches.c.case == cases.c.id)
        .join(decisions, and_(decisions.c.case == cases.c.id, decisions.c.undone_at.is_(None)))
        .where(matches.c.rank == 0, about, cases.c.community == community)
        .where(cases.c.album.is_(None), cases.c.intent != Intent.QUERY.value)
        .where(said.in_((*RIGHT, WRONG)))
        .group_by(matches.c.kind, band)
    )


def _band() -> ColumnElement[int]:
    """`core.trust.band_of` of what the pair check alone said."""
    claimed = func.coalesce(matches.c.claimed, matches.c.confidence)
    upwards = [(claimed < high, number) for number, high in enumerate(BANDS[1:])]
    return case(*upwards, else_=len(BANDS) - 1)


def _experience(row: Mapping[Any, Any]) -> Experience:
    return Experience(right=row["right"], wrong=row["wrong"])
