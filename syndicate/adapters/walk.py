"""Walking folders with what the operating system gives at once; imports nothing heavy, since every run walks."""

import hashlib
import os
from collections.abc import Collection, Iterator
from functools import cached_property
from operator import itemgetter
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


class Seen(NamedTuple):
    """A file below a folder: its path relative to it, where it is, its size and times as text, the latest of the times.

    A file that can't be looked at has no text, and is as one that was written just now. What the
    operating system tells is not kept as it comes: that takes many times the memory.
    """

    relative: str
    location: str
    is_link: bool
    text: str
    touched_ns: int

    def signature(self, seen_at_ns: int) -> str:
        """Return size and times; '' for a file too fresh to be trusted when it was seen."""
        return self.text if self.touched_ns <= seen_at_ns - RACY_NS else ""


class Folder:
    """What lies below a folder, in the order of the paths, and which folders below it can't be listed."""

    def __init__(self, files: list[Seen], unreadable: list[str]) -> None:
        self.files, self.unreadable = files, unreadable

    @cached_property
    def digest(self) -> str:
        """A digest of the files' paths, sizes and times."""
        lines = "\n".join([f"{relative}\0{text}" for relative, _, _, text, _ in self.files])
        return hashlib.blake2b(lines.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()

    @cached_property
    def touched_ns(self) -> int:
        """When a file was written last."""
        return max(map(_TOUCHED, self.files), default=0)


class Listing:
    """The files below folders, each folder walked once a run: what is told from them agrees."""

    def __init__(self) -> None:
        self._walked: dict[tuple[str, frozenset[str]], Folder] = {}

    def folder(self, path: str, skip: Collection[str] = ()) -> Folder:
        """Return what lies below a folder, as `walk` yields it; raises OSError if the folder can't be listed."""
        key = (path, frozenset(skip))
        if key not in self._walked:
            unreadable: list[str] = []
            files = [_seen(relative, entry) for relative, entry in walk(path, skip, unreadable=unreadable)]
            files.sort(key=_RELATIVE)
            self._walked[key] = Folder(files, unreadable)
        return self._walked[key]

    def forget(self, path: str, skip: Collection[str] = ()) -> None:
        """Let go of what is known of a folder: the next who asks finds it as it is then."""
        self._walked.pop((path, frozenset(skip)), None)


_RELATIVE, _TOUCHED = itemgetter(0), itemgetter(4)


def _seen(relative: str, entry: os.DirEntry[str]) -> Seen:
    try:
        status = entry.stat()
    except OSError:
        return Seen(relative, entry.path, entry.is_symlink(), "", _JUST_NOW)
    modified, changed = status.st_mtime_ns, status.st_ctime_ns
    touched_ns = changed if changed > modified else modified
    text = f"{status.st_size}:{modified}:{changed}"
    return Seen(relative, entry.path, entry.is_symlink(), text, touched_ns)


_JUST_NOW = 2**63


def signature_of(status: os.stat_result, seen_at_ns: int) -> str:
    """Return size and times; '' for a file too fresh to be trusted when it was seen."""
    if max(status.st_mtime_ns, status.st_ctime_ns) > seen_at_ns - RACY_NS:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"
