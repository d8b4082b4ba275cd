"""The ASGI application that answers with files.

    request ─► method ─► path ─► operators' path? ─► Ops
                          └─► file? ─► coding ─► conditions ─► 200, 304, 412
                                   └─► folder without slash, moved: 301; gone: 410; else 404

It is plain ASGI, and a poll that was answered with 304 is known again by its lines: the connection
answers it from `unchanged`, for the price of one stat.
"""

import asyncio
import os
from collections.abc import Sequence

from syndicate.domain.urls import clean_address, is_web_address
from syndicate.web.addresses import AddressFile
from syndicate.web.answers import REFUSED, Message, Receive, Send, answer, answer_unchanged
from syndicate.web.conditions import decide
from syndicate.web.encodings import IDENTITY, accepted, prefers_html
from syndicate.web.files import File, FileCache, FileReader, Headers, Variant, open_same
from syndicate.web.ops import Ops
from syndicate.web.pages import page
from syndicate.web.paths import address_of, path_below
from syndicate.web.traffic import Counter

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


class Site:
    """Answers for the files below the reader's root; `base` is the path asked for, `public_base` the one in links.

    Both are decoded, with a slash at both ends.

    What `ops` answers comes before files of the same name; such paths never get into the cache.
    """

    def __init__(
        self, reader: FileReader, addresses: AddressFile, base: str, public_base: str, counter: Counter, ops: Ops
    ) -> None:
        self._reader = reader
        self._addresses = addresses
        self.base, self._public_base = base, address_of(public_base, "")
        self._counter, self._ops = counter, ops
        self._cache = FileCache()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        method = scope["method"]
        raw = scope["raw_path"]
        if method not in ("GET", "HEAD"):
            if not await self._ops.answer(scope, receive, send):
                await self._answer_page(send, raw, 405, REFUSED, head=False)
            return
        head = method == "HEAD"
        for _ in range(_TRIES):
            file = self._cache.get(raw)
            if file is None:
                if await self._ops.answer(scope, receive, send):
                    return
                file = await self._read(raw)
                if file is None:
                    await self._answer_without_file(scope, send, head=head)
                    return
            if await self._answer_with_file(scope, file, send, head=head):
                return
            self._cache.forget(raw)
        await self._answer_page(send, raw, 503, [(b"retry-after", b"1")], head=head)

    def unchanged(self, raw: bytes, lines: Sequence[tuple[bytes, bytes]]) -> bytes | None:
        """Return the head of a 304 if a GET or HEAD of these very lines was answered so, and the file is as it was."""
        file = self._cache.peek(raw)
        known = file.unchanged.get(tuple(lines)) if file else None
        if not file or not known or self._cache.get(raw) is not file:
            return None
        variant, sighting = known
        if sighting is not None:
            self._counter.note(sighting)
        file.hits[304] += 1
        return variant.unchanged

    async def _answer_page(
        self, send: Send, raw: bytes, status: int, headers: Headers, *, head: bool, home: str = ""
    ) -> None:
        self._counter.count(raw.decode("latin-1"), status)
        await answer(send, status, page(status, home), headers, head=head)

    async def _redirect(self, send: Send, raw: bytes, place: bytes, query: bytes, *, head: bool) -> None:
        """Lead elsewhere for good, with the query that was asked."""
        if query:
            place += (b"&" if b"?" in place else b"?") + query
        self._counter.count(raw.decode("latin-1"), 301)
        headers = [(b"location", place), (b"cache-control", b"public, max-age=300"), _ANY_ORIGIN]
        await answer(send, 301, b"", headers, head=head)

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
        coding, accept, agent = b"", b"", b""
        conditions: dict[str, list[bytes]] = {}
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                coding = coding + b"," + value if coding else value
            elif name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"user-agent":
                agent = value
            elif name in _CONDITIONS:
                conditions.setdefault(_CONDITIONS[name], []).append(value)
        codings = accepted(coding)
        variant = file.variants.get(codings[0]) or await self._variant(scope["raw_path"], file, codings)
        status = decide(variant.etag, file.modified_s, **conditions) if conditions else 200
        sighting = self._counter.sighting(file.name, file.media, agent)
        if sighting is not None:
            self._counter.note(sighting)
        if status == 412:
            file.hits[412] += 1
            await answer(send, 412, page(412), [], head=head)
            return True
        if status == 304:
            file.hits[304] += 1
            file.remember_unchanged(tuple(scope["headers"]), variant, sighting)
            await answer_unchanged(send, variant.short)
            return True
        is_for_browser = file.media.browser_type is not None and prefers_html(accept, file.media.type)
        headers = variant.browser_full if is_for_browser else variant.full
        start: Message = {"type": "http.response.start", "status": 200, "headers": headers}
        if head or variant.body is not None:
            file.hits[200] += 1
            await send(start)
            await send({"type": "http.response.body", "body": b"" if head else variant.body})
            return True
        return await _send_large(file, variant, start, send)

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
        raw, query, home = scope["raw_path"], scope["query_string"], self._public_base
        if path_below(raw + b"/", self.base) == "":
            await self._redirect(send, raw, home.encode(), query, head=head)
            return
        path = path_below(raw, self.base)
        if path is None:
            await self._answer_page(send, raw, 404, [_ANY_ORIGIN], head=head, home=home)
            return
        if path and not path.endswith("/") and await asyncio.to_thread(self._reader.is_folder, path):
            await self._redirect(send, raw, address_of(f"{path}/", home).encode(), query, head=head)
            return
        known = await asyncio.to_thread(self._addresses.read)
        if target := known.target_of(path):
            is_elsewhere = is_web_address(target)
            place = clean_address(target) if is_elsewhere else address_of(target.lstrip("/"), home)
            await self._redirect(send, raw, place.encode(), query, head=head)
            return
        status = 410 if known.is_gone(path) else 404
        await self._answer_page(send, raw, status, [_ANY_ORIGIN], head=head, home=home)


async def _send_large(file: File, variant: Variant, start: Message, send: Send) -> bool:
    descriptor = await asyncio.to_thread(open_same, variant)
    if descriptor is None:
        return False
    file.hits[200] += 1
    try:
        await send(start)
        left = variant.size
        while left and (chunk := await asyncio.to_thread(os.read, descriptor, min(left, _CHUNK_BYTES))):
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
    finally:
        os.close(descriptor)
    return True
