"""An editor's note: Markdown to the few elements that every mail program shows, and to plain text.

text ─► render_body (as articles) ─► pictures become their words, headings one level ─► nh3 ─► Note
                                                                                        └──► lines
"""

import functools
import re
from html.parser import HTMLParser

import nh3

from syndicate.domain.extras import Note
from syndicate.domain.text import wrapped
from syndicate.parsing.bodies import Markup, Resolve, render_body

_TAGS = {"a", "b", "blockquote", "br", "em", "h3", "i", "li", "ol", "p", "strong", "ul"}
_HEADING = re.compile(r"<(/?)h[1-6](?=[\s>])")
# A picture has no size in Markdown, and mail programs need one: its words stand in its place.
_PICTURE = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')
_ALT = re.compile(r'\balt="([^"]*)"')
_EMPTY = re.compile(r"<(p|li|h3|blockquote|a)\b[^>]*>\s*</\1>")


def parse_note(text: str, resolve: Resolve) -> Note | None:
    """Return a note, or None for one that says nothing. `resolve` makes relative addresses absolute."""
    html = render_body(text, markup=Markup.MARKDOWN, resolve=resolve).html
    html = _PICTURE.sub(lambda tag: alt[1] if (alt := _ALT.search(tag[0])) else "", html)
    html = _cleaner().clean(_HEADING.sub(r"<\1h3", html)).strip()
    found = 1
    while found:  # what is left out may have been all that its neighbours held
        html, found = _EMPTY.subn("", html)
    reader = _Reader()
    reader.feed(html)
    reader.close()
    plain = reader.text()
    return Note(html=html, text=plain) if plain else None


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}}, link_rel=None)


class _Reader(HTMLParser):
    """Reads what nh3 wrote, block by block, as a person would write it without markup."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.words = ""
        self.marks: list[str] = []  # what stands before the lines of the elements that are open
        self.lists: list[int | None] = []
        self.item = ""
        self.link: tuple[str, int] = ("", 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or note where a link begins."""
        given = dict(attrs)
        if tag == "a":
            self.link = (given.get("href") or "", len(self.words))
        elif tag == "br":
            self._end()
        elif tag not in ("b", "strong", "em", "i"):
            self._end(block=not self.lists or tag == "p")
            if tag in ("ul", "ol"):
                start = given.get("start") or "1"
                self.lists.append((int(start) if start.isdecimal() else 1) if tag == "ol" else None)
            elif tag == "li":
                self._begin_item()
            elif tag == "blockquote":
                self.marks.append("> ")

    def _begin_item(self) -> None:
        number = self.lists[-1] if self.lists else None
        self.item = "- " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1
        self.marks.append(" " * len(self.item))

    def handle_endtag(self, tag: str) -> None:
        """End a block, or write out where a link leads."""
        if tag == "a":
            address, start = self.link
            if address and self.words[start:].strip() not in (address, address.removeprefix("mailto:")):
                self.words += f" <{address}>"
        elif tag not in ("b", "strong", "em", "i", "br"):
            self._end(block=not self.lists or tag == "p")
            if tag in ("ul", "ol") and self.lists:
                self.lists.pop()
                self._end(block=not self.lists)
            elif tag in ("li", "blockquote") and self.marks:
                self.marks.pop()
                self.item = ""

    def handle_data(self, data: str) -> None:
        """Take words as they come."""
        self.words += data

    def _end(self, *, block: bool = False) -> None:
        """End a line, or with `block` a paragraph."""
        if self.words.strip():
            rest = "".join(self.marks)
            first = f"{''.join(self.marks[:-1])}{self.item}" if self.item else rest
            self.blocks.append(wrapped(self.words, first, rest))
            self.item = ""
            if block:
                self.blocks.append("")
        elif block and self.blocks and self.blocks[-1]:
            self.blocks.append("")
        self.words = ""

    def text(self) -> str:
        """Return what was read, in lines."""
        self._end()
        return "\n".join(self.blocks).strip("\n")
