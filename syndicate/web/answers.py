"""Whole answers, as ASGI has them."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Headers = list[tuple[bytes, bytes]]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
HTML = b"text/html; charset=utf-8"
_EMPTY: Message = {"type": "http.response.body", "body": b""}
# What goes with 405: the rest of such a request is not worth reading.
REFUSED: Headers = [(b"allow", b"GET, HEAD"), (b"connection", b"close")]


async def answer_unchanged(send: Send, headers: Headers) -> None:
    """Answer with 304."""
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send(_EMPTY)


async def answer(
    send: Send, status: int, body: bytes, headers: Headers, *, head: bool, media_type: bytes = HTML
) -> None:
    """Answer with a body that is at hand; to HEAD without it."""
    own: Headers = [
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        *headers,
    ]
    if body:
        own.append((b"content-type", media_type))
    await send({"type": "http.response.start", "status": status, "headers": own})
    await send({"type": "http.response.body", "body": b"" if head else body})
