"""Walking folders with what the operating system gives at once; imports nothing heavy, since every run walks."""

import os
from collections.abc import Collection, Iterator

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


class Listing:
    """The files below folders, each folder walked once a run: what is told from them agrees."""

    def __init__(self) -> None:
        self._walked: dict[tuple[str, frozenset[str]], tuple[list[tuple[str, os.DirEntry[str]]], list[str]]] = {}

    def files(self, folder: str, skip: Collection[str] = ()) -> list[tuple[str, os.DirEntry[str]]]:
        """Return each file below a folder as `walk` does; raises OSError if the folder can't be listed."""
        return self._walk(folder, skip)[0]

    def unreadable(self, folder: str, skip: Collection[str] = ()) -> list[str]:
        """Return the folders below a folder that can't be listed."""
        return self._walk(folder, skip)[1]

    def forget(self, folder: str, skip: Collection[str] = ()) -> None:
        """Let go of what is known of a folder: the entries of many files weigh more than what was made of them."""
        self._walked.pop((folder, frozenset(skip)), None)

    def _walk(self, folder: str, skip: Collection[str]) -> tuple[list[tuple[str, os.DirEntry[str]]], list[str]]:
        key = (folder, frozenset(skip))
        if key not in self._walked:
            unreadable: list[str] = []
            self._walked[key] = (list(walk(folder, skip, unreadable=unreadable)), unreadable)
        return self._walked[key]


def signature(entry: os.DirEntry[str], seen_at_ns: int) -> str:
    """Return a file's signature as `signature_of` does; '' also for a file that can't be looked at."""
    try:
        return signature_of(entry.stat(), seen_at_ns)
    except OSError:
        return ""


def signature_of(status: os.stat_result, seen_at_ns: int) -> str:
    """Return size and times; '' for a file too fresh to be trusted when it was seen."""
    if max(status.st_mtime_ns, status.st_ctime_ns) > seen_at_ns - RACY_NS:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"
