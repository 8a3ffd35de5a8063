"""A case says itself whether a decision is in force, so that the open ones are found however many are decided."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

OPEN = "album IS NULL AND burst IS NULL AND intent != 'query' AND NOT decided"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("cases", sa.Column("decided", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute('UPDATE cases SET decided = true WHERE id IN (SELECT "case" FROM decisions WHERE undone_at IS NULL)')
    op.create_index("ix_cases_open", "cases", ["community", "id"], sqlite_where=sa.text(OPEN))
