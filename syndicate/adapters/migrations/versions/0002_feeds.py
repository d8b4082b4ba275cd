"""What feeds are remembered by: archive pages, old slugs, and which articles are gone.

Ids become text of any length, since the address of a page may be one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns and tables; types are spelled out here, so that later changes of the code can't reach back."""
    op.add_column("identity", sa.Column("published", sa.String(32)))
    op.add_column("identity", sa.Column("topics", sa.Text))
    op.add_column("identity", sa.Column("retracted", sa.String(32)))
    op.create_table(
        "old_slug",
        sa.Column("slug", sa.String(120), primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
    )
    op.create_table(
        "feed",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("floor", sa.String(32), nullable=False),
        sa.Column("retired", sa.String(32)),
    )
    op.create_table(
        "archive",
        sa.Column("feed", sa.Text, sa.ForeignKey("feed.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("page", sa.Integer, nullable=False),
    )
