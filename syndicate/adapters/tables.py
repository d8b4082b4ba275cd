"""The ledger's tables, as the newest migration leaves them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.schema import ForeignKeyConstraint

from syndicate.domain.moments import from_text, to_text


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment as ISO 8601 text: the same on every database, to the microsecond."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        return to_text(value) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return what was stored."""
        return from_text(value) if value else None


METADATA = MetaData()

SETTING = Table(
    "setting",
    METADATA,
    Column("name", String(160), primary_key=True),
    Column("value", Text, nullable=False),
)

IDENTITY = Table(
    "identity",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("path", Text, nullable=False),
    Column("story", String(32), nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("source_url", Text),
    Column("page_url", Text),
    Column("published", Moment),
    Column("topics", Text),
    Column("retracted", Moment),
)

IDENTITY_KEY = Table(
    "identity_key",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("id", String(64), ForeignKey("identity.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
)

TOPIC = Table(
    "topic",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("slug", String(120), nullable=False),
)

OLD_SLUG = Table(
    "old_slug",
    METADATA,
    Column("slug", String(120), primary_key=True),
    Column("key", Text, nullable=False),
)

READING_PAGE = Table(
    "reading_page",
    METADATA,
    Column("name", Text, primary_key=True),  # of its folder
    Column("id", Text, nullable=False),
)

FEED = Table(
    "feed",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("floor", Moment, nullable=False),
    Column("retired", Moment),
    Column("last_page", Integer),  # the newest that there ever was; a feed of before knows it by its entries
)

ARCHIVE = Table(
    "archive",
    METADATA,
    Column("feed", Text, ForeignKey("feed.key", ondelete="CASCADE"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("page", Integer, nullable=False),
)

ISSUE = Table(
    "issue",
    METADATA,
    Column("newsletter", String(120), primary_key=True),
    Column("due", Moment, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("cut_at", Moment, nullable=False),
    Column("subject", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("mail_html", Text),
    Column("mail_text", Text),
    Column("draft", Integer),  # 1 until it is out; an issue has none
    Column("approved", String(32)),  # the digest of what someone approved
    UniqueConstraint("newsletter", "number"),
)

ISSUE_ARTICLE = Table(
    "issue_article",
    METADATA,
    Column("newsletter", String(120), primary_key=True),
    Column("due", Moment, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", String(64), nullable=False, index=True),
    ForeignKeyConstraint(["newsletter", "due"], ["issue.newsletter", "issue.due"], ondelete="CASCADE"),
)

SLOT = Table(
    "slot",
    METADATA,
    Column("newsletter", String(120), primary_key=True),
    Column("due", Moment, primary_key=True),
    Column("fate", String(16), nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("untold", Integer),  # 1 until someone has taken up what has to be told of it
)
