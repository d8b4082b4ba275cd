"""The output folder, and the manifest that knows which of its files are ours.

    begin ─► put aside ─► put in place … remove ─► finish

The manifest is saved before the first file is put in place with all that is going to be ours, and at
the end with what stands: so a run that is killed in between leaves no file of unknown origin.
"""

import json
import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from syndicate.adapters.atomic import ASIDE_SUFFIX, aside_of, write_aside, write_atomic
from syndicate.adapters.walk import walk
from syndicate.errors import OutputError

# What our own pages and feeds carry: by it they are known again when the manifest is lost.
_MARKS = (
    b'<meta name="generator" content="syndicate',
    b"<generator>syndicate</generator>",
    b"<!-- syndicate -->",
    b'"_syndicate": {',
)
_MARKED_SUFFIXES = (".html", ".xml", ".opml", ".json")
# The marks stand near the top of every document.
_HEAD_BYTES = 4096


class OutputFolder:
    """The files below `root`; the manifest maps each of ours to [size, time of change in ns, fingerprint].

    `name` tells one output folder from another: a manifest of another folder counts for nothing.
    `address` is where the folder is served: where the manifest is lost, files that carry our mark
    and that address are ours.
    """

    def __init__(self, root: Path, manifest: Path, name: str, address: str) -> None:
        self.root, self.manifest, self.name = root, manifest, name
        self.address = address.encode()
        found, self._finished = _load(manifest, name)
        self._ours: dict[str, list[int | str]] = self._known_again() if found is None else found

    def is_current(self, path: str, fingerprint: str) -> bool:
        """Tell whether the file stands as we wrote it from the same input."""
        record = self._ours.get(path)
        return record is not None and record[2] == fingerprint and record[:2] == self._status(path)

    def begin(self, paths: Iterable[str], *, keep: bool) -> tuple[str, ...]:
        """Note which files are going to be ours, for good if `keep`; returns those that are somebody else's."""
        foreign = []
        for path in paths:
            if path in self._ours:
                continue
            if (self.root / path).exists() and not self._is_marked(path, self.address):
                foreign.append(path)
            else:
                self._ours[path] = [-1, -1, ""]
        if keep:
            self._clear_up()
            self._save(finished=False)
        return tuple(foreign)

    @property
    def put_aside(self) -> Callable[[str, bytes], bool]:
        """A function that writes a file aside unless it holds those bytes already; returns whether it did."""
        return _PutAside(self.root)

    def put_in_place(self, path: str, fingerprint: str, *, changed: bool) -> None:
        """Move what was put aside for a file to its place, if that is new, and note what it was made from."""
        if changed:
            target = self.root / path
            try:
                os.replace(aside_of(target), target)
            except OSError as error:
                raise _unwritable(target, error) from error
        self._ours[path] = [*self._status(path), fingerprint]

    def stamps(self) -> dict[str, str]:
        """Return each of our files with what changes whenever the file is written."""
        return {path: f"{record[0]}-{record[1]}" for path, record in sorted(self._ours.items())}

    def differs(self, path: str, data: bytes) -> bool:
        """Tell whether writing these bytes would change the file."""
        return not _holds(self.root / path, data)

    def ours(self) -> tuple[str, ...]:
        """Return the files that are ours, in order; some may be gone, or not be written yet."""
        return tuple(sorted(self._ours))

    def read(self, path: str) -> bytes | None:
        """Return what a file holds; None if it can't be read."""
        return _read(self.root / path)

    def stale(self, wanted: Collection[str]) -> tuple[str, ...]:
        """Return those of our files that are not wanted any more."""
        return tuple(sorted(self._ours.keys() - set(wanted)))

    def remove(self, path: str) -> None:
        """Remove one of our files, and folders that it leaves empty."""
        target = self.root / path
        try:
            target.unlink(missing_ok=True)
        except OSError:  # a folder has taken its place, which is somebody else's
            self._ours.pop(path, None)
            return
        aside_of(target).unlink(missing_ok=True)
        self._ours.pop(path, None)
        for folder in target.relative_to(self.root).parents:
            if folder == Path():
                break
            try:
                (self.root / folder).rmdir()
            except OSError:  # something of somebody else's is in it
                break

    def forget(self) -> None:
        """Forget what our files were made from, so that the next build makes them all again."""
        self._ours = {path: [-1, -1, ""] for path in self._ours}
        self._save(finished=True)

    def _clear_up(self) -> None:
        """Remove what a run that was killed left half-written."""
        if not self._finished and self.root.is_dir():
            for left_over in self.root.rglob(f".*{ASIDE_SUFFIX}"):
                left_over.unlink(missing_ok=True)

    def finish(self) -> None:
        """Record what stands."""
        self._save(finished=True)

    def _status(self, path: str) -> list[int | str]:
        try:
            status = os.stat(self.root / path)
        except OSError:
            return [-1, -1]
        return [status.st_size, status.st_ctime_ns]  # unlike the time of modification, nobody sets it

    def _is_marked(self, path: str, address: bytes) -> bool:
        try:
            with open(self.root / path, "rb") as file:
                head = file.read(_HEAD_BYTES)
        except OSError:
            return False
        return address in head and any(mark in head for mark in _MARKS)

    def _known_again(self) -> dict[str, list[int | str]]:
        """Return the files that show by themselves that they are ours."""
        if not self.root.is_dir():
            return {}
        paths = [path for path, _ in walk(str(self.root)) if path.endswith(_MARKED_SUFFIXES)]
        return {path: [-1, -1, ""] for path in paths if self._is_marked(path, self.address)}

    def _save(self, *, finished: bool) -> None:
        self.manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest = {"folder": self.name, "finished": finished, "files": self._ours}
        write_atomic(self.manifest, json.dumps(manifest, separators=(",", ":")).encode())


@dataclass(frozen=True, slots=True)
class _PutAside:
    """Writes files of an output folder aside, in whatever process it is called."""

    root: Path

    def __call__(self, path: str, data: bytes) -> bool:
        if not _is_within(path):
            raise OutputError(f"{path}: leads out of the output folder; nothing was written")
        target = self.root / path
        if _holds(target, data):
            return False
        try:
            write_aside(target, data)
        except OSError as error:
            raise _unwritable(target, error) from error
        return True


def _unwritable(target: Path, error: OSError) -> OutputError:
    return OutputError(f"{target}: can't be written: {error.strerror or error}")


def _holds(path: Path, data: bytes) -> bool:
    """Tell whether a file holds just these bytes; one of another size need not be read."""
    try:
        return os.stat(path).st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _load(manifest: Path, name: str) -> tuple[dict[str, list[int | str]] | None, bool]:
    """Return what a manifest lists (nothing if it is of another folder, None if it is lost), and if its run ended."""
    try:
        loaded = json.loads(manifest.read_bytes())
        files = loaded["files"].items() if loaded["folder"] == name else ()
        ours = {path: record for path, record in files if _is_within(path) and _is_record(record)}
        return ours, loaded.get("finished") is True
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, False


def _is_within(path: str) -> bool:
    """Tell whether a path stays in the output folder: what is listed here may be removed."""
    return not os.path.isabs(path) and ".." not in path.split("/")


def _is_record(record: object) -> bool:
    kinds = [type(value) for value in record] if isinstance(record, list) else []
    return kinds == [int, int, str]
