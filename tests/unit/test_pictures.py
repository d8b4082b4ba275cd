"""Pictures: what their bytes say, and what their article said where the bytes say nothing."""

import struct
import zlib

import pytest

from syndicate.domain.articles import Image
from syndicate.parsing.pictures import measured

STATED = Image(url="https://example.org/cup.png", width=30, height=40)
START = b"\x89PNG\r\n\x1a\n"
IHDR = b"IHDR" + struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0)
PNG = START + struct.pack(">I", 13) + IHDR + struct.pack(">I", zlib.crc32(IHDR))


def test_a_picture_is_as_its_bytes_say() -> None:
    found = measured(STATED, PNG)
    assert (found.media_type, found.length, found.width, found.height) == ("image/png", len(PNG), 3, 2)


@pytest.mark.parametrize("data", [START, START + b"\0" * 40])
def test_a_picture_whose_bytes_say_no_sides_keeps_those_that_were_stated(data: bytes) -> None:
    found = measured(STATED, data)
    assert (found.media_type, found.length, found.width, found.height) == ("image/png", len(data), 30, 40)


def test_bytes_that_are_no_picture_say_nothing() -> None:
    assert measured(STATED, b"<svg/>") == STATED
