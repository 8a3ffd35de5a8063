"""A person is everywhere; then somebody asks to be forgotten, and no file on the disk has a byte of them.

Each test plants a person the way the bot would write them, and reads the files of the database afterwards.
"""

import json
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import bindparam, select, text, update

from core.brakes import Brake
from core.cases import ActionRecord
from core.chat import Carried, Community, Subscription
from core.matches import Verdict
from core.types import ADDED_BY, Act, ActState, Collection, Content, Decision, Intent, Mode, Outcome, Platform, Space
from store.sql.alerts import SqlAlerts
from store.sql.audit import broken_at
from store.sql.brakes import SqlBrakes
from store.sql.communities import SqlCommunities
from store.sql.db import Database
from store.sql.posts import SqlPosts
from store.sql.privacy import SqlPrivacy
from store.sql.references import SqlReferences
from store.sql.screened import SqlScreened
from store.sql.tables.house import audit
from store.sql.tables.judged import decisions, inbox, screened
from store.sql.updates import SqlUpdates
from tests.clock import Clock
from tests.small import Toy, entry, event
from tests.store.sql.court import CLEAN, FOUND, LEASE, LOGO, MATCH, Court, match_of

PERSON, NAME = "4815162342", "A person with a telling name"
GROUP = Space(platform=Platform.TELEGRAM, community="-100500", channel="-100500")
CHAT = Space(platform=Platform.TELEGRAM, community="", channel=PERSON)
MATRIX = Space(platform=Platform.MATRIX, community="!space", channel="!room")
WEB = Space(platform=Platform.WEB, community="web", channel="channel")
OF_THEM = {"author": PERSON, "author_name": NAME, "file_name": f"{NAME}.jpg", "hint": "h", "link": "l"}
SENT = Carried(state=ActState.DONE, receipt=f"{PERSON}:77:photo")


@pytest.fixture
def privacy(db: Database, clock: Clock) -> SqlPrivacy:
    return SqlPrivacy(db, clock, timedelta(days=180))


def on_disk(db: Database) -> bytes:
    """Every byte of the database's files."""
    return b"".join(path.read_bytes() for path in Path(db.path).parent.glob("resight.db*"))


def found_in(db: Database, *traces: str) -> list[str]:
    """Those of the traces that stand in a file, as text or as JSON has it."""
    data = on_disk(db)
    return [one for one in traces if one.encode() in data or json.dumps(one)[1:-1].encode() in data]


async def asked(court: Court, verdict: Verdict, space: Space = CHAT, **said: object) -> int:
    """The number of a question's case, whose answer is not sent yet."""
    waiting = await court.waiting("q", space, intent=Intent.QUERY, answer_to="token", **(OF_THEM | said))
    number = await court.cases.conclude(waiting, "ab" * 32, verdict, Mode.OFF, (Act.ANSWER,))
    assert number
    return number


async def answered(court: Court, number: int) -> None:
    (action,) = (await court.cases.get(number)).actions
    await court.cases.finish_action(action.id, SENT)


async def web_post(court: Court, verdict: Verdict | None, data: bytes = b"an upload with EXIF") -> str:
    """A post of the built-in channel under a name; None = it still waits."""
    post = await SqlPosts(court.db, court.clock, court.inbox).add(NAME, "mine.jpg", data)
    waiting = await court.waiting("0", WEB, message=post.id, author=NAME, author_name=NAME, file_name="mine.jpg")
    if verdict:
        await court.cases.conclude(waiting, "ff", verdict, Mode.DRY_RUN)
    return post.id


async def test_the_author_of_posts_everywhere(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """Number, name, file name and thumbnail of posts that matched or could not be looked at are in no file any more."""
    for number, verdict in enumerate((MATCH, Verdict(outcome=Outcome.UNSCANNABLE, reason="timeout"))):
        waiting = await court.waiting(f"p{number}", GROUP, **OF_THEM)
        await court.cases.conclude(waiting, "ff", verdict, Mode.DRY_RUN, thumbnail=b"a thumbnail of theirs")
    assert found_in(db, PERSON, NAME, "a thumbnail of theirs") == [PERSON, NAME, "a thumbnail of theirs"]
    found = await privacy.forget(PERSON, "", "operator")

    assert (found.images, found.thumbnails, found.waiting, found.clean) == (2, 1, 0, True)
    assert found_in(db, PERSON, NAME, "a thumbnail of theirs") == []


async def test_one_of_a_raid_is_forgotten_and_the_others_are_not(
    db: Database, court: Court, privacy: SqlPrivacy
) -> None:
    """Whatever a burst's card says of them: name, number, words, link, and that they were banned; it counts others."""
    settled = replace(FOUND, content=Content.SAME)
    sure = replace(MATCH, matches=(settled,))
    for number, who in enumerate((PERSON, "1001", "1002", PERSON)):
        said = {
            "author": who,
            "author_name": f"{NAME} {who}",
            "text": f"words of {who}",
            "link": f"https://x.org/{who}",
        }
        waiting = await court.waiting(f"p{number}", MATRIX, message=f"m{number}", **said)
        acts = (Act.REMOVE, Act.TELL, Act.BAN)
        await court.cases.conclude(waiting, "ff", sure, Mode.ENFORCE, acts, late=())
    while claimed := await court.cases.claim_actions(100):
        for action in claimed:
            await court.cases.finish_action(action.id, as_on_matrix(action))
    async with db.write() as connection:
        tried = update(inbox).where(inbox.c.author == PERSON)
        await connection.execute(tried.values(why=f"no answer about {PERSON}"))
    before = await court.cases.get(1)
    await privacy.forget(PERSON, "", "operator")
    after = await court.cases.get(1)

    assert before.burst and (before.burst.posts, before.burst.people) == (4, 3)
    assert after.burst and (after.burst.posts, after.burst.people) == (4, 2)
    assert found_in(db, PERSON) == []
    assert len(found_in(db, "1001 !room", "1002 !room", "words of 1001", f"{NAME} 1002", "https://x.org/1002")) == 5


def as_on_matrix(action: ActionRecord) -> Carried:
    """What lifts a ban names whom, and the rooms."""
    who = {1: PERSON, 2: "1001", 3: "1002", 4: PERSON}[action.case]
    return Carried(state=ActState.DONE, receipt=f"{who} !room:x.org" if action.act is Act.BAN else "r")


async def test_the_title_of_a_known_image_stays(db: Database, court: Court, clock: Clock, privacy: SqlPrivacy) -> None:
    """It is what staff know the image by; the post that it was made from is forgotten with its words, and its file."""
    references = SqlReferences(db, clock)
    await references.create_collection(Collection(name="brands"))
    titled = replace(
        LOGO, title="Free coins for all", source_url="https://x.org/p/1", note=f"{ADDED_BY}{NAME}", added_at=clock()
    )
    await references.put([replace(entry("logo", collection="brands"), reference=titled)])
    said = {**OF_THEM, "text": "Free coins for all\nask me, I am Person Telling", "file_name": "coins-of-person.png"}
    waiting = await court.waiting("p", GROUP, **said)
    await court.cases.conclude(waiting, "ff", match_of(titled), Mode.DRY_RUN)
    await privacy.forget(PERSON, "", "operator")
    await privacy.forget(NAME, "", "operator")

    assert len(found_in(db, "Free coins for all", "https://x.org/p/1")) == 2
    assert found_in(db, PERSON, NAME, "I am Person Telling", "coins-of-person.png") == []


async def test_a_title_of_before_stays_in_cases_and_for_a_while_in_the_log(
    db: Database, court: Court, clock: Clock, privacy: SqlPrivacy
) -> None:
    """Whoever renames an image changes what it is called from now on, not what cases say that it was called."""
    references = SqlReferences(db, clock)
    await references.create_collection(Collection(name="brands"))
    titled = replace(LOGO, title="Words of a post", added_at=clock())
    await references.put([replace(entry("logo", collection="brands"), reference=titled)])
    waiting = await court.waiting("p", GROUP, **OF_THEM)
    number = await court.cases.conclude(waiting, "ff", match_of(titled), Mode.DRY_RUN)
    assert number
    await references.retitle(titled.id, "Koi", NAME)
    best = (await court.cases.get(number)).verdict.best
    async with db.read() as connection:
        before = str((await connection.execute(select(audit.c.details))).scalars().all())
    clock.turn(days=181)
    await privacy.expire()
    async with db.read() as connection:
        after = str((await connection.execute(select(audit.c.details))).scalars().all())

    assert best and best.reference.title == "Words of a post"
    assert ("Words of a post" in before, "Words of a post" in after) == (True, False)


async def test_posts_of_the_channel_go_with_their_upload(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """The whole post goes, EXIF included; one that waits for its verdict is told, and goes with the next call."""
    await web_post(court, MATCH, b"the first upload with EXIF")
    await web_post(court, None, b"the second upload with EXIF")
    first = await privacy.forget(NAME, "", "operator")
    left = found_in(db, "the first upload with EXIF", "the second upload with EXIF")
    court.clock.turn(minutes=5)
    (waiting,) = await court.inbox.claim(1, LEASE)
    await court.cases.conclude(waiting, "ff", MATCH, Mode.DRY_RUN)
    second = await privacy.forget(NAME, "web", "operator")

    assert (first.posts, first.waiting, left) == (1, 1, ["the second upload with EXIF"])
    assert (second.posts, second.waiting) == (1, 0)
    assert found_in(db, "the second upload with EXIF", NAME, "mine.jpg") == []


async def test_posts_stay_where_another_platform_is_meant(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """The same name may be another person elsewhere."""
    await web_post(court, MATCH)

    assert (await privacy.forget(NAME, "discord", "operator")).posts == 0
    assert found_in(db, "an upload with EXIF")


async def test_a_question_that_is_not_answered_waits(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """The answer needs its chat, so the question is told; once answered nothing of it is left to be forgotten."""
    number = await asked(court, MATCH)
    assert (await privacy.forget(PERSON, "", "operator")).waiting == 1
    await answered(court, number)

    assert (await privacy.forget(PERSON, "", "operator")).waiting == 0
    assert found_in(db, PERSON, NAME) == []


async def test_embeddings_of_clean_images_go_with_their_author(
    db: Database, court: Court, clock: Clock, privacy: SqlPrivacy
) -> None:
    """A clean image has no author any more, yet what is remembered of it is found by a fingerprint; others' stays."""
    remembered = SqlScreened(db, clock)
    for image, author in (("theirs", PERSON), ("others", "bo")):
        received = event(image, author=author)
        await remembered.remember(received, Toy.spec, np.eye(Toy.spec.dim, dtype=np.float32)[:1])
        await court.cases.conclude(await court.claimed(received), "ff", CLEAN, Mode.DRY_RUN)
    await db.scrub()
    await privacy.forget(PERSON, "", "operator")
    async with db.read() as connection:
        left = (await connection.execute(select(screened.c.message))).scalars().all()

    assert list(left) == ["m-others"]


async def test_embeddings_from_before_there_were_fingerprints_go_by_their_message(
    db: Database, court: Court, clock: Clock, privacy: SqlPrivacy
) -> None:
    """What an older Resight remembered says nobody's name: it goes with images of the same message, others' stay."""
    remembered, one = SqlScreened(db, clock), np.eye(Toy.spec.dim, dtype=np.float32)[:1]
    theirs = event("theirs", author=PERSON)
    other_messages = [replace(theirs, message="m-others"), replace(theirs, space=replace(theirs.space, channel="else"))]
    for received in (theirs, *other_messages, replace(theirs, space=replace(theirs.space, platform=Platform.WEB))):
        await remembered.remember(received, Toy.spec, one)
    async with db.write() as connection:
        await connection.execute(update(screened).values(author=""))
    await court.cases.conclude(await court.claimed(theirs), "ff", MATCH, Mode.DRY_RUN)
    await privacy.forget(PERSON, "", "operator")
    async with db.read() as connection:
        left = (await connection.execute(select(screened.c.platform, screened.c.channel, screened.c.message))).all()

    assert {tuple(row) for row in left} == {
        ("discord", "pictures", "m-others"),
        ("discord", "else", "m-theirs"),
        ("web", "pictures", "m-theirs"),
    }


async def test_embeddings_of_the_same_number_elsewhere_stay(db: Database, clock: Clock, privacy: SqlPrivacy) -> None:
    """A fingerprint is of a platform's number."""
    await SqlScreened(db, clock).remember(
        event("a", author=PERSON), Toy.spec, np.eye(Toy.spec.dim, dtype=np.float32)[:1]
    )
    await privacy.forget(PERSON, "telegram", "operator")
    async with db.read() as connection:
        assert len((await connection.execute(select(screened))).all()) == 1


async def test_names_under_what_was_decided(db: Database, court: Court, clock: Clock, privacy: SqlPrivacy) -> None:
    """Decisions, undone ones, released brakes, added references and the log stay, about nobody; the log is whole."""
    brakes, reference = SqlBrakes(db, clock), replace(LOGO, note=f"{ADDED_BY}{NAME}", added_at=clock())
    references = SqlReferences(db, clock)
    await references.create_collection(Collection(name="brands"))
    await references.put([replace(entry("logo", collection="brands"), reference=reference)])
    number = await court.case("a")
    waiting = await court.waiting("b")
    await court.cases.conclude(waiting, "ff", match_of(reference), Mode.DRY_RUN)
    await court.cases.decide(number, Decision.VIOLATION, NAME, [])
    await court.cases.undo(number, NAME, [])
    await court.cases.decide(number, Decision.ALLOWED, "bo", [])
    await brakes.trip("guild", Brake.DAILY, uuid4())
    await brakes.release("guild", uuid4(), NAME)
    found = await privacy.forget(NAME, "", "operator")
    async with db.read() as connection:
        signed = (await connection.execute(select(decisions.c.by, decisions.c.undone_by))).all()
        who = (await connection.execute(select(audit.c.who))).scalars().all()

    assert found.signatures >= 8
    assert found_in(db, NAME) == []
    assert [tuple(one) for one in signed] == [("", ""), ("bo", "")]
    assert {"bo", "operator", ""} <= set(who)
    assert await broken_at(db) is None
    assert (await court.cases.get(number)).decisions[0].decision is Decision.VIOLATION


async def test_a_broken_log_is_not_mended(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """The name goes, and that somebody had changed a row still shows."""
    number = await court.case("a")
    await court.cases.decide(number, Decision.VIOLATION, NAME, [])
    async with db.write() as connection:
        await connection.execute(update(audit).where(audit.c.who == "resight").values(what="nothing"))
    await privacy.forget(NAME, "", "operator")

    assert found_in(db, NAME) == []
    assert await broken_at(db) is not None


async def test_chats_with_them(db: Database, court: Court, clock: Clock, privacy: SqlPrivacy) -> None:
    """Alerts sent to them, a community whose cards they get, receipts and the log lose the number of their chat."""
    await SqlReferences(db, clock).create_collection(Collection(name="brands"))
    alerts, communities = SqlAlerts(db, clock), SqlCommunities(db, clock)
    for place, platform in (
        (PERSON, Platform.TELEGRAM),
        (f"user:{PERSON}", Platform.DISCORD),
        ("-5", Platform.TELEGRAM),
    ):
        await alerts.subscribe(Subscription(collection="brands", platform=platform, channel=place), "ann")
    await communities.put(Community(platform=Platform.TELEGRAM, id="-100500", log=PERSON, exempt=(PERSON,)), "ann")
    number = await court.picture("a", Act.CARD, space=GROUP)
    (card,) = (await court.cases.get(number)).actions
    await court.cases.finish_action(card.id, SENT)
    found = await privacy.forget(PERSON, "", "operator")

    assert (found.alerts, found.lists) == (2, 2)
    assert [one.channel for one in await alerts.subscriptions()] == ["-5"]
    assert (await communities.get("telegram", "-100500")).log == ""
    assert found_in(db, PERSON) == []
    assert await broken_at(db) is None


async def test_a_channel_of_the_same_number_elsewhere_is_no_chat_with_them(court: Court, privacy: SqlPrivacy) -> None:
    """Where a card stands on Discord is not forgotten with a person of Telegram who has the channel's number."""
    number = await court.picture("a", Act.CARD)
    (card,) = (await court.cases.get(number)).actions
    await court.cases.finish_action(card.id, SENT)
    await privacy.forget(PERSON, "telegram", "operator")

    assert (await court.cases.get(number)).receipt(Act.CARD) == SENT.receipt


async def test_a_group_is_no_person(db: Database, court: Court, clock: Clock, privacy: SqlPrivacy) -> None:
    """Who wrote in the name of a group is forgotten; what the group subscribed to stays."""
    await SqlReferences(db, clock).create_collection(Collection(name="brands"))
    alerts = SqlAlerts(db, clock)
    await alerts.subscribe(Subscription(collection="brands", platform=Platform.TELEGRAM, channel="-100500"), "ann")
    await court.cases.conclude(await court.waiting("a", GROUP, author="-100500"), "ff", MATCH, Mode.DRY_RUN)
    found = await privacy.forget("-100500", "", "operator")

    assert (found.images, found.alerts) == (1, 0)


async def test_what_was_not_looked_at_yet_is_told(db: Database, clock: Clock, privacy: SqlPrivacy) -> None:
    """An update of Telegram that waits has its sender in it; it is emptied once it is dealt with."""
    updates = SqlUpdates(db, clock)
    await updates.store("telegram", {7: f'{{"from": {{"id": {PERSON}}}}}'.encode()})
    before = await privacy.forget(PERSON, "", "operator")
    await updates.done("telegram", [7])
    after = await privacy.forget(PERSON, "", "operator")

    assert (before.waiting, after.waiting) == (1, 0)
    assert found_in(db, PERSON) == []


async def test_nothing_is_left_between_the_rows_of_others(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """Rows that grow are moved to other pages, where SQLite leaves copies behind: those are gone, too."""
    dice, later = random.Random(7), update(inbox).where(inbox.c.id == bindparam("row")).values(why=bindparam("long"))
    for number in range(0, 2000, 20):
        said = [OF_THEM if dice.random() < 1 / 3 else {"author": "x" * dice.randrange(300)} for _ in range(20)]
        await court.inbox.accept([event(f"i{number + one}", GROUP, **said[one]) for one in range(20)])
        grown = [{"row": dice.randrange(1, number + 21), "long": "y" * dice.randrange(1500)} for _ in range(10)]
        async with db.write() as connection:
            await connection.execute(later, grown)
    async with db.write() as connection:
        theirs = update(inbox).where(inbox.c.author == PERSON)
        await connection.execute(theirs.values(outcome="unscannable", **dict.fromkeys(OF_THEM, "")))
    assert await db.scrub()
    copies = on_disk(db).count(NAME.encode())
    assert (await privacy.forget(PERSON, "", "operator")).clean

    assert copies > 0  # else this shows nothing
    assert found_in(db, PERSON, NAME) == []
    assert await db.check() == "ok"


async def test_it_is_clean_beside_a_bot_that_writes(db: Database, court: Court, privacy: SqlPrivacy) -> None:
    """Who writes meanwhile, and copies the log as every writer does, waits and loses nothing; the log is emptied."""
    async with db.write() as connection:
        filler = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) SELECT i FROM n"
        said = "INSERT INTO media (key, mime, data, expires_at) SELECT 'k' || i, '', randomblob(200000), :at FROM"
        await connection.execute(text(f"{said} ({filler})"), {"at": "2030-01-01 00:00:00.000000"})
    written, stop = list[int](), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(db.path, timeout=10, isolation_level=None)) as beside:
            while not stop.is_set():
                beside.execute("INSERT OR REPLACE INTO meta VALUES ('beside', ?)", [str(len(written))])
                written.append(1)
                time.sleep(0.02)

    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(write)
        await court.inbox.accept([event("theirs", GROUP, **OF_THEM)])
        found = await privacy.forget(PERSON, "", "operator")
        stop.set()
        working.result()

    assert found.clean
    assert await db.meta("beside") == str(len(written) - 1)
