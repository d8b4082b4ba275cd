"""A body that is too large for a feed: as much of it as there is room for, and a link to the rest."""

from dataclasses import replace
from html import escape

from lxml import html
from lxml.html import HtmlElement

from syndicate.domain.feeds import Entry
from syndicate.domain.text import escaped_size

# A longer title is cut in the link: it stands above the entry in full.
_MAX_LABEL = 200


def cut_entry(entry: Entry, max_bytes: int) -> Entry:
    """Return an entry whose body takes `max_bytes` at most, and so does its summary."""
    content = cut_body(entry.content, entry.url, entry.title, max_bytes)
    summary = entry.summary
    if summary and escaped_size(summary) > max_bytes:
        summary = f"{summary[: max_bytes // _MOST_BYTES]}…"
    is_whole = content is entry.content and summary is entry.summary
    return entry if is_whole else replace(entry, content=content, summary=summary)


def cut_body(content: str, url: str, title: str, max_bytes: int) -> str:
    """Return a body of `max_bytes` at most in a feed: its start, cut between blocks or words, and a link to `url`.

    A body that fits is returned as it is.
    """
    if escaped_size(content) <= max_bytes:
        return content
    link = f'<p><a href="{escape(url)}">{escape(title[:_MAX_LABEL], quote=False)} …</a></p>'
    root = html.fragment_fromstring(content, create_parent="div")
    return _inner(root, max_bytes - escaped_size(link)) + link


def _inner(element: HtmlElement, room: int) -> str:
    """Return what fits of an element's content: whole children, then the beginning of the next one."""
    start = _words(element.text or "", room)
    room -= escaped_size(start)
    if start != escape(element.text or "", quote=False):
        return start
    kept = [start]
    for child in element:
        tail = child.tail or ""
        child.tail = None
        whole: str = html.tostring(child, encoding="unicode")
        if escaped_size(whole) > room:
            return "".join(kept) + _opened(child, room)
        kept.append(whole)
        room -= escaped_size(whole)
        kept.append(_words(tail, room))
        room -= escaped_size(kept[-1])
        if kept[-1] != escape(tail, quote=False):
            break
    return "".join(kept)


def _opened(block: HtmlElement, room: int) -> str:
    """Return the beginning of an element with its attributes, or nothing if none of it fits."""
    if not isinstance(block.tag, str) or block.tag in _INDIVISIBLE:
        return ""
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in block.attrib.items())
    start, end = f"<{block.tag}{attributes}>", f"</{block.tag}>"
    inner = _inner(block, room - escaped_size(start) - escaped_size(end))
    return f"{start}{inner}{end}" if inner.strip() else ""


# Cut in two, these say something else or fall apart.
_INDIVISIBLE = frozenset({"a", "code", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table"})


def _words(text: str, room: int) -> str:
    """Return as many whole words of a text, escaped, as there is room for."""
    written = escape(text, quote=False)
    if escaped_size(written) <= room:
        return written
    kept = text[: max(room // _MOST_BYTES, 0)]
    return escape(kept.rpartition(" ")[0], quote=False)


# What one character takes at most when it is escaped twice: '&' becomes '&amp;amp;'.
_MOST_BYTES = 9
