"""What an article is known by in feeds survives every rename, and `updated` moves with its meaning alone."""

import json
import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from support import CONFIG, NOW, Site, entry_ids

from syndicate.domain.articles import Status
from syndicate.domain.identity import reconcile
from syndicate.domain.moments import from_text
from syndicate.wiring import load_app

LATER = "2026-12-01T08:00:00Z"
SITE_URL_MOVED = {
    **CONFIG,
    "site": {"title": "The Test Gazette", "url": "https://moved.example/blog/", "id": "https://gazette.example/"},
}


def curated(**changed: Any) -> dict[str, Any]:
    """Return the front matter of an article like the seed's."""
    front = {
        "title": "Kettles",
        "date": "2026-03-01",
        "categories": ["Field: Tea"],
        "basePath": "/news/",
        "slug": "kettles",
        "link": {"href": "https://source.example/kettles", "brand": "source.example"},
    }
    return {**front, **changed}


def plain(**changed: Any) -> dict[str, Any]:
    """Return the front matter of an article that has nothing but a title and a day."""
    return {"title": "Kettles", "date": "2026-03-01", "categories": ["Field: Tea"], **changed}


KINDS = {"curated": curated, "numbered": lambda **changed: {**plain(**changed), "id": 16852}, "plain": plain}
BODY = "All about kettles.\n\nAnd more."


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Any:
    return KINDS[request.param]


def ids(site: Site) -> dict[str, str]:
    """Return `updated` of every entry in any feed by id; all feeds agree on it."""
    found: dict[str, str] = {}
    for entries in entry_ids(site).values():
        for identifier, (_, updated) in entries.items():
            assert found.setdefault(identifier, updated) == updated
    return found


def start(site: Site, kind: Any) -> dict[str, str]:
    site.article("kettles.md", body=BODY, **kind())
    site.article("other.md", title="Other", body="Something else.")
    site.build()
    found = ids(site)
    assert len(found) == 2
    return found


def test_a_renamed_file_keeps_its_id(site, kind):
    before = start(site, kind)
    (site.root / "articles/kettles.md").rename(site.root / "articles/2026-pots.md")
    site.build(now=LATER)
    assert ids(site) == before


def test_a_file_that_moves_to_another_folder_keeps_its_id(site, kind):
    before = start(site, kind)
    (site.root / "articles/deep/er").mkdir(parents=True)
    (site.root / "articles/kettles.md").rename(site.root / "articles/deep/er/kettles.md")
    site.build(now=LATER)
    assert ids(site) == before


def test_another_slug_keeps_the_id(site, kind):
    before = start(site, kind)
    site.article("kettles.md", body=BODY, **kind(slug="pots-and-kettles", aliases=["/news/kettles"]))
    site.build(now=LATER)
    assert ids(site) == before


def test_another_category_keeps_the_id(site, kind):
    before = start(site, kind)
    site.article("kettles.md", body=BODY, **kind(categories=["Field: Coffee", "Tea"]))
    site.build(now=LATER)
    assert ids(site) == before
    assert len(site.feed("topics/field-coffee/rss.xml").entries) == 1


def test_another_title_keeps_the_id_and_moves_updated(site, kind):
    before = start(site, kind)
    site.article("kettles.md", body=BODY, **kind(title="Kettles and pots"))
    site.build(now=LATER)
    after = ids(site)
    assert after.keys() == before.keys()
    assert sorted(after[one] for one in after if after[one] != before[one]) == ["2026-12-01T08:00:00+00:00"]


@pytest.mark.parametrize(
    ("changes", "body"),
    [({"summary": "Now with a summary."}, BODY), ({"author": "Ann"}, BODY), ({}, "All about pots.")],
    ids=["summary", "author", "text"],
)
def test_another_meaning_keeps_the_id_and_moves_updated_once(site, kind, changes, body):
    before = start(site, kind)
    site.article("kettles.md", body=body, **kind(**changes))
    site.build(now=LATER)
    after = ids(site)
    assert after.keys() == before.keys()
    assert "2026-12-01T08:00:00+00:00" in after.values()
    site.build("--full", now="2027-01-01T00:00:00Z")
    assert ids(site) == after


def test_the_stated_moment_of_an_update_counts_if_it_lies_between(site):
    before = start(site, curated)
    site.article("kettles.md", body=BODY, **curated(title="Kettles and pots", lastMod="2026-11-20T10:00:00Z"))
    site.build(now=LATER)
    moved = set(ids(site).items()) - set(before.items())
    assert [updated for _, updated in moved] == ["2026-11-20T10:00:00+00:00"]


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({}, BODY.replace("\n", "\r\n")),
        ({}, BODY.replace(" ", "  ") + "\n\n\n"),
        ({"tags": ["new"]}, BODY),
        ({"image": "https://pictures.example/a.png"}, BODY),
        ({"lastMod": "2026-11-20T10:00:00Z"}, BODY),
        ({"unknown": "key"}, BODY),
        ({"title": " Kettles "}, BODY),
    ],
    ids=["crlf", "spaces", "tags", "picture", "lastMod", "unknown key", "spaces in the title"],
)
def test_what_changes_no_meaning_moves_no_updated(site, kind, changes, body):
    before = start(site, kind)
    site.article("kettles.md", body=body, **kind(**changes))
    site.build(now=LATER)
    assert ids(site) == before


def test_a_site_that_moves_to_another_address_keeps_its_ids(site, kind):
    before = start(site, kind)
    feed_id = site.feed("all/atom.xml").feed.id
    site.configure({**CONFIG, "site": {**CONFIG["site"], "url": "https://moved.example/blog/"}})
    site.build(now=LATER)
    assert ids(site) == before
    assert site.feed("all/atom.xml").feed.id == feed_id


def test_a_fresh_machine_gives_the_same_ids(site, kind, tmp_path):
    before = start(site, kind)
    fresh = Site(tmp_path / "fresh")
    shutil.copytree(site.root / "articles", fresh.root / "articles", dirs_exist_ok=True)
    fresh.build(now=LATER)
    assert ids(fresh) == before


def test_a_fresh_machine_knows_the_old_address_from_the_config(site, kind, tmp_path):
    before = start(site, kind)
    fresh = Site(tmp_path / "fresh", SITE_URL_MOVED)
    shutil.copytree(site.root / "articles", fresh.root / "articles", dirs_exist_ok=True)
    fresh.build()
    assert ids(fresh) == before


def test_a_copy_with_an_earlier_day_takes_over_the_id_that_readers_know(site):
    before = start(site, lambda: {**curated(), "id": 1})
    site.article("copy.md", body=BODY, **{**curated(date="2026-02-01"), "id": 2})
    site.build(now=LATER)
    assert site.articles()["articles/kettles.md"]["duplicate_of"] == "articles/copy.md"
    assert ids(site) == before
    (site.root / "articles/copy.md").unlink()
    site.build(now=LATER)
    assert ids(site) == before


def test_two_articles_that_change_places_keep_their_ids(site):
    site.article("a.md", title="A", body="Text of A.")
    site.article("b.md", title="B", body="Text of B.")
    site.build()
    before = entry_ids(site)
    for old, new in (("a", "x"), ("b", "a"), ("x", "b")):
        (site.root / f"articles/{old}.md").rename(site.root / f"articles/{new}.md")
    site.build(now=LATER)
    assert entry_ids(site) == before


def test_an_article_that_is_held_and_comes_back_keeps_its_id(site, kind):
    before = start(site, kind)
    site.article("kettles.md", body=BODY, **kind(draft=True))
    site.build(now=LATER)
    assert len(ids(site)) == 1
    site.article("kettles.md", body=BODY, **kind())
    site.build(now="2027-01-01T00:00:00Z")
    assert ids(site) == before


def test_an_article_without_anything_in_common_is_another_one(site):
    before = start(site, plain)
    (site.root / "articles/kettles.md").unlink()
    site.article("bread.md", title="Bread", body="All about bread.")
    site.build(now=LATER)
    assert len(ids(site).keys() & before.keys()) == 1


def test_feeds_keep_the_address_of_a_topic_that_is_written_otherwise(site):
    site.article("a.md", categories=["C++ & Co"])
    site.build()
    folder = site.articles()["articles/a.md"]["topics"][0]["slug"]
    site.article("a.md", categories=["c++  &  co"])
    site.build(now=LATER)
    assert site.articles()["articles/a.md"]["topics"][0]["slug"] == folder


def test_the_moment_that_a_build_names_is_the_one_that_counts(site):
    site.article("a.md", title="A")
    site.build(now="2026-05-01T00:00:00Z")
    site.article("a.md", title="B")
    site.build(now=NOW)
    assert set(ids(site).values()) == {"2026-11-01T08:00:00+00:00"}


def shuffled_history(site: Site, seed: int) -> None:
    """Write, copy, hold and remove articles of two stories over six builds, so that they are hard to tell apart."""
    chance = random.Random(seed)
    for _ in range(6):
        for name in ("a", "b", "c", "d", "e"):
            if chance.random() < 0.2:
                (site.root / f"articles/{name}.md").unlink(missing_ok=True)
                continue
            site.article(
                f"{name}.md",
                title=chance.choice(["Kettles", "Loaves"]),
                link=f"https://source.example/{chance.choice('xy')}",
                date=chance.choice(["2026-03-01", "2026-04-01", "2027-01-01"]),
                draft=chance.random() < 0.25,
            )
        site.build()


@pytest.mark.parametrize("seed", [4, 27, 59])
def test_the_order_in_which_a_ledger_lists_what_it_knows_decides_nothing(site, seed):
    shuffled_history(site, seed)
    with load_app(site.config).open() as opened:
        snapshot = opened.snapshot(from_text(NOW), lambda what, done, total: None)
        known = opened.ledger.identities()
    files = [file for file in snapshot.collection.files if file.article]
    held = [file.article for file in files if file.article and file.status is Status.HELD]
    found = [
        reconcile(snapshot.collection.articles, order, snapshot.namespace, from_text(NOW), held=held).by_article
        for order in (known, known[::-1], sorted(known, key=lambda one: one.id))
    ]
    assert len(known) > len(files) / 2
    assert found[0] == found[1] == found[2]


# ---- The ledger as text and as a copy --------------------------------------------------------


def test_an_exported_and_imported_ledger_gives_the_same_bytes(site):
    start(site, curated)
    site.article("kettles.md", body=BODY, **curated(title="Kettles and pots"))
    site.build(now=LATER)
    before, text = site.tree(), site.root / "ledger.jsonl"
    exported = site.say("ledger", "export", str(text))
    rows = len(text.read_text("utf-8").splitlines()) - 1  # the first line says what it is
    assert exported == f"exported {rows} rows to {text}\n"
    shutil.rmtree(site.state)
    forgotten = site.build("--dry-run", now=LATER)
    assert forgotten["feeds"]["written"] > 0, "without the ledger nobody knows when the title changed"
    shutil.rmtree(site.state)
    assert site.say("ledger", "import", str(text)) == f"imported {rows} rows from {text}\n"
    report = site.build(now="2027-01-01T00:00:00Z")
    assert (report["feeds"]["written"], report["problems"]) == (0, 0)
    assert site.tree() == before
    assert site.say("ledger", "export") == text.read_text("utf-8")


def test_a_ledger_with_file_names_that_hold_line_separators_is_imported_again(site):
    for odd in ("\u2028", "\x85", "\x0b", '"', "\\"):
        site.article(f"a{odd}b.md", body=f"Text {odd!r}")
    site.build()
    text = site.write("ledger.jsonl", site.say("ledger", "export"))
    shutil.rmtree(site.state)
    assert site.say("ledger", "import", str(text)).startswith("imported 30 rows from ")
    assert site.say("ledger", "export") == text.read_text("utf-8")


def test_a_ledger_that_holds_something_is_replaced_only_when_told(site):
    start(site, curated)
    text = site.write("ledger.jsonl", site.say("ledger", "export"))
    ledger = site.state / "ledger.sqlite"
    assert site.refuse("ledger", "import", str(text)) == (
        f"{ledger}: holds articles already; add --replace to replace them"
    )
    assert site.say("ledger", "import", str(text), "--replace").startswith("imported ")


FIRST = '{"syndicate_ledger": 4}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": expected the text of 'ledger export', got nothing"),
        ("nonsense\n", ":1: expected a JSON object, got 'nonsense'"),
        ('{"a": 1}\n', f":1: expected {FIRST}, got '{{\"a\": 1}}'"),
        (f"{FIRST}\n[]\n", ":2: expected a JSON object, got '[]'"),
        (f'{FIRST}\n{{"table": "identity", "id": 3}}\n',
         ":2: expected a row of the ledger, got '{\"table\": \"identity\", \"id\": 3}'"),
    ],
)  # fmt: skip
def test_a_ledger_text_that_is_none_is_refused_with_its_line_and_changes_nothing(site, text, message):
    start(site, curated)
    before = site.say("ledger", "export")
    file = site.write("ledger.jsonl", text)
    assert site.refuse("ledger", "import", str(file), "--replace") == f"{file}{message}"
    assert site.say("ledger", "export") == before


def test_values_that_a_ledger_can_not_hold_are_refused_and_change_nothing(site):
    start(site, curated)
    before = site.say("ledger", "export")
    for old, new in (('"first_seen": "2026', '"first_seen": "soon'), ('"position": 0', '"position": {}')):
        assert old in before
        file = site.write("ledger.jsonl", before.replace(old, new))
        assert site.refuse("ledger", "import", str(file), "--replace").startswith(f"{file}:")
    assert site.say("ledger", "export") == before


def test_a_backup_of_the_ledger_opens_and_holds_the_same(site):
    before = start(site, curated)
    copy = site.root / "copy.sqlite"
    assert site.say("ledger", "backup", str(copy)) == f"backed up the ledger to {copy}\n"
    assert dump(copy) == dump(site.state / "ledger.sqlite")
    shutil.rmtree(site.state)
    site.state.mkdir()
    copy.rename(site.state / "ledger.sqlite")
    site.build(now=LATER)
    assert ids(site) == before


def test_exported_rows_are_json_in_a_fixed_order(site):
    start(site, curated)
    text = site.say("ledger", "export")
    rows = [json.loads(line) for line in text.splitlines()]
    assert rows[0] == {"syndicate_ledger": 4}
    assert {row["table"] for row in rows[1:]} == {
        "setting",
        "identity",
        "identity_key",
        "topic",
        "feed",
        "archive",
        "reading_page",
    }
    known = [row["id"] for row in rows if row.get("table") == "identity"]
    assert known == sorted(known)
    assert text == site.say("ledger", "export")


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        lines = sorted(connection.iterdump())
    connection.close()
    return lines
