"""How far each channel was read."""

from core.types import Platform
from store.sql.cursors import SqlCursors
from store.sql.db import Database


async def test_a_new_platform_has_read_nothing(db: Database) -> None:
    """Before the first message there is no cursor."""
    assert await SqlCursors(db).get(Platform.DISCORD) == {}


async def test_cursors_move_channel_by_channel(db: Database) -> None:
    """Each channel's newest cursor is kept, on its platform, and channels that were not named stay."""
    cursors = SqlCursors(db)
    await cursors.advance(Platform.DISCORD, {"a": "1", "b": "2"})
    await cursors.advance("telegram", {"a": "9"})
    await cursors.advance("discord", {"b": "10", "c": "3"})
    await cursors.advance("discord", {})

    assert await cursors.get("discord") == {"a": "1", "b": "10", "c": "3"}
    assert await cursors.get(Platform.TELEGRAM) == {"a": "9"}
