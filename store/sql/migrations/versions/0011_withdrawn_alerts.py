"""Alerts that are taken back, because one of their posts was called suspected child abuse."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("alerts", sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
