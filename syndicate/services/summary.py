"""The one line that ends a build; apart from the rest, since a build with nothing to do prints it too."""

from collections.abc import Mapping
from typing import Any

from syndicate.domain.text import count


def summary_line(report: Mapping[str, Any]) -> str:
    """Return a build's outcome: 'published 12 feeds, 3 changed, 1 removed, 1 problem in 0.42 s'."""
    feeds, pages = report["feeds"], report["pages"]
    changed_pages = pages["written"] + pages["removed"]
    verb = "would publish" if report["dry_run"] else "published"
    parts = [
        f"{verb} {count(feeds['written'] + feeds['unchanged'], 'feed')}",
        f"{feeds['written']:,} changed" if feeds["written"] else "none changed",
        *([f"{feeds['removed']:,} removed"] if feeds["removed"] else []),
        *([f"{count(changed_pages, 'page')} changed"] if changed_pages else []),
        count(report["problems"], "problem"),
    ]
    return f"{', '.join(parts)} in {report['duration_s']:.2f} s"
