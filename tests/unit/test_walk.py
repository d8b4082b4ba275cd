"""What is told of the files below a folder: looked at once a run, trusted once they are not too fresh."""

import os
import time
from pathlib import Path

from syndicate.adapters.freshness import digest
from syndicate.adapters.walk import RACY_NS, Listing

LATER = RACY_NS + 1


def folder(root: Path, **texts: str) -> str:
    for name, text in texts.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return str(root)


def test_files_come_by_path_with_what_changes_when_they_do(tmp_path: Path) -> None:
    found = Listing().folder(folder(tmp_path, b="b", d__c="cc"))
    assert [file.relative for file in found.files] == ["b", "d/c"]
    assert [file.location for file in found.files] == [str(tmp_path / "b"), str(tmp_path / "d/c")]
    assert [file.text.partition(":")[0] for file in found.files] == ["1", "2"]


def test_a_file_is_trusted_once_it_is_not_too_fresh(tmp_path: Path) -> None:
    (file,) = Listing().folder(folder(tmp_path, a="a")).files
    assert file.signature(file.touched_ns + RACY_NS - 1) == ""
    assert file.signature(file.touched_ns + RACY_NS) == file.text != ""


def test_a_file_that_cannot_be_looked_at_is_never_trusted(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("nowhere")
    (file,) = Listing().folder(str(tmp_path)).files
    assert file.signature(time.time_ns() + LATER) == ""
    assert digest([str(tmp_path)], (), Listing(), trust_fresh=True) == ""


def test_a_folder_is_walked_once_until_it_is_forgotten(tmp_path: Path) -> None:
    listing = Listing()
    before = listing.folder(folder(tmp_path, a="a"))
    folder(tmp_path, b="b")
    assert listing.folder(str(tmp_path)) is before
    listing.forget(str(tmp_path))
    assert [file.relative for file in listing.folder(str(tmp_path)).files] == ["a", "b"]


def test_a_digest_tells_states_of_files_and_folders_apart(tmp_path: Path) -> None:
    folder(tmp_path, a="a", d__b="b")

    def state() -> str:
        return digest([str(tmp_path), str(tmp_path / "a"), str(tmp_path / "none")], (), Listing(), trust_fresh=True)

    first = state()
    assert first == state() != ""
    os.utime(tmp_path / "d/b", ns=(1, 1))
    second = state()
    (tmp_path / "none").write_text("now there is one")
    assert len({first, second, state()}) == 3


def test_a_digest_of_what_was_written_just_now_is_none(tmp_path: Path) -> None:
    place = folder(tmp_path, a="a")
    os.utime(tmp_path / "a", ns=(time.time_ns() + 10**12,) * 2)
    assert digest([place], (), Listing()) == ""
    assert digest([str(tmp_path / "a")], (), Listing()) == ""
