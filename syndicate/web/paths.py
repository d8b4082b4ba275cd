"""Request paths to paths below output/: everything that could lead elsewhere is refused before a file is touched."""

import re
from urllib.parse import quote, unquote_to_bytes

# A slash or a backslash in disguise, NUL and controls: no address of ours has one.
_NEVER = re.compile(rb"%2f|%5c|%0|%1|%7f|[\x00-\x20\\]", re.IGNORECASE)
# What RFC 3986 allows unescaped in a path.
_SAFE = "/!$&'()*+,;=:@-._~"
_MAX_BYTES = 4096


def path_below(raw: bytes, base: str) -> str | None:
    """Return the decoded path below `base` ('/' or '/feeds/'), without a slash in front; None for what has no file.

    A path that ends with a slash, or is empty, names a folder. Dotfiles, dot segments and empty segments have no file.
    """
    if len(raw) > _MAX_BYTES or _NEVER.search(raw):
        return None
    try:
        text = unquote_to_bytes(raw).decode("utf-8")  # overlong forms and surrogates are no UTF-8
    except UnicodeDecodeError:
        return None
    if not text.startswith(base):
        return None
    path = text.removeprefix(base)
    *folders, name = path.split("/")
    if name.startswith(".") or any(not part or part.startswith(".") for part in folders):
        return None
    return path


def address_of(path: str, base: str) -> str:
    """Return the escaped address of a decoded path below `base`, which is escaped already."""
    return base + quote(path, safe=_SAFE)
