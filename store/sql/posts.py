"""Messages of the built-in web channel. Here Resight itself is the platform, so the upload is kept as posted.

A post and its row of the inbox are written in one transaction: what is shown is screened, and what is refused took
nothing. Only the newest posts keep their bytes, and those that wait for their verdict: the channel is a place to try
moderation out, not an archive.
"""

import contextlib
import secrets

from sqlalchemy import Row, Select, and_, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.cases import Post
from core.errors import DiskFull, NotFound, ResightError
from core.ports import Clock
from core.types import ImageEvent, Intent, Outcome, Platform
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.tables.columns import is_word, plain
from store.sql.tables.house import posts
from store.sql.tables.judged import cases, inbox

KEEP_BYTES_OF = 200
EMPTIED_AT_ONCE = 20
"""Posts that lose their bytes with one new post, at most: a long history at once would fill the write-ahead log."""

OF_A_POST = and_(is_word(inbox.c.platform, Platform.WEB), inbox.c.message == posts.c.id)
UNSEEN = text("posts.unseen")
HAS_BYTES = func.length(posts.c.data) > plain(0)


class SqlPosts:
    """`core.chat_ports.Posts` on the SQL database; `inbox` says whether there is room."""

    def __init__(self, db: Database, clock: Clock, inbox: SqlInbox) -> None:
        self._db = db
        self._clock = clock
        self._inbox = inbox

    async def add(self, author: str, file_name: str, data: bytes, *, event: ImageEvent | None = None) -> Post:
        """See `core.chat_ports.Posts.add`."""
        name = event.message if event else secrets.token_urlsafe(9)
        post = Post(id=name, author=author, file_name=file_name[:200], created_at=self._clock())
        try:
            async with self._db.write() as connection:
                await self._keep(connection, post, data, event)
        except DiskFull:
            with contextlib.suppress(ResightError):
                await self._db.scrub()  # the log gives back what the attempt took
            raise
        return post

    async def _keep(self, connection: AsyncConnection, post: Post, data: bytes, event: ImageEvent | None) -> None:
        """Store a post and, before, delete the bytes of old ones, so that the new ones take their room."""
        number = (await connection.scalar(select(func.max(posts.c.number))) or 0) + 1
        old = (await connection.execute(_old(number))).all()
        size = len(data) + sum(row.size for row in old)
        if event:
            await self._inbox.join(connection, event, size)
        else:
            self._inbox.check_room(size)
        await connection.execute(update(posts).where(posts.c.id.in_([row.id for row in old])).values(data=b""))
        row = {"id": post.id, "author": post.author, "file_name": post.file_name, "created_at": post.created_at}
        await connection.execute(insert(posts).values(**row, number=number, data=data))

    async def get(self, post: str) -> Post:
        """See `core.chat_ports.Posts.get`."""
        async with self._db.read() as connection:
            row = (await connection.execute(_posts().where(posts.c.id == post))).first()
        if row is None:
            raise NotFound("There is no such post.")
        return _post(row)

    async def data(self, post: str) -> bytes:
        """See `core.chat_ports.Posts.data`."""
        async with self._db.read() as connection:
            data = await connection.scalar(select(posts.c.data).where(posts.c.id == post))
        if not data:
            raise NotFound("The uploaded file is no longer kept.")
        return bytes(data)

    async def newest(self, limit: int = 50) -> list[Post]:
        """See `core.chat_ports.Posts.newest`."""
        async with self._db.read() as connection:
            return [_post(row) for row in await connection.execute(_posts().limit(limit))]

    async def unseen(self, limit: int = 100) -> list[Post]:
        """See `core.chat_ports.Posts.unseen`."""
        asked = _posts().where(UNSEEN).order_by(None).order_by(posts.c.number).limit(limit)
        async with self._db.read() as connection:
            return [_post(row) for row in await connection.execute(asked)]

    async def see_to(self, post: Post, event: ImageEvent | None) -> None:
        """See `core.chat_ports.Posts.see_to`."""
        async with self._db.write() as connection:
            if event:
                await self._inbox.join(connection, event, 0)
            await connection.execute(update(posts).where(posts.c.id == post.id).values(unseen=False))

    async def mark(self, post: str, *, removed: bool | None = None, flagged: bool | None = None) -> None:
        """See `core.chat_ports.Posts.mark`."""
        wanted = {"removed": removed, "flagged": flagged}
        changes = {name: value for name, value in wanted.items() if value is not None}
        async with self._db.write() as connection:
            await connection.execute(update(posts).where(posts.c.id == post).values(**changes))


def _old(number: int) -> Select[tuple[str, int]]:
    """Return the query for posts, oldest first, that lose their bytes once there is one of this number."""
    waits = select(inbox.c.id).where(OF_A_POST, inbox.c.outcome.is_(None)).exists()
    asked = select(posts.c.id, func.length(posts.c.data).label("size")).where(HAS_BYTES, ~waits)
    return asked.where(posts.c.number <= number - KEEP_BYTES_OF).order_by(posts.c.number).limit(EMPTIED_AT_ONCE)


def _posts() -> Select[tuple[object, ...]]:
    own_row = and_(OF_A_POST, inbox.c.intent == Intent.POSTED.value)  # a report of the same post is another row
    plain = [column for column in posts.c if column.name != "data"]
    return (
        select(*plain, inbox.c.outcome, inbox.c.reason, cases.c.id.label("case"))
        .outerjoin(inbox, own_row)
        .outerjoin(cases, cases.c.inbox == inbox.c.id)
        .order_by(posts.c.number.desc())
    )


def _post(row: Row[tuple[object, ...]]) -> Post:
    values = {name: getattr(row, name) for name in ("id", "author", "file_name", "created_at", "removed", "flagged")}
    outcome = Outcome(row.outcome) if row.outcome else None
    return Post(**values, outcome=outcome, reason=row.reason or "", case=row.case)
