"""Cases of one author are found at once: a moderator's card tells how many there were before."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    where = sa.text("judged")
    op.create_index("ix_inbox_author", "inbox", ["author"], sqlite_where=where, postgresql_where=where)
