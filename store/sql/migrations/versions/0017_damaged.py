"""What of a reference can't be read back: such references are set aside until they are added again."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("reference_images", sa.Column("damaged", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_damaged", "reference_images", ["id"], sqlite_where=sa.text("damaged != ''"))
