"""What an issue says in a message, beside its copy on the web."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns, which stay empty for the issues that there are."""
    op.add_column("issue", sa.Column("mail_html", sa.Text))
    op.add_column("issue", sa.Column("mail_text", sa.Text))
