"""Real feed readers, each driven by its own command or call: what they read of a feed, and what they hold as new.

A reader takes the address of a feed and an empty folder for its state. What it doesn't offer is None.
"""

import email
import email.policy
import html
import json
import os
import re
import sqlite3
import subprocess
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from lxml import html as lxml_html
from support import REPO, needs, program

# Where .ci/run installs the readers that npm brings.
NODE_CLIENTS = Path(os.environ.get("SYNDICATE_NODE_CLIENTS", REPO / ".venv" / "clients"))
TIMEOUT_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An entry as a reader sees it; moments to the second, the text as words."""

    id: str
    title: str
    link: str
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    words: str | None = None


Reader = Callable[[str, Path], list[Read]]


def words(markup: str | None) -> str:
    """Return the words of HTML without its markup."""
    if not (markup or "").strip():
        return ""
    return " ".join(lxml_html.fromstring(f"<div>{markup}</div>").text_content().split())


def moment(text: str | None) -> datetime | None:
    """Return a moment as feeds write it (RFC 3339 or RFC 822), to the second."""
    if not text:
        return None
    found = datetime.fromisoformat(text) if re.match(r"\d{4}-", text) else parsedate_to_datetime(text)
    return found.astimezone(UTC).replace(microsecond=0)


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as response:
        data: bytes = response.read()
        return data


def run(command: list[str], folder: Path) -> str:
    """Run a reader with its home in the folder, and return what it prints."""
    home = {name: str(folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    env = {**os.environ, **home, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    env.pop("PYTHONPATH", None)  # rss2email is Python too, with libraries of its own
    done = subprocess.run(
        command, env=env, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout + done.stderr


# ---- newsboat --------------------------------------------------------------------------------


class Newsboat:
    """newsboat with one feed in its list."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        (folder / "conf").write_text("", "utf-8")
        (folder / "urls").write_text(f"{url}\n", "utf-8")

    def poll(self) -> None:
        run([program("newsboat", "newsboat"), "-C", "conf", "-u", "urls", "-c", "nb.db", "-x", "reload"], self.folder)

    def rows(self) -> list[dict[str, Any]]:
        with sqlite3.connect(self.folder / "nb.db") as connection:
            connection.row_factory = sqlite3.Row
            found = [dict(row) for row in connection.execute("select * from rss_item where deleted = 0")]
        connection.close()
        return found

    def count(self) -> int:
        return len(self.rows())


def newsboat(url: str, folder: Path) -> list[Read]:
    boat = Newsboat(url, folder)
    boat.poll()
    return [
        Read(
            id=row["guid"],
            title=row["title"],
            link=row["url"],
            published=datetime.fromtimestamp(row["pubDate"], UTC),
            authors=(row["author"],),
            words=words(row["content"]),
        )
        for row in boat.rows()
    ]


# ---- rss2email -------------------------------------------------------------------------------

RSS2EMAIL = """[DEFAULT]
from = bot@gazette.example
to = me@gazette.example
email-protocol = maildir
maildir-path = {folder}/mail
maildir-mailbox = inbox
html-mail = True
date-header = True
name-format = {{author}}
"""


class Rss2email:
    """rss2email that follows one feed and delivers into a maildir."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        (folder / "mail").mkdir()
        (folder / "cfg").write_text(RSS2EMAIL.format(folder=folder), "utf-8")
        self.command = [program("r2e", "rss2email"), "-c", "cfg", "-d", "db.json"]
        run([*self.command, "add", "feed", url], folder)

    def poll(self) -> None:
        said = run([*self.command, "-VV", "run"], self.folder)
        assert "Traceback" not in said, said

    def mails(self) -> list[email.message.EmailMessage]:
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # type: ignore[arg-type]
            for path in sorted((self.folder / "mail").rglob("new/*"))
        ]

    def count(self) -> int:
        return len(self.mails())


def rss2email(url: str, folder: Path) -> list[Read]:
    box = Rss2email(url, folder)
    box.poll()
    return [_mailed(mail) for mail in box.mails()]


def _mailed(mail: email.message.EmailMessage) -> Read:
    tags = mail["X-RSS-TAGS"]
    body = mail.get_content()
    return Read(
        id=str(mail["X-RSS-ID"]),
        title=str(mail["Subject"]),
        link=str(mail["X-RSS-URL"]),
        updated=parsedate_to_datetime(mail["Date"]).astimezone(UTC),  # it prefers the moment of the update
        authors=tuple(address.display_name for address in mail["From"].addresses),
        categories=tuple(tags.split(",")) if tags else (),
        words=words(re.sub(r"(?s)^.*?<div id=\"body\">|</div>\s*<div class=\"footer\">.*$", "", body)),
    )


# ---- sfeed -----------------------------------------------------------------------------------


def sfeed(url: str, folder: Path) -> list[Read]:
    """sfeed_update writes a line of tab-separated fields for each entry."""
    (folder / "sfeedrc").write_text(f'sfeedpath="{folder}/feeds"\nfeeds() {{\n\tfeed it "{url}"\n}}\n', "utf-8")
    run([program("sfeed_update", "sfeed curl"), str(folder / "sfeedrc")], folder)
    lines = (folder / "feeds" / "it").read_text("utf-8").split("\n")
    return [_tabbed(line.split("\t")) for line in lines if line]


def _tabbed(fields: list[str]) -> Read:
    time, title, link, content, kind, identifier, author, _, categories = fields
    body = re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), content)
    return Read(
        id=identifier,
        title=title,
        link=link,
        published=datetime.fromtimestamp(int(time), UTC),
        authors=(author,),
        categories=tuple(categories.split("|")) if categories else (),
        words=words(body if kind == "html" else html.escape(body)),
    )


# ---- Python libraries ------------------------------------------------------------------------


def _imported(name: str) -> Any:
    try:
        return __import__(name)
    except ImportError:
        needs(False, f"{name} is not here: pip install '.[clients]'")
        raise AssertionError from None


class ReaderLibrary:
    """The library called reader, with one feed."""

    def __init__(self, url: str, folder: Path) -> None:
        self.library = _imported("reader").make_reader(str(folder / "reader.sqlite"))
        self.library.add_feed(url)
        self.last: Any = None

    def poll(self) -> None:
        (self.last,) = self.library.update_feeds_iter(scheduled=False)
        assert self.library.get_feeds().__next__().last_exception is None
        assert not isinstance(self.last.value, Exception), self.last

    def count(self) -> int:
        total: int = self.library.get_entry_counts().total
        return total


def reader(url: str, folder: Path) -> list[Read]:
    followed = ReaderLibrary(url, folder)
    followed.poll()
    return [
        Read(
            id=entry.id,
            title=entry.title,
            link=entry.link,
            published=_second(entry.published),
            updated=_second(entry.updated),
            authors=tuple(author.name for author in entry.authors),
            words=words(entry.get_content(prefer_summary=False).value) if entry.get_content() else "",
        )
        for entry in followed.library.get_entries()
    ]


def _second(found: datetime | None) -> datetime | None:
    return found.replace(microsecond=0) if found else None


def feedparser(url: str, folder: Path) -> list[Read]:
    parsed = _imported("feedparser").parse(url)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [_parsed(entry) for entry in parsed.entries]


def fastfeedparser(url: str, folder: Path) -> list[Read]:
    return [_parsed(entry) for entry in _imported("fastfeedparser").parse(url).entries]


def _parsed(entry: Any) -> Read:
    content = entry.get("content")
    return Read(
        id=entry["id"],
        title=entry["title"],
        link=entry["link"],
        published=moment(entry.get("published")),
        updated=moment(entry.get("updated")),
        authors=tuple(author["name"] for author in entry.get("authors", [])),
        categories=tuple(tag.get("label") or tag["term"] for tag in entry.get("tags") or []),
        words=words(content[0]["value"] if content else entry.get("summary") or entry.get("description")),
    )


# ---- node libraries --------------------------------------------------------------------------


def _by_node(name: str, url: str) -> list[Read]:
    needs((NODE_CLIENTS / "node_modules" / name).is_dir(), f"{name} is not here: npm install --prefix {NODE_CLIENTS}")
    command = [program("node", "nodejs"), str(REPO / "tests" / "read_feed.cjs"), name, str(NODE_CLIENTS)]
    done = subprocess.run(command, input=fetched(url), capture_output=True, timeout=TIMEOUT_S, check=True)
    answer = json.loads(done.stdout)
    return [
        Read(
            id=one["id"],
            title=one["title"],
            link=one["link"],
            published=moment(one["published"]),
            updated=moment(one.get("updated")),
            authors=tuple(one["authors"]),
            categories=tuple(one["categories"]) if one.get("categories") is not None else None,
            words=words(one["html"]),
        )
        for one in answer["entries"]
    ]


def feedsmith(url: str, folder: Path) -> list[Read]:
    return _by_node("feedsmith", url)


def rss_parser(url: str, folder: Path) -> list[Read]:
    return _by_node("rss-parser", url)


CLIENTS: tuple[Reader, ...] = (
    newsboat, rss2email, sfeed, reader, feedparser, fastfeedparser, feedsmith, rss_parser,
)  # fmt: skip
POLLERS: tuple[Any, ...] = (Newsboat, Rss2email, ReaderLibrary)


# ---- Lists of feeds ----------------------------------------------------------------------------


def imported_by_newsboat(opml: Path, folder: Path) -> list[str]:
    """Return the addresses that newsboat follows after it has imported a list of feeds."""
    for name in ("conf", "urls"):
        (folder / name).write_text("", "utf-8")
    run([program("newsboat", "newsboat"), "-C", "conf", "-u", "urls", "-c", "nb.db", "-i", str(opml)], folder)
    return [line.split()[0] for line in (folder / "urls").read_text("utf-8").splitlines()]


def imported_by_rss2email(opml: Path, folder: Path) -> list[str]:
    (folder / "cfg").write_text(RSS2EMAIL.format(folder=folder), "utf-8")
    command = [program("r2e", "rss2email"), "-c", "cfg", "-d", "db.json"]
    run([*command, "opmlimport", str(opml)], folder)
    return re.findall(r"\((\S+) -> ", run([*command, "list"], folder))


def imported_by_sfeed(opml: Path, folder: Path) -> list[str]:
    done = subprocess.run(
        [program("sfeed_opml_import", "sfeed")], input=opml.read_bytes(), capture_output=True, check=True
    )
    return re.findall(r"(?m)^\tfeed '[^']*' '([^']*)'$", done.stdout.decode())


IMPORTERS: tuple[Callable[[Path, Path], list[str]], ...] = (
    imported_by_newsboat, imported_by_rss2email, imported_by_sfeed,
)  # fmt: skip
