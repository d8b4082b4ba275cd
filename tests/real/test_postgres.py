"""Commands with the ledger on PostgreSQL: as on SQLite, from several machines, and without showing a password."""

import json
import os
from pathlib import Path
from subprocess import Popen
from urllib.parse import quote

import pytest
from databases import PASSWORD, Server
from support import COMMAND, CONFIG, NOW, REPO, Site, settle

WEEKLY = {"slug": "weekly", "title": "Weekly", "cadence": "weekly on Monday at 08:00", "start": "2026-01-01"}

MONDAY = "2026-11-02T08:10:00Z"


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.new_database()


def machine(root: Path, url: str | None, **sections: object) -> Site:
    """Return a machine of its own, with the same articles and config as the others."""
    ledger = {"ledger": {"url": url}} if url else {}
    site = Site(root, CONFIG, newsletters=[WEEKLY], **ledger, **sections)
    for number in range(5):
        site.article(f"{number}.md", title=f"Note {number}", categories=[f"Topic {number % 2}"])
    return site


def built_at(site: Site) -> int:
    """Return when a build last had something to do."""
    return (site.state / "report.json").stat().st_mtime_ns


def rows(site: Site) -> list[str]:
    return site.say("ledger", "export").splitlines()


def test_it_gives_what_sqlite_gives(url: str, tmp_path: Path) -> None:
    on_postgres, on_sqlite = machine(tmp_path / "a", url), machine(tmp_path / "b", None)
    for site in (on_postgres, on_sqlite):
        site.build()
        site.say("run-due", "--now", NOW)
        site.say("issue", "cut", "weekly", "--now", NOW)
    assert on_postgres.tree() == on_sqlite.tree()
    assert rows(on_postgres) == rows(on_sqlite)
    assert not (on_postgres.state / "ledger.sqlite").exists()


def test_a_build_with_nothing_to_do_ends_at_once_until_another_machine_records_something(
    url: str, tmp_path: Path
) -> None:
    one, other = machine(tmp_path / "one", url), machine(tmp_path / "other", url)
    settle()
    one.build()
    first = built_at(one)
    one.build()
    other.build()
    one.build()
    assert built_at(one) == first  # the other one saw the same articles, and recorded nothing
    other.say("issue", "cut", "weekly", "--now", NOW)
    assert not (one.output / "newsletters/weekly/1").exists()
    one.build()
    assert built_at(one) != first
    assert one.tree() == other.tree()
    assert (one.output / "newsletters/weekly/1/index.html").exists()


def test_machines_that_build_and_cut_at_once_agree(url: str, tmp_path: Path) -> None:
    machines = [machine(tmp_path / str(number), url) for number in range(3)]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    for now in (NOW, MONDAY):
        at_once = [Popen([*COMMAND, "run-due", "--now", now], cwd=site.root, env=environment) for site in machines]
        assert [process.wait() for process in at_once] == [0, 0, 0]
    for site in machines:
        site.build(now=MONDAY)
    assert machines[0].tree() == machines[1].tree() == machines[2].tree()
    found = [json.loads(row) for row in rows(machines[0])[1:]]
    assert sum(row["table"] == "identity" for row in found) == 5
    assert [(row["newsletter"], row["number"]) for row in found if row["table"] == "issue"] == [("weekly", 1)]
    assert [row["fate"] for row in found if row["table"] == "slot"] == ["cut"]


class TestCopies:
    def test_there_and_back(self, postgres: Server, url: str, tmp_path: Path) -> None:
        site = machine(tmp_path / "site", None)
        site.build()
        site.say("issue", "cut", "weekly", "--now", NOW)
        before = rows(site)
        file = str(site.state / "ledger.sqlite")
        bytes_before = Path(file).read_bytes()
        assert site.say("ledger", "copy", file, url) == f"copied {len(before) - 1} rows\n"
        assert Path(file).read_bytes() == bytes_before
        moved = machine(tmp_path / "moved", url)
        moved.build()
        assert rows(moved) == before
        assert moved.tree() == site.tree()
        other = postgres.new_database()
        site.say("ledger", "copy", url, other)
        site.say("ledger", "copy", other, str(tmp_path / "back.sqlite"))
        back = machine(tmp_path / "back", None)
        back.say("ledger", "copy", str(tmp_path / "back.sqlite"), str(back.state / "ledger.sqlite"))
        assert rows(back) == before

    def test_what_is_there_is_replaced_on_request_only(self, url: str, tmp_path: Path) -> None:
        site = machine(tmp_path / "site", url)
        site.build()
        before = rows(site)
        empty = machine(tmp_path / "empty", None, sources=[{"path": "articles"}])
        (empty.root / "articles/0.md").unlink()
        empty.build()
        file = str(empty.state / "ledger.sqlite")
        told = f"{shown(url)}: holds something already; add --replace to replace it"
        assert site.refuse("ledger", "copy", file, url) == told
        assert rows(site) == before
        site.say("ledger", "copy", file, url, "--replace")
        assert rows(site) == rows(empty)
        assert site.build()["feeds"]["written"] == 0  # the same feeds, as they stand
        assert {row for row in rows(site) if '"identity"' in row} == {row for row in before if '"identity"' in row}

    def test_a_backup_is_a_sqlite_ledger(self, url: str, tmp_path: Path) -> None:
        site = machine(tmp_path / "site", url)
        site.build()
        backup = tmp_path / "backup.sqlite"
        assert site.say("ledger", "backup", str(backup)) == f"backed up the ledger to {backup}\n"
        assert site.refuse("ledger", "backup", str(backup)) == f"{backup}: exists already; name a new file"
        restored = machine(tmp_path / "restored", None)
        restored.state.mkdir()
        backup.rename(restored.state / "ledger.sqlite")
        assert rows(restored) == rows(site)
        assert not list(tmp_path.glob(".*"))

    def test_places_that_can_not_be_are_told(self, url: str, tmp_path: Path) -> None:
        site = machine(tmp_path, url)
        password = url.replace("postgres@", "postgres:s3same@")
        told = {
            (url, url): f"{url}: is the ledger that is to be copied; name another place",
            ("no.sqlite", url): f"{Path('no.sqlite').absolute()}: there is no ledger",
            (password, "x.sqlite"): f"{shown(url)}: put the password into PGPASSWORD or a file that PGPASSFILE names, "
            "not on the command line",
            ("postgresql://a@b@c/d", "x.sqlite"): "postgresql://c/d: expected letters that part an address to be "
            "percent-encoded (%40 for @, %2F for /), got a bare one",
        }
        for places, words in told.items():
            assert site.refuse("ledger", "copy", *places) == words
        assert not Path("x.sqlite").exists()


class TestPassword:
    def test_from_a_file(self, url: str, tmp_path: Path) -> None:
        site = machine(tmp_path, None, ledger={"url": url.replace("postgres@", "locked@"), "password_file": "secret"})
        site.write("secret", f"{PASSWORD}\n")
        settle()
        site.build()
        first = built_at(site)
        site.build()
        assert built_at(site) == first
        site.write("secret", "wrong\n")
        site.article("more.md")
        assert PASSWORD not in site.refuse("build")
        (tmp_path / "secret").unlink()
        assert site.refuse("build") == (
            f"{site.config}: ledger.password_file: {tmp_path / 'secret'}: No such file or directory "
            "(put the password on its first line)"
        )

    @pytest.mark.parametrize("how", ["PGPASSWORD", "PGPASSFILE", "SYNDICATE_LEDGER_URL"])
    def test_from_the_environment(self, how: str, url: str, tmp_path: Path) -> None:
        locked = url.replace("postgres@", "locked@")
        site = machine(tmp_path, "postgresql://not@/there" if how == "SYNDICATE_LEDGER_URL" else locked)
        file = site.write("pgpass", f"*:*:*:*:{PASSWORD}\n")
        file.chmod(0o600)
        values = {
            "PGPASSWORD": PASSWORD,
            "PGPASSFILE": str(file),
            "SYNDICATE_LEDGER_URL": locked.replace("locked@", f"locked:{quote(PASSWORD, safe='')}@"),
        }
        environment = {"PYTHONPATH": str(REPO), how: values[how]}
        done = site.command("build", "--json", env=environment)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["published"] == 5
        said = "".join(path.read_bytes().decode("utf-8", "replace") for path in site.state.rglob("*") if path.is_file())
        for secret in (PASSWORD, quote(PASSWORD, safe="")):
            assert secret not in done.stdout + said

    def test_an_address_of_the_environment_that_is_none_ends_with_2(self, tmp_path: Path) -> None:
        site = machine(tmp_path, None)
        environment = {"PYTHONPATH": str(REPO), "SYNDICATE_LEDGER_URL": "mysql://me:s3same@host/db"}
        done = site.command("build", env=environment)
        told = "SYNDICATE_LEDGER_URL: expected an address such as postgresql://user@host/database\n"
        assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


def test_without_the_library_it_says_what_to_install(tmp_path: Path) -> None:
    site = machine(tmp_path, "postgresql://me@nowhere.invalid/ledger")
    site.write("shadow/psycopg.py", "raise ImportError('not installed')\n")
    environment = {"PYTHONPATH": os.pathsep.join([str(site.root / "shadow"), str(REPO)])}
    done = site.command("build", env=environment)
    told = "config.yaml: ledger.url: a ledger on PostgreSQL needs the library psycopg (install syndicate[postgres])\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


def test_sqlite_needs_no_psycopg(tmp_path: Path) -> None:
    site = machine(tmp_path, None)
    site.write("shadow/psycopg.py", "raise ImportError('not installed')\n")
    environment = {"PYTHONPATH": os.pathsep.join([str(site.root / "shadow"), str(REPO)])}
    for _ in range(2):
        assert site.command("build", env=environment).returncode == 0


def shown(url: str) -> str:
    return f"postgresql:///{url.partition('?')[0].rpartition('/')[2]}"
