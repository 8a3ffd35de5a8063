"""The channels that a decision is about; NULL = all of the community's, as for the decisions of before."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("decisions", sa.Column("channels", sa.JSON(), nullable=True))
