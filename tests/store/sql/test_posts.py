"""The web channel's posts: shown with their verdict, and kept no longer than the channel needs."""

from datetime import timedelta

import pytest
from sqlalchemy import select

import store.sql.posts
from core.errors import NotFound
from core.matches import Match, Verdict
from core.types import Kind, Mode, Outcome, Platform, Reference, Space
from store.sql.cases import SqlCases
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.posts import SqlPosts
from store.sql.tables.house import posts as table
from tests.clock import Clock
from tests.small import KEEP, event

WEB = Space(platform=Platform.WEB, community="web", channel="web")
FOUND = Match(reference=Reference(key="a", collection="b"), kind=Kind.EXACT, confidence=1, cosine=1)
MATCH = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(FOUND,))


@pytest.fixture
def posts(db: Database, clock: Clock, inbox: SqlInbox) -> SqlPosts:
    return SqlPosts(db, clock, inbox)


@pytest.fixture
def cases(db: Database, clock: Clock) -> SqlCases:
    return SqlCases(db, clock, KEEP)


@pytest.fixture
def inbox(db: Database, clock: Clock) -> SqlInbox:
    return SqlInbox(db, clock)


async def test_a_post_comes_back(posts: SqlPosts, clock: Clock) -> None:
    """A post is shown as it was posted, newest first, and its bytes are the uploaded ones."""
    first = await posts.add("ann", "a" * 300, b"bytes")
    second = await posts.add("bo", "b.png", b"more")

    assert await posts.get(first.id) == first
    assert (first.author, first.created_at, first.file_name) == ("ann", clock(), "a" * 200)
    assert await posts.data(first.id) == b"bytes"
    assert await posts.newest() == [second, first]
    assert await posts.newest(limit=1) == [second]


async def test_what_is_not_there_is_told(posts: SqlPosts) -> None:
    """An unknown post is not found, nor are its bytes."""
    for asked in (posts.get("nobody"), posts.data("nobody")):
        with pytest.raises(NotFound):
            await asked


async def test_marks_stay(posts: SqlPosts) -> None:
    """A post is flagged, removed and restored; what is not said stays as it is."""
    post = await posts.add("ann", "a.png", b"bytes")
    await posts.mark(post.id, flagged=True)
    await posts.mark(post.id, removed=True)
    marked = await posts.get(post.id)
    await posts.mark(post.id, removed=False)
    restored = await posts.get(post.id)

    assert (marked.removed, marked.flagged) == (True, True)
    assert (restored.removed, restored.flagged) == (False, True)


async def test_a_post_shows_its_verdict_and_case(posts: SqlPosts, inbox: SqlInbox, cases: SqlCases) -> None:
    """Outcome, reason and case of an image stand on its post, and only there."""
    post, other = await posts.add("ann", "a.png", b"bytes"), await posts.add("bo", "b.png", b"more")
    await inbox.accept([event("x", WEB, message=post.id), event("y", message=other.id)])
    claimed = await inbox.claim(2, timedelta(seconds=60))
    numbers = {one.event.image: await cases.conclude(one, "ff", MATCH, Mode.FLAG) for one in claimed}
    shown, untouched = await posts.get(post.id), await posts.get(other.id)

    assert (shown.outcome, shown.reason, shown.case) == (Outcome.MATCH, "copy", numbers["x"])
    assert (untouched.outcome, untouched.case) == (None, None)


async def test_bytes_of_old_posts_are_dropped(
    db: Database, posts: SqlPosts, inbox: SqlInbox, cases: SqlCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the newest keep theirs, watched or not; but one that waits for its verdict does, however old."""
    monkeypatch.setattr(store.sql.posts, "KEEP_BYTES_OF", 2)
    screened, waiting = await posts.add("ann", "a.png", b"1"), await posts.add("ann", "b.png", b"2")
    await inbox.accept([event("x", WEB, message=screened.id)])
    (claimed,) = await inbox.claim(1, timedelta(seconds=60))
    await cases.conclude(claimed, "ff", Verdict(outcome=Outcome.CLEAN), Mode.FLAG)
    await inbox.accept([event("y", WEB, message=waiting.id)])
    await posts.add("ann", "c.png", b"3")
    await posts.add("ann", "d.png", b"4")
    await posts.add("ann", "e.png", b"5")
    async with db.read() as connection:
        kept = list((await connection.execute(select(table.c.data).order_by(table.c.number))).scalars())

    assert kept == [b"", b"2", b"", b"4", b"5"]
    with pytest.raises(NotFound, match="no longer kept"):
        await posts.data(screened.id)
    assert (await posts.get(screened.id)).outcome is Outcome.CLEAN
