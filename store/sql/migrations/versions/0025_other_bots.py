"""Whether the posts of other bots are looked at is a community's own choice; nothing chosen = as the operator says."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("communities", sa.Column("include_bots", sa.Boolean(), nullable=True))
