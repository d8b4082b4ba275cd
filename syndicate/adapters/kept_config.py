"""The config as a build has read it, kept in the state folder for the next run.

Reading a config is checking it, which takes a moment; what checks it takes ten times as long to
import. Reading depends on the config's text, on the program and on the libraries and time zones that
it finds: what is kept is that of a config without a mistake, and holds for the same of all of them. It
may be deleted at any time.
"""

import hashlib
import os
import stat
import sys
import zoneinfo
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from syndicate import __version__
from syndicate.adapters.atomic import write_atomic
from syndicate.adapters.freshness import digest
from syndicate.adapters.walk import Listing
from syndicate.config.options import Config

CONFIG_FILE = "config.msgpack"
_PACKAGE = Path(__file__).parent.parent


def config_key(text: str, shown: str) -> str:
    """Return a digest of all that reading a config depends on; '' if the program was changed this very moment."""
    program = _program()
    plain = f"{program}\0{shown}\0{text}".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(plain, digest_size=16).hexdigest() if program else ""


@cache
def _program() -> str:
    """Return what tells this program, with what it finds on this machine, from another; '' if it is just being changed.

    It is looked at once: a process goes on with what it read at its start.
    """
    files = digest([str(_PACKAGE)], (), Listing())
    # What lies beside the program, or where it happens to be started, is no library.
    libraries = [place for place in sys.path if place not in ("", os.getcwd(), str(_PACKAGE.parent))]
    zones = [folder for place in zoneinfo.TZPATH for folder in (place, *_folders_in(place))]
    found = "\n".join(f"{place} {_times(place)}" for place in (*libraries, *zones))
    return f"{__version__}\0{sys.version}\0{files}\0{found}" if files else ""


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.path for entry in entries if entry.is_dir())
    except OSError:
        return []


def _times(folder: str) -> str:
    """Return when something was put into a folder or taken out of it last, as an installation does."""
    try:
        status = os.stat(folder)
    except OSError:
        return "absent"
    return f"{status.st_mtime_ns}:{status.st_ctime_ns}"


def read_kept(state: Path, key: str) -> Config | None:
    """Return the config that was kept under a key; None if none was, or the file can't be read as one."""
    try:
        kept_key, plain = _envelope.decode(_read_own(state / CONFIG_FILE))
        return _decoder.decode(plain) if kept_key == key != "" else None
    # There is none or none such, a zone is gone, or it nests without end.
    except (OSError, ValueError, LookupError, RecursionError):
        return None


def _read_own(path: Path) -> bytes:
    """Return the bytes of a file that nobody but this user can have written; raises OSError for any other.

    A config names commands to be run, so nobody else's word is taken for it.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        is_own = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
        if hasattr(os, "geteuid"):
            is_own = is_own and status.st_uid == os.geteuid() and not status.st_mode & 0o077
        if not is_own:
            raise PermissionError(f"{path}: may be somebody else's")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def keep(state: Path, key: str, config: Config) -> None:
    """Keep a config for the next run, unless that is done or it can't be kept."""
    if not key or read_kept(state, key) == config:
        return
    # The disk may be full, or a name in the config be no text: then the next run reads it anew.
    with suppress(OSError, UnicodeEncodeError):
        data = _encoder.encode((key, config))
        write_atomic(state / CONFIG_FILE, data, mode=0o600)  # it may hold a webhook's secret


def _plain(value: Any) -> str:
    if isinstance(value, ZoneInfo):
        return value.key
    # What msgspec asks of such a hook; the test of kept configs, which holds every key, fails of a type that is new.
    raise NotImplementedError(type(value).__name__)


def _typed(kind: type, value: Any) -> Any:
    if kind is ZoneInfo:
        return ZoneInfo(value)
    raise NotImplementedError(kind.__name__)  # as above


_encoder = msgspec.msgpack.Encoder(enc_hook=_plain)
_envelope = msgspec.msgpack.Decoder(tuple[str, msgspec.Raw])
_decoder = msgspec.msgpack.Decoder(Config, dec_hook=_typed)
