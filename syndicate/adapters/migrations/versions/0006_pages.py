"""The newest archive page of each feed, which no retraction takes back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column, which stays empty for the feeds that there are: their entries tell it."""
    op.add_column("feed", sa.Column("last_page", sa.Integer))
