"""Whether anything is to do at all, told before anything heavy is imported.

The mark that a build leaves holds digests of every file that the build read (config, articles,
pictures, templates) and of every file that it wrote (output, ledger), by size and times. While they
stay the same and no article's time has come, a build would write what stands already. A ledger on
PostgreSQL is no file: the mark holds its revision, and the server is asked for that.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from syndicate.adapters import postgres
from syndicate.adapters.walk import RACY_NS, Listing, signature_of

MARK_FILE = "fresh.json"


def read_mark(state_path: str) -> dict[str, Any] | None:
    """Return the mark that the last build left, or None."""
    try:
        with open(os.path.join(state_path, MARK_FILE), "rb") as file:
            mark = json.loads(file.read())
    except (OSError, ValueError):
        return None
    return mark if isinstance(mark, dict) else None


def touch_mark(state_path: str) -> None:
    """Note by the mark's time that a build looked and found nothing to do."""
    with suppress(OSError):  # whoever may not write the state has nothing to note
        os.utime(os.path.join(state_path, MARK_FILE))


def report_if_fresh(mark: dict[str, Any], sources: str, version: str, now: datetime) -> dict[str, Any] | None:
    """Return the last build's report if a build at `now` would do nothing, else None.

    `sources` is the digest of what the build read, as it is now.
    """
    try:
        since, until = datetime.fromisoformat(mark["since"]), mark["until"] and datetime.fromisoformat(mark["until"])
        in_time = since <= now and (until is None or now < until)
        same_sources = bool(sources) and sources == mark["sources"] and mark["version"] == version
        same_results = same_sources and mark["results"] == digest(mark["written"], (), Listing(), trust_fresh=True)
        if in_time and same_results and postgres.is_as_marked(mark["ledger"]):  # asks a server, if at all, last
            report: dict[str, Any] = mark["report"]
            return report
    except (KeyError, TypeError, ValueError):
        pass
    return None


def digest(places: Iterable[str], skip: Iterable[str], listing: Listing, *, trust_fresh: bool = False) -> str:
    """Return a digest of files by size and times: each place is a file or a folder, or may not exist.

    A file that was written a moment ago could be written again within the same tick of the file
    system's clock: unless `trust_fresh`, which is for files of our own, it makes the digest ''.
    """
    total = hashlib.blake2b(digest_size=16)
    seen_at, skipped = 2**63 if trust_fresh else time.time_ns(), frozenset(skip)
    for place in places:
        told = _told(place, seen_at, skipped, listing)
        if not told:
            return ""
        total.update(f"{place}\0{told}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def _told(place: str, seen_at: int, skip: frozenset[str], listing: Listing) -> str:
    """Return what tells one state of a place from another; '' if a file is too fresh to be trusted."""
    try:
        if os.path.isdir(place):
            folder = listing.folder(place, skip)
            return folder.digest if folder.touched_ns <= seen_at - RACY_NS else ""
        return signature_of(os.stat(place), seen_at)
    except OSError:
        return "absent"
