"""What differs between a match and its reference, and what a community chose about one reference.

Words that were read are apart from the rest, because they go earlier.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("matches", sa.Column("content", sa.String(), nullable=False, server_default=""))
    op.add_column("matches", sa.Column("differs", sa.JSON(), nullable=True))
    op.add_column("matches", sa.Column("words", sa.JSON(), nullable=True))
    op.create_table(
        "reference_choices",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("variants", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "community", "reference", name=op.f("pk_reference_choices")),
        sa.ForeignKeyConstraint(
            ["reference"],
            ["reference_images.id"],
            name=op.f("fk_reference_choices_reference_reference_images"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_reference_choices_reference"), "reference_choices", ["reference"])
