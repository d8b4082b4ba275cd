"""An editor's note: Markdown to safe HTML that mail programs show, and to the plain text that a person would write."""

import pytest

from syndicate.domain.extras import Note
from syndicate.domain.text import PLAIN_COLUMNS
from syndicate.parsing.notes import parse_note


def note(text: str) -> Note:
    found = parse_note(text, lambda address: f"https://example.org/{address.lstrip('/')}")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Dear readers,\n\nall *is* **well**.", "Dear readers,\n\nall is well."),
        ("See [the list](/list?a=1&b=2).", "See the list <https://example.org/list?a=1&b=2>."),
        ("See <https://a.example/x>.", "See https://a.example/x."),
        ("Write to <a@b.example>.", "Write to a@b.example."),
        ("One  \ntwo", "One\ntwo"),
        ("# Title\n\nText", "Title\n\nText"),
        ("- one\n- two", "- one\n- two"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("- one\n  1. inner\n  2. more\n- two", "- one\n  1. inner\n  2. more\n- two"),
        ("Before\n\n- one\n\nAfter", "Before\n\n- one\n\nAfter"),
        ("- one\n\n- two", "- one\n\n- two"),
        ("> said\n\nby her", "> said\n\nby her"),
        ("A & B < C", "A & B < C"),
        ("![A cup](/cup.png) of tea", "A cup of tea"),
        ("[![A cup](/cup.png)](/tea)", "A cup <https://example.org/tea>"),
        ("قائمة [هنا](/x)", "قائمة هنا <https://example.org/x>"),
    ],
)
def test_plain_text_is_what_a_person_would_write(markdown: str, plain: str) -> None:
    assert note(markdown).text == plain


def test_lines_are_short_and_hang_below_their_mark() -> None:
    lines = note("- " + "word " * 40 + "\n\n> " + "said " * 40).text.splitlines()
    assert max(map(len, lines)) <= PLAIN_COLUMNS
    assert [line[:6] for line in lines if line] == ["- word", *["  word"] * 2, *["> said"] * 3]


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("*Tea* & **cake**", "<p><em>Tea</em> &amp; <strong>cake</strong></p>"),
        ("# A\n\n#### B", "<h3>A</h3>\n<h3>B</h3>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("<b onclick='x()'>x</b>", "<p><b>x</b></p>"),
        ("<script>alert(1)</script>Tea", "Tea"),
        ("<a href='/t' style='color:red'>t</a>", '<p><a href="https://example.org/t">t</a></p>'),
        ('![A "cup"](/c.png)', '<p>A "cup"</p>'),
    ],
)
def test_html_is_safe_and_simple(markdown: str, html: str) -> None:
    assert note(markdown).html == html


@pytest.mark.parametrize("text", ["", "\n \n", "![](x.png)", "<!-- nothing -->", "<script>x</script>", "<p></p>"])
def test_a_note_that_says_nothing_is_none(text: str) -> None:
    assert parse_note(text, lambda address: None) is None


@pytest.mark.parametrize(
    "text", ["> " * 2000 + "x", "- " * 500 + "x", "<b>" * 5000, "[" * 5000, "\0\x0b" * 10, "</p>" * 500]
)
def test_nothing_in_a_note_raises(text: str) -> None:
    found = parse_note(text, lambda address: None)
    assert found is None or found.text == found.text.strip("\n")
