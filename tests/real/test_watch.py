"""`syndicate build --watch`: it builds when files change and by the clock, wherever it publishes to."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support import COMMAND, CONFIG, REPO, Site

pytestmark = [pytest.mark.real, pytest.mark.skipif(os.name != "posix", reason="ends a process by a signal")]
# Long enough for any machine; what is waited for comes within a second or two.
PATIENCE_S = 120.0
Wait = Callable[[Callable[[], object]], None]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site", CONFIG)
    site.article("a.md", title="Kettles")
    return site


def said(site: Site) -> str:
    return (site.root / "said.txt").read_text("utf-8")


@contextmanager
def watching(site: Site, *options: str) -> Iterator[Wait]:
    """Watch a site until Ctrl-C; yields what waits for something to come."""
    with (site.root / "said.txt").open("wb") as file:
        process = subprocess.Popen(
            [*COMMAND, "build", "--watch", *options],
            cwd=site.root,
            env={**os.environ, "PYTHONPATH": str(REPO), "PYTHONUNBUFFERED": "1"},
            stdout=file,
            stderr=file,
        )

    def wait_for(what: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not what():
            assert time.monotonic() < end, said(site)
            assert process.poll() is None, said(site)
            time.sleep(0.1)

    try:
        wait_for(lambda: "watching for changes (stop with Ctrl-C)" in said(site))
        yield wait_for
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in said(site)


def titles(folder: Path) -> bytes:
    return (folder / "all/feed.json").read_bytes()


def test_it_builds_again_and_survives_a_mistake(site: Site) -> None:
    with watching(site) as wait_for:
        site.article("b.md", title="Loaves")
        wait_for(lambda: b"Loaves" in titles(site.output))
        broken = site.write("templates/pages/topic.html", "{{ no.such }}")
        wait_for(lambda: "templates/pages/topic.html:1: " in said(site))
        broken.unlink()
        site.article("c.md", title="Cups")
        wait_for(lambda: b"Cups" in titles(site.output))
    assert {entry.title for entry in site.feed("all/rss.xml").entries} == {"Kettles", "Loaves", "Cups"}


@pytest.mark.parametrize("options", [(), ("--output", "elsewhere"), ("--full",)])
def test_an_article_appears_when_its_time_comes(site: Site, options: tuple[str, ...]) -> None:
    output = site.root / "elsewhere" if "--output" in options else site.output
    soon = datetime.now(UTC) + timedelta(seconds=10)
    site.article("soon.md", title="Soon", date=soon.isoformat())
    with watching(site, *options) as wait_for:
        wait_for(lambda: b"Soon" in titles(output))
        assert datetime.now(UTC) >= soon
    assert b"Kettles" in titles(output)


def test_what_cannot_go_with_watch_is_told(site: Site) -> None:
    for option in ("--dry-run", "--strict", "--now=2026-01-01"):
        assert site.refuse("build", "--watch", option) == (
            "--watch builds for real, by the clock: leave out --dry-run, --strict and --now"
        )
