"""Files put in place whole: written aside, then moved."""

import hashlib
import os
from pathlib import Path

# Marks a file that is still being written; a left-over of a killed run is recognised by it.
ASIDE_SUFFIX = ".syndicate-part"


def write_atomic(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Put a file in place: a reader sees the old one or the new one, never a part. `mode` as for `open`."""
    os.replace(write_aside(path, data, mode), path)


def write_aside(path: Path, data: bytes, mode: int = 0o666) -> Path:
    """Write what a file is to hold beside it; returns where."""
    aside = aside_of(path)
    try:
        descriptor = _opened_new(aside, mode)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = _opened_new(aside, mode)
    with open(descriptor, "wb", buffering=0) as file:
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]
    return aside


def _opened_new(path: Path, mode: int) -> int:
    """Open a file that was not there: with the rights that it is to have, and in no other place."""
    while True:
        try:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        except FileExistsError:  # a killed run left it, or somebody else put it there, with other rights or as a link
            path.unlink(missing_ok=True)


def aside_of(path: Path) -> Path:
    """Return where a file is written before it is moved; short, since a name may be as long as names can be."""
    mark = hashlib.blake2b(os.fsencode(path.name), digest_size=8).hexdigest()
    return path.with_name(f".{mark}{ASIDE_SUFFIX}")
