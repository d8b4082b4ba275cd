"""The state folder beside the config: the last report, the freshness mark, previews, and the lock."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from syndicate.adapters.atomic import write_atomic
from syndicate.adapters.freshness import MARK_FILE
from syndicate.errors import BusyError

# How long a command waits for another one before it gives up.
LOCK_TIMEOUT_S = 30.0
REPORT_FILE = "report.json"


class StateFolder:
    """The files below one state folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for oneself; raises BusyError if another run keeps it too long."""
        with self._alone("lock"):
            yield

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Be the only one that tells people what waits to be told; raises BusyError if another takes too long."""
        with self._alone("telling.lock"):
            yield

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / name, timeout=LOCK_TIMEOUT_S)
        try:
            lock.acquire()
        except Timeout as error:
            raise BusyError(
                f"{self.root}: another run of syndicate has held this folder for {LOCK_TIMEOUT_S:.0f} s; "
                "wait for it to end"
            ) from error
        try:
            yield
        finally:
            lock.release()

    def save(self, name: str, data: bytes) -> None:
        """Put a file into the folder, unless it holds those bytes already."""
        target = self.root / name
        try:
            if target.read_bytes() == data:
                return
        except OSError:  # it isn't there yet
            pass
        write_atomic(target, data)

    def load(self, name: str) -> bytes | None:
        """Return a file of the folder, None if it can't be had."""
        try:
            return (self.root / name).read_bytes()
        except OSError:
            return None

    def written_at(self, name: str) -> datetime | None:
        """Return when a file of the folder was written, None if it isn't there."""
        try:
            return datetime.fromtimestamp((self.root / name).stat().st_mtime, UTC)
        except OSError:
            return None

    def change(self, name: str, changed: Callable[[bytes | None], bytes]) -> None:
        """Replace a file of the folder by what is made of it; None stands for one that isn't there.

        Nobody else who changes files comes between; raises BusyError if another keeps at it too long.
        """
        with self._alone("change.lock"):
            self.save(name, changed(self.load(name)))

    def save_report(self, report: Mapping[str, Any]) -> None:
        """Keep the report of the last build."""
        write_atomic(self.root / REPORT_FILE, json.dumps(report, ensure_ascii=False, indent=1).encode())

    def save_mark(self, mark: Mapping[str, Any]) -> None:
        """Keep the mark by which the next build sees that nothing is to do."""
        write_atomic(self.root / MARK_FILE, json.dumps(mark, separators=(",", ":")).encode())

    def forget_mark(self) -> None:
        """Remove that mark."""
        (self.root / MARK_FILE).unlink(missing_ok=True)

    def save_preview(self, newsletter: str, html: str, text: str) -> Path:
        """Keep a preview, which is nobody else's to see; returns the HTML's path."""
        folder = self.root / "preview" / newsletter
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(folder / "issue.txt", text.encode())
        write_atomic(folder / "index.html", html.encode())
        return folder / "index.html"
