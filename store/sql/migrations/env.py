"""Alembic's entry: it runs on the connection that `store.sql.db` hands over, inside that transaction."""

from alembic import context

from store.sql.tables.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
