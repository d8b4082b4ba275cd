"""The source folders on disk."""

import os
import stat
from collections.abc import Collection
from pathlib import Path

from syndicate.adapters.walk import Listing
from syndicate.domain.articles import ArticlePath
from syndicate.domain.sources import ARTICLE_SUFFIXES, MEDIA_SUFFIXES
from syndicate.ports import FoundFile, SourceFiles


def scan_source(base: Path, path: str, excluded: Collection[Path], scanned_at_ns: int, listing: Listing) -> SourceFiles:
    """Find the files below a source, in order of their paths; hidden ones and links to folders are left out.

    `path` is relative to `base` or absolute; `excluded` folders are not entered; raises OSError if
    the folder itself can't be read.
    """
    root = os.path.normpath(base / path)
    shown = "" if path in (".", "") else printable(f"{Path(path).as_posix()}/")
    articles: list[FoundFile] = []
    media: dict[str, FoundFile] = {}
    skip = {os.fspath(folder) for folder in excluded}
    folder = listing.folder(root, skip)
    for file in folder.files:
        lowered = file.relative.lower()
        is_article = lowered.endswith(ARTICLE_SUFFIXES)
        if not is_article and (file.is_link or not lowered.endswith(MEDIA_SUFFIXES)):
            continue
        relative = printable(file.relative)
        found = FoundFile(
            path=ArticlePath(shown + relative),
            relative=relative,
            location=file.location,
            signature=file.signature(scanned_at_ns),
        )
        if is_article:
            articles.append(found)
        else:
            media[found.relative] = found
    unreadable = tuple(sorted(shown + printable(name) for name in folder.unreadable))
    listing.forget(root, skip)
    return SourceFiles(articles=tuple(sorted(articles, key=lambda file: file.path)), media=media, unreadable=unreadable)


def printable(path: str) -> str:
    """Return a path fit to be shown and stored: characters that can't be shown, and the backslash, are escaped."""
    if path.isprintable() and "\\" not in path:
        return path
    return "".join(
        letter if letter.isprintable() and letter != "\\" else letter.encode("unicode_escape").decode("ascii")
        for letter in path
    )


def read_file(location: str, max_bytes: int) -> bytes:
    """Return a file's bytes, one more than `max_bytes` at most; raises OSError, also for pipes and devices."""
    descriptor = os.open(location, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        data = os.read(descriptor, min(status.st_size, max_bytes) + 1)
        # Nearly always there is no more: a larger buffer would be given out and taken back for nothing.
        while len(data) <= max_bytes and (more := os.read(descriptor, 65_536)):
            data += more
        return data
    finally:
        os.close(descriptor)
