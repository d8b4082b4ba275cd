"""The ledger's migrations, run by Alembic; HEAD is the newest."""

HEAD = "0007"
