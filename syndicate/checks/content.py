"""HTML inside a feed, and text that should hold none."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.entities import html5

from lxml import etree

from syndicate.checks.rules import quoted
from syndicate.checks.values import is_relative, without_ignored

# Elements that run, embed, ask or restyle: readers drop them, and take a feed that has them for unsafe.
_UNSAFE = frozenset(
    ["applet", "base", "embed", "form", "frame", "frameset", "iframe", "link", "meta", "object", "script", "style"]
)
_ADDRESSES = frozenset(
    [
        "action",
        "background",
        "cite",
        "codebase",
        "data",
        "formaction",
        "href",
        "longdesc",
        "ping",
        "poster",
        "src",
        "xlink:href",
    ]
)
# HTML's elements without content: only these are whole with a single tag.
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_NAMES = (
    "a|abbr|acronym|address|article|aside|audio|b|bdi|bdo|big|blockquote|body|button|caption|center|cite|code|dd|del|"
    "details|dfn|div|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|head|header|html|i|iframe|ins|kbd|label|li|"
    "main|mark|math|nav|object|ol|p|picture|pre|q|rp|rt|ruby|s|samp|script|section|select|small|span|strike|strong|"
    "style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video"
)
_OPENING = re.compile(rf"(?i)<({_NAMES})(?:\s[^<>]*)?>")
_CLOSING = re.compile(rf"(?i)</({_NAMES})\s*>")
_VOID_TAG = re.compile(rf"(?i)<(?:{_VOID})([\s/][^<>]*)>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")

_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")

_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_UNSAFE_STYLE = re.compile(r"(?i)(?:^|[;{])\s*(position|behaviou?r|-moz-binding)\s*:|(expression)\s*\(|(javascript):")


@dataclass(frozen=True, slots=True)
class Tag:
    """An element's start in a piece of HTML."""

    name: str
    attributes: Mapping[str, str]


def tags_in(html: str) -> list[Tag]:
    """Return the elements of a piece of HTML, as a forgiving parser reads it."""
    if "<" not in html:
        return []
    collector = _Collector()
    # lxml calls no more of a target than what it has; its stubs ask for all.
    parser = etree.HTMLParser(target=collector, encoding="utf-8", huge_tree=True)  # type: ignore[arg-type]
    try:
        parser.feed(html.replace("\0", "\ufffd").encode("utf-8", "replace"))
        parser.close()
    except etree.LxmlError:  # nothing in it: a lone comment, for one
        pass
    return collector.tags


class _Collector:
    """Takes what lxml's parser meets, so that no tree is built."""

    def __init__(self) -> None:
        self.tags: list[Tag] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.tags.append(Tag(str(name).lower(), {str(key).lower(): value or "" for key, value in attributes.items()}))

    def close(self) -> None:
        return None


def unsafe_parts(tags: Iterable[Tag]) -> Iterator[str]:
    """Yield what a reader would have to take out of content to be safe, in words."""
    for tag in tags:
        if tag.name in _UNSAFE:
            yield f"the element <{tag.name}>"
        for name, value in tag.attributes.items():
            if name.startswith("on"):
                yield f"the attribute {name} of <{tag.name}>"
            elif name == "style" and (found := _unsafe_style(value)):
                yield f"the style {found!r} of <{tag.name}>"
            elif name in _ADDRESSES or name == "srcset":
                yield from (f"the address {quoted(one)} of <{tag.name}>" for one in _unsafe_addresses(name, value))


def relative_parts(tags: Iterable[Tag]) -> Iterator[str]:
    """Yield the addresses that lead nowhere outside of their page, in words."""
    for tag in tags:
        for name, value in tag.attributes.items():
            if name in _ADDRESSES or name == "srcset":
                wrong = [one for one in _addresses(name, value) if is_relative(one)]
                yield from (f"the {name} {quoted(one)} of <{tag.name}>" for one in wrong)


def markup_in(text: str) -> str | None:
    """Return the markup that a plain text holds, None if it only talks about some.

    A pair of HTML tags counts, and an element without content that has an attribute or a slash,
    and a character reference: 'The <b> element', 'a < b' and 'AT&T' are texts.
    """
    for found in _ENTITY.finditer(text):
        if found[1] is None or f"{found[1]};" in html5:
            return found[0]
    for found in _VOID_TAG.finditer(text):
        if "=" in found[1] or found[1].endswith("/"):
            return found[0]
    opened: dict[str, str] = {}
    tags = [(found.start(), found, True) for found in _OPENING.finditer(text)]
    tags += [(found.start(), found, False) for found in _CLOSING.finditer(text)]
    for _, found, opens in sorted(tags, key=lambda tag: tag[0]):
        name = found[1].lower()
        if opens:
            opened.setdefault(name, found[0])
        elif name in opened:
            return f"{opened[name]} … {found[0]}"
    return None


def _addresses(name: str, value: str) -> Iterable[str]:
    if name == "srcset":
        return _candidates(value)
    return value.split() if name == "ping" else (value,)


def _candidates(srcset: str) -> Iterator[str]:
    """Yield the addresses of a srcset, as HTML's section 'parsing a srcset attribute' parts them."""
    place = 0
    while found := _CANDIDATE.match(srcset, place):
        address = found[1]
        place = found.end()
        if not address.endswith(","):  # a descriptor follows, up to a comma
            comma = srcset.find(",", place)
            place = comma if comma >= 0 else len(srcset)
        yield address.rstrip(",")


def _unsafe_addresses(name: str, value: str) -> Iterator[str]:
    for address in _addresses(name, value):
        bare = without_ignored(address).lower()
        if bare.startswith(("javascript:", "vbscript:")) or (
            bare.startswith("data:") and not bare.startswith("data:image/")
        ):
            yield address


def _unsafe_style(style: str) -> str | None:
    plain = _CSS_ESCAPE.sub(_css_letter, _CSS_COMMENT.sub("", style))
    found = _UNSAFE_STYLE.search(plain)
    return next(part for part in found.groups() if part).lower() if found else None


def _css_letter(escape: re.Match[str]) -> str:
    number = int(escape[1], 16) if escape[1] else -1
    return (chr(number) if number <= 0x10FFFF else "\ufffd") if number >= 0 else escape[2]
