"""The config as a build has read it, kept in the state folder for the next run.

Reading a config is checking it, which takes a moment; what checks it takes ten times as long to
import. Reading depends on the config's text and on the program alone: what is kept is that of a config
without a mistake, and holds for the same text and the same program. It may be deleted at any time.
"""

import hashlib
import os
from contextlib import suppress
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
    program = digest([str(_PACKAGE / "config"), str(_PACKAGE / "domain")], (), Listing())
    if not program:
        return ""
    return hashlib.blake2b(f"{__version__}\0{program}\0{shown}\0{text}".encode(), digest_size=16).hexdigest()


def read_kept(state: Path, key: str) -> Config | None:
    """Return the config that was kept under a key; None if none was, or the file can't be read as one."""
    try:
        with (state / CONFIG_FILE).open("rb") as file:
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                return None  # a config names commands to be run: nobody else's word is taken for it
            kept_key, config = _decoder.decode(file.read())
    except (
        OSError,
        ValueError,
        LookupError,
        RecursionError,
    ):  # none, none such, a zone that is gone, nesting without end
        return None
    return config if kept_key == key != "" else None


def keep(state: Path, key: str, config: Config) -> None:
    """Keep a config for the next run, unless that is done."""
    if not key or read_kept(state, key) == config:
        return
    with suppress(OSError):  # it is kept next time
        write_atomic(state / CONFIG_FILE, _encoder.encode((key, config)), mode=0o600)  # it may hold a webhook's secret


def _plain(value: Any) -> str:
    if isinstance(value, ZoneInfo):
        return value.key
    raise NotImplementedError(type(value).__name__)


def _typed(kind: type, value: Any) -> Any:
    if kind is ZoneInfo:
        return ZoneInfo(value)
    raise NotImplementedError(kind.__name__)


_encoder = msgspec.msgpack.Encoder(enc_hook=_plain)
_decoder = msgspec.msgpack.Decoder(tuple[str, Config], dec_hook=_typed)
