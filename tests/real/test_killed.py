"""A build that is killed at any moment leaves nothing half done: readers see whole files, the next build mends it."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from support import COMMAND, CONFIG, NOW, Once, Site, assert_whole, tree

from syndicate.adapters.atomic import aside_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills a process group")

WEEKLY = {"slug": "weekly", "title": "Weekly", "cadence": "weekly on Monday at 08:00", "start": "2026-01-01"}
SECTIONS = {"newsletters": [WEEKLY]}


def fill(site: Site, number: int) -> None:
    """Write articles, half of which lead to pages of ours, in topics of their own."""
    for place in range(number):
        site.article(
            f"{place}.md",
            title=f"Note {place}",
            date=f"2026-0{place % 9 + 1}-11",
            categories=[f"Topic {place % 12}", f"Topic {place % 5}"],
            link=f"https://source.example/{place}" if place % 2 else None,
            body=f"Text of {place}. ![](pot.png)\n\n" * 40,
        )
    site.write("articles/pot.png", b"picture" * 1000)


def edit(site: Site, number: int) -> None:
    """Change a third of the articles, take some away and add some."""
    for place in range(0, number, 3):
        site.article(
            f"{place}.md", title=f"Note {place}, corrected", categories=[f"Topic {place % 7}"], body="New. " * 99
        )
    for place in range(1, number, 10):
        (site.root / f"articles/{place}.md").unlink()
    for place in range(number // 10):
        site.article(f"new-{place}.md", categories=["Topic of the new", "Topic 1"], body="Fresh. " * 99)


class Scene:
    """A site before a build, and what an undisturbed build makes of it in how many seconds."""

    def __init__(self, folder: Path) -> None:
        self.before = folder / "before"
        self.expected = tree(folder / "after" / "output")
        self.ledger = (folder / "ledger.jsonl").read_text("utf-8")
        self.duration_s = float((folder / "duration").read_text())

    def copy(self, target: Path) -> Site:
        shutil.copytree(self.before, target)
        return Site(target, CONFIG, **SECTIONS)


def make_scene(folder: Path, number: int, *, first: bool) -> None:
    site = Site(folder / "before", CONFIG, **SECTIONS)
    fill(site, number)
    if not first:
        done = site.command("issue", "cut", "weekly", "--now", "2026-10-01T00:00:00Z")
        assert (done.returncode, done.stderr) == (0, "")
        edit(site, number)
    shutil.copytree(folder / "before", folder / "after")
    after = Site(folder / "after", CONFIG, **SECTIONS)
    started = time.monotonic()
    done = after.command("build", "--now", NOW)
    (folder / "duration").write_text(str(time.monotonic() - started))
    assert (done.returncode, done.stderr) == (0, "")
    (folder / "ledger.jsonl").write_text(after.command("ledger", "export").stdout, "utf-8")


class Reader:
    """Reads every document of an output folder over and over, as web servers do, while the block runs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.read, self.broken = folder, 0, []  # type: Path, int, list[str]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            walked = os.walk(self.folder)  # passes over folders that have gone since
            for path in [Path(folder, name) for folder, _, names in walked for name in names]:
                try:
                    data = path.read_bytes()
                except OSError:  # gone since
                    continue
                if path.name.startswith("."):  # written aside; no server shows it
                    continue
                self.read += 1
                try:
                    assert_whole(path.name, data)
                except Exception as error:
                    self.broken.append(f"{path}: {error}")
            self._stop.wait(0.03)


def kill_after(site: Site, delay_s: float) -> bool:
    """Start a build, kill it with all its workers after a while; returns False if it had ended by then."""
    build = subprocess.Popen(
        [*COMMAND, "build", "--now", NOW],
        cwd=site.root,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        build.wait(delay_s)
    except subprocess.TimeoutExpired:
        os.killpg(build.pid, signal.SIGKILL)
    return build.wait() == -signal.SIGKILL


def phase(site: Site, scene: Scene) -> str:
    """Return how far a build had come when it was killed."""
    before = tree(scene.before / ".syndicate") if (scene.before / ".syndicate").exists() else {}
    now = tree(site.state) if site.state.exists() else {}
    if now.get("report.json") != before.get("report.json"):
        return "6 reported"
    output = site.tree()
    start = tree(scene.before / "output") if (scene.before / "output").exists() else {}
    wanted = {path for path in scene.expected if scene.expected[path] != start.get(path)}
    written = sum(output.get(path) == scene.expected[path] for path in wanted)
    if written:
        return "5 all written" if written == len(wanted) else f"4 written, {written * 4 // len(wanted)} quarters"
    if now.get("published.json") != before.get("published.json"):
        return "3 about to write"
    if now.get("index.sqlite") != before.get("index.sqlite"):
        return "2 articles read"
    return "1 started" if "lock" in now else "0 not started"


def hold_killed(scenes: list[Scene], folder: Path, moments: int, *, earliest: float = 0.0) -> Counter[str]:
    """Kill builds at moments spread over their duration; hold what every reader and the next build may expect."""
    phases: Counter[str] = Counter()
    chance = random.Random(moments)
    for number in range(moments):
        scene = scenes[number % len(scenes)]
        site = scene.copy(folder / str(number))
        # A reader beside it slows a build down: so later than an undisturbed one ends.
        share = earliest + (1.4 - earliest) * (number + chance.random()) / moments
        with Reader(site.output) as reader:
            killed = kill_after(site, scene.duration_s * share)
            phases[phase(site, scene) if killed else "7 ended before"] += 1
            mended = site.command("build", "--now", NOW)
        assert (mended.returncode, mended.stderr) == (0, "")
        assert reader.broken == []
        assert site.tree() == scene.expected
        assert site.say("ledger", "export") == scene.ledger
        shutil.rmtree(site.root)
    for name, count in sorted(phases.items()):
        sys.stdout.write(f"{name:<24} {'#' * count}\n")
    return phases


@pytest.fixture(scope="module")
def small(once: Once) -> Scene:
    return Scene(once("killed-small", lambda folder: make_scene(folder, 30, first=False)))


@pytest.fixture(scope="module")
def large(once: Once) -> list[Scene]:
    return [
        Scene(once("killed-large", lambda folder: make_scene(folder, 300, first=False))),
        Scene(once("killed-large-first", lambda folder: make_scene(folder, 300, first=True))),
    ]


def test_a_killed_build_leaves_whole_files_and_the_next_one_mends_it(small, tmp_path):
    phases = hold_killed([small], tmp_path, 6, earliest=0.3)  # Python has just started by then
    assert sum(phases.values()) == 6


@pytest.mark.real
def test_a_build_killed_at_fifty_moments_leaves_whole_files_and_the_next_one_mends_it(large, tmp_path):
    phases = hold_killed(large, tmp_path, 50)
    assert len(phases) >= 4, phases


def test_a_file_that_was_being_written_when_the_build_was_killed_is_gone_after_the_next(site):
    """Also if what was written is not wanted any more, since the article has changed back."""
    site.article("a.md", title="Kettles")
    site.build()
    before = site.tree()
    for path in ("all/rss.xml", "topics/tea/atom.xml", "index.html"):
        aside_of(site.output / path).write_bytes(b"<rss><chan")
    manifest = site.state / "published.json"
    manifest.write_text(manifest.read_text().replace('"finished":true', '"finished":false'))
    site.article("a.md", title="Pots")
    site.build()
    site.article("a.md", title="Kettles")
    site.build("--full")
    assert site.tree().keys() == before.keys()


# ---- At the same time ------------------------------------------------------------------------


def at_once(site: Site, *commands: tuple[str, ...]) -> list[subprocess.CompletedProcess[str]]:
    """Run commands at the same time and return how each ended."""
    running = [
        subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=site.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for arguments in commands
    ]
    ended = [(process.communicate(), process.args, process.returncode) for process in running]
    return [subprocess.CompletedProcess(args, code, *said) for said, args, code in ended]


def test_two_builds_at_the_same_time_end_well_and_write_each_file_once(small, tmp_path):
    site = small.copy(tmp_path / "site")
    command = ("build", "--json", "--now", NOW)
    with Reader(site.output) as reader:
        first, second = at_once(site, command, command)
    assert [(done.returncode, done.stderr) for done in (first, second)] == [(0, ""), (0, "")]
    assert reader.broken == []
    assert site.tree() == small.expected
    written = sorted(done.stdout.count('"feeds": {"written": 0') for done in (first, second))
    assert written == [0, 1], "one of them found nothing to do"


def test_a_cut_and_a_build_and_a_look_at_the_same_time_end_well(small, tmp_path):
    site = small.copy(tmp_path / "site")
    cut = ("issue", "cut", "weekly", "--now", NOW)
    ended = at_once(site, cut, ("build", "--now", NOW), cut, ("articles", "--now", NOW), ("ledger", "backup", "copy"))
    assert [(done.returncode, done.stderr) for done in ended] == [(0, "")] * 5
    with sqlite3.connect(site.root / "copy") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    copy.close()
    said = sorted(done.stdout.split(" of ")[0] for done in (ended[0], ended[2]))
    assert said == ["cut issue 2", "issue 2"]
    site.build()
    issues = [path for path in site.tree() if path.endswith("issue.txt")]
    assert issues == ["newsletters/weekly/1/issue.txt", "newsletters/weekly/2/issue.txt"]
