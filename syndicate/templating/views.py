"""What the templates of pages and of newsletters share."""

from dataclasses import dataclass

from syndicate.domain.site import Site
from syndicate.domain.text import direction


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """The site as every template sees it."""

    title: str
    url: str
    description: str | None
    language: str
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageView:
    """A picture; width and height in pixels where they are known."""

    src: str
    alt: str
    width: int | None
    height: int | None


def site_view(site: Site) -> SiteView:
    """Return the site for templates."""
    return SiteView(
        title=site.title,
        url=site.url,
        description=site.description,
        language=site.language,
        direction=direction(site.language),
    )
