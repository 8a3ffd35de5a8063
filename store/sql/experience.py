"""How moderators decided about matches: read from SQL once, and cached until the next decision.

Experiences.of           how often they agreed, by kind of match and band of confidence
Experiences.confirmed    references that they have called a violation

A decision counts for the best match of the case that people saw, not for further pictures of the album or posts of the
burst: one press of a button is one observation. Decisions that were taken back, and `unsure`, do not count.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, select

from core.matches import Experience
from core.trust import BANDS, TrackRecord
from core.types import Decision, Intent, Kind, Space
from store.sql.db import Database
from store.sql.outbox import in_album, shown_case
from store.sql.tables.columns import is_word
from store.sql.tables.judged import cases, decisions, matches

type Confirmed = Mapping[str | None, frozenset[UUID]]
"""References by the channel for which they are confirmed; None = all channels of the community."""

NONE = frozenset[UUID]()

RIGHT = (Decision.VIOLATION.value, Decision.ALLOWED.value)
WRONG = Decision.NOT_A_MATCH.value

JUDGED = not_(is_word(cases.c.intent, Intent.QUERY))
"""Condition for cases that moderators see, and whose decisions count."""


def stands_for() -> ColumnElement[bool]:
    """Return the condition for the decision on a picture: that on the case people see, if it was there then."""
    seen = cases.c.opened_at <= decisions.c.at
    return and_(decisions.c.case == shown_case, decisions.c.undone_at.is_(None), JUDGED, seen)


class Experiences:
    """The cached track record of each collection in each community."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[tuple[str, str], TrackRecord] = {}
        self._confirmed: dict[str, Confirmed] = {}
        self._changes = 0

    def forget(self) -> None:
        """Empty the cache: something was decided, or a community has another id."""
        self._known, self._confirmed = {}, {}
        self._changes += 1

    async def of(self, community: str, collection: str) -> TrackRecord:
        """Return the track record by kind and band of confidence; what nobody decided about is not in it."""
        cached = self._known.get((community, collection))
        if cached is not None:
            return cached
        changes = self._changes
        async with self._db.read() as connection:
            rows = (await connection.execute(_asked(community, collection))).mappings().all()
        counted = {(Kind(row["kind"]), int(row["band"])): _experience(row) for row in rows}
        if changes == self._changes:  # else what was counted may be older than a decision of the meantime
            self._known[community, collection] = counted
        return counted

    async def confirmed(self, space: Space) -> frozenset[UUID]:
        """Return the references that moderators of this channel called a violation, and still do."""
        by_channel = await self._by_channel(space.home)
        return by_channel.get(None, NONE) | by_channel.get(space.channel, NONE)

    async def _by_channel(self, community: str) -> Confirmed:
        cached = self._confirmed.get(community)
        if cached is not None:
            return cached
        changes, confirmed = self._changes, defaultdict[str | None, frozenset[UUID]](frozenset)
        async with self._db.read() as connection:
            for reference, channels in await connection.execute(_violations(community)):
                for channel in (None,) if channels is None else channels:
                    confirmed[channel] |= {reference}
        if changes == self._changes:
            self._confirmed[community] = confirmed
        return confirmed


def _violations(community: str) -> Select[UUID, list[str] | None]:
    """Return the query for confirmed references with the channels for which they are, None = all of the community's.

    It starts from decisions, which are fewer than matches.
    """
    its_pictures = in_album(decisions.c.case)
    return (
        select(matches.c.reference, decisions.c.channels)
        .select_from(decisions)
        .join(cases, and_(its_pictures, stands_for()))
        .join(matches, and_(matches.c.case == cases.c.id, matches.c.rank == 0))
        .where(decisions.c.decision == Decision.VIOLATION.value, cases.c.community == community)
    )


def _asked(community: str, collection: str) -> Select[Any]:
    decision, band = decisions.c.decision, _band().label("band")
    right = func.count().filter(decision.in_(RIGHT)).label("right")
    wrong = func.count().filter(decision == WRONG).label("wrong")
    about = matches.c.snapshot["collection"].as_string() == collection
    return (
        select(matches.c.kind, band, right, wrong)
        .join(cases, matches.c.case == cases.c.id)
        .join(decisions, and_(decisions.c.case == cases.c.id, decisions.c.undone_at.is_(None)))
        .where(matches.c.rank == 0, about, cases.c.community == community)
        .where(cases.c.album.is_(None), JUDGED)
        .where(decision.in_((*RIGHT, WRONG)))
        .group_by(matches.c.kind, band)
    )


def _band() -> ColumnElement[int]:
    """Return the band (`core.trust.band_of`) of the confidence that the pair check alone gave."""
    claimed = func.coalesce(matches.c.claimed, matches.c.confidence)
    upwards = [(claimed < high, number) for number, high in enumerate(BANDS[1:])]
    return case(*upwards, else_=len(BANDS) - 1)


def _experience(row: Mapping[Any, Any]) -> Experience:
    return Experience(right=row["right"], wrong=row["wrong"])
