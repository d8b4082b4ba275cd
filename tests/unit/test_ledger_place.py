"""The address of the ledger: what is refused, and that no password is ever shown."""

import pytest

from syndicate.domain.ledger import has_password, is_postgres_url, shown_place, without_password, wrong_address


@pytest.mark.parametrize(
    ("url", "shown", "place"),
    [
        ("postgresql://me@host/db", "postgresql://me@host/db", "postgresql://host/db"),
        ("postgresql://host:5432/db", "postgresql://host:5432/db", "postgresql://host:5432/db"),
        ("postgres:///db?host=%2Frun", "postgres:///db?host=%2Frun", "postgres:///db"),
        ("postgresql://me@[::1]:5432/db", "postgresql://me@[::1]:5432/db", "postgresql://[::1]:5432/db"),
        ("postgresql://me:s3same@host/db", "postgresql://me:…@host/db", "postgresql://host/db"),
        ("postgresql://:s3same@host/db", "postgresql://:…@host/db", "postgresql://host/db"),
        ("postgresql://me:s3s@me@host/db", "postgresql://me:…@host/db", "postgresql://host/db"),
        ("postgresql://me:s3/s?a#me@host/db", "postgresql://me:…@host/db", "postgresql://host/db"),
        ("postgresql://me:s3same\n@host/db", "postgresql://me:…@host/db", "postgresql://host/db"),
        ("postgresql://h/db?password=s3same&x=1", "postgresql://h/db?password=…&x=1", "postgresql://h/db"),
        ("postgresql://h/db?a=b&sslpassword=s3same", "postgresql://h/db?a=b&sslpassword=…", "postgresql://h/db"),
    ],
)
def test_passwords_are_not_shown(url: str, shown: str, place: str) -> None:
    assert without_password(url) == shown
    assert shown_place(url) == place
    assert has_password(url) == ("s3" in url)


@pytest.mark.parametrize("url", ["postgresql://me@host/db", "postgres://me:a%40b:c@a,b/db?x=y", "postgresql:///db"])
def test_an_address_that_can_be_used_is_not_wrong(url: str) -> None:
    assert wrong_address(url) == ""
    assert is_postgres_url(url)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ledger.sqlite", "expected an address such as postgresql://user@host/database"),
        (
            f"mysql://me:s3same{'x' * 90}@host/db",
            "expected an address such as postgresql://user@host/database",
        ),
        (
            "postgresql://me:s3/same@host/db",
            "expected letters that part an address to be percent-encoded (%40 for @, %2F for /), got a bare one",
        ),
        (
            "postgresql://me:s3@same@host/db",
            "expected letters that part an address to be percent-encoded (%40 for @, %2F for /), got a bare one",
        ),
    ],
)
def test_one_that_can_not_is_told_without_its_password(url: str, told: str) -> None:
    assert wrong_address(url) == told
