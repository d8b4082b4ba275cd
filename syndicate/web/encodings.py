"""Content codings: which one a client takes (RFC 9110 section 12.5.3), and how text is put into one.

Who would rather have HTML is told in the same way, from Accept (section 12.5.1).
"""

import gzip
import re
from functools import lru_cache

import brotli

# Best first. The names are those of Accept-Encoding; the suffixes those of files that stand beside the plain one.
SUFFIXES = {"br": ".br", "gzip": ".gz"}
IDENTITY = "identity"
# Brotli 5 and gzip 6 are the usual compromise of servers: most of the gain for a tenth of the time.
_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


@lru_cache(maxsize=256)
def accepted(value: bytes) -> tuple[str, ...]:
    """Return the codings that a client takes, best first; without any that it names it is only identity."""
    wishes = _wishes(value)
    rest = wishes.get("*", 0.0)
    codings = [(wishes.get(name, rest), -order, name) for order, name in enumerate(SUFFIXES)]
    # Identity is always there unless it is refused: behind all codings that the client asked for, unless it says
    # how much it likes plain text.
    plain = wishes.get(IDENTITY, min((quality for quality, _, _ in codings if quality), default=1.0))
    codings.append((plain, -len(codings), IDENTITY))
    found = tuple(name for quality, _, name in sorted(codings, reverse=True) if quality > 0)
    return found or (IDENTITY,)  # a plain answer is better than none (section 12.5.3)


def prefers_html(accept: bytes, type: str) -> bool:
    """Tell whether a client would rather have HTML than a feed of a media type, by its Accept.

    One that names both likes the feed's at least as much, unless it says otherwise: browsers do not know it.
    """
    if b"html" not in accept.lower():  # most feed readers
        return False
    wishes = _wishes(accept)
    type = type.partition(";")[0]
    html = wishes.get("text/html", 0.0)
    if type in wishes:
        return html > wishes[type]
    return html > 0 and html >= wishes.get("application/*", wishes.get("*/*", 0.0))


def _wishes(value: bytes) -> dict[str, float]:
    """Return how much a client likes what it names, from 0 to 1."""
    found: dict[str, float] = {}
    for item in value.decode("latin-1").lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        if not name:
            continue
        quality = 1.0
        for parameter in (one.replace(" ", "") for one in parameters):
            if parameter.startswith("q="):  # others tell forms of a type apart, of which we have one
                match = _QUALITY.fullmatch(parameter)
                quality = float(match[1]) if match else 0.0  # what can't be read is not wanted
        found["gzip" if name == "x-gzip" else name] = quality
    return found


def encode(data: bytes, coding: str) -> bytes:
    """Return bytes in a coding: the same bytes for the same input, without a date."""
    if coding == "br":
        encoded: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
        return encoded
    return gzip.compress(data, _GZIP_LEVEL, mtime=0)
