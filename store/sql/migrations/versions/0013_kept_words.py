"""The words that were read in a reference's stored picture; older references are read anew by each search."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("pictures", sa.Column("words", sa.LargeBinary(), nullable=False, server_default=sa.text("x''")))
