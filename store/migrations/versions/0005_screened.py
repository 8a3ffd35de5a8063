"""What is learnt from screening: the confidence before experience lowered it; images remembered for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("matches", sa.Column("claimed", sa.Float(), nullable=True))
