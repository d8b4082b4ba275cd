"""WebSub hubs over HTTP: telling one that a feed has changed.

W3C WebSub leaves the form of a publisher's ping open; hubs take that of PubSubHubbub 0.4, section 7.1.
"""

import urllib3
from urllib3.util import Retry, Timeout

from syndicate import __version__

_TIMEOUT = Timeout(connect=5.0, read=10.0)
# Three more tries, after 0.5, 1 and 2 seconds or when the hub says; a POST that says "look again" may be repeated.
_RETRIES = Retry(
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


class HttpHubs:
    """Pings hubs, one request a feed; connections are kept."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(
            timeout=_TIMEOUT, retries=_RETRIES, headers={"User-Agent": f"syndicate/{__version__}"}
        )

    def ping(self, hub: str, feed_url: str) -> str | None:
        """Tell a hub that a feed has changed; returns None, or why the hub did not take it."""
        try:
            answer = self._pool.request(
                "POST", hub, fields={"hub.mode": "publish", "hub.url": feed_url}, encode_multipart=False
            )
        except urllib3.exceptions.HTTPError as error:
            return _reason(error)
        return None if answer.status in _SUCCESS else f"it answered {answer.status}"


def _reason(error: urllib3.exceptions.HTTPError) -> str:
    """Return in a few words what kept a hub from answering."""
    cause = error.reason if isinstance(error, urllib3.exceptions.MaxRetryError) and error.reason else error
    if isinstance(cause, urllib3.exceptions.NameResolutionError):
        return "there is no host of that name"
    if isinstance(cause, urllib3.exceptions.NewConnectionError):  # before TimeoutError, of which it is one
        return "it can't be reached"
    if isinstance(cause, urllib3.exceptions.TimeoutError):
        return "it did not answer in time"
    return f"the connection failed ({type(cause).__name__})"
