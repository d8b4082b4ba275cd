"""What issues settle beside their stories: articles that are folded into one of them, or dropped by a rule."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table, which stays empty for the issues that there are: they dropped and folded nothing."""
    op.create_table(
        "issue_aside",
        sa.Column("newsletter", sa.String(120), primary_key=True),
        sa.Column("due", sa.String(32), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("folded_into", sa.String(64)),
        sa.Column("rule", sa.String(32)),
        sa.ForeignKeyConstraint(["newsletter", "due"], ["issue.newsletter", "issue.due"], ondelete="CASCADE"),
    )
    op.create_index("ix_issue_aside_id", "issue_aside", ["id"])
