"""Rules about plain text that every floor above may use."""

import hashlib
import re
from collections.abc import Iterator
from unicodedata import bidirectional, category, east_asian_width

# What XML 1.0 (section 2.2) forbids: most control characters, surrogates, U+FFFE and U+FFFF; and U+FDD0 to U+FDEF,
# which Unicode (section 23.7) keeps for programs' own use.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# All that is not forbidden; to run over it takes half the time of a search for what is.
_ALLOWED = re.compile("[ -\ud7ff\t\n\r\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]*+")
# Scripts that are written from right to left, by ISO 639 language code.
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def scrub(text: str) -> str:
    """Return the text without the characters that XML 1.0 forbids, and those that no text is meant to have."""
    return text if _ALLOWED.fullmatch(text) else _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Return the text scrubbed, with every run of white space as one space."""
    if text.isprintable() and "  " not in text:  # most text is one clean line already
        return text.strip()
    return " ".join(scrub(text).split())


def escaped_size(text: str) -> int:
    """Return how many bytes a text takes in XML or JSON at most."""
    data = text.encode("utf-8", "replace")
    special = data.translate(None, _PLAIN_BYTES)  # few are left, which are then counted at once
    in_xml = 4 * _times(special, b"&\r") + 3 * _times(special, b"<>")
    in_json = _times(special, b'"\\\n\t')
    return len(data) + in_xml + in_json


_PLAIN_BYTES = bytes(set(range(256)) - set(b'&\r<>"\\\n\t'))


def _times(data: bytes, letters: bytes) -> int:
    """Return how often any of some letters stands in a text, all of them in one go."""
    return len(data) - len(data.translate(None, letters))


# PostgreSQL's indexes hold 2,704 bytes a row; a key of an article has up to two parts.
_MAX_KEY_BYTES = 800


def short_key(text: str) -> str:
    """Return a text as a key or a part of one: as it is, or if it is very long its start with its digest."""
    if len(text) * 4 <= _MAX_KEY_BYTES:  # most are, whatever their letters
        return text
    data = text.encode("utf-8", "surrogatepass")
    if len(data) <= _MAX_KEY_BYTES:
        return text
    return f"{text[:100]}~{hashlib.blake2b(data, digest_size=20).hexdigest()}"


def fold(name: str) -> str:
    """Return what case and spacing variants of a name have in common, as a key."""
    return short_key(" ".join(name.split()).casefold())


def direction(language: str | None) -> str:
    """Return 'rtl' for a language written from right to left, else 'ltr'."""
    return "rtl" if (language or "").split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def written_direction(text: str) -> str | None:
    """Return the direction of a text's first letter, 'ltr' or 'rtl' (UAX 9, rule P2); None for one without letters."""
    if text.isascii():
        return "ltr" if any(sign.isalpha() for sign in text) else None
    strong = next((kind for kind in map(bidirectional, text) if kind in ("L", "R", "AL")), None)
    return strong and ("ltr" if strong == "L" else "rtl")


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: '1 problem', '1,200 feeds'."""
    noun = singular if number == 1 else plural or f"{singular}s"
    return f"{number:,} {noun}"


def first_words(text: str, most: int) -> str:
    """Return a text, or as many of its first words as `most` characters hold, and a sign that there are more.

    A word that takes more than half of them is cut, as is writing without spaces.
    """
    if len(text) <= most:
        return text
    words, _, _ = text[: most + 1].rpartition(" ")
    cut = words if len(words) > most // 2 else text[:most]
    return f"{cut.rstrip(_BEFORE_MORE)}…"


# What looks odd before the sign that there is more.
_BEFORE_MORE = " ,;:.–—-…"

PLAIN_COLUMNS = 72
"""Plain text is read in windows of 80 columns; quoting it in a reply takes some of them (RFC 2646, section 3)."""

# Chinese and Japanese have no spaces: a line may end behind any sign, but not before one that closes or
# behind one that opens.
_IDEOGRAPH = "[\u2e80-\u2fff\u3005-\u3007\u3021-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_OPENING, _CLOSING = "[（「『【《〈〔]", "[、。，．）」』】》〉〕！？：；ー々…‥]"
_CHUNK = re.compile(f"{_OPENING}*{_IDEOGRAPH}{_CLOSING}*|(?:(?!{_OPENING}*{_IDEOGRAPH}).)+")


def columns_of(text: str) -> int:
    """Return how many columns a text takes in a fixed-width font: wide signs take two, marks on letters none."""
    if text.isascii():
        return len(text)
    return sum(0 if category(sign) in _NO_COLUMN else 1 + (east_asian_width(sign) in "WF") for sign in text)


_NO_COLUMN = ("Mn", "Me", "Cf")


def wrapped(text: str, indent: str = "", rest: str | None = None) -> str:
    """Return a text in lines of PLAIN_COLUMNS at most, where no word is longer; words stay whole.

    The first line is behind `indent`, those that follow are behind `rest`, or the same.
    """
    rest = indent if rest is None else rest
    lines, line, used = [], "", columns_of(indent)
    for chunk, is_apart in _chunks(text):
        wide = columns_of(chunk)
        gap = " " if is_apart and line else ""
        if line and used + len(gap) + wide > PLAIN_COLUMNS:
            lines.append(line)
            line, used, gap = "", columns_of(rest), ""
        line += gap + chunk
        used += len(gap) + wide
    return f"\n{rest}".join((f"{indent}{lines[0]}", *lines[1:], line)) if lines else f"{indent}{line}"


def _chunks(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what must stay on one line, and whether a space stands before it."""
    for word in text.split():
        for place, chunk in enumerate(_CHUNK.findall(word)):
            yield chunk, place == 0
