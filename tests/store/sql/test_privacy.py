"""What is known of people goes when its time is over, or when somebody asks for it, also from the files on the disk."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.chat import Community
from core.matches import Difference, Verdict
from core.types import Act, Decision, How, ImageEvent, Intent, Mode, Outcome, What
from store.sql.audit import broken_at
from store.sql.cases import SqlCases
from store.sql.communities import SqlCommunities
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.media import SqlMedia
from store.sql.privacy import SqlPrivacy
from store.sql.reports import SqlReports
from store.sql.tables.house import audit
from store.sql.tables.judged import inbox
from tests.clock import Clock
from tests.small import KEEP, SAME, SPACE, event

PERSON, NAME = "4815162342", "A person with a telling name"
LEASE, LONG = timedelta(minutes=1), timedelta(days=180)


@pytest.fixture
def privacy(db: Database, clock: Clock) -> SqlPrivacy:
    return SqlPrivacy(db, clock, LONG)


def posted(image: str, author: str = PERSON) -> ImageEvent:
    return event(
        image,
        author=author,
        author_name=NAME,
        file_name=f"{NAME}.jpg",
        link="https://example.org/1",
        hint="h",
    )


async def concluded(
    db: Database, clock: Clock, event: ImageEvent, outcome: Outcome, thumbnail: bytes | None = None
) -> None:
    """An image that has its verdict."""
    inbox, cases = SqlInbox(db, clock), SqlCases(db, clock, KEEP)
    await inbox.accept([event])
    (waiting,) = await inbox.claim(1, LEASE)
    await cases.conclude(waiting, "aa", Verdict(outcome=outcome), Mode.DRY_RUN, thumbnail=thumbnail)


def on_disk(db: Database) -> bytes:
    return b"".join(path.read_bytes() for path in Path(db.path).parent.glob("resight.db*"))


async def test_a_person_is_forgotten(db: Database, clock: Clock, privacy: SqlPrivacy) -> None:
    """Name, number, thumbnail, reports and lists are gone, and so is every trace in the files; others stay."""
    await concluded(db, clock, posted("a"), Outcome.MATCH, b"a thumbnail of theirs")
    await concluded(db, clock, posted("b", "somebody-else"), Outcome.MATCH, b"a thumbnail of others")
    await SqlReports(db, clock).file(SPACE, "m", PERSON)
    communities = SqlCommunities(db, clock)
    listed = Community(platform=SPACE.platform, id=SPACE.community, exempt=(PERSON, "staff"))
    await communities.put(listed, "ann")
    found = await privacy.forget(PERSON, "", "operator")

    assert (found.images, found.thumbnails, found.reports, found.lists, found.waiting) == (1, 1, 1, 1, 0)
    assert PERSON.encode() not in on_disk(db)
    assert b"a thumbnail of theirs" not in on_disk(db)
    assert b"somebody-else" in on_disk(db)
    assert (await communities.get(SPACE.platform, SPACE.community)).exempt == ("staff",)
    assert await broken_at(db) is None


async def test_an_image_that_waits_is_told(db: Database, clock: Clock, privacy: SqlPrivacy) -> None:
    """It needs its author until it has its verdict."""
    await SqlInbox(db, clock).accept([posted("a")])
    first = await privacy.forget(PERSON, "", "operator")

    assert (first.images, first.waiting) == (0, 1)


async def test_only_on_the_platform_that_was_named(db: Database, clock: Clock, privacy: SqlPrivacy) -> None:
    """The same number may be another person elsewhere."""
    await concluded(db, clock, posted("a"), Outcome.MATCH)

    assert (await privacy.forget(PERSON, "telegram", "operator")).images == 0
    assert (await privacy.forget(PERSON, SPACE.platform, "operator")).images == 1


async def test_a_clean_image_leaves_nobody(db: Database, clock: Clock) -> None:
    """Message and verdict are kept; who posted it is not, while a question keeps what its answer needs."""
    await concluded(db, clock, posted("a"), Outcome.CLEAN)
    async with db.read() as connection:
        (row,) = (await connection.execute(select(inbox))).all()

    assert (row.author, row.author_name, row.file_name, row.link, row.hint) == ("", "", "", "", "")
    assert (row.message, row.outcome) == (posted("a").message, Outcome.CLEAN)


async def test_a_question_keeps_what_its_answer_needs(db: Database, clock: Clock) -> None:
    """Whom to answer, and where."""
    inbox, cases = SqlInbox(db, clock), SqlCases(db, clock, KEEP)
    await inbox.accept([event("a", author=PERSON, intent=Intent.QUERY, answer_to="token")])
    (waiting,) = await inbox.claim(1, LEASE)
    number = await cases.conclude(waiting, "aa", Verdict(outcome=Outcome.CLEAN), Mode.OFF, (Act.ANSWER,))
    assert number
    assert (await cases.get(number)).event.answer_to == "token"


async def test_what_is_too_old_goes(db: Database, clock: Clock, privacy: SqlPrivacy) -> None:
    """Rows without a case, and the audit log, whose rest still follows from what is remembered of the cut."""
    await concluded(db, clock, posted("old"), Outcome.CLEAN)
    await concluded(db, clock, posted("case"), Outcome.MATCH)
    clock.turn(days=100)
    await concluded(db, clock, posted("younger"), Outcome.MATCH)
    clock.turn(days=100)
    gone = await privacy.expire()
    async with db.read() as connection:
        images = (await connection.execute(select(inbox.c.image).order_by(inbox.c.id))).scalars().all()
        notes = await connection.scalar(select(func.count()).select_from(audit))

    assert (images, gone >= 2, notes) == (["case", "younger"], True, 1)
    assert await broken_at(db) is None
    clock.turn(days=300)
    await privacy.expire()
    await concluded(db, clock, posted("new"), Outcome.MATCH)
    assert await broken_at(db) is None
    assert await privacy.expire() == 0


async def test_what_a_card_keeps_goes_with_its_evidence(db: Database, clock: Clock, privacy: SqlPrivacy) -> None:
    """Words and thumbnails of a burst's posts are in no file any more, nor is what was read in them; the case stays."""
    inbox, cases = SqlInbox(db, clock), SqlCases(db, clock, KEEP)
    read = Difference(what=What.WORDS, how=How.EXCHANGED, area=0.1, box=(0, 0, 1, 1), before="DAD", after="a read word")
    verdict = replace(SAME, matches=(replace(SAME.matches[0], differs=(read,)),))
    for number in range(3):
        await inbox.accept([replace(posted(f"p{number}"), text=f"what they wrote {number}")])
        (waiting,) = await inbox.claim(1, LEASE)
        await cases.conclude(waiting, "aa", verdict, Mode.FLAG, (Act.CARD,), thumbnail=b"a small picture", late=())
    await cases.decide(1, Decision.VIOLATION, "mo", (), channels=[SPACE.channel])
    before = on_disk(db)
    clock.turn(days=8)
    await SqlMedia(db, clock).expire()
    await privacy.expire()
    after, case = on_disk(db), await cases.get(1)

    told = (b"what they wrote 0", b"what they wrote 2", b"a small picture", b"a read word")
    assert [one in before for one in told] == [True] * 4
    assert [one in after for one in told] == [False] * 4
    assert case.burst and case.burst.posts == 3 and case.standing
    assert case.event.author == PERSON


async def test_a_cut_hides_no_change(db: Database, clock: Clock, privacy: SqlPrivacy) -> None:
    """A row that was changed or removed after the cut still shows."""
    await concluded(db, clock, posted("a"), Outcome.MATCH)
    clock.turn(days=200)
    for name in "bc":
        await concluded(db, clock, posted(name), Outcome.MATCH)
    await privacy.expire()
    async with db.write() as connection:
        first = select(func.min(audit.c.id)).scalar_subquery()
        await connection.execute(audit.delete().where(audit.c.id == first))

    assert await broken_at(db) is not None
