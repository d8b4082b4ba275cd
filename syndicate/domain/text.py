"""Rules about plain text that every floor above may use."""

import hashlib
import re

# What XML 1.0 (section 2.2) forbids: most control characters, surrogates, U+FFFE and U+FFFF.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Scripts that are written from right to left, by ISO 639 language code.
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def scrub(text: str) -> str:
    """Return the text without the characters that XML 1.0 forbids."""
    return _FORBIDDEN.sub("", text) if _FORBIDDEN.search(text) else text


def one_line(text: str) -> str:
    """Return the text scrubbed, with every run of white space as one space."""
    if text.isprintable() and "  " not in text:  # most text is one clean line already
        return text.strip()
    return " ".join(scrub(text).split())


def escaped_size(text: str) -> int:
    """Return how many bytes a text takes in XML or JSON at most."""
    data = text.encode("utf-8", "replace")
    in_xml = 4 * _times(data, b"&\r") + 3 * _times(data, b"<>")
    in_json = _times(data, b'"\\\n\t')
    return len(data) + in_xml + in_json


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


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: '1 problem', '1,200 feeds'."""
    noun = singular if number == 1 else plural or f"{singular}s"
    return f"{number:,} {noun}"
