"""The operators' token: what shows it, and what does not."""

import pytest

from syndicate.web.tokens import MAX_FORM_BYTES, SESSION_S, Token, set_cookie, token_in_form

SECRET = "0123456789abcdef"
TOKEN, OTHER = Token(SECRET), Token("fedcba9876543210")
NOW_S = 1_000_000.5
SESSION = TOKEN.session(NOW_S)


@pytest.mark.parametrize(
    "value", [b"Bearer 0123456789abcdef", b"bearer   0123456789abcdef ", b"BEARER 0123456789abcdef"]
)
def test_a_header_shows_it(value: bytes) -> None:
    assert TOKEN.admits([(b"host", b"x"), (b"authorization", value)], NOW_S)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"Bearer",
        b"Bearer ",
        b"Bearer 0123456789abcde",
        b"Bearer 0123456789abcdef0",
        b"Bearer 0123456789ABCDEF",
        b"Basic 0123456789abcdef",
        b"0123456789abcdef",
        b"Bearer \xff\xfe",
        b"Bearer " + b"x" * 30_000,
    ],
)
def test_a_wrong_header_does_not(value: bytes) -> None:
    assert not TOKEN.admits([(b"authorization", value)], NOW_S)


def test_a_cookie_shows_it_until_it_ends() -> None:
    def admits(now_s: float) -> bool:
        return TOKEN.admits([(b"cookie", b"a=b; syndicate_ops=" + SESSION + b"; c=d")], now_s)

    assert admits(NOW_S)
    assert admits(NOW_S + SESSION_S - 1)
    assert not admits(NOW_S + SESSION_S)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b".",
        SESSION[:-1],
        SESSION + b"0",
        b"9" + SESSION,
        b"99999999999." + SESSION.partition(b".")[2],
        OTHER.session(NOW_S),
        SECRET.encode(),
        b"\xff.\xff",
        b"-1." + b"0" * 64,
    ],
)
def test_a_wrong_cookie_does_not(value: bytes) -> None:
    assert not TOKEN.admits([(b"cookie", b"syndicate_ops=" + value)], NOW_S)


def test_the_cookie_holds_no_token_and_is_the_browsers_alone() -> None:
    assert SECRET.encode() not in SESSION
    assert set_cookie(b"x", 60, secure=True) == (
        b"set-cookie",
        b"syndicate_ops=x; Max-Age=60; Path=/; HttpOnly; SameSite=Strict; Secure",
    )
    assert b"Secure" not in set_cookie(b"x", 60, secure=False)[1]


def test_nothing_shows_the_secret() -> None:
    assert SECRET not in repr(TOKEN)
    assert SECRET not in repr(vars(TOKEN))


@pytest.mark.parametrize(
    ("body", "token"),
    [
        (b"token=abc", b"abc"),
        (b"token=+a%62c%0D%0A", b"abc"),
        (b"", b""),
        (b"tok=abc", b""),
        (b"token=%FF", "\ufffd".encode()),
        (b"\xff=\xff", b""),
        (b"&".join([b"a=b"] * 99), b""),
        (b"token=" + b"x" * MAX_FORM_BYTES, b"x" * MAX_FORM_BYTES),
    ],
)
def test_forms(body: bytes, token: bytes) -> None:
    assert token_in_form(body) == token
