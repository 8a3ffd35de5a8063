"""Thumbnails: kept for their time and not a second longer."""

from datetime import timedelta

import pytest

from store.sql.db import Database
from store.sql.media import SqlMedia
from tests.clock import Clock


@pytest.fixture
def media(db: Database, clock: Clock) -> SqlMedia:
    return SqlMedia(db, clock)


async def test_a_picture_comes_back(media: SqlMedia) -> None:
    """What was put is got, under a key that nobody guesses."""
    key, other = [await media.put(data, "image/jpeg", timedelta(days=1)) for data in (b"one", b"two")]
    got = await media.get(key)

    assert got
    assert (got.key, got.mime, got.data) == (key, "image/jpeg", b"one")
    assert len(key) >= 24
    assert key != other
    assert await media.get("guess") is None


async def test_a_picture_past_its_time_is_gone(media: SqlMedia, clock: Clock) -> None:
    """Nobody sees a picture whose time is over, even before it is deleted."""
    key = await media.put(b"one", "image/jpeg", timedelta(days=1))
    clock.turn(hours=23)
    assert await media.get(key)
    clock.turn(hours=1)

    assert await media.get(key) is None


async def test_expiring_deletes_what_is_due_only(media: SqlMedia, clock: Clock) -> None:
    """Of two pictures the older goes first, each counted once."""
    await media.put(b"one", "image/jpeg", timedelta(days=1))
    later = await media.put(b"two", "image/jpeg", timedelta(days=2))
    assert await media.expire() == 0
    clock.turn(days=1)

    assert await media.expire() == 1
    assert await media.expire() == 0
    assert await media.get(later)
