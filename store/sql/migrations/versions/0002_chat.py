"""What chat platforms need: albums, reports, alerts, cursors, retried actions; see `store.sql.tables.schema`.

Columns are added in place. Alembic's batch mode would make `cases` and `inbox` anew and drop the old ones, and with
foreign keys on (they can't be switched off within a transaction) that drop deletes every match, action and decision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    _widen_inbox()
    _widen_cases()
    _widen_policies()
    _make_people()
    _make_alerts()
    _make_positions()


def _text(name: str, default: str = "") -> sa.Column[str]:
    """A column that rows of the schema before get too."""
    return sa.Column(name, sa.String(), nullable=False, server_default=default)


def _plain(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _widen_inbox() -> None:
    op.add_column("inbox", _text("intent", "posted"))
    for name in ("thread", "hint", "answer_to", "language"):
        op.add_column("inbox", _text(name))
    grouped = sa.text("\"group\" != ''")
    op.create_index("ix_inbox_group", "inbox", ["platform", "channel", "group"], unique=False, sqlite_where=grouped)


def _widen_cases() -> None:
    album = sa.Column("album", sa.Integer(), sa.ForeignKey("cases.id"), nullable=True)
    op.add_column("cases", album, inline_references=True)
    op.create_index(op.f("ix_cases_album"), "cases", ["album"], unique=False)
    op.add_column("cases", _text("intent", "posted"))
    op.add_column("actions", _text("receipt"))
    op.add_column("actions", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("actions", sa.Column("not_before", sa.DateTime(), nullable=True))


def _widen_policies() -> None:
    op.add_column("policies", sa.Column("rules", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("policies", _text("flag", "flag"))
    op.add_column("policies", _text("enforce", "remove"))
    op.add_column("policies", sa.Column("timeout_s", sa.Integer(), nullable=False, server_default="3600"))


def _make_people() -> None:
    op.create_table(
        "communities",
        *_plain("platform", "id", "name", "language", "log"),
        sa.Column("exempt", sa.JSON(), nullable=False),
        sa.Column("ignored_reporters", sa.JSON(), nullable=False),
        sa.Column("reporters_needed", sa.Integer(), nullable=False),
        sa.Column("reports_an_hour", sa.Integer(), nullable=False),
        sa.Column("set_up_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "id", name=op.f("pk_communities")),
    )
    op.create_table(
        "reports",
        *_plain("platform", "channel", "message", "reporter", "community"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "channel", "message", "reporter", name=op.f("pk_reports")),
    )
    op.create_index("ix_reports_filed", "reports", ["platform", "reporter", "at"], unique=False)


def _make_alerts() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        *_plain("collection", "platform", "channel", "community", "language"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _of_collection("subscriptions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "collection", "platform", "channel", name=op.f("uq_subscriptions_collection_platform_channel")
        ),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=True),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscriptions.id"], name=op.f("fk_alerts_subscription"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_alerts_case"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_case"), "alerts", ["case"], unique=False)
    op.create_index("ix_alerts_burst", "alerts", ["subscription", "reference", "last_at"], unique=False)
    op.create_index("ix_alerts_due", "alerts", ["id"], unique=False, sqlite_where=sa.text("count > told"))
    op.create_table(
        "invites",
        *_plain("code", "collection", "community"),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        _of_collection("invites"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invites")),
    )


def _of_collection(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_collection")
    return sa.ForeignKeyConstraint(["collection"], ["collections.name"], name=name, ondelete="CASCADE")


def _make_positions() -> None:
    op.create_table(
        "cursors",
        *_plain("platform", "channel", "cursor"),
        sa.PrimaryKeyConstraint("platform", "channel", name=op.f("pk_cursors")),
    )
    op.create_table(
        "updates",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("platform", "number", name=op.f("pk_updates")),
    )
    waiting = sa.text("done_at IS NULL")
    op.create_index("ix_updates_waiting", "updates", ["platform", "number"], unique=False, sqlite_where=waiting)
