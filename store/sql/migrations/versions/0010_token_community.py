"""Tokens that are limited to one community."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("api_tokens", sa.Column("community", sa.String(), nullable=False, server_default=""))
