"""A second vector a reference, of a model that says what pictures look like; how a collection compares them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("collections", sa.Column("metric", sa.String(), nullable=False, server_default="cosine"))
    op.add_column("collections", sa.Column("similar_at", sa.Float(), nullable=True))
    op.create_table(
        "semantic_vectors",
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.String(), nullable=False),
        sa.Column("halves", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"],
            ["reference_images.id"],
            name=op.f("fk_semantic_vectors_reference_reference_images"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("reference", "part", "space_id", name=op.f("pk_semantic_vectors")),
    )
