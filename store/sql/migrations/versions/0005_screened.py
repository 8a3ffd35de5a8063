"""What is learnt from screening: the confidence before experience lowered it; images remembered for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("matches", sa.Column("claimed", sa.Float(), nullable=True))
    op.add_column("communities", sa.Column("remember_hours", sa.Integer(), nullable=False, server_default="0"))
    _make_screened()


def _make_screened() -> None:
    names = ("platform", "community", "channel", "message", "image", "link")
    unique = ("platform", "channel", "message", "image")
    op.create_table(
        "screened",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in names),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.Column("space_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screened")),
        sa.UniqueConstraint(*unique, name=op.f("uq_screened_platform_channel_message_image")),
    )
    op.create_index(op.f("ix_screened_community"), "screened", ["community"], unique=False)
