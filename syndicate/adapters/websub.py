"""WebSub hubs over HTTP: telling one that a feed has changed.

W3C WebSub leaves the form of a publisher's ping open; hubs take that of PubSubHubbub 0.4, section 7.1.

A build waits for its pings, so all that they may take is bounded. The timeouts of sockets do not do that:
they are for one read, and a hub may send a byte now and then. So a ping has a thread, and is left
behind when its time is over; the process does not wait for it to end.
"""

from collections.abc import Callable
from threading import Thread
from time import monotonic
from typing import Any, Self

import urllib3
from urllib3.util import Retry, Timeout

from syndicate import __version__

# A ping with all its tries. A hub that has not answered by then is not asked again by the same build.
PING_S = 10.0
# All pings of a hub: some hundreds for one that is well.
HUB_S = 30.0
# Long enough for a hub at the other end of the world, and short enough for a second try within a ping's time.
_CONNECT_S = 3.0


class _Tries(Retry):
    """Tries that end with the first answer that does not come in time."""

    def increment(self, *arguments: Any, **named: Any) -> Self:
        """Return what is left of the tries after one that failed; raises the error of a hub that is silent."""
        error = named.get("error")
        if isinstance(error, urllib3.exceptions.ReadTimeoutError):
            raise error
        return super().increment(*arguments, **named)


# Three more tries, after 0.5, 1 and 2 seconds or when the hub says; a POST that says "look again" may be repeated.
_RETRIES = _Tries(
    total=3,
    backoff_factor=0.5,
    backoff_max=10,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=None,
    redirect=2,
    raise_on_status=False,
    respect_retry_after_header=False,  # minutes of waiting are the next build's
)
_SUCCESS = range(200, 300)
_NOT_IN_TIME = "it did not answer in time"


class HttpHubs:
    """Pings hubs, one request a feed; connections are kept.

    A ping with its tries may take `ping_s` seconds, and all pings of a hub `hub_s`, by the `clock`.
    """

    def __init__(self, *, ping_s: float = PING_S, hub_s: float = HUB_S, clock: Callable[[], float] = monotonic) -> None:
        self._ping_s, self._hub_s, self._clock = ping_s, hub_s, clock
        self._spent_s: dict[str, float] = {}
        self._silent: set[str] = set()
        self._pool = urllib3.PoolManager(
            timeout=Timeout(connect=_CONNECT_S, read=ping_s),
            retries=_RETRIES,
            headers={"User-Agent": f"syndicate/{__version__}"},
        )

    def ping(self, hub: str, feed_url: str) -> str | None:
        """Tell a hub that a feed has changed; returns None, or why the hub did not take it."""
        left_s = self._hub_s - self._spent_s.get(hub, 0.0)
        if hub in self._silent:
            return _NOT_IN_TIME
        if left_s <= 0:
            return f"telling it took longer than {self._hub_s:g} s"
        results: list[str | None] = []
        started = self._clock()
        thread = Thread(target=lambda: results.append(self._post(hub, feed_url)), daemon=True)
        thread.start()
        thread.join(min(self._ping_s, left_s))
        self._spent_s[hub] = self._hub_s - left_s + self._clock() - started
        if not results or results[0] == _NOT_IN_TIME:
            self._silent.add(hub)
            return _NOT_IN_TIME
        return results[0]

    def _post(self, hub: str, feed_url: str) -> str | None:
        try:
            answer = self._pool.request(
                "POST", hub, fields={"hub.mode": "publish", "hub.url": feed_url}, encode_multipart=False
            )
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            return _reason(error)
        return None if answer.status in _SUCCESS else f"it answered {answer.status}"


def _reason(error: Exception) -> str:
    """Return in a few words what kept a hub from answering."""
    cause = error.reason if isinstance(error, urllib3.exceptions.MaxRetryError) and error.reason else error
    if isinstance(cause, urllib3.exceptions.NameResolutionError):
        return "there is no host of that name"
    if isinstance(cause, urllib3.exceptions.NewConnectionError):  # before TimeoutError, of which it is one
        return "it can't be reached"
    if isinstance(cause, urllib3.exceptions.TimeoutError):
        return _NOT_IN_TIME
    return f"the connection failed ({type(cause).__name__})"
