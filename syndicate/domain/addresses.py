"""Old addresses: where each leads now, and which are gone for good."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressMap:
    """Paths below output/ without a leading slash ('' is its root), as they are written, not quoted.

    `moved` maps each to a path or to an address elsewhere; `circles` are those that lead back to
    themselves, and so nowhere.
    """

    moved: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()


def standing_addresses(paths: Iterable[str]) -> frozenset[str]:
    """Return the addresses of files: each its own, and that of its folder if it is the folder's page."""
    files = frozenset(paths)
    return files | {path.removesuffix(_PAGE) for path in files if path.endswith(f"/{_PAGE}") or path == _PAGE}


_PAGE = "index.html"


def without_chains(moved: Mapping[str, str], standing: Iterable[str], gone: Iterable[str]) -> AddressMap:
    """Return a map in which every address leads straight to its end, and none that stands has moved or gone.

    What leads to what is gone is gone. A circle is somebody's slip of the pen and left out: 410 would
    tell readers to leave for good.
    """
    taken = set(standing)
    ways = {old: new for old, new in moved.items() if old not in taken}
    ends = {old: _end(old, ways) for old in ways}
    missing = set(gone) - taken
    lost = {old for old, end in ends.items() if end in missing}
    straight = {old: end for old, end in sorted(ends.items()) if end is not None and old not in lost}
    circles = {old for old, end in ends.items() if end is None}
    return AddressMap(
        moved=straight,
        gone=tuple(sorted((missing | lost) - straight.keys() - circles)),
        circles=tuple(sorted(circles)),
    )


def _end(old: str, ways: Mapping[str, str]) -> str | None:
    """Return where an address leads in the end, None if that is where it started."""
    seen = {old}
    place = ways[old]
    while place in ways:
        if place in seen:
            return None
        seen.add(place)
        place = ways[place]
    return place
