"""The files of output/ as they are sent: read once, hashed, compressed once, and looked at again by one stat.

    path ─► stat ─► as before? ─► File from memory
                       └─► open one descriptor ─► read ─► hash ─► File

A build replaces a file by renaming another over it. Who reads one open descriptor therefore reads
the old file or the new one, whole; and an ETag is made of the very bytes that are sent with it.
"""

import os
import stat
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import blake2b

from syndicate.web.encodings import IDENTITY, SUFFIXES, encode
from syndicate.web.media import Media, media_of
from syndicate.web.traffic import Hits, Sighting

Headers = list[tuple[bytes, bytes]]
Lines = tuple[tuple[bytes, bytes], ...]
Stamp = tuple[int, int, int, int]
# Larger files are read for each answer; one of 50 MB must not stay in memory for good.
_MAX_KEPT_BYTES = 4_000_000
# Smaller texts gain nothing by compression: they fit one packet as they are.
_MIN_ENCODED_BYTES = 512
_MAX_CACHE_BYTES = 64_000_000
_MAX_CACHE_FILES = 4096
# What an entry weighs besides its bodies, the requests that it remembers included.
_ENTRY_BYTES = 20_480
# Pollers of one feed differ in little; what they send is short. Both bound what a stranger can make us hold.
_MAX_UNCHANGED = 16
_MAX_LINES_BYTES = 1024
_CHUNK_BYTES = 262_144


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A file in one coding, with its headers ready: `full` for 200, `short` for 304, and both for browsers.

    `unchanged` is the whole head of a 304 as it is sent, but for what the server adds and the empty line.
    """

    etag: bytes
    size: int
    body: bytes | None  # None: too large to keep
    full: Headers
    short: Headers
    unchanged: bytes
    browser_full: Headers
    source: str
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file at one moment of its life, told by `stamp`.

    `name` is its path in output/, and `hits` counts its answers. `unchanged` remembers which requests, told by their
    header lines, were answered with 304, from which variant, and what they reported: a poller sends the same lines
    each time.
    """

    path: str
    name: str
    hits: Hits
    stamp: Stamp
    modified_s: int
    media: Media
    variants: dict[str, Variant] = field(default_factory=dict)
    unchanged: dict[Lines, tuple[Variant, Sighting | None]] = field(default_factory=dict)

    def remember_unchanged(self, lines: Lines, variant: Variant, sighting: Sighting | None) -> None:
        """Remember a request that was answered with 304, if it was plain and its lines are not long."""
        if len(self.unchanged) >= _MAX_UNCHANGED:
            self.unchanged.clear()
        if sum(len(name) + len(value) for name, value in lines) <= _MAX_LINES_BYTES and _is_plain(lines):
            self.unchanged[lines] = (variant, sighting)

    @property
    def weight(self) -> int:
        """How many bytes it holds in memory."""
        return _ENTRY_BYTES + sum(len(one.body or b"") for one in self.variants.values())


def _is_plain(lines: Lines) -> bool:
    """Tell whether nothing but the headers is to be read, and the connection goes on as HTTP/1.1 does by itself.

    A request of HTTP/1.0 may name no host; one of HTTP/1.1 with the same lines is refused.
    """
    names = [name for name, _ in lines]
    closes = any(name == b"connection" and value.lower() != b"keep-alive" for name, value in lines)
    return b"host" in names and not closes and _NOT_PLAIN.isdisjoint(names)


_NOT_PLAIN = frozenset((b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"proxy-connection"))


def stamp_of(status: os.stat_result) -> Stamp:
    """Return what changes when a file is replaced or written."""
    return (status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns)


class FileReader:
    """Reads the files below `root`; `now_s` is the clock, since no file is younger than the answer that carries it.

    `hits_of` gives what counts the answers of a file.
    """

    def __init__(
        self,
        root: str,
        cache_control: Callable[[Media], str],
        now_s: Callable[[], float],
        hits_of: Callable[[str, Media], Hits],
    ) -> None:
        self._root = root
        self._cache_control = cache_control
        self._now_s = now_s
        self._hits_of = hits_of

    def locate(self, path: str) -> str:
        """Return the place of a path below the root."""
        return os.path.join(self._root, path)

    def is_folder(self, path: str) -> bool:
        """Tell whether a path is a folder that has an index.html."""
        try:
            return os.path.isfile(os.path.join(self._root, path, "index.html"))
        except ValueError:
            return False

    def read(self, path: str) -> File | None:
        """Return a file in its plain form; None if there is none that may be sent."""
        place = self.locate(path)
        try:
            real = os.path.realpath(place)
            if os.path.commonpath((real, os.path.realpath(self._root))) != os.path.realpath(self._root):
                return None  # a link that leads out
            content = _load(real)
        except (OSError, ValueError):
            return None
        if content is None:
            return None
        body, etag, size, stamp = content
        modified_s = min(stamp[0] // 1_000_000_000, int(self._now_s()))
        media = media_of(path)
        hits = self._hits_of(path, media)
        file = File(path=place, name=path, hits=hits, stamp=stamp, modified_s=modified_s, media=media)
        file.variants[IDENTITY] = self._variant(file, IDENTITY, body, etag, size, real, stamp)
        return file

    def encoded(self, file: File, coding: str) -> Variant | None:
        """Return a file in a coding, from the file beside it or compressed now; None if that isn't worth it."""
        plain = file.variants[IDENTITY]
        if not file.media.is_text:
            return None
        beside = plain.source + SUFFIXES[coding]
        try:
            content = _load(beside) if not os.path.islink(beside) else None
        except OSError:
            content = None
        if content and content[3][0] >= file.stamp[0]:
            body, etag, size, stamp = content
            return self._variant(file, coding, body, etag, size, beside, stamp)
        if plain.body is None or plain.size < _MIN_ENCODED_BYTES:
            return None
        body = encode(plain.body, coding)
        return self._variant(file, coding, body, _etag(blake2b(body, digest_size=16)), len(body), "", plain.stamp)

    def _variant(
        self, file: File, coding: str, body: bytes | None, etag: bytes, size: int, source: str, stamp: Stamp
    ) -> Variant:
        media = file.media
        vary = ", ".join(
            (*(("Accept",) if media.browser_type else ()), *(("Accept-Encoding",) if media.is_text else ()))
        )
        short: Headers = [
            (b"etag", etag),
            (b"cache-control", self._cache_control(media).encode()),
        ]
        if vary:
            short.append((b"vary", vary.encode()))
        if media.is_feed:
            short.append((b"access-control-allow-origin", b"*"))
        rest: Headers = [
            *short,
            (b"last-modified", formatdate(file.modified_s, usegmt=True).encode()),  # not in 304: the tag is there
            (b"content-length", str(size).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"accept-ranges", b"none"),
        ]
        if coding != IDENTITY:
            rest.append((b"content-encoding", coding.encode()))
        full: Headers = [(b"content-type", media.type.encode()), *rest]
        browser: Headers = [(b"content-type", media.browser_type.encode()), *rest] if media.browser_type else full
        return Variant(
            etag=etag,
            size=size,
            body=body,
            full=full,
            short=short,
            unchanged=b"HTTP/1.1 304 Not Modified\r\n" + b"".join(b"%b: %b\r\n" % line for line in short),
            browser_full=browser,
            source=source,
            stamp=stamp,
        )


def open_same(variant: Variant) -> int | None:
    """Open a large file again; None if it is another by now."""
    try:
        descriptor = os.open(variant.source, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    if stamp_of(os.fstat(descriptor)) == variant.stamp:
        return descriptor
    os.close(descriptor)
    return None


def _load(place: str) -> tuple[bytes | None, bytes, int, Stamp] | None:
    """Return body (None if it is large), tag, size and stamp of a regular file, all from one descriptor."""
    if not stat.S_ISREG(os.stat(place).st_mode):
        return None  # a pipe would never end
    descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with open(descriptor, "rb", buffering=0) as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        stamp = stamp_of(status)
        if status.st_size <= _MAX_KEPT_BYTES:
            body = file.readall()
            return body, _etag(blake2b(body, digest_size=16)), len(body), stamp
        hasher, size = blake2b(digest_size=16), 0
        while chunk := file.read(_CHUNK_BYTES):
            hasher.update(chunk)
            size += len(chunk)
        return None, _etag(hasher), size, stamp


def _etag(hasher: blake2b) -> bytes:
    return b'"' + hasher.hexdigest().encode() + b'"'


class FileCache:
    """Files by request path, the least recently used forgotten first; only the event loop touches it."""

    def __init__(self) -> None:
        self._files: OrderedDict[bytes, File] = OrderedDict()
        self._weights: dict[bytes, int] = {}
        self._total = 0

    def peek(self, raw: bytes) -> File | None:
        """Return the file that was kept for a request path, whether or not it is still as it was."""
        return self._files.get(raw)

    def get(self, raw: bytes) -> File | None:
        """Return the file that was kept for a request path, if it is still as it was."""
        file = self._files.get(raw)
        if file is None:
            return None
        try:
            status = os.stat(file.path)
        except (OSError, ValueError):
            self.forget(raw)
            return None
        if (status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns) != file.stamp:
            self.forget(raw)
            return None
        self._files.move_to_end(raw)
        return file

    def forget(self, raw: bytes) -> None:
        """Forget what was kept for a request path."""
        if self._files.pop(raw, None):
            self._total -= self._weights.pop(raw)

    def keep(self, raw: bytes, file: File) -> None:
        """Keep a file, or weigh it again after it got another variant."""
        self._files[raw] = file
        self._files.move_to_end(raw)
        self._total += file.weight - self._weights.get(raw, 0)
        self._weights[raw] = file.weight
        while self._total > _MAX_CACHE_BYTES or len(self._files) > _MAX_CACHE_FILES:
            oldest, _ = self._files.popitem(last=False)
            self._total -= self._weights.pop(oldest)
