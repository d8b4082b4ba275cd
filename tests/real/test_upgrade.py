"""Ledgers of every version that ever was open with the newest, and a copy taken while work goes on restores."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from support import COMMAND, CONFIG, REPO, Site

from syndicate.adapters import migrations

pytestmark = pytest.mark.real
REVISIONS = sorted(path.name[:4] for path in (Path(migrations.__file__).parent / "versions").glob("0*.py"))
NEWSLETTER = {"slug": "weekly", "title": "Weekly", "cadence": "weekly on Monday at 08:00", "start": "2026-01-01"}
NOW = "2026-06-01T12:00:00Z"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site", CONFIG, newsletters=[NEWSLETTER])
    for number in range(12):
        site.article(f"{number}.md", title=f"Note {number}", categories=[f"Topic {number % 3}"])
    site.say("issue", "cut", "weekly", "--now", NOW)
    return site


def rows(ledger: Path) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table but Alembic's own."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2")]
            for name in names
            if name != "alembic_version"
        }


def make_old(path: Path, revision: str, content: dict[str, list[dict[str, Any]]]) -> None:
    """Make a ledger as a former version left it: its tables, with what of the content they had."""
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        for table, table_rows in content.items():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            for row in table_rows if columns else []:
                kept = [name for name in columns if name in row]
                marks = ", ".join("?" * len(kept))
                values = [row[name] for name in kept]
                connection.execute(f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({marks})", values)
        connection.commit()


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_ledger_of_any_version_opens_and_nothing_is_lost(site: Site, tmp_path: Path, revision: str) -> None:
    ids = {entry.title: entry.id for entry in site.feed("all/rss.xml").entries}
    page = site.say("issue", "show", "weekly", "1", "--html")
    ledger = site.state / "ledger.sqlite"
    make_old(tmp_path / "old.sqlite", revision, rows(ledger))
    before = rows(tmp_path / "old.sqlite")
    assert len(before["identity"]) == 12
    assert len(before["issue_article"]) == 12
    for path in site.state.glob("ledger.sqlite*"):
        path.unlink()
    shutil.copy(tmp_path / "old.sqlite", ledger)
    site.article("0.md", title="Note 0", categories=["Topic 0"], slug="renamed")
    site.article("new.md", title="New")
    site.build(now="2026-06-02T12:00:00Z")
    now_ids = {entry.title: entry.id for entry in site.feed("all/rss.xml").entries}
    assert {title: now_ids[title] for title in ids} == ids
    assert site.say("issue", "show", "weekly", "1", "--html") == page
    after = rows(ledger)
    for table in ("setting", "identity_key", "topic", "issue", "issue_article"):
        kept = [{name: row[name] for name in before[table][0]} for row in after[table]]
        assert [row for row in before[table] if row not in kept] == [], table
    first_seen = {row["id"]: row["first_seen"] for row in after["identity"]}
    assert {row["id"]: first_seen[row["id"]] for row in before["identity"]} == {
        row["id"]: row["first_seen"] for row in before["identity"]
    }


def test_a_copy_taken_while_builds_run_restores(site: Site, tmp_path: Path) -> None:
    article = r"---\ntitle: More %d\ndate: 2026-05-01\ncategories: [Tea]\n---\nText.\n"
    build = f"{' '.join(COMMAND)} build --now {NOW} || exit 1"
    script = f"for n in $(seq 12); do printf -- '{article}' $n > articles/more$n.md; {build}; done"
    building = subprocess.Popen(
        ["sh", "-c", script], cwd=site.root, env={**os.environ, "PYTHONPATH": str(REPO)}, stdout=subprocess.DEVNULL
    )
    copies = []
    while building.poll() is None:
        target = tmp_path / f"copy{len(copies)}.sqlite"
        site.say("ledger", "backup", str(target))
        copies.append(target)
    assert building.returncode == 0
    last = {entry.title: entry.id for entry in site.feed("all/rss.xml").entries}
    assert len(last) == 24
    for copy in (copies[0], copies[len(copies) // 2], copies[-1]):
        for path in site.state.iterdir():
            path.unlink()
        shutil.copy(copy, site.state / "ledger.sqlite")
        site.build(now=NOW)
        assert {entry.title: entry.id for entry in site.feed("all/rss.xml").entries} == last
        assert site.say("issue", "list", "weekly").startswith("1\t")
