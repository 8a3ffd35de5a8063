"""A post of the built-in channel and its row of the inbox: both or neither, whatever happens in between."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

import store.sql.posts
from core.errors import Busy, DiskFull
from core.types import Platform, Space
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.posts import SqlPosts
from tests.clock import Clock
from tests.small import event
from tests.soak import posts
from tests.store.sql.court import LEASE

WEB = Space(platform=Platform.WEB, community="web", channel="web")
WAITING = replace(event("0", WEB), message="the-post")
DATA = bytes(range(256)) * 400
KILLS = 40


def on_disk(db: Database) -> bytes:
    """The database with its log."""
    return b"".join(path.read_bytes() for path in Path(db.path).parent.glob("resight.db*"))


async def test_a_post_waits_from_the_moment_it_is_there(db: Database, clock: Clock) -> None:
    """It bears the name that its event has, and one claim finds it."""
    inbox = SqlInbox(db, clock)
    channel = SqlPosts(db, clock, inbox)
    post = await channel.add("ann", "a.png", DATA, event=WAITING)
    claimed = await inbox.claim(9, LEASE)

    assert (post.id, await channel.newest()) == ("the-post", [post])
    assert [one.event for one in claimed] == [WAITING]


async def test_a_full_inbox_keeps_nothing_of_a_post(db: Database, clock: Clock) -> None:
    """It is refused as one that may be tried again, and neither a row nor a byte of it is there."""
    inbox = SqlInbox(db, clock, most=1)
    channel = SqlPosts(db, clock, inbox)
    await inbox.accept([event("other")])
    with pytest.raises(Busy, match="1 images wait"):
        await channel.add("ann", "a.png", DATA, event=WAITING)

    assert (await channel.newest(), await inbox.depth()) == ([], 1)
    assert DATA[:512] not in on_disk(db)


@pytest.mark.parametrize("watched", [True, False])
async def test_a_full_disk_keeps_nothing_of_a_post(db: Database, clock: Clock, watched: bool) -> None:
    """What would leave too little room is refused before a byte is written; it counts twice, because the log has it."""
    asked = list[int]()

    def room(more: int) -> bool:
        asked.append(more)
        return more < len(DATA)

    inbox = SqlInbox(db, clock, has_room=room)
    channel = SqlPosts(db, clock, inbox)
    with pytest.raises(DiskFull, match="nearly full"):
        await channel.add("ann", "a.png", DATA, event=WAITING if watched else None)
    small = await channel.add("ann", "b.png", b"small", event=None)

    assert (await channel.newest(), await inbox.depth(), asked[0]) == ([small], 0, 2 * len(DATA))
    assert DATA[:512] not in on_disk(db)


async def test_a_disk_that_is_full_after_all(db: Database, clock: Clock) -> None:
    """Where the database itself finds no room, all of the post is taken back, the log's room, too."""
    channel = SqlPosts(db, clock, SqlInbox(db, clock))
    async with db.write() as connection:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages + 9}"))
    with pytest.raises(DiskFull, match="nothing was changed"):
        await channel.add("ann", "a.png", DATA * 9, event=WAITING)

    assert await channel.newest() == []
    assert DATA[:512] not in on_disk(db)


async def test_an_unwatched_channel_keeps_no_more_bytes_than_any(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody looks, the newest posts keep their bytes, and a long history of before goes a handful at a time."""
    channel = SqlPosts(db, clock, SqlInbox(db, clock))
    for number in range(7):
        await channel.add("ann", f"{number}.png", b"bytes")
    monkeypatch.setattr(store.sql.posts, "KEEP_BYTES_OF", 2)
    monkeypatch.setattr(store.sql.posts, "EMPTIED_AT_ONCE", 4)
    kept = list[int]()
    for _ in range(3):
        await channel.add("ann", "more.png", b"bytes")
        async with db.read() as connection:
            kept.append(await connection.scalar(text("SELECT count(*) FROM posts WHERE length(data) > 0")) or 0)

    assert kept == [4, 2, 2]


def test_a_kill_between_any_two_statements_leaves_both_or_neither(tmp_path: Path) -> None:
    """Killed at every moment of a post in turn: no post is there that nobody will look at, and no row without one."""
    told = posts.apart(tmp_path, KILLS)

    assert (told.kills, told.orphans, told.strays, told.integrity) == (KILLS, 0, 0, "ok")
    assert told.there == told.accepted >= 2
