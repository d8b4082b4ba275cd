"""The site: what its feeds, pages and newsletters say of themselves, and where they live."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from syndicate.domain.urls import join_site


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`url` is where the site's own pages live, `output_url` where output/ is served; both end in a slash.

    `id` is what article ids are made from: keep it when the site's address changes. `icon` is the
    address of a square picture.
    """

    title: str
    url: str
    output_url: str
    id: str
    zone: ZoneInfo
    description: str | None = None
    language: str = "en"
    author: str | None = None
    icon: str | None = None

    def address(self, path: str) -> str:
        """Return the address of a file of output/; a page is addressed by its folder."""
        folder = path.removesuffix("index.html") if path.endswith("index.html") else path
        return join_site(self.output_url, folder or "/")
