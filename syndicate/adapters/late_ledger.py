"""A ledger that is opened when it is first asked: a build reads articles in the meantime.

SQLAlchemy takes longer to load than all else together that a build needs to begin.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syndicate.adapters.ledger import SqlLedger


class LateLedger:
    """Stands for the ledger that `open_ledger` returns, which is called once, and not before it must be."""

    def __init__(self, open_ledger: "Callable[[], SqlLedger]") -> None:
        self._open_ledger = open_ledger
        self._opened: SqlLedger | None = None

    def __getattr__(self, name: str) -> Any:
        if self._opened is None:
            self._opened = self._open_ledger()
        return getattr(self._opened, name)

    def close(self) -> None:
        """Close the ledger, if it was ever opened."""
        if self._opened is not None:
            self._opened.close()
