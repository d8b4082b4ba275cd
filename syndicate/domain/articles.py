"""The article: the authored document, as its front matter and its body say.

There are some of these values for every file in every build: a Struct is made many times as fast as a
dataclass.
"""

import hashlib
from datetime import datetime
from enum import Enum
from typing import NewType

from msgspec import Struct
from msgspec.structs import replace

ArticlePath = NewType("ArticlePath", str)
"""Where an article's file lies, relative to the config's folder, with forward slashes."""

EntryId = NewType("EntryId", str)
"""An article's id in every feed: 'urn:uuid:…'."""


class Status(Enum):
    """What became of a file; every file has exactly one."""

    PUBLISHED = "published"
    HELD = "held"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    REJECTED = "rejected"


class Author(Struct, frozen=True, kw_only=True):
    """Who wrote or curated an article."""

    name: str
    email: str | None = None
    url: str | None = None


class Image(Struct, frozen=True, kw_only=True):
    """An article's picture; width and height in pixels, length in bytes and media type where they are known."""

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None
    media_type: str | None = None
    length: int | None = None

    def at(self, url: str) -> "Image":
        """Return the same picture at another address."""
        return replace(self, url=url)


class Enclosure(Struct, frozen=True, kw_only=True):
    """A file that comes with an article, such as a recording; length in bytes and media type where they are known."""

    url: str
    media_type: str | None = None
    length: int | None = None

    def at(self, url: str) -> "Enclosure":
        """Return the same file at another address."""
        return replace(self, url=url)


class Offering(Struct, frozen=True, kw_only=True):
    """A product related to an article's topics."""

    label: str
    url: str | None = None
    categories: tuple[str, ...] = ()


class Category(Struct, frozen=True, kw_only=True):
    """A topic as an article names it: 'Healthcare IT News: Telehealth' has a taxonomy and a label."""

    label: str
    taxonomy: str | None = None

    @property
    def qualified(self) -> str:
        """The taxonomy and the label, as in front matter."""
        return f"{self.taxonomy}: {self.label}" if self.taxonomy else self.label


class Article(Struct, frozen=True, kw_only=True):
    """One authored document, without its body.

    `published` and `updated` are what the front matter says (aware UTC); `due` is when it may
    appear, `expires` when it must go. `story` is a digest of its meaning (title, summary, authors
    and text, white space aside); `stamp` is a digest of all that a feed or a page shows of it; `size`
    is how many bytes its body takes in a feed.
    """

    path: ArticlePath
    source: str
    title: str
    published: datetime
    due: datetime
    story: str
    stamp: str
    slug: str
    updated: datetime | None = None
    expires: datetime | None = None
    hold: str | None = None
    front_id: str | None = None
    summary: str | None = None
    authors: tuple[Author, ...] = ()
    categories: tuple[Category, ...] = ()
    tags: tuple[str, ...] = ()
    kind: str | None = None
    page_url: str | None = None
    source_url: str | None = None
    brand: str | None = None
    image: Image | None = None
    enclosure: Enclosure | None = None
    language: str | None = None
    size: int = 0

    def __post_init__(self) -> None:
        for moment in (self.published, self.due, self.updated, self.expires):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{self.path}: a moment without a time zone: {moment}")


def story_digest(title: str, summary: str, authors: tuple[Author, ...], text: str) -> str:
    """Return a digest of what an article says; white space, addresses and file names don't count."""
    meaning = "\0".join((title, summary, *(author.name for author in authors), text)).encode("utf-8", "replace")
    return hashlib.blake2b(meaning.translate(None, _WHITE_SPACE), digest_size=16).hexdigest()


_WHITE_SPACE = b" \t\n\r\v\f"
