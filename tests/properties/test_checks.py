"""Whatever stands in output/, judging it raises nothing."""

import json
from string import printable

from hypothesis import given
from hypothesis import strategies as st

from syndicate.checks import check_document
from syndicate.checks.content import markup_in, relative_parts, tags_in, unsafe_parts

URL = "https://example.org/feed"
NAMES = ["rss", "channel", "item", "title", "link", "description", "guid", "enclosure", "image", "width", "ttl", "id",
         "feed", "entry", "updated", "author", "content", "source", "opml", "head", "body", "outline"]  # fmt: skip
PIECES = st.sampled_from(
    [f"<{name}>" for name in NAMES]
    + [f"</{name}>" for name in NAMES]
    + ["<rss version='2.0'>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<link href='#x' rel='self'/>",
       "<content type='html'>&lt;a href=&quot;x&quot;&gt;", "<!DOCTYPE a [", "<![CDATA[", "]]>", "<!--", "-->",
       "<?a b?>", "&amp;", "&x;", "&#0;", "0", "2026-03-01T08:00:00Z", "Sun, 01 Mar 2026 08:00:00 GMT", "\n", "\0"]
)  # fmt: skip
MEMBERS = ["version", "title", "items", "id", "url", "content_html", "feed_url", "authors", "name", "hubs", "type",
           "attachments", "mime_type", "size_in_bytes", "tags", "language", "date_published", "expired"]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS) | st.text(), inner),
    max_leaves=20,
)


@given(st.binary())
def test_any_bytes_can_be_judged(data: bytes) -> None:
    problems = check_document("feed", data, URL)
    assert problems
    assert all(one.path == "feed" and one.reason.startswith("feed-") and one.what and one.hint for one in problems)


@given(st.lists(PIECES).map("".join))
def test_any_sequence_of_tags_can_be_judged(text: str) -> None:
    assert all(one.reason.startswith("feed-") for one in check_document("feed", text.encode(), URL))


@given(
    st.lists(st.sampled_from(NAMES), min_size=1), st.text(st.sampled_from(printable.replace("<", "").replace("&", "")))
)
def test_any_tree_of_elements_can_be_judged(names: list[str], text: str) -> None:
    inner = text.replace("]]>", "")
    for name in reversed(names):
        inner = f"<{name}>{inner}</{name}><{name}/>"
    for root in (
        "<rss version='2.0'><channel>{}</channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>",
    ):
        assert check_document("feed", root.format(inner).encode(), URL)


@given(VALUES)
def test_any_json_can_be_judged(value: object) -> None:
    assert check_document("feed", json.dumps({"items": [value], "authors": value}).encode(), URL)
    assert check_document("feed", json.dumps(value).encode(), URL)


@given(st.text())
def test_any_html_can_be_judged(html: str) -> None:
    for text in (html, f"<p {html}", f"<a href='{html}' srcset='{html}' style='{html}'>"):
        tags = tags_in(text)
        assert all([*unsafe_parts(tags), *relative_parts(tags)])
        assert markup_in(text) != ""
