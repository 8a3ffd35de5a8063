"""What the installation keeps for itself: its own channel, how far platforms were read, who may come in."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, false, text

from store.sql.tables.columns import LONG, metadata, moment, some, string

meta = Table("meta", metadata, Column("key", String, primary_key=True), string("value"))

posts = Table(
    "posts",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    string("author"),
    string("file_name"),
    moment("created_at", nullable=False),
    Column("removed", Boolean, nullable=False, default=False),
    Column("flagged", Boolean, nullable=False, default=False),
    Column("data", LargeBinary, nullable=False),
    Index("ix_posts_created_at", "created_at"),
    Column("unseen", Boolean, nullable=False, default=False, server_default=false()),
    some("ix_posts_unseen", "number", where=text("unseen")),
    some("ix_posts_kept", "number", where=text("length(data) > 0")),
)

cursors = Table(
    "cursors",
    metadata,
    Column("platform", String, primary_key=True),
    Column("channel", String, primary_key=True),
    string("cursor"),
)

updates = Table(
    "updates",
    metadata,
    Column("platform", String, primary_key=True),
    Column("number", LONG, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    moment("stored_at", nullable=False),
    moment("done_at"),
    some("ix_updates_waiting", "platform", "number", where=text("done_at IS NULL")),
    some("ix_updates_done", "platform", "done_at", where=text("done_at IS NOT NULL")),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    moment("at", nullable=False, index=True),
    string("who"),
    string("what"),
    string("details"),
    string("previous"),
    string("hash"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("name", String, primary_key=True),
    string("digest", unique=True),
    string("scopes"),
    moment("created_at", nullable=False),
    moment("expires_at", nullable=False),
    moment("used_at"),
    string("community"),
)
