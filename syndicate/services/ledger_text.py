"""The ledger as text that can be committed: one JSON object a line, tables and rows in a fixed order."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from syndicate.domain.moments import from_text
from syndicate.domain.slots import RECORDED
from syndicate.domain.slugs import slugify
from syndicate.domain.text import scrub
from syndicate.domain.urls import is_web_address
from syndicate.errors import UsageError

# The shape of the text; it moves when a table or a column does.
VERSION = 4
_FIRST = {"syndicate_ledger": VERSION}
# Texts of before, whose rows lack columns that came since and may be empty.
_EARLIER = tuple({"syndicate_ledger": version} for version in range(1, VERSION))

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def to_lines(tables: Tables) -> str:
    """Return the text: a first line that says what it is, then a row a line."""
    rows = [{"table": name, **row} for name, rows in tables.items() for row in rows]
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in [_FIRST, *rows])


def from_lines(data: bytes, shown: str, columns: Mapping[str, Sequence[str]]) -> dict[str, list[dict[str, Any]]]:
    """Read the text again; raises UsageError naming the line that can't be read. `columns` are those of each table."""
    try:
        lines = data.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown}: expected the text of 'ledger export', got bytes that are not UTF-8") from error
    if lines == [""]:
        raise UsageError(f"{shown}: expected the text of 'ledger export', got nothing")
    tables: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    is_earlier = False
    for number, line in enumerate(lines, 1):
        row = _row(line, f"{shown}:{number}")
        if number == 1:
            is_earlier = row in _EARLIER
            if row != _FIRST and not is_earlier:
                raise UsageError(f"{shown}:1: expected {json.dumps(_FIRST)}, got {line[:60]!r}")
            continue
        name = row.pop("table", None)
        expected = set(columns[name]) if name in columns else set()
        if not expected or not (set(row) <= expected if is_earlier else set(row) == expected):
            raise UsageError(f"{shown}:{number}: expected a row of the ledger, got {line[:60]!r}")
        if wrong := _wrong_column(row):
            raise UsageError(f"{shown}:{number}: {wrong}: expected what a ledger holds, got {str(row[wrong])[:60]!r}")
        tables[name].append(row)
    return dict(tables)


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{place}: expected a JSON object, got {line[:60]!r}") from error
    if not isinstance(row, dict):
        raise UsageError(f"{place}: expected a JSON object, got {line[:60]!r}")
    return row


def _wrong_column(row: Mapping[str, Any]) -> str | None:
    """Return the first column whose value no ledger of ours would hold: what is imported becomes paths and ids."""
    return next((name for name, value in row.items() if not _CHECKS.get(name, _is_text)(value)), None)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and scrub(value) == value


def _is_text_or_none(value: Any) -> bool:
    return value is None or _is_text(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _is_count_or_none(value: Any) -> bool:
    return value is None or _is_count(value)


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and 1900 <= from_text(value).year <= 9998  # as on the command line
    except ValueError:
        return False


def _is_slug(value: Any) -> bool:
    return isinstance(value, str) and slugify(value) == value


def _is_id(value: Any) -> bool:
    return _is_text(value) and (_URN.fullmatch(value) is not None or is_web_address(value))


def _is_fate(value: Any) -> bool:
    return isinstance(value, str) and value in {fate.value for fate in RECORDED}


def _is_mark(value: Any) -> bool:
    return value in (None, 1) and value is not True


def _is_moment_or_none(value: Any) -> bool:
    return value is None or _is_moment(value)


_URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CHECKS: dict[str, Callable[[Any], bool]] = {
    "id": _is_id,
    "slug": _is_slug,
    "newsletter": _is_slug,
    "number": _is_count,
    "position": _is_count,
    "source_url": _is_text_or_none,
    "page_url": _is_text_or_none,
    "page": _is_count,
    "last_page": _is_count_or_none,
    "fate": _is_fate,
    **dict.fromkeys(("draft", "untold"), _is_mark),
    "approved": _is_text_or_none,
    "topics": _is_text_or_none,
    "mail_html": _is_text_or_none,
    "mail_text": _is_text_or_none,
    **dict.fromkeys(("published", "retracted", "retired", "settled_at"), _is_moment_or_none),
    **dict.fromkeys(("first_seen", "updated", "due", "cut_at", "claimed_at", "floor"), _is_moment),
}
