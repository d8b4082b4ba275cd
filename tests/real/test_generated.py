"""Articles of the seed's shape with 32 kinds of mess, against the truth that their generator writes."""

import html
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from support import CONFIG, Once, Site, assert_feeds_parse, problems

# The generator's own moment: what it calls a future article is after it.
GENERATED_AT = "2026-06-30T12:00:00Z"
# Short feeds, since parsing them takes most of the time of these tests.
CONTENT = {**CONFIG, "sources": [{"path": "content"}], "feeds": {"limit": 15}}
# An address in a body that only its own page could make sense of.
RELATIVE = re.compile(r"""<[a-z]+ [^>]*(?:href|src)="(?!https?://|mailto:|tel:)""")
# The kinds of mess for which the truth says that a reader may choose; what this one does with them.
NO_DATE = {
    "missing_date": "lastMod is given and used, and a problem says so",
    "date_bad": "likewise",
}
CHOICES = {
    **NO_DATE,
    "list_date": "the single item of the list is the date",
    "no_title": "the title is taken from openGraphMetaData.ogtitle, which holds it",
    "category_null": "tags are the topics of an article without categories, as on sites that have tags only",
}


class Generated:
    """A generated site, built: what its files are in truth, and what became of them."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder, CONTENT)
        self.truth: dict[str, Any] = json.loads((folder / "truth.json").read_text("utf-8"))
        self.report: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
        lines = (folder / "rows.jsonl").read_text("utf-8").splitlines()
        self.rows = {row["path"]: row for row in map(json.loads, lines)}
        self.problems = problems(self.report)

    def of(self, kind: str, *lists: str) -> list[dict[str, Any]]:
        """Return the truth's records of a kind of mess."""
        lists = lists or ("articles", "rejected_files", "excluded_files")
        return [one for name in lists for one in self.truth[name] if one["mess"] == kind]

    def status(self, record: dict[str, Any]) -> tuple[str, str | None]:
        row = self.rows[f"content/{record['file']}"]
        return row["status"], row["reason"]


def generate(shared: Path, folder: Path, number: int, seed: int, *arguments: str) -> None:
    """Generate a site and build it."""
    generator = str(shared / "tools" / "gen_seedlike.py")
    options = ["-n", str(number), "--mess", "0.3", "--seed", str(seed), "--now", GENERATED_AT, *arguments]
    subprocess.run([sys.executable, generator, str(folder), *options], check=True, capture_output=True)
    site = Site(folder, CONTENT)
    for name, command in {"report.json": "build", "rows.jsonl": "articles"}.items():
        done = site.command(command, "--json", "--now", GENERATED_AT)
        assert (done.returncode, done.stderr) == (0, "")
        site.write(name, done.stdout)


@pytest.fixture(scope="module", params=[1, 2])
def generated(request: pytest.FixtureRequest, shared: Path, once: Once) -> Generated:
    seed = request.param
    return Generated(once(f"generated-{seed}", lambda folder: generate(shared, folder, 600, seed, "--huge-kb", "64")))


@pytest.fixture(scope="module")
def large(shared: Path, once: Once) -> Generated:
    return Generated(once("generated-large", lambda folder: generate(shared, folder, 10_000, 7)))


def hold_accounts(one: Generated) -> None:
    report = one.report
    assert len(one.rows) == report["files"] == one.truth["files"]
    counts = Counter(row["status"] for row in one.rows.values())
    words = {"published": "published", "held": "held", "duplicate": "duplicates", "rejected": "rejected"}
    assert {word: counts[status] for status, word in words.items()} == {word: report[word] for word in words.values()}
    assert sum(report[word] for word in (*words.values(), "skipped")) == report["files"]
    assert report["problems"] == len(report["problem_list"])


def hold_rejected(one: Generated) -> None:
    expected = {f"content/{file['file']}": file["reason"] for file in one.truth["rejected_files"]}
    chosen = {f"content/{file['file']}" for file in one.of("no_title")}
    found = {path: row["reason"] for path, row in one.rows.items() if row["status"] == "rejected"}
    assert found == {path: reason for path, reason in expected.items() if path not in chosen}
    assert set(found.items()) <= one.problems
    for record in one.of("no_title"):
        assert one.status(record) == ("published", None)
        assert one.rows[f"content/{record['file']}"]["title"]


def hold_excluded(one: Generated) -> None:
    for record in one.truth["excluded_files"]:
        chosen = record["mess"] in CHOICES
        assert one.status(record) == (("published", None) if chosen else ("held", record["reason"])), record
    for kind in NO_DATE:
        for record in one.of(kind):
            row = one.rows[f"content/{record['file']}"]
            assert row["published"] == _moment(record["lastMod"]), record
            reason = "no-date" if kind == "missing_date" else "bad-date"
            assert (f"content/{record['file']}", reason) in one.problems
    assert not one.of("list_date", "rejected_files")


def hold_published(one: Generated) -> None:
    """Of articles with one source address and title the earliest is published and has the topics of all."""
    copies = defaultdict(list)
    for record in one.truth["articles"]:
        path = f"content/{record['file']}"
        copies[record["link"], record["title"]].append((one.rows[path]["published"], path, record))
    for group in copies.values():
        (_, original, record), *others = sorted(group, key=lambda member: member[:2])
        row = one.rows[original]
        assert one.status(record) == ("published", None), record
        for _, path, other in others:
            assert one.status(other) == ("duplicate", "same-story"), path
            assert one.rows[path]["duplicate_of"] == original
        named = [f"{one['taxonomy']}: {one['label']}" if one["taxonomy"] else one["label"] for one in row["topics"]]
        expected = {name for *_, other in group for name in other["categories"]}
        assert sorted(named) == (sorted(expected) or ["News"]), record
        if record["mess"] not in ("html_title", "title_number"):
            assert row["title"] == " ".join(record.get("title_clean", record["title"]).split())
        assert row["authors"] == record["author"]
        assert (row["source_url"], row["brand"]) == (record["link"].strip(), record["brand"])
    assert sum(len(group) - 1 for group in copies.values()) == one.report["duplicates"] > 0
    for record in one.of("duplicate_slug"):
        rivals = {f"content/{record['file']}", f"content/{record['duplicate_of']}"}
        both_published = {one.rows[rival]["status"] for rival in rivals} == {"published"}
        assert bool({(rival, "same-page") for rival in rivals} & one.problems) == both_published, record


def hold_topics(one: Generated) -> None:
    """The articles that the table of topics counts are those that are listed with it, and none is empty."""
    listed = one.site.command("topics", "--json", "--now", GENERATED_AT)
    counts = {row["slug"]: row["articles"] for row in map(json.loads, listed.stdout.splitlines())}
    published = [row for row in one.rows.values() if row["status"] == "published"]
    assert counts == Counter(topic["slug"] for row in published for topic in row["topics"])
    folders = {path.split("/")[1] for path in one.site.tree() if path.startswith("topics/")}
    assert folders == set(counts)


def hold_clean_output(one: Generated) -> None:
    assert assert_feeds_parse(one.site) == one.report["feeds"]["written"]
    for path, data in one.site.tree().items():
        text = data.decode()
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text), path
        if path.endswith(".xml"):
            assert not RELATIVE.search(html.unescape(text)), path
            assert not re.search(r"(?i)<script|javascript:|onerror=|onload=|onclick=", html.unescape(text)), path


def _moment(text: str) -> str:
    return text.replace("+00:00", "Z")


HELD = [hold_accounts, hold_rejected, hold_excluded, hold_published, hold_topics, hold_clean_output]
NAMES = [hold.__name__ for hold in HELD]


@pytest.mark.parametrize("hold", HELD, ids=NAMES)
def test_600_messy_articles_end_as_their_truth_says(generated, hold):
    hold(generated)


@pytest.mark.real
@pytest.mark.parametrize("hold", HELD, ids=NAMES)
def test_10000_messy_articles_end_as_their_truth_says(large, hold):
    hold(large)
