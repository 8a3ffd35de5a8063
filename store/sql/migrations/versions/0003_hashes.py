"""PDQ hashes of references, one a frame; references that are known by nothing else have no vectors and no pictures.

Rows of before get theirs from the stored pictures by `resight doctor --rebuild`: a migration decodes nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
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
