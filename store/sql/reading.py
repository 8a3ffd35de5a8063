"""Words that were read in members' pictures: kept with the case's evidence picture, and deleted with it.

    conclude --> matches.words, where a picture is kept     expired, suspected abuse, forgotten --drop_words--> NULL

What differs, and where, stays (`matches.differs`): it says nothing of anybody.
"""

from sqlalchemy import ColumnElement, and_, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.sql.tables.judged import cases, matches


async def drop_words(connection: AsyncConnection, whose: ColumnElement[bool]) -> int:
    """Delete the words of these cases, within the caller's transaction; return of how many matches."""
    with_words = and_(matches.c.case.in_(select(cases.c.id).where(whose)), matches.c.words.is_not(None))
    return (await connection.execute(update(matches).where(with_words).values(words=null()))).rowcount
