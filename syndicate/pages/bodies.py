"""Bodies of articles on their reading pages: what a feed may hold and a page had better show otherwise.

They were sanitised when they were parsed: every `<` outside a tag is written as `&lt;`, so that what
looks like a tag is one. Only whole tags are looked at, so that nothing in an attribute is taken for one.
"""

import re
from dataclasses import dataclass

_TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>""", re.IGNORECASE)
# A body without any of these is left as it is, which is most of them.
_SIGNS = re.compile(r"<(?:h1|pre|table)[\s>]", re.IGNORECASE)
_TITLE = re.compile(r"<h1[\s>]", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# A box that scrolls can be scrolled with the keyboard only if it takes the focus (WCAG 2.1.1).
_FOCUSABLE = ' tabindex="0"'


def for_reading(body: str) -> str:
    """Return a body for a page that has its own h1.

    Where the body has an h1 all its headings go down a level; a `pre` takes the focus; a table stands
    in a box of its own, which scrolls where the table is wider than the page, and takes the focus.
    """
    if not _SIGNS.search(body):
        return body
    return _TAG.sub(_Dresser(demote=_TITLE.search(body) is not None), body)


@dataclass(slots=True)
class _Dresser:
    """Takes the tags of a body one by one; `depth` tells how many tables are open."""

    demote: bool
    depth: int = 0

    def __call__(self, tag: re.Match[str]) -> str:
        end, name, rest = tag[1], tag[2].lower(), tag[3]
        if self.demote and name in _HEADINGS:
            return f"<{end}{_HEADINGS[min(_HEADINGS.index(name) + 1, 5)]}{rest}>"
        if name == "pre" and not end:
            return f"<pre{_FOCUSABLE}{rest}>"
        if name == "table":
            return self._table(tag[0], end)
        return tag[0]

    def _table(self, tag: str, end: str) -> str:
        """Return the tag of a table with that of the box around the outermost."""
        self.depth += -1 if end else 1
        if end:
            return f"{tag}</div>" if self.depth == 0 else tag
        return f'<div class="scroll"{_FOCUSABLE}>{tag}' if self.depth == 1 else tag
