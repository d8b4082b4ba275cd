"""Old addresses: where each leads now, and which are gone for good."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressMap:
    """Paths below output/ without a leading slash ('' is its root), as they are written, not quoted.

    `moved` maps each to a path or to an address elsewhere.
    """

    moved: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


def without_chains(moved: Mapping[str, str], standing: Iterable[str], gone: Iterable[str]) -> AddressMap:
    """Return a map in which every address leads straight to its end, and none that stands has moved or gone.

    What leads in a circle, or to what is gone, is gone.
    """
    taken = set(standing)
    ways = {old: new for old, new in moved.items() if old not in taken}
    ends = {old: _end(old, ways) for old in ways}
    lost = {old for old, end in ends.items() if end is None or end in set(gone) - taken}
    straight = {old: end for old, end in sorted(ends.items()) if end is not None and old not in lost}
    return AddressMap(
        moved=straight,
        gone=tuple(sorted((set(gone) | lost) - taken - straight.keys())),
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
