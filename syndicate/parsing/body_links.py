"""Embeds and addresses in the HTML of a body that nh3 has cleaned.

embeds ─► links to what they show          addresses ─► absolute, of an allowed scheme, or gone
"""

import html
import re
from collections.abc import Callable
from typing import TypeAlias

from syndicate.domain.text import scrub
from syndicate.domain.urls import clean_address, host_of, is_web_address
from syndicate.parsing.plain_text import TEXT_LEVEL
from syndicate.parsing.shortcodes import link_to, page_of_player

Resolve: TypeAlias = Callable[[str], str | None]
"""Makes a relative address absolute, or None to drop it."""
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""What an address may begin with."""
EMBEDS = frozenset({"audio", "embed", "iframe", "object", "video"})
"""Elements that show something of another place."""

_CLEAN_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [^\s"=<>/]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([^\s"=<>/]+)="([^"]*)"')
_KINDS = {"audio": "Audio", "video": "Video"}
# Elements that can't hold a paragraph: a link inside them stands without one.
_NO_PARAGRAPHS = TEXT_LEVEL | {
    *("address", "caption", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "p", "pre", "summary"),
}
_VOID = frozenset({"br", "col", "hr", "img", "source", "wbr"})


def embeds_as_links(text: str, resolve: Resolve) -> str:
    """Return cleaned HTML with a link in the place of each embed.

    One gives way to what it encloses if it has no usable address; frames enclose nothing.
    """
    pieces: list[str] = []
    parents: list[str] = []
    position = 0
    while tag := _CLEAN_TAG.search(text, position):
        pieces.append(text[position : tag.start()])
        position = tag.end()
        if tag[2] not in EMBEDS:
            _follow(tag, parents)
            pieces.append(tag[0])
        elif not tag[1]:
            end = _end_of(text, tag)
            link = _embed_link(tag, text[tag.end() : end], parents, resolve)
            pieces.append(link)
            position = end if link or tag[2] == "iframe" else tag.end()
    return "".join(pieces) + text[position:]


def _follow(tag: re.Match[str], parents: list[str]) -> None:
    if tag[1]:
        del parents[-1:]
    elif tag[2] not in _VOID:
        parents.append(tag[2])


def _end_of(text: str, opening: re.Match[str]) -> int:
    """Return where the content of an embed ends."""
    name = opening[2]
    if name == "embed":
        return opening.end()
    if name == "iframe":  # its content is text, which may look like tags
        end = text.find("</iframe>", opening.end())
        return end if end >= 0 else len(text)
    depth = 1
    for tag in re.compile(f"<(/?){name}[ >]").finditer(text, opening.end()):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.start()
    return len(text)


def _embed_link(tag: re.Match[str], content: str, parents: list[str], resolve: Resolve) -> str:
    attributes = dict(_ATTRIBUTE.findall(tag[3]))
    if tag[2] == "object" and "<a " in content:
        return ""  # its author has written a better link
    written = attributes.get("src") or attributes.get("data") or _source(content)
    player = html.unescape(written)
    page = page_of_player(player)
    address = _absolute(page, resolve)
    if address is None or not is_web_address(address):
        return ""
    kind = "Video" if page != player else _KINDS.get(tag[2], "Embedded content")
    link = link_to(address, kind=kind, text=html.unescape(attributes.get("title", "")))
    return link if _NO_PARAGRAPHS.intersection(parents) else f"<p>{link}</p>"


def _source(content: str) -> str:
    found = re.search(r'<source [^>]*?\bsrc="([^"]+)"', content)
    return found[1] if found else ""


_ADDRESSED = re.compile(r'<(a|img|blockquote|q|del|ins|pre|code)((?: [^\s"=<>/]+="[^"]*")+)>|<img>')
# Addresses that nothing has to be done to: most of them.
_FIT = re.compile(r"https?://[\w.-]+(?::\d+)?(?:[/?#](?:[\w./?#=%+:@~!$(),;*-]|&amp;)*+)?", re.ASCII)
_FIT_TAG = re.compile(
    rf'<a href="{_FIT.pattern}">|<img src="{_FIT.pattern}" alt="[^"]*"(?: width="\d+" height="\d+")?>', re.ASCII
)
_HOST = re.compile(r"(?:[\w.:-]|%[89a-f][0-9a-f])+")
# 'https:/host' and 'https:\\host' are 'https://host' for browsers.
_SLASHES = "/\\"
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
# White space inside an address, which browsers ignore.
_IGNORED = re.compile(r"[\t\n]+")
# One of `srcset`: an address, which may hold commas but not end in one, and its size.
_CANDIDATE = re.compile(r"([^\s,](?:[^\s,]|,++(?=[^\s,]))*+)(?:(?=,)|\s*+([^,]*+))")
_LANGUAGE_CLASS = re.compile(r"(?:^|\s)(lang(?:uage)?-[\w+#.-]+)")


def with_absolute_addresses(text: str, resolve: Resolve) -> str:
    """Return cleaned HTML with its addresses absolute, and without those that lead nowhere."""
    return _ADDRESSED.sub(_Addresses(resolve), text)


class _Addresses:
    """Rewrites the attributes of one cleaned tag: addresses absolute, classes for code only."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve

    def __call__(self, tag: re.Match[str]) -> str:
        if _FIT_TAG.fullmatch(tag[0]):
            return tag[0]
        name, attributes = tag[1], dict(_ATTRIBUTE.findall(tag[2] or ""))
        match name:
            case None | "img":
                return self._image(attributes)
            case "a":
                self._address(attributes, "href")
                return _written("a", attributes if "href" in attributes else {})
            case "pre" | "code":
                _language_only(attributes)
            case _:
                self._address(attributes, "cite", web=True)
        return _written(name, attributes)

    def _image(self, attributes: dict[str, str]) -> str:
        """Return a picture that has an address and an alternative, or nothing."""
        self._address(attributes, "src", web=True)
        self._candidates(attributes)
        later = attributes.pop("data-src", "")
        if "src" not in attributes and later:
            attributes["src"] = later
            self._address(attributes, "src", web=True)
        for side in ("width", "height"):
            if not attributes.get(side, "0").isdecimal():
                del attributes[side]
        attributes.setdefault("alt", "")
        return _written("img", attributes) if "src" in attributes else ""

    def _address(self, attributes: dict[str, str], name: str, *, web: bool = False) -> None:
        written = attributes.get(name)
        if written is None or _FIT.fullmatch(written):
            return
        address = _absolute(html.unescape(written), self.resolve)
        if address is None or (web and not is_web_address(address)):
            del attributes[name]
        else:
            attributes[name] = _escaped(address)

    def _candidates(self, attributes: dict[str, str]) -> None:
        """Make each address of `srcset` absolute; the first one serves where `src` is missing."""
        written = html.unescape(attributes.get("srcset", ""))
        found = [
            (address, size.strip())
            for target, size in _CANDIDATE.findall(written)
            if (address := _absolute(target, self.resolve)) and is_web_address(address)
        ]
        if found:
            attributes["srcset"] = _escaped(", ".join(" ".join(pair).strip() for pair in found))
            attributes.setdefault("src", _escaped(found[0][0]))
        else:
            attributes.pop("srcset", None)
            attributes.pop("sizes", None)


def _language_only(attributes: dict[str, str]) -> None:
    language = _LANGUAGE_CLASS.search(attributes.pop("class", ""))
    if language:
        attributes["class"] = language[1]


def _written(name: str, attributes: dict[str, str]) -> str:
    pairs = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{pairs}>"


def _escaped(value: str) -> str:
    """Return the value of an attribute as nh3 would write it."""
    return html.escape(value).replace("&#x27;", "'").replace("\xa0", "&nbsp;")


def _absolute(written: str, resolve: Resolve) -> str | None:
    """Return an address absolute and of an allowed scheme, or None."""
    address = _IGNORED.sub("", written).strip()
    if not address:
        return None
    if not _SCHEME.match(address):
        try:
            address = scrub(resolve(address) or "")
        except ValueError:  # what urllib raises for '//['
            return None
    return _allowed(address)


def _allowed(address: str) -> str | None:
    """Return an absolute address, cleaned, if its scheme is allowed and it names something."""
    scheme, colon, rest = address.partition(":")
    scheme = scheme.lower()
    if scheme not in SCHEMES or not rest:
        return None
    if scheme in ("mailto", "tel"):
        return clean_address(scheme + colon + rest)
    address = clean_address(f"{scheme}://{rest.lstrip(_SLASHES)}")
    return address if _HOST.fullmatch(host_of(address) or "") else None
