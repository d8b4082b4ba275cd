"""A body that is too large: cut between blocks or words, never over its limit, with a link to the rest."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from syndicate.domain.text import escaped_size
from syndicate.feeds.cut import cut_body

URL = "https://example.org/?a=1&b=2"
LINK = f'<p><a href="{escape(URL)}">T &amp; &lt;b&gt; …</a></p>'


def cut(content: str, max_bytes: int = 1000) -> str:
    return cut_body(content, URL, "T & <b>", max_bytes)


def test_a_body_that_fits_stays_as_it_is() -> None:
    assert cut("<p>Tea</p>") == "<p>Tea</p>"


def test_blocks_are_kept_whole_and_the_next_is_cut_at_a_word() -> None:
    body = f"<p>One.</p><p>{'word ' * 400}</p>"
    found = cut(body)
    assert found.startswith("<p>One.</p><p>word word")
    assert found.endswith(f"word</p>{LINK}")


def test_text_without_blocks_is_cut_at_a_word() -> None:
    assert cut("word " * 400).startswith("word word")
    assert cut("word " * 400).endswith(f"word{LINK}")


def test_an_opened_block_keeps_its_attributes() -> None:
    items = "".join(f"<li>Item {number}</li>" for number in range(200))
    found = cut(f'<ol start="7">{items}</ol>')
    assert found.startswith('<ol start="7"><li>Item 0</li>')
    assert found.endswith(f"</ol>{LINK}")


@pytest.mark.parametrize("tag", ["table", "pre", "h2"])
def test_what_falls_apart_is_left_out_whole(tag: str) -> None:
    assert cut(f"<p>One.</p><{tag}>{'x ' * 900}</{tag}>") == f"<p>One.</p>{LINK}"


def test_a_long_title_is_cut_in_the_link() -> None:
    assert escaped_size(cut_body("<p>x</p>" * 900, URL, "title " * 4000, 2000)) <= 2000


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400)
bodies = st.recursive(
    texts.map(lambda text: escape(text, quote=False)),
    lambda inner: (
        st.lists(inner, max_size=5)
        .map("".join)
        .flatmap(
            lambda held: st.sampled_from(["p", "div", "blockquote", "ul", "em", "pre"]).map(
                lambda tag: f"<{tag}>{held}</{tag}>"
            )
        )
    ),
    max_leaves=30,
)


@given(st.lists(bodies, min_size=1, max_size=8).map("".join), st.integers(300, 3000))
def test_a_body_never_takes_more_than_its_limit(body: str, max_bytes: int) -> None:
    found = cut(body, max_bytes)
    assert escaped_size(found) <= max_bytes
    if escaped_size(body) > max_bytes:
        assert found.endswith(LINK)
        text = html.fragment_fromstring(found.removesuffix(LINK), create_parent="div").text_content()
        whole = html.fragment_fromstring(body, create_parent="div").text_content()
        assert "".join(whole.split()).startswith("".join(text.split()))
