"""uvicorn around the site, with the limits that it lacks: nobody holds a connection without asking for something."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from syndicate.domain.server import ServerOptions
from syndicate.errors import ServeError
from syndicate.web.addresses import AddressFile
from syndicate.web.files import FileReader
from syndicate.web.media import Media
from syndicate.web.site import Message, Receive, Send, Site

# Browsers and feed readers send below 8 kB; nginx refuses above 32 kB.
MAX_HEAD_BYTES = 32_768
# Polls come minutes apart: keeping a connection longer than a page needs for its pictures serves nobody.
_KEEP_ALIVE_S = 5
# How long a client may leave what was sent to it unread.
_WRITE_TIMEOUT_S = 60
_GRACE_S = 5
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 5\r\nconnection: close\r\n\r\n"
_access = logging.getLogger("syndicate.access")


class Guarded(HttpToolsProtocol):
    """uvicorn's connection with limits: its requests must be whole in time, and its answers read."""

    max_connections = 800
    request_timeout_s = 10
    _head_bytes = 0
    _in_head = True
    _timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Refuse a connection above the limit; give the others time for a first request."""
        super().connection_made(transport)
        if len(self.connections) > self.max_connections:
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
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self.transport.write(_TOO_LARGE)
                self.transport.close()
                return
        super().data_received(data)
        # A request that came whole needs no timer.
        if self._timer is None and not (self._in_head and self._head_bytes == 0):
            self._start_timer()

    def on_headers_complete(self) -> None:
        """Note that a body follows."""
        self._in_head, self._head_bytes = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._in_head, self._head_bytes = True, 0
        self._stop_timer()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Give a client time to read what was sent."""
        super().pause_writing()
        self._write_timer = self.loop.call_later(_WRITE_TIMEOUT_S, self.transport.abort)

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


def guarded(options: ServerOptions) -> type[Guarded]:
    """Return the protocol with the limits of the config."""
    limits = {"max_connections": options.max_connections, "request_timeout_s": options.request_timeout_s}
    return type("Guarded", (Guarded,), limits)


def make_site(output: Path, addresses: Path, url: str, options: ServerOptions) -> Site:
    """Return the application that serves a folder at the path of `url`."""

    def cache_control(media: Media) -> str:
        return f"public, max-age={options.media_max_age_s if media.is_lasting else options.max_age_s}"

    public_base = base_of(url)
    base = public_base if options.base_path is None else options.base_path
    return Site(FileReader(str(output.absolute()), cache_control, time.time), AddressFile(addresses), base, public_base)


def base_of(url: str) -> str:
    """Return the path of an address, with a slash at both ends."""
    path = urlsplit(url).path.strip("/")
    return f"/{path}/" if path else "/"


def listen(options: ServerOptions) -> socket.socket:
    """Return a socket that listens; raises ServeError."""
    shown = f"{options.host}:{options.port}"
    try:
        family = socket.getaddrinfo(options.host, options.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((options.host, options.port), family=family, backlog=2048)
    except OSError as error:
        # create_server adds the address to the reason; an unknown host has a number that is no errno.
        reason = error.strerror if isinstance(error, socket.gaierror) or not error.errno else os.strerror(error.errno)
        raise ServeError(f"{shown}: can't listen there: {reason or error}; choose another --port") from error


def logged(site: Site) -> Callable[[Message, Receive, Send], Any]:
    """Return the application with one line for each answer: client, method, path and status."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                client = (scope.get("client") or ("-",))[0]
                raw = scope["raw_path"].decode("ascii", "backslashreplace")
                _access.info("%s %s %s %d", client, scope["method"], raw, message["status"])
            await send(message)

        await site(scope, receive, noting)

    return app


def end_at_sigterm() -> None:
    """Let SIGTERM end the process well, also before it serves; uvicorn raises it again once it has ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def serve(site: Site, listener: socket.socket, options: ServerOptions, *, log: bool) -> None:
    """Answer until SIGTERM or Ctrl-C, then end what is under way."""
    if log:
        logging.basicConfig(format="%(message)s", level=logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    config = uvicorn.Config(
        logged(site) if log else site,
        http=guarded(options),
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
    uvicorn.Server(config).run(sockets=[listener])
