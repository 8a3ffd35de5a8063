"""What goes without anybody asking for it: of clean images, answered questions, and of whatever is too old.

Each test reads the files of the database as they lie on the disk.
"""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from core.chat import Carried
from core.matches import Verdict
from core.types import Act, ActState, Intent, Mode, Outcome
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.keyed import CONTENT_KEY, fingerprint
from store.sql.posts import SqlPosts
from store.sql.privacy import SqlPrivacy
from store.sql.reports import SqlReports
from store.sql.tables.house import posts
from store.sql.tables.judged import actions, cases, inbox
from store.sql.tables.judged import reports as reports_table
from tests.clock import Clock
from tests.small import SPACE, event
from tests.store.sql.court import CLEAN, MATCH, Court
from tests.store.sql.former import former
from tests.store.sql.test_forget import CHAT, NAME, PERSON, answered, asked, found_in, web_post

LONG = timedelta(days=180)
SHA256 = "ab" * 32
GAVE_UP = Verdict(outcome=Outcome.UNSCANNABLE, reason="crash")


@pytest.fixture
def privacy(db: Database, clock: Clock) -> SqlPrivacy:
    return SqlPrivacy(db, clock, LONG)


async def test_a_clean_question_leaves_nothing_of_who_asked(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """Once it is answered neither number, name, chat nor hash is in a file; that one was asked is."""
    number = await asked(court, CLEAN)
    assert found_in(db, PERSON, NAME, SHA256) == [PERSON, NAME, SHA256]
    await answered(court, number)
    await privacy.expire()

    assert found_in(db, PERSON, NAME, SHA256) == []
    assert (await court.cases.get(number)).verdict.outcome is Outcome.CLEAN


async def test_a_question_that_matched_leaves_the_match(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """Who asked goes with the answer, also in public and where the answer could not be sent."""
    number = await asked(court, MATCH, SPACE)
    (action,) = (await court.cases.get(number)).actions
    await court.cases.finish_action(action.id, Carried(state=ActState.FAILED, sentence="too late"))
    await privacy.expire()
    case = await court.cases.get(number)

    assert found_in(db, PERSON, NAME) == []
    assert (case.event.space, case.sha256, len(case.verdict.matches)) == (SPACE, SHA256, 2)


async def test_a_question_of_an_album_is_answered_one_by_one(court: Court) -> None:
    """An answer to one picture takes nothing from another that waits for its own."""
    first = await asked(court, CLEAN)
    second = await court.cases.conclude(
        await court.waiting("r", CHAT, intent=Intent.QUERY, author=PERSON), "ff", CLEAN, Mode.OFF, (Act.ANSWER,)
    )
    await answered(court, first)

    assert second
    assert (await court.cases.get(second)).event.author == PERSON


async def test_a_message_of_a_private_chat_is_known_again(db: Database, court: Court) -> None:
    """Its dedupe key says no number, and yet the same message is taken once, whatever became of the first."""
    received = event("a", CHAT, intent=Intent.QUERY, author="", message="7")
    other = event("a", CHAT, intent=Intent.QUERY, author="", message="8")

    assert await court.inbox.accept([received]) == 1
    assert await SqlInbox(db, court.clock).accept([received, other]) == 1
    async with db.read() as connection:
        keys = (await connection.execute(select(inbox.c.dedupe_key))).scalars().all()
    assert not any(PERSON in key for key in keys)


async def test_a_clean_post_of_the_channel_is_nobodys(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """Author and file name go with the verdict, as on any platform; the upload stays to be seen."""
    post = await web_post(court, CLEAN)
    kept = await SqlPosts(db, court.clock, court.inbox).get(post)
    await privacy.expire()

    assert (kept.author, kept.file_name, kept.outcome) == ("", "", Outcome.CLEAN)
    assert found_in(db, NAME, "mine.jpg") == []
    assert await SqlPosts(db, court.clock, court.inbox).data(post) == b"an upload with EXIF"


async def test_a_post_with_a_case_keeps_its_author(db: Database, court: Court) -> None:
    """Moderators must know whose it is."""
    post = await web_post(court, MATCH)

    assert (await SqlPosts(db, court.clock, court.inbox).get(post)).author == NAME


async def test_posts_without_a_case_end(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """Author, file name and upload of what could not be looked at go after their time; with a case they stay."""
    await web_post(court, GAVE_UP, b"an upload nobody could look at")
    judged = await web_post(court, MATCH, b"an upload with a case")
    court.clock.turn(days=181)
    young = await web_post(court, GAVE_UP, b"an upload of today")
    await privacy.expire()
    async with db.read() as connection:
        left = (await connection.execute(select(posts.c.id).order_by(posts.c.number))).scalars().all()

    assert list(left) == [judged, young]
    assert found_in(db, "an upload nobody could look at") == []


async def test_a_post_that_waits_is_not_too_old(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """Its bytes are needed for its verdict, however long that takes."""
    post = await web_post(court, None)
    court.clock.turn(days=181)
    await privacy.expire()

    assert await SqlPosts(db, court.clock, court.inbox).data(post)


async def test_old_questions_end_with_their_cases(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """Nobody moderates a question, so its case ends with its row; those of posts stay."""
    question, post = await asked(court, MATCH), await court.case("p")
    await answered(court, question)
    court.clock.turn(days=181)
    await privacy.expire()
    async with db.read() as connection:
        left = (await connection.execute(select(cases.c.id))).scalars().all()
        hanging = await connection.scalar(select(func.count()).select_from(actions))
        rows = await connection.scalar(select(func.count()).select_from(inbox))

    assert (list(left), hanging, rows) == ([post], 0, 1)
    assert found_in(db, SHA256) == []


async def test_old_reports_end_on_their_own(db: Database, clock: Clock, privacy: SqlPrivacy) -> None:
    """Who reported what goes after its time, also where nothing else is as old."""
    await SqlReports(db, clock).file(SPACE, "m", PERSON)
    clock.turn(days=181)
    await privacy.expire()
    async with db.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(reports_table)) == 0

    assert found_in(db, PERSON) == []


async def test_the_write_ahead_log_is_emptied_each_minute(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """What a verdict deleted is still in the log; the next clean-up takes it out, though there is nothing to delete."""
    await court.cases.conclude(await court.waiting("a", author=PERSON), "ff", CLEAN, Mode.DRY_RUN)
    assert found_in(db, PERSON) == [PERSON]
    assert await privacy.expire() == 0

    assert found_in(db, PERSON) == []


async def test_a_reader_that_does_not_end_is_told(db: Database, court: Court) -> None:
    """The log can't be emptied while somebody reads an older state: that is said, and done later."""
    await court.waiting("a")
    with closing(sqlite3.connect(db.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM inbox").fetchone()
        await court.waiting("b")
        assert not await db.scrub(0.1)

    assert await db.scrub(0.1)


async def test_the_write_ahead_log_is_emptied_after_somebody_else_copied_it(db: Database) -> None:
    """SQLite tells at once that another one is copying, and waits for no end of that: we do."""
    reader, other = (sqlite3.connect(db.path, 5, check_same_thread=False, isolation_level=None) for _ in range(2))
    with closing(reader), closing(other):
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM meta").fetchall()
        await db.set_meta("key", "value")
        copying = asyncio.create_task(asyncio.to_thread(other.execute, "PRAGMA wal_checkpoint(TRUNCATE)"))
        await asyncio.sleep(0.3)
        scrubbing = asyncio.create_task(db.scrub(20))
        await asyncio.sleep(0.3)
        reader.execute("COMMIT")

        emptied = await scrubbing
        await copying

    assert emptied


@pytest.mark.parametrize("name", ["write", "read"])
async def test_deleted_bytes_are_written_over(db: Database, name: str) -> None:
    """Every connection of ours says so, whatever this SQLite was built to do."""
    async with getattr(db, name)() as connection:
        assert await connection.scalar(text("PRAGMA secure_delete")) == 1


async def test_what_was_kept_before_is_emptied_once(tmp_path: Path) -> None:
    """An older database loses answered questions' people and clean posts' authors; what waits keeps what it needs."""
    path = tmp_path / "resight.db"
    with former(path, "0013") as plain:
        columns = [row[1] for row in plain.execute("PRAGMA table_info(inbox)")]
        common = {
            **dict.fromkeys(columns, ""),
            "platform": "telegram",
            "channel": PERSON,
            "author": PERSON,
            "author_name": NAME,
            "intent": "query",
            "revision": 0,
            "attempts": 1,
            "received_at": "2026-05-01 00:00:00",
            "not_before": "2026-05-01 00:00:00",
        }
        for number, outcome, state in ((1, "clean", "done"), (2, "match", "waiting"), (3, None, "")):
            row = common | {"id": number, "message": str(number), "outcome": outcome, "done_at": None}
            row |= {"dedupe_key": f"telegram/{PERSON}/{number}/q/0/query", "image": "q"}
            put(plain, "inbox", row)
            if state:
                case = {"id": number, "inbox": number, "intent": "query", "community": "", "sha256": SHA256}
                case |= {"outcome": outcome, "reason": "", "partial": "", "mode": "off", "thumbnail": ""}
                put(plain, "cases", case | {"opened_at": "2026-05-01 00:00:00"})
                act = {"id": number, "case": number, "key": f"{number}:verdict:answer", "act": "answer", "state": state}
                act |= {"detail": "", "receipt": f"{PERSON}:1:photo", "attempts": 1, "at": "2026-05-01 00:00:00"}
                put(plain, "actions", act)
        post = {"id": "p", "number": 1, "author": NAME, "file_name": "mine.jpg", "removed": 0, "flagged": 0}
        put(plain, "posts", post | {"data": b"upload", "created_at": "2026-05-01 00:00:00"})
        web = {"id": 4, "platform": "web", "community": "web", "channel": "channel", "message": "p", "author": ""}
        put(plain, "inbox", common | web | {"author_name": "", "intent": "posted", "outcome": "clean", "done_at": None})
        plain.commit()
    async with Database.open(path) as db, db.read() as connection:
        rows = (await connection.execute(select(inbox).order_by(inbox.c.id))).mappings().all()
        hashes = (await connection.execute(select(cases.c.sha256).order_by(cases.c.id))).scalars().all()
        receipts = (await connection.execute(select(actions.c.receipt).order_by(actions.c.id))).scalars().all()
        key = bytes.fromhex(await connection.scalar(text(f"SELECT value FROM meta WHERE key = '{CONTENT_KEY}'")) or "")
        (kept,) = (await connection.execute(select(posts))).mappings().all()

    assert [(row["author"], row["channel"]) for row in rows[:3]] == [("", ""), (PERSON, PERSON), (PERSON, PERSON)]
    assert [row["dedupe_key"] for row in rows[:3]] == [
        fingerprint(key, f"telegram/{PERSON}/{number}/q/0/query") for number in (1, 2, 3)
    ]
    assert (list(hashes), list(receipts)) == (["", SHA256], ["", f"{PERSON}:1:photo"])
    assert (kept["author"], kept["file_name"], kept["data"]) == ("", "", b"upload")


def put(plain: sqlite3.Connection, table: str, row: dict[str, object]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    plain.execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(row))})', list(row.values()))
