"""Posts of the built-in channel that nobody looked at: a crash once could fall between a post and its row of the inbox.

Nothing told them from posts of an unwatched channel, so all without a row are marked; the next start asks the policy.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

WITHOUT_A_ROW = (
    "UPDATE posts SET unseen = true WHERE NOT EXISTS "
    "(SELECT 1 FROM inbox WHERE inbox.platform = 'web' AND inbox.message = posts.id)"
)


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("posts", sa.Column("unseen", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_posts_unseen", "posts", ["number"], sqlite_where=sa.text("unseen"))
    op.execute(WITHOUT_A_ROW)
