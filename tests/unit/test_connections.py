"""The server's connections: what a client may leave undone, and for how long."""

import asyncio

import uvicorn
from uvicorn.server import ServerState

from syndicate.web.server import Guarded
from syndicate.web.site import Message, Receive, Send


class Wire(asyncio.Transport):
    """A connection that notes whether it was cut."""

    def __init__(self) -> None:
        super().__init__()
        self.cut = asyncio.Event()

    def abort(self) -> None:
        self.cut.set()

    def close(self) -> None:
        """It has been lost already."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Nobody reads it."""

    def resume_reading(self) -> None:
        """Nothing more comes in any case."""

    def is_closing(self) -> bool:
        return self.cut.is_set()

    def pause_reading(self) -> None:
        """Nothing more comes in any case."""


class Hasty(Guarded):
    write_timeout_s = 0.01
    request_timeout_s = 600  # it would cut the connection, too


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """Never called: no request is sent."""


def connected() -> tuple[Guarded, Wire]:
    """Return a connection that has just been made."""
    connection = Hasty(uvicorn.Config(app, log_config=None), ServerState(), {}, asyncio.get_running_loop())
    wire = Wire()
    connection.connection_made(wire)
    return connection, wire


def test_who_does_not_read_what_was_sent_is_cut() -> None:
    async def leave_unread() -> None:
        connection, wire = connected()
        connection.pause_writing()
        assert not wire.cut.is_set()
        await asyncio.wait_for(wire.cut.wait(), 30)
        connection.connection_lost(None)

    asyncio.run(leave_unread())


def test_who_reads_on_is_not_cut() -> None:
    async def read_on() -> None:
        connection, wire = connected()
        connection.pause_writing()
        connection.resume_writing()
        await asyncio.sleep(0.1)
        assert not wire.cut.is_set()
        connection.connection_lost(None)

    asyncio.run(read_on())


def test_a_known_poll_leaves_no_end_to_the_request_that_follows_it() -> None:
    class Known(Hasty):
        unchanged = staticmethod(lambda url, lines: b"HTTP/1.1 304 Not Modified\r\n" if url == b"/poll" else None)

    async def both_at_once() -> None:
        asked = asyncio.Event()

        async def slow(scope: Message, receive: Receive, send: Send) -> None:
            asked.set()
            await asyncio.Event().wait()  # an answer that takes long

        config = uvicorn.Config(slow, log_config=None)
        config.load()
        connection = Known(config, ServerState(), {}, asyncio.get_running_loop())
        connection.connection_made(Wire())
        heads = [b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in (b"poll", b"large")]
        connection.data_received(heads[0])
        assert connection.timeout_keep_alive_task is not None  # it may go when nothing more comes
        connection.data_received(b"".join(heads))
        await asyncio.wait_for(asked.wait(), 30)
        assert connection.timeout_keep_alive_task is None
        connection.connection_lost(None)

    asyncio.run(both_at_once())
