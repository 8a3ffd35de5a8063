"""Verdicts, cases, actions and decisions: all or nothing, once, and never two at a time."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.errors import Conflict, NotFound
from core.matches import Verdict
from core.types import Act, ActState, Decision, Intent, Mode, Outcome
from store.sql.db import Database
from store.sql.media import SqlMedia
from store.sql.reports import SqlReports
from store.sql.tables.judged import inbox
from tests.clock import Clock
from tests.small import SPACE, event
from tests.store.sql.court import CLEAN, LEASE, LOGO, MATCH, OTHER, Court

OPENS = {Outcome.MATCH, Outcome.REVIEW}


async def test_a_case_comes_back_as_it_was_concluded(court: Court, db: Database, clock: Clock) -> None:
    """A case holds event, verdict, matches, mode, picture and actions, as they were."""
    waiting = await court.waiting()
    undone = (Act.REMOVE, Act.TIMEOUT)
    number = await court.cases.conclude(waiting, "ff", MATCH, Mode.DRY_RUN, [Act.FLAG], undone, b"jpeg")
    assert number
    case = await court.cases.get(number)
    shown = await SqlMedia(db, clock).get(case.thumbnail)

    assert (case.event, case.sha256, case.verdict) == (waiting.event, "ff", MATCH)
    assert (case.mode, case.would_have, case.opened_at) == (Mode.DRY_RUN, undone, clock())
    assert [(one.act, one.state, one.decision) for one in case.actions] == [(Act.FLAG, ActState.WAITING, None)]
    assert shown
    assert (shown.data, shown.mime) == (b"jpeg", "image/jpeg")


@pytest.mark.parametrize("outcome", Outcome)
async def test_only_what_somebody_may_look_at_opens_a_case(court: Court, outcome: Outcome) -> None:
    """Matches and doubts have a case; clean and unscannable images leave a row in the inbox and nothing else."""
    number = await court.cases.conclude(await court.waiting(), "ff", Verdict(outcome=outcome), Mode.FLAG)

    assert (number is not None) == (outcome in OPENS)
    assert await court.inbox.depth() == 0
    assert await court.rows() == ([1, 0, 0, 0] if number else [0, 0, 0, 0])


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("intent", [Intent.REPORTED, Intent.QUERY])
async def test_reports_and_questions_open_a_case(court: Court, outcome: Outcome, intent: Intent) -> None:
    """A report is for the moderators whatever the verdict is, and a question has its answer to be carried out."""
    acts = [Act.ANSWER] if intent is Intent.QUERY else []
    waiting = await court.waiting(intent=intent)
    number = await court.cases.conclude(waiting, "ff", Verdict(outcome=outcome), Mode.OFF, acts)

    assert number
    case = await court.cases.get(number)
    assert (case.event.intent, case.verdict.outcome, [one.act for one in case.actions]) == (intent, outcome, acts)


async def test_questions_are_nobody_elses_business(court: Court) -> None:
    """A question is not listed, not found by its message, and what is decided on it (by whatever bug) never counts."""
    posted = await court.case(sha256="ee")
    asked = await court.picture("one", Act.ANSWER, intent=Intent.QUERY)
    listed = [one.id for one in await court.cases.newest()]
    of_message = [one.id for one in await court.cases.of_message("discord", "pictures", "m-one")]
    await court.cases.decide(asked, Decision.VIOLATION, "ann", [])
    await court.cases.undo(asked, "ann", [])
    await court.cases.decide(asked, Decision.ALLOWED, "ann", [])

    assert listed == of_message == [posted]
    assert await court.cases.excused(SPACE, "ff") == (False, frozenset())
    await court.cases.undo(asked, "ann", [])
    await court.cases.decide(asked, Decision.VIOLATION, "ann", [])
    assert await court.cases.confirmed(SPACE, {LOGO.id}) == frozenset()


async def test_an_image_has_one_verdict(court: Court) -> None:
    """The second of two workers on one image changes nothing."""
    waiting = await court.waiting()
    both = [court.cases.conclude(waiting, "ff", MATCH, Mode.FLAG, [Act.FLAG], (), b"jpeg") for _ in range(2)]
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
        await court.cases.conclude(waiting, "ff", MATCH, Mode.FLAG, [Act.FLAG], (), b"jpeg")

    assert await court.rows() == [0, 0, 0, 0]
    assert await court.inbox.depth() == 1


async def test_a_decision_and_its_undo(court: Court, clock: Clock) -> None:
    """A decision asks for its acts and stands until it is undone; the undo asks for its own."""
    number = await court.case()
    said = await court.cases.decide(number, Decision.VIOLATION, "ann", [(number, Act.REMOVE)])
    clock.turn(minutes=1)
    assert (await court.cases.get(number)).standing == said
    await court.cases.undo(number, "bo", [(number, Act.RESTORE), (number, Act.FLAG)])
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
    asked = [court.cases.decide(number, one, f"{one}-person", [(number, Act.REMOVE)]) for one in Decision]
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
        await court.cases.decide(number, Decision.VIOLATION, "ann", [(number, Act.REMOVE)])
        await court.cases.undo(number, "ann", [(number, Act.RESTORE)])
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
    here = await court.cases.excused(SPACE, "ff")
    no_match = frozenset({LOGO.id, OTHER.id}) if decision is Decision.NOT_A_MATCH else frozenset()

    assert here == (decision is Decision.ALLOWED, no_match)
    assert await court.cases.excused(SPACE, "other bytes") == (False, frozenset())
    assert await court.cases.excused(replace(SPACE, community="elsewhere"), "ff") == (False, frozenset())
    await court.cases.undo(number, "ann", [])
    assert await court.cases.excused(SPACE, "ff") == (False, frozenset())


@pytest.mark.parametrize("decision", Decision)
async def test_only_a_standing_violation_confirms(court: Court, decision: Decision) -> None:
    """A violation confirms the best match for its own community, until it is undone; nothing else does."""
    number, both = await court.case(), {LOGO.id, OTHER.id}
    await court.cases.decide(number, decision, "ann", [])
    wanted = frozenset({LOGO.id}) if decision is Decision.VIOLATION else frozenset()

    assert await court.cases.confirmed(SPACE, both) == wanted
    assert await court.cases.confirmed(SPACE, {OTHER.id}) == frozenset()
    assert await court.cases.confirmed(replace(SPACE, community="elsewhere"), both) == frozenset()
    await court.cases.undo(number, "ann", [])
    assert await court.cases.confirmed(SPACE, both) == frozenset()


async def test_newest_first_and_on_from_there(court: Court) -> None:
    """Cases are listed newest first, page by page, of one channel alone if asked."""
    there = replace(SPACE, channel="elsewhere")
    numbers = [await court.case(str(at), space=there if at % 3 == 0 else SPACE) for at in range(6)]
    first = await court.cases.newest(limit=4)
    rest = await court.cases.newest(limit=4, before=first[-1].id)

    assert [one.id for one in (*first, *rest)] == numbers[::-1]
    assert [one.id for one in await court.cases.newest(there)] == [numbers[3], numbers[0]]
    assert [len(one.verdict.matches) for one in first] == [2] * 4


async def test_the_cases_of_a_message(court: Court) -> None:
    """All cases of a message are found, oldest first, and none of another message, channel or platform."""
    there = replace(SPACE, channel="elsewhere")
    first = await court.picture("a", message="m")
    await court.picture("b", message="n")
    await court.picture("c", space=there, message="m")
    reported = await court.picture("a", message="m", intent=Intent.REPORTED, verdict=CLEAN)

    assert [one.id for one in await court.cases.of_message("discord", "pictures", "m")] == [first, reported]
    assert await court.cases.of_message("telegram", "pictures", "m") == []
    assert await court.cases.of_message("discord", "pictures", "gone") == []


async def test_a_case_counts_the_people_who_reported_the_post(court: Court, db: Database, clock: Clock) -> None:
    """Each person counts once, and only for this message."""
    number, reports = await court.case(), SqlReports(db, clock)
    for message, reporter in [("m-one", "ann"), ("m-one", "bo"), ("m-one", "ann"), ("m-two", "cy")]:
        await reports.file(SPACE, message, reporter)

    assert (await court.cases.get(number)).reports == 2


async def test_a_list_costs_the_same_however_long_it_is(court: Court, db: Database) -> None:
    """Cases, albums, matches, actions and decisions are fetched for all cases at once; experience is remembered."""
    said: list[str] = []
    await court.cases.track_record(SPACE.home, LOGO.collection)

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    sql_event.listen(db._engine.sync_engine, "before_cursor_execute", listen)
    counts = []
    for size in range(3):
        said.clear()
        assert len(await court.cases.newest()) == size
        counts.append(sum(statement.lstrip().startswith("SELECT") for statement in said))
        await court.picture(f"a-{size}", Act.FLAG, group=f"g-{size}")
        await court.picture(f"b-{size}", Act.FLAG, group=f"g-{size}")

    assert counts == [5] * 3


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
