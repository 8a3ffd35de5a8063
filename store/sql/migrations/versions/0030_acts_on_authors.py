"""How far back a ban deletes, by policy; the role for a quarantine, and the one that new cards call, by community."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
A_DAY = str(24 * 3600)


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("policies", sa.Column("purge_s", sa.Integer(), nullable=False, server_default=A_DAY))
    for name in ("quarantine", "ping"):
        op.add_column("communities", sa.Column(name, sa.String(), nullable=False, server_default=""))
