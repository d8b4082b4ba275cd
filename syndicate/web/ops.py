"""What operators ask: is it alive, is it ready, how is it.

/healthz ─► ok
/readyz, /metrics, /status ─► token? ─► Health, not older than a few seconds ─► JSON, text, page
                                 └─► 401; /status with a form to sign in
"""

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from syndicate.domain.health import Check, Health, checks
from syndicate.domain.traffic import Traffic
from syndicate.errors import SyndicateError
from syndicate.web.answers import HTML, REFUSED, Headers, Message, Receive, Send, answer
from syndicate.web.pages import page
from syndicate.web.tokens import CHALLENGE, MAX_FORM_BYTES, SESSION_S, Token, set_cookie, token_in_form

_logger = logging.getLogger(__name__)
HEALTHZ, READYZ, METRICS, STATUS = b"/healthz", b"/readyz", b"/metrics", b"/status"
PATHS = frozenset({HEALTHZ, READYZ, METRICS, STATUS})
# Several who ask at once cost one look; nobody has to know sooner.
KEPT_S = 2.0
# A ledger on a machine that does not answer must not hold up the answer that says so.
READ_TIMEOUT_S = 5.0
_JSON, _TEXT = b"application/json", b"text/plain; charset=utf-8"
# The text format of Prometheus in its version that every version of it reads.
_TEXT_METRICS = b"text/plain; version=0.0.4; charset=utf-8"
_PRIVATE: Headers = [
    (b"cache-control", b"no-store"),
    (b"x-robots-tag", b"noindex"),
    (b"referrer-policy", b"no-referrer"),
]
_POLICY = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    b"frame-ancestors 'none'",
)
_UNKNOWN = Check(
    name="health", ok=False, what=f"how the service is could not be told within {READ_TIMEOUT_S:.0f} s; see the log"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpsPages:
    """How the pages are made: `status` of what is known, with or without a way to sign out, and `sign_in`.

    `sign_in` gets whether a wrong token was given.
    """

    status: Callable[[Health | None, Traffic, datetime, bool], bytes]
    sign_in: Callable[[bool], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpsSource:
    """What the operators' answers are made from; `health` may take its time, and is called in a thread."""

    health: Callable[[], Health]
    traffic: Callable[[], Traffic]
    metrics: Callable[[Health | None, Traffic, datetime], bytes]
    pages: OpsPages
    now: Callable[[], datetime]


class Ops:
    """Answers for the operators' paths; without a source it is /healthz only, without a token it asks for none."""

    def __init__(self, source: OpsSource | None = None, token: Token | None = None) -> None:
        self._source, self._token = source, token
        self._known: tuple[float, Health] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._forms: dict[bool, bytes] = {}

    async def answer(self, scope: Message, receive: Receive, send: Send) -> bool:
        """Answer a request for one of the paths; returns whether it was one."""
        raw = scope["raw_path"]
        if raw not in PATHS or (raw != HEALTHZ and self._source is None):
            return False
        method = scope["method"]
        head = method == "HEAD"
        if method == "POST" and raw == STATUS and self._token is not None:
            await self._sign_in_or_out(scope, receive, send, self._token)
        elif method not in ("GET", "HEAD"):
            await answer(send, 405, page(405), [*_PRIVATE, *REFUSED], head=False)
        elif raw == HEALTHZ or self._source is None:
            await answer(send, 200, b"ok", _PRIVATE, head=head, media_type=_TEXT)
        elif self._token is not None and not self._token.admits(scope["headers"], self._source.now().timestamp()):
            await self._refuse(raw, send, head=head)
        else:
            await self._show(raw, self._source, send, head=head)
        return True

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer at an address of its own, where there is nothing else."""
        if scope["type"] != "http" or await self.answer(scope, receive, send):
            return
        head = scope["method"] == "HEAD"
        if scope["raw_path"] == b"/" and scope["method"] in ("GET", "HEAD"):
            await answer(send, 303, b"", [*_PRIVATE, (b"location", b"status")], head=head)
        else:
            await answer(send, 404, page(404), [*_PRIVATE, (b"connection", b"close")], head=head)

    async def _show(self, raw: bytes, source: OpsSource, send: Send, *, head: bool) -> None:
        health, traffic, now = await self._health(source), source.traffic(), source.now()
        if raw == READYZ:
            found = checks(health, now) if health else (_UNKNOWN,)
            is_ready = all(check.ok for check in found)
            rows = [{"name": check.name, "ok": check.ok, "what": check.what} for check in found]
            body = json.dumps({"ready": is_ready, "checks": rows}).encode() + b"\n"
            await answer(send, 200 if is_ready else 503, body, _PRIVATE, head=head, media_type=_JSON)
        elif raw == METRICS:
            body = await asyncio.to_thread(source.metrics, health, traffic, now)
            await answer(send, 200, body, _PRIVATE, head=head, media_type=_TEXT_METRICS)
        else:
            await self._show_page(send, 200, head, source.pages.status, health, traffic, now, self._token is not None)

    async def _show_page(
        self,
        send: Send,
        status: int,
        head: bool,
        make: Callable[..., bytes],
        *arguments: object,
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        """Answer with a page; with what is wrong with its template if it can't be made."""
        try:
            body, media_type = await asyncio.to_thread(make, *arguments), HTML
        except SyndicateError as error:
            status, body, media_type = 500, f"{error}\n".encode(), _TEXT
        await answer(send, status, body, [*_PRIVATE, _POLICY, *headers], head=head, media_type=media_type)

    async def _refuse(self, raw: bytes, send: Send, *, head: bool, failed: bool = False) -> None:
        challenge = (b"www-authenticate", CHALLENGE)
        if raw == STATUS and self._source is not None:
            await self._show_page(send, 401, head, self._form, self._source.pages, failed, headers=[challenge])
        else:
            body = b"a token is asked for here: Authorization: Bearer ...\n"
            await answer(send, 401, body, [*_PRIVATE, challenge], head=head, media_type=_TEXT)

    def _form(self, pages: OpsPages, failed: bool) -> bytes:
        """Return the form to sign in, made once: anyone may ask for it, and often."""
        if failed not in self._forms:
            self._forms[failed] = pages.sign_in(failed)
        return self._forms[failed]

    async def _sign_in_or_out(self, scope: Message, receive: Receive, send: Send, token: Token) -> None:
        body = await _body(receive)
        secure = scope.get("scheme") == "https"
        if body == b"leave=":
            cookie = set_cookie(b"", 0, secure=secure)
        elif self._source is not None and token.matches(token_in_form(body)):
            cookie = set_cookie(token.session(self._source.now().timestamp()), SESSION_S, secure=secure)
        else:
            await self._refuse(STATUS, send, head=False, failed=True)
            return
        await answer(send, 303, b"", [*_PRIVATE, (b"location", b"status"), cookie], head=False)

    async def _health(self, source: OpsSource) -> Health | None:
        """Return how the service was a moment ago; None if that can't be told, or not in time."""
        loop = asyncio.get_running_loop()
        if self._known and loop.time() - self._known[0] < KEPT_S:
            return self._known[1]
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read(source, loop))
        done, _ = await asyncio.wait({self._reading}, timeout=READ_TIMEOUT_S)
        return self._known[1] if done and self._known else None

    async def _read(self, source: OpsSource, loop: asyncio.AbstractEventLoop) -> None:
        outcome = await _in_own_thread(source.health, loop)
        if isinstance(outcome, Health):
            self._known = (loop.time(), outcome)
        else:  # whatever it is, the server answers on, and says that it does not know
            _logger.error("how the service is could not be told: %s", outcome)
            self._known = None


async def _in_own_thread(read: Callable[[], Health], loop: asyncio.AbstractEventLoop) -> Health | Exception:
    """Return what a function returns or raises; its thread may hang, and then does not keep the process from ending."""
    outcome: asyncio.Future[Health | Exception] = loop.create_future()

    def settle(found: Health | Exception) -> None:
        if not outcome.done():
            outcome.set_result(found)

    def work() -> None:
        found: Health | Exception
        try:
            found = read()
        except Exception as error:
            found = error
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, found)

    threading.Thread(target=work, name="health", daemon=True).start()
    return await outcome


async def _body(receive: Receive) -> bytes:
    """Return a small body whole; one that is larger is cut, and is then no token."""
    body, more = b"", True
    while more and len(body) <= MAX_FORM_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return b"" if more or len(body) > MAX_FORM_BYTES else body
