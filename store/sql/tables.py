"""The SQL tables: the truth about everything but the vectors' neighbourhood.

    collections --< reference_images --< vectors          tombstones: removed, the vector store not told yet
        |                 |---< pictures, hashes
        |---< subscriptions --< alerts                    audit: append-only, each row hashes the one before
        |---< invites
    inbox ---- cases --< matches                          media: thumbnails that expire
                 |----< actions   (the outbox)            posts: the web channel's own messages
                 |----< decisions                         reports: who reported which message
                 |----< cases.album (further pictures)    cursors, updates: how far a platform was read
    communities, policies, brakes, api_tokens, meta      screened: embeddings of images of late, where staff chose so
    reference_choices: what a community chose about one reference

Times are UTC, stored as ISO text by SQLAlchemy; ids of references are UUIDv5 (`core.types.reference_id`).
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TextClause,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    false,
    literal,
    text,
)

from core.types import Act

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """SQLite forgets time zones: times go in as UTC and come back as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


class Acts(TypeDecorator[tuple[Act, ...]]):
    """Acts in their order, joined with commas; both "" and NULL are none."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[Act, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002
        return ",".join(act.value for act in value or ())

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Act, ...]:  # noqa: ARG002
        return tuple(Act(word) for word in (value or "").split(",") if word)


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, String, nullable=False, **({"default": ""} | options))


def _time(name: str, **options: Any) -> Column[datetime]:
    return Column(name, UtcDateTime, **options)


def _some(name: str, *columns: str, where: TextClause) -> Index:
    """An index of some rows only, in every database that has such. A query finds it by saying the very same."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


LONG = Integer().with_variant(BigInteger, "postgresql")
"""63 bits and a sign; SQLite's integers have that by themselves."""


def is_word(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """That the column holds this word of ours."""
    return column == plain(str(word))


def plain(value: str | int) -> BindParameter[Any]:
    """A value that stands in the SQL itself: by a parameter SQLite finds no index of some rows."""
    return literal(value, literal_execute=True)


meta = Table("meta", metadata, Column("key", String, primary_key=True), _text("value"))

collections = Table(
    "collections",
    metadata,
    Column("name", String, primary_key=True),
    _text("purpose"),
    _text("owner"),
    _time("created_at", nullable=False),
    _text("metric", default="cosine"),
    Column("similar_at", Float),
)

reference_images = Table(
    "reference_images",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("collection", ForeignKey("collections.name", ondelete="CASCADE"), nullable=False),
    _text("key"),
    _text("title"),
    _text("source_url"),
    _text("owner"),
    _text("rights"),
    _text("note"),
    _text("sha256", index=True),
    _text("pixel_hash"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    _time("added_at", nullable=False),
    Column("parts", Integer, nullable=False),
    Column("revision", LONG, nullable=False, default=1),
    Column("synced_revision", LONG, nullable=False, default=0),
    Column("shrunk", Boolean, nullable=False, default=False),
    _text("damaged", server_default=""),
    UniqueConstraint("collection", "key"),
    Index("ix_reference_images_newest", "collection", "added_at"),
    _some("ix_damaged", "id", where=text("damaged != ''")),
    _some("ix_unsynced", "id", where=text("synced_revision != revision")),
)

vectors = Table(
    "vectors",
    metadata,
    Column("reference", ForeignKey("reference_images.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("halves", LargeBinary, nullable=False),
)

semantic_vectors = Table(
    "semantic_vectors",
    metadata,
    Column("reference", ForeignKey("reference_images.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("space_id", String, primary_key=True),
    Column("halves", LargeBinary, nullable=False),
)

pictures = Table(
    "pictures",
    metadata,
    Column("reference", ForeignKey("reference_images.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("features", LargeBinary, nullable=False),
    Column("logo", LargeBinary, nullable=False),
    Column("words", LargeBinary, nullable=False),
)

hashes = Table(
    "hashes",
    metadata,
    Column("reference", ForeignKey("reference_images.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("bits", LargeBinary(32), nullable=False),
    Column("quality", Integer, nullable=False),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("reference", Uuid, primary_key=True),
    Column("revision", LONG, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("dedupe_key", unique=True),
    _text("platform"),
    _text("community"),
    _text("channel"),
    _text("message"),
    _text("image"),
    _text("author"),
    _text("author_name"),
    _text("file_name"),
    _text("group"),
    _text("link"),
    Column("revision", LONG, nullable=False, default=0),
    _text("intent", default="posted"),
    _text("thread"),
    _text("hint"),
    _text("answer_to"),
    _text("language"),
    _time("received_at", nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    _time("not_before", nullable=False),
    _text("why"),
    Column("outcome", String),
    _text("reason"),
    _text("content"),
    _time("done_at"),
    _some("ix_inbox_open", "platform", "not_before", "id", where=text("outcome IS NULL")),
    Column("judged", Boolean, nullable=False, default=False, server_default=false()),
    Index("ix_inbox_message", "platform", "channel", "message"),
    _some("ix_inbox_web", "message", where=text("platform = 'web'")),
    _some("ix_inbox_unscannable", "reason", "id", where=text("outcome = 'unscannable'")),
    _some("ix_inbox_passing", "done_at", where=text("NOT judged")),
    _some("ix_inbox_group", "platform", "channel", "group", where=text("\"group\" != ''")),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("inbox", ForeignKey("inbox.id"), nullable=False, unique=True),
    Column("album", ForeignKey("cases.id")),
    _text("intent", default="posted"),
    _text("community"),
    _text("sha256"),
    _text("outcome"),
    _text("reason"),
    _text("partial"),
    _text("mode"),
    _text("brake", server_default=""),
    Column("would_have", Acts),
    _text("thumbnail"),
    _time("opened_at", nullable=False),
    _some("ix_cases_album", "album", where=text("album IS NOT NULL")),
    Index("ix_cases_content", "community", "sha256"),
    Index("ix_cases_day", "community", "opened_at"),
    _some("ix_cases_shown", "id", "album", "intent", where=text("album IS NULL AND intent != 'query'")),
    _some("ix_cases_at_home", "community", "id", where=text("album IS NULL AND intent != 'query'")),
    _some("ix_cases_thumbnail", "thumbnail", where=text("thumbnail != ''")),
)

brakes = Table(
    "brakes",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("community", index=True),
    _text("brake"),
    Column("reference", Uuid),
    _time("at", nullable=False),
    _time("released_at"),
    _text("released_by"),
)

matches = Table(
    "matches",
    metadata,
    Column("case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("rank", Integer, primary_key=True),
    Column("reference", Uuid, nullable=False, index=True),
    Column("snapshot", JSON, nullable=False),
    _text("kind"),
    Column("confidence", Float, nullable=False),
    Column("cosine", Float, nullable=False),
    Column("inliers", Integer),
    Column("area", Float, nullable=False),
    Column("quad", JSON),
    Column("frame", Integer, nullable=False),
    Column("claimed", Float),
    _text("content", server_default=""),
    Column("differs", JSON(none_as_null=True)),
    Column("words", JSON(none_as_null=True)),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    _text("decision"),
    _text("by"),
    _time("at", nullable=False),
    _text("undone_by"),
    _time("undone_at"),
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("decision", ForeignKey("decisions.id", ondelete="CASCADE")),
    _text("key", unique=True),
    _text("act"),
    _text("state"),
    _text("detail"),
    _text("receipt"),
    _text("home", server_default=""),
    Column("attempts", Integer, nullable=False, default=0),
    _time("not_before"),
    _time("at", nullable=False),
    _some("ix_actions_receipt", "home", "act", "at", "id", where=text("receipt != ''")),
    _some("ix_actions_waiting", "id", "case", where=text("state = 'waiting'")),
)

policies = Table(
    "policies",
    metadata,
    Column("platform", String, primary_key=True),
    Column("community", String, primary_key=True),
    Column("channel", String, primary_key=True),
    _text("mode"),
    Column("match_at", Float, nullable=False),
    Column("review_at", Float, nullable=False),
    Column("rules", JSON, nullable=False),
    Column("flag", Acts, nullable=False),
    Column("enforce", Acts, nullable=False),
    Column("timeout_s", Integer, nullable=False),
)

communities = Table(
    "communities",
    metadata,
    Column("platform", String, primary_key=True),
    Column("id", String, primary_key=True),
    _text("name"),
    _text("language"),
    _text("log"),
    Column("exempt", JSON, nullable=False),
    Column("ignored_reporters", JSON, nullable=False),
    Column("reporters_needed", Integer, nullable=False),
    Column("reports_an_hour", Integer, nullable=False),
    Column("remember_hours", Integer, nullable=False, default=0),
    _time("set_up_at", nullable=False),
)

reference_choices = Table(
    "reference_choices",
    metadata,
    Column("platform", String, primary_key=True),
    Column("community", String, primary_key=True),
    Column("reference", ForeignKey("reference_images.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("variants", Boolean, nullable=False, default=False),
    _text("by"),
    _time("at", nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("platform", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("message", String, primary_key=True),
    Column("reporter", String, primary_key=True),
    _text("community"),
    _time("at", nullable=False),
    Index("ix_reports_filed", "platform", "reporter", "at"),
    Index("ix_reports_at", "at"),
)

screened = Table(
    "screened",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("platform"),
    _text("community", index=True),
    _text("channel"),
    _text("message"),
    _text("image"),
    _text("link"),
    _time("at", nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    _text("space_id"),
    _text("author", server_default=""),
    UniqueConstraint("platform", "channel", "message", "image"),
    Index("ix_screened_age", "platform", "community", "at"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("collection", ForeignKey("collections.name", ondelete="CASCADE"), nullable=False),
    _text("platform"),
    _text("channel"),
    _text("community"),
    _text("language"),
    _time("created_at", nullable=False),
    UniqueConstraint("collection", "platform", "channel"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription", ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("reference", Uuid, nullable=False),
    Column("snapshot", JSON, nullable=False),
    Column("case", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("count", Integer, nullable=False),
    Column("told", Integer, nullable=False, default=0),
    _text("receipt"),
    Column("attempts", Integer, nullable=False, default=0),
    _time("not_before"),
    _time("first_at", nullable=False),
    _time("last_at", nullable=False),
    Column("withdrawn", Boolean, nullable=False, default=False),
    Index("ix_alerts_burst", "reference", "last_at", "subscription"),
    _some("ix_alerts_due", "id", where=text("count > told")),
)

invites = Table(
    "invites",
    metadata,
    Column("code", String, primary_key=True),
    Column("collection", ForeignKey("collections.name", ondelete="CASCADE"), nullable=False),
    _text("community"),
    _time("expires_at", nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("platform", String, primary_key=True),
    Column("channel", String, primary_key=True),
    _text("cursor"),
)

updates = Table(
    "updates",
    metadata,
    Column("platform", String, primary_key=True),
    Column("number", LONG, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    _time("stored_at", nullable=False),
    _time("done_at"),
    _some("ix_updates_waiting", "platform", "number", where=text("done_at IS NULL")),
    _some("ix_updates_done", "platform", "done_at", where=text("done_at IS NOT NULL")),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    _time("at", nullable=False, index=True),
    _text("who"),
    _text("what"),
    _text("details"),
    _text("previous"),
    _text("hash"),
)

media = Table(
    "media",
    metadata,
    Column("key", String, primary_key=True),
    _text("mime"),
    Column("data", LargeBinary, nullable=False),
    _time("expires_at", nullable=False, index=True),
)

posts = Table(
    "posts",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    _text("author"),
    _text("file_name"),
    _time("created_at", nullable=False),
    Column("removed", Boolean, nullable=False, default=False),
    Column("flagged", Boolean, nullable=False, default=False),
    Column("data", LargeBinary, nullable=False),
    Index("ix_posts_created_at", "created_at"),
    _some("ix_posts_kept", "number", where=text("length(data) > 0")),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("name", String, primary_key=True),
    _text("digest", unique=True),
    _text("scopes"),
    _time("created_at", nullable=False),
    _time("expires_at", nullable=False),
    _time("used_at"),
    _text("community"),
)
