"""The wheel holds all that the program needs: installed elsewhere, without the checkout, it does its whole work."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from support import NOW, REPO, Once, Site, tree

pytestmark = pytest.mark.real

WEEKLY = {"slug": "weekly", "title": "Weekly", "cadence": "weekly on Monday at 08:00", "start": "2026-01-01"}


@pytest.fixture(scope="module")
def wheel(once: Once) -> Path:
    def make(folder: Path) -> None:
        subprocess.run(
            [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(REPO)],
            check=True,
        )

    (built,) = once("wheel", make).glob("syndicate-*-py3-none-any.whl")
    return built


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The command of an environment that holds the wheel and what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("venv") / "v"
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "--quiet", wheel], check=True)
    return str(scripts / "syndicate")


def run(command: str, site: Site, *arguments: str) -> str:
    """Run the installed command in a site's folder; nothing of the checkout is in reach."""
    done = subprocess.run(
        [command, *arguments],
        cwd=site.root,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), (arguments, done.stderr)
    return done.stdout


def test_the_wheel_holds_the_package_and_its_templates_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"syndicate"}
    held = {name.removeprefix("syndicate/templates/") for name in names if name.startswith("syndicate/templates/")}
    assert held == {path.relative_to(REPO / "templates").as_posix() for path in (REPO / "templates").rglob("*.*")}
    ours = {path.relative_to(REPO).as_posix() for path in (REPO / "syndicate").rglob("*.py")}
    assert ours == {name for name in names if name.endswith(".py")}


def test_the_installed_wheel_does_its_whole_work_in_a_folder_elsewhere(command, tmp_path):
    site = Site(tmp_path / "elsewhere")
    site.config.unlink()
    for number in range(30):
        site.article(f"{number}.md", title=f"Note {number}", body="# A note\n\nText, ![](pot.png)")
    site.write("articles/pot.png", b"picture")
    assert "config.yaml" in run(command, site, "init", "articles")
    config = yaml.safe_load(site.config.read_text("utf-8"))
    site.configure({**config, "newsletters": [WEEKLY]})
    site.write("templates/pages/topic.html", "<!doctype html>my own page of {{ topic.label }}</html>")
    assert run(command, site, "build", "--now", NOW).startswith("published 6 feeds, 6 changed, ")
    assert run(command, site, "check", "--now", NOW) == "0 problems\n"
    assert run(command, site, "issue", "cut", "weekly", "--now", NOW).startswith("cut issue 1 of weekly with ")
    assert (site.output / "topics/tea/index.html").read_text() == "<!doctype html>my own page of Tea</html>"
    assert b"syndicate" in (site.output / "newsletters/weekly/1/index.html").read_bytes()
    assert run(command, site, "ledger", "export").startswith('{"syndicate_ledger": 4}\n')
    here = Site(tmp_path / "here")
    here.config.write_text(site.config.read_text("utf-8"), "utf-8")
    for path, data in tree(site.root / "articles").items():
        here.write(f"articles/{path}", data)
    here.write("templates/pages/topic.html", (site.root / "templates/pages/topic.html").read_bytes())
    assert here.command("issue", "cut", "weekly", "--now", NOW).returncode == 0
    assert here.tree() == site.tree(), "the checkout and the wheel make the same"


def test_the_installed_wheel_migrates_a_ledger_without_the_checkout(command, tmp_path):
    """Alembic reads the migrations from files, which a wheel could lack."""
    site = Site(tmp_path / "elsewhere")
    site.article("a.md")
    site.state.mkdir()
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
        "c.execute('CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)'); c.commit()"
    )
    subprocess.run([sys.executable, "-c", code, str(site.state / "ledger.sqlite")], check=True)
    assert run(command, site, "build", "--now", NOW).startswith("published 6 feeds, 6 changed, ")
    site.article("a.md", title="Changed")
    assert run(command, site, "build", "--now", NOW).startswith("published 6 feeds, 6 changed, ")
