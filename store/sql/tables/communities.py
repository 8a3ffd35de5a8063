"""What communities chose: rules, exceptions, whose collections they watch."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from store.sql.tables.catalogue import collections, reference_images
from store.sql.tables.columns import Acts, metadata, moment, some, string
from store.sql.tables.judged import cases

policies = Table(
    "policies",
    metadata,
    Column("platform", String, primary_key=True),
    Column("community", String, primary_key=True),
    Column("channel", String, primary_key=True),
    string("mode"),
    Column("match_at", Float, nullable=False),
    Column("review_at", Float, nullable=False),
    Column("rules", JSON, nullable=False),
    Column("flag", Acts, nullable=False),
    Column("enforce", Acts, nullable=False),
    Column("timeout_s", Integer, nullable=False),
    Column("purge_s", Integer, nullable=False),
)

communities = Table(
    "communities",
    metadata,
    Column("platform", String, primary_key=True),
    Column("id", String, primary_key=True),
    string("name"),
    string("language"),
    string("log"),
    Column("exempt", JSON, nullable=False),
    Column("ignored_reporters", JSON, nullable=False),
    Column("reporters_needed", Integer, nullable=False),
    Column("reports_an_hour", Integer, nullable=False),
    Column("remember_hours", Integer, nullable=False, default=0),
    Column("include_bots", Boolean),
    string("quarantine"),
    string("ping"),
    moment("set_up_at", nullable=False),
)

reference_choices = Table(
    "reference_choices",
    metadata,
    Column("platform", String, primary_key=True),
    Column("community", String, primary_key=True),
    Column("reference", ForeignKey(reference_images.c.id, ondelete="CASCADE"), primary_key=True, index=True),
    Column("variants", Boolean, nullable=False, default=False),
    string("by"),
    moment("at", nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("collection", ForeignKey(collections.c.name, ondelete="CASCADE"), nullable=False),
    string("platform"),
    string("channel"),
    string("community"),
    string("language"),
    moment("created_at", nullable=False),
    UniqueConstraint("collection", "platform", "channel"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription", ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("reference", Uuid, nullable=False),
    Column("snapshot", JSON, nullable=False),
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("count", Integer, nullable=False),
    Column("told", Integer, nullable=False, default=0),
    string("receipt"),
    Column("attempts", Integer, nullable=False, default=0),
    moment("not_before"),
    moment("first_at", nullable=False),
    moment("last_at", nullable=False),
    Column("withdrawn", Boolean, nullable=False, default=False),
    Index("ix_alerts_burst", "reference", "last_at", "subscription"),
    some("ix_alerts_due", "id", where=text("count > told")),
)

invites = Table(
    "invites",
    metadata,
    Column("code", String, primary_key=True),
    Column("collection", ForeignKey(collections.c.name, ondelete="CASCADE"), nullable=False),
    string("community"),
    moment("expires_at", nullable=False),
)
