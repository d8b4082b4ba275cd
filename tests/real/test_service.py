"""`syndicate serve` as the one process that stays up: it builds, cuts, reloads and ends as it should."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from support import COMMAND, CONFIG, REPO, Site

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(os.name != "posix", reason="ends a process by a signal"),
]
# Long enough for any machine; what is waited for comes within a second or two, the slot of a minute within that minute.
PATIENCE_S = 180.0


class Service:
    """A server that runs, and what it said."""

    def __init__(self, site: Site, *options: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.said_path = site.root / "said.txt"
        self.site, self.options = site, options
        self.start()

    def start(self) -> None:
        with self.said_path.open("ab") as said:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--port", str(self.port), *self.options],
                cwd=self.site.root,
                env={**os.environ, "PYTHONPATH": str(REPO), "PYTHONUNBUFFERED": "1"},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.said_path.read_text("utf-8")

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def wait_for(self, what: Callable[[], bool], told: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not what():
            assert time.monotonic() < end, f"{told}\n{self.said}"
            assert self.process.poll() is None, self.said
            time.sleep(0.1)

    def shows(self, title: str) -> None:
        self.wait_for(lambda: title.encode() in self.get("all/feed.json")[1], f"no {title!r} in the feed")

    def says(self, text: str) -> None:
        self.wait_for(lambda: text in self.said, f"it did not say {text!r}")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site", {**CONFIG, "site": {"title": "Test", "url": "https://t.example/"}})
    site.article("a.md", title="Kettles")
    return site


@pytest.fixture
def service(site: Site) -> Iterator[Service]:
    service = Service(site)
    yield service
    if service.process.poll() is None:
        os.killpg(service.process.pid, signal.SIGKILL)
        service.process.wait()


def test_it_builds_at_its_start_and_when_files_change(site: Site, service: Service) -> None:
    service.shows("Kettles")
    site.article("b.md", title="Loaves")
    service.shows("Loaves")
    (site.root / "articles/a.md").unlink()
    service.wait_for(lambda: b"Kettles" not in service.get("all/feed.json")[1], "the article is still there")
    site.write("templates/pages/topic.html", "<p>changed {{ topic.label }}</p>")
    page = next((site.output / "topics").glob("*/index.html")).relative_to(site.output)
    service.wait_for(lambda: service.get(str(page))[1].startswith(b"<p>changed "), "the page is as it was")


def test_an_article_appears_when_its_time_comes(site: Site, service: Service) -> None:
    service.shows("Kettles")
    soon = datetime.now(UTC) + timedelta(seconds=10)
    site.article("soon.md", title="Soon", date=soon.isoformat())
    service.shows("Soon")  # and not before its time, however long all that takes
    assert datetime.now(UTC) >= soon


def test_a_changed_config_is_read_anew_and_a_broken_one_refused_while_the_old_one_goes_on(
    site: Site, service: Service
) -> None:
    service.shows("Kettles")
    config = yaml_of(site)
    site.configure({**config, "site": {**config["site"], "title": "Renamed"}})
    service.says("the config was read anew\n")
    service.shows("Renamed")
    site.config.write_text("site: [\n", "utf-8")
    service.says("the changed config can't be used, the old one goes on:\nconfig.yaml:2: ")
    site.article("b.md", title="Loaves")
    service.shows("Loaves")
    site.configure(config)
    service.wait_for(lambda: b"Renamed" not in service.get("all/feed.json")[1], "the old title is still there")
    assert service.said.count("can't be used") == 1


def test_it_cuts_what_is_due_and_a_second_process_cuts_nothing_again(site: Site, service: Service) -> None:
    service.shows("Kettles")
    config = yaml_of(site)
    newsletter = {"slug": "now", "title": "Now", "cadence": "* * * * *", "start": "2020-01-01"}
    site.configure({**config, "newsletters": [newsletter]})
    service.says("the config was read anew\n")
    other = Service(site)
    try:
        service.wait_for(lambda: service.get("newsletters/now/1/")[0] == 200, "no issue was cut")
        service.wait_for(lambda: other.get("newsletters/now/1/")[0] == 200, "the other does not show it")
    finally:
        assert other.stop() == 0
    rows = [json.loads(line) for line in site.say("issue", "list", "now", "--json").splitlines()]
    assert [(row["number"], row["stories"]) for row in rows] == [(1, 1)]


def test_a_failure_is_told_once_and_its_end_too(site: Site, service: Service) -> None:
    service.shows("Kettles")
    config = yaml_of(site)
    command = "sh -c 'cat >> told.jsonl; echo >> told.jsonl'"
    site.configure({**config, "notify": {"command": command}})
    service.says("the config was read anew\n")
    broken = site.write("templates/pages/topic.html", "{{ no.such }}")
    service.says("not built: templates/pages/topic.html:1: ")
    site.article("b.md", title="Loaves")
    service.wait_for(lambda: service.said.count("not built: ") >= 2, "it was tried once only")
    broken.unlink()
    service.shows("Loaves")
    service.wait_for(lambda: len(told(site)) >= 2, "the end was not told")
    assert [one["event"] for one in told(site)] == ["build-failed", "build-works"]


def told(site: Site) -> list[dict[str, str]]:
    path = site.root / "told.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def yaml_of(site: Site) -> dict[str, dict[str, str]]:
    config: dict[str, dict[str, str]] = yaml.safe_load(site.config.read_text("utf-8"))
    return config


def test_it_ends_well_at_sigterm_also_in_the_middle_of_a_round(site: Site) -> None:
    for number in range(300):
        site.article(f"n{number}.md", title=f"Note {number}", body="Text. " * 200)
    service = Service(site)
    service.says("serving ")
    time.sleep(0.5)
    assert service.stop() == 0
    assert "Traceback" not in service.said
    # What the round had begun is whole, and the next build ends where it would have ended.
    site.build()
    assert len(site.feed("all/rss.xml").entries) > 0
    end = time.monotonic() + PATIENCE_S
    while left := in_session(service.process.pid):  # workers end once they see that their round is gone
        assert time.monotonic() < end, left
        time.sleep(0.1)


def in_session(leader: int) -> bytes:
    """Return the processes that live in a session."""
    return subprocess.run(["pgrep", "-a", "-r", "R,S,D", "-s", str(leader)], capture_output=True, check=False).stdout


def test_a_killed_round_does_not_end_the_server(site: Site, service: Service) -> None:
    service.shows("Kettles")

    def rounds() -> list[int]:
        found = []
        for task in Path(f"/proc/{service.process.pid}/task").glob("*/children"):
            found += [int(one) for one in task.read_text().split()]
        return [one for one in found if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]

    # The first round has told its outcome, and may not have ended; the next is to have much to do from its start.
    service.wait_for(lambda: not rounds(), "the first round goes on")
    for number in range(1500):
        site.write(f"aside/n{number}.md", f"---\ntitle: Note {number}\ndate: 2026-09-01\n---\n" + "Text. " * 200)
    (site.root / "aside").rename(site.root / "articles/notes")
    service.wait_for(lambda: bool(rounds()), "no round was begun")
    os.kill(rounds()[0], signal.SIGKILL)
    service.says("not built: the round ended without a word (exit code -9)")
    site.article("after.md", title="After", date="2026-10-01")
    service.shows("After")


def test_without_building_it_only_serves(site: Site) -> None:
    service = Service(site, "--no-build")
    try:
        service.says("is empty: run 'syndicate build' first\n")
        service.says("serving ")
        site.build()
        service.shows("Kettles")
        site.article("b.md", title="Loaves")
        time.sleep(3)
        assert b"Loaves" not in service.get("all/feed.json")[1]
    finally:
        assert service.stop() == 0
