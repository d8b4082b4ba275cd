"""Moments: aware UTC date-times, and how they are written."""

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_text(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC with a Z: '2026-03-01T08:00:00Z'."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat().replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Return the moment that `to_text` wrote; raises ValueError for anything without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"expected a zone such as Z or +02:00 at the end, got {text!r}")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def long_date(moment: datetime) -> str:
    """Return a date as people write it, whatever the machine's locale: '1 March 2026'."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
