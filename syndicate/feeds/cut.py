"""A body that is too large for a feed: as much of it as there is room for, and a link to the rest."""

from html import escape

from lxml import html
from lxml.html import HtmlElement

from syndicate.domain.text import escaped_size


def cut_body(content: str, url: str, title: str, max_bytes: int) -> str:
    """Return a body of `max_bytes` at most in a feed: whole blocks from its start, then a link to `url`.

    A body that fits is returned as it is.
    """
    if escaped_size(content) <= max_bytes:
        return content
    link = f'<p><a href="{escape(url)}">{escape(title)} …</a></p>'
    room = max_bytes - escaped_size(link)
    return "".join(_fitting(content, room)) + link


def _fitting(content: str, room: int) -> list[str]:
    """Return what fits: the first blocks whole; of one that is too large by itself its first blocks, and so on."""
    root = html.fragment_fromstring(content, create_parent="div")
    kept = [escape(root.text, quote=False)] if root.text and escaped_size(root.text) * 2 <= room else []
    room -= sum(map(escaped_size, kept))
    for child in root:
        block = _written(child)
        if escaped_size(block) > room:
            kept += _opened(child, room)
            break
        kept.append(block)
        room -= escaped_size(block)
    return kept


def _opened(block: HtmlElement, room: int) -> list[str]:
    """Return the beginning of a block of blocks, or nothing."""
    if len(block) == 0 or not isinstance(block.tag, str) or block.tag in _INDIVISIBLE:
        return []
    inner = "".join(([escape(block.text, quote=False)] if block.text else []) + [_written(child) for child in block])
    kept = "".join(_fitting(inner, room - escaped_size(f"<{block.tag}></{block.tag}>")))
    return [f"<{block.tag}>{kept}</{block.tag}>"] if kept else []


# Cut in two, these say something else or fall apart.
_INDIVISIBLE = frozenset({"a", "code", "em", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "strong", "table"})


def _written(element: HtmlElement) -> str:
    written: str = html.tostring(element, encoding="unicode")
    return written
