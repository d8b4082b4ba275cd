"""The ledger's first shape: identities, topic slugs and cut issues."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables; types are spelled out here, so that later changes of the code can't reach back."""
    op.create_table(
        "setting",
        sa.Column("name", sa.String(160), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("story", sa.String(32), nullable=False),
        sa.Column("first_seen", sa.String(32), nullable=False),
        sa.Column("updated", sa.String(32), nullable=False),
        sa.Column("source_url", sa.Text),
        sa.Column("page_url", sa.Text),
    )
    op.create_table(
        "identity_key",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("id", sa.String(64), sa.ForeignKey("identity.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_table(
        "topic",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("slug", sa.String(120), nullable=False),
    )
    op.create_table(
        "issue",
        sa.Column("newsletter", sa.String(120), primary_key=True),
        sa.Column("due", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("cut_at", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.UniqueConstraint("newsletter", "number"),
    )
    op.create_table(
        "issue_article",
        sa.Column("newsletter", sa.String(120), primary_key=True),
        sa.Column("due", sa.String(32), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["newsletter", "due"], ["issue.newsletter", "issue.due"], ondelete="CASCADE"),
    )
    op.create_index("ix_issue_article_id", "issue_article", ["id"])
