"""Events in, cases out: what the tests of cases, albums, the outbox and the alerts share."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from core.cases import Waiting
from core.matches import Match, Verdict
from core.types import Act, ImageEvent, Kind, Mode, Outcome, Purpose, Reference, Space
from store.sql.alerts import SqlAlerts
from store.sql.cases import SqlCases
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.tables.judged import actions, cases, matches, media
from tests.clock import Clock
from tests.small import DONE, KEEP, SPACE, event

LOGO = Reference(key="logo", collection="brands", purpose=Purpose.BRAND, title="Logo", sha256="aa", width=4, height=3)
OTHER = Reference(key="other", collection="brands", purpose=Purpose.BRAND)
QUAD = ((0.1, 0.2), (0.9, 0.2), (0.9, 0.8), (0.1, 0.8))
FOUND = Match(
    reference=LOGO,
    kind=Kind.CONTAINED,
    confidence=0.97,
    cosine=0.8,
    inliers=40,
    area=0.4,
    quad=QUAD,
    frame=2,
    second=31.5,
)
MATCH = Verdict(
    outcome=Outcome.MATCH, reason="copy", partial="frames", matches=(FOUND, replace(FOUND, reference=OTHER))
)
REVIEW = replace(MATCH, outcome=Outcome.REVIEW, reason="look-alike")
CLEAN = Verdict(outcome=Outcome.CLEAN, reason="nothing-known")
LEASE = timedelta(seconds=60)


def match_of(reference: Reference) -> Verdict:
    """A match of this reference alone."""
    return replace(MATCH, matches=(replace(FOUND, reference=reference),))


class Court:
    """One inbox and its cases, over the real tables."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self.db = db
        self.clock = clock
        self.inbox = SqlInbox(db, clock)
        self.cases = SqlCases(db, clock, KEEP)
        self.alerts = SqlAlerts(db, clock)

    async def waiting(self, image: str = "one", space: Space = SPACE, **said: object) -> Waiting:
        """An event that was received and claimed."""
        return await self.claimed(event(image, space, **said))

    async def claimed(self, received: ImageEvent) -> Waiting:
        await self.inbox.accept([received])
        (claimed,) = await self.inbox.claim(1, LEASE)
        return claimed

    async def case(self, image: str = "one", sha256: str = "ff", *acts: Act, space: Space = SPACE) -> int:
        """The number of a new case for a match."""
        return await self.picture(image, *acts, sha256=sha256, space=space)

    async def picture(
        self,
        image: str,
        *acts: Act,
        verdict: Verdict = MATCH,
        sha256: str = "ff",
        space: Space = SPACE,
        **said: object,
    ) -> int:
        """The number of the case of a picture, of whatever kind the event says that it is."""
        waiting = await self.waiting(image, space, **said)
        number = await self.cases.conclude(waiting, sha256, verdict, Mode.ENFORCE, acts)
        assert number
        return number

    async def asked(self) -> list[tuple[int, Act]]:
        """Every action ever asked for, with its case, in order."""
        async with self.db.read() as connection:
            rows = await connection.execute(select(actions.c.case, actions.c.act).order_by(actions.c.id))
            return [(row.case, Act(row.act)) for row in rows]

    async def done(self) -> list[tuple[int, Act]]:
        """Finish whatever is due, one claim after the other; what was finished, in order."""
        finished: list[tuple[int, Act]] = []
        while claimed := await self.cases.claim_actions(100):
            for action in claimed:
                await self.cases.finish_action(action.id, DONE)
                finished.append((action.case, action.act))
        return finished

    async def rows(self) -> list[int]:
        """How many cases, matches, actions and pictures there are."""
        async with self.db.read() as connection:
            tables = (cases, matches, actions, media)
            return [await connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def numbered(numbers: Sequence[int], acts: Sequence[Act]) -> list[tuple[int, Act]]:
    """Each act on each picture, picture by picture."""
    return [(number, act) for number in numbers for act in acts]
