"""Shortcodes and template tags of site generators, taken out of a body before it is rendered.

    body ─► expand ─► each tag outside code left out, or replaced by what it stands for

Read are Hugo `{{< … >}}` and `{{% … %}}`, Liquid, Jinja and Nunjucks `{% … %}`, `{{ … }}` and
`{# … #}`, Zola `{{ name(…) }}`, kramdown `{: … }` and `{#id}`, MDX `{/* … */}`.
What stands between paired tags is authored text and stays; a tag that is never closed stays too.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from syndicate.domain.urls import clean_address, host_of, is_web_address
from syndicate.parsing.jsx import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class LostText:
    """A piece of authored text that could not be carried over.

    `line` is 1-based inside the body, `found` is what stood there in at most 80 characters.
    """

    line: int
    found: str


# ---- Tags ----------------------------------------------------------------------------------

_CLOSERS = {"{{<": ">}}", "{{%": "%}}", "{{": "}}", "{%": "%}", "{#": "#}", "{/*": "*/}"}
_COMMENTS = ("{#", "{/*")
_OPENER = re.compile(
    r"\{\{[<%]?|\{%|\{\#|\{:|\{/\*"
    # kramdown's table of contents: the list item before `{:toc}` only holds its place
    r"|^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+\S[^\n]*\n[ \t]*(?=\{:[^}\n]*\btoc\b)",
    re.MULTILINE,
)
_KRAMDOWN = re.compile(r"\{:(?=[\s.\#:/]|toc\b|no_toc\b|[\w-]+[=:])[^{}\n]*\}")
_HEADING_ID = re.compile(r"\{\#[\w:.-]+(?:\s[^{}\n]*)?\}(?=[ \t]*$)", re.MULTILINE)
# Enough of a line to see whether a tag stands in an address: few are longer.
_NEAR = 300
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_NAME = re.compile(r"[-~+\s]*/?\s*(?P<name>[\w./:-]*)\(?")
# A quote that is not closed reaches to the end of the tag.
_ARGUMENT = re.compile(
    r"""(?:(?P<key>[\w.-]++)\s*(?:=|:(?=[\s"']))\s*)?"""
    r"""(?:"(?P<double>(?:\\.|[^"\\])*+)(?:"|\Z)|'(?P<single>[^']*+)(?:'|\Z)"""
    r"""|`(?P<raw>[^`]*+)(?:`|\Z)|(?P<bare>[^\s,"'`)]++))""",
    re.DOTALL,
)
# Pairs whose content is not for the template language; what they mean is in _verbatim().
_VERBATIM = frozenset({"raw", "verbatim", "comment", "highlight", "codeblock"})
# Tags of logic and layout: what they quote is for the template, not for the reader.
_LOGIC = frozenset(
    {
        *("assign", "block", "break", "call", "capture", "case", "continue", "cycle", "decrement"),
        *("echo", "else", "elseif", "elsif", "extends", "filter", "for", "from", "if", "ifchanged"),
        *("import", "increment", "layout", "liquid", "macro", "paginate", "param", "render"),
        *("section", "set", "tablerow", "unless", "when", "with"),
    }
)
# Tags that run a template given by its file's name, which says what it is.
_INCLUDES = frozenset({"include", "include_relative", "include_cached", "includes", "partial"})
# Arguments that never hold a text to be read.
_NO_TEXT = frozenset(
    {
        *("class", "color", "colour", "date", "height", "icon", "id", "lang", "options", "opts"),
        *("params", "size", "sizes", "srcset", "style", "type", "width"),
    }
)
# Two words make a text: "Dispose of", not "600x300 webp" and not "float: 0".
_TEXT = re.compile(r"[^\W\d_]{2,}\S*\s+\S*[^\W\d_]{2}")
_ADDRESS = re.compile(r"/|\.{1,2}/|\#|\?|(?i:https?:)")
_FILE = re.compile(r"/|\.\w{2,5}$")
# Where an address is being written: a Markdown target, a reference or an attribute.
_IN_ADDRESS = re.compile(r"""(?:\]\(<?|^\[[^\]]*\]:[ ]*<?|\b(?:cite|data|href|poster|src)=["']?)[^\s"'<>()]*$""")

Caption: TypeAlias = Callable[[str], str]
"""Makes inline HTML of a caption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tag:
    """One tag, or a piece of code (token '`'); `content` is what a verbatim pair encloses."""

    start: int
    end: int
    token: str
    inner: str = ""
    content: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a tag stands: alone on its lines, inside an address, or in running text."""

    before: str
    after: str
    alone: bool
    next_is_text: bool

    @property
    def in_address(self) -> bool:
        return _IN_ADDRESS.search(self.before) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A tag's name and arguments, as a function of the template language would get them."""

    name: str
    positional: tuple[str, ...]
    named: dict[str, str]
    texts: tuple[str, ...]

    @property
    def words(self) -> frozenset[str]:
        """The parts of the name: 'legacy-img-right' is an 'img'."""
        return frozenset(re.split(r"[^a-z0-9]+", self.name.lower()))

    def get(self, *keys: str) -> str:
        return next((self.named[key] for key in keys if self.named.get(key)), "")

    def first(self, *keys: str) -> str:
        return self.get(*keys) or (self.positional[0] if self.positional else "")


def has_tags(text: str) -> bool:
    """Tell, fast, whether `expand` may have something to do."""
    return "{" in text and any(opener in text for opener in ("{{", "{%", "{:", "{#", "{/*"))


def expand(text: str, *, code: Sequence[Span], caption: Caption) -> tuple[str, tuple[LostText, ...]]:
    """Return the text with every tag replaced by what it stands for, and the texts that were lost.

    `code` are the pieces of code in order, none inside another: tags in them stay as written.
    """
    pieces: list[str] = []
    lost: list[LostText] = []
    position = 0
    for tag in _tags(text, code):
        place = _place(text, tag)
        meaning = _meaning(tag, place, caption)
        is_lost = meaning is None and not place.in_address and _texts(tag)
        if is_lost and len(lost) < _MAX_LOST:
            lost.append(_lost(text, tag))
        pieces += text[position : tag.start], meaning or _nothing(place)
        position = tag.end
    return "".join(pieces) + text[position:], tuple(lost)


def _tags(text: str, code: Sequence[Span]) -> Iterator[_Tag]:
    """Yield tags and code in order; what starts first wins where they overlap."""
    starts = [start for start, _ in code]
    closers = _Closers(text)
    position = 0
    while opener := _OPENER.search(text, position):
        nearest = bisect_right(starts, opener.start()) - 1
        start, end = code[nearest] if nearest >= 0 else (-1, -1)
        if position <= start and opener.start() < end:
            tag: _Tag | None = _Tag(start=start, end=end, token="`", inner=text[start:end])
        else:
            tag = _tag(text, opener, closers)
        if tag:
            yield tag
        position = tag.end if tag else opener.start() + 1


class _Closers:
    """Where tags are closed: each part of the text is searched but once, however many openers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.unclosed: set[str] = set()
        self.found: dict[str, int] = {}

    def after(self, closer: str, start: int) -> int:
        """Return where the closer stands at or after `start`, -1 if nowhere."""
        known = self.found.get(closer)
        if known is None or 0 <= known < start:
            known = self.found[closer] = self.text.find(closer, start)
        return known


def _tag(text: str, opener: re.Match[str], closers: _Closers) -> _Tag | None:
    """Return the tag that an opener starts; None if it is none, or never closed."""
    token, start = opener[0], opener.start()
    if token not in _CLOSERS:
        return _bounded(_KRAMDOWN.match(text, start if token == "{:" else opener.end()), start)
    if token == "{#" and (heading_id := _HEADING_ID.match(text, start)):
        return _bounded(heading_id, start)
    inner_start = opener.end()
    inner_end = closers.after(_CLOSERS[token], inner_start)
    if inner_end < 0 or _runs_on(text, token, inner_start, inner_end):
        return None
    tag = _Tag(
        start=start,
        end=inner_end + len(_CLOSERS[token]),
        token=token,
        inner=text[inner_start:inner_end],
    )
    return _paired(text, tag, closers.unclosed) if token in ("{%", "{{<", "{{%") else tag


def _bounded(found: re.Match[str] | None, start: int) -> _Tag | None:
    return _Tag(start=start, end=found.end(), token="{:", inner=found[0]) if found else None


def _runs_on(text: str, token: str, start: int, end: int) -> bool:
    """Tell whether another tag or another paragraph starts before this one is closed.

    Comments may go on, but `{#` only with a space behind it: it is in use for other things.
    """
    if token == "{/*" or (token == "{#" and text[start] in " \t\n-"):
        return False
    return text.find(token[:2], start, end) >= 0 or bool(_BLANK_LINE.search(text, start, end))


def _paired(text: str, tag: _Tag, unclosed: set[str]) -> _Tag:
    """Return the tag with its content and its closing tag, if nothing in between is for us.

    `unclosed` notes what nothing closes from some tag on, so that it is not looked for again.
    """
    name = _name(tag)
    if name not in _VERBATIM or tag.inner.lstrip().startswith("/"):
        return tag
    liquid, hugo = r"\{%%[-~]?\s*end%s\s*[-~]?%%\}", r"\{\{[<%%]\s*/\s*%s\s*[>%%]\}\}"
    pattern = (liquid if tag.token == "{%" else hugo) % name
    found = None if pattern in unclosed else re.compile(pattern).search(text, tag.end)
    if found is None:
        unclosed.add(pattern)
    return replace(tag, end=found.end(), content=text[tag.end : found.start()]) if found else tag


def _place(text: str, tag: _Tag) -> _Place:
    before = text[max(0, tag.start - _NEAR) : tag.start].rpartition("\n")[2]
    after, _, following = text[tag.end : tag.end + _NEAR].partition("\n")
    return _Place(
        before=before,
        after=after,
        alone=not before.strip() and not after.strip(),
        next_is_text=not (following[:1] or " ").isspace(),
    )


def _nothing(place: _Place) -> str:
    """Return what an absent tag leaves: an empty Markdown target must still be one."""
    return "<>" if place.before.endswith("](") and (place.after + " ")[0] in " )" else ""


# An article that loses more texts than this is mended from these; each costs a look at all before it.
_MAX_LOST = 20


def _lost(text: str, tag: _Tag) -> LostText:
    found = " ".join(text[tag.start : tag.end].split())
    shown = found if len(found) <= 80 else found[:79] + "…"
    return LostText(line=text.count("\n", 0, tag.start) + 1, found=shown)


def _texts(tag: _Tag) -> tuple[str, ...]:
    """Return the texts for readers among a tag's arguments."""
    call = _call(tag)
    return () if call.name in _LOGIC or call.name.startswith("end") else call.texts


# ---- What tags stand for -------------------------------------------------------------------

_LITERAL = re.compile(r"""[-\s]*(["'])(?P<text>(?:(?!\1).)*)\1\s*(?P<filters>\|.*)?""", re.DOTALL)
_EMBED_FILTER = re.compile(r"""\|\s*embed\b\s*(?::\s*(?P<quote>["'])(?P<title>.*?)(?P=quote))?""", re.DOTALL)
_FUNCTION = re.compile(r"[-\s]*[\w.:-]+\s*\(.*\)[-\s]*(?:\|.*)?", re.DOTALL)
_ESCAPED = re.compile(r"\{\{([<%])/\*(.*?)\*/([>%])\}\}", re.DOTALL)
_RAW_TAG = re.compile(r"\{%[-~]?\s*(?:end)?raw\s*[-~]?%\}")
_LANGUAGE = re.compile(r"(?:highlight\s+\W?|lang:)([\w+#.-]+)")
# Backslashes that an author put before Markdown's punctuation, which a shortcode would keep.
_MARKDOWN_ESCAPE = re.compile(r"\\([_*~\[\]()#-])")
_IMAGES = frozenset({"img", "image", "figure", "picture", "photo"})
_REFERENCES = frozenset({"ref", "relref", "get_url"})
_JEKYLL_REFERENCES = frozenset({"post_url", "link"})
_PLAYERS = {
    "video": "Video",
    "audio": "Audio",
    "iframe": "Embedded content",
    "embed": "Embedded content",
}
_YOUTUBE_PLAYER = re.compile(
    r"(?:https?:)?//(?:www\.|m\.)?youtube(?:-nocookie)?\.com/embed/"
    r"(?:videoseries\?(?:[^#]*&)?list=(?P<list>[\w-]+)|(?P<id>[\w-]+))"
)
_VIMEO_PLAYER = re.compile(r"(?:https?:)?//player\.vimeo\.com/video/(?P<id>\d+)")


def link_to(address: str, *, kind: str, text: str = "") -> str:
    """Return a link for what can't be shown in place, with its text or as 'Video: youtube.com'."""
    host = host_of(address)
    label = " ".join(text.split()) or (f"{kind}: {host}" if host else kind)
    return f'<a href="{html.escape(address)}">{_as_entities(label)}</a>'


def page_of_player(address: str) -> str:
    """Return the page that shows what a YouTube or Vimeo player plays; else the address itself."""
    if found := _YOUTUBE_PLAYER.match(address):
        path = f"playlist?list={found['list']}" if found["list"] else f"watch?v={found['id']}"
        return f"https://www.youtube.com/{path}"
    if found := _VIMEO_PLAYER.match(address):
        return f"https://vimeo.com/{found['id']}"
    return address


def _as_entities(text: str) -> str:
    """Return the text with all punctuation as references, so that it means nothing to Markdown."""
    return re.sub(r"[^\w ]", lambda found: f"&#{ord(found[0])};", text)


def _meaning(tag: _Tag, place: _Place, caption: Caption) -> str | None:
    """Return what a tag stands for; None if it is not known."""
    if tag.token == "`":
        return _code(tag.inner)
    if tag.token in ("{:", *_COMMENTS):
        return ""
    if tag.content is not None:
        return _verbatim(tag, place)
    if escaped := re.fullmatch(r"\s*/\*(.*)\*/\s*", tag.inner, re.DOTALL):
        return html.escape(f"{tag.token}{escaped[1]}{_CLOSERS[tag.token]}", quote=False)
    if tag.token == "{{" and not _FUNCTION.fullmatch(tag.inner):
        return _output(tag.inner, place)
    return _called(_call(tag), tag, place, caption)


def _code(text: str) -> str:
    """Return code as written, but for the two ways to escape a tag from the generator."""
    text = _ESCAPED.sub(lambda tag: f"{{{{{tag[1]}{tag[2]}{tag[3]}}}}}", text)
    return _RAW_TAG.sub("", text) if len(_RAW_TAG.findall(text)) % 2 == 0 else text


def _verbatim(tag: _Tag, place: _Place) -> str:
    name, content = _name(tag), tag.content or ""
    if name == "comment":
        return ""
    if name in ("raw", "verbatim"):
        return content
    language = _LANGUAGE.search(tag.inner)
    code = _as_entities(content.strip("\n"))
    if not place.alone and "\n" not in content.strip():
        return f"<code>{code.strip()}</code>"
    label = f' class="language-{language[1]}"' if language else ""
    return f"<pre><code{label}>{code}</code></pre>"


def _output(inner: str, place: _Place) -> str:
    """Return what `{{ "literal" | filters }}` gives; a variable gives nothing."""
    literal = _LITERAL.fullmatch(inner)
    if literal is None:
        return ""
    text, filters = literal["text"], literal["filters"] or ""
    if embed := _EMBED_FILTER.search(filters):
        return link_to(page_of_player(text), kind="Video", text=embed["title"] or "")
    return _as_address(text) if place.in_address or _ADDRESS.match(text) else text


def _as_address(text: str) -> str:
    return re.sub(r"[()]", lambda found: f"%{ord(found[0]):X}", clean_address(text))


def _name(tag: _Tag) -> str:
    found = _NAME.match(tag.inner)
    return found["name"] if found else ""


def _call(tag: _Tag) -> _Call:
    head = _NAME.match(tag.inner)
    name, rest = (head["name"], tag.inner[head.end() :]) if head else ("", "")
    call = _arguments(name, rest)
    if name in _INCLUDES and call.positional:
        file = call.positional[0].rsplit("/", 1)[-1].split(".", 1)[0]
        return replace(call, name=file, positional=call.positional[1:])
    return call


def _arguments(name: str, source: str) -> _Call:
    positional, named, texts = [], {}, []
    for found in _ARGUMENT.finditer(source):
        bare, key = found["bare"], (found["key"] or "").lower()
        value = bare or (found["double"] or "").replace('\\"', '"') or found["single"] or found["raw"]
        value = (value or "").strip()
        if key:
            named[key] = value
        elif value not in ("-", "/"):
            positional.append(value)
        if not bare and key not in _NO_TEXT and _TEXT.search(value):
            texts.append(value)
    return _Call(name=name, positional=tuple(positional), named=named, texts=tuple(texts))


def _called(call: _Call, tag: _Tag, place: _Place, caption: Caption) -> str | None:
    if tag.inner.lstrip("-~+ \n\t").startswith("/"):
        return ""
    if call.name in _REFERENCES or (call.name in _JEKYLL_REFERENCES and tag.token == "{%"):
        return _reference(call, place)
    address, kind = _embedded(call)
    if address:
        link = link_to(address, kind=kind, text=call.get("title", "caption", "alt"))
        return _as_address(address) if place.in_address else link
    return _figure(call, place, caption) if call.words & _IMAGES else None


def _reference(call: _Call, place: _Place) -> str | None:
    """Return the address that a reference names, relative as it is written."""
    target = call.first("path", "ref")
    gap = "/" if call.name in _JEKYLL_REFERENCES and place.before[-1:].isalnum() else ""
    return gap + _as_address(target) if target else None


def _embedded(call: _Call) -> tuple[str, str]:
    """Return the address of what a shortcode embeds, and its kind; '' if nothing known."""
    target = call.first("id", "v", "url", "src", "href", "file", "video", "link")
    for pattern, kind, address in _SERVICES:
        if pattern.search(call.name.lower()):
            return page_of_player(target) if is_web_address(target) else address(call, target), kind
    kind = next((kind for word, kind in _PLAYERS.items() if word in call.words), "")
    if is_web_address(target) or (kind in ("Video", "Audio") and _FILE.search(target)):
        return page_of_player(target) if kind else "", kind
    return "", ""


def _youtube(call: _Call, target: str) -> str:
    return f"https://www.youtube.com/watch?v={target}" if re.fullmatch(r"[\w-]{6,}", target) else ""


def _vimeo(call: _Call, target: str) -> str:
    return f"https://vimeo.com/{target}" if target.isdecimal() else ""


def _post(call: _Call, target: str) -> str:
    number = next((text for text in (call.get("id"), *call.positional) if text.isdecimal()), "")
    others = (text for text in (call.get("user"), *call.positional) if re.fullmatch(r"\w+", text))
    user = next((text for text in others if not text.isdecimal()), "i")
    return f"https://x.com/{user}/status/{number}" if number else ""


def _gist(call: _Call, target: str) -> str:
    parts = [call.get("user"), call.get("id")] if call.get("id") else list(call.positional[:2])
    path = parts[0] if parts and "/" in parts[0] else "/".join(filter(None, parts))
    return f"https://gist.github.com/{path}" if re.fullmatch(r"[\w-]+(/[\w-]+)?", path) else ""


def _instagram(call: _Call, target: str) -> str:
    return f"https://www.instagram.com/p/{target}/" if re.fullmatch(r"[\w-]+", target) else ""


_SERVICES: tuple[tuple[re.Pattern[str], str, Callable[[_Call, str], str]], ...] = (
    (re.compile("youtube"), "Video", _youtube),
    (re.compile("vimeo"), "Video", _vimeo),
    (re.compile("^x(_simple)?$|tweet|twitter"), "Post", _post),
    (re.compile("(^|[^a-z])gist"), "Code", _gist),
    (re.compile("instagram"), "Picture", _instagram),
)


def _figure(call: _Call, place: _Place, caption: Caption) -> str | None:
    """Return a picture: a figure where it stands alone, else in the line, its caption after it."""
    source, texts = _picture(call)
    if not source:
        return None
    if place.in_address:
        return _as_address(source)
    last = texts[-1] if texts else ""
    alt = call.get("alt") or next((text for text in texts if " " in text), last)
    image = f'<img src="{html.escape(source)}" alt="{html.escape(" ".join(alt.split()))}">'
    if link := call.get("link"):
        image = f'<a href="{html.escape(link)}">{image}</a>'
    text = _caption(call)
    if not place.alone:
        return f"{image} <em>{text}</em>" if text else image
    figcaption = f"<figcaption>{caption(text)}</figcaption>" if text else ""
    return f"<figure>{image}{figcaption}</figure>" + "\n" * place.next_is_text


def _picture(call: _Call) -> tuple[str, tuple[str, ...]]:
    """Return a picture's address and the texts that follow it."""
    source, rest = call.get("src", "image", "url", "file", "path"), call.positional
    if not source and rest:
        index = next((i for i, text in enumerate(rest) if _FILE.search(text)), 0)
        source, rest = rest[index], rest[index + 1 :]
    return _MARKDOWN_ESCAPE.sub(r"\1", source), tuple(text for text in rest if not text.isdecimal())


def _caption(call: _Call) -> str:
    title, text, credit = call.get("title"), call.get("caption", "text"), call.get("attr")
    if credit and (address := call.get("attrlink")):
        credit = f'<a href="{html.escape(address)}">{credit}</a>'
    named = f"{title}: {text}" if title and text else title or text
    return " ".join(f"{named} {credit}".split())
