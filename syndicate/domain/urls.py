"""Addresses: joined under the site, resolved against a page, compared with each other."""

import posixpath
import re
from urllib.parse import quote, urljoin, urlsplit

# Characters that may stand in an address as they are (RFC 3986, section 2.2 and 2.3, and '%').
_SAFE = "/:?#[]@!$&'()*+,;=%-._~"
# Names below .invalid lead nowhere, by RFC 6761 section 6.4: ours stand for what is put in their place later.
_WEB = re.compile(r"(?i)https?://(?![^/?#\s]*\.invalid\.?(?:[:/?#]|$))[^/\s]")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# An IPv6 address is the one place for brackets.
_BRACKET_HOST = re.compile(r"[a-z][a-z0-9+.-]*://[^/?]*\[[0-9A-Fa-f:.]+\](?::\d+)?(?:[/?][^\[\]]*)?$", re.IGNORECASE)
_SAFE_IN_FRAGMENT = "/:?@!$&'()*+,;=%-._~"
# A lower-case host with neither user nor port: what nearly every address has.
_PLAIN_HOST = re.compile(r"https?://(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/?#]|$)")
# A file beside the page: the reference that needs no parsing.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][\w.-]*$")
# What nearly every address is made of: nothing in it needs encoding, nor a closer look.
_CLEAN = re.compile(r"[\w!$&'()*+,./:;=?@~-]*+(?:#[\w!$&'()*+,./:;=?@~-]*+)?", re.ASCII)
_NEEDS_ENCODING = re.compile(r'[^\x21-\x7e]|["<>\\^`{|}\[\]]|%(?![0-9A-Fa-f]{2})|#.*#')
# Query keys that only tell where a visitor came from: two addresses that differ in them are one.
_TRACKING = re.compile(r"(?i)(utm_\w+|fbclid|gclid|mc_cid|mc_eid)=")


def is_web_address(text: str) -> bool:
    """Tell whether the text is an absolute http or https address that may lead somewhere."""
    return bool(_WEB.match(text))


def clean_address(text: str) -> str:
    """Return the address with all percent-encoded that RFC 3986 does not allow where it stands."""
    address = text.strip()
    if _CLEAN.fullmatch(address) or not _NEEDS_ENCODING.search(address):
        return address
    head, mark, fragment = address.partition("#")
    encoded = quote(_BARE_PERCENT.sub("%25", head), safe=_SAFE)
    if "[" in encoded and not _BRACKET_HOST.match(encoded):
        encoded = encoded.replace("[", "%5B").replace("]", "%5D")
    return encoded + mark + quote(_BARE_PERCENT.sub("%25", fragment), safe=_SAFE_IN_FRAGMENT)


def join_site(site_url: str, path: str) -> str:
    """Return the address of a path of the site; the site may live under a sub-path.

    Dot segments can't climb out of the site.
    """
    flat = path.lstrip("/")
    if "//" in flat or "./" in flat or flat.endswith("."):
        ending = "/" if flat.endswith("/") else ""
        flat = posixpath.normpath(f"/{flat}").lstrip("/") + ending
        flat = flat if flat != "/" else ""
    return clean_address(f"{site_url.rstrip('/')}/{flat}")


def resolve(base: str, address: str) -> str | None:
    """Return the absolute http(s) or mailto address that a reference means on the page `base`, or None."""
    if _WEB.match(address) and "[" not in address:
        return clean_address(address)
    if _PLAIN_NAME.match(address):
        page = base.partition("#")[0].partition("?")[0]
        folder = page[: page.rindex("/")] if page.count("/") > 2 else page
        return clean_address(f"{folder}/{address}") if is_web_address(base) else None
    try:
        absolute = urljoin(base, address.strip())
        parts = urlsplit(absolute)
    except ValueError:  # such as '//[' : not an address at all
        return None
    if parts.scheme in ("http", "https") and parts.netloc:
        return clean_address(absolute) if is_web_address(absolute) else None
    return clean_address(absolute) if parts.scheme in ("mailto", "tel") else None


def host_of(address: str) -> str | None:
    """Return the host of an address without 'www.', or None."""
    if plain := _PLAIN_HOST.match(address):
        return plain[1]
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def comparable(address: str) -> str:
    """Return what two addresses of the same page have in common.

    Scheme, 'www.', a trailing slash, the fragment and tracking parameters don't count.
    """
    rest = address.strip().partition("#")[0].partition("://")[2] or address.strip()
    where, _, query = rest.partition("?")
    host, slash, path = where.rstrip("/").partition("/")
    kept = "&".join(pair for pair in query.split("&") if pair and not _TRACKING.match(pair)) if query else ""
    return f"{host.lower().removeprefix('www.')}{slash}{path}{'?' if kept else ''}{kept}"
