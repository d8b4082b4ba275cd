"""What is remembered of each build, so that operators see how the last ones went."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from syndicate.domain.articles import Status
from syndicate.domain.moments import to_text
from syndicate.services.report import BuildReport, plain_problem

BUILDS_FILE = "builds.json"
# How many builds are remembered, and how many problems of each: enough to see since when something is wrong.
KEPT_BUILDS, KEPT_PROBLEMS = 20, 20


def build_row(report: BuildReport, at: datetime) -> dict[str, Any]:
    """Return a build as it is remembered."""
    return {
        "at": to_text(at),
        "duration_s": round(report.duration_s, 3),
        "failed": None,
        "files": {status.value: number for status in Status if (number := report.files.get(status))},
        "written": report.feeds.written + report.pages.written,
        "unchanged": report.feeds.unchanged + report.pages.unchanged,
        "removed": report.feeds.removed + report.pages.removed,
        "problems": len(report.problems),
        "problem_list": [plain_problem(problem) for problem in report.problems[:KEPT_PROBLEMS]],
    }


def failed_row(why: str, at: datetime, duration_s: float) -> dict[str, Any]:
    """Return a build that failed as it is remembered."""
    return {"at": to_text(at), "duration_s": round(duration_s, 3), "failed": why}


def with_row(data: bytes | None, row: Mapping[str, Any]) -> bytes:
    """Return the remembered builds with one more, the newest first."""
    return json.dumps([row, *rows_of(data)][:KEPT_BUILDS], ensure_ascii=False, indent=1).encode("utf-8", "replace")


def rows_of(data: bytes | None) -> list[Any]:
    """Return the remembered builds, newest first; none if they can't be read."""
    try:
        rows = json.loads(data or b"[]")
    except (ValueError, RecursionError):
        return []
    return rows if isinstance(rows, list) else []
