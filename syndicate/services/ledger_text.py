"""The ledger as text that can be committed: one JSON object a line, tables and rows in a fixed order."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from syndicate.errors import UsageError

# The shape of the text; it moves when a table or a column does.
VERSION = 1
_FIRST = {"syndicate_ledger": VERSION}

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
    for number, line in enumerate(lines, 1):
        row = _row(line, f"{shown}:{number}")
        if number == 1:
            if row != _FIRST:
                raise UsageError(f"{shown}:1: expected {json.dumps(_FIRST)}, got {line[:60]!r}")
            continue
        name = row.pop("table", None)
        if name not in columns or set(row) != set(columns[name]):
            raise UsageError(f"{shown}:{number}: expected a row of the ledger, got {line[:60]!r}")
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
