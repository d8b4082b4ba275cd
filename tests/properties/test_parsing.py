"""Whatever is in a file, it becomes an article, is skipped or is rejected: never more, never less, never an error."""

import json
from typing import Any
from unicodedata import category as kind_of
from xml.etree import ElementTree

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from makers import parse

from syndicate.adapters.index import pack, unpack
from syndicate.domain.articles import Article
from syndicate.domain.collection import Parsed
from syndicate.domain.sources import DEFAULT_FIELDS
from syndicate.domain.text import scrub

quick = settings(max_examples=150, deadline=None)

KEYS = [key.partition(".")[0] for keys in DEFAULT_FIELDS.values() for key in keys] + ["headless", "valid", "published"]
WORDS = [
    "Tea", "2026-03-01", "2026-02-30", "next week", "true", "no", "0", "²", "9" * 5000, "https://example.org/a",
    "https://[", "//[", "/a/../b", ":slug", "/:year/:slug/", "a: b", "<b>x</b>", "&amp;", "a@b.example",
    "A <a@b.example>", "[a](https://b.example)", "\x08", "\ufeff", "🍵", "שלום", "{{ x }}", "..", "\\", "de", "pic.png",
]  # fmt: skip
TEXTS = st.sampled_from(WORDS) | st.text(max_size=20)
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, -1, 10**400, 1e308])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["href", "url", "name", "email", "valid", "size", "width", "label", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
FRONT_MATTER = st.dictionaries(st.sampled_from(KEYS) | TEXTS, VALUES, max_size=8)
BODIES = st.sampled_from(["", "Text.", "# Tea\n\n*x* <script>", "{{< x >}}", "![a](b.png)"]) | st.text(max_size=60)
# Pieces that files are made of, so that chance comes near to articles.
PIECES = st.sampled_from(
    [b"---\n", b"+++\n", b"{", b"}", b"title: Tea\n", b"title = 'Tea'\n", b'"title": "Tea"', b"date: 2026-03-01\n",
     b"\n", b"\r\n", b"\xef\xbb\xbf", b"\xff", b"- ", b"&a ", b"*a", b"[", b"]", b": ", b'"', b"'", b"|\n", b"...\n",
     b"\x00", b"<b>", b"!!x "]
)  # fmt: skip


def whole(parsed: Parsed) -> None:
    """Hold that a file has one outcome, and that all of it can be stored and shown."""
    assert sum(outcome is not None for outcome in (parsed.article, parsed.skipped, parsed.rejected)) == 1
    packed = pack(parsed)
    assert unpack(packed.record).article == parsed.article
    for problem in (*parsed.problems, *([parsed.rejected] if parsed.rejected else [])):
        assert not any(kind_of(character) in ("Cc", "Cs") for character in str(problem)), str(problem)
        assert problem.line is None or problem.line >= 1
    if parsed.article:
        fit_for_xml(parsed.article, parsed.body)


def fit_for_xml(article: Article, body: str) -> None:
    """Hold that no text of an article holds what XML forbids, and that each is one line."""
    lines = [
        article.title, article.summary or "", article.brand or "", article.kind or "", article.slug,
        article.page_url or "", article.source_url or "", *article.tags, *(author.name for author in article.authors),
        *(one.qualified for one in article.categories), article.image.url if article.image else "",
    ]  # fmt: skip
    for text in (*lines, body):
        assert scrub(text) == text
    assert all("\n" not in line for line in lines)
    ElementTree.fromstring(f"<x>{''.join(lines).replace('&', '').replace('<', '')}</x>")
    assert article.published.utcoffset() is not None


@quick
@given(st.binary(max_size=300), st.sampled_from(["tea.md", "tea.html", "_index.md", "2026-03-01-tea.md"]))
def test_any_bytes_have_one_outcome(data: bytes, relative: str) -> None:
    whole(parse(data, relative))


@quick
@given(st.lists(PIECES, max_size=25).map(b"".join), st.booleans(), st.sampled_from([None, "latin-1", "utf-16"]))
@example(b"---\n&a [*a]\n---\n", False, None)
def test_pieces_of_articles_have_one_outcome(data: bytes, header_lines: bool, encoding: str | None) -> None:
    whole(parse(data, header_lines=header_lines, fallback_encoding=encoding))


@quick
@given(
    FRONT_MATTER,
    BODIES,
    st.sampled_from([{}, {"permalink": "/:year/:slug/:categories/"}, {"image_base": "https://c.example/"}]),
)
def test_any_front_matter_in_json_has_one_outcome(metadata: dict[str, Any], body: str, options: dict[str, Any]) -> None:
    text = json.dumps({"title": "Tea", "date": "2026-03-01", **metadata}) + "\n" + body
    whole(parse(text.encode("utf-8", "surrogatepass"), media=("b.png", "pic.png"), **options))


@quick
@given(FRONT_MATTER, BODIES)
def test_any_front_matter_in_yaml_has_one_outcome(metadata: dict[str, Any], body: str) -> None:
    front = yaml.safe_dump({"title": "Tea", "date": "2026-03-01", **metadata}, allow_unicode=True)
    whole(parse(f"---\n{front}---\n{body}".encode("utf-8", "surrogatepass")))


@quick
@given(st.text(max_size=60), st.text(max_size=200))
def test_a_file_says_the_same_each_time_it_is_read(title: str, body: str) -> None:
    text = json.dumps({"title": title, "date": "2026-03-01"}) + "\n" + body
    assert parse(text) == parse(text)


@quick
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=80))
def test_line_ends_and_a_byte_order_mark_make_no_difference(body: str) -> None:
    text = f"---\ntitle: Tea\ndate: 2026-03-01\n---\n{body}"
    plain, other = parse(text), parse(("\ufeff" + text.replace("\n", "\r\n")).encode())
    assert (other.article.title, other.article.story, other.body) == (
        plain.article.title,
        plain.article.story,
        plain.body,
    )
