"""An issue's HTML as its readers' programs take it: elements with their styles, words, and kept style sheets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from syndicate.newsletters.preflight.sheets import declarations

# HTML, 'void elements': they have no end.
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
# By which a style sheet says that it is to stay as it is; of the two only the second one is left after inlining.
_KEPT = frozenset(("data-premailer", "data-css-inline"))
# What stands in them is nothing to read.
_UNREAD = frozenset(("head", "script", "style", "title", "template"))


@dataclass(slots=True, kw_only=True, eq=False)
class Element:
    """An element: where it stands, what it says of itself, and what is in it."""

    tag: str
    line: int
    attributes: Mapping[str, str]
    parent: "Element | None" = None
    style: Mapping[str, str] = field(default_factory=dict)
    inside: "list[Element | str]" = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """Its classes."""
        return frozenset(self.attributes.get("class", "").split())

    def ancestors(self) -> "Iterator[Element]":
        """Yield the element and those that it is in, the nearest first."""
        element: Element | None = self
        while element:
            yield element
            element = element.parent

    @property
    def is_hidden(self) -> bool:
        """Whether nothing of it is seen."""
        return any(one.tag in _UNREAD or one.style.get("display") == "none" for one in self.ancestors())

    @property
    def words(self) -> str:
        """What it says, with what stands in the place of its pictures."""
        return " ".join("".join(self._said()).split())

    @property
    def own_words(self) -> str:
        """What it says itself, without the elements in it."""
        return " ".join("".join(one for one in self.inside if isinstance(one, str)).split())

    def _said(self) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, str):
                yield one
            elif one.tag == "img":
                yield f" {one.attributes.get('alt', '')} "
            elif one.tag not in _UNREAD:
                yield from one._said()
                yield " " if one.tag in _BLOCKS else ""


# Words of two of these are two words.
_BLOCKS = frozenset(("br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "table", "td", "th", "tr"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document taken apart: its elements in order, and its style sheets, each with whether it says to be kept."""

    elements: tuple[Element, ...]
    sheets: tuple[tuple[str, bool], ...]
    odd: tuple[tuple[int, str], ...] = ()

    def all(self, tag: str) -> Iterator[Element]:
        """Yield the elements of a name."""
        return (one for one in self.elements if one.tag == tag)


def read_page(document: str) -> Page:
    """Take a document apart; what stands in comments, such as that for Outlook, is not looked at."""
    reader = _Reader()
    reader.feed(document)
    reader.close()
    sheets = tuple(
        ("".join(part for part in one.inside if isinstance(part, str)), not _KEPT.isdisjoint(one.attributes))
        for one in reader.elements
        if one.tag == "style"
    )
    return Page(elements=tuple(reader.elements), sheets=sheets, odd=tuple(reader.odd))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.odd: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, in the one that is open."""
        attributes = {name: value or "" for name, value in reversed(attrs)}
        element = Element(
            tag=tag,
            line=self.getpos()[0],
            attributes=attributes,
            parent=self.open[-1] if self.open else None,
            style=dict(declarations(attributes.get("style", ""))),
        )
        self.elements.append(element)
        if self.open:
            self.open[-1].inside.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element: the slash means nothing in HTML."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, with what is still open in it."""
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if self.open:
            self.open[-1].inside.append(data)

    def unknown_decl(self, data: str) -> None:
        """Keep what is no HTML, such as <![if !mso]>."""
        self.odd.append((self.getpos()[0], data))
