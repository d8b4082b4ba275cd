"""Values as the standards write them: dates, addresses, languages, media types."""

import re
from datetime import UTC, datetime, timedelta, timezone

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZONES = {"UT": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8}
_ZONES["PDT"] = -7
_RFC_822 = re.compile(
    r"(?:([A-Z][a-z]{2}), +)?([0-9]{1,2}) +([A-Z][a-z]{2}) +([0-9]{4}) +([0-9]{2}):([0-9]{2})(?::([0-9]{2}))? +"
    r"(?:([A-Z]{1,3})|([+-])([0-9]{2})([0-9]{2}))"
)
_RFC_3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
# The coarser forms of W3CDTF, which the Dublin Core and syndication modules take.
_W3C_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?)?")
_W3C_MINUTES = re.compile(r"(.{16})(Z|[+-][0-9]{2}:[0-9]{2})")

# RFC 3986, section 3; RFC 3987 lets letters beyond ASCII stand.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WEB = re.compile(r"(?i)https?://(?:[^\s/?#@<>\"\\]*@)?(?:\[[0-9a-f:.]+\]|[^\s/?#@:<>\"\\]+)(?::[0-9]*)?(?:[/?#]\S*)?")
_UUID = re.compile(r"(?i)urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_MAIL = re.compile(r"[^@]+@[^@]+\.[^@.]+")
_MAIL_PARTS = re.compile(r"[\s<>()]+")
# More digits than any size, width or count has; Python converts no more than some thousands.
_MAX_DIGITS = 18

_STRIPPED = "".join(map(chr, range(0x21)))
_DROPPED = dict.fromkeys(map(ord, "\t\n\r"))

# RFC 6838, section 4.2, for names; RFC 9110, section 8.3.1, for parameters.
_TOKEN = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
_MEDIA_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}(?:\s*;\s*[^\s;=]+=(?:\"[^\"]*\"|[^\s;\"]+))*")

# RFC 5646, section 2.1. Primary subtags of four letters and more are reserved or were never registered.
_LANGUAGE = re.compile(
    r"(?i)(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)"
    r"|art-lojban|cel-gaulish|en-gb-oed|no-bok|no-nyn|sgn-be-fr|sgn-be-nl|sgn-ch-de|zh-min)"
)


def rfc_822(text: str) -> datetime | None:
    """Return the moment that a date of RSS means; None for what isn't one, or names the wrong day of the week."""
    match = _RFC_822.fullmatch(text)
    if not match or match[3] not in _MONTHS or (match[8] and match[8] not in _ZONES):
        return None
    offset = _offset(match[9], match[10], match[11]) if match[9] else timedelta(hours=_ZONES[match[8]])
    numbers = int(match[4]), _MONTHS.index(match[3]) + 1, int(match[2]), int(match[5]), int(match[6])
    moment = _moment(*numbers, int(match[7] or 0), 0, offset)
    if moment is None or (match[1] and match[1] != _DAYS[datetime(*numbers[:3], tzinfo=UTC).weekday()]):
        return None
    return moment


def rfc_3339(text: str) -> datetime | None:
    """Return the moment that a date of Atom or JSON Feed means; None for what isn't one."""
    match = _RFC_3339.fullmatch(text)
    if not match:
        return None
    offset = _offset(match[8], match[9], match[10]) if match[8] else timedelta()
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction = int((match[7] or ".0")[1:7].ljust(6, "0"))
    return _moment(year, month, day, hour, minute, second, fraction, offset)


def is_w3c_date(text: str) -> bool:
    """Tell whether a text is a date of W3CDTF, which may leave out the time, or the seconds."""
    if _W3C_DATE.fullmatch(text):
        return rfc_3339(f"{text}{'-01-01'[: 10 - len(text)] if len(text) < 10 else ''}T00:00:00Z") is not None
    return rfc_3339(_W3C_MINUTES.sub(r"\1:00\2", text) if _W3C_MINUTES.fullmatch(text) else text) is not None


def _offset(sign: str, hours: str, minutes: str) -> timedelta | None:
    if int(hours) > 23 or int(minutes) > 59:
        return None
    return timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)


def _moment(
    year: int, month: int, day: int, hour: int, minute: int, second: int, fraction: int, offset: timedelta | None
) -> datetime | None:
    if offset is None or second > 60:
        return None
    try:  # a leap second is right, and datetime has none
        local = datetime(year, month, day, hour, minute, min(second, 59), fraction, timezone(offset))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_uri(text: str) -> bool:
    """Tell whether a text is an absolute URI or IRI; a UUID URN must hold a UUID (RFC 9562, section 4)."""
    if text[:9].lower() == "urn:uuid:":
        return bool(_UUID.fullmatch(text))
    return bool(_URI.fullmatch(text))


def is_web(text: str) -> bool:
    """Tell whether a text is an absolute http or https address."""
    return bool(_WEB.fullmatch(text)) and bool(_URI.fullmatch(text))


def is_relative(text: str) -> bool:
    """Tell whether an address means something only beside another: it has no scheme. '#x' and '' are relative too."""
    return not _SCHEME.match(without_ignored(text))


def without_ignored(address: str) -> str:
    """Return an address as browsers read it: without line breaks and tabs, and controls and spaces at its ends.

    So says the URL Standard, section 4.4; a break inside of 'javascript:' lets it run.
    """
    return address.strip(_STRIPPED).translate(_DROPPED)


def has_mail_address(text: str) -> bool:
    """Tell whether an e-mail address stands in a text."""
    return any(_MAIL.fullmatch(part) for part in _MAIL_PARTS.split(text))


def is_media_type(text: str) -> bool:
    """Tell whether a text is a media type, such as 'audio/mpeg'."""
    return bool(_MEDIA_TYPE.fullmatch(text))


def is_language(text: str) -> bool:
    """Tell whether a text is a language tag, such as 'en' or 'pt-BR'."""
    return bool(_LANGUAGE.fullmatch(text))


def is_number(text: str) -> bool:
    """Tell whether a text is a whole number, 0 or more."""
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
