"""Telling people: killed at any step nothing is lost, and what takes long does not hold up the end of a server."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prove import record
from support import COMMAND, CONFIG, REPO, Site

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(os.name != "posix", reason="ends processes by signals"),
]
# Long enough for any machine.
PATIENCE_S = 60.0
# The documented bound of the end of a server.
END_S = 20.0
TELL = "import sys; open('told.jsonl', 'a').write(sys.stdin.read() + chr(10))"
FAST = f'{sys.executable} -c "{TELL}"'
SLOW = f"{sys.executable} -c \"import os, time; open('begun', 'w').write(str(os.getpid())); time.sleep(600)\""
BROKEN = "templates/pages/topic.html"


def told(site: Site) -> list[dict[str, Any]]:
    path = site.root / "told.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def events(site: Site) -> Counter[tuple[str, str | None]]:
    return Counter((one["event"], one["newsletter"]) for one in told(site))


def waiting(site: Site, way: str) -> list[str]:
    memory = json.loads((site.state / "notices.json").read_bytes())[way]
    return [notice["event"] for notice in memory["waiting"]]


# ---- killed rounds --------------------------------------------------------------------------

DAILY = {"title": "A newsletter", "cadence": "daily at 08:00", "start": "2026-01-01", "max_lateness_hours": 2}
KNOWN, DRAFTED, NOW = "2026-10-25T07:00:00Z", "2026-10-25T09:00:00Z", "2026-10-27T12:00:00Z"
# What the round at NOW has to tell: slots were missed, a draft gave way, others wait for approval.
EXPECTED = {
    ("slot-missed", "missed"),
    ("slot-missed", "dropped"),
    ("issue-dropped", "dropped"),
    ("issue-drafted", "dropped"),
    ("issue-drafted", "b"),
}


@pytest.fixture
def scene(tmp_path: Path) -> Site:
    """A site on which nothing ran for two days, with much to tell."""
    approved = {**DAILY, "approval": "required"}
    newsletters = [
        {**DAILY, "slug": "missed"},
        {**approved, "slug": "dropped"},
        {**approved, "slug": "b", "cadence": "weekly on Wednesday at 08:00"},
    ]
    site = Site(tmp_path / "site", CONFIG, newsletters=newsletters, notify={"command": FAST})
    site.article("a.md", title="Kettles")
    site.say("run-due", "--now", KNOWN)
    site.say("run-due", "--now", DRAFTED)
    (site.root / "told.jsonl").unlink()
    return site


def test_what_a_killed_round_had_to_tell_is_told_by_the_next(scene: Site, tmp_path: Path) -> None:
    count_file = tmp_path / "steps"

    def copy(name: str) -> Site:
        shutil.copytree(scene.root, tmp_path / name)
        site = Site(tmp_path / name)
        shutil.copy(scene.config, site.config)
        return site

    def run_to(site: Site, step: int) -> int:
        command = [sys.executable, str(REPO / "tests/killed_at_step.py"), str(step), str(count_file)]
        environment = {**os.environ, "PYTHONPATH": str(REPO)}
        return subprocess.run(
            [*command, "run-due", "--now", NOW], cwd=site.root, env=environment, capture_output=True, check=False
        ).returncode

    undisturbed = copy("undisturbed")
    assert run_to(undisturbed, 0) == 0
    assert events(undisturbed) == dict.fromkeys(EXPECTED, 1)
    claim, steps = map(int, count_file.read_text().split())
    runs = int(os.environ.get("SYNDICATE_KILLS", "10"))
    lost_before, doubled = 0, 0
    for number in range(runs):
        site = copy(str(number))
        assert run_to(site, claim + (steps - claim) * number // runs + 1) == -signal.SIGKILL
        before = events(site)
        lost_before += before != events(undisturbed)
        for _ in range(2):
            site.say("run-due", "--now", NOW)
        after = events(site)
        assert set(after) == EXPECTED
        # Only one that was sent at the very moment of the kill comes again: whether it arrived is not known.
        assert sum(after.values()) <= len(EXPECTED) + (1 if before else 0)
        doubled += sum(after.values()) - len(EXPECTED)
        shutil.rmtree(site.root)
    record("killed-telling", {"kills": runs, "before all was told": lost_before, "told twice": doubled})
    assert lost_before > 0


# ---- a server that is to end -----------------------------------------------------------------


def wait_for(what: Callable[[], object], said: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, said.read_text("utf-8")
        time.sleep(0.1)


@contextmanager
def serving(site: Site) -> Iterator[Callable[[], int]]:
    """Run a server; yields what ends it within the time that it has, and returns its exit code."""
    with (site.root / "said").open("wb") as said:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0"],
            cwd=site.root,
            env={**os.environ, "PYTHONPATH": str(REPO), "PYTHONUNBUFFERED": "1"},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )

    def end() -> int:
        process.send_signal(signal.SIGTERM)
        return process.wait(END_S)

    try:
        yield end
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site", CONFIG)
    site.article("a.md", title="Kettles")
    return site


def test_a_slow_command_is_cut_off_and_its_notice_told_at_the_next_start(site: Site) -> None:
    site.write(BROKEN, "{{ no.such }}")
    site.configure({**CONFIG, "notify": {"command": SLOW}})
    begun = site.root / "begun"
    with serving(site) as end:
        wait_for(lambda: begun.exists() and begun.read_text(), site.root / "said")
        assert end() == 0
    assert not lives(int(begun.read_text()))
    assert "Traceback" not in (site.root / "said").read_text("utf-8")
    assert waiting(site, "command") == ["build-failed"]
    site.configure({**CONFIG, "notify": {"command": FAST}})
    with serving(site) as end:
        wait_for(lambda: told(site), site.root / "said")
        assert end() == 0
    assert [one["event"] for one in told(site)] == ["build-failed"]
    assert waiting(site, "command") == []


def test_that_a_config_is_refused_holds_up_no_end_either(site: Site) -> None:
    site.configure({**CONFIG, "notify": {"command": SLOW}})
    begun, said = site.root / "begun", site.root / "said"
    with serving(site) as end:
        wait_for(lambda: " published " in said.read_text("utf-8"), said)
        site.config.write_text("site: [\n", "utf-8")
        wait_for(lambda: begun.exists() and begun.read_text(), said)
        assert end() == 0
    assert not lives(int(begun.read_text()))
    assert "Traceback" not in said.read_text("utf-8")
    assert waiting(site, "command") == ["config-refused"]


def test_a_webhook_that_never_answers_is_left(site: Site) -> None:
    site.write(BROKEN, "{{ no.such }}")
    with socket.create_server(("127.0.0.1", 0)) as hook:
        hook.settimeout(PATIENCE_S)
        site.configure({**CONFIG, "notify": {"webhook": f"http://127.0.0.1:{hook.getsockname()[1]}/"}})
        with serving(site) as end:
            connection, _ = hook.accept()
            with connection:
                assert end() == 0
    assert "Traceback" not in (site.root / "said").read_text("utf-8")
    assert waiting(site, "webhook") == ["build-failed"]
