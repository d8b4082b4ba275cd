"""Addresses: joined under the site, resolved against a page, compared with each other."""

import posixpath
import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

# Characters that may stand in an address as they are (RFC 3986, section 2.2 and 2.3, and '%').
_SAFE = "/:?#[]@!$&'()*+,;=%-._~"
_WEB = re.compile(r"(?i)https?://[^/\s]")
# Query keys that only tell where a visitor came from: two addresses that differ in them are one.
_TRACKING = re.compile(r"(?i)(utm_\w+|fbclid|gclid|mc_cid|mc_eid)=")


def is_web_address(text: str) -> bool:
    """Tell whether the text is an absolute http or https address."""
    return bool(_WEB.match(text))


def clean_address(text: str) -> str:
    """Return the address with spaces, quotes and other scripts percent-encoded."""
    address = text.strip()
    return address if address.isascii() and not re.search(r'[\s"<>\\^`{|}]', address) else quote(address, safe=_SAFE)


def join_site(site_url: str, path: str) -> str:
    """Return the address of a path of the site; the site may live under a sub-path.

    Dot segments can't climb out of the site.
    """
    flat = posixpath.normpath("/" + path.lstrip("/")) if path.strip("/") else "/"
    ending = "/" if path.endswith("/") and flat != "/" else ""
    return clean_address(site_url.rstrip("/") + flat + ending)


def resolve(base: str, address: str) -> str | None:
    """Return the absolute http(s) or mailto address that a reference means on the page `base`, or None."""
    try:
        absolute = urljoin(base, address.strip())
        parts = urlsplit(absolute)
    except ValueError:  # such as '//[' : not an address at all
        return None
    if parts.scheme in ("http", "https") and parts.netloc:
        return clean_address(absolute)
    return clean_address(absolute) if parts.scheme in ("mailto", "tel") else None


def host_of(address: str) -> str | None:
    """Return the host of an address without 'www.', or None."""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def comparable(address: str) -> str:
    """Return what two addresses of the same page have in common.

    Scheme, 'www.', a trailing slash, the fragment and tracking parameters don't count.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address.strip()
    host = (parts.netloc or "").lower().removeprefix("www.")
    kept = "&".join(pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair))
    return urlunsplit(("", host, parts.path.rstrip("/"), kept, "")).removeprefix("//")
