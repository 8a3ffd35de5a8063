"""What is worth knowing about many references that are added at once, gathered while they are.

    batch that was stored --look--> compared with what was there before it --finish--> notes, by row

What is remembered of images that were looked at is asked once for thousands of references: reading it costs more than
comparing it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.services import Services
from core.chat import Said
from core.types import Vectors
from handlers import add_check
from handlers.add_check import AddReport
from handlers.references import Prepared
from handlers.sightings import recall

ASK_AT_ONCE = 2_000
"""References, about 2 KB each, that are held against what is remembered at once."""

type Row = tuple[str, Prepared]
"""Where it stands in the input, and what was added."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A row with what is worth knowing about it."""

    where: str
    key: str
    notes: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class _Pending:
    where: str
    key: str
    owner: str
    vectors: Vectors
    report: AddReport


class Checks:
    """Collects what `add` says about the pictures of one batch; not `wanted` = only which files are damaged."""

    def __init__(self, services: Services, *, wanted: bool) -> None:
        self._services, self._wanted = services, wanted
        self._pending: list[_Pending] = []
        self._noted: list[Noted] = []

    async def look(self, rows: Sequence[Row]) -> None:
        """Compare what was just stored with what was there before."""
        if not self._wanted:
            alone = [Noted(where, one.reference.key, add_check.of_file(one)) for where, one in rows]
            self._noted += [one for one in alone if one.notes]
            return
        for owner, theirs in (await self._by_owner(rows)).items():
            reports = await add_check.review(self._services, [one for _, one in theirs], owner)
            self._pending += [
                _Pending(where, one.reference.key, owner, one.straight, report)
                for (where, one), report in zip(theirs, reports, strict=True)
            ]
        if len(self._pending) >= ASK_AT_ONCE:
            await self._recall()

    async def finish(self) -> list[Noted]:
        """All rows that have notes, in their order."""
        await self._recall()
        return self._noted

    async def _by_owner(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        """The rows by the community whose collection they are in."""
        owners = {one.name: one.owner for one in await self._services.references.collections()}
        found: dict[str, list[Row]] = {}
        for row in rows:
            found.setdefault(owners[row[1].reference.collection], []).append(row)
        return found

    async def _recall(self) -> None:
        """Hold what waits against what is remembered; only rows with notes are kept."""
        for owner in dict.fromkeys(one.owner for one in self._pending):
            theirs = [one for one in self._pending if one.owner == owner]
            memories = await recall(self._services, owner, [one.vectors for one in theirs])
            for one, memory in zip(theirs, memories, strict=True):
                if notes := replace(one.report, memory=memory).notes:
                    self._noted.append(Noted(one.where, one.key, notes))
        self._pending = []
