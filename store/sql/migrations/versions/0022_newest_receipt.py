"""The community of an action that left a receipt, and an index by which its newest one is found."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

HAS_RECEIPT = "receipt != ''"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("actions", sa.Column("home", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE actions SET home = (SELECT community FROM cases WHERE cases.id = actions.\"case\") WHERE receipt != ''"
    )
    where = sa.text(HAS_RECEIPT)
    columns = ["home", "act", "at", "id"]
    op.create_index("ix_actions_receipt", "actions", columns, sqlite_where=where, postgresql_where=where)
