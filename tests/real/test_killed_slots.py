"""run-due killed at any moment around a slot, alone and two at once: each slot has exactly one issue.

On SQLite two processes share a folder; on PostgreSQL each has a machine of its own, with nothing but the ledger shared.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from databases import Server
from prove import record
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
        self.folder = folder

    def machines(self, target: Path, server: Server | None) -> tuple[Site, Site]:
        """Return where the two processes of a run work: in one folder, or in two with a ledger on a server."""
        sites = [Site(target / "0", CONFIG, **SECTIONS)]
        shutil.copytree(self.before, sites[0].root, dirs_exist_ok=True)
        if server is None:
            return sites[0], sites[0]
        file, url = sites[0].state / "ledger.sqlite", server.new_database()
        sites[0].say("ledger", "copy", str(file), url)
        file.unlink()
        sites[0].configure({**CONFIG, **SECTIONS, "ledger": {"url": url}})
        shutil.copytree(sites[0].root, target / "1")
        return sites[0], Site(target / "1", CONFIG, **SECTIONS, ledger={"url": url})

    def count_steps(self, server: Server) -> None:
        """Count the steps anew: a round takes others with the ledger on a server."""
        site, _ = self.machines(self.folder / "counted-on-server", server)
        count_file = self.folder / "steps-on-server"
        assert start(site, *at_step(0, count_file)).wait() == 0
        self.claim, self.steps = map(int, count_file.read_text().split())
        shutil.rmtree(site.root.parent)


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


def ledger_rows(site: Site, *tables: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in site.say("ledger", "export").splitlines()[1:]]
    return [row for row in rows if row["table"] in tables]


def outcome(site: Site) -> dict[str, object]:
    """Return all that a slot leaves: issues with what they say and carry, fates, and the published pages."""
    moments = ("cut_at", "claimed_at", "settled_at")
    rows = ledger_rows(site, "issue", "issue_article", "slot")
    pages = {path: data.decode() for path, data in site.tree().items() if path.startswith("newsletters/")}
    kept = [{name: value for name, value in row.items() if name not in moments} for row in rows]
    return {"rows": kept, "pages": pages}


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
    rows = [row for row in ledger_rows(site, "slot", "issue") if row["due"] == SLOT]
    issues = [(row["newsletter"], row["number"]) for row in rows if row["table"] == "issue"]
    if any(row.get("fate") == "claimed" for row in rows):
        return f"2 claimed, {len(issues)} of 2 cut"
    if len(issues) < 2:
        return f"1 not claimed, {len(issues)} of 2 cut"
    pages = [site.output / f"newsletters/{slug}/{number}/index.html" for slug, number in issues]
    return f"3 both cut, {sum(page.exists() for page in pages)} of 2 published"


def disturb(sites: Sequence[Site], scene: Scene, share: float, *, by_step: bool) -> bool:
    """Kill a round of each site after a share of its steps or its time; returns whether any was still running."""
    if by_step:
        first = scene.claim - BEFORE_CLAIM
        step = first + round((scene.steps - first) * share)
        processes = [start(site, *at_step(step, site.root / "steps")) for site in sites]
        return -signal.SIGKILL in {process.wait() for process in processes}
    processes = [start(site) for site in sites]
    # Python starts first; two share the cores.
    time.sleep(scene.duration_s * (0.4 + share) * (1.5 if len(sites) > 1 else 1))
    return True in {kill(process) for process in processes}


def hold_killed(scene: Scene, folder: Path, runs: int, server: Server | None = None) -> Counter[str]:
    """Kill rounds at chosen moments, alone and two at once, and run them again: all is as if nothing had happened."""
    phases: Counter[str] = Counter()
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    sys.stdout.write(f"seed {seed}, first claim at step {scene.claim} of {scene.steps}\n")
    for number in range(runs):
        machines = scene.machines(folder / str(number), server)
        share, together, by_step = (number + chance.random()) / runs, number % 2 == 1, number % 3 != 2
        sites = machines[: 1 + together]
        killed = disturb(sites, scene, share, by_step=by_step)
        phases[phase(sites[0]) if killed else "4 ended before"] += 1
        # The one that was killed alone goes on, or the other one in its place.
        again = sites if together else machines[number // 2 % 2 :][:1]
        codes = [process.wait() for process in [start(site) for site in again]]
        said = {(site.root / "said").read_text("utf-8") for site in (*sites, *again)}
        assert (set(codes), said) == ({0}, {""})
        run = f"run {number}, seed {seed}"
        if server is None:
            assert outcome(sites[0]) == scene.expected, run
        for site in machines:
            late = json.loads(site.say("run-due", "--now", AFTER, "--json"))
            assert late["slots"] == []
            assert outcome(site) == scene.expected, run
        shutil.rmtree(folder / str(number))
    record("killed-sqlite" if server is None else "killed-postgres", phases)
    return phases


@pytest.fixture(scope="module")
def scene(once: Once) -> Scene:
    return Scene(once("killed-slots", make_scene))


def test_the_undisturbed_round_cuts_both_newsletters(scene: Scene) -> None:
    rows = scene.expected["rows"]
    cut = [(row["newsletter"], row["due"], row["fate"]) for row in rows if row["table"] == "slot"]
    assert ("daily", SLOT, "cut") in cut
    assert ("weekly", SLOT, "cut") in cut
    of_issues = [path for path in scene.expected["pages"] if path.endswith(("/issue.txt", "/index.html"))]
    newsletters = {row["newsletter"] for row in rows if row["table"] == "issue"}
    assert len(of_issues) == 2 * sum(row["table"] == "issue" for row in rows) + len(newsletters)


@pytest.mark.real
def test_rounds_killed_around_a_slot_leave_one_issue_each(scene: Scene, tmp_path: Path) -> None:
    runs = int(os.environ.get("SYNDICATE_KILLS", "12"))
    assert sum(hold_killed(scene, tmp_path, runs).values()) == runs


@pytest.mark.real
def test_machines_killed_around_a_slot_with_one_ledger_leave_one_issue_each(
    scene: Scene, postgres: Server, tmp_path: Path
) -> None:
    runs = int(os.environ.get("SYNDICATE_KILLS", "12"))
    scene.count_steps(postgres)
    assert sum(hold_killed(scene, tmp_path, runs, postgres).values()) == runs
