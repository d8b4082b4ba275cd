"""The newest archive page of each feed, which no retraction takes back, and the reading pages that ever were."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column, which stays empty for the feeds that there are (their entries tell it), and the table."""
    op.add_column("feed", sa.Column("last_page", sa.Integer))
    op.create_table(
        "reading_page",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
    )
