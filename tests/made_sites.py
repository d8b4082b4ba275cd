"""Whole sites that several tests look at, each built once by the command line: nasty, sample and generated."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nasty_site import write_articles
from support import CONFIG, NOW, Once, Site

MADE = ("nasty", "sample", "generated")


def _nasty(site: Site, shared: Path) -> None:
    write_articles(site)


def _sample(site: Site, shared: Path) -> None:
    shutil.copytree(shared / "data" / "sample", site.root / "articles", dirs_exist_ok=True)


def _generated(site: Site, shared: Path) -> None:
    generator = str(shared / "tools" / "gen_seedlike.py")
    options = ["-n", "10000", "--mess", "0.3", "--seed", "11", "--now", NOW]
    subprocess.run([sys.executable, generator, str(site.root / "made"), *options], check=True, capture_output=True)
    shutil.rmtree(site.root / "articles")
    (site.root / "made" / "content").rename(site.root / "articles")


_MAKERS = {"nasty": _nasty, "sample": _sample, "generated": _generated}


def made_site(name: str, once: Once, request: pytest.FixtureRequest) -> Path:
    """Return the output folder of a site; it is served at the address that CONFIG names."""
    shared = Path() if name == "nasty" else request.getfixturevalue("shared")

    def make(folder: Path) -> None:
        site = Site(folder, CONFIG)
        _MAKERS[name](site, shared)
        done = site.command("build", "--json", "--now", NOW)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["feeds"]["written"] > 0

    return once(f"made-{name}", make) / "output"
