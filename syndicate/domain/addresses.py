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
    """Return a map in which no address leads to itself, and none that stands is said to have moved or gone."""
    taken = set(standing)
    straight = {old: new for old, new in moved.items() if old != new and old not in taken}
    return AddressMap(
        moved=dict(sorted(straight.items())),
        gone=tuple(sorted(path for path in set(gone) if path not in taken and path not in straight)),
    )
