"""Values of front matter, whatever shape a site gives them.

A field is looked up by an ordered list of keys, without regard to case; 'link.href' goes one level
down. The functions take any value that YAML, TOML or JSON can hold and never raise.
"""

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from syndicate.domain.articles import Author, Category, Enclosure, Image, Offering
from syndicate.domain.text import one_line
from syndicate.domain.urls import clean_address, is_web_address

# Lists nested or repeated beyond this hold no authors or categories; aliases could make them endless.
MAX_VALUES = 200
# Longer text is no name; taking it apart costs the square of its length.
MAX_AUTHOR_CHARS = 300
# Looking for closing tags costs the square of the length; no headline or summary with markup is longer.
MAX_MARKUP_CHARS = 5_000
# A tag that is opened and closed, or one that never closes: 'Sleep <Tech>' and 'a <b' keep their text.
_MARKUP = re.compile(
    r"(?is)<(script|style)\b[^>]*>.*?</\1\s*>|<(b|i|em|strong|u|s|a|span|small|sup|sub|mark|code|q|cite)\b[^<>]*>"
    r"(?=.*?</\2\s*>)|</(?:b|i|em|strong|u|s|a|span|small|sup|sub|mark|code|q|cite)\s*>|<br\s*/?>"
)
_MARKDOWN_LINK = re.compile(r"\[([^\]]*)\]\((\S*?)\)")
_EMAIL = re.compile(r"[^\s<>@,;:\"()]+@[\w-]+(?:\.[\w-]+)+$")
_NAME_AND_EMAIL = re.compile(r"(.*?)\s*<([^<>\s]+@[^<>\s]+)>\s*$")


class FrontMatter:
    """Front matter whose keys are compared without regard to case."""

    __slots__ = ("_values",)

    def __init__(self, metadata: Mapping[Any, Any]) -> None:
        self._values = {str(key).lower(): value for key, value in metadata.items()}

    def find(self, keys: tuple[str, ...]) -> Any:
        """Return the first value below one of the keys that says anything, or None."""
        values = self._values
        for key, lowered, head in _lookups(keys):
            if lowered in values or head in values:
                value = values[lowered] if lowered in values else self.get(key)
                if value not in _NOTHING:
                    return value
        return None

    def find_key(self, keys: tuple[str, ...]) -> str:
        """Return the key whose value `find` returns, or the first of the keys."""
        return next((key for key in keys if self.get(key) not in _NOTHING), keys[0])

    def get(self, key: str) -> Any:
        """Return the value below a key or a dotted path, or None."""
        lowered = key.lower()
        if lowered in self._values or "." not in lowered:
            return self._values.get(lowered)
        head, tail = lowered.split(".", 1)
        inner = self._values.get(head)
        return FrontMatter(inner).get(tail) if isinstance(inner, Mapping) else None


# Values that say nothing, in every notation.
_NOTHING: tuple[Any, ...] = (None, "", [], {})


@lru_cache(maxsize=256)
def _lookups(keys: tuple[str, ...]) -> tuple[tuple[str, str, str | None], ...]:
    """Return each key with its lower-case form and, for a dotted path, that of its first part."""
    lowered = [(key, key.lower()) for key in keys]
    return tuple((key, low, low.split(".", 1)[0] if "." in low else None) for key, low in lowered)


def as_text(value: Any) -> str:
    """Return a value as one line of plain text: markup taken off, entities decoded, '' for nothing.

    A list gives its first item, a map nothing.
    """
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return as_text(value[0]) if value else ""
    return "" if value is None or isinstance(value, Mapping) else _plain_number(value)


def _plain_number(value: Any) -> str:
    """Return a number or a date as text; '' for a number with more digits than Python writes."""
    try:
        return one_line(str(value))
    except ValueError:
        return ""


def plain(text: str) -> str:
    """Return text without HTML markup and entities, on one line."""
    if "<" in text and len(text) <= MAX_MARKUP_CHARS:
        text = _MARKUP.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return one_line(text)


def is_nothing(value: Any) -> bool:
    """Tell whether a value says nothing."""
    return value in _NOTHING


def as_flag(value: Any) -> bool | None:
    """Return the yes or no that a value says, or None if it says neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return {1: True, 0: False}.get(value)
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in ("true", "yes", "on", "1"):
        return True
    return False if word in ("false", "no", "off", "0") else None


def as_texts(value: Any, separator: str | None = None) -> tuple[str, ...]:
    """Return the texts that a value holds, each once: a list, nested lists, or one string.

    A string is split only if a separator is given.
    """
    items = value.split(separator) if separator and isinstance(value, str) else _flat(value)
    return tuple(dict.fromkeys(text for item in items if (text := as_text(item))))


def as_categories(value: Any, separator: str | None, taxonomies: bool) -> tuple[Category, ...]:
    """Return the categories that a value names; 'Taxonomy: Label' is taken apart if `taxonomies` is set."""
    categories: dict[str, Category] = {}
    for text in as_texts(value, separator):
        taxonomy, colon, label = text.partition(": ")
        qualified = taxonomies and colon and taxonomy.strip() and label.strip()
        category = Category(label=label.strip(), taxonomy=taxonomy.strip()) if qualified else Category(label=text)
        categories.setdefault(category.qualified.casefold(), category)
    return tuple(categories.values())


def as_authors(value: Any) -> tuple[Author, ...]:
    """Return the authors that a value names: a string, a map, or a list of either."""
    authors: dict[str, Author] = {}
    for item in _flat(value):
        author = _author_of_map(item) if isinstance(item, Mapping) else _author_of_text(as_text(item))
        if author:
            authors.setdefault(author.name.casefold(), author)
    return tuple(authors.values())


def _author_of_text(text: str) -> Author | None:
    if len(text) > MAX_AUTHOR_CHARS:
        return Author(name=text[:MAX_AUTHOR_CHARS])
    if link := _MARKDOWN_LINK.search(text):
        url = clean_address(link[2]) if is_web_address(link[2]) else None
        text = _MARKDOWN_LINK.sub(r"\1", text)
        return Author(name=text, url=url) if text.strip() else None
    if both := _NAME_AND_EMAIL.match(text):
        email = both[2] if _EMAIL.match(both[2]) else None
        return Author(name=both[1].strip("\"' ") or both[2].split("@")[0], email=email)
    if _EMAIL.match(text):
        return Author(name=text.split("@")[0], email=text)
    return Author(name=text) if text else None


def _author_of_map(item: Mapping[Any, Any]) -> Author | None:
    values = FrontMatter(item)
    name = as_text(values.find(("name", "title", "display_name", "label", "id")))
    email = as_text(values.find(("email", "mail")))
    url = as_text(values.find(("url", "link", "href", "website")))
    if not name:
        return None
    return Author(
        name=name, email=email if _EMAIL.match(email) else None, url=clean_address(url) if is_web_address(url) else None
    )


def as_image(value: Any) -> Image | None:
    """Return the picture that a value names, its address as written; None if it may not be used."""
    given = next(iter(_flat(value)), None)
    if not isinstance(given, Mapping):
        address = as_text(given)
        return Image(url=address) if address else None
    item = _lower_keys(given)
    address = as_text(_first(item, "href", "src", "url", "path", "file", "image", "imgname"))
    if not address or as_flag(item.get("valid")) is False:
        return None
    height, width = _size(item)
    return Image(
        url=address,
        alt=as_text(_first(item, "alt", "caption", "title")),
        width=width,
        height=height,
        media_type=_media_type(as_text(_first(item, "type", "mime", "mime_type", "media_type"))),
        length=_length(_first(item, "length", "bytes", "filesize")),
    )


def _media_type(text: str) -> str | None:
    """Return the media type of a picture as front matter states it, None for anything else."""
    return text.lower() if _PICTURE_TYPE.fullmatch(text.lower()) else None


_PICTURE_TYPE = re.compile(r"image/[a-z0-9][a-z0-9.+-]{0,60}")


def _length(value: Any) -> int | None:
    """Return a length in bytes as front matter states it; None for anything that is none, zero included."""
    number = int(value) if isinstance(value, str) and value.isdecimal() and len(value) <= 12 else value
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 10**12 else None


def as_enclosure(value: Any) -> Enclosure | None:
    """Return the file that a value names, its address as written."""
    given = next(iter(_flat(value)), None)
    item = _lower_keys(given) if isinstance(given, Mapping) else {"url": given}
    address = as_text(_first(item, "url", "href", "src"))
    if not address:
        return None
    kind = as_text(_first(item, "type", "mime", "mime_type", "media_type")).lower()
    return Enclosure(
        url=address,
        media_type=kind if _MEDIA_TYPE.fullmatch(kind) else None,
        length=_length(_first(item, "length", "bytes", "filesize")),
    )


_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,60}")


def _lower_keys(item: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in item.items()}


def _first(item: Mapping[Any, Any], *keys: str) -> Any:
    """Return the first value of a map that says anything."""
    for key in keys:
        if (value := item.get(key)) not in _NOTHING:
            return value
    return None


def _size(item: Mapping[Any, Any]) -> tuple[int | None, int | None]:
    """Return height and width in pixels: the seed writes size as [height, width]."""
    size = item.get("size")
    pair = size if isinstance(size, list) and len(size) == 2 else (item.get("height"), item.get("width"))
    return _pixels(pair[0]), _pixels(pair[1])


def _pixels(side: Any) -> int | None:
    if isinstance(side, str) and side.isdecimal() and len(side) <= 5:
        side = int(side)
    return side if isinstance(side, int) and not isinstance(side, bool) and 0 < side < 100_000 else None


def as_link(value: Any) -> str:
    """Return the address that a link value holds: a string, or a map with href, url or original."""
    return as_text(_first(_lower_keys(value), "href", "url", "original") if isinstance(value, Mapping) else value)


def as_offerings(value: Any, site_url: str) -> tuple[Offering, ...]:
    """Return the related offerings that a value lists; an address is a web address or a path of the site."""
    root = site_url.rstrip("/")
    offerings = []
    for item in _flat(value):
        if isinstance(item, Mapping) and (label := as_text(item.get("label") or item.get("title") or item.get("name"))):
            address = as_text(item.get("permalink") or item.get("url") or item.get("href"))
            url = f"{root}{address}" if address.startswith("/") else address
            categories = as_texts(item.get("categories"))
            offerings.append(
                Offering(label=label, url=clean_address(url) if is_web_address(url) else None, categories=categories)
            )
    return tuple(offerings)


def as_items(value: Any) -> tuple[Any, ...]:
    """Return the items of a list as they are; a single value is a list of one."""
    return tuple(_flat(value))


def _flat(value: Any) -> list[Any]:
    """Return a value as a list of one, or the items of a list however nested, MAX_VALUES at most."""
    if not isinstance(value, (list, tuple)):
        return [] if value is None else [value]
    items: list[Any] = []
    waiting: list[Any] = list(reversed(value[:MAX_VALUES]))
    looked_at = 0
    while waiting and looked_at < MAX_VALUES:
        looked_at += 1
        item = waiting.pop()
        if isinstance(item, (list, tuple)):
            waiting.extend(reversed(item[:MAX_VALUES]))
        elif item is not None:
            items.append(item)
    return items
