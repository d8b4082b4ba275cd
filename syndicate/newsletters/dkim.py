"""DKIM signatures (RFC 6376) by RSA and SHA-256, over headers and body in their relaxed form.

dkimpy verifies them in the tests. It is not used for signing: its own arithmetic takes some twenty
times as long as that of cryptography, for each reader of each issue.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator

# RFC 6376 section 5.4.1 and RFC 8058 section 4: what readers see, and both ways to end a subscription.
_SIGNED = (
    *("from", "reply-to", "to", "subject", "date", "message-id", "list-id"),
    *("list-unsubscribe", "list-unsubscribe-post", "mime-version", "content-type"),
)
# Named once more than they stand there, so that nobody can add another (RFC 6376 section 8.15).
_SEALED = ("from", "to", "subject")
# RFC 8301 section 3.2: shorter keys are not to be used.
_MIN_KEY_BITS = 1024
_LINE = 70


class KeyFileError(ValueError):
    """The key can't be used; the text says why."""


def load_signer(pem: bytes) -> Callable[[bytes], bytes]:
    """Return what signs bytes by a private RSA key; raises KeyFileError, and ImportError without cryptography."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError("expected a private RSA key in PEM without a password") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyFileError("expected an RSA key, which every mail server can check")
    if key.key_size < _MIN_KEY_BITS:
        raise KeyFileError(f"expected a key of at least {_MIN_KEY_BITS} bits, better 2048, got {key.key_size}")
    return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def sign(message: bytes, domain: str, selector: str, signer: Callable[[bytes], bytes]) -> bytes:
    """Return a message with its signature before it; the same message gives the same bytes."""
    head, _, body = message.partition(b"\r\n\r\n")
    headers = {name.lower(): (name, value) for name, value in _headers(head)}
    present = [name for name in _SIGNED if name.encode() in headers]
    digest = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode()
    fields = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector};\r\n"
        f"\th={_folded(':'.join((*present, *_SEALED)), ':')};\r\n\tbh={digest};\r\n\tb="
    ).encode("ascii")
    signed = b"".join(_relaxed(name.encode(), headers[name.encode()][1]) + b"\r\n" for name in present)
    signature = base64.b64encode(signer(signed + _relaxed(b"dkim-signature", fields))).decode()
    return b"DKIM-Signature: " + fields + _folded(signature).encode("ascii") + b"\r\n" + message


def _headers(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    for line in re.split(rb"\r\n(?![ \t])", head):
        name, _, value = line.partition(b":")
        yield name, value


def _relaxed(name: bytes, value: bytes) -> bytes:
    """Return a header in the form of RFC 6376 section 3.4.2."""
    return name.lower() + b":" + re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")


def _relaxed_body(body: bytes) -> bytes:
    """Return a body in the form of RFC 6376 section 3.4.4."""
    text = re.sub(rb"[ \t]{2,}|\t", b" ", body).replace(b" \r\n", b"\r\n")
    while text.endswith(b"\r\n"):
        text = text[:-2]
    return text + b"\r\n" if text else b""


def _folded(text: str, mark: str = "") -> str:
    """Return a long value on lines, cut behind a mark or anywhere."""
    pattern = rf".{{1,{_LINE}}}(?:{mark}|\Z)" if mark else rf".{{1,{_LINE}}}"
    return "\r\n\t ".join(re.findall(pattern, text))
