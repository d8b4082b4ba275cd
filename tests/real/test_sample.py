"""660 articles of nine public sites, read as an independent reader reads them (shared/data/sample.all.json)."""

import html
import json
import re
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support import NOW, Once, Site, assert_feeds_parse, problems

# At these moments all 653 articles have been published, those that have expired since too.
MOMENTS = (NOW, "2024-12-31T00:00:00Z", "2024-09-01T00:00:00Z")

# Titles that differ from the oracle's, which leaves entities as they are written: no reader wants to see '&#8217;'.
TITLES = dict.fromkeys(
    (
        "18f/posts/2015-12-08-learning-how-to-build-a-better-front-door-for-the-federal-government.md",
        "digitalgov/news/2012/12/2012-12-17-sam-gov-usability-test-study.md",
        "digitalgov/news/2014/01/2014-01-02-fccs-speed-test-app.md",
        "digitalgov/news/2014/02/2014-02-25-trends-on-tuesday-six-new-changes-in-kids-media-habits.md",
        "digitalgov/news/2014/10/2014-10-02-no-more-beta-in-congress-govs-responsive-website.md",
        "digitalgov/news/2015/03/2015-03-11-the-api-briefing-fulfilling-the-desire-for-renewable-energy-with-the-department-of-energys-new-api.md",
        "digitalgov/news/2016/07/2016-07-20-the-data-briefing-preparedgo-the-federal-emergency-management-agency-mobile-app.md",
        "digitalgov/news/2016/07/2016-07-29-whats-all-the-fuss-around-customer-experience.md",
        "digitalgov/news/2016/11/2016-11-15-trends-on-tuesday-americans-digital-divide-on-tech-savviness-and-digital-learning.md",
    ),
    "the title holds HTML entities, which are decoded",
)

# Categories that differ from the oracle's.
CATEGORIES = {
    "digitalgov/news/2022/05/2022-05-19-finding-post-award-balance-with-quality-assurance.md": (
        "the same story as 2022/07/2022-07-14-…, which carries its topics"
    ),
}

# The keys of categories in the order in which the first that holds any counts.
CATEGORY_KEYS = ("categories", "category", "topics", "topic", "tags", "tag", "categorylabel")


@pytest.fixture(scope="module")
def sample(shared: Path, once: Once) -> Site:
    """A copy of the sample, built."""

    def make(folder: Path) -> None:
        site = Site(folder)
        shutil.copytree(shared / "data" / "sample", folder / "articles", dirs_exist_ok=True)
        done = site.command("build", "--json", "--now", NOW)
        assert (done.returncode, done.stderr) == (0, "")
        site.write("report.json", done.stdout)

    return Site(once("sample", make))


@pytest.fixture(scope="module")
def report(sample: Site) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((sample.root / "report.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def rows(sample: Site, report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What became of each file, by its path in the sample; published if it is so at any moment."""
    best: dict[str, dict[str, Any]] = {}
    for moment in MOMENTS:
        for path, row in sample.articles(moment).items():
            name = path.removeprefix("articles/")
            if name not in best or (best[name]["status"], row["status"]) == ("held", "published"):
                best[name] = row
    return best


@pytest.fixture(scope="module")
def oracle(shared: Path) -> dict[str, dict[str, Any]]:
    return {one["file"]: one for one in json.loads((shared / "data" / "sample.all.json").read_text("utf-8"))}


def test_every_file_of_the_sample_is_accounted_for(report, rows, oracle):
    assert set(rows) == {*oracle, "SOURCES.md"}
    assert Counter(row["status"] for row in rows.values()) == {
        "published": 652, "duplicate": 1, "skipped": 7, "rejected": 1,
    }  # fmt: skip
    counts = [report[key] for key in ("published", "held", "duplicates", "skipped", "rejected")]
    assert sum(counts) == report["files"] == 661
    assert counts == [515, 137, 1, 7, 1]


def test_what_is_no_article_of_the_sample_says_why(rows):
    skipped = {path: row["reason"] for path, row in rows.items() if row["status"] == "skipped"}
    assert skipped == dict.fromkeys(skipped, "section-page")
    assert all(path.endswith("/_index.md") for path in skipped)
    assert [(path, row["reason"]) for path, row in rows.items() if row["status"] == "rejected"] == [
        ("SOURCES.md", "no-front-matter")
    ]


def test_titles_of_the_sample_are_the_oracles(rows, oracle):
    found = {path: rows[path]["title"] for path in _articles(rows)}
    differ = {path for path in found if found[path] != oracle[path]["title"]}
    assert differ == set(TITLES)
    assert {path: found[path] for path in differ} == {path: html.unescape(oracle[path]["title"]) for path in differ}


def test_days_of_the_sample_are_the_oracles(rows, oracle):
    assert {path: rows[path]["published"] for path in _articles(rows)} == {
        path: _moment(oracle[path]["date"]) for path in _articles(rows)
    }


def test_categories_of_the_sample_are_the_oracles(rows, oracle):
    found = {path: [_qualified(topic) for topic in rows[path]["topics"]] for path in _articles(rows)}
    expected = {path: _categories(oracle[path]["cats"]) for path in found}
    assert {path for path in found if found[path] != expected[path]} == set(CATEGORIES)


def test_authors_of_the_sample_are_the_oracles_without_their_links(rows, oracle):
    found = {path: rows[path]["authors"] for path in _articles(rows)}
    assert found == {
        path: [re.sub(r"\[([^]]*)]\([^)]*\)", r"\1", author).strip() for author in oracle[path]["authors"]]
        for path in found
    }


def test_problems_of_the_sample_are_the_four_that_it_has(report):
    assert problems(report) == {
        ("articles/SOURCES.md", "no-front-matter"),
        (
            "articles/digitalgov/news/2014/06/2014-06-30-social-media-accessibility-issues-and-solutions.md",
            "repeated-key",
        ),
        ("articles/digitalgov/news/2020/04/2020-04-07-spring-cleaning-tips-for-web-content.md", "text-lost"),
        ("articles/jekyll/_posts/2023-01-29-jekyll-3-9-3-released.markdown", "bad-date"),
    }


def test_every_feed_of_the_sample_parses(sample, report):
    assert assert_feeds_parse(sample) == report["feeds"]["written"]


def test_every_address_in_a_feed_of_the_sample_is_absolute(sample):
    relative = re.compile(r"""<[a-z]+ [^>]*(?:href|src)="(?!https?://|mailto:|tel:)[^"]*""")
    feeds = [html.unescape(data.decode()) for path, data in sample.tree().items() if path.endswith(".xml")]
    assert [found for text in feeds for found in relative.findall(text)] == []


def test_translations_of_the_sample_share_a_slug_and_are_all_published(rows):
    translated = [path for path in rows if path.startswith("opentelemetry/") and "_index" not in path]
    languages = {row["language"] for path, row in rows.items() if path in translated}
    assert {"en", "es", "ja", "pt", "uk", "zh"} == languages
    assert {rows[path]["status"] for path in translated} == {"published"}


def _articles(rows: dict[str, dict[str, Any]]) -> list[str]:
    return [path for path, row in rows.items() if row["title"] is not None]


def _moment(text: str) -> str:
    """Return the oracle's date as the moment that it names; the site's zone is UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat().replace("+00:00", "Z")


def _qualified(topic: dict[str, Any]) -> str:
    return f"{topic['taxonomy']}: {topic['label']}" if topic["taxonomy"] else topic["label"]


def _categories(found: dict[str, list[str]]) -> list[str]:
    """Return the values below the first key that has any, each once."""
    lowered = {key.lower(): values for key, values in found.items()}
    return list(dict.fromkeys(next((lowered[key] for key in CATEGORY_KEYS if lowered.get(key)), [])))
