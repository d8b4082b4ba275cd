"""Broken and good feeds, written from the standards: each broken one has one fault, and its folder is called so.

A document is served at https://feeds.example.org/ and its file's name. The rules are those of RSS 2.0 with the RSS
Advisory Board's best practices, RFC 4287 (Atom), JSON Feed 1.1, OPML 2.0, RFC 5005 (archives), RFC 6721 (retractions)
and WebSub.
"""

from pathlib import Path

import pytest

from syndicate.checks import check_document
from syndicate.errors import Problem

CASES = Path(__file__).parent / "feed_cases"
SERVED_AT = "https://feeds.example.org/"
GOOD = sorted((CASES / "good").iterdir())
BROKEN = sorted(path for path in CASES.glob("feed-*/*") if path.parent.name != "feed-too-large")
LARGE = sorted((CASES / "feed-too-large").iterdir())
REASONS = {
    "feed-not-well-formed", "feed-no-self", "feed-wrong-self", "feed-missing-element", "feed-bad-id", "feed-same-id",
    "feed-bad-date", "feed-wrong-updated", "feed-same-updated", "feed-bad-enclosure", "feed-several-enclosures",
    "feed-author-twice", "feed-bad-author", "feed-element-order", "feed-single-group", "feed-unsafe-content",
    "feed-relative-address", "feed-markup-in-text", "feed-bad-link", "feed-bad-type", "feed-bad-image",
    "feed-bad-category", "feed-bad-source", "feed-bad-language", "feed-too-large", "feed-bad-archive",
    "feed-bad-tombstone", "feed-bad-hub", "feed-bad-instruction", "feed-bad-value", "feed-unknown-element",
    "feed-element-twice", "feed-no-id", "feed-unknown-format",
}  # fmt: skip


def checked(path: Path, *, max_bytes: int | None = None) -> tuple[Problem, ...]:
    return check_document(path.name, path.read_bytes(), SERVED_AT + path.name, max_bytes=max_bytes)


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", BROKEN, ids=named)
def test_a_broken_document_has_the_one_fault_that_it_was_made_with(path):
    found = checked(path)
    assert {problem.reason for problem in found} == {path.parent.name}, found
    lines = path.read_bytes().count(b"\n") + 1
    for problem in found:
        assert problem.path == path.name
        assert problem.what
        assert problem.hint
        assert problem.line is None or 1 <= problem.line <= lines


@pytest.mark.parametrize("path", GOOD, ids=named)
def test_a_good_document_has_no_problem_whatever_it_holds(path):
    assert checked(path) == ()


@pytest.mark.parametrize("path", GOOD, ids=named)
def test_a_document_of_just_the_allowed_size_is_not_too_large(path):
    assert checked(path, max_bytes=path.stat().st_size) == ()


@pytest.mark.parametrize("path", LARGE, ids=named)
def test_a_document_of_one_byte_more_than_allowed_is_too_large(path):
    found = checked(path, max_bytes=path.stat().st_size - 1)
    assert [problem.reason for problem in found] == ["feed-too-large"]
    assert checked(path) == ()


@pytest.mark.parametrize("path", [path for path in GOOD if path.suffix == ".xml"], ids=named)
def test_a_good_feed_that_is_served_elsewhere_names_a_wrong_address(path):
    found = check_document(path.name, path.read_bytes(), "https://mirror.example.org/feed.xml")
    assert [problem.reason for problem in found] == ["feed-wrong-self"]


# The lines of the element that is broken: its first and its last, or the one on which reading must stop.
LINES = {
    "feed-not-well-formed/rss-bare-ampersand.xml": (11, 11),
    "feed-not-well-formed/json-trailing-comma.json": (16, 16),
    "feed-same-id/rss-twice.xml": (18, 20),
    "feed-bad-date/rss-iso.xml": (21, 21),
    "feed-bad-enclosure/rss-no-length.xml": (16, 16),
    "feed-bad-link/atom-no-href.xml": (17, 17),
}


@pytest.mark.parametrize("name", LINES)
def test_a_fault_is_told_with_its_line(name):
    (problem,) = checked(CASES / name)
    first, last = LINES[name]
    assert problem.line is not None
    assert first <= problem.line <= last


def test_there_are_at_least_two_broken_documents_for_each_reason_and_three_good_ones_of_each_format():
    counts = {folder.name: len(list(folder.iterdir())) for folder in CASES.iterdir() if folder.name != "good"}
    assert set(counts) == REASONS
    assert min(counts.values()) >= 2
    formats = [path.name.partition("-")[0] for path in GOOD]
    assert {name: formats.count(name) >= 3 for name in ("rss", "atom", "json", "opml")} == dict.fromkeys(
        ("rss", "atom", "json", "opml"), True
    )


ENTITIES = """<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY secret SYSTEM "%s">]>
<rss version="2.0"><channel><title>&secret;</title></channel></rss>
"""
BOMB = """<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY a0 "ha">%s]>
<rss version="2.0"><channel><title>&a30;</title></channel></rss>
"""


def test_a_document_that_declares_entities_reads_no_file_and_fills_no_memory(tmp_path):
    (tmp_path / "secret.txt").write_text("hush-hush", "utf-8")
    leak = (ENTITIES % (tmp_path / "secret.txt").as_uri()).encode()
    bomb = (BOMB % "".join(f'<!ENTITY a{n + 1} "&a{n};&a{n};">' for n in range(30))).encode()
    for data in (leak, bomb):
        found = check_document("rss.xml", data, f"{SERVED_AT}rss.xml")
        assert found
        assert "hush-hush" not in "".join(map(str, found))


NO_FEEDS = {
    "zeros": b"\x00" * 50,
    "begun": b"<rss",
    "list": b"[]",
    "null": b"null",
    "object": b"{}",
    "page": b"<!DOCTYPE html><html><title>Not found</title></html>",
    "deep objects": b'{"a":' * 100_000,
    "deep lists": b"[" * 100_000,
    "deep elements": b"<a>" * 100_000,
    "half of UTF-16": b"\xff\xfe<\x00",
}


@pytest.mark.parametrize("data", NO_FEEDS.values(), ids=NO_FEEDS)
@pytest.mark.parametrize("name", ["rss.xml", "feed.json", "feeds.opml"])
def test_what_is_no_feed_at_all_is_a_problem_and_never_a_crash(name, data):
    found = check_document(name, data, SERVED_AT + name)
    assert found
    assert all(problem.path == name for problem in found)
