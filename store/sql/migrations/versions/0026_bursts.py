"""Posts of one reference within a while are one case: the further ones name the first."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

SHOWN = "album IS NULL AND burst IS NULL AND intent != 'query'"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    burst = sa.Column("burst", sa.Integer(), sa.ForeignKey("cases.id", name="fk_cases_burst"), nullable=True)
    op.add_column("cases", burst, inline_references=True)
    op.create_index("ix_cases_burst", "cases", ["burst", "id"], sqlite_where=sa.text("burst IS NOT NULL"))
    first = sa.text("album IS NULL AND burst IS NULL")
    op.create_index("ix_cases_first", "cases", ["community", "opened_at"], sqlite_where=first)
    for name, columns in (("shown", ["id", "album", "intent"]), ("at_home", ["community", "id"])):
        op.drop_index(f"ix_cases_{name}", "cases")
        op.create_index(f"ix_cases_{name}", "cases", columns, sqlite_where=sa.text(SHOWN))
