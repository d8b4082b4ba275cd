"""The operators' token: in an Authorization header, or behind a cookie that a login form gave.

The cookie holds no token: it is a time and a signature by the token, so that it ends by itself, and ends at once when
the token changes. What is compared is compared in constant time.
"""

import hmac
from collections.abc import Iterable
from hashlib import blake2b
from urllib.parse import parse_qs

COOKIE = b"syndicate_ops"
# A working day: who looks in the morning need not sign in again in the evening.
SESSION_S = 12 * 3600
MAX_FORM_BYTES = 4_096
CHALLENGE = b'Bearer realm="syndicate"'


class Token:
    """A secret that operators show."""

    def __init__(self, secret: str) -> None:
        self._key = _digest(secret.encode())

    def admits(self, headers: Iterable[tuple[bytes, bytes]], now_s: float) -> bool:
        """Tell whether a request shows the token or a cookie of this token that has not ended."""
        for name, value in headers:
            if name == b"authorization":
                scheme, _, given = value.partition(b" ")
                if scheme.lower() == b"bearer" and self.matches(given.strip()):
                    return True
            elif name == b"cookie" and any(self._is_session(one, now_s) for one in _cookies(value)):
                return True
        return False

    def matches(self, given: bytes) -> bool:
        """Tell whether a text is the token."""
        return hmac.compare_digest(_digest(given), self._key)

    def session(self, now_s: float) -> bytes:
        """Return the value of a cookie that lasts for SESSION_S from now."""
        until = str(int(now_s) + SESSION_S).encode()
        return until + b"." + self._signature(until)

    def _is_session(self, value: bytes, now_s: float) -> bool:
        until, _, signature = value.partition(b".")
        if not hmac.compare_digest(self._signature(until), signature):
            return False
        return now_s < int(until)  # it is our own number: nobody else can sign

    def _signature(self, until: bytes) -> bytes:
        return blake2b(b"session until " + until, key=self._key, digest_size=32).hexdigest().encode()


def _digest(data: bytes) -> bytes:
    """Return a digest of one length, so that comparing tells nothing of the secret's."""
    return blake2b(data, digest_size=32).digest()


def _cookies(value: bytes) -> Iterable[bytes]:
    for pair in value.split(b";"):
        name, _, given = pair.strip().partition(b"=")
        if name == COOKIE:
            yield given


def token_in_form(body: bytes) -> bytes:
    """Return the token of a login form; b'' if there is none."""
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=8)
        return fields.get("token", [""])[0].strip().encode()
    except ValueError:
        return b""


def set_cookie(value: bytes, max_age_s: int, *, secure: bool) -> tuple[bytes, bytes]:
    """Return the header that gives a browser the cookie, or takes it back with a max-age of 0."""
    rest = b"; Path=/; HttpOnly; SameSite=Strict" + (b"; Secure" if secure else b"")
    return (b"set-cookie", COOKIE + b"=" + value + b"; Max-Age=" + str(max_age_s).encode() + rest)
