"""Addresses: joined, resolved, and compared."""

import pytest

from syndicate.domain.urls import clean_address, comparable, host_of, is_web_address, join_site, resolve

PAGE = "https://example.org/blog/tea/"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://example.org/", True),
        ("http://example.org", True),
        ("HTTPS://EXAMPLE.ORG", True),
        ("https://", False),
        ("https:///path", False),
        ("https:// example.org", False),
        ("//example.org/", False),
        ("ftp://example.org/", False),
        ("mailto:a@example.org", False),
        ("javascript:alert(1)", False),
        ("example.org", False),
        ("https://unsubscribe.invalid/", False),
        ("https://a:b@Place.INVALID:443/x", False),
        ("https://place.invalid.", False),
        ("https://invalid.example/", True),
        ("https://example.org/.invalid/", True),
        ("", False),
    ],
)
def test_only_http_and_https_with_a_host_are_web_addresses(text: str, is_one: bool) -> None:
    assert is_web_address(text) is is_one


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        (" https://example.org/ ", "https://example.org/"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("https://example.org/é", "https://example.org/%C3%A9"),
        ('https://example.org/"<>', "https://example.org/%22%3C%3E"),
        ("https://example.org/a\\b", "https://example.org/a%5Cb"),
        ("https://example.org/?a=1&b=2#c", "https://example.org/?a=1&b=2#c"),
        ("https://example.org/日本", "https://example.org/%E6%97%A5%E6%9C%AC"),
    ],
)
def test_an_address_is_percent_encoded_once(text: str, cleaned: str) -> None:
    assert clean_address(text) == cleaned
    assert clean_address(cleaned) == cleaned


@pytest.mark.parametrize(
    ("site", "path", "joined"),
    [
        ("https://example.org/", "a/b/", "https://example.org/a/b/"),
        ("https://example.org", "/a", "https://example.org/a"),
        ("https://example.org/sub/", "/a/", "https://example.org/sub/a/"),
        ("https://example.org/sub/", "", "https://example.org/sub/"),
        ("https://example.org/sub/", "/", "https://example.org/sub/"),
        ("https://example.org/sub/", "../../etc", "https://example.org/sub/etc"),
        ("https://example.org/sub/", "a/../../../b/", "https://example.org/sub/b/"),
        ("https://example.org/sub/", "..", "https://example.org/sub/"),
        ("https://example.org/sub/", "a/..", "https://example.org/sub/"),
        ("https://example.org/", "a//b/", "https://example.org/a/b/"),
        ("https://example.org/", "//evil.example/x", "https://example.org/evil.example/x"),
        ("https://example.org/", "a b/é", "https://example.org/a%20b/%C3%A9"),
        ("https://example.org/", "a.b/c.html", "https://example.org/a.b/c.html"),
    ],
)
def test_a_path_is_joined_below_the_site_and_never_above_it(site: str, path: str, joined: str) -> None:
    assert join_site(site, path) == joined


@pytest.mark.parametrize(
    ("address", "absolute"),
    [
        ("pic.png", f"{PAGE}pic.png"),
        ("./pic.png", f"{PAGE}pic.png"),
        ("../pic.png", "https://example.org/blog/pic.png"),
        ("/pic.png", "https://example.org/pic.png"),
        ("//cdn.example/pic.png", "https://cdn.example/pic.png"),
        ("https://cdn.example/a b.png", "https://cdn.example/a%20b.png"),
        ("#part", f"{PAGE}#part"),
        ("?q=1", f"{PAGE}?q=1"),
        ("", PAGE),
        ("  pic.png ", f"{PAGE}pic.png"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("tel:+441234", "tel:+441234"),
        ("a:b.png", None),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("data:image/png;base64,AA", None),
        ("file:///etc/passwd", None),
        ("ftp://example.org/", None),
        ("https://unsubscribe.invalid/", None),
        ("//place.invalid/", None),
        ("//[", None),
        ("https://[", None),
    ],
)
def test_a_reference_is_resolved_against_its_page(address: str, absolute: str | None) -> None:
    assert resolve(PAGE, address) == absolute


@pytest.mark.parametrize(
    ("base", "absolute"),
    [
        ("https://example.org/a/page.html", "https://example.org/a/pic.png"),
        ("https://example.org", "https://example.org/pic.png"),
        ("https://example.org/read?next=/b/c", "https://example.org/pic.png"),
        ("https://example.org/read#/b/c", "https://example.org/pic.png"),
    ],
)
def test_a_file_beside_the_page_is_found_whatever_the_page_is_called(base: str, absolute: str) -> None:
    assert resolve(base, "pic.png") == absolute
    assert resolve(base, "./pic.png") == absolute


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://example.org/a", "example.org"),
        ("https://www.example.org/", "example.org"),
        ("https://Example.ORG:8080/", "example.org"),
        ("https://user@example.org/", "example.org"),
        ("//example.org/", "example.org"),
        ("example.org", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_a_host_is_named_without_www_and_port(address: str, host: str | None) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/story/",
        "http://example.org/story",
        "https://www.example.org/story",
        "https://EXAMPLE.org/story",
        "https://example.org/story#part",
        "https://example.org/story?utm_source=x&utm_medium=y",
        "https://example.org/story/?fbclid=abc",
        "https://example.org/story?gclid=1",
        "https://example.org/story?mc_cid=1&mc_eid=2",
        " https://example.org/story ",
    ],
)
def test_addresses_of_one_page_are_one(other: str) -> None:
    assert comparable(other) == comparable("https://example.org/story")


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/Story",
        "https://example.org/story2",
        "https://example.org/story?id=1",
        "https://sub.example.org/story",
        "https://example.com/story",
        "https://example.org/",
    ],
)
def test_addresses_of_different_pages_are_different(other: str) -> None:
    assert comparable(other) != comparable("https://example.org/story")


def test_the_query_that_names_the_page_is_kept_and_the_tracking_in_it_is_not() -> None:
    assert comparable("https://example.org/?utm_source=x&id=7&fbclid=y") == "example.org?id=7"
    assert comparable("https://example.org/?id=7") == comparable("https://example.org?id=7")
