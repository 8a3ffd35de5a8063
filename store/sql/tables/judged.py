"""What is looked at: images from their receipt to what is done about them, and who decided so."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from store.sql.tables.columns import LONG, Acts, metadata, moment, some, string

SHOWN = "album IS NULL AND burst IS NULL AND intent != 'query'"
"""Condition for the cases that people see in lists: no further pictures of albums, no further posts of bursts."""

OPEN = f"{SHOWN} AND NOT decided"
"""Condition for those of them about which no decision is in force."""

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    string("dedupe_key", unique=True),
    string("platform"),
    string("community"),
    string("channel"),
    string("message"),
    string("image"),
    string("author"),
    string("author_name"),
    string("file_name"),
    string("group"),
    string("link"),
    Column("revision", LONG, nullable=False, default=0),
    string("intent", default="posted"),
    string("thread"),
    string("hint"),
    string("answer_to"),
    string("language"),
    string("text", server_default=""),
    moment("received_at", nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    moment("not_before", nullable=False),
    string("why"),
    Column("outcome", String),
    string("reason"),
    string("content"),
    moment("done_at"),
    some("ix_inbox_open", "platform", "not_before", "id", where=text("outcome IS NULL")),
    Column("judged", Boolean, nullable=False, default=False, server_default=false()),
    Index("ix_inbox_message", "platform", "channel", "message"),
    some("ix_inbox_web", "message", where=text("platform = 'web'")),
    some("ix_inbox_unscannable", "reason", "id", where=text("outcome = 'unscannable'")),
    some("ix_inbox_author", "author", where=text("judged")),
    some("ix_inbox_passing", "done_at", where=text("NOT judged")),
    some("ix_inbox_text", "id", where=text("text != ''")),
    some("ix_inbox_group", "platform", "channel", "group", where=text("\"group\" != ''")),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("inbox", ForeignKey("inbox.id"), nullable=False, unique=True),
    Column("album", ForeignKey("cases.id")),
    Column("burst", ForeignKey("cases.id")),
    string("intent", default="posted"),
    string("community"),
    string("sha256"),
    string("outcome"),
    string("reason"),
    string("partial"),
    string("mode"),
    string("brake", server_default=""),
    Column("would_have", Acts),
    string("thumbnail"),
    moment("opened_at", nullable=False),
    Column("decided", Boolean, nullable=False, default=False, server_default=false()),
    some("ix_cases_album", "album", where=text("album IS NOT NULL")),
    Index("ix_cases_content", "community", "sha256"),
    Index("ix_cases_day", "community", "opened_at"),
    some("ix_cases_burst", "burst", "id", where=text("burst IS NOT NULL")),
    some("ix_cases_first", "community", "opened_at", where=text("album IS NULL AND burst IS NULL")),
    some("ix_cases_shown", "id", "album", "intent", where=text(SHOWN)),
    some("ix_cases_at_home", "community", "id", where=text(SHOWN)),
    some("ix_cases_open", "community", "id", where=text(OPEN)),
    some("ix_cases_thumbnail", "thumbnail", where=text("thumbnail != ''")),
)

matches = Table(
    "matches",
    metadata,
    Column("case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("rank", Integer, primary_key=True),
    Column("reference", Uuid, nullable=False, index=True),
    Column("snapshot", JSON, nullable=False),
    string("kind"),
    Column("confidence", Float, nullable=False),
    Column("cosine", Float, nullable=False),
    Column("inliers", Integer),
    Column("area", Float, nullable=False),
    Column("quad", JSON),
    Column("frame", Integer, nullable=False),
    Column("second", Float),
    Column("claimed", Float),
    string("content", server_default=""),
    Column("differs", JSON(none_as_null=True)),
    Column("words", JSON(none_as_null=True)),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    string("decision"),
    string("by"),
    moment("at", nullable=False),
    Column("channels", JSON(none_as_null=True)),
    string("undone_by"),
    moment("undone_at"),
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("decision", ForeignKey("decisions.id", ondelete="CASCADE")),
    string("key", unique=True),
    string("act"),
    string("state"),
    string("detail"),
    string("receipt"),
    string("home", server_default=""),
    Column("attempts", Integer, nullable=False, default=0),
    moment("not_before"),
    moment("at", nullable=False),
    some("ix_actions_receipt", "home", "act", "at", "id", where=text("receipt != ''")),
    some("ix_actions_waiting", "id", "case", where=text("state = 'waiting'")),
)

brakes = Table(
    "brakes",
    metadata,
    Column("id", Integer, primary_key=True),
    string("community", index=True),
    string("brake"),
    Column("reference", Uuid),
    moment("at", nullable=False),
    moment("released_at"),
    string("released_by"),
)

media = Table(
    "media",
    metadata,
    Column("key", String, primary_key=True),
    string("mime"),
    Column("data", LargeBinary, nullable=False),
    moment("expires_at", nullable=False, index=True),
)

case_frames = Table(
    "case_frames",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("frames", Integer, nullable=False),
    string("space_id"),
    Column("hash", LargeBinary),
    Column("vector", LargeBinary),
    Column("picture", LargeBinary),
)
"""Of images with a case; the picture comes last, because decisions are read without it."""

screened = Table(
    "screened",
    metadata,
    Column("id", Integer, primary_key=True),
    string("platform"),
    string("community", index=True),
    string("channel"),
    string("message"),
    string("image"),
    string("link"),
    moment("at", nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    string("space_id"),
    string("author", server_default=""),
    UniqueConstraint("platform", "channel", "message", "image"),
    Index("ix_screened_age", "platform", "community", "at"),
)

reports = Table(
    "reports",
    metadata,
    Column("platform", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("message", String, primary_key=True),
    Column("reporter", String, primary_key=True),
    string("community"),
    moment("at", nullable=False),
    Index("ix_reports_filed", "platform", "reporter", "at"),
    Index("ix_reports_at", "at"),
)
