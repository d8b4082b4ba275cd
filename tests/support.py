"""What the tests of whole sites share: a site in a temporary folder, ways to run syndicate on it, and its output."""

import gc
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml
from click.testing import CliRunner, Result
from lxml import etree

from syndicate.cli.main import cli
from syndicate.errors import SyndicateError

REPO = Path(__file__).parent.parent
# A moment after all articles of these tests; every build names its moment, so that no test depends on the clock.
NOW = "2026-11-01T08:00:00Z"
CONFIG: dict[str, Any] = {
    "site": {"title": "The Test Gazette", "url": "https://gazette.example/"},
    "sources": [{"path": "articles"}],
}
COMMAND = (sys.executable, "-m", "syndicate")
Make = Callable[[Path], None]
Once = Callable[[str, Make], Path]
# The file system's clock moves in steps; a file is trusted to be unchanged only when it is older than this.
SETTLE_S = 0.05


def shared_folder() -> Path | None:
    """Return the folder of shared test data, or None: the project works without it."""
    places = [Path(os.environ["SYNDICATE_SHARED"])] if "SYNDICATE_SHARED" in os.environ else []
    places.append(REPO.parent / "shared")
    return next((place for place in places if (place / "data").is_dir()), None)


class Site:
    """A config and a folder of articles below `root`."""

    def __init__(self, root: Path, config: Mapping[str, Any] = CONFIG, **sections: Any) -> None:
        self.root = root
        self.config = root / "config.yaml"
        self.output = root / "output"
        self.state = root / ".syndicate"
        (root / "articles").mkdir(parents=True, exist_ok=True)
        self.configure({**config, **sections})

    def configure(self, config: Mapping[str, Any]) -> None:
        aside = self.config.with_name("config.yaml.new")
        aside.write_text(yaml.safe_dump(dict(config), allow_unicode=True, sort_keys=False), "utf-8")
        aside.replace(self.config)  # a server that runs sees the old one or the new one

    def write(self, relative: str, content: str | bytes) -> Path:
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def article(self, name: str, *, body: str = "Some text.", **front: Any) -> Path:
        """Write articles/NAME; what is not given gets a value, and None leaves a key out."""
        values = {"title": f"Title of {name}", "date": "2026-03-01", "categories": ["Tea"], **front}
        kept = {key: value for key, value in values.items() if value is not None}
        head = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)
        return self.write(f"articles/{name}", f"---\n{head}---\n{body}\n")

    def run(self, *arguments: str) -> Result:
        """Run a command in this process: fast, and any error but an exit code is the test's own."""
        result = CliRunner().invoke(cli, [*arguments, "--config", str(self.config)], catch_exceptions=False)
        gc.enable()  # a build turns it off for its own short life
        return result

    def say(self, *arguments: str) -> str:
        """Run a command in this process that ends well, and return what it prints."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refuse(self, *arguments: str) -> str:
        """Run a command in this process that ends with an error of ours, and return its message."""
        with pytest.raises(SyndicateError) as caught:
            self.run(*arguments)
        return str(caught.value)

    def command(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command as people do, in the site's folder."""
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.root,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    def build(self, *arguments: str, now: str = NOW) -> dict[str, Any]:
        """Build in this process and return the report."""
        result = self.run("build", "--json", "--now", now, *arguments)
        assert result.exit_code == 0, result.output
        report: dict[str, Any] = json.loads(result.stdout)
        return report

    def articles(self, now: str = NOW) -> dict[str, dict[str, Any]]:
        """Return what `articles --json` says of every file, by path."""
        result = self.run("articles", "--json", "--now", now)
        assert result.exit_code == 0, result.output
        return {row["path"]: row for row in map(json.loads, result.stdout.splitlines())}

    def feed(self, path: str) -> Any:
        """Return a feed as feedparser reads it, which must find nothing wrong."""
        parsed = feedparser.parse((self.output / path).read_bytes())
        assert not parsed.bozo, (path, parsed.get("bozo_exception"))
        return parsed

    def tree(self) -> dict[str, bytes]:
        return tree(self.output)


def tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder by its path, hidden ones too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files(folder)}


def files(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder, in order."""
    yield from sorted(path for path in folder.rglob("*") if not path.is_dir())


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    """Return the paths that were added, removed or changed."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def needs(found: object, hint: str) -> None:
    """Skip a test whose foreign program is not here, saying how to install it; in CI it must be here."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"missing in CI: {hint}")
    pytest.skip(hint)


def program(name: str, package: str) -> str:
    """Return the path of a foreign program that a Debian package brings."""
    path = shutil.which(name)
    needs(path, f"{name} is not here: apt-get install {package}")
    return str(path)


def settle() -> None:
    """Wait until the files written last are old enough to be trusted."""
    time.sleep(SETTLE_S)


def problems(report: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return path and reason of each problem in a report."""
    return {(problem["path"], problem["reason"]) for problem in report["problem_list"]}


def assert_whole(path: str, data: bytes) -> None:
    """Hold that a document of output/ is complete: XML parses, HTML ends."""
    if path.endswith((".xml", ".opml")):
        root = etree.fromstring(data)
        assert data.rstrip().endswith(f"</{etree.QName(root).localname}>".encode()), path
    elif path.endswith(".html"):
        assert data.rstrip().endswith(b"</html>"), path


def assert_feeds_parse(site: Site) -> int:
    """Hold that feedparser finds nothing wrong with any feed in XML, and that the others are JSON; returns how many."""
    paths = [path for path in site.tree() if path.endswith(".xml")]
    for path in paths:
        # Cleaning what it has parsed takes feedparser four times as long as parsing it, and finds no further fault.
        parsed = feedparser.parse((site.output / path).read_bytes(), sanitize_html=False, resolve_relative_uris=False)
        assert not parsed.bozo, (path, parsed.get("bozo_exception"))
    others = [path for path in site.tree() if path.endswith("/feed.json")]
    for path in others:
        feed = json.loads((site.output / path).read_bytes())
        assert feed["version"] == "https://jsonfeed.org/version/1.1", path
        assert all(item["id"] and ("content_html" in item or "content_text" in item) for item in feed["items"]), path
    return len(paths) + len(others)


ATOM = "{http://www.w3.org/2005/Atom}"


def entry_ids(site: Site) -> dict[str, dict[str, tuple[str, str]]]:
    """Return for each feed the title and `updated`, to the second, of its entries by id."""
    return {path: _entries(data) for path, data in site.tree().items() if path.endswith(".xml")}


def _entries(data: bytes) -> dict[str, tuple[str, str]]:
    root = etree.fromstring(data)
    names = (
        ("guid", "title", f"{ATOM}updated") if root.tag == "rss" else (f"{ATOM}id", f"{ATOM}title", f"{ATOM}updated")
    )
    rows = [[entry.findtext(name) for name in names] for entry in root.iter("item", f"{ATOM}entry")]
    # The fraction of the second is made from the id: it tells entries apart that were updated at once.
    return {str(identifier): (str(title), re.sub(r"\.\d{6}", "", str(updated))) for identifier, title, updated in rows}
