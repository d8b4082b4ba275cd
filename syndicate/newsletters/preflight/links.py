"""Rules about links and addresses."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL
from syndicate.domain.urls import clean_address, comparable
from syndicate.newsletters.preflight.rules import Letter, Spot, quoted
from syndicate.newsletters.preflight.tree import Element

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# What leads somewhere from a message.
_SCHEMES = frozenset(("http", "https", "mailto", "tel", "sms"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# RFC 6761 and RFC 6762: names that nobody outside finds.
_INNER = re.compile(r"(?:^|\.)(?:localhost|local|internal|invalid|test|lan|home\.arpa)$")


def links(letter: Letter) -> Iterator[tuple[Element, str]]:
    """Yield each link with its address."""
    for one in letter.page.all("a"):
        if "href" in one.attributes:
            # As browsers do: an address may be written on several lines.
            yield one, re.sub(r"[\t\r\n]", "", one.attributes["href"]).strip()


def scheme_of(address: str) -> str | None:
    """Return the scheme of an address in small letters, or None for a relative one."""
    found = _SCHEME.match(re.sub(r"^[\x00-\x20]+", "", address))
    return found[1].lower() if found else None


def empty(letter: Letter) -> Iterator[Spot]:
    """A link needs an address, and words or a picture's alt."""
    for one, address in links(letter):
        if address in ("", "#"):
            yield Spot(what=f"the link {quoted(one.words)} has no address", line=one.line)
        elif not one.words and not one.attributes.get("aria-label", "").strip():
            yield Spot(what=f"the link to {quoted(address)} has no words", line=one.line)


def relative(letter: Letter) -> Iterator[Spot]:
    """An address is whole, of links and of pictures."""
    for one, address in links(letter):
        # '#x' leads within the message; what only some programs do is no fault of the address.
        if address and not address.startswith("#") and scheme_of(address) is None:
            yield Spot(what=f"the link {quoted(one.words)} has the address {quoted(address)}", line=one.line)
    for one in letter.page.all("img"):
        source = one.attributes.get("src", "").strip()
        if source and scheme_of(source) is None:
            yield Spot(what=f"the picture has the address {quoted(source)}", line=one.line)


def unsafe(letter: Letter) -> Iterator[Spot]:
    """An address is one that mail programs follow."""
    for one, address in links(letter):
        scheme = scheme_of(address)
        if scheme and scheme not in _SCHEMES:
            yield Spot(what=f"the link {quoted(one.words)} has the address {quoted(address)}", line=one.line)
    for one in letter.page.all("img"):
        scheme = scheme_of(one.attributes.get("src", ""))
        if scheme and scheme not in ("http", "https"):
            yield Spot(what=f"the picture has the address {quoted(one.attributes['src'])}", line=one.line)


def unreachable(letter: Letter) -> Iterator[Spot]:
    """An address is one that readers reach."""
    addresses = [(one.line, address) for one, address in links(letter)]
    addresses += [(one.line, one.attributes.get("src", "")) for one in letter.page.all("img")]
    told = {_host(UNSUBSCRIBE_URL), _host(PREFERENCES_URL)}
    for line, address in addresses:
        host = _host(address)
        if host and host not in told and _is_inner(host):
            told.add(host)
            yield Spot(what=f"only this machine or network knows {quoted(address)}", line=line)


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname if scheme_of(address) in ("http", "https") else None
    except ValueError:
        return None


def _is_inner(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return bool(_INNER.search(host)) or "." not in host


def repeated(letter: Letter) -> Iterator[Spot]:
    """No two headlines lead to one page."""
    first: dict[str, Element] = {}
    for one, address in links(letter):
        heading = next((above for above in one.ancestors() if above.tag in _HEADINGS), None)
        if heading is None or scheme_of(address) not in ("http", "https"):
            continue
        earlier = first.setdefault(comparable(address), heading)
        if earlier is not heading:
            both = f"{quoted(earlier.words)} (line {earlier.line}) and {quoted(heading.words)}"
            yield Spot(what=f"the headlines {both} lead to {quoted(address)}", line=one.line)


def lost(letter: Letter) -> Iterator[Spot]:
    """Each link of the HTML is in the plain text."""
    found = re.findall(r"https?://[^\s<>\"]+", letter.text)
    known = {clean_address(form) for address in found for form in (address, address.rstrip(".,;:!?)]}'"))}
    for one, address in links(letter):
        if scheme_of(address) in ("http", "https") and clean_address(address) not in known:
            known.add(clean_address(address))
            yield Spot(what=f"it lacks {quoted(address)}, the link {quoted(one.words)} of the HTML", part="text")


def no_unsubscribe(letter: Letter) -> Iterator[Spot]:
    """Both parts have the link that ends a subscription, and it can be seen."""
    seen = [one for one, address in links(letter) if address == UNSUBSCRIBE_URL and one.words and not one.is_hidden]
    if not seen:
        yield Spot(what="there is no link to unsubscribe_url that can be seen")
    if UNSUBSCRIBE_URL not in letter.text:
        yield Spot(what="there is no unsubscribe_url", part="text")
