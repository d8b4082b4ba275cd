"""What the site answers, asked as ASGI asks: no socket, a real folder."""

import asyncio
from pathlib import Path

import pytest

from syndicate.domain.server import ServerOptions
from syndicate.web.answers import Message
from syndicate.web.server import make_service
from syndicate.web.site import Site

CAFE = "caf\u00e9"
ENCODED = b"/caf%C3%A9"


class Answer:
    """What was sent for a request."""

    def __init__(self, messages: list[Message]) -> None:
        start, *rest = messages
        self.status: int = start["status"]
        self.headers = {name.decode(): value.decode("ascii") for name, value in start["headers"]}
        self.body = b"".join(message["body"] for message in rest)


def ask(site: Site, raw_path: bytes, *headers: tuple[bytes, bytes]) -> Answer:
    """Ask for a path."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Message:
        raise AssertionError("no body is read")

    scope = {
        "type": "http",
        "method": "GET",
        "raw_path": raw_path,
        "query_string": b"",
        "headers": [(b"host", b"example.org"), *headers],
    }
    asyncio.run(site(scope, receive, send))
    return Answer(messages)


def folder_of(tmp_path: Path) -> Path:
    """Make a folder with a feed and a map of addresses."""
    (tmp_path / "output/all").mkdir(parents=True)
    (tmp_path / "output/all/rss.xml").write_text("<rss/>")
    (tmp_path / "output/all/index.html").write_text("<p>all</p>")
    (tmp_path / "output/index.html").write_text("<p>front</p>")
    (tmp_path / "addresses.json").write_text('{"moved": {"old/": "all/", "feed": "all/rss.xml"}, "gone": ["gone"]}')
    return tmp_path


def site_of(tmp_path: Path, url: str = "https://example.org/") -> Site:
    """Return the site of that folder."""
    folder = folder_of(tmp_path)
    return make_service(folder / "output", folder / "addresses.json", url, ServerOptions()).site


@pytest.mark.parametrize("path", [CAFE, "caf%C3%A9"])
def test_the_path_of_the_output_may_be_written_encoded_or_not(tmp_path: Path, path: str) -> None:
    site = site_of(tmp_path, f"https://example.org/{path}/")
    assert ask(site, ENCODED + b"/").body == b"<p>front</p>"
    assert ask(site, f"/{CAFE}/all/rss.xml".encode()).body == b"<rss/>"
    moved = [ask(site, ENCODED + tail) for tail in (b"", b"/old/")]
    assert [(one.status, one.headers["location"]) for one in moved] == [
        (301, "/caf%C3%A9/"),
        (301, "/caf%C3%A9/all/"),
    ]
    assert b'<a href="/caf%C3%A9/">' in ask(site, ENCODED + b"/no").body


def test_any_page_may_read_where_a_feed_has_gone(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    found = {path: ask(site, path) for path in (b"/feed", b"/gone", b"/no/rss.xml", b"/all")}
    assert [one.status for one in found.values()] == [301, 410, 404, 301]
    assert [one.headers.get("access-control-allow-origin") for one in found.values()] == ["*"] * 4


@pytest.mark.parametrize(
    ("accept", "type"),
    [
        ([], "rss+xml"),
        ([b"*/*"], "rss+xml"),
        ([b"application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"], "rss+xml"),
        ([b"application/rss+xml, application/atom+xml, text/html;q=0.1"], "rss+xml"),
        ([b"application/rss+xml;q=0.5;charset=utf-8, text/html;q=0.5"], "rss+xml"),
        ([b"text/html;q=0"], "rss+xml"),
        ([b"*/*, text/html;q=0.5"], "rss+xml"),
        ([b"application/*, text/html;q=0.5"], "rss+xml"),
        ([b"text/html-sandboxed"], "rss+xml"),
        ([b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"], "xml"),
        ([b"TEXT/HTML , */* ; Q=0.8"], "xml"),
        ([b"text/html, */*"], "xml"),
        ([b"text/html;q=0.4, application/rss+xml;q=0.3"], "xml"),
        ([b"text/html;level=1"], "xml"),
        ([b"application/xml", b"text/html"], "xml"),
        ([b"text/html, application/rss+xml", b"*/*;q=0.1"], "rss+xml"),
    ],
)
def test_a_feed_is_xml_for_who_would_rather_have_html(tmp_path: Path, accept: list[bytes], type: str) -> None:
    answer = ask(site_of(tmp_path), b"/all/rss.xml", *((b"accept", line) for line in accept))
    assert answer.headers["content-type"] == f"application/{type}; charset=utf-8"
