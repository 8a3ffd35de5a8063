"""What was written with a post: for moderators, and for an undo that posts it again."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("inbox", sa.Column("text", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_inbox_text", "inbox", ["id"], sqlite_where=sa.text("text != ''"))
