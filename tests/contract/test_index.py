"""One suite for every Index: the fake that the services are tested with, and the SQLite file."""

import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fakes import MemoryIndex
from makers import day, make_article, path
from msgspec.structs import replace

from syndicate.adapters.index import SqliteIndex
from syndicate.domain.articles import Author, Category, Image
from syndicate.domain.collection import Parsed
from syndicate.errors import Problem, StateError
from syndicate.ports import Index, NewRow

ARTICLE = make_article(
    "news/tea.md",
    updated=day(5).replace(microsecond=123456),
    expires=day(9),
    hold="draft",
    authors=(Author(name="Ann", email="ann@example.org"),),
    categories=(Category(label="Tea", taxonomy="Desk"),),
    tags=("green", "茶 🍵"),
    image=Image(url="https://example.org/a.png", width=1, height=2),
    language="de",
)
PARSED = Parsed(
    path=ARTICLE.path,
    article=ARTICLE,
    body="<p>Tea 🍵</p>",
    offerings=({"label": "Kettle", "categories": ["Hot"]}, "plain", 7, None),
    problems=(Problem(path="news/tea.md", reason="bad-date", what="expected a date", line=3, field="date"),),
    media=("cup.png",),
    missing=("pot.png",),
)
REJECTED = Parsed(
    path=path("news/bad.md"), rejected=Problem(path="news/bad.md", reason="no-title", what="expected a title")
)
SKIPPED = Parsed(path=path("news/_index.md"), skipped="section-page")


@pytest.fixture(params=["fake", "sqlite"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    if request.param == "fake":
        yield MemoryIndex()
        return
    opened = SqliteIndex(tmp_path / "index.sqlite")
    yield opened
    opened.close()


def row(index: Index, parsed: Parsed, signature: str = "s", key: str = "k") -> NewRow:
    return NewRow(path=parsed.path, signature=signature, parse_key=key, packed=index.pack(parsed))


def store(index: Index, *parsed: Parsed, gone: tuple[str, ...] = ()) -> None:
    index.store([row(index, one) for one in parsed], [path(name) for name in gone])


def test_an_index_is_empty_at_first(index: Index) -> None:
    assert index.load() == {}
    assert index.body_reader([path("a.md")]) == {}
    assert index.offerings([path("a.md")]) == {}


@pytest.mark.parametrize("parsed", [PARSED, REJECTED, SKIPPED], ids=["article", "rejected", "skipped"])
def test_what_is_stored_is_loaded_again_without_body_and_offerings(index: Index, parsed: Parsed) -> None:
    index.store([row(index, parsed, "12:34", "key")], [])
    (loaded,) = index.load().values()
    assert loaded.parsed == replace(parsed, body="", offerings=())
    assert (loaded.signature, loaded.parse_key) == ("12:34", "key")


def test_a_record_is_read_where_it_was_packed(index: Index) -> None:
    assert index.unpack(index.pack(PARSED).record) == replace(PARSED, body="", offerings=())


def test_bodies_and_offerings_are_read_apart(index: Index) -> None:
    store(index, PARSED, SKIPPED)
    wanted = [PARSED.path, SKIPPED.path, path("nowhere.md")]
    assert index.body_reader(wanted) == {PARSED.path: "<p>Tea 🍵</p>", SKIPPED.path: ""}
    assert index.offerings(wanted) == {PARSED.path: PARSED.offerings}


def test_a_row_is_replaced(index: Index) -> None:
    store(index, PARSED)
    index.store([row(index, replace(PARSED, body="new", offerings=()), "other")], [])
    assert [loaded.signature for loaded in index.load().values()] == ["other"]
    assert index.body_reader([PARSED.path]) == {PARSED.path: "new"}
    assert index.offerings([PARSED.path]) == {}


def test_rows_of_files_that_are_gone_are_dropped(index: Index) -> None:
    store(index, PARSED, REJECTED)
    store(index, gone=(PARSED.path, "never there"))
    assert list(index.load()) == [REJECTED.path]
    assert index.body_reader([PARSED.path]) == {}


def test_rows_may_come_from_a_generator_that_is_still_at_work(index: Index) -> None:
    made: list[str] = []

    def rows() -> Iterator[NewRow]:
        for number in range(3):
            made.append(str(number))
            yield row(index, replace(SKIPPED, path=path(f"{number}.md")))

    index.store(rows(), [])
    assert made == ["0", "1", "2"]
    assert sorted(index.load()) == ["0.md", "1.md", "2.md"]


def test_very_many_rows_are_no_matter(index: Index) -> None:
    paths = [path(f"{number}.md") for number in range(2000)]
    index.store((row(index, replace(SKIPPED, path=one, body=one)) for one in paths), [])
    assert index.body_reader(paths) == {one: one for one in paths}
    index.store([], paths[1:])
    assert list(index.load()) == paths[:1]


def test_any_path_and_any_text_are_kept(index: Index) -> None:
    hostile = Parsed(path=path("a'b\"; DROP TABLE file; --/ü 🍵\\x\n.md"), skipped="x'y", body="\0'\"\U0001f375")
    store(index, hostile)
    assert [loaded.parsed for loaded in index.load().values()] == [replace(hostile, body="")]
    assert index.body_reader([hostile.path]) == {hostile.path: hostile.body}


class TestSqlite:
    """What only the file can show."""

    def opened(self, where: Path) -> SqliteIndex:
        return SqliteIndex(where / "state" / "index.sqlite")

    def test_it_is_there_again_when_it_is_opened_again(self, tmp_path: Path) -> None:
        first = self.opened(tmp_path)
        store(first, PARSED)
        first.close()
        second = self.opened(tmp_path)
        assert list(second.load()) == [PARSED.path]
        second.close()

    @pytest.mark.parametrize("data", [b"", b"no database at all" * 100, b"SQLite format 3\x00" + b"x" * 5000])
    def test_a_file_that_is_none_is_made_anew(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "state").mkdir()
        (tmp_path / "state" / "index.sqlite").write_bytes(data)
        index = self.opened(tmp_path)
        store(index, PARSED)
        assert list(index.load()) == [PARSED.path]
        index.close()

    def test_an_index_of_another_shape_is_made_anew(self, tmp_path: Path) -> None:
        first = self.opened(tmp_path)
        store(first, PARSED)
        first.close()
        with sqlite3.connect(tmp_path / "state" / "index.sqlite") as connection:
            connection.execute("PRAGMA user_version = 1")
        connection.close()
        second = self.opened(tmp_path)
        assert second.load() == {}
        second.close()

    def test_a_row_that_cannot_be_read_is_as_good_as_absent(self, tmp_path: Path) -> None:
        index = self.opened(tmp_path)
        store(index, PARSED, SKIPPED)
        with sqlite3.connect(tmp_path / "state" / "index.sqlite") as connection:
            connection.execute("UPDATE file SET record = x'00' WHERE path = ?", (PARSED.path,))
        connection.close()
        assert list(index.load()) == [SKIPPED.path]
        index.close()

    def test_rows_that_fail_half_way_leave_nothing(self, tmp_path: Path) -> None:
        index = self.opened(tmp_path)
        store(index, SKIPPED)

        def rows() -> Iterator[NewRow]:
            yield row(index, PARSED)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            index.store(rows(), [SKIPPED.path])
        assert list(index.load()) == [SKIPPED.path]
        index.close()

    def test_a_folder_in_its_place_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "state" / "index.sqlite").mkdir(parents=True)
        with pytest.raises(StateError, match=r"index\.sqlite: can't be opened: "):
            self.opened(tmp_path)

    def test_bodies_can_be_read_in_another_process(self, tmp_path: Path) -> None:
        index = self.opened(tmp_path)
        store(index, PARSED)
        results: Any = multiprocessing.get_context("fork").SimpleQueue()
        process = multiprocessing.get_context("fork").Process(target=_read, args=(index.body_reader, results))
        process.start()
        assert results.get() == {PARSED.path: PARSED.body}
        process.join()
        index.close()

    @pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
    def test_a_problem_that_cannot_be_written_as_utf8_is_no_end(self, tmp_path: Path, text: str) -> None:
        index = self.opened(tmp_path)
        offered = Parsed(path=path("a.md"), skipped="x", offerings=({"label": text},))
        store(index, offered)
        assert list(index.load()) == [path("a.md")]
        index.close()


def _read(reader: Callable[[list[str]], dict[str, str]], results: Any) -> None:
    results.put(dict(reader([PARSED.path])))


def test_an_index_that_takes_the_place_of_another_is_read_anew(tmp_path: Path) -> None:
    place = tmp_path / "index.sqlite"
    for body in ("first", "second"):
        with closing(SqliteIndex(place)) as index:
            store(index, replace(PARSED, body=body))
            assert index.body_reader([PARSED.path]) == {PARSED.path: body}
        for file in tmp_path.iterdir():
            file.unlink()
