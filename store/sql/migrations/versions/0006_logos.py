"""What is kept of a logo beside its stored picture; older references have nothing until they are added again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("pictures", sa.Column("logo", sa.LargeBinary(), nullable=False, server_default=sa.text("x''")))
