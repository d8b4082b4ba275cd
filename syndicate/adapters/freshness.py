"""Whether anything is to do at all, told before anything heavy is imported.

The mark that a build leaves holds a digest of the config, of every file that the build looked at
and of every file that it published, by size and times. While the digest stays the same and no
article's time has come, a build would write what stands already.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from typing import Any

from syndicate.adapters.walk import signature, walk

MARK_FILE = "fresh.json"


def fresh_report(config_path: str, state_path: str, version: str, now: str) -> dict[str, Any] | None:
    """Return the last build's report if a build at `now` (ISO 8601, UTC, ending in Z) would do nothing, else None."""
    try:
        with open(os.path.join(state_path, MARK_FILE), "rb") as file:
            mark = json.loads(file.read())
        since, until = mark["since"], mark["until"]
        if mark["version"] != version or now < since or (until is not None and now >= until):
            return None
        report: dict[str, Any] = mark["report"]
        return report if mark["digest"] == digest(config_path, mark["watched"], mark["skip"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def digest(config_path: str, watched: Iterable[str], skip: Iterable[str]) -> str:
    """Return a digest of a config's bytes and of all files below the watched folders; '' if one is too fresh.

    A watched path may also be a file, or may not exist.
    """
    total = hashlib.blake2b(digest_size=16)
    with open(config_path, "rb") as file:
        total.update(file.read())
    seen_at, skipped = time.time_ns(), frozenset(skip)
    for place in watched:
        lines = _signatures(place, seen_at, skipped)
        if any(line.endswith("\0") for line in lines):
            return ""
        total.update("\n".join([place, *lines]).encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def _signatures(place: str, seen_at: int, skip: frozenset[str]) -> list[str]:
    """Return a line for each file: its path and its signature, which is empty where it can't be trusted."""
    if not os.path.isdir(place):
        return [_of_file(place)]
    return sorted(f"{relative}\0{signature(entry, seen_at)}" for relative, entry in walk(place, skip))


def _of_file(place: str) -> str:
    try:
        status = os.stat(place)
    except OSError:
        return "absent"
    return f"{status.st_size}:{status.st_ino}"
