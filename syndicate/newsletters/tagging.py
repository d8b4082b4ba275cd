"""Links tagged with utm_source, utm_medium and utm_campaign, for messages alone.

An address is taken as it is written: the tags are put behind its query and before its fragment, and
nothing of it is decoded, encoded or moved. An address that would mean something else with them is left
alone: one that is signed as a whole, and one that is tagged already.
"""

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from urllib.parse import quote

from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL
from syndicate.newsletters.marks import URL
from syndicate.newsletters.parts import Parts

_LINK = re.compile(r"""(<a\b[^<>]*?\shref=")([^"]*)(")""", re.IGNORECASE)
# In an attribute a name without a semicolon is none: '&copy=1' is a key of a query.
_REFERENCE = re.compile(r"&#?\w+;")
# Not within what an article says about an address: only where one stands by itself, or between brackets.
# The signs U+FDD0 to U+FDEF are marks of what stands beside it, and end it.
_ADDRESS = re.compile(r"""(?<![^\s<(\[\ufdd0-\ufdef])https?://[^\s<>"\ufdd0-\ufdef]+""")
_WEB = re.compile(r"(?i)https?://[^/?#\s]")
_TAGGED = re.compile(r"(?i)(?:^|[?&;#/])utm(?:_|%5f)[a-z]+=")
# The keys by which Amazon, Google, Azure, Akamai and others sign a whole query: with another key it is refused.
_SIGNED = re.compile(
    r"(?i)(?:^|[&;])(?:x-(?:amz|goog|oss|ms)-[\w-]+|[\w.-]*signature|sig|sign|hmac|hdnts|hdnea|__token__|key-pair-id)="
)
# What ends a sentence or a bracket that an address stands in.
_ENDS = ".,;:!?)]}'"


def tagged(url: str, tags: str) -> str:
    """Return a web address with tags, or as it is if it can't bear them."""
    if not tags or not _WEB.match(url):
        return url
    rest, mark, fragment = url.partition("#")
    where, question, query = rest.partition("?")
    if _TAGGED.search(f"?{query}") or _TAGGED.search(f"#{fragment}") or _SIGNED.search(query):
        return url
    joint = "?" if not question else "" if query == "" or query.endswith(("&", ";")) else "&"
    return f"{where}{question}{query}{joint}{tags}{mark}{fragment}"


def tags_of(source: str, medium: str, campaign: str) -> str:
    """Return the part of a query that tells where a visitor came from."""
    pairs = (("utm_source", source), ("utm_medium", medium), ("utm_campaign", campaign))
    return "&".join(f"{key}={quote(value, safe='')}" for key, value in pairs if value)


def tag_html(document: str, tags: str, keep: Collection[str] = ()) -> tuple[str, Mapping[str, str]]:
    """Return HTML with its links tagged, and each address that was with what became of it.

    `keep` are addresses that stay as they are; so do those that are a reader's own.
    """
    became: dict[str, str] = {}
    own = {*keep, UNSUBSCRIBE_URL, PREFERENCES_URL, URL}

    def link(found: re.Match[str]) -> str:
        url = _REFERENCE.sub(lambda one: html.unescape(one[0]), found[2])
        changed = url if url in own else tagged(url, tags)
        if changed == url:
            return found[0]
        became[url] = changed
        return found[1] + html.escape(changed) + found[3]

    return _LINK.sub(link, document), became


def tag_text(text: str, became: Mapping[str, str]) -> str:
    """Return plain text in which the addresses that were tagged in the HTML are tagged too."""

    def address(found: re.Match[str]) -> str:
        url = found[0]
        if url in became:
            return became[url]
        bare = url.rstrip(_ENDS)
        return became.get(bare, bare) + url[len(bare) :]

    return _ADDRESS.sub(address, text) if became else text


def tag_parts(parts: Parts, tags: str, keep: Collection[str] = ()) -> Parts:
    """Return an issue in parts with its links tagged, as `tag_html` and `tag_text` do it."""
    if not tags:
        return parts
    became: dict[str, str] = {}

    def tag(document: str) -> str:
        document, found = tag_html(document, tags, keep)
        became.update(found)
        return document

    html = parts.html.changed(tag)
    stories = tuple(replace(one, url=became.get(one.url, one.url)) for one in parts.stories)
    text = parts.text.changed(lambda part: tag_text(part, became))
    return replace(parts, html=html, text=text, stories=stories)
