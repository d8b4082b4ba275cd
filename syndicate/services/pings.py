"""WebSub pings: each hub is told of exactly the feeds that changed since it was told last.

    stamps of the feeds ─► other than the hub knows? ─► ping ─► taken? ─► remember

What a hub took is remembered ping by ping, so that one that was down, or a build that was killed,
is made up for by the next build.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from syndicate.domain.feeds import FORMATS
from syndicate.domain.site import Site
from syndicate.errors import Problem

PINGS_FILE = "pings.json"
"""Where the state folder keeps what hubs know."""

# A hub that fails so often in a row is left alone until the next build.
MAX_FAILURES = 3

# The folder of an archive page; a topic may have the slug "archive", but a page has a number.
_ARCHIVE_PAGE = re.compile(r"/archive/[0-9]+$")

Known = Mapping[str, Mapping[str, str]]
"""By hub, the stamp of each feed that it was told of last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pings:
    """What came of telling the hubs: how many pings they took, what went wrong, and what they know now."""

    taken: int = 0
    problems: tuple[Problem, ...] = ()
    known: dict[str, dict[str, str]] = field(default_factory=dict)


def ping_hubs(
    hubs: Iterable[str],
    stamps: Mapping[str, str],
    known: Known,
    site: Site,
    ping: Callable[[str, str], str | None],
) -> Pings:
    """Tell every hub of the feeds whose stamp it does not know; `stamps` maps files of output/ to what they are.

    `ping` takes the addresses of a hub and of a feed, and returns why it failed, if it did.
    """
    feeds = {path: stamp for path, stamp in stamps.items() if _is_announced(path)}
    problems: list[Problem] = []
    now_known: dict[str, dict[str, str]] = {}
    taken = 0
    for hub in hubs:
        told = {path: stamp for path, stamp in known.get(hub, {}).items() if path in feeds}
        failures: list[str] = []
        for path, stamp in feeds.items():
            if told.get(path) == stamp or len(failures) == MAX_FAILURES:
                continue
            if reason := ping(hub, site.address(path)):
                failures.append(reason)
            else:
                told[path] = stamp
                taken += 1
        now_known[hub] = told
        if failures:
            problems.append(_problem(hub, failures[-1], missed=sum(told.get(path) != feeds[path] for path in feeds)))
    return Pings(taken=taken, problems=tuple(problems), known=now_known)


def known_pings(data: bytes | None) -> dict[str, dict[str, str]]:
    """Return what hubs know, as it was kept; nothing if that can't be read, so that all hubs are told of all."""
    try:
        kept = json.loads(data or b"{}")
        return {str(hub): {str(path): str(stamp) for path, stamp in told.items()} for hub, told in kept.items()}
    except (ValueError, AttributeError):
        return {}


def _is_announced(path: str) -> bool:
    """Tell whether a file is a feed that readers subscribe to: archive pages are not."""
    folder, _, name = path.rpartition("/")
    return name in {facts.file_name for facts in FORMATS.values()} and not _ARCHIVE_PAGE.search(folder)


def _problem(hub: str, reason: str, missed: int) -> Problem:
    return Problem(
        path=hub,
        field="feeds.hubs",
        reason="hub-not-told",
        what=f"the hub could not be told of {missed} changed feed{'' if missed == 1 else 's'}: {reason}",
        hint="the next build tries again; check the address if it keeps failing",
    )
