"""The files of the server: when one that is kept is still the same, and what may be held in memory."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.web.files import FileCache, FileReader, open_same
from syndicate.web.traffic import Counter

NOW_S = 2_000_000_000
HOST = (b"host", b"x")
LARGE = 4_000_001  # too large to be kept


def reader_of(folder: Path) -> FileReader:
    return FileReader(str(folder), lambda media: "public", lambda: float(NOW_S), Counter(lambda: 0.0).hits_of)


def write(path: Path, data: bytes, modified_s: int = 1_000_000_000) -> None:
    path.write_bytes(data)
    os.utime(path, (modified_s, modified_s))


@pytest.mark.parametrize("changed", range(4), ids=["mtime", "size", "inode", "ctime"])
def test_a_file_that_differs_in_one_sign_is_another(tmp_path: Path, changed: int) -> None:
    write(tmp_path / "a.xml", b"old")
    file = reader_of(tmp_path).read("a.xml")
    assert file is not None
    cache = FileCache()
    cache.keep(b"/a.xml", file)
    assert cache.get(b"/a.xml") is file
    other = [number + (place == changed) for place, number in enumerate(file.stamp)]
    cache.keep(b"/a.xml", replace(file, stamp=(other[0], other[1], other[2], other[3])))
    assert cache.get(b"/a.xml") is None


@pytest.mark.parametrize("in_place", [True, False])
def test_a_file_that_is_written_with_the_same_size_and_date_is_seen(tmp_path: Path, in_place: bool) -> None:
    write(tmp_path / "a.xml", b"old")
    file = reader_of(tmp_path).read("a.xml")
    assert file is not None
    cache = FileCache()
    cache.keep(b"/a.xml", file)
    if in_place:
        before = os.stat(tmp_path / "a.xml").st_ctime_ns
        while os.stat(tmp_path / "a.xml").st_ctime_ns == before:  # the clock of files is a coarse one
            write(tmp_path / "a.xml", b"new")
    else:
        write(tmp_path / "b.xml", b"new")
        (tmp_path / "b.xml").replace(tmp_path / "a.xml")
    assert cache.get(b"/a.xml") is None


@pytest.mark.parametrize(("modified_s", "said_s"), [(NOW_S - 5, NOW_S - 5), (NOW_S + 5, NOW_S)])
def test_no_file_is_younger_than_its_answer(tmp_path: Path, modified_s: int, said_s: int) -> None:
    write(tmp_path / "a.xml", b"a", modified_s)
    file = reader_of(tmp_path).read("a.xml")
    assert file is not None
    assert file.modified_s == said_s


def test_a_large_file_that_was_replaced_meanwhile_is_not_sent_with_the_old_tag(tmp_path: Path) -> None:
    write(tmp_path / "a.bin", bytes(LARGE))
    file = reader_of(tmp_path).read("a.bin")
    assert file is not None
    variant = file.variants["identity"]
    assert variant.body is None
    same = open_same(variant)
    assert same is not None
    os.close(same)
    write(tmp_path / "b.bin", b"b" * LARGE)
    (tmp_path / "b.bin").replace(tmp_path / "a.bin")
    assert open_same(variant) is None


def test_what_pollers_send_is_remembered_within_bounds(tmp_path: Path) -> None:
    write(tmp_path / "a.xml", b"a")
    file = reader_of(tmp_path).read("a.xml")
    assert file is not None
    for number in range(1000):
        lines: tuple[tuple[bytes, bytes], ...] = (HOST, (b"user-agent", b"%d" % number))
        file.remember_unchanged(lines, file.variants["identity"], None)
        assert lines in file.unchanged
        assert len(file.unchanged) <= 16
    for size, is_kept in [(1009, True), (1010, False)]:  # with its name, and the host, it is 1,024 bytes
        lines = (HOST, (b"user-agent", b"a" * size))
        file.remember_unchanged(lines, file.variants["identity"], None)
        assert (lines in file.unchanged) == is_kept


@pytest.mark.parametrize(
    ("lines", "is_kept"),
    [
        ((), True),
        (((b"connection", b"Keep-Alive"),), True),
        (((b"connection", b"close"),), False),
        (((b"proxy-connection", b"close"),), False),
        (((b"content-length", b"4"),), False),
        (((b"transfer-encoding", b"chunked"),), False),
        (((b"expect", b"100-continue"),), False),
        (((b"upgrade", b"h2c"),), False),
    ],
)
def test_only_what_says_all_in_its_lines_is_remembered(
    tmp_path: Path, lines: tuple[tuple[bytes, bytes], ...], is_kept: bool
) -> None:
    write(tmp_path / "a.xml", b"a")
    file = reader_of(tmp_path).read("a.xml")
    assert file is not None
    file.remember_unchanged((HOST, *lines), file.variants["identity"], None)
    file.remember_unchanged(lines, file.variants["identity"], None)  # names no host
    assert list(file.unchanged) == ([(HOST, *lines)] if is_kept else [])
