"""Conditional requests as RFC 9110 section 13 has them: decided from header values alone."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_tz
from functools import lru_cache

_ETAG = re.compile(rb'\s*(?:,\s*)*(?P<weak>W/)?(?P<tag>"[\x21\x23-\x7e\x80-\xff]*")\s*(?=,|$)')


def decide(
    etag: bytes,
    modified_s: int,
    *,
    if_match: Sequence[bytes] = (),
    if_unmodified_since: Sequence[bytes] = (),
    if_none_match: Sequence[bytes] = (),
    if_modified_since: Sequence[bytes] = (),
) -> int:
    """Return 200, 304 or 412 for a GET or HEAD of a file (RFC 9110 section 13.2.2).

    Each header comes as its field lines. `etag` is the strong tag of what would be sent, and
    `modified_s` its Last-Modified in seconds since 1970.
    """
    if if_match:
        if not _names(if_match, etag, weak=False):
            return 412
    elif (moment := _date_of(if_unmodified_since)) is not None and modified_s > moment:
        return 412
    if if_none_match:
        return 304 if _names(if_none_match, etag, weak=True) else 200
    moment = _date_of(if_modified_since)
    return 304 if moment is not None and modified_s <= moment else 200


def _names(lines: Sequence[bytes], etag: bytes, *, weak: bool) -> bool:
    """Tell whether a list of tags names `etag`; `weak`: by weak comparison (section 8.8.3.2)."""
    if len(lines) == 1 and lines[0] == etag:  # what nearly all send
        return True
    text = b", ".join(lines).strip()
    if text == b"*":
        return True
    place = 0
    while found := _ETAG.match(text, place):
        if found["tag"] == etag and (weak or not found["weak"]):
            return True
        place = found.end()
    return False


def _date_of(lines: Sequence[bytes]) -> int | None:
    """Return the moment of a date header; None where there is none, several, or one that is no date."""
    return parse_http_date(lines[0]) if len(lines) == 1 else None


@lru_cache(maxsize=256)
def parse_http_date(value: bytes) -> int | None:
    """Return the moment of an HTTP-date in any of its three forms (section 5.6.7), None if it is not one."""
    text = value.decode("latin-1").strip()
    is_asctime = re.fullmatch(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}", text)
    if not is_asctime and not re.fullmatch(r"[A-Z][a-z]+, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT", text):
        return None
    parts = parsedate_tz(text)
    try:
        return int(datetime(*parts[:6], tzinfo=UTC).timestamp()) if parts else None
    except (ValueError, OverflowError):
        return None
