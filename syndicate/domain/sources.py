"""A source: a folder of articles, and how its front matter is to be read."""

from dataclasses import dataclass
from enum import Enum
from zoneinfo import ZoneInfo

ARTICLE_SUFFIXES = (".md", ".markdown", ".mdx", ".html")
"""File names that may be articles."""

MEDIA_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
"""Local pictures that are published beside our pages; SVG is left out, since it can carry scripts."""

DEFAULT_FIELDS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "linkTitle", "openGraphMetaData.ogtitle", "htmlMetaData.ogtitle", "twitterMetaData.twittertitle",
        "og_title",
    ),
    "published": (
        "date", "publishDate", "pubDate", "pubDatetime", "published", "published_at", "created_at", "created",
    ),
    "updated": ("lastMod", "updated", "updatedDate", "updated_at", "last_modified_at", "modified_time", "modified"),
    "due": ("publishDate", "publish_date"),
    "expires": ("expiryDate", "expires", "expiry", "unpublishDate"),
    "topics": ("categories", "category", "topics", "topic", "tags", "tag", "categoryLabel", "taxonomies.categories",
               "taxonomies.tags"),
    "tags": ("tags", "tag", "keywords", "taxonomies.tags"),
    "kind": ("sub", "kind", "contentType"),
    "authors": ("author", "authors", "author_name", "creator", "byline"),
    "summary": (
        "description", "summary", "excerpt", "teaser", "deck", "openGraphMetaData.ogdescription",
        "htmlMetaData.ogdescription", "og_description",
    ),
    "image": (
        "featuredImage", "featured_image", "image", "primary_image", "cover", "cover_image", "thumbnail", "images",
        "openGraphMetaData.ogimage", "og_image",
    ),
    "enclosure": ("enclosure",),
    "link": (
        "link", "source_url", "sourceUrl", "canonical_url", "canonicalUrl", "canonical", "original", "href",
        "external_url",
    ),
    "brand": ("link.brand", "brand", "publisher"),
    "page": ("url", "permalink", "path"),
    "base": ("basePath",),
    "slug": ("slug",),
    "id": ("id", "guid", "uuid", "mdName"),
    "language": ("language", "lang", "locale"),
    "draft": ("draft",),
    "offerings": ("relatedOfferings",),
}  # fmt: skip
"""Front-matter keys by field, the first that holds a value wins; compared without regard to case."""


class LinkTo(Enum):
    """Where a headline leads."""

    PAGE = "page"
    SOURCE = "source"
    OURS = "ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """How the articles below one folder are read.

    `path` is relative to the config's folder; `site_url` is where the site's own pages live and
    `output_url` where output/ is served, both ending in a slash. `permalink` is a pattern such as
    '/news/:year/:slug/'; `split_categories` is the separator of several categories in one string.
    """

    name: str
    path: str
    site_url: str
    output_url: str
    zone: ZoneInfo
    fields: tuple[tuple[str, tuple[str, ...]], ...] = tuple(DEFAULT_FIELDS.items())
    permalink: str | None = None
    image_base: str | None = None
    link_to: LinkTo | None = None
    split_categories: str | None = None
    taxonomies: bool = True
    fallback_encoding: str | None = None
    header_lines: bool = False
    language: str | None = None
