"""One published document, judged by the rules of its format.

bytes ─► text ─► XML or JSON ─► RSS, Atom, JSON Feed or OPML ─► its rules ─► problems
"""

from collections.abc import Iterator

from syndicate.checks.atom import RULES as ATOM_RULES
from syndicate.checks.json_feed import RULES as JSON_RULES
from syndicate.checks.json_feed import json_feed
from syndicate.checks.json_text import parse_json
from syndicate.checks.opml import RULES as OPML_RULES
from syndicate.checks.rss import RULES as RSS_RULES
from syndicate.checks.rules import EDITED, Document, Fault, Rule
from syndicate.checks.xml_feeds import XmlFeed
from syndicate.checks.xml_tree import ATOM, NotReadable, decode, parse_xml
from syndicate.errors import Problem

TOO_LARGE, NOT_WELL_FORMED, UNKNOWN_FORMAT = "feed-too-large", "feed-not-well-formed", "feed-unknown-format"
DOCUMENT_REASONS = {
    TOO_LARGE: "the limits of aggregators, some of which stop at 512 kB",
    NOT_WELL_FORMED: "XML 1.0, 2.1 and 2.2; RFC 8259",
    UNKNOWN_FORMAT: "the specifications of RSS 2.0, Atom, JSON Feed and OPML",
}
"""The reasons that are no rules of a format, with their sources."""

Found = tuple[str, str, Fault]
"""A reason, the source of the rule, and what breaks it."""


def check_document(path: str, data: bytes, url: str, *, max_bytes: int | None = None) -> tuple[Problem, ...]:
    """Return what is wrong with a feed or a list of feeds, in the order of its lines; no bytes make this raise.

    `path` is the file as people know it, `url` where it is served, `max_bytes` how large it may be.
    """
    found = [*_too_large(data, max_bytes), *_found(data, url)]
    found.sort(key=lambda one: one[2].line or 0)
    return tuple(_problem(path, *one) for one in found)


def _problem(path: str, reason: str, source: str, fault: Fault) -> Problem:
    entry = f"; the entry is {fault.entry!r}" if fault.entry else ""
    return Problem(
        path=path,
        reason=reason,
        what=fault.what,
        hint=f"{fault.hint}{entry}; by {source}",
        line=fault.line,
        field=fault.field,
    )


def _too_large(data: bytes, max_bytes: int | None) -> Iterator[Found]:
    if max_bytes is not None and len(data) > max_bytes:
        what = f"expected at most {max_bytes:,} bytes, got {len(data):,}"
        hint = "set feeds.limit lower, or feeds.content to summary, in config.yaml"
        yield TOO_LARGE, DOCUMENT_REASONS[TOO_LARGE], Fault(what=what, hint=hint)


def _found(data: bytes, url: str) -> Iterator[Found]:
    """Yield what breaks a rule of the document's format, or why it has none."""
    try:
        text = decode(data)
        if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            yield from _json(text, url)
        else:
            yield from _xml(text, url)
    except NotReadable as error:
        yield NOT_WELL_FORMED, DOCUMENT_REASONS[NOT_WELL_FORMED], error.fault


def _json(text: str, url: str) -> Iterator[Found]:
    parsed = parse_json(text)
    if isinstance(parsed.value, dict):
        feed = json_feed(parsed, url)
        yield from _broken(JSON_RULES, feed)
    else:
        yield _unknown("a list", 1)


def _xml(text: str, url: str) -> Iterator[Found]:
    root, instructions = parse_xml(text)
    found = tuple(instructions)
    if root.name == "rss":
        channel = root.first("channel")
        items = tuple(channel.all("item")) if channel else ()
        # Without a channel, all that one has is missing.
        feed = XmlFeed(url=url, root=root, head=channel or root, items=items, instructions=found)
        yield from _broken(RSS_RULES, feed)
    elif root.name == f"{ATOM}feed":
        entries = tuple(root.all(f"{ATOM}entry"))
        yield from _broken(ATOM_RULES, XmlFeed(url=url, root=root, head=root, items=entries, instructions=found))
    elif root.name == "opml":
        yield from _broken(OPML_RULES, XmlFeed(url=url, root=root, head=root, items=(), instructions=found))
    else:
        yield _unknown(f"the element <{root.name}>", root.line)


def _broken(rules: tuple[Rule[Document], ...], feed: Document) -> Iterator[Found]:
    for rule in rules:
        for fault in rule.faults(feed):
            yield rule.reason, rule.source, fault


def _unknown(got: str, line: int) -> Found:
    what = f"expected RSS 2.0, Atom 1.0, JSON Feed or OPML 2.0, got {got}"
    return UNKNOWN_FORMAT, DOCUMENT_REASONS[UNKNOWN_FORMAT], Fault(what=what, hint=EDITED, line=line)
