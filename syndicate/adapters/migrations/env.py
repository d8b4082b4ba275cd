"""What Alembic runs: the connection comes from the ledger, never from a file."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, render_as_batch=True)  # SQLite alters a table only by remaking it
with context.begin_transaction():
    context.run_migrations()
