"""What a run knows of files: each is looked at once, and one that was just written is not trusted."""

import os
from pathlib import Path

from syndicate.adapters.freshness import digest
from syndicate.adapters.walk import Listing

AHEAD_NS = 4_000_000_000_000_000_000


def write(path: Path, text: str = "Tea.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def settle(folder: Path) -> None:
    """Wait until the clock of the file system has moved on from all that was written."""
    mark = folder.parent / "clock"
    newest = max(file.stat().st_ctime_ns for file in folder.rglob("*"))
    while mark.exists() is False or mark.stat().st_ctime_ns < newest + 30_000_000:
        mark.write_text("tick")


def test_files_come_in_order_with_what_tells_their_states_apart(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    for name in ("b.md", "a/c.md", "a.md", ".hidden.md", "node_modules/x.md"):
        write(folder / name)
    settle(folder)
    found = Listing().files(str(folder))
    assert [file.relative for file in found] == ["a.md", "a/c.md", "b.md"]
    status = os.stat(folder / "b.md")
    assert found[2].location == str(folder / "b.md")
    assert found[2].signature == f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def test_a_file_is_looked_at_once_a_run(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write(folder / "a.md")
    settle(folder)
    listing = Listing()
    before = listing.digest(str(folder))
    write(folder / "a.md", "Longer than before.")
    assert listing.digest(str(folder)) == before
    listing.forget(str(folder))
    assert listing.digest(str(folder)) != before


def test_a_file_that_was_just_written_makes_no_digest(tmp_path: Path) -> None:
    path = write(tmp_path / "news" / "a.md")
    os.utime(path, ns=(AHEAD_NS, AHEAD_NS))  # as if no time had gone by since, however slow the machine is
    assert Listing().files(str(tmp_path / "news"))[0].signature == ""
    assert digest([str(tmp_path / "news")], (), Listing()) == ""
    assert digest([str(tmp_path / "news" / "a.md")], (), Listing()) == ""
    assert digest([str(tmp_path / "news")], (), Listing(trust_fresh=True)) != ""


def test_folders_that_are_left_out_and_places_that_are_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write(folder / "a.md")
    write(folder / "out" / "b.md")
    settle(folder)
    out = str(folder / "out")
    assert [file.relative for file in Listing().files(str(folder), [out])] == ["a.md"]
    without = digest([str(folder)], [out], Listing())
    assert without != digest([str(folder)], (), Listing()) != ""
    places = [str(folder), str(tmp_path / "none")]
    assert digest(places, [out], Listing()) not in ("", without)
