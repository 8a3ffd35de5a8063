"""What is looked for: collections, their references, and each picture as numbers."""

from sqlalchemy import (
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
    text,
)

from store.sql.tables.columns import LONG, metadata, moment, some, string

collections = Table(
    "collections",
    metadata,
    Column("name", String, primary_key=True),
    string("purpose"),
    string("owner"),
    moment("created_at", nullable=False),
    string("metric", default="cosine"),
    Column("similar_at", Float),
)

reference_images = Table(
    "reference_images",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("collection", ForeignKey("collections.name", ondelete="CASCADE"), nullable=False),
    string("key"),
    string("title"),
    string("source_url"),
    string("owner"),
    string("rights"),
    string("note"),
    string("sha256", index=True),
    string("pixel_hash"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    moment("added_at", nullable=False),
    Column("parts", Integer, nullable=False),
    Column("revision", LONG, nullable=False, default=1),
    Column("synced_revision", LONG, nullable=False, default=0),
    Column("shrunk", Boolean, nullable=False, default=False),
    string("damaged", server_default=""),
    UniqueConstraint("collection", "key"),
    Index("ix_reference_images_newest", "collection", "added_at"),
    some("ix_damaged", "id", where=text("damaged != ''")),
    some("ix_unsynced", "id", where=text("synced_revision != revision")),
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
