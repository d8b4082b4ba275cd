"""The report of a build: what became of every file and of every document."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from syndicate.domain.articles import Status
from syndicate.domain.collection import Collection
from syndicate.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Documents written, left as they were, and removed."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0

    def plain(self) -> dict[str, int]:
        """Return the counts for JSON."""
        return {"written": self.written, "unchanged": self.unchanged, "removed": self.removed}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What one build did; `written` and `removed` are paths in output/.

    `moments` are those at which the clock alone changes a feed without articles.
    """

    files: Mapping[Status, int]
    problems: tuple[Problem, ...]
    feeds: Tally
    pages: Tally
    written: tuple[str, ...]
    removed: tuple[str, ...]
    duration_s: float
    dry_run: bool = False
    moments: tuple[datetime, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return the report for JSON, as docs/reference/json.md describes it."""
        return {
            "files": sum(self.files.values()),
            "published": self.files.get(Status.PUBLISHED, 0),
            "held": self.files.get(Status.HELD, 0),
            "duplicates": self.files.get(Status.DUPLICATE, 0),
            "skipped": self.files.get(Status.SKIPPED, 0),
            "rejected": self.files.get(Status.REJECTED, 0),
            "problems": len(self.problems),
            "feeds": self.feeds.plain(),
            "pages": self.pages.plain(),
            "duration_s": round(self.duration_s, 3),
            "dry_run": self.dry_run,
            **({"written": list(self.written), "removed": list(self.removed)} if self.dry_run else {}),
            "problem_list": [plain_problem(problem) for problem in self.problems],
        }


def joined(first: BuildReport, second: BuildReport) -> BuildReport:
    """Return the report of two builds that followed each other as that of one."""
    return replace(
        second,
        feeds=_sum(first.feeds, second.feeds),
        pages=_sum(first.pages, second.pages),
        written=tuple(dict.fromkeys((*first.written, *second.written))),
        removed=tuple(dict.fromkeys((*first.removed, *second.removed))),
        duration_s=first.duration_s + second.duration_s,
    )


def _sum(first: Tally, second: Tally) -> Tally:
    standing = second.written + second.unchanged
    written = min(first.written + second.written, standing)
    return Tally(written=written, unchanged=standing - written, removed=first.removed + second.removed)


def count_files(collection: Collection) -> dict[Status, int]:
    """Return how many files ended in each status."""
    return dict(Counter(file.status for file in collection.files))


def plain_problem(problem: Problem) -> dict[str, Any]:
    """Return a problem for JSON."""
    names = ("path", "line", "field", "what", "hint", "reason")
    return {name: getattr(problem, name) for name in names}
