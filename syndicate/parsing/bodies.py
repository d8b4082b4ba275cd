"""Bodies of articles: Markdown or HTML of any origin to a fragment that is safe in feed and mail.

    text ─► scrub ─► tags and JSX out ─► Markdown, unless it is HTML ─► depth bounded
         ─► sanitise (nh3) ─► embeds to links, sanitise again ─► addresses absolute ─► Body

What is kept is a list of elements and attributes; an address is http, https, mailto or tel.
Nothing that an author writes raises: what can't be read as markup is read as text.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import nh3

from syndicate.domain.text import scrub
from syndicate.parsing.body_links import EMBEDS, SCHEMES, Resolve, embeds_as_links, with_absolute_addresses
from syndicate.parsing.jsx import Span, may_have_jsx, without_jsx
from syndicate.parsing.plain_text import TEXT_LEVEL
from syndicate.parsing.shortcodes import LostText, expand, has_tags

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["Body", "LostText", "Markup", "Resolve", "issue_content", "render_body", "scrub"]


class Markup(Enum):
    """What a body is written in."""

    MARKDOWN = "markdown"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A sanitised HTML fragment with absolute addresses only, and what did not make it there."""

    html: str
    lost: tuple[LostText, ...] = ()


def render_body(text: str, *, markup: Markup, resolve: Resolve) -> Body:
    """Return a body as a fragment of HTML.

    `text` is the body without its front matter. `resolve` gets each relative address as it is
    written ('x', '../x', '/x', '//host/x', '?q', '#part'). Never raises for what is in the text.
    """
    text = _LINE_END.sub("\n", scrub(text)) if "\r" in text else scrub(text)
    text, lost = _without_tags(text, markup)
    if markup is Markup.MARKDOWN:
        text = _html_of_markdown(_with_footnotes(text))
    return Body(html=_sanitised(text, resolve), lost=lost)


def issue_content(html: str) -> str:
    """Return the document of an issue as a fragment for feeds, without the preheader, which nobody is to see.

    The tables that lay it out are taken away: what stands in them comes in the same order.
    """
    shown = _LAYOUT.sub("", _PREHEADER.sub("", html))
    return _BLANK_LINES.sub("\n", _sanitised(scrub(shown), lambda address: None))


_PREHEADER = re.compile(r"""<div\b[^<>]*\bclass=["']?preheader\b[^<>]*>.*?</div>""", re.DOTALL)
_BLANK_LINES = re.compile(r"\n\s*\n")
_LAYOUT = re.compile(r"</?(?:table|tbody|tr|td)\b[^<>]*>")


def _without_tags(text: str, markup: Markup) -> tuple[str, tuple[LostText, ...]]:
    if may_have_jsx(text):
        text = without_jsx(text, _code_spans(text, markup))
    if not has_tags(text):
        return text, ()
    caption = _markdown(linkify=True).renderInline if markup is Markup.MARKDOWN else str
    return expand(text, code=_code_spans(text, markup), caption=caption)


# ---- Code ----------------------------------------------------------------------------------

_CODE_SPAN = re.compile(r"(?<![`\\])(`++)(?!`).*?[^`]\1(?!`)", re.DOTALL)
_CODE_ELEMENT = re.compile(r"<(pre|code)\b")


def _code_spans(text: str, markup: Markup) -> list[Span]:
    """Return where code stands in a body, in order, none inside another."""
    spans = list(_code_elements(text))
    if markup is Markup.MARKDOWN:
        spans += _markdown_code(text)
    outer: list[Span] = []
    for start, end in sorted(spans):
        if not outer or start >= outer[-1][1]:
            outer.append((start, end))
    return outer


def _code_elements(text: str) -> Iterator[Span]:
    """Yield each `<pre>` and `<code>` that is closed."""
    lowered = text.lower()
    end = 0
    unclosed: set[str] = set()
    for opening in _CODE_ELEMENT.finditer(lowered):
        if opening.start() < end or opening[1] in unclosed:
            continue
        closing = lowered.find(f"</{opening[1]}", opening.end())
        if closing < 0:
            unclosed.add(opening[1])
        else:
            end = closing
            yield opening.start(), end


def _markdown_code(text: str) -> Iterator[Span]:
    """Yield each block of code and each code span of Markdown."""
    starts = [0, *(found.end() for found in re.finditer("\n", text)), len(text)]
    for token in _block_parser().parse(text):
        first, last = token.map or (0, 0)
        start, end = starts[first], starts[min(last, len(starts) - 1)]
        if token.type in ("fence", "code_block"):
            yield start, end
        elif token.type == "inline":
            yield from (found.span() for found in _CODE_SPAN.finditer(text, start, end))


# ---- Markdown ------------------------------------------------------------------------------

_LINE_END = re.compile(r"\r\n?")
# Blocks within blocks; deeper ones are dropped by the parser, which recurses for each.
_MAX_NESTING = 40
# Browsers take no longer ones; to look for addresses in a longer word costs quadratic time.
_LONGEST_ADDRESS = 2000
# The elements that start a block of HTML (CommonMark 0.31, section 4.6, condition 6).
_HTML_BLOCK = re.compile(
    r" {0,3}</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup"
    r"|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset"
    r"|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol"
    r"|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr"
    r"|track|ul)(?=\s|/?>|$)",
    re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*(?:\n|\Z))+")
_BLANK_START = re.compile(r"(?:[ \t]*\n)+")


def _html_of_markdown(text: str) -> str:
    """Return the HTML of Markdown; what is all blocks of HTML needs no parser."""
    start = _BLANK_START.match(text)
    blocks = _BLANK_LINES.split(text[start.end() :] if start else text)
    if all(_HTML_BLOCK.match(block) for block in blocks if block):
        return "\n".join(blocks)
    tame = "://" not in text or max(map(len, text.split())) < _LONGEST_ADDRESS
    return str(_markdown(linkify=tame).render(text))


@functools.cache
def _markdown(*, linkify: bool) -> "MarkdownIt":
    """Return the parser: CommonMark with tables, strikethrough and bare addresses as links."""
    from markdown_it import MarkdownIt  # a tenth of a second that HTML bodies don't need

    parser = MarkdownIt("commonmark", {"linkify": linkify, "maxNesting": _MAX_NESTING})
    if parser.linkify is not None:
        # 'main.rs' and 'README.md' are names of files, '//a.me' is a comment, although they end like hosts
        parser.linkify.set({"fuzzy_link": False}).add("//", None)
    return parser.enable(["table", "strikethrough", "linkify"])


@functools.cache
def _block_parser() -> "MarkdownIt":
    """Return the parser of blocks alone, which tells where code is."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


_FOOTNOTE = re.compile(r"^ {0,3}\[\^(?P<text>[^\]\s]+)\]:[ \t]*|\[\^(?P<mark>[^\]\s]+)\]", re.MULTILINE)


def _with_footnotes(text: str) -> str:
    """Return Markdown with footnotes, which CommonMark does not know, as numbered paragraphs."""
    defined = {found["text"] for found in _FOOTNOTE.finditer(text)} - {None} if "[" in text and "[^" in text else ()
    if not defined:
        return text
    code = _code_spans(text, Markup.MARKDOWN)
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        label = found["text"] or found["mark"]
        if label not in defined or any(start <= found.start() < end for start, end in code):
            return found[0]
        number = numbers.setdefault(label, len(numbers) + 1)
        return f"\n<sup>\\[{number}\\]</sup> " if found["text"] else f"<sup>\\[{number}\\]</sup>"

    return _FOOTNOTE.sub(numbered, text)


# ---- Sanitising ----------------------------------------------------------------------------

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "caption", "col", "colgroup", "dd"),
        *("details", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4"),
        *("h5", "h6", "header", "hgroup", "hr", "img", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
# Elements that HTML gave up, and what is written today.
_RENAMED = {
    "acronym": "abbr",
    "center": "div",
    "dialog": "div",
    "dir": "ul",
    "fieldset": "div",
    "menu": "ul",
    "strike": "s",
    "tt": "code",
}
_TAGS = TEXT_LEVEL | _BLOCKS
# Elements whose content is not for the eye.
_HIDDEN = {
    *("math", "noembed", "noframes", "noscript", "script", "style", "svg", "template", "title"),
}
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "dfn": {"title"},
    "img": {"alt", "data-src", "height", "sizes", "src", "srcset", "title", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "pre": {"class"},
    "q": {"cite"},
    "td": {"colspan", "rowspan"},
    "th": {"abbr", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_EMBED_ATTRIBUTES = {
    "audio": {"src", "title"},
    "embed": {"src", "title"},
    "iframe": {"src", "title"},
    "object": {"data", "title"},
    "source": {"src"},
    "video": {"src", "title"},
}
_HAS_EMBED = re.compile(rf"<(?:{'|'.join(sorted(EMBEDS))})", re.IGNORECASE)
# Elements that are left out may have shielded what they enclosed, and links cross what they were
# put around: what is left then nests in another way when it is read again. Twice settles it.
_MAX_PASSES = 3
_TAG_NAME = re.compile(r"</?[a-zA-Z][^\s/>]*")
_OBSOLETE_TAG = re.compile(rf"<(/?)({'|'.join(_RENAMED)})(?=[\s/>])", re.IGNORECASE)
# Finds what the two above find, and more; looking at a tag's first letter first makes it twice as fast as both.
_RARE = sorted(EMBEDS | _RENAMED.keys())
_RARE_TAG = re.compile(rf"</?(?=[{''.join(name[0] for name in _RARE)}])(?:{'|'.join(_RARE)})", re.IGNORECASE)
_PRE_START = re.compile(r"(<pre(?: [^>]*)?>)\n+")
# A link to nowhere around text (around blocks it stays, since they nest by it), a link around
# nothing, an empty paragraph.
_SUPERFLUOUS = re.compile(
    rf"<a>((?:[^<]|</?(?:{'|'.join(sorted(TEXT_LEVEL - {'a'}))}|br|img)(?: [^>]*)?>)*+)</a>"
    r"|<a [^>]*></a>|<p></p>"
)
# Where either of the two above may have something to do.
_UNTIDY = re.compile(r"<(?=[ap])(?:a>|a [^>]*></a>|p></p>|pre)")


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_HIDDEN,
        attributes=_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


@functools.cache
def _embed_cleaner() -> nh3.Cleaner:
    """Return the cleaner that keeps embeds, for `embeds_as_links` to find them."""
    return nh3.Cleaner(
        tags=_TAGS | _EMBED_ATTRIBUTES.keys(),
        clean_content_tags=_HIDDEN,
        attributes=_ATTRIBUTES | _EMBED_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


def _sanitised(text: str, resolve: Resolve) -> str:
    """Return HTML as a fragment of allowed elements with absolute addresses.

    Every step after nh3 works on what nh3 wrote: well nested, quoted and escaped.
    """
    if text.count("<") > _MANY_TAGS or _RARE_TAG.search(text):
        text = _prepared(text, resolve)
    return _tidy(with_absolute_addresses(_cleaned(text), resolve)).strip()


def _prepared(text: str, resolve: Resolve) -> str:
    """Return HTML without obsolete tags, embeds and nesting too deep, which most articles don't have."""
    text = _OBSOLETE_TAG.sub(lambda tag: f"<{tag[1]}{_RENAMED[tag[2].lower()]}", text)
    if text.count("<") > _MANY_TAGS:
        text = _bounded(text)
    if _HAS_EMBED.search(text):
        text = embeds_as_links(_clean(_embed_cleaner(), text), resolve)
    return text


def _cleaned(text: str) -> str:
    """Return HTML cleaned until its tags stay as they are; those of most articles do at once."""
    for _ in range(_MAX_PASSES):
        before, text = text, _clean(_cleaner(), text)
        if text == before or _TAG_NAME.findall(text) == _TAG_NAME.findall(before):
            break
    return text


def _clean(cleaner: nh3.Cleaner, text: str) -> str:
    """Return the HTML cleaned; a reference such as `&#11;` may stand for a forbidden character."""
    cleaned = cleaner.clean(text)
    return scrub(cleaned) if "&#" in text else cleaned


def _tidy(text: str) -> str:
    """Return the fragment without links to nowhere, links of nothing and empty paragraphs."""
    if not _UNTIDY.search(text):
        return text
    found = 1
    while found:  # what is left out may have been all that its neighbours held
        text, found = _SUPERFLUOUS.subn(r"\1", text)
    return _PRE_START.sub(r"\1", text)


# ---- Depth ---------------------------------------------------------------------------------

# Below this many tags no nesting is deep enough to cost time; most articles have fewer.
_MANY_TAGS = 1000
# Elements within elements. Parsers take quadratic time below that: 100,000 quotes, 22 seconds.
_MAX_DEPTH = 256
# Open formatting is repeated in each paragraph that follows: 3,000 of both made 87 MB.
_MAX_FORMATTING = 32
_FORMATTING = frozenset({"b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
# Elements without an end, or whose end tag may be left out: an open one says nothing on depth.
_NEVER_DEEP = frozenset(
    {
        *("area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li"),
        *("link", "meta", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot"),
        *("th", "thead", "tr", "track", "wbr"),
    }
)
_RAW_TAG = re.compile(r"<!--(?:-?>|.*?(?:-->|--!>|\Z))|<(/?)([a-zA-Z][^\s/<>]*)[^<>]*>?", re.DOTALL)


def _bounded(text: str) -> str:
    """Return HTML without the tags that nest too deep; their text stays."""
    return _RAW_TAG.sub(_Depth(), text)


class _Depth:
    """Follows tags, and drops those that open below the deepest level."""

    def __init__(self) -> None:
        self.open: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.depth = self.formatting = 0

    def __call__(self, tag: re.Match[str]) -> str:
        name = (tag[2] or "").lower()
        if not name or name in _NEVER_DEEP:
            return tag[0]
        return self._close(tag[0], name) if tag[1] else self._opened(tag[0], name)

    def _opened(self, tag: str, name: str) -> str:
        is_formatting = name in _FORMATTING
        if self.depth >= _MAX_DEPTH or (is_formatting and self.formatting >= _MAX_FORMATTING):
            self.dropped[name] += 1
            return ""
        self.open[name] += 1
        self.depth += 1
        self.formatting += is_formatting
        return tag

    def _close(self, tag: str, name: str) -> str:
        if self.dropped[name]:
            self.dropped[name] -= 1
            return ""
        if self.open[name]:
            self.open[name] -= 1
            self.depth -= 1
            self.formatting -= name in _FORMATTING
        return tag
