"""After a year: whoever asks for matches or choices about references goes by an index, and both take little room."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.cases import Sort, Wanted
from core.matches import Difference
from core.types import Collection, Content, Decision, How, What
from store.sql.choices import SqlChoices
from store.sql.db import Database
from store.sql.media import SqlMedia
from store.sql.references import SqlReferences
from store.sql.tables.communities import reference_choices
from store.sql.tables.judged import cases, inbox, matches
from tests.clock import Clock
from tests.small import SPACE, entry
from tests.store.sql.court import FOUND, MATCH, Court

A_YEAR, REFERENCES = 12_000, 300
DIFFERS = tuple(
    Difference(what=What.WORDS, how=How.EXCHANGED, area=0.02, box=(0.1, 0.2, 0.3, 0.4), before=one, after="Total 781")
    for one in ("Total 250", "Ada Quill", "27 August 2025")
)
WITH_WORDS = replace(MATCH, matches=(replace(FOUND, content=Content.OTHER, differs=DIFFERS),))
type Ask = Callable[["Year"], Awaitable[Any]]


class Year:
    """A database with a year of cases, and choices about each of its references in many communities."""

    def __init__(self, db: Database, court: Court, clock: Clock) -> None:
        self.db, self.court = db, court
        self.choices, self.media = SqlChoices(db, clock), SqlMedia(db, clock)
        self.references = SqlReferences(db, clock)
        self.known = [entry(f"page-{number}").reference.id for number in range(REFERENCES)]
        self.last = 0

    async def pass_(self) -> None:
        """One real case, and copies of its rows."""
        await self.references.create_collection(Collection(name="library"))
        await self.references.put([entry(f"page-{number}") for number in range(REFERENCES)])
        first = await self.court.picture("one", verdict=WITH_WORDS)
        await self.court.cases.decide(first, Decision.VIOLATION, "ann", [])
        async with self.db.write() as connection:
            for table in (inbox, cases, matches):
                row = dict((await connection.execute(select(table))).mappings().first() or {})
                await connection.execute(insert(table), [self._copy(row, number) for number in range(2, A_YEAR)])
            await connection.execute(insert(reference_choices), list(self._chosen()))
        self.last = A_YEAR - 1

    def _copy(self, row: dict[str, Any], number: int) -> dict[str, Any]:
        own = {name: number for name in ("id", "inbox", "case") if row.get(name) is not None}
        if "rank" in row:
            return {**row, **own, "reference": self.known[number % REFERENCES]}
        named = {name: f"{name}-{number}" for name in ("dedupe_key", "message", "content", "sha256") if name in row}
        return row | own | named

    def _chosen(self) -> Any:
        said = {"variants": True, "by": "ann", "at": Clock().at}
        for community in range(40):
            place = {"platform": SPACE.platform.value, "community": str(community)}
            yield from ({**place, **said, "reference": one} for one in self.known)


@pytest.fixture
async def year(db: Database, clock: Clock) -> Year:
    made = Year(db, Court(db, clock), clock)
    await made.pass_()
    return made


@asynccontextmanager
async def plans(db: Database) -> AsyncIterator[list[str]]:
    """What SQLite does for each statement meanwhile."""
    asked = list[tuple[str, Any]]()
    told = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.split()[0] in ("SELECT", "UPDATE", "DELETE"):
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield told
    event.remove(db.engine, "before_cursor_execute", note)
    async with db.read() as connection:
        for statement, parameters in asked:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            told += [f"{row.detail}" for row in rows]


ASKS: dict[str, Ask] = {
    "what was before": lambda year: _before(year),
    "a case": lambda year: year.court.cases.get(year.last),
    "a post as another case left it": lambda year: year.court.cases.beside(year.last),
    "what was done to its author": lambda year: year.court.cases.elsewhere(year.last),
    "copies of a post": lambda year: year.court.cases.copies(year.last),
    "what was excused": lambda year: year.court.cases.excused(SPACE, "ff"),
    "what was confirmed": lambda year: year.court.cases.confirmed(SPACE, set(year.known[:9])),
    "what was decided about images": lambda year: year.court.cases.decided.of(SPACE.home, "toy", 64),
    "what was decided too long ago": lambda year: year.court.cases.decided.expire(),
    "suspected abuse": lambda year: year.court.cases.decide(year.last, Decision.ABUSE, "ann", []),
    "all variants": lambda year: year.choices.variants(SPACE),
    "some choices": lambda year: year.choices.of(SPACE, set(year.known[:9])),
    "one reference": lambda year: year.choices.about(year.known[0]),
    "a choice": lambda year: year.choices.act_on_variants(SPACE, year.known[0], True, "bob"),
    "words that expire": lambda year: year.media.expire(),
    "open cases": lambda year: year.court.cases.open({SPACE.home}, Wanted(), limit=6, before=year.last),
    "open cases of a collection": lambda year: year.court.cases.open(
        {SPACE.home}, Wanted(collection="library", author="nobody", sort=Sort.MATCH), limit=6
    ),
    "how many are open": lambda year: year.court.cases.count_open({SPACE.home}, Wanted(), 1000),
    "a reference that goes": lambda year: year.references.remove("library", ["page-1"]),
}


async def _before(year: Year) -> None:
    await year.court.cases.earlier(await year.court.cases.get(year.last))


async def test_what_was_before_is_found_by_author(year: Year) -> None:
    """A card asks for the cases of one person: by an index, with its very condition."""
    async with plans(year.db) as told:
        await _before(year)

    assert [one for one in told if "ix_inbox_author" in one]
    assert not [one for one in told if one.startswith(("SCAN inbox", "SCAN cases", "SCAN matches"))]


async def test_nothing_reads_a_year_from_end_to_end(year: Year) -> None:
    """Whoever screens a post, shows a case, changes a choice or forgets words finds the rows by an index."""
    found: dict[str, list[str]] = {}
    for name, ask in ASKS.items():
        async with plans(year.db) as found[name]:
            await ask(year)

    assert all(found.values())
    scans = ("SCAN matches", "SCAN reference_choices", "SCAN cases", "SCAN inbox", "SCAN part")
    assert [(name, one) for name, told in found.items() for one in told if one.startswith(scans)] == []


async def test_a_scan_would_be_noticed(year: Year) -> None:
    """What asks for a column without an index is told as such."""
    async with plans(year.db) as told, year.db.read() as connection:
        await connection.execute(select(matches).where(matches.c.content == "same"))

    assert told == ["SCAN matches"]


async def test_a_match_and_a_choice_take_little_room(year: Year) -> None:
    """A match with three exchanged lines of words and a choice, with their indexes: a year is some megabytes."""
    sizes: dict[str, int] = {}
    async with year.db.write() as connection:
        for table in (matches, reference_choices):
            rows = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            before = await _free(connection)
            await connection.execute(table.delete())
            sizes[table.name] = (await _free(connection) - before) // rows

    assert sizes["matches"] < 1000
    assert sizes["reference_choices"] < 300


async def _free(connection: AsyncConnection) -> int:
    """Bytes of pages that are not used."""
    pages, size = [(await connection.execute(text(f"PRAGMA {one}"))).scalar_one()
                   for one in ("freelist_count", "page_size")]  # fmt: skip
    return int(pages * size)
