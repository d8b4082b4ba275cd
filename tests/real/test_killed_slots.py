"""run-due killed at any moment around a slot, alone and two at once: each slot has exactly one issue."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from support import COMMAND, CONFIG, REPO, Once, Site

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills a process group")

FIRST, SLOT, AFTER = "2026-10-25T08:00:00Z", "2026-10-26T08:00:00Z", "2026-10-26T08:15:00Z"
DAILY = {"slug": "daily", "title": "Daily", "cadence": "daily at 08:00", "start": "2026-01-01"}
WEEKLY = {**DAILY, "slug": "weekly", "title": "Weekly", "cadence": "weekly on Monday at 08:00"}
SECTIONS = {"newsletters": [DAILY, WEEKLY]}
# Rounds that are killed at a step are killed from so many steps before the first claim on.
BEFORE_CLAIM = 60


class Scene:
    """A site just before a slot of two newsletters, and what an undisturbed round makes of it in how many seconds."""

    def __init__(self, folder: Path) -> None:
        self.before = folder / "before"
        self.expected = json.loads((folder / "expected.json").read_text("utf-8"))
        self.claim, self.steps = map(int, (folder / "steps").read_text().split())
        self.duration_s = float((folder / "duration").read_text())

    def copy(self, target: Path) -> Site:
        shutil.copytree(self.before, target)
        return Site(target, CONFIG, **SECTIONS)


def make_scene(folder: Path) -> None:
    site = Site(folder / "before", CONFIG, **SECTIONS)
    for number in range(40):
        site.article(f"{number}.md", title=f"Note {number}", categories=[f"Topic {number % 5}"], body="Text. " * 60)
    assert site.command("run-due", "--now", FIRST).returncode == 0
    for number in range(40, 60):
        site.article(f"{number}.md", title=f"Note {number}", categories=[f"Topic {number % 5}"], body="New. " * 60)
    shutil.copytree(folder / "before", folder / "after")
    after = Site(folder / "after", CONFIG, **SECTIONS)
    started = time.monotonic()
    assert start(after).wait() == 0
    (folder / "duration").write_text(str(time.monotonic() - started))
    shutil.copytree(folder / "before", folder / "counted")
    counted = Site(folder / "counted", CONFIG, **SECTIONS)
    assert start(counted, *at_step(0, folder / "steps")).wait() == 0
    (folder / "expected.json").write_text(json.dumps(outcome(after)), "utf-8")


def outcome(site: Site) -> dict[str, object]:
    """Return all that a slot leaves: issues with what they say and carry, fates, and the published pages."""
    rows = [json.loads(line) for line in site.say("ledger", "export").splitlines()[1:]]
    moments = ("cut_at", "claimed_at", "settled_at")
    kept = [{name: value for name, value in row.items() if name not in moments} for row in rows]
    pages = {path: data.decode() for path, data in site.tree().items() if path.startswith("newsletters/")}
    return {"rows": [row for row in kept if row["table"] in ("issue", "issue_article", "slot")], "pages": pages}


def start(site: Site, *command: str) -> subprocess.Popen[bytes]:
    """Start a round, by default as people do."""
    with (site.root / "said").open("ab") as said:
        return subprocess.Popen(
            [*(command or COMMAND), "run-due", "--now", SLOT],
            cwd=site.root,
            env={**os.environ, "PYTHONPATH": str(REPO)},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )


def at_step(number: int, count_file: Path) -> tuple[str, ...]:
    """Return the command whose round kills itself at a step."""
    return (sys.executable, str(REPO / "tests/killed_at_step.py"), str(number), str(count_file))


def kill(process: subprocess.Popen[bytes]) -> bool:
    """Kill a round with all its workers; returns False if it had ended by then."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def phase(site: Site) -> str:
    """Return how far the slot's two issues had come when the round was killed."""
    with closing(sqlite3.connect(site.state / "ledger.sqlite")) as ledger:
        fates = [fate for (fate,) in ledger.execute("SELECT fate FROM slot WHERE due = ?", (SLOT,))]
        issues = ledger.execute("SELECT newsletter, number FROM issue WHERE due = ?", (SLOT,)).fetchall()
    if "claimed" in fates:
        return f"2 claimed, {len(issues)} of 2 cut"
    if len(issues) < 2:
        return f"1 not claimed, {len(issues)} of 2 cut"
    pages = [site.output / f"newsletters/{slug}/{number}/index.html" for slug, number in issues]
    return f"3 both cut, {sum(page.exists() for page in pages)} of 2 published"


def disturb(site: Site, scene: Scene, share: float, *, together: bool, by_step: bool) -> bool:
    """Kill a round, or two at once, after a share of its steps or its time; returns whether any was still running."""
    if by_step:
        first = scene.claim - BEFORE_CLAIM
        command = at_step(first + round((scene.steps - first) * share), site.root / "steps")
        processes = [start(site, *command) for _ in range(1 + together)]
        return -signal.SIGKILL in {process.wait() for process in processes}
    processes = [start(site) for _ in range(1 + together)]
    # Python starts first; two share the cores.
    time.sleep(scene.duration_s * (0.4 + share) * (1.5 if together else 1))
    return True in {kill(process) for process in processes}


def hold_killed(scene: Scene, folder: Path, runs: int) -> Counter[str]:
    """Kill rounds at chosen moments, alone and two at once, and run them again: all is as if nothing had happened."""
    phases: Counter[str] = Counter()
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    sys.stdout.write(f"seed {seed}, first claim at step {scene.claim} of {scene.steps}\n")
    for number in range(runs):
        site = scene.copy(folder / str(number))
        share, together, by_step = (number + chance.random()) / runs, number % 2 == 1, number % 3 != 2
        killed = disturb(site, scene, share, together=together, by_step=by_step)
        phases[phase(site) if killed else "4 ended before"] += 1
        again = [start(site) for _ in range(1 + together)]
        codes = [process.wait() for process in again]
        assert (codes, (site.root / "said").read_text("utf-8")) == ([0] * len(again), "")
        assert outcome(site) == scene.expected, f"run {number}, seed {seed}"
        late = json.loads(site.say("run-due", "--now", AFTER, "--json"))
        assert late["slots"] == []
        assert outcome(site) == scene.expected, f"run {number}, seed {seed}"
        shutil.rmtree(site.root)
    for name, number in sorted(phases.items()):
        sys.stdout.write(f"{name:<32} {number:>4} {'#' * number}\n")
    return phases


@pytest.fixture(scope="module")
def scene(once: Once) -> Scene:
    return Scene(once("killed-slots", make_scene))


def test_the_undisturbed_round_cuts_both_newsletters(scene: Scene) -> None:
    rows = scene.expected["rows"]
    cut = [(row["newsletter"], row["due"], row["fate"]) for row in rows if row["table"] == "slot"]
    assert ("daily", SLOT, "cut") in cut
    assert ("weekly", SLOT, "cut") in cut
    issues = sum(row["table"] == "issue" for row in rows)
    newsletters = {row["newsletter"] for row in rows if row["table"] == "issue"}
    # A page and a text for each issue; an archive page and three feeds for each newsletter.
    assert len(scene.expected["pages"]) == 2 * issues + 4 * len(newsletters)


@pytest.mark.real
def test_rounds_killed_around_a_slot_leave_one_issue_each(scene: Scene, tmp_path: Path) -> None:
    runs = int(os.environ.get("SYNDICATE_KILLS", "12"))
    assert sum(hold_killed(scene, tmp_path, runs).values()) == runs
