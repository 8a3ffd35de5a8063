"""Indexes by which every question that is asked again and again finds its rows, however many are done with.

An inbox row says itself whether it has a case: those rows stay, and nobody looks at them again when others go.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

SHOWN = "album IS NULL AND intent != 'query'"

GONE = (
    ("ix_inbox_open", "inbox"),
    ("ix_cases_album", "cases"),
    ("ix_cases_community", "cases"),
    ("ix_cases_sha256", "cases"),
    ("ix_actions_state", "actions"),
    ("ix_alerts_burst", "alerts"),
)

WHOLE = (
    ("ix_alerts_burst", "alerts", ["reference", "last_at", "subscription"]),
    ("ix_cases_content", "cases", ["community", "sha256"]),
    ("ix_cases_day", "cases", ["community", "opened_at"]),
    ("ix_reports_at", "reports", ["at"]),
    ("ix_screened_age", "screened", ["platform", "community", "at"]),
    ("ix_audit_at", "audit", ["at"]),
    ("ix_reference_images_newest", "reference_images", ["collection", "added_at"]),
)

SOME = (
    ("ix_inbox_open", "inbox", ["platform", "not_before", "id"], "outcome IS NULL"),
    ("ix_inbox_web", "inbox", ["message"], "platform = 'web'"),
    ("ix_inbox_unscannable", "inbox", ["reason", "id"], "outcome = 'unscannable'"),
    ("ix_inbox_passing", "inbox", ["done_at"], "NOT judged"),
    ("ix_cases_album", "cases", ["album"], "album IS NOT NULL"),
    ("ix_cases_shown", "cases", ["id", "album", "intent"], SHOWN),
    ("ix_cases_at_home", "cases", ["community", "id"], SHOWN),
    ("ix_cases_thumbnail", "cases", ["thumbnail"], "thumbnail != ''"),
    ("ix_actions_waiting", "actions", ["id", "case"], "state = 'waiting'"),
    ("ix_updates_done", "updates", ["platform", "done_at"], "done_at IS NOT NULL"),
    ("ix_posts_kept", "posts", ["number"], "length(data) > 0"),
)


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("inbox", sa.Column("judged", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE inbox SET judged = true WHERE id IN (SELECT inbox FROM cases)")
    for name, table in GONE:
        op.drop_index(name, table)
    for name, table, columns in WHOLE:
        op.create_index(name, table, columns)
    for name, table, columns, where in SOME:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
