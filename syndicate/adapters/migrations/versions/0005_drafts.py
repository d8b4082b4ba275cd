"""Issues that wait for approval."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns, which stay empty for the issues that there are: all of them are out."""
    op.add_column("issue", sa.Column("draft", sa.Integer))
    op.add_column("issue", sa.Column("approved", sa.String(32)))
