"""The address map: where pages that have moved are now, and which are gone for good."""

import json
import logging
import os
from dataclasses import dataclass, field
from pathlib import Path

from syndicate.domain.urls import is_web_address

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Paths below output/, decoded; what has moved leads to such a path or to a web address."""

    moved: dict[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    def target_of(self, path: str) -> str | None:
        """Return where a path has moved."""
        return next((self.moved[one] for one in _names_of(path) if one in self.moved), None)

    def is_gone(self, path: str) -> bool:
        """Tell whether a path is gone for good."""
        return any(one in self.gone for one in _names_of(path))


def _names_of(path: str) -> tuple[str, ...]:
    """Return the ways to write one path: a folder with its slash, without it, and with its index.html."""
    bare = path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path
    bare = bare.rstrip("/")
    return (path, bare, f"{bare}/", f"{bare}/index.html" if bare else "index.html")


def parse_addresses(data: bytes) -> Addresses:
    """Read the map; raises ValueError for what isn't one."""
    try:
        plain = json.loads(data)
        moved, gone = plain.get("moved", {}), plain.get("gone", [])
        texts = [*moved.keys(), *moved.values(), *gone]
    except (AttributeError, TypeError, RecursionError) as error:
        raise ValueError("expected an object with 'moved' and 'gone'") from error
    if not all(isinstance(text, str) and text.isprintable() for text in texts):
        raise ValueError("expected printable texts in 'moved' and 'gone'")
    if any(":" in text.split("/")[0] and not is_web_address(text) for text in moved.values()):
        raise ValueError("expected paths or web addresses in 'moved'")
    return Addresses(moved=dict(moved), gone=frozenset(gone))


class AddressFile:
    """The map as a file that a build replaces: read again when it changes; a broken one leaves the last good one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] | None = None
        self._known = Addresses()

    def read(self) -> Addresses:
        """Return the map as it is now."""
        try:
            status = os.stat(self._path)
            seen = (status.st_mtime_ns, status.st_size, status.st_ino)
            if seen != self._seen:
                self._seen = seen
                self._known = parse_addresses(self._path.read_bytes())
        except FileNotFoundError:
            self._seen, self._known = None, Addresses()
        except (OSError, ValueError) as error:
            _logger.warning("%s: the address map can't be read, the last good one is kept: %s", self._path, error)
        return self._known
