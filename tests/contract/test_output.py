"""One suite for every Output: the fake that the services are tested with, and the folder on disk."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest
from fakes import MemoryOutput

from syndicate.adapters.atomic import aside_of
from syndicate.adapters.output import OutputFolder
from syndicate.errors import OutputError
from syndicate.ports import Output


class Place:
    """An output with a way to look into it and to meddle with it."""

    def __init__(
        self, output: Output, files: Callable[[], dict[str, bytes]], meddle: Callable[[str, bytes | None], None]
    ) -> None:
        self.output, self.files, self.meddle = output, files, meddle


ADDRESS = "https://feeds.example.org/"


def folder(root: Path, name: str = "here") -> OutputFolder:
    return OutputFolder(root / "output", root / "published.json", name, ADDRESS)


def files_below(root: Path) -> dict[str, bytes]:
    return {found.relative_to(root).as_posix(): found.read_bytes() for found in root.rglob("*") if found.is_file()}


def put(root: Path, name: str, data: bytes | None) -> None:
    if data is None:
        (root / name).unlink()
    else:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


@pytest.fixture(params=["fake", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        root = tmp_path / "output"
        return Place(folder(tmp_path), lambda: files_below(root), lambda name, data: put(root, name, data))
    fake = MemoryOutput()

    def meddle(name: str, data: bytes | None) -> None:
        if data is None:
            del fake.files[name]
        else:
            fake.files[name] = data

    return Place(fake, lambda: dict(fake.files), meddle)


def write(output: Output, path: str, data: bytes, fingerprint: str) -> bool:
    """Put a file aside and in place; returns whether it is new."""
    changed = output.put_aside(path, data)
    output.put_in_place(path, fingerprint, changed=changed)
    return changed


def published(place: Place, **files: bytes) -> None:
    """Publish files by name, with their first letter as fingerprint."""
    place.output.begin([name.replace("__", "/") for name in files], keep=True)
    for name, data in files.items():
        write(place.output, name.replace("__", "/"), data, data[:1].decode())
    place.output.finish()


def test_a_file_is_put_in_place_and_told_as_changed(place: Place) -> None:
    assert place.output.begin(["a/b/c.xml"], keep=True) == ()
    assert write(place.output, "a/b/c.xml", b"one", "1")
    assert place.files() == {"a/b/c.xml": b"one"}


def test_the_same_bytes_again_are_no_change(place: Place) -> None:
    published(place, a=b"one")
    assert not write(place.output, "a", b"one", "2")
    assert write(place.output, "a", b"two", "2")
    assert place.files() == {"a": b"two"}


def test_an_empty_file_is_a_file(place: Place) -> None:
    assert write(place.output, "a", b"", "1")
    assert not write(place.output, "a", b"", "1")
    assert place.files() == {"a": b""}


class TestCurrent:
    def test_a_file_is_current_as_long_as_its_fingerprint_and_its_bytes_stay(self, place: Place) -> None:
        published(place, a=b"one")
        assert place.output.is_current("a", "o")
        assert not place.output.is_current("a", "other")
        assert not place.output.is_current("b", "o")

    @pytest.mark.parametrize("data", [b"another", None])
    def test_a_file_that_somebody_changed_or_removed_is_not(self, place: Place, data: bytes | None) -> None:
        published(place, a=b"one")
        place.meddle("a", data)
        assert not place.output.is_current("a", "o")
        assert write(place.output, "a", b"one", "o")
        assert place.output.is_current("a", "o")

    def test_a_file_with_the_same_bytes_and_a_new_fingerprint_is_current_with_that(self, place: Place) -> None:
        published(place, a=b"one")
        write(place.output, "a", b"one", "2")
        assert place.output.is_current("a", "2")
        assert not place.output.is_current("a", "o")


class TestReading:
    def test_a_file_of_ours_is_listed_and_read(self, place: Place) -> None:
        published(place, b=b"two", a=b"one")
        assert place.output.ours() == ("a", "b")
        assert place.output.read("a") == b"one"

    def test_a_file_of_somebody_else_is_not_listed(self, place: Place) -> None:
        place.meddle("mine", b"my own")
        place.output.begin(["mine", "ours"], keep=True)
        assert place.output.ours() == ("ours",)

    def test_a_file_that_is_gone_holds_nothing(self, place: Place) -> None:
        published(place, a=b"one")
        place.meddle("a", None)
        assert place.output.ours() == ("a",)
        assert place.output.read("a") is None


class TestOthers:
    def test_a_file_that_was_there_is_somebody_elses(self, place: Place) -> None:
        place.meddle("index.html", b"my own page")
        assert place.output.begin(["index.html", "rss.xml"], keep=True) == ("index.html",)
        assert place.output.begin(["index.html"], keep=True) == ("index.html",)

    def test_a_file_of_ours_is_not(self, place: Place) -> None:
        published(place, a=b"one")
        place.meddle("a", b"changed")
        assert place.output.begin(["a"], keep=True) == ()

    def test_files_of_others_are_never_stale(self, place: Place) -> None:
        place.meddle("CNAME", b"example.org")
        published(place, a=b"one", b=b"two")
        assert place.output.stale(["a"]) == ("b",)
        assert place.output.stale([]) == ("a", "b")
        assert place.output.stale(["a", "b", "c"]) == ()


class TestRemoving:
    def test_a_file_is_removed_and_ours_no_more(self, place: Place) -> None:
        published(place, a=b"one", b=b"two")
        place.output.remove("a")
        assert place.files() == {"b": b"two"}
        assert place.output.stale([]) == ("b",)
        assert not place.output.is_current("a", "o")

    def test_a_file_that_is_gone_already_is_no_matter(self, place: Place) -> None:
        published(place, a=b"one")
        place.meddle("a", None)
        place.output.remove("a")
        assert place.output.stale([]) == ()


def test_what_files_were_made_from_can_be_forgotten(place: Place) -> None:
    published(place, a=b"one")
    place.output.forget()
    assert not place.output.is_current("a", "o")
    assert place.output.begin(["a"], keep=True) == ()
    assert place.output.stale([]) == ("a",)
    assert not write(place.output, "a", b"one", "o")


def test_a_difference_can_be_asked_for_without_writing(place: Place) -> None:
    published(place, a=b"one")
    assert [place.output.differs("a", data) for data in (b"one", b"two", b"three")] == [False, True, True]
    assert place.output.differs("b", b"one")
    assert place.files() == {"a": b"one"}


class TestFolder:
    """What only the disk can show."""

    def test_it_knows_its_files_again_when_it_is_opened_again(self, tmp_path: Path) -> None:
        published(Place(folder(tmp_path), dict, lambda name, data: None), a=b"one", b__c=b"two")
        again = folder(tmp_path)
        assert again.is_current("a", "o")
        assert again.stale([]) == ("a", "b/c")

    def test_a_run_that_was_killed_leaves_no_file_of_unknown_origin(self, tmp_path: Path) -> None:
        killed = folder(tmp_path)
        killed.begin(["a", "b"], keep=True)
        write(killed, "a", b"one", "1")
        again = folder(tmp_path)
        assert again.begin(["a", "b"], keep=True) == ()
        assert not again.is_current("a", "1")
        assert again.stale([]) == ("a", "b")

    def test_a_run_that_only_looked_leaves_nothing(self, tmp_path: Path) -> None:
        folder(tmp_path).begin(["a"], keep=False)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "manifest", [b"", b"[]", b"{}", b'{"folder": "here"}', b'{"folder": "here", "files": 7}', b"\xff"]
    )
    def test_a_manifest_that_cannot_be_read_counts_for_nothing(self, tmp_path: Path, manifest: bytes) -> None:
        (tmp_path / "published.json").write_bytes(manifest)
        assert folder(tmp_path).stale([]) == ()

    def test_a_manifest_of_another_folder_counts_for_nothing(self, tmp_path: Path) -> None:
        published(Place(folder(tmp_path), dict, lambda name, data: None), a=b"one")
        assert folder(tmp_path, "there").stale([]) == ()

    MARKED: ClassVar[dict[str, bytes]] = {
        "a/index.html": b'<!DOCTYPE html><html><head><meta name="generator" content="syndicate 0.1.0"><link href="%s">',
        "a/rss.xml": b"<rss><channel><generator>syndicate</generator><link>%s</link>",
        "feeds.opml": b'<?xml version="1.0"?>\n<!-- syndicate -->\n<opml version="2.0"><outline xmlUrl="%s"/>',
    }

    @pytest.mark.parametrize("name", MARKED)
    def test_our_own_documents_are_known_without_a_manifest(self, tmp_path: Path, name: str) -> None:
        put(tmp_path / "output", name, self.MARKED[name] % ADDRESS.encode())
        assert folder(tmp_path).begin([name], keep=True) == ()
        assert folder(tmp_path).stale([]) == (name,)

    @pytest.mark.parametrize("name", MARKED)
    def test_the_documents_of_another_site_are_somebody_elses(self, tmp_path: Path, name: str) -> None:
        put(tmp_path / "output", name, self.MARKED[name] % b"https://other.example/")
        assert folder(tmp_path).begin([name], keep=True) == (name,)
        assert folder(tmp_path).stale([]) == ()

    @pytest.mark.parametrize("name", ["../out.txt", "a/../../out.txt", "/tmp/out.txt"])
    def test_nothing_outside_the_folder_is_written_or_removed(self, tmp_path: Path, name: str) -> None:
        put(tmp_path, "out.txt", b"mine")
        record = f'{{"folder": "here", "files": {{"{name}": [4, 1, "x"]}}}}'
        (tmp_path / "published.json").write_text(record, "utf-8")
        assert folder(tmp_path).stale([]) == ()
        with pytest.raises(OutputError) as caught:
            write(folder(tmp_path), name, b"x", "1")
        assert str(caught.value) == f"{name}: leads out of the output folder; nothing was written"
        assert (tmp_path / "out.txt").read_bytes() == b"mine"

    def test_folders_that_a_file_leaves_empty_are_removed_and_others_are_not(self, tmp_path: Path) -> None:
        output = folder(tmp_path)
        for name in ("topics/tea/rss.xml", "topics/cake/rss.xml", "articles/tea/index.html"):
            write(output, name, b"x", "1")
        put(tmp_path / "output", "articles/mine.txt", b"x")
        for name in ("topics/tea/rss.xml", "articles/tea/index.html"):
            output.remove(name)
        assert files_below(tmp_path / "output") == {"topics/cake/rss.xml": b"x", "articles/mine.txt": b"x"}
        assert not (tmp_path / "output/topics/tea").exists()
        assert not (tmp_path / "output/articles/tea").exists()
        output.remove("topics/cake/rss.xml")
        assert (tmp_path / "output").is_dir()

    def test_a_file_that_holds_the_bytes_already_is_not_touched(self, tmp_path: Path) -> None:
        output = folder(tmp_path)
        write(output, "a", b"one", "1")
        os.utime(tmp_path / "output/a", ns=(1, 1))
        write(output, "a", b"one", "2")
        assert (tmp_path / "output/a").stat().st_mtime_ns == 1
        assert output.is_current("a", "2")

    def test_a_file_whose_time_somebody_set_back_is_looked_at_again(self, tmp_path: Path) -> None:
        output = folder(tmp_path)
        write(output, "a", b"one", "1")
        before = (tmp_path / "output/a").stat().st_mtime_ns
        time.sleep(0.02)
        (tmp_path / "output/a").write_bytes(b"two")
        os.utime(tmp_path / "output/a", ns=(before, before))
        assert not output.is_current("a", "1")

    def test_nothing_half_written_is_left_beside(self, tmp_path: Path) -> None:
        output = folder(tmp_path)
        write(output, "a", b"one" * 100_000, "1")
        write(output, "a", b"two" * 100_000, "1")
        assert [found.name for found in (tmp_path / "output").iterdir()] == ["a"]

    def test_a_left_over_of_a_killed_run_goes_with_its_file(self, tmp_path: Path) -> None:
        output = folder(tmp_path)
        write(output, "a", b"one", "1")
        aside_of(tmp_path / "output" / "a").write_bytes(b"half")
        output.remove("a")
        assert files_below(tmp_path / "output") == {}

    def test_a_folder_in_the_place_of_a_file_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "output/a/b").mkdir(parents=True)
        with pytest.raises(OutputError, match=r"output/a: can't be written: "):
            write(folder(tmp_path), "a", b"one", "1")

    def test_a_file_in_the_place_of_a_folder_is_told(self, tmp_path: Path) -> None:
        put(tmp_path / "output", "a", b"one")
        with pytest.raises(OutputError, match=r"output/a/b: can't be written: "):
            write(folder(tmp_path), "a/b", b"two", "1")
