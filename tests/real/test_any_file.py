"""Whatever is in a file of the source, a build ends well, makes feeds that parse, and keeps the other articles."""

import json
import re
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import Site, assert_whole

from syndicate.domain.sources import DEFAULT_FIELDS

GOOD = ("one", "two", "three")
SUFFIXES = (".md", ".markdown", ".mdx", ".html")
# Every file of output/ that any article may cause; nothing in it comes from an author unchanged.
OUTPUT_PATH = re.compile(
    r"(all|topics/[a-z0-9-]{1,120})/(rss\.xml|atom\.xml|feed\.json)|feed\.css|index\.html|feeds\.opml|(topics|articles)/[a-z0-9-]{1,120}/index\.html"
)
STATUSES = ("published", "held", "duplicates", "skipped", "rejected")
# A lone surrogate can be written in JSON and in YAML; XML, UTF-8 and terminals know none.
ODD = "\x00\x08\x0b\x1b\x85\u2028\ud800\udfff\ufffe<&>\"'`]{}%#:-\n\t "
VALUES = """2026-01-01 2026-02-30 0001-01-01 9999-12-31T23:59:59-23:59 :slug
    https://x.example/a?b=c#d //x.example /x : con .. en
    ../../etc/passwd javascript:alert(1) http://[ http://x.example:99999999/ Tea Field:_Tea <b>x</b> &amp; ]]> true
    /:year/:slug/ 2d5e7a9e-92c1-4c4e-8c8e-1c8f7a3b2d11 x@y.example Ann_<a@b.example> pot.png""".split()  # noqa: SIM905
MARKUP = """<script> </script> <div> <p <iframe_src=//x.example> <img_src=x_onerror=a> <!-- --> <![CDATA[ ]]> {{<_x_>}}
    [a](javascript:b) ![a](pot.png) {{%_y {%_raw_%} ``` >_ -_ #_ &#0; &#xD800; </pre> <svg/onload=a> <base_href=//x>
    <?xml_?> <table><td> {/* */} <Tag_a={b}> $$ \\ **""".split()  # noqa: SIM905
characters = st.characters(codec=None) | st.sampled_from(ODD)
texts = st.text(characters, max_size=12)
pieces = st.sampled_from([*(value.replace("_", " ") for value in VALUES), "\ud800"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts | pieces
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["href", "original", "brand", "url", "size", "alt", "valid", "name", "email"]) | texts,
            inner,
        )
    ),
    max_leaves=8,
)
keys = st.sampled_from(sorted({key.partition(".")[0] for field in DEFAULT_FIELDS.values() for key in field}))
front_matter = st.dictionaries(keys | st.sampled_from(["published", "valid", "headless"]) | texts, values, max_size=8)
markup = st.lists(texts | st.sampled_from([piece.replace("_", " ") for piece in MARKUP]), max_size=6).map(" ".join)


def with_title(front: dict[str, Any]) -> dict[str, Any]:
    """Return front matter that is published more often than not."""
    return {"title": "T", "date": "2026-01-01", **front}


def as_json(front: dict[str, Any], body: str) -> bytes:
    return f"{json.dumps(front)}\n{body}".encode("utf-8", "surrogatepass")


def as_yaml(front: dict[str, Any], body: str) -> bytes:
    lines = "".join(f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in front.items())
    return f"---\n{lines}---\n{body}".encode("utf-8", "surrogatepass")


documents = st.builds(
    lambda write, front, body: write(front, body),
    st.sampled_from([as_json, as_yaml]),
    front_matter.map(with_title) | front_matter,
    markup,
)
contents = st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-8", "surrogatepass")) | documents


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def make(root: Path) -> Site:
    """Return a site of a few good articles."""
    site = Site(root)
    for name in GOOD:
        site.article(f"{name}.md", link=f"https://source.example/{name}", categories=["Tea", "Bread"])
    return site


def hold_any_file(folder: Path, content: bytes, suffix: str) -> None:
    site = make(folder)
    for other in SUFFIXES:
        (site.root / f"articles/any{other}").unlink(missing_ok=True)
    site.write(f"articles/any{suffix}", content)
    report = site.build()
    assert sum(report[status] for status in STATUSES) == report["files"] == len(GOOD) + 1
    for path, data in site.tree().items():
        assert OUTPUT_PATH.fullmatch(path)
        assert_whole(path, data)
        if path.endswith(".xml"):
            parsed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
            assert not parsed.bozo, (path, parsed.bozo_exception)
        elif path.endswith(".json"):
            assert json.loads(data)["items"], path
            assert path.split("/")[0] != "all" or len(parsed.entries) == report["published"] >= len(GOOD)


quick = settings(deadline=None, max_examples=50, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
long = settings(deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
any_file = given(content=contents, suffix=st.sampled_from(SUFFIXES))


@quick
@any_file
def test_any_bytes_in_a_file_end_in_feeds_that_parse(folder, content, suffix):
    hold_any_file(folder, content, suffix)


@pytest.mark.real
@long
@any_file
def test_any_bytes_in_a_file_end_in_feeds_that_parse_a_thousand_times(folder, content, suffix):
    hold_any_file(folder, content, suffix)
