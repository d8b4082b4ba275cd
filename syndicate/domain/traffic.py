"""What was asked of the server, counted; nothing here tells who asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTraffic:
    """How often a feed was asked for, by status, and how many subscribers each aggregator says that it polls for.

    `name` is the feed's path in output/.
    """

    name: str
    statuses: Mapping[int, int] = field(default_factory=dict)
    subscribers: Mapping[str, int] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """How often the feed was asked for."""
        return sum(self.statuses.values())

    @property
    def unchanged_share(self) -> float:
        """The share of answers that said 'not modified', from 0 to 1."""
        return self.statuses.get(304, 0) / self.requests if self.requests else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """All answers since the server's start by kind and status, and the feeds by themselves."""

    requests: Mapping[tuple[str, int], int] = field(default_factory=dict)
    feeds: tuple[FeedTraffic, ...] = ()
    dropped_lines: int = 0  # of the access log
