"""The server's pure parts: conditions, codings, types, paths and the map of addresses."""

import gzip
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.web.addresses import AddressFile, parse_addresses
from syndicate.web.conditions import decide, parse_http_date
from syndicate.web.encodings import accepted, encode
from syndicate.web.files import FileReader
from syndicate.web.media import media_of
from syndicate.web.paths import address_of, path_below
from syndicate.web.traffic import Counter

OLD, SAME, NEW = (
    b"Sun, 06 Nov 1994 08:49:36 GMT",
    b"Sun, 06 Nov 1994 08:49:37 GMT",
    b"Sun, 06 Nov 1994 08:49:38 GMT",
)
MODIFIED_S = 784_111_777


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"if_none_match": [b'"a"']}, 304),
        ({"if_none_match": [b'W/"a"']}, 304),
        ({"if_none_match": [b'"b"']}, 200),
        ({"if_none_match": [b'"b", W/"x,y" , "a"']}, 304),
        ({"if_none_match": [b'"b"', b'"a"']}, 304),
        ({"if_none_match": [b"*"]}, 304),
        ({"if_none_match": [b"a"]}, 200),
        ({"if_none_match": [b""]}, 200),
        ({"if_none_match": [b'"b"'], "if_modified_since": [SAME]}, 200),
        ({"if_none_match": [b'"a"'], "if_modified_since": [OLD]}, 304),
        ({"if_modified_since": [OLD]}, 200),
        ({"if_modified_since": [SAME]}, 304),
        ({"if_modified_since": [NEW]}, 304),
        ({"if_modified_since": [b"yesterday"]}, 200),
        ({"if_modified_since": [SAME, SAME]}, 200),
        ({"if_match": [b'"a"']}, 200),
        ({"if_match": [b'W/"a"']}, 412),
        ({"if_match": [b'"b"']}, 412),
        ({"if_match": [b"*"], "if_none_match": [b'"a"']}, 304),
        ({"if_match": [b'"a"'], "if_unmodified_since": [OLD]}, 200),
        ({"if_unmodified_since": [OLD]}, 412),
        ({"if_unmodified_since": [SAME]}, 200),
        ({"if_unmodified_since": [b"x"]}, 200),
    ],
)
def test_conditions(headers: dict[str, list[bytes]], status: int) -> None:
    assert decide(b'"a"', MODIFIED_S, **headers) == status


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (SAME, MODIFIED_S),
        (b"Sunday, 06-Nov-94 08:49:37 GMT", MODIFIED_S),
        (b"Sun Nov  6 08:49:37 1994", MODIFIED_S),
        (b"Sun, 06 Nov 1994 08:49:37 +0000", None),
        (b"Sun, 36 Nov 1994 08:49:37 GMT", None),
        (b"784111777", None),
        (b"", None),
    ],
)
def test_http_dates(text: bytes, moment: int | None) -> None:
    assert parse_http_date(text) == moment


@pytest.mark.parametrize(
    ("value", "codings"),
    [
        (b"", ("identity",)),
        (b"gzip", ("gzip", "identity")),
        (b"gzip, deflate, br", ("br", "gzip", "identity")),
        (b"br;q=0.1, gzip;q=0.9", ("gzip", "br", "identity")),
        (b"gzip;q=0", ("identity",)),
        (b"gzip;q=0.5, identity", ("identity", "gzip")),
        (b"*;q=0.5, br;q=0", ("gzip", "identity")),
        (b"identity;q=0, gzip", ("gzip",)),
        (b"identity;q=0", ("identity",)),
        (b"GZip ; Q=1.000", ("gzip", "identity")),
        (b"gzip;q=1.5", ("identity",)),
        (b"x-gzip", ("gzip", "identity")),
        (b"zstd", ("identity",)),
    ],
)
def test_codings(value: bytes, codings: tuple[str, ...]) -> None:
    assert accepted(value) == codings


def test_codings_are_deterministic_and_true() -> None:
    data = b"lamp " * 1000
    assert gzip.decompress(encode(data, "gzip")) == data
    assert brotli.decompress(encode(data, "br")) == data
    assert encode(data, "gzip")[4:8] == b"\0\0\0\0"


@pytest.mark.parametrize(
    ("path", "type"),
    [
        ("all/rss.xml", "application/rss+xml; charset=utf-8"),
        ("rss-2026-03.xml", "application/rss+xml; charset=utf-8"),
        ("all/atom.xml", "application/atom+xml; charset=utf-8"),
        ("feed.json", "application/feed+json; charset=utf-8"),
        ("feeds.opml", "text/x-opml; charset=utf-8"),
        ("a.html", "text/html; charset=utf-8"),
        ("feed.css", "text/css; charset=utf-8"),
        ("other.xml", "application/xml; charset=utf-8"),
        ("a.JPG", "image/jpeg"),
        ("a", "application/octet-stream"),
    ],
)
def test_media_types(path: str, type: str) -> None:
    assert media_of(path).type == type


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/feeds/", ""),
        (b"/feeds/all/rss.xml", "all/rss.xml"),
        (b"/feeds/caf%C3%A9/", "café/"),
        (b"/feeds/a+b", "a+b"),
        (b"/feeds/100%", "100%"),
        (b"/feeds", None),
        (b"/other/", None),
        (b"/feeds/../x", None),
        (b"/feeds/%2e%2e/x", None),
        (b"/feeds/a/./b", None),
        (b"/feeds//etc/passwd", None),
        (b"/feeds/a%2fb", None),
        (b"/feeds/a\\b", None),
        (b"/feeds/a%5Cb", None),
        (b"/feeds/a%00", None),
        (b"/feeds/%c0%ae%c0%ae/x", None),
        (b"/feeds/%ed%a0%80", None),
        (b"/feeds/.git/config", None),
        (b"/feeds/.env", None),
        (b"/feeds/" + b"a" * 5000, None),
    ],
)
def test_paths(raw: bytes, path: str | None) -> None:
    assert path_below(raw, "/feeds/") == path


PIECES = st.sampled_from([b"..", b".", b"/", b"%2e", b"%2F", b"\\", b"%5c", b"%00", b"%c0%ae", b"a", b"secret", b"out"])


def below(tmp_path_factory: pytest.TempPathFactory) -> FileReader:
    folder = tmp_path_factory.mktemp("site")
    (folder / "secret").write_text("secret")
    (folder / "output/a").mkdir(parents=True)
    (folder / "output/a/a").write_text("open")
    (folder / "output/out").symlink_to(folder)
    (folder / "output/.a").write_text("secret")
    return FileReader(str(folder / "output"), lambda media: "public", lambda: 1e9, Counter(lambda: 0.0).hits_of)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> FileReader:
    return below(tmp_path_factory)


HOSTILE = st.lists(st.one_of(PIECES, st.binary(max_size=3)), max_size=8)


@given(HOSTILE)
def test_no_path_leads_out(reader: FileReader, pieces: list[bytes]) -> None:
    stays_inside(reader, pieces)


@pytest.mark.real
@settings(max_examples=10_000, deadline=None)
@given(HOSTILE)
def test_no_path_of_ten_thousand_leads_out(reader: FileReader, pieces: list[bytes]) -> None:
    stays_inside(reader, pieces)


def stays_inside(reader: FileReader, pieces: list[bytes]) -> None:
    path = path_below(b"/" + b"".join(pieces), "/")
    file = reader.read(path) if path is not None else None
    assert file is None or file.variants["identity"].body == b"open"


def test_links_that_lead_out_are_no_files(reader: FileReader) -> None:
    assert reader.read("a/a") is not None
    assert reader.read("out/secret") is None


def test_addresses_are_escaped() -> None:
    assert address_of("café/a b?", "/feeds/") == "/feeds/caf%C3%A9/a%20b%3F"


def test_a_broken_map_leaves_the_last_good_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "addresses.json"
    file = AddressFile(path)
    assert file.read().target_of("old/") is None
    path.write_text('{"moved": {"old/": "new/"}, "gone": ["older"]}')
    assert file.read().target_of("old") == "new/"
    assert file.read().target_of("old/index.html") == "new/"
    assert file.read().is_gone("older/")
    path.write_text("{")
    assert file.read().target_of("old") == "new/"
    assert "the last good one is kept" in caplog.text


@pytest.mark.parametrize(
    "text",
    ["[]", '{"moved": []}', '{"gone": [1]}', '{"moved": {"a": "javascript:x"}}', '{"moved": {"a": "b\\n"}}', "1"],
)
def test_what_is_no_map_of_addresses(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_addresses(text.encode())
