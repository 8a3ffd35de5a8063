"""Packed local features beside each stored picture; those of older references are found when they are first needed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("pictures", sa.Column("features", sa.LargeBinary(), nullable=False, server_default=sa.text("x''")))
