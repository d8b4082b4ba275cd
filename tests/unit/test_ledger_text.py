"""The ledger as text: what is written is read again, and what can't be read is told with its line."""

import json
from typing import Any

import pytest

from syndicate.errors import UsageError
from syndicate.services.ledger_text import from_lines, to_lines

COLUMNS = {"setting": ["name", "value"], "topic": ["key", "slug"]}
TABLES: dict[str, list[dict[str, Any]]] = {
    "setting": [{"name": "a", "value": "x\ny 🍵 \u2028"}],
    "topic": [{"key": "tea", "slug": "tea"}, {"key": "お茶", "slug": "ocha"}],
}
FIRST = '{"syndicate_ledger": 4}'


def test_rows_come_back_as_they_were() -> None:
    assert from_lines(to_lines(TABLES).encode(), "ledger.txt", COLUMNS) == TABLES


def test_it_is_a_row_a_line_in_the_order_given() -> None:
    lines = to_lines(TABLES).split("\n")
    assert lines[0] == FIRST
    assert lines[-1] == ""
    assert [json.loads(line)["table"] for line in lines[1:-1]] == ["setting", "topic", "topic"]


def test_an_empty_ledger_is_its_first_line() -> None:
    assert to_lines({"setting": [], "topic": []}) == f"{FIRST}\n"
    assert from_lines(f"{FIRST}\n".encode(), "x", COLUMNS) == {}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "x: expected the text of 'ledger export', got nothing"),
        (b"\xff", "x: expected the text of 'ledger export', got bytes that are not UTF-8"),
        (b"hello\n", "x:1: expected a JSON object, got 'hello'"),
        (b"[1]\n", "x:1: expected a JSON object, got '[1]'"),
        (b"{}\n", f"x:1: expected {FIRST}, got '{{}}'"),
        (b'{"syndicate_ledger": 5}\n', f"x:1: expected {FIRST}, got '{{\"syndicate_ledger\": 5}}'"),
        (f"{FIRST}\nhello\n".encode(), "x:2: expected a JSON object, got 'hello'"),
        (f"{FIRST}\n\n".encode(), "x:2: expected a JSON object, got ''"),
        (f'{FIRST}\n{{"table": "nope"}}\n'.encode(), 'x:2: expected a row of the ledger, got \'{"table": "nope"}\''),
        (
            f'{FIRST}\n{{"table": "topic", "key": "a"}}\n'.encode(),
            'x:2: expected a row of the ledger, got \'{"table": "topic", "key": "a"}\'',
        ),
        (f"{FIRST}\n{'[' * 100_000}\n".encode(), f"x:2: expected a JSON object, got '{'[' * 60}'"),
    ],
)
def test_what_is_no_ledger_is_told_with_its_line(data: bytes, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_lines(data, "x", COLUMNS)
    assert str(caught.value) == told


def test_a_text_of_before_is_read_with_the_columns_that_it_has() -> None:
    before = '{"syndicate_ledger": 1}\n{"table": "topic", "key": "tea"}\n'
    assert from_lines(before.encode(), "x", COLUMNS) == {"topic": [{"key": "tea"}]}
    with pytest.raises(UsageError, match=r"^x:2: expected a row of the ledger"):
        from_lines(before.replace("key", "nope").encode(), "x", COLUMNS)


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        ("id", "https://example.org/tea/", "javascript:alert(1)"),
        ("retired", None, "yesterday"),
        ("page", 0, -1),
        ("topics", "tea\ncake", 7),
    ],
)
def test_each_column_holds_what_a_ledger_holds(column: str, good: object, bad: object) -> None:
    def text(value: object) -> bytes:
        return f"{FIRST}\n{json.dumps({'table': 'x', column: value})}\n".encode()

    assert from_lines(text(good), "x", {"x": [column]}) == {"x": [{column: good}]}
    with pytest.raises(UsageError) as caught:
        from_lines(text(bad), "x", {"x": [column]})
    assert str(caught.value) == f"x:2: {column}: expected what a ledger holds, got {str(bad)!r}"
