"""Signatures, verified by dkimpy, which shares no code with how they are made."""

from collections.abc import Callable

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from syndicate.newsletters.dkim import KeyFileError, load_signer, sign

KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)
LINES = (
    b'From: "The Weekly"\r\n <weekly@example.org>\r\nTo:  <ann@example.com> \r\n'
    b"Subject: =?utf-8?q?T=C3=A4?=\r\n =?utf-8?q?x?=\r\n"
    b"Date: Mon, 01 Jun 2026 07:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nList-Id: <weekly.example.org>\r\n"
    b"List-Unsubscribe: <https://example.org/u>,\r\n <mailto:off@example.org>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nPrecedence: bulk\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain\r\n\r\n"
)
BODIES = [
    b"",
    b"Tea\r\n",
    b"Tea",
    b"a  b \t\r\n\r\n\r\n",
    b"\r\n\r\n",
    b" \r\n",
    b"x" * 900 + b"\r\n.\r\n",
]


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: bytes | None = None) -> bytes:
    how = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)


def record(name: bytes, timeout: int = 5) -> bytes:
    """Answer as the DNS of example.org would."""
    assert name == b"mail2026._domainkey.example.org."
    public = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


def signed(body: bytes) -> bytes:
    return sign(LINES + body, "example.org", "mail2026", load_signer(pem(KEY)))


def is_right(message: bytes) -> bool:
    return bool(dkim.verify(message, dnsfunc=record))


@pytest.mark.parametrize("body", BODIES)
def test_a_signature_holds(body: bytes) -> None:
    message = signed(body)
    assert is_right(message)
    assert message.endswith(LINES + body)
    assert max(map(len, message.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 80


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "body": lambda data: data + b"more\r\n",
    "subject": lambda data: data.replace(b"?T=C3", b"?U=C3"),
    "both ways out": lambda data: data.replace(b"https://example.org/u", b"https://example.org/v"),
    "the click": lambda data: data.replace(b"=One-Click", b"=Two-Clicks"),
    "a second sender": lambda data: data.replace(b"\r\nTo:", b"\r\nFrom: <b@example.net>\r\nTo:"),
    "a second subject": lambda data: data.replace(b"\r\nDate:", b"\r\nSubject: x\r\nDate:"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nobody_can_change_what_it_covers(change: Callable[[bytes], bytes]) -> None:
    message = signed(b"Tea\r\n")
    assert change(message) != message
    assert not is_right(change(message))


def test_white_space_and_headers_of_the_way_do_no_harm() -> None:
    message = signed(b"Tea and  cake\r\n")
    assert is_right(
        b"Received: x\r\n" + message.replace(b"Tea and  cake", b"Tea   and cake  ").replace(b"To:  ", b"TO: ")
    )


def test_the_same_message_gives_the_same_signature() -> None:
    assert signed(b"Tea\r\n") == signed(b"Tea\r\n")


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (b"", "expected a private RSA key in PEM without a password"),
        (
            b"-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----\n",
            "expected a private RSA key in PEM without a password",
        ),
        (pem(KEY, b"x"), "expected a private RSA key in PEM without a password"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "expected an RSA key, which every mail server can check"),
    ],
)
def test_a_key_that_is_none_is_told(key: bytes, why: str) -> None:
    with pytest.raises(KeyFileError) as caught:
        load_signer(key)
    assert str(caught.value) == why
