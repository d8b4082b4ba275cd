"""uvicorn around the site, with the limits that it lacks: nobody holds a connection without asking for something."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from syndicate.domain.health import Health
from syndicate.domain.server import ServerOptions
from syndicate.domain.traffic import Traffic
from syndicate.errors import ServeError
from syndicate.web.access_log import AccessLog, recorded
from syndicate.web.addresses import AddressFile
from syndicate.web.answers import Message, Receive, Send
from syndicate.web.files import FileReader
from syndicate.web.hosts import names_one_host, refuse
from syndicate.web.media import Media
from syndicate.web.ops import Ops, OpsPages, OpsSource
from syndicate.web.site import Site
from syndicate.web.tokens import Token
from syndicate.web.traffic import Counter

App = Callable[[Message, Receive, Send], Awaitable[None]]
Unchanged = Callable[[bytes, Sequence[tuple[bytes, bytes]]], bytes | None]
# Browsers and feed readers send below 8 kB; nginx refuses above 32 kB.
MAX_HEAD_BYTES = 32_768
# Polls come minutes apart: keeping a connection longer than a page needs for its pictures serves nobody.
_KEEP_ALIVE_S = 5
# How long a client may leave what was sent to it unread.
_WRITE_TIMEOUT_S = 60
_GRACE_S = 5
# So many operators see how a server is that is full.
_OPS_CONNECTIONS = 16
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 5\r\nconnection: close\r\n\r\n"
# The parser tells requests that come together apart: at most this much of a head is not counted as its own.
_PIECE_BYTES = 4096
_access = logging.getLogger("syndicate.access")


class Guarded(HttpToolsProtocol):
    """uvicorn's connection with limits: its requests must be whole in time, and its answers read."""

    max_connections = 800
    request_timeout_s = 10
    ops_port: int | None = None
    ops_app: App | None = None
    unchanged: Unchanged | None = None
    write_timeout_s: float = _WRITE_TIMEOUT_S
    _head_bytes = 0
    _in_head = True
    _is_refused = False
    _is_answered = False
    _timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Refuse a connection above the limit; give the others time for a first request."""
        super().connection_made(transport)
        room = self.max_connections
        if self.ops_app is not None and self.server is not None and self.server[1] == self.ops_port:
            self.app: App = self.ops_app
            room += _OPS_CONNECTIONS
        if len(self.connections) > room:
            transport.write(_BUSY)
            transport.close()
            return
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._stop_timer()
        self._stop_write_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Refuse a head that is too large before it is parsed."""
        if self._is_refused:
            return
        if self._in_head and not self._head_bytes and len(data) <= _PIECE_BYTES and not self.transport.is_closing():
            self._head_bytes = len(data)
            super().data_received(data)  # what nearly all send: one small request
        else:
            self._receive_in_pieces(data)
        # A request that came whole needs no timer.
        if self._timer is None and not (self._in_head and self._head_bytes == 0):
            self._start_timer()

    def _receive_in_pieces(self, data: bytes) -> None:
        place = 0
        while place < len(data) and not self.transport.is_closing():
            room = _PIECE_BYTES
            if self._in_head:
                room = min(room, MAX_HEAD_BYTES - self._head_bytes)
                if room == 0:
                    self._refuse_head()
                    return
                self._head_bytes += min(room, len(data) - place)
            super().data_received(data[place : place + room])
            place += room

    def _refuse_head(self) -> None:
        """End the connection; say why, unless an answer is under way: this would be taken for it.

        The rest of the request is taken and dropped until its time is over, since who ends at once a connection
        that is still written to may keep the client from reading the answer (RFC 9112 section 9.6).
        """
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.close()
            return
        self._is_refused = True
        self.transport.write(_TOO_LARGE)
        self.transport.write_eof()
        if self._timer is None:
            self._start_timer()

    def on_headers_complete(self) -> None:
        """Note that a body follows; a request that names no host, or two, is answered with 400 in its turn."""
        self._in_head, self._head_bytes = False, 0
        if self._answer_at_once():
            return
        self._unset_keepalive_if_required()  # a poll that came in the same packet may have set it
        if names_one_host(self.headers, self.parser.get_http_version):
            super().on_headers_complete()
            return
        site, self.app = self.app, refuse
        super().on_headers_complete()
        self.app = site

    def _answer_at_once(self) -> bool:
        """Answer a poll that is known, if it is its turn; it never becomes a task, which would be half of its cost."""
        is_its_turn = (self.cycle is None or self.cycle.response_complete) and not self.flow.write_paused
        if self.unchanged is None or not is_its_turn or self.app is self.ops_app or self.transport.is_closing():
            return False
        if self.parser.get_method() not in (b"GET", b"HEAD") or self.parser.get_http_version() != "1.1":
            return False
        head = self.unchanged(self.url, self.headers)
        if head is None:
            return False
        added = b"".join(b"%b: %b\r\n" % line for line in self.server_state.default_headers)
        self.transport.write(b"%b%b\r\n" % (head, added))
        self._is_answered = True
        self.on_response_complete()
        return True

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._in_head, self._head_bytes = True, 0
        self._stop_timer()
        if self._is_answered:
            self._is_answered = False
        else:
            super().on_message_complete()

    def pause_writing(self) -> None:
        """Give a client time to read what was sent."""
        super().pause_writing()
        self._write_timer = self.loop.call_later(self.write_timeout_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Note that it reads."""
        self._stop_write_timer()
        super().resume_writing()

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(self.request_timeout_s, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _stop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None


def guarded(
    options: ServerOptions, ops_port: int | None, ops_app: App | None, unchanged: Unchanged | None
) -> type[Guarded]:
    """Return the protocol with the limits of the config, and with what answers known polls and the operators' port."""
    own: dict[str, object] = {
        "max_connections": options.max_connections,
        "request_timeout_s": options.request_timeout_s,
        "unchanged": staticmethod(unchanged) if unchanged else None,
    }
    if ops_app is not None:
        own |= {"ops_port": ops_port, "ops_app": staticmethod(ops_app)}
    return type("Guarded", (Guarded,), own)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpsAsked:
    """What the operators' answers need from outside: how the service is, the pages, and the token or None."""

    health: Callable[[], Health]
    pages: OpsPages
    token: str | None
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What runs: the site, what answers at the operators' own address if there is one, and the access log."""

    site: Site
    own_ops: Ops | None
    access_log: AccessLog | None


def make_service(
    output: Path,
    addresses: Path,
    url: str,
    options: ServerOptions,
    *,
    asked: OpsAsked | None = None,
    access_log: AccessLog | None = None,
) -> Service:
    """Return what serves a folder at the path of `url`, and tells operators of itself if `asked`.

    Without an address of their own and without a token, operators are told nothing but that it is alive.
    """

    def cache_control(media: Media) -> str:
        return f"public, max-age={options.media_max_age_s if media.is_lasting else options.max_age_s}"

    public_base = base_of(url)
    base = public_base if options.base_path is None else options.base_path
    counter = Counter(time.monotonic)
    reader = FileReader(str(output.absolute()), cache_control, time.time, counter.hits_of)
    own_ops, main_ops = None, Ops()
    if asked is not None:
        source = _source(asked, lambda: counter.traffic(access_log.dropped if access_log else 0))
        token = Token(asked.token) if asked.token is not None else None
        if options.ops.listen is not None:
            own_ops = Ops(source, token)
        elif token is not None:
            main_ops = Ops(source, token)
    site = Site(reader, AddressFile(addresses), base, public_base, counter, main_ops)
    return Service(site=site, own_ops=own_ops, access_log=access_log)


def _source(asked: OpsAsked, traffic: Callable[[], Traffic]) -> OpsSource:
    def metrics(health: Health | None, counted: Traffic, now: datetime) -> bytes:
        from syndicate.web.metrics import metrics_text  # most servers are never asked for them

        return metrics_text(health, counted, now, asked.version)

    return OpsSource(
        health=asked.health, traffic=traffic, metrics=metrics, pages=asked.pages, now=lambda: datetime.now(UTC)
    )


def base_of(url: str) -> str:
    """Return the path of an address, decoded, with a slash at both ends."""
    path = unquote(urlsplit(url).path).strip("/")
    return f"/{path}/" if path else "/"


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Return a socket that listens; raises ServeError, which says what to choose anew."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        # create_server adds the address to the reason; an unknown host has a number that is no errno.
        reason = error.strerror if isinstance(error, socket.gaierror) or not error.errno else os.strerror(error.errno)
        raise ServeError(f"{host}:{port}: can't listen there: {reason or error}; choose another {setting}") from error


def logged(app: App) -> App:
    """Return the application with one line for each answer: client, method, path and status."""

    async def logging_app(scope: Message, receive: Receive, send: Send) -> None:
        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                client = (scope.get("client") or ("-",))[0]
                raw = scope["raw_path"].decode("ascii", "backslashreplace")
                _access.info("%s %s %s %d", client, scope["method"], raw, message["status"])
            await send(message)

        await app(scope, receive, noting)

    return logging_app


def end_at_sigterm() -> None:
    """Let SIGTERM end the process well, also before it serves; uvicorn raises it again once it has ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def serve(service: Service, listeners: Sequence[socket.socket], options: ServerOptions, *, log: bool) -> None:
    """Answer until SIGTERM or Ctrl-C, then end what is under way.

    The first listener is the site's; a second one, if there is one, is the operators'.
    """
    if log:
        logging.basicConfig(format="%(message)s", level=logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)

    def noted(app: App) -> App:
        app = recorded(app, service.access_log) if service.access_log else app
        return logged(app) if log else app

    ops_app = None
    if service.own_ops is not None:
        ops_app = noted(service.own_ops)
        if options.trusted_proxies:  # uvicorn wraps the site only
            ops_app = ProxyHeadersMiddleware(ops_app, list(options.trusted_proxies))  # type: ignore[assignment,arg-type]
    ops_port = listeners[1].getsockname()[1] if len(listeners) > 1 else None
    site_app = noted(service.site)
    unchanged = service.site.unchanged if site_app is service.site else None  # what is noted passes by its noter
    config = uvicorn.Config(
        site_app,
        http=guarded(options, ops_port, ops_app, unchanged),
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(options.trusted_proxies),
        forwarded_allow_ips=list(options.trusted_proxies),
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
    gc.collect()
    gc.freeze()  # what stands now stays: there is no use in looking at it again with every few hundred requests
    access_log = service.access_log
    if access_log is None:
        uvicorn.Server(config).run(sockets=list(listeners))
        return
    if hasattr(signal, "SIGHUP"):  # Windows has none
        signal.signal(signal.SIGHUP, lambda *_: access_log.reopen())
    try:
        uvicorn.Server(config).run(sockets=list(listeners))
    finally:
        access_log.end()
