"""What is kept of the frames of cases, so that a decision holds for edits of an image, too."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.create_table(
        "case_frames",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_frames"),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_case_frames_case", ondelete="CASCADE"),
    )
    op.create_index("ix_case_frames_case", "case_frames", ["case"])
