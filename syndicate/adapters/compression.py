"""Texts in content codings, for the files that stand beside them: the same bytes for the same text."""

import gzip

from syndicate.domain.codings import Coding

# The files are made once and sent many times. Brotli's two last steps take several times as long.
_GZIP_LEVEL = 9
_BROTLI_QUALITY = 9


def compress(data: bytes, coding: Coding) -> bytes:
    """Return bytes in a coding, without a date."""
    if coding is Coding.GZIP:
        return gzip.compress(data, _GZIP_LEVEL, mtime=0)
    import brotli  # only where a config wants it

    encoded: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
    return encoded
