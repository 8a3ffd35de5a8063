"""Messages of the built-in web channel. Here Resight itself is the platform, so the upload is kept as posted.

Only the newest posts keep their bytes: the channel is a place to try moderation out, not an archive.
"""

import secrets

from sqlalchemy import Row, Select, and_, func, insert, select, update

from core.cases import Post
from core.errors import NotFound
from core.ports import Clock
from core.types import Intent, Outcome, Platform
from store.sql.db import Database
from store.sql.tables import cases, inbox, posts

KEEP_BYTES_OF = 200


class SqlPosts:
    """`core.chat_ports.Posts` on the SQL database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def add(self, author: str, file_name: str, data: bytes) -> Post:
        post = Post(id=secrets.token_urlsafe(9), author=author, file_name=file_name[:200], created_at=self._clock())
        async with self._db.write() as connection:
            number = (await connection.scalar(select(func.max(posts.c.number))) or 0) + 1
            row = {"id": post.id, "author": author, "file_name": post.file_name, "created_at": post.created_at}
            await connection.execute(insert(posts).values(**row, number=number, data=data))
            old = and_(posts.c.number <= number - KEEP_BYTES_OF, posts.c.data != b"")
            screened = select(inbox.c.message).where(
                inbox.c.platform == Platform.WEB.value, inbox.c.outcome.is_not(None)
            )
            await connection.execute(update(posts).where(old, posts.c.id.in_(screened)).values(data=b""))
        return post

    async def get(self, post: str) -> Post:
        async with self._db.read() as connection:
            row = (await connection.execute(_posts().where(posts.c.id == post))).first()
        if row is None:
            raise NotFound("There is no such post.")
        return _post(row)

    async def data(self, post: str) -> bytes:
        async with self._db.read() as connection:
            data = await connection.scalar(select(posts.c.data).where(posts.c.id == post))
        if not data:
            raise NotFound("The uploaded file is no longer kept.")
        return bytes(data)

    async def newest(self, limit: int = 50) -> list[Post]:
        async with self._db.read() as connection:
            return [_post(row) for row in await connection.execute(_posts().limit(limit))]

    async def mark(self, post: str, *, removed: bool | None = None, flagged: bool | None = None) -> None:
        wanted = {"removed": removed, "flagged": flagged}
        changes = {name: value for name, value in wanted.items() if value is not None}
        async with self._db.write() as connection:
            await connection.execute(update(posts).where(posts.c.id == post).values(**changes))


def _posts() -> Select[tuple[object, ...]]:
    posted = inbox.c.intent == Intent.POSTED.value  # a report of the same post is another row
    mine = and_(inbox.c.platform == Platform.WEB.value, inbox.c.message == posts.c.id, posted)
    plain = [column for column in posts.c if column.name != "data"]
    return (
        select(*plain, inbox.c.outcome, inbox.c.reason, cases.c.id.label("case"))
        .outerjoin(inbox, mine)
        .outerjoin(cases, cases.c.inbox == inbox.c.id)
        .order_by(posts.c.number.desc())
    )


def _post(row: Row[tuple[object, ...]]) -> Post:
    said = {name: getattr(row, name) for name in ("id", "author", "file_name", "created_at", "removed", "flagged")}
    outcome = Outcome(row.outcome) if row.outcome else None
    return Post(**said, outcome=outcome, reason=row.reason or "", case=row.case)
