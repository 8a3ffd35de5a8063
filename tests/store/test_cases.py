"""Verdicts, cases, actions and decisions: all or nothing, once, and never two at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from core.errors import Conflict, NotFound
from core.types import (
    Act,
    ActState,
    Decision,
    Kind,
    Match,
    Mode,
    Outcome,
    Purpose,
    Reference,
    Space,
    Verdict,
    Waiting,
)
from store.cases import SqlCases
from store.db import Database
from store.inbox import SqlInbox
from store.media import SqlMedia
from store.tables import actions, cases, inbox, matches, media
from tests.conftest import KEEP, SPACE, Clock, event

LOGO = Reference(key="logo", collection="brands", purpose=Purpose.BRAND, title="Logo", sha256="aa", width=4, height=3)
OTHER = Reference(key="other", collection="brands", purpose=Purpose.BRAND)
QUAD = ((0.1, 0.2), (0.9, 0.2), (0.9, 0.8), (0.1, 0.8))
FOUND = Match(
    reference=LOGO, kind=Kind.CONTAINED, confidence=0.97, cosine=0.8, inliers=40, area=0.4, quad=QUAD, frame=2
)
MATCH = Verdict(
    outcome=Outcome.MATCH, reason="copy", partial="frames", matches=(FOUND, replace(FOUND, reference=OTHER))
)
CLEAN = Verdict(outcome=Outcome.CLEAN, reason="nothing-known")
LEASE = timedelta(seconds=60)


class Court:
    """Events in, cases out."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self.db = db
        self.inbox = SqlInbox(db, clock)
        self.cases = SqlCases(db, clock, KEEP)

    async def waiting(self, image: str = "one", space: Space = SPACE) -> Waiting:
        await self.inbox.accept([event(image, space)])
        (claimed,) = await self.inbox.claim(1, LEASE)
        return claimed

    async def case(self, image: str = "one", sha256: str = "ff", *acts: Act, space: Space = SPACE) -> int:
        """The number of a new case for a match."""
        waiting = await self.waiting(image, space)
        number = await self.cases.conclude(waiting, sha256, MATCH, Mode.ENFORCE, acts)
        assert number
        return number

    async def rows(self) -> list[int]:
        async with self.db.read() as connection:
            tables = (cases, matches, actions, media)
            return [await connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


@pytest.fixture
def court(db: Database, clock: Clock) -> Court:
    return Court(db, clock)


async def test_a_case_comes_back_as_it_was_concluded(court: Court, db: Database, clock: Clock) -> None:
    """A case holds event, verdict, matches, mode, picture and actions, as they were."""
    waiting = await court.waiting()
    number = await court.cases.conclude(waiting, "ff", MATCH, Mode.DRY_RUN, [Act.FLAG], Act.REMOVE, b"jpeg")
    assert number
    case = await court.cases.get(number)
    shown = await SqlMedia(db, clock).get(case.thumbnail)

    assert (case.event, case.sha256, case.verdict) == (waiting.event, "ff", MATCH)
    assert (case.mode, case.would_have, case.opened_at) == (Mode.DRY_RUN, Act.REMOVE, clock())
    assert [(one.act, one.state, one.decision) for one in case.actions] == [(Act.FLAG, ActState.WAITING, None)]
    assert shown
    assert (shown.data, shown.mime) == (b"jpeg", "image/jpeg")


@pytest.mark.parametrize("outcome", Outcome)
async def test_only_what_somebody_may_look_at_opens_a_case(court: Court, outcome: Outcome) -> None:
    """Matches and doubts have a case; clean and unscannable images leave a row in the inbox and nothing else."""
    number = await court.cases.conclude(await court.waiting(), "ff", Verdict(outcome=outcome), Mode.FLAG, [Act.FLAG])

    assert (number is not None) == (outcome in {Outcome.MATCH, Outcome.REVIEW})
    assert await court.inbox.depth() == 0
    assert await court.rows() == ([1, 0, 1, 0] if number else [0, 0, 0, 0])


async def test_an_image_has_one_verdict(court: Court) -> None:
    """The second of two workers on one image changes nothing."""
    waiting = await court.waiting()
    both = [court.cases.conclude(waiting, "ff", MATCH, Mode.FLAG, [Act.FLAG], None, b"jpeg") for _ in range(2)]
    numbers = await asyncio.gather(*both)

    assert sorted(number is None for number in numbers) == [False, True]
    assert await court.rows() == [1, 2, 1, 1]


async def test_a_verdict_is_written_whole_or_not_at_all(court: Court, db: Database) -> None:
    """If the last of its rows can't be written, none is, and the image still waits."""
    waiting = await court.waiting()
    async with db.write() as connection:
        await connection.execute(
            text("CREATE TRIGGER no BEFORE INSERT ON actions BEGIN SELECT RAISE(ABORT, 'no'); END")
        )
    with pytest.raises(IntegrityError, match="no"):
        await court.cases.conclude(waiting, "ff", MATCH, Mode.FLAG, [Act.FLAG], None, b"jpeg")

    assert await court.rows() == [0, 0, 0, 0]
    assert await court.inbox.depth() == 1


async def test_actions_wait_until_they_are_finished(court: Court) -> None:
    """The outbox gives actions in order; a finished one is there on the case and waits no more."""
    first = await court.case("a", "ff", Act.REMOVE)
    await court.case("b", "ff", Act.FLAG)
    one, other = await court.cases.waiting_actions(10)
    await court.cases.finish_action(one.id, ActState.FORBIDDEN, "No permission.")
    (done,) = (await court.cases.get(first)).actions

    assert (one.case, one.act, one.key) == (first, Act.REMOVE, f"{first}:verdict:remove")
    assert (done.state, done.detail) == (ActState.FORBIDDEN, "No permission.")
    assert await court.cases.waiting_actions(10) == [other]


async def test_a_decision_and_its_undo(court: Court, clock: Clock) -> None:
    """A decision asks for its acts and stands until it is undone; the undo asks for its own."""
    number = await court.case()
    said = await court.cases.decide(number, Decision.VIOLATION, "ann", [Act.REMOVE])
    clock.turn(minutes=1)
    assert (await court.cases.get(number)).standing == said
    await court.cases.undo(number, "bo", [Act.RESTORE, Act.FLAG])
    case = await court.cases.get(number)

    assert case.standing is None
    assert [(one.by, one.undone_by, one.undone_at) for one in case.decisions] == [("ann", "bo", clock())]
    assert [(one.act, one.decision) for one in case.actions] == [
        (Act.REMOVE, said.id),
        (Act.RESTORE, said.id),
        (Act.FLAG, said.id),
    ]


async def test_one_decision_at_a_time(court: Court) -> None:
    """Of moderators who press at once one decides, and the others learn who did."""
    number = await court.case()
    asked = [court.cases.decide(number, one, f"{one}-person", [Act.REMOVE]) for one in Decision]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    case = await court.cases.get(number)

    assert sum(isinstance(one, Conflict) for one in answers) == len(Decision) - 1
    assert len(case.decisions) == len(case.actions) == 1
    with pytest.raises(Conflict, match=f"{case.decisions[0].by} has decided case {number} already"):
        await court.cases.decide(number, Decision.UNSURE, "late", [])


async def test_deciding_again_after_an_undo(court: Court) -> None:
    """A case can be decided, undone and decided once more, with its acts each time."""
    number = await court.case()
    for _ in range(2):
        await court.cases.decide(number, Decision.VIOLATION, "ann", [Act.REMOVE])
        await court.cases.undo(number, "ann", [Act.RESTORE])
    acts = [one.act for one in (await court.cases.get(number)).actions]

    assert acts == [Act.REMOVE, Act.RESTORE] * 2


async def test_what_is_not_there_is_told(court: Court) -> None:
    """An unknown case is not found; one without a decision has nothing to undo."""
    number = await court.case()
    with pytest.raises(Conflict, match="nothing to undo"):
        await court.cases.undo(number, "ann", [])
    for asked in (
        court.cases.get(99),
        court.cases.decide(99, Decision.UNSURE, "ann", []),
        court.cases.undo(99, "ann", []),
    ):
        with pytest.raises(NotFound, match="no case 99"):
            await asked


@pytest.mark.parametrize("decision", Decision)
async def test_what_moderators_said_of_the_same_bytes(court: Court, decision: Decision) -> None:
    """`allowed` excuses these bytes, `not_a_match` these references of them; neither elsewhere nor after an undo."""
    number = await court.case(sha256="ff")
    await court.cases.decide(number, decision, "ann", [])
    here = await court.cases.excused("guild", "ff")
    no_match = frozenset({LOGO.id, OTHER.id}) if decision is Decision.NOT_A_MATCH else frozenset()

    assert here == (decision is Decision.ALLOWED, no_match)
    assert await court.cases.excused("guild", "other bytes") == (False, frozenset())
    assert await court.cases.excused("elsewhere", "ff") == (False, frozenset())
    await court.cases.undo(number, "ann", [])
    assert await court.cases.excused("guild", "ff") == (False, frozenset())


@pytest.mark.parametrize("decision", Decision)
async def test_only_a_standing_violation_confirms(court: Court, decision: Decision) -> None:
    """A violation confirms the best match for its own community, until it is undone; nothing else does."""
    number, both = await court.case(), {LOGO.id, OTHER.id}
    await court.cases.decide(number, decision, "ann", [])
    wanted = frozenset({LOGO.id}) if decision is Decision.VIOLATION else frozenset()

    assert await court.cases.confirmed("guild", both) == wanted
    assert await court.cases.confirmed("guild", {OTHER.id}) == frozenset()
    assert await court.cases.confirmed("elsewhere", both) == frozenset()
    await court.cases.undo(number, "ann", [])
    assert await court.cases.confirmed("guild", both) == frozenset()


async def test_newest_first_and_on_from_there(court: Court) -> None:
    """Cases are listed newest first, page by page, of one channel alone if asked."""
    there = replace(SPACE, channel="elsewhere")
    numbers = [await court.case(str(at), space=there if at % 3 == 0 else SPACE) for at in range(6)]
    first = await court.cases.newest(limit=4)
    rest = await court.cases.newest(limit=4, before=first[-1].id)

    assert [one.id for one in (*first, *rest)] == numbers[::-1]
    assert [one.id for one in await court.cases.newest(there)] == [numbers[3], numbers[0]]
    assert [len(one.verdict.matches) for one in first] == [2] * 4


async def test_a_non_match_leaves_no_recognisable_hash(court: Court, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The hash kept of a clean image is keyed: the same here, another in the next installation, never the plain one."""
    kept = []
    async with Database.open(tmp_path_factory.mktemp("next") / "resight.db") as next_door:
        for place in (court, Court(next_door, Clock())):
            for image in "ab":
                await place.cases.conclude(await place.waiting(image), "f" * 64, CLEAN, Mode.FLAG)
            async with place.db.read() as connection:
                kept += list((await connection.execute(select(inbox.c.content))).scalars())

    assert kept[0] == kept[1] != kept[2] == kept[3]
    assert all(len(one) == 64 and one != "f" * 64 for one in kept)


async def test_the_key_of_hashes_is_made_once(court: Court) -> None:
    """Images that are concluded at once, at the very first start, are hashed with one key."""
    await court.inbox.accept([event(name) for name in "abcd"])
    claimed = await court.inbox.claim(4, LEASE)
    await asyncio.gather(*(court.cases.conclude(one, "ff", CLEAN, Mode.FLAG) for one in claimed))
    async with court.db.read() as connection:
        kept = set((await connection.execute(select(inbox.c.content))).scalars())

    assert len(kept) == 1


async def test_no_bytes_no_hash(court: Court) -> None:
    """An image that was never fetched has no hash."""
    gone = Verdict(outcome=Outcome.UNSCANNABLE, reason="gone")
    await court.cases.conclude(await court.waiting(), "", gone, Mode.FLAG)
    async with court.db.read() as connection:
        row = (await connection.execute(select(inbox.c.content, inbox.c.reason))).one()

    assert tuple(row) == ("", "gone")
