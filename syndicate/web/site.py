"""The ASGI application that answers with files.

    request ─► method ─► path ─► file? ─► coding ─► conditions ─► 200, 304, 412
                                   └─► folder without slash, moved: 301; gone: 410; else 404

It is plain ASGI: a poll that is answered with 304 costs one stat and two messages.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from syndicate.domain.urls import clean_address, is_web_address
from syndicate.web.addresses import AddressFile
from syndicate.web.conditions import decide
from syndicate.web.encodings import IDENTITY, accepted, prefers_html
from syndicate.web.files import File, FileCache, FileReader, Headers, Variant, open_same
from syndicate.web.pages import page
from syndicate.web.paths import address_of, path_below

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
_CHUNK_BYTES = 262_144
# A file that is replaced this often while it is opened is not worth waiting for.
_TRIES = 5
_CONDITIONS = {
    b"if-match": "if_match",
    b"if-unmodified-since": "if_unmodified_since",
    b"if-none-match": "if_none_match",
    b"if-modified-since": "if_modified_since",
}
# Readers that run in a page are to learn where a feed has gone, too; what is said there is no secret.
_ANY_ORIGIN = (b"access-control-allow-origin", b"*")
_EMPTY: Message = {"type": "http.response.body", "body": b""}


class Site:
    """Answers for the files below the reader's root; `base` is the path asked for, `public_base` the one in links.

    Both are decoded, with a slash at both ends.
    """

    def __init__(self, reader: FileReader, addresses: AddressFile, base: str, public_base: str) -> None:
        self._reader = reader
        self._addresses = addresses
        self.base, self._public_base = base, address_of(public_base, "")
        self._cache = FileCache()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        method = scope["method"]
        if method not in ("GET", "HEAD"):
            headers: Headers = [(b"allow", b"GET, HEAD"), (b"connection", b"close")]
            await _answer(send, 405, page(405), headers, head=False)
            return
        head = method == "HEAD"
        raw = scope["raw_path"]
        for _ in range(_TRIES):
            file = self._cache.get(raw) or await self._read(raw)
            if file and (short := file.unchanged.get(tuple(scope["headers"]))):
                await _answer_unchanged(send, short)
                return
            if file is None:
                await self._answer_without_file(scope, send, head=head)
                return
            if await self._answer_with_file(scope, file, send, head=head):
                return
            self._cache.forget(raw)
        await _answer(send, 503, page(503), [(b"retry-after", b"1")], head=head)

    async def _read(self, raw: bytes) -> File | None:
        path = path_below(raw, self.base)
        if path is None:
            return None
        if not path or path.endswith("/"):
            path += "index.html"
        file = await asyncio.to_thread(self._reader.read, path)
        if file:
            self._cache.keep(raw, file)
        return file

    async def _answer_with_file(self, scope: Message, file: File, send: Send, *, head: bool) -> bool:
        """Send the file as the request's headers ask for; returns whether it could still be opened."""
        coding, accept = b"", b""
        conditions: dict[str, list[bytes]] = {}
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                coding = coding + b"," + value if coding else value
            elif name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name in _CONDITIONS:
                conditions.setdefault(_CONDITIONS[name], []).append(value)
        codings = accepted(coding)
        variant = file.variants.get(codings[0]) or await self._variant(scope["raw_path"], file, codings)
        status = decide(variant.etag, file.modified_s, **conditions) if conditions else 200
        if status == 304:
            file.remember_unchanged(tuple(scope["headers"]), variant.short)
            await _answer_unchanged(send, variant.short)
            return True
        if status == 412:
            await _answer(send, 412, page(412), [], head=head)
            return True
        is_for_browser = file.media.browser_type is not None and prefers_html(accept, file.media.type)
        headers = variant.browser_full if is_for_browser else variant.full
        start: Message = {"type": "http.response.start", "status": 200, "headers": headers}
        if head or variant.body is not None:
            await send(start)
            await send({"type": "http.response.body", "body": b"" if head else variant.body})
            return True
        return await _send_large(variant, start, send)

    async def _variant(self, raw: bytes, file: File, codings: tuple[str, ...]) -> Variant:
        if file.media.is_text:
            for coding in codings:
                variant = file.variants.get(coding)
                if variant is None:
                    variant = await asyncio.to_thread(self._reader.encoded, file, coding)
                    # What isn't worth a coding is remembered as plain, so that it isn't tried again.
                    variant = file.variants.setdefault(coding, variant or file.variants[IDENTITY])
                    self._cache.keep(raw, file)
                return variant
        return file.variants[IDENTITY]

    async def _answer_without_file(self, scope: Message, send: Send, *, head: bool) -> None:
        raw, query = scope["raw_path"], scope["query_string"]
        if path_below(raw + b"/", self.base) == "":
            await _redirect(send, self._public_base.encode(), query, head=head)
            return
        path = path_below(raw, self.base)
        if path is None:
            await _answer(send, 404, page(404, self._public_base), [_ANY_ORIGIN], head=head)
            return
        if path and not path.endswith("/") and await asyncio.to_thread(self._reader.is_folder, path):
            await _redirect(send, address_of(f"{path}/", self._public_base).encode(), query, head=head)
            return
        known = await asyncio.to_thread(self._addresses.read)
        if target := known.target_of(path):
            is_elsewhere = is_web_address(target)
            place = clean_address(target) if is_elsewhere else address_of(target.lstrip("/"), self._public_base)
            await _redirect(send, place.encode(), query, head=head)
            return
        status = 410 if known.is_gone(path) else 404
        await _answer(send, status, page(status, self._public_base), [_ANY_ORIGIN], head=head)


async def _answer_unchanged(send: Send, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send(_EMPTY)


async def _send_large(variant: Variant, start: Message, send: Send) -> bool:
    descriptor = await asyncio.to_thread(open_same, variant)
    if descriptor is None:
        return False
    try:
        await send(start)
        left = variant.size
        while left and (chunk := await asyncio.to_thread(os.read, descriptor, min(left, _CHUNK_BYTES))):
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
    finally:
        os.close(descriptor)
    return True


async def _redirect(send: Send, place: bytes, query: bytes, *, head: bool) -> None:
    """Lead elsewhere for good, with the query that was asked."""
    if query:
        place += (b"&" if b"?" in place else b"?") + query
    headers = [(b"location", place), (b"cache-control", b"public, max-age=300"), _ANY_ORIGIN]
    await _answer(send, 301, b"", headers, head=head)


async def _answer(send: Send, status: int, body: bytes, headers: Headers, *, head: bool) -> None:
    own: Headers = [
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        *headers,
    ]
    if body:
        own.append((b"content-type", b"text/html; charset=utf-8"))
    await send({"type": "http.response.start", "status": status, "headers": own})
    await send({"type": "http.response.body", "body": b"" if head else body})
