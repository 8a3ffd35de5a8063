"""What databases lack that were made in the first days of 0.1.0, when two migrations were still changed after a use.

tombstones.revision: the first schema had none until a burial was marked. A mark of before is 0: no later one is.
hashes: for a while features came before hashes, and whoever had been there by then was never given that table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    there = sa.inspect(op.get_bind())
    if "revision" not in {column["name"] for column in there.get_columns("tombstones")}:
        op.add_column("tombstones", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    if not there.has_table("hashes"):
        _make_hashes()


def _make_hashes() -> None:
    """As the third migration does."""
    op.create_table(
        "hashes",
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("bits", sa.LargeBinary(32), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"], ["reference_images.id"], name=op.f("fk_hashes_reference"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reference", "part", name=op.f("pk_hashes")),
    )
