"""The parts of an issue, from which it is put together for readers of some of its topics."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column, which stays empty for the issues that there are."""
    op.add_column("issue", sa.Column("parts", sa.Text))
