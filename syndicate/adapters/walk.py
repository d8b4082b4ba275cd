"""Walking folders with what the operating system gives at once; imports nothing heavy, since every run walks."""

import os
from collections.abc import Collection, Iterator
from hashlib import blake2b
from time import time_ns
from typing import NamedTuple

# Folders of other tools, which hold files that end in .md and are no articles.
_FOREIGN_FOLDERS = frozenset({"node_modules", "__pycache__"})
# A file written this short a time before it was seen may be written again with the same times:
# file systems move their clock in steps, of 4 to 10 ms on Linux.
RACY_NS = 20_000_000


def walk(
    folder: str, skip: Collection[str] = (), prefix: str = "", unreadable: list[str] | None = None
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield each file below a folder with its path relative to it, hidden ones and links to folders left out.

    Folders below it that can't be listed are passed over, and noted in `unreadable`; raises OSError
    if the folder itself can't be listed.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name[0] == "." or name in _FOREIGN_FOLDERS:
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.path not in skip:
                    try:
                        yield from walk(entry.path, skip, f"{prefix}{name}/", unreadable)
                    except OSError:
                        if unreadable is not None:
                            unreadable.append(f"{prefix}{name}")
            elif not (entry.is_symlink() and os.path.isdir(entry.path)):
                yield prefix + name, entry


class Found(NamedTuple):
    """A file below a folder: its path relative to it, its whole path, and its signature as `signature_of` has it."""

    relative: str
    location: str
    is_link: bool
    signature: str


class Listing:
    """The files below folders, each folder walked and its files looked at once a run: what is told from them agrees.

    With `trust_fresh`, which is for files of our own, a file has a signature also if it was just written.
    """

    def __init__(self, *, trust_fresh: bool = False) -> None:
        self._trust_fresh = trust_fresh
        self._walked: dict[tuple[str, frozenset[str]], tuple[list[Found], list[str]]] = {}
        self._digests: dict[tuple[str, frozenset[str]], str] = {}

    def files(self, folder: str, skip: Collection[str] = ()) -> list[Found]:
        """Return each file below a folder as `walk` finds them, in order; raises OSError if it can't be listed."""
        return self._walk((folder, frozenset(skip)))[0]

    def unreadable(self, folder: str, skip: Collection[str] = ()) -> list[str]:
        """Return the folders below a folder that can't be listed."""
        return self._walk((folder, frozenset(skip)))[1]

    def digest(self, place: str, skip: Collection[str] = ()) -> str:
        """Return a digest of a file or folder by sizes and times, '' if there is a file that has no signature yet."""
        key = (place, frozenset(skip))
        if key not in self._digests:
            self._digests[key] = self._digest(key)
        return self._digests[key]

    def forget(self, folder: str, skip: Collection[str] = ()) -> None:
        """Let go of what is known of a folder: many files weigh more than what was made of them."""
        self._walked.pop((folder, frozenset(skip)), None)
        self._digests.pop((folder, frozenset(skip)), None)

    def _digest(self, key: tuple[str, frozenset[str]]) -> str:
        place = key[0]
        try:
            if not os.path.isdir(place):
                return signature_of(os.stat(place), self._now())
            files = self._walk(key)[0]
        except OSError:
            return "absent"
        if not all(file.signature for file in files):
            return ""
        lines = "\n".join([f"{file.relative}\0{file.signature}" for file in files])
        return blake2b(lines.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()

    def _walk(self, key: tuple[str, frozenset[str]]) -> tuple[list[Found], list[str]]:
        if key not in self._walked:
            folder, skip = key
            seen_at, unreadable = self._now(), list[str]()
            files = [
                Found(relative, entry.path, entry.is_symlink(), _signature(entry, seen_at))
                for relative, entry in walk(folder, skip, unreadable=unreadable)
            ]
            files.sort(key=lambda file: file.relative)
            self._walked[key] = (files, unreadable)
        return self._walked[key]

    def _now(self) -> int:
        """Return the moment, in nanoseconds, at which files are looked at: one that never comes if all are trusted."""
        return 2**63 if self._trust_fresh else time_ns()


def _signature(entry: os.DirEntry[str], seen_at_ns: int) -> str:
    """Return a file's signature as `signature_of` does; '' also for a file that can't be looked at."""
    try:
        return signature_of(entry.stat(), seen_at_ns)
    except OSError:
        return ""


def signature_of(status: os.stat_result, seen_at_ns: int) -> str:
    """Return size and times; '' for a file too fresh to be trusted when it was seen."""
    modified, changed = status.st_mtime_ns, status.st_ctime_ns
    if modified > seen_at_ns - RACY_NS or changed > seen_at_ns - RACY_NS:
        return ""
    return f"{status.st_size}:{modified}:{changed}"
