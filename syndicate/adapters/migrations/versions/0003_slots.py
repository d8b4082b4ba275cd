"""What became of each slot of a newsletter."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table; its types are spelled out here, so that later changes of the code can't reach back."""
    op.create_table(
        "slot",
        sa.Column("newsletter", sa.String(120), primary_key=True),
        sa.Column("due", sa.String(32), primary_key=True),
        sa.Column("fate", sa.String(16), nullable=False),
        sa.Column("claimed_at", sa.String(32), nullable=False),
        sa.Column("settled_at", sa.String(32)),
    )
