"""What is wrong with the feeds that stand in output/."""

from collections.abc import Iterator

from syndicate.checks import check_document
from syndicate.domain.feeds import is_feed_path
from syndicate.domain.site import Site
from syndicate.errors import Problem
from syndicate.ports import Output

# Lists of feeds, which no format of feeds names.
_LIST_SUFFIX = ".opml"


def published_problems(output: Output, site: Site, shown: str, *, max_bytes: int | None = None) -> Iterator[Problem]:
    """Yield the problems of each feed and list of feeds that is ours and stands; `shown` names the output folder.

    What somebody else has put there is not judged, and neither is a feed that a build has yet to write.
    """
    for path in output.ours():
        if is_feed_path(path) or path.endswith(_LIST_SUFFIX):
            data = output.read(path)
            if data is not None:
                most = max_bytes if is_feed_path(path) else None  # a list has as many feeds as there are
                yield from check_document(f"{shown}/{path}", data, site.address(path), max_bytes=most)
