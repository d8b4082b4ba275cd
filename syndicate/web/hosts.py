"""The Host header: a request that names no host, or several, is refused (RFC 9112 section 3.2)."""

import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from functools import lru_cache
from typing import Any

from syndicate.web.pages import page

# A name, an IPv4 or a bracketed IPv6 address, and a port: what RFC 3986 section 3.2 allows; it may be empty.
_HOST = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=:%\[\]-]*")
Message = MutableMapping[str, Any]


def names_one_host(headers: Sequence[tuple[bytes, bytes]], http_version: Callable[[], str]) -> bool:
    """Tell whether a request says in due form whom it is for; HTTP/1.0 need not say it."""
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) == 1:
        return _is_host(hosts[0])
    return not hosts and http_version() == "1.0"


@lru_cache(maxsize=64)  # a server has few names
def _is_host(value: bytes) -> bool:
    return _HOST.fullmatch(value) is not None


async def refuse(scope: Message, receive: object, send: Callable[[Message], Awaitable[None]]) -> None:
    """Answer with 400 and end the connection."""
    body = page(400)
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
