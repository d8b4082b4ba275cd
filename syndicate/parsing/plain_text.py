"""Plain text of bodies, and excerpts of it."""

import html
import re
from unicodedata import category

TEXT_LEVEL = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd"),
        *("mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup"),
        *("time", "u", "var", "wbr"),
    }
)
"""Elements that stand within a line; around all others there is a space in plain text."""

_TEXT_LEVEL_TAG = re.compile(rf"</?(?:{'|'.join(sorted(TEXT_LEVEL))})(?: [^>]*)?>")
_ANY_TAG = re.compile(r"<[^>]*>")
# Scripts that put no spaces between words: Thai and Lao, Burmese, Khmer, kana, Han. A character
# class of these would take sixteen milliseconds to compile.
_UNSPACED = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3000, 0x30FF), (0x3400, 0x9FFF)),
    *((0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF)),
)
# A word longer than this is cut: an address, or a script without spaces.
_LONG_WORD = 40


def text_of(html_text: str) -> str:
    """Return the plain text of a sanitised fragment, each run of white space as one space."""
    text = _ANY_TAG.sub(" ", _TEXT_LEVEL_TAG.sub("", html_text))
    return " ".join(html.unescape(text).split())


def excerpt(text: str, max_chars: int) -> str:
    """Return the text, cut to `max_chars` with '…' where it is longer.

    It is cut between words; where words have no spaces, or are very long, between characters.
    """
    if len(text) <= max_chars:
        return text
    if max_chars < 1:
        return ""
    return text[: _cut(text, max_chars - 1)].rstrip(" ,;:\u2013\u2014-") + "…"


def _cut(text: str, limit: int) -> int:
    """Return where to cut, at `limit` or a little before."""
    for position in range(limit, max(limit - _LONG_WORD, 0), -1):
        if _may_part(text[position - 1], text[position]):
            return position
    while limit and _joined(text[limit - 1], text[limit]):
        limit -= 1
    return limit


def _may_part(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters."""
    if _joined(before, after):
        return False
    return after.isspace() or _is_unspaced(before) or _is_unspaced(after)


def _is_unspaced(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _UNSPACED)


def _joined(before: str, after: str) -> bool:
    """Tell whether two characters are shown as one: a mark or a variation follows, or a joiner joins."""
    return category(after)[0] == "M" or after == "\u200d" or before == "\u200d"
