"""In which second of a video a match was found."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("matches", sa.Column("second", sa.Float(), nullable=True))
