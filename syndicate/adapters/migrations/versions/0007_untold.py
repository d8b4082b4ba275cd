"""What has to be told of slots, until someone has taken it up."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column, which stays empty for the slots that there are: they were told."""
    op.add_column("slot", sa.Column("untold", sa.Integer))
