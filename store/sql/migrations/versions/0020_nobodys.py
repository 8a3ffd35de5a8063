"""What was kept of people too long: whose private chat a question came from, who asked, who posted a clean image.

An answered question is no case that stays. Embeddings that are remembered say by a fingerprint whose image it was, so
that they can be forgotten with their author.
"""

import secrets

import sqlalchemy as sa
from alembic import op

from store.sql.keyed import CONTENT_KEY, fingerprint

revision = "0020"
down_revision = "0017"

QUESTION = "SELECT inbox FROM cases WHERE intent = 'query'"
OWED = f"{QUESTION} AND id IN (SELECT \"case\" FROM actions WHERE state = 'waiting')"
ANSWERED = f"id IN ({QUESTION}) AND id NOT IN ({OWED})"

STATEMENTS = (
    "UPDATE actions SET receipt = '' WHERE act = 'answer' AND state != 'waiting' AND \"case\" IN "
    "(SELECT cases.id FROM cases JOIN inbox ON cases.inbox = inbox.id WHERE inbox.community = '')",
    f"UPDATE inbox SET author = '', author_name = '', file_name = '', link = '', hint = '', answer_to = '', "
    f"channel = CASE community WHEN '' THEN '' ELSE channel END WHERE {ANSWERED}",
    f"UPDATE inbox SET judged = false WHERE {ANSWERED}",
    f"UPDATE cases SET sha256 = '' WHERE intent = 'query' AND outcome = 'clean' AND inbox NOT IN ({OWED})",
    "UPDATE posts SET author = '', file_name = '' WHERE id IN "
    "(SELECT message FROM inbox WHERE platform = 'web' AND intent = 'posted' AND outcome = 'clean') AND id NOT IN "
    "(SELECT message FROM inbox JOIN cases ON cases.inbox = inbox.id WHERE inbox.platform = 'web')",
)


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    op.add_column("screened", sa.Column("author", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_posts_created_at", "posts", ["created_at"])
    _hide_keys(op.get_bind())
    for statement in STATEMENTS:
        op.execute(statement)


def _hide_keys(connection: sa.Connection) -> None:
    """Dedupe keys of private chats, which are known again by their fingerprints."""
    private = connection.execute(sa.text("SELECT id, dedupe_key FROM inbox WHERE community = ''")).all()
    if private:
        key = bytes.fromhex(_content_key(connection))
        rows = [{"id": row.id, "key": fingerprint(key, row.dedupe_key)} for row in private]
        connection.execute(sa.text("UPDATE inbox SET dedupe_key = :key WHERE id = :id"), rows)


def _content_key(connection: sa.Connection) -> str:
    name = {"key": CONTENT_KEY, "value": secrets.token_hex(32)}
    connection.execute(sa.text('INSERT OR IGNORE INTO meta ("key", value) VALUES (:key, :value)'), name)
    return str(connection.scalar(sa.text('SELECT value FROM meta WHERE "key" = :key'), name))
